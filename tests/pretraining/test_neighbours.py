from __future__ import annotations

from random import Random

import pytest
import spacy

from zh_report_facts.augment.replacement import replace
from zh_report_facts.pretraining import neighbours
from zh_report_facts.pretraining.neighbours import Neighbours, word_spans
from zh_report_facts.report import Report
from zh_report_facts.tokenizer.segmenters import JiebaSegmenter
from zh_report_facts.tokenizer.tokenizer import ReportTokenizer

VECTORS = {
    "服务": (1, 0),
    "照料": (9, 0.1),
    "服侍": (1, 0.2),
    "邻里": (0, 1),
    "街坊": (0.1, 1),
    "人": (1, 0),
}
TEXT = "邻里服务人数36人，\n邻里照 料。"


@pytest.fixture(scope="module")
def tokenizer():
    vocab = spacy.blank("zh").vocab
    vocab.reset_vectors(width=2)
    for word, vector in VECTORS.items():
        vocab.set_vector(word, vector)
    return ReportTokenizer(vocab, JiebaSegmenter())


def swapped(known, doc, share, random):
    replacements = known(doc, share, random)
    return replace(Report("", doc.text, (), ()), replacements).text


def test_words_of_several_characters_are_found(tokenizer):
    assert word_spans(tokenizer("邻里邻里服务人")) == [(0, 2), (2, 4), (4, 6)]


def test_the_nearest_words_take_a_words_place(tokenizer, monkeypatch):
    monkeypatch.setattr(neighbours, "NEIGHBOURS", 1)
    monkeypatch.setattr(neighbours, "PORTION", 1)
    text = swapped(Neighbours(tokenizer.vocab), tokenizer(TEXT), 1.0, Random(0))
    assert text == TEXT.replace("邻里", "街坊").replace("服务", "照料")


def test_a_word_is_no_neighbour_of_its_own_and_one_character_of_none(tokenizer):
    known = Neighbours(tokenizer.vocab)
    known.find({"服务", "人", "无此词"})
    assert known.known == {"服务": ["服侍", "照料", "街坊", "邻里"]}


def test_a_word_gives_way_everywhere_or_nowhere(tokenizer):
    known = Neighbours(tokenizer.vocab)
    doc = tokenizer("邻里" * 10)
    texts = [swapped(known, doc, 0.3, Random(seed)) for seed in range(400)]
    assert {text.count(text[:2]) for text in texts} == {10}
    assert 240 < texts.count(doc.text) < 320
    assert texts == [swapped(known, doc, 0.3, Random(seed)) for seed in range(400)]
    assert not known(doc, 0.0, Random(0))


def test_words_need_vectors():
    with pytest.raises(ValueError, match=r"name a table in initialize\.vectors"):
        Neighbours(spacy.blank("zh").vocab)
