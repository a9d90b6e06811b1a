from __future__ import annotations

import numpy
import pytest
import spacy
from letters import find_letters

from zh_report_facts.linker.candidates import find_candidates
from zh_report_facts.linker.distribution import ASIDE, NONE, OTHER, SAME, distribute
from zh_report_facts.linker.layout import lay_out
from zh_report_facts.tokenizer.segmenters import JiebaSegmenter
from zh_report_facts.tokenizer.tokenizer import ReportTokenizer

HEADS = {"甲": "PROGRAM", "乙": "ITEM", "丙": "PROGRAM", "丁": "ITEM"}


@pytest.fixture(scope="module", params=[False, True], ids=["characters", "words"])
def decided(request):
    """The pairs of a text that lists decide; 甲 乙 丙 丁 are heads, digits quantities."""
    tokenizer = ReportTokenizer(spacy.blank("zh").vocab, JiebaSegmenter(), words=request.param)

    def decided(text):
        doc = tokenizer(text)
        entities = find_letters(doc, HEADS)
        candidates = find_candidates(doc, entities)
        pairs = candidates.pairs
        found = distribute(lay_out(doc, entities), pairs)
        codes: dict[int, set[str]] = {NONE: set(), SAME: set(), OTHER: set(), ASIDE: set()}
        for pair, code in zip(pairs, found.tolist()):
            codes[code].add("".join(doc[entities[i][0]].text for i in pair))
        # The linker sees them as one of its features.
        assert any(numpy.array_equal(found, column) for column in candidates.features.T)
        return codes

    return decided


@pytest.mark.parametrize(
    ("text", "same"),
    [
        ("甲、乙分别为3、4。", {"甲3", "乙4"}),
        ("甲和乙,分别增长3、4。", {"甲3", "乙4"}),
        ("甲、乙、丙依次是3、4和5。", {"甲3", "乙4", "丙5"}),
        # A few words behind each head.
        ("甲人数、乙人数分别下降3和4。", {"甲3", "乙4"}),
        # A second list, and heads that are not of the list.
        ("甲、乙分别从3、4提高到5、6。", {"甲3", "乙4", "甲5", "乙6"}),
        ("甲、乙分别从3、4变为5、6、7。", {"甲3", "乙4"}),
        ("甲、乙分别发放丙3、4。", {"甲3", "乙4"}),
        ("丙1,甲、乙分别为3、4。", {"甲3", "乙4"}),
        # Heads behind their quantities, the adverb before both or between.
        ("分别有3、4参加甲、乙。", {"甲3", "乙4"}),
        ("有3和4分别享受甲、乙。", {"甲3", "乙4"}),
        # Heads that each had a quantity already.
        ("甲1,乙2,同比分别增长3、4。", {"甲3", "乙4"}),
    ],
)
def test_heads_and_quantities_of_the_same_place_belong_together(decided, text, same):
    codes = decided(text)
    assert codes[SAME] == same
    heads, quantities = {x[0] for x in same}, {x[1] for x in same}
    mixed = {pair for pair in codes[OTHER] | codes[SAME] | codes[ASIDE] if pair[0] in heads}
    assert mixed == {head + quantity for head in heads for quantity in quantities}
    assert {pair[1] for pair in codes[NONE]}.isdisjoint(quantities)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "甲、乙为3、4。",
        "甲、乙分别为3。",
        "甲分别为3、4。",
        "甲、乙、丙分别为3、4。",
        "甲、乙。分别为3、4。",
        "甲、乙\n分别为3、4。",
        "甲、乙分别开展。3、4。",
        # A heading, which has no full stop.
        "分别推进\n有3、4参加甲、乙。",
        # Two heads of three had a quantity before.
        "甲1,乙2,丙5,分别增长3、4。",
    ],
)
def test_nothing_is_handed_out_without_two_lists_of_one_length(decided, text):
    codes = decided(text)
    assert not codes[SAME] | codes[OTHER] | codes[ASIDE]


def test_heads_outside_the_lists_stand_aside(decided):
    codes = decided("丙,甲、乙分别为3、4。")
    assert codes[ASIDE] == {"丙3", "丙4"}
    assert codes[OTHER] == {"甲4", "乙3"}
