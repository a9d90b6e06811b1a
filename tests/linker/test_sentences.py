from __future__ import annotations

import numpy
import pytest
import spacy
from letters import find_letters

from zh_report_facts.linker.candidates import find_candidates
from zh_report_facts.linker.layout import lay_out
from zh_report_facts.linker.sentences import N_SENTENCE_FEATURES, count_in, describe_sentences
from zh_report_facts.tokenizer.tokenizer import ReportTokenizer

NAMES = {"甲": "PROGRAM", "乙": "PROGRAM", "丁": "ITEM"}


@pytest.fixture(scope="module")
def describe():
    """Features of the pair of a text's first head and last digit: own sentence, other, between."""
    tokenizer = ReportTokenizer(spacy.blank("zh").vocab, None)

    def describe(text):
        doc = tokenizer(text)
        entities = find_letters(doc, NAMES)
        pairs = find_candidates(doc, entities).pairs
        last = pairs[pairs[:, 1] == len(entities) - 1]
        features = describe_sentences(lay_out(doc, entities), last)
        assert features.shape == (len(last), N_SENTENCE_FEATURES)
        return features[last[:, 0].argmin()].tolist() if len(last) else None

    return describe


@pytest.mark.parametrize("text", ["", "甲", "3", "甲\n3"])
def test_a_text_without_pairs_has_no_features(describe, text):
    assert describe(text) is None


@pytest.mark.parametrize(
    ("one", "other"),
    [
        # A programme alone, one of two, one with a number beside it.
        ("开展甲。受益3。", "开展甲、乙。受益3。"),
        ("开展甲。受益3。", "开展甲2。受益3。"),
        # The first sentence and a later one, a programme and an item.
        ("开展甲。受益3。", "有丁2。开展甲。受益3。"),
        ("开展甲。受益3。", "开展丁。受益3。"),
    ],
)
def test_the_sentence_of_the_head_shows(describe, one, other):
    assert describe(one)[0] != describe(other)[0]


@pytest.mark.parametrize(
    ("one", "other"), [("甲。3。", "甲。乙3。"), ("甲。3。", "甲。2,3。"), ("甲3。", "甲。3。")]
)
def test_the_sentence_of_the_quantity_shows(describe, one, other):
    assert describe(one)[1] != describe(other)[1]


@pytest.mark.parametrize(
    ("one", "other"),
    [("甲。3。", "甲。无。3。"), ("甲。3。", "甲。乙。3。"), ("甲。3。", "甲。2。3。")],
)
def test_what_stands_between_shows(describe, one, other):
    assert describe(one)[2] != describe(other)[2]


def test_words_and_other_paragraphs_change_nothing(describe):
    bare = describe("甲。3。")
    assert describe("大力开展甲活动。受益人数达3人。") == bare
    assert describe("乙。2。\n甲。3。") == bare


def test_a_colon_ends_a_heading(describe):
    assert describe("甲:3。") == describe("甲。3。") != describe("甲,3。")


def test_what_is_marked_is_counted_in_each_sentence_up_to_three():
    sentence = numpy.array([0, 0, 1, 2, 2, 2, 2])
    flags = numpy.array([True, False, False, True, True, True, True])
    assert count_in(sentence, flags).tolist() == [1, 0, 3]
