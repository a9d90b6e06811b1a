from __future__ import annotations

import pytest
import spacy
from letters import find_letters

from zh_report_facts.linker.candidates import find_candidates
from zh_report_facts.linker.layout import lay_out
from zh_report_facts.linker.lists import N_LIST_FEATURES, describe_lists, find_list_ends
from zh_report_facts.tokenizer.tokenizer import ReportTokenizer

NAMES = {"甲": "PROGRAM", "乙": "PROGRAM", "丙": "PROGRAM", "丁": "ITEM"}


@pytest.fixture(scope="module")
def read():
    """A text's document and entities: 甲 乙 丙 are programmes, 丁 is an item, 3 a quantity."""
    tokenizer = ReportTokenizer(spacy.blank("zh").vocab, None)

    def read(text):
        doc = tokenizer(text)
        return doc, find_letters(doc, NAMES)

    return read


@pytest.fixture
def describe(read):
    """The list features of each pair of a text, by its head."""

    def describe(text):
        doc, entities = read(text)
        candidates = find_candidates(doc, entities)
        features = describe_lists(lay_out(doc, entities), candidates.pairs)
        heads = (doc[entities[head][0]].text for head, _ in candidates.pairs.tolist())
        return dict(zip(heads, features.tolist(), strict=True))

    return describe


@pytest.mark.parametrize(
    ("text", "lists"),
    [
        ("", []),
        ("甲有3", ["甲", "3"]),
        ("甲、乙和丙共3", ["甲乙丙", "3"]),
        ("甲以及乙,丙", ["甲乙丙"]),
        # Words, another label, an end of paragraph, nothing at all.
        ("甲、举办乙", ["甲", "乙"]),
        ("甲、丁", ["甲", "丁"]),
        ("甲\n和乙", ["甲", "乙"]),
        ("甲乙", ["甲", "乙"]),
        ("3、3", ["3", "3"]),
    ],
)
def test_heads_of_one_label_with_nothing_but_joins_between_are_a_list(read, text, lists):
    doc, entities = read(text)
    opens, closes = find_list_ends(lay_out(doc, entities))
    found = [
        "".join(doc[start].text for start, *_ in entities[first : last + 1])
        for first, last in sorted(set(zip(opens.tolist(), closes.tolist())))
    ]
    assert found == lists


@pytest.mark.parametrize("text", ["甲、乙、丙共3", "3用于甲、乙、丙"])
def test_members_differ_only_in_which_is_the_nearest(describe, text):
    rows = describe(text)
    nearest, *others = (rows["丙"], rows["乙"], rows["甲"])
    if text.startswith("3"):
        nearest, others = rows["甲"], [rows["乙"], rows["丙"]]
    assert others[0] == others[1]
    assert nearest[0] != others[0][0]
    assert nearest[1] == others[0][1]
    assert nearest[3] == others[0][3]


def test_length_distance_and_the_word_at_the_end_show(describe):
    near, far = describe("甲、乙共3")["甲"], describe("甲、乙先后举办了3")["甲"]
    longer, alone = describe("丙、甲、乙共3")["甲"], describe("甲共3")["甲"]
    assert near[1] != far[1]
    assert near[3] != far[3]
    assert near[3] == alone[3]
    assert len({near[0], longer[0], alone[0]}) == 3
    assert describe("甲、乙,丁3")["甲"][2] != near[2]


def test_a_text_without_pairs_has_no_features(read):
    doc, entities = read("甲、乙")
    pairs = find_candidates(doc, entities).pairs
    assert describe_lists(lay_out(doc, entities), pairs).shape == (0, N_LIST_FEATURES)
