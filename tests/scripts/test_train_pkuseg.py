"""The command that trains a pkuseg word segmenter."""

import re

import pytest
import spacy
import typer
from typer.testing import CliRunner

from scripts.train_pkuseg import main, read_words, score_words, train_pkuseg
from zh_report_facts.corpus import report_to_doc
from zh_report_facts.files import InputError
from zh_report_facts.notation import parse_report
from zh_report_facts.tokenizer.segmenters import JiebaSegmenter
from zh_report_facts.tokenizer.tokenizer import ReportTokenizer

needs_pkuseg = pytest.mark.usefixtures("pkuseg")


@pytest.fixture
def pkuseg():
    return pytest.importorskip("spacy_pkuseg", reason="spacy-pkuseg is not installed")


@pytest.fixture
def corpus(tmp_path):
    path = tmp_path / "reports.ann"
    path.write_text("[暖阳送餐]{P1}服务[36户]{C>P1}，投入[2万元]{M>P1}。\n" * 20, encoding="utf-8")
    return path


def words(source):
    nlp = spacy.blank("zh")
    nlp.tokenizer = ReportTokenizer(nlp.vocab, JiebaSegmenter())
    doc, _ = report_to_doc(nlp, parse_report(source, "report.ann"))
    return list(read_words(doc))


def test_words_are_cut_at_the_edges_of_spans():
    assert words("发放图书３ 册。\n走访老人") == [
        ["发放", "图书", "3", "册", "。"],
        ["走访", "老人"],
    ]
    # jieba has 走访 and 老人 as words; its own cuts stay.
    assert words("走[访老]{I1}人[2]{C>I1}[户]{C}") == [["走", "访", "老", "人", "2", "户"]]


def test_score_counts_words_with_both_edges_right():
    gold = [["发放", "图书", "3", "册"]]
    assert score_words(gold, gold) == 1
    assert score_words(gold, [["发放", "图", "书", "3", "册"]]) == pytest.approx(6 / 9)
    assert score_words(gold, [["发", "放图", "书3册"]]) == 0


@needs_pkuseg
def test_training_is_repeatable_and_learns(corpus, tmp_path):
    models = []
    for name in ("a", "b"):
        paragraphs, score = train_pkuseg(corpus, tmp_path / name)
        assert (paragraphs, score) == (18, 1.0)
        files = sorted((tmp_path / name).iterdir())
        assert [file.name for file in files] == ["features.msgpack", "weights.npz"]
        models.append([file.read_bytes() for file in files])
    assert models[0] == models[1]


@needs_pkuseg
def test_one_paragraph_is_too_few(tmp_path):
    (tmp_path / "one.ann").write_text("共[3人]{C}。\n", encoding="utf-8")
    with pytest.raises(InputError, match="one paragraph only"):
        train_pkuseg(tmp_path / "one.ann", tmp_path / "model")
    assert not (tmp_path / "model").exists()


@needs_pkuseg
def test_command(corpus, tmp_path):
    app = typer.Typer()
    app.command()(main)
    result = CliRunner().invoke(app, [str(corpus), str(tmp_path / "model"), "--epochs", "1"])
    assert result.exit_code == 0
    assert re.search(r"model: trained on 18 paragraphs, words F [\d.]+%", result.stdout)
    result = CliRunner().invoke(app, [str(tmp_path / "absent"), str(tmp_path / "model")])
    assert result.exit_code == 1
