"""The pipeline that `spacy project run all` has packaged, as its users load it."""

import subprocess
import sys
from pathlib import Path

import pytest
import spacy

from scripts.benchmark import MEGABYTE, MEMORY, measure
from zh_report_facts import PIPELINE

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
    sample = (ROOT / "corpus" / "sample" / "qinghe.txt").read_text(encoding="utf-8")
    text = (sample * 2000).encode()[:MEGABYTE].decode(errors="ignore")
    assert int(measure(MEMORY, "zh_report_facts", text)) < 1024 * 1024
