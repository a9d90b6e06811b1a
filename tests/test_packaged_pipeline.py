"""The pipeline that `spacy project run all` has packaged, as its users load it."""

import subprocess
import sys
from pathlib import Path

import pytest
import spacy

from scripts.benchmark import MEGABYTE, fill, peak_memory
from zh_report_facts import PIPELINE
from zh_report_facts.corpus import annotated_files, read_reports

ROOT = Path(__file__).parent.parent
REPORTS = ROOT.parent / "shared" / "reports"

pytestmark = pytest.mark.skipif(
    not PIPELINE.exists(), reason="no packaged pipeline; `spacy project run all` makes one"
)


@pytest.mark.skipif(not REPORTS.exists(), reason="the real reports are not part of the project")
def test_real_reports_stay_above_the_floors(tmp_path):
    command = [sys.executable, "scripts/evaluate.py", "zh_report_facts", str(REPORTS)]
    command += ["--output", str(tmp_path / "metrics.json"), "--floors", "configs/floors.json"]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr


def test_a_wrapped_report_is_read_with_offsets_into_its_own_text():
    text = (ROOT / "corpus" / "sample" / "qinghe.txt").read_text(encoding="utf-8")
    doc = spacy.load("zh_report_facts")(text)
    assert doc.text == text
    found = {"".join(fact.quantity.text.split()): fact for fact in doc._.facts}
    assert found["612.4万元"].value == 6124000
    assert found["612.4万元"].unit == "CNY"
    assert ["".join(p.text.split()) for p in found["612.4万元"].programs] == ["困难残疾人生活补贴"]
    assert found["80元"].role == "BASELINE"
    assert found["6家"].role == "TARGET"


def test_a_text_of_one_megabyte_fits_into_one_gigabyte():
    corpus = annotated_files(ROOT / "corpus" / "test")
    texts = [report.text for _, report in read_reports(corpus)]
    # Beyond what the libraries take that happen to be installed, PyTorch above all, which a short
    # text needs as well; the pipeline's own environment takes 170 MB for it.
    short = peak_memory("zh_report_facts", texts[0])
    assert peak_memory("zh_report_facts", fill(texts, MEGABYTE)) - short < 1024 - 170
