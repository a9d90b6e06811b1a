"""The corpus commands, and the functions under them."""

import json
import subprocess
import sys
from pathlib import Path

import pytest
import spacy
import typer
from thinc.api import Config

from scripts.check_corpus import check_corpus
from scripts.check_corpus import main as check_corpus_command
from scripts.convert import convert
from scripts.convert import main as convert_command
from scripts.describe_corpus import describe_corpus, format_figures
from scripts.describe_corpus import main as describe_corpus_command
from zh_report_facts.corpus import AnnotatedReports

ROOT = Path(__file__).parents[2]


@pytest.fixture
def corpus(tmp_path):
    folder = tmp_path / "corpus"
    folder.mkdir()
    (folder / "web-01.ann").write_text(
        "# 自拟\n[暖阳送餐]{P1}服务[36户]{C>P1,I1}[独居老人]{I1}。\n另有12户在册。\n",
        encoding="utf-8",
    )
    (folder / "web-02.ann").write_text("共[3人]{C}。\n", encoding="utf-8")
    return folder


@pytest.fixture
def config(tmp_path):
    Config(spacy.blank("zh").config).to_disk(tmp_path / "config.cfg")
    return tmp_path / "config.cfg"


@pytest.fixture
def run(capsys):
    """Run a command in this process; gives its exit status, its output and its errors."""

    def run(main, *arguments, **options):
        status, last = 0, ""
        try:
            main(*arguments, **options)
        except typer.Exit as done:
            status = done.exit_code
        except SystemExit as done:
            status, last = 1, f"{done.code}\n"
        output, errors = capsys.readouterr()
        return status, output.splitlines(), (errors + last).splitlines()

    return run


def test_check_lists_doubtful_places_and_passes(corpus, run):
    reports, errors, doubtful = check_corpus([corpus])
    place = f"{corpus / 'web-01.ann'}:3:3"
    assert (reports, errors) == (2, [])
    assert doubtful == [
        ("number left unmarked", f"{place}: number left unmarked: …另有【12户】在册。…")
    ]
    status, output, _ = run(check_corpus_command, [corpus])
    assert status == 0
    assert output[0] == doubtful[0][1]
    assert output[-1] == "2 sound reports, 0 errors, 1 places worth a second look"


def test_check_names_every_faulty_file_and_fails(corpus, tmp_path, run):
    (corpus / "bad-01.ann").write_text("共[3人]{C:GOAL}", encoding="utf-8")
    (corpus / "bad-02.ann").write_bytes("共三人".encode("gbk"))
    status, output, errors = run(check_corpus_command, [corpus, tmp_path / "none"])
    assert status == 1
    assert [error.split(": ")[0] for error in errors] == [
        f"{corpus / 'bad-01.ann'}:1:6",
        f"{corpus / 'bad-02.ann'}",
        f"{tmp_path / 'none'}",
    ]
    assert "12户" in output[0]


def test_convert_writes_what_the_reader_reads(corpus, tmp_path):
    nlp = spacy.blank("zh")
    output = tmp_path / "built" / "dev.spacy"
    counts, lost = convert(corpus, output, nlp)
    assert counts == {"reports": 2, "paragraphs": 3, "entities": 4, "links": 2}
    assert lost == []
    binary, source = list(AnnotatedReports(output)(nlp)), list(AnnotatedReports(corpus)(nlp))
    assert [e.reference.text for e in binary] == [e.reference.text for e in source]
    for one, other in zip(binary, source, strict=True):
        assert one.reference._.relations == other.reference._.relations
        assert one.reference.to_json()["ents"] == other.reference.to_json()["ents"]


def test_convert_is_deterministic(corpus, tmp_path):
    for name in ("a.spacy", "b.spacy"):
        convert(corpus, tmp_path / name, spacy.blank("zh"))
    assert (tmp_path / "a.spacy").read_bytes() == (tmp_path / "b.spacy").read_bytes()


def test_stored_reference_keeps_what_the_tokeniser_sets(corpus, tmp_path):
    nlp = spacy.blank("zh")
    plain = nlp.tokenizer

    def tokenize(text):
        doc = plain(text)
        for token in doc:
            token.norm_, token.lemma_, token.tag_ = "n", "词", f"T{token.i}"
        return doc

    nlp.tokenizer = tokenize
    convert(corpus, tmp_path / "dev.spacy", nlp)
    reference = next(AnnotatedReports(tmp_path / "dev.spacy")(nlp)).reference
    assert {(t.norm_, t.lemma_, t.tag_) for t in reference} == {
        ("n", "词", f"T{t.i}") for t in reference
    }


def test_convert_as_people_run_it(corpus, config, tmp_path):
    output = tmp_path / "dev.spacy"
    command = [sys.executable, str(ROOT / "scripts" / "convert.py")]
    arguments = [str(corpus), str(output), "--config", str(config)]
    done = subprocess.run(command + arguments, capture_output=True, encoding="utf-8", cwd=ROOT)
    assert done.returncode == 0, done.stderr
    assert done.stdout.splitlines()[-1] == (
        f"{output}: 2 reports, 3 paragraphs, 4 entities, 2 links, 0 spans lost"
    )


def test_convert_lists_lost_spans(corpus, tmp_path):
    _, lost = convert(corpus, tmp_path / "dev.spacy", spacy.blank("en"))
    assert len(lost) == 4
    assert lost[0].startswith(f"{corpus / 'web-01.ann'}:2:2: lost PROGRAM '暖阳送餐'")


@pytest.mark.parametrize("fault", ["no corpus", "no config", "broken report", "ending", "output"])
def test_convert_fails_in_one_line_and_leaves_nothing(corpus, config, tmp_path, run, fault):
    output = tmp_path / "out" / "dev.spacy"
    if fault == "no corpus":
        corpus = tmp_path / "none"
    elif fault == "no config":
        config = tmp_path / "none.cfg"
    elif fault == "broken report":
        (corpus / "web-02.ann").write_text("共[3人", encoding="utf-8")
    elif fault == "ending":
        output = tmp_path / "out" / "dev.bin"
    else:
        (tmp_path / "out").write_text("a file, not a folder")
    status, _, errors = run(convert_command, corpus, output, config)
    assert status == 1
    assert len(errors) == 1
    assert not output.exists()


def test_describe_lays_corpora_side_by_side(corpus):
    figures, lost = describe_corpus([corpus, corpus / "web-02.ann"], spacy.blank("zh"))
    assert lost == []
    assert figures[str(corpus)]["label"]["COUNT"] == 2
    assert figures[str(corpus)]["tokeniser"] == {"tokens": 27, "spans lost": 0}
    rows = [line.split() for line in format_figures(figures).splitlines()]
    assert ["COUNT", "2", "1"] in rows
    assert ["web", "2", "1"] in rows


def test_describe_command(corpus, config, tmp_path, run):
    _, output, _ = run(describe_corpus_command, [corpus], config, as_json=True)
    assert json.loads("\n".join(output))["corpora"][str(corpus)]["size"]["reports"] == 2
    assert any("PROGRAM" in line for line in run(describe_corpus_command, [corpus])[1])
    status, _, errors = run(describe_corpus_command, [tmp_path / "none"])
    assert status == 1
    assert "no such file or folder" in errors[0]
