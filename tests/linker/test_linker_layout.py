import numpy
import pytest
import spacy

from zh_report_facts.linker.layout import count_before, lay_out
from zh_report_facts.tokenizer.tokenizer import ReportTokenizer


@pytest.fixture(scope="module")
def tokenizer():
    return ReportTokenizer(spacy.blank("zh").vocab, None)


def test_entities_stand_on_the_rows_of_visible_tokens(tokenizer):
    doc = tokenizer("甲 有丙\n\n乙丁")
    names = {"甲": "PROGRAM", "丙": "COUNT", "乙": "ITEM", "丁": "MONEY"}
    entities = [(t.i, t.i + 1, names[t.text]) for t in doc if t.text in names]
    layout = lay_out(doc, entities)
    assert layout.labels == list(names.values())
    assert layout.starts.tolist() == [0, 2, 3, 4]
    assert layout.ends.tolist() == [1, 3, 4, 5]
    assert layout.where.tolist() == [0, 0, 1, 1]
    assert layout.edges.tolist() == [0, 3, 5]
    assert [layout.strings[norm] for norm in layout.norms.tolist()] == list("甲有丙乙丁")


@pytest.mark.parametrize("text", ["", "\n", "无"])
def test_a_text_may_have_no_entities(tokenizer, text):
    layout = lay_out(tokenizer(text), [])
    assert [len(part) for part in layout[3:]] == [0, 0, 0, 0]
    assert layout.edges[-1] == len(layout.norms) == len(text.strip())


def test_words_are_found_also_none(tokenizer):
    layout = lay_out(tokenizer("甲、乙，丙、丁"), [])
    assert numpy.flatnonzero(layout.find(["、", ","])).tolist() == [1, 3, 5]
    assert not layout.find(["和"]).any()


def test_the_words_of_rows_end_with_none(tokenizer):
    layout = lay_out(tokenizer("甲乙"), [])
    assert layout.words(numpy.array([1, 0, 2])).tolist() == [*layout.norms[::-1].tolist(), 0]


def test_the_first_entity_of_each_paragraph_is_marked(tokenizer):
    entities = [(0, 1, "PROGRAM"), (1, 2, "COUNT"), (3, 4, "ITEM")]
    layout = lay_out(tokenizer("甲丙\n乙"), entities)
    assert layout.first_of_paragraph().tolist() == [True, False, True]


def test_what_stands_before_a_place_is_counted():
    assert count_before(numpy.array([True, False, True])).tolist() == [0, 1, 1, 2]
    assert count_before(numpy.zeros(0, dtype=bool)).tolist() == [0]
