"""The command that teaches the encoder of a config what a slower pipeline sees."""

import gzip
import re

import numpy
import pytest
import spacy
import typer
from tiny import CONFIG, TEXT
from typer.testing import CliRunner

pytest.importorskip("torch", reason='needs pip install -e ".[e5]"')
from scripts.teach_encoder import load_student, main, teach  # noqa: E402
from zh_report_facts.files import InputError  # noqa: E402

SETTINGS = """
[paths]
train = "{folder}/corpus"
reports = null
vectors = "{folder}/vectors"

[corpora]

[corpora.pretrain]
@readers = "zh_report_facts.PretrainingTexts.v1"
corpus = ${{paths.train}}
reports = ${{paths.reports}}
swapped = 0.4

[initialize]
vectors = ${{paths.vectors}}

[initialize.tokenizer]
pkuseg_model = null
"""


@pytest.fixture(scope="module")
def teacher(trained, tmp_path_factory):
    folder = tmp_path_factory.mktemp("teacher")
    trained.to_disk(folder)
    return folder


@pytest.fixture
def config(tmp_path):
    (tmp_path / "corpus").mkdir()
    for number, text in enumerate(TEXT.splitlines()):
        (tmp_path / "corpus" / f"{number}.ann").write_text(text + "\n", encoding="utf-8")
    nlp = spacy.blank("zh")
    nlp.vocab.reset_vectors(width=4)
    for number, word in enumerate(["食堂", "讲座", "讲堂", "邻里", "今年"]):
        nlp.vocab.set_vector(word, numpy.arange(4, dtype="f") % (number + 2))
    nlp.to_disk(tmp_path / "vectors")
    model = CONFIG.replace("[300,300,100,100]", "[300,300,100,100]\ninclude_static_vectors = true")
    (tmp_path / "student.cfg").write_text(model + SETTINGS.format(folder=tmp_path), "utf-8")
    return tmp_path / "student.cfg"


def run(*args):
    app = typer.Typer()
    app.command()(main)
    return CliRunner().invoke(app, list(map(str, args)))


def vectors(nlp):
    (rows,) = nlp.get_pipe("tok2vec").model.predict([nlp.make_doc(TEXT)])
    return rows


def test_a_student_comes_near_its_teacher(config, teacher, trained):
    nlp, texts = load_student(config, None, None)
    early = teach(nlp, texts, teacher, 10)
    late = teach(nlp, texts, teacher, 150)
    assert late < 0.5 * early
    wanted = vectors(trained)
    assert numpy.square(vectors(nlp) - wanted).sum() < 0.5 * wanted.var(axis=0).sum() * len(wanted)


def test_the_weights_can_be_started_from(config, teacher, tmp_path):
    (tmp_path / "more").mkdir()
    (tmp_path / "more" / "other.txt").write_text("街道新开食堂三家。\n", encoding="utf-8")
    output = tmp_path / "encoder.bin.gz"
    args = (config, teacher, output, "--reports", tmp_path / "more", "--steps", 3)
    result = run(*args)
    assert result.exit_code == 0, result.output
    assert re.search(r"leaves \d+\.\d% of the teacher's vectors unexplained", result.output)
    first = output.read_bytes()
    run(*args)
    assert output.read_bytes() == first
    nlp, _ = load_student(config, None, output)
    nlp.get_pipe("tok2vec").model.from_bytes(gzip.decompress(first))
    again, _ = load_student(config, None, output)
    assert (vectors(again) == vectors(nlp)).all()


@pytest.mark.parametrize("start", [b"no gzip", gzip.compress(b"no weights")])
def test_a_start_that_does_not_fit(config, teacher, tmp_path, start):
    (tmp_path / "start.bin.gz").write_bytes(start)
    result = run(config, teacher, tmp_path / "out.bin.gz", "--start", tmp_path / "start.bin.gz")
    assert result.exit_code == 1
    assert "start.bin.gz: holds no encoder of" in result.output
    assert not (tmp_path / "out.bin.gz").exists()


def test_a_teacher_of_another_width(config, teacher, tmp_path):
    config.write_text(config.read_text("utf-8").replace("width = 24", "width = 20"), "utf-8")
    result = run(config, teacher, tmp_path / "out.bin.gz")
    assert result.exit_code == 1
    assert "its token vectors are 24 wide and those of the encoder 20" in result.output


def test_a_config_without_vectors(config, teacher):
    text = config.read_text("utf-8").replace("vectors = ${paths.vectors}", "vectors = null")
    config.write_text(text, "utf-8")
    with pytest.raises(InputError, match=r"student\.cfg: .*; mend the config"):
        load_student(config, None, None)
