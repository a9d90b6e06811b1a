import numpy
import pytest
import spacy
from spacy.strings import StringStore

from zh_report_facts.linker.layout import Layout
from zh_report_facts.linker.mentions import (
    GAP,
    N_MENTION,
    OPENING,
    OPENING_LENGTH,
    add_openings,
    describe_mentions,
    join_mentions,
)
from zh_report_facts.tokenizer.tokenizer import ReportTokenizer

NORMS = numpy.arange(1, 101, dtype="uint64")


def describe(spans, where=None):
    bounds = numpy.array([span[:2] for span in spans], dtype="int64").reshape(-1, 2)
    paragraphs = numpy.array(where or [0] * len(spans), dtype="int64")
    labels = [label for *_, label in spans]
    edges = numpy.array([0, len(NORMS)])
    return describe_mentions(Layout(NORMS, StringStore(), edges, labels, paragraphs, *bounds.T))


def test_a_gap_is_what_stands_between_two_mentions_at_most_so_much():
    mentions = describe([(2, 5, "PROGRAM"), (5, 7, "COUNT"), (10, 12, "MONEY"), (90, 91, "COUNT")])
    assert mentions.gaps.tolist() == [[0, 2], [5, 5], [7, 10], [90 - GAP, 90]]
    assert mentions.lengths == [4]


def test_features_tell_label_paragraph_distance_and_the_next_token():
    spans = [(2, 5, "PROGRAM"), (8, 9, "COUNT"), (12, 13, "COUNT"), (16, 17, "COUNT")]
    rows = describe(spans, [0, 0, 0, 1]).features
    assert rows.shape == (4, N_MENTION)
    assert rows[1, :2].tolist() == rows[2, :2].tolist() != rows[3, :2].tolist()
    assert rows[0, 0] != rows[1, 0]
    assert rows[:, 2].tolist() == [NORMS[end] for _, end, _ in spans]
    near = describe([(2, 5, "PROGRAM"), (5, 6, "COUNT")]).features
    assert near[1, 1] != rows[1, 1]


def test_a_mention_at_the_end_has_no_next_token():
    assert describe([(99, 100, "COUNT")]).features[0, 2] == 0


def test_sequences_are_joined_also_empty_ones():
    parts = [describe([(2, 5, "PROGRAM")]), describe([]), describe([(3, 4, "COUNT")] * 2)]
    joined = join_mentions(parts)
    assert joined.lengths == [1, 0, 2]
    assert joined.features.shape == (3, N_MENTION)
    assert joined.gaps.shape == (3, 2)


@pytest.mark.parametrize(
    ("text", "openings"),
    [
        ("", []),
        (" \n\n", []),
        ("计划", ["计划"]),
        (" 一、计划\n\n改造三户。", ["一、计划", "改造三户。"]),
        ("长" * 2 * OPENING_LENGTH, ["长" * OPENING_LENGTH]),
    ],
)
def test_each_paragraph_has_an_opening(text, openings):
    doc = ReportTokenizer(spacy.blank("zh").vocab, None)(text)
    found = add_openings(doc, [])
    assert [doc[start:end].text for start, end, _ in found] == openings
    assert {label for _, _, label in found} <= {OPENING}


def test_an_opening_stands_before_the_entities_of_its_paragraph():
    doc = ReportTokenizer(spacy.blank("zh").vocab, None)("改造三户。\n发放")
    entities = [(0, 2, "PROGRAM"), (2, 4, "COUNT"), (6, 8, "PROGRAM")]
    found = [(start, label) for start, _, label in add_openings(doc, entities)]
    assert found == [(0, OPENING), (0, "PROGRAM"), (2, "COUNT"), (6, OPENING), (6, "PROGRAM")]
