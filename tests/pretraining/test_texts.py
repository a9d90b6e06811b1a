from __future__ import annotations

import pytest
import spacy

from zh_report_facts.files import InputError
from zh_report_facts.pretraining.texts import LENGTH, make_pretraining_texts
from zh_report_facts.tokenizer.segmenters import JiebaSegmenter
from zh_report_facts.tokenizer.tokenizer import ReportTokenizer


@pytest.fixture
def corpus(tmp_path):
    folder = tmp_path / "corpus"
    folder.mkdir()
    (folder / "a.ann").write_text("[暖阳送餐]{P1}服务[36户]{C>P1}。\n", encoding="utf-8")
    return folder


def read(reader):
    return [doc.text for doc in reader(spacy.blank("zh"))]


def test_marks_are_left_out(corpus):
    assert read(make_pretraining_texts(corpus)) == ["暖阳送餐服务36户。"]


def test_other_reports_are_cut_and_shuffled(corpus, tmp_path):
    lines = [f"第{number}段" + "字" * 600 for number in range(40)]
    (tmp_path / "other.txt").write_text("\n\n".join(lines), encoding="utf-8")
    reader = make_pretraining_texts(corpus, tmp_path / "other.txt")
    first, second = read(reader), read(reader)
    assert first != second
    assert sorted(first) == sorted(second)
    assert sum(text.count("段") for text in first) == 40
    assert read(make_pretraining_texts(corpus, tmp_path / "other.txt")) == first


def test_parts_end_where_a_paragraph_does(corpus, tmp_path):
    wrapped = "\n".join(["字" * 40] * 15) + "。"
    (tmp_path / "other.txt").write_text("\n\n".join([wrapped] * 4), encoding="utf-8")
    _, *parts = sorted(read(make_pretraining_texts(corpus, tmp_path / "other.txt")), key=len)
    assert [len(part) <= LENGTH for part in parts] == [True] * 4
    assert [part.strip() for part in parts] == [wrapped] * 4


def test_white_space_is_no_text(corpus, tmp_path):
    (tmp_path / "other.txt").write_text("一段。" + "\n" * 3 * LENGTH, encoding="utf-8")
    assert len(read(make_pretraining_texts(corpus, tmp_path / "other.txt"))) == 2


def test_other_words_come_at_each_pass(corpus):
    nlp = spacy.blank("zh")
    nlp.tokenizer = ReportTokenizer(nlp.vocab, JiebaSegmenter())
    nlp.vocab.reset_vectors(width=1)
    for word in ("暖阳", "送餐", "服务", "晨光"):
        nlp.vocab.set_vector(word, [1])
    passes = []
    for _ in range(2):
        reader = make_pretraining_texts(corpus, swapped=1.0)
        passes.append([doc.text for _ in range(20) for doc in reader(nlp)])
    assert passes[0] == passes[1]
    assert len(set(passes[0])) > 5
    assert all(text.endswith("36户。") for text in passes[0])


def test_missing_reports_are_named(corpus, tmp_path):
    with pytest.raises(InputError, match=r"none\.txt"):
        read(make_pretraining_texts(corpus, tmp_path / "none.txt"))
