from __future__ import annotations

import re

import numpy
import pytest
import spacy
from letters import find_letters
from spacy.tokens import Span
from spacy.training import Example
from tiny import REPORTS, make_examples

from zh_report_facts.encoder import visible_rows
from zh_report_facts.linker.candidates import (
    AFTER,
    BEFORE,
    N_FEATURES,
    find_candidates,
    join_candidates,
)
from zh_report_facts.linker.truth import entity_spans, gold_spans
from zh_report_facts.tokenizer.tokenizer import ReportTokenizer


@pytest.fixture(scope="module")
def tokenizer():
    return ReportTokenizer(spacy.blank("zh").vocab, None)


@pytest.fixture(scope="module")
def find(tokenizer):
    """Candidates of a text whose letters 甲 乙 丙 丁 戊 are entities, and the pairs' offsets."""

    def find(text, offset=0):
        doc = tokenizer(text)
        entities = find_letters(doc)
        candidates = find_candidates(doc, entities, offset)
        offsets = [doc[start].idx for start, _, _ in entities]
        pairs = [(offsets[head], offsets[quantity]) for head, quantity in candidates.pairs]
        return candidates, sorted(pairs)

    return find


def arrays(candidates):
    return [numpy.asarray(part) for part in (*candidates[:-1], *candidates.mentions)]


@pytest.mark.parametrize(
    ("text", "pairs"),
    [
        ("", []),
        ("\n", []),
        ("没有", []),
        ("丙", []),
        ("甲", []),
        ("甲乙", []),
        ("丙丁", []),
        ("甲丙", [(0, 1)]),
        ("丙甲", [(1, 0)]),
        ("乙丁", [(0, 1)]),
        ("乙戊甲", [(0, 1), (2, 1)]),
        ("甲丙乙丁", [(0, 1), (0, 3), (2, 1), (2, 3)]),
    ],
)
def test_a_quantity_is_paired_with_heads(find, text, pairs):
    candidates, found = find(text)
    assert found == pairs
    assert len(candidates.quantities) == sum(char in "丙丁戊" for char in text)
    assert candidates.features.shape == (len(pairs), N_FEATURES)


def test_pairs_stay_inside_their_paragraph(find):
    _, pairs = find("甲项目。\n丙。\n乙等。")
    assert pairs == []
    _, pairs = find("甲丙。\n\n乙丁。")
    assert pairs == [(0, 1), (5, 6)]


def test_only_the_nearest_heads_are_paired(find):
    heads = 30
    _, pairs = find("甲" * heads + "丙" + "乙" * heads)
    near = range(heads - BEFORE, heads + AFTER + 1)
    assert [head for head, _ in pairs] == [at for at in near if at != heads]


def test_other_entities_take_no_part(tokenizer):
    doc = tokenizer("某地甲丙")
    labels = {"某": "PLACE", "甲": "PROGRAM", "丙": "COUNT"}
    doc.ents = [Span(doc, *entity) for entity in find_letters(doc, labels)]
    assert find_candidates(doc, entity_spans(doc)).pairs.tolist() == [[0, 1]]


def test_white_space_is_no_entity(tokenizer):
    doc = tokenizer("食堂12家\u3000\u3000")
    doc.ents = [Span(doc, 2, 4, "COUNT"), Span(doc, 4, 5, "ITEM")]
    assert doc[4:5].text.isspace()
    assert entity_spans(doc) == [(2, 4, "COUNT")]
    example = Example(tokenizer(doc.text), doc)
    assert gold_spans(example) == [(2, 4, "COUNT")]


def test_rows_count_from_the_offset(find):
    here, _ = find("甲有丙，乙有丁。")
    there, _ = find("甲有丙，乙有丁。", offset=100)
    assert (there.spans - here.spans == 100).all()
    assert (there.between - here.between == 100).all()
    for a, b in ((here.pairs, there.pairs), (here.features, there.features)):
        assert (a == b).all()


@pytest.mark.parametrize("entities", [[], [(0, 1, "COUNT")], [(0, 1, "PROGRAM"), (2, 3, "COUNT")]])
def test_windows_never_end_before_they_start_or_leave_the_text(tokenizer, entities):
    for text in ("甲有丙", "甲有丙。\n丁"):
        doc = tokenizer(text)
        candidates = find_candidates(doc, entities)
        total = len(visible_rows(doc)[0])
        for part in (candidates.spans, *candidates.contexts, candidates.between):
            assert (part[:, 0] <= part[:, 1]).all()
            assert ((part >= 0) & (part <= total)).all()


def test_the_clause_of_a_quantity_stays_inside_its_paragraph(find):
    candidates, _ = find("乙乙。\n有丙有。\n乙乙。")
    before, _, behind, *_ = candidates.contexts.tolist()
    assert before == [[3, 4]]
    assert behind == [[5, 7]]


def test_white_space_changes_no_candidate(tokenizer, trained):
    for reference in (example.reference for example in make_examples(trained)):
        text = "".join(reference.text.split())
        spaced = re.sub("(?<=[^0-9])(?=[^0-9])", " ", text)
        candidates = []
        for variant in (text, spaced):
            doc = trained.make_doc(variant)
            at = numpy.cumsum([0, *(not char.isspace() for char in variant)])
            places = {visible: offset for offset, visible in reversed(list(enumerate(at)))}
            own = numpy.cumsum([0, *(not char.isspace() for char in reference.text)])
            entities = []
            for ent in reference.ents:
                start, end = places[own[ent.start_char]], places[own[ent.end_char]]
                while variant[start].isspace():
                    start += 1
                span = doc.char_span(start, end)
                entities.append((span.start, span.end, ent.label_))
            candidates.append(find_candidates(doc, entities))
        assert len(candidates[1].spans) == len(reference.ents)
        for a, b in zip(*map(arrays, candidates), strict=True):
            assert (a == b).all()


# What each column of the features of a pair tells, and texts that it tells apart.
COLUMNS = {
    "labels and side": ["甲丙", "丙甲", "乙丙", "甲丁"],
    "distance": ["甲丙", "甲有丙", "甲有很多很多很多丙"],
    "、 , ;": ["甲有丙", "甲、丙", "甲，丙", "甲；丙"],
    "。 : “": ["甲有丙", "甲。丙", "甲：丙", "甲“丙”"],
    "programmes between": ["甲丙", "甲甲丙"],
    "items between": ["甲丙", "甲乙丙"],
    "counts between": ["甲丙", "甲丙丙"],
    "sums between": ["甲丙", "甲丁丙"],
    "shares between": ["甲丙", "甲戊丙"],
    "rank of the head": ["甲丙", "甲甲丙", "甲甲甲丙"],
    "heads of the label before": ["甲丙", "甲甲丙", "丙甲"],
    "lists": ["甲、甲为丙、丙", "甲、甲分别为丙、丙"],
    "words of a short gap": ["甲有丙", "甲办丙", "甲办有丙"],
    "first word between": ["甲有办丙", "甲办有丙"],
    "last word between": ["甲有办丙", "甲办有丙"],
    "both words": ["甲有办丙", "甲办有丙", "甲有有丙"],
}


@pytest.mark.parametrize(("place", "variants"), [*enumerate(COLUMNS.values())], ids=COLUMNS)
def test_features_tell_pairs_apart(find, place, variants):
    features = []
    for text in variants:
        candidates, _ = find(text)
        # The first head and the last quantity.
        last = candidates.pairs[candidates.pairs[:, 1] == candidates.quantities[-1]]
        pair = [last[:, 0].min(), candidates.quantities[-1]]
        row = (candidates.pairs == pair).all(axis=1)
        features.append(int(candidates.features[row][0, place]))
    assert len(set(features)) == len(variants)


def test_joined_candidates_are_those_of_each_part(find):
    texts = ["甲丙乙", "", "丁有甲", "乙"]
    parts = [find(text, offset)[0] for text, offset in zip(texts, (0, 3, 3, 6), strict=True)]
    joined = join_candidates(parts)
    assert joined.quantities.tolist() == [1, 3]
    assert joined.pairs.tolist() == [[0, 1], [2, 1], [4, 3]]
    assert joined.spans.tolist() == [[0, 1], [1, 2], [2, 3], [3, 4], [5, 6], [6, 7]]
    assert joined.features.shape == (3, N_FEATURES)


def test_nearly_all_gold_links_are_candidates(trained):
    linked = 0
    for example in make_examples(trained, REPORTS):
        doc = example.reference
        entities = [(e.start, e.end, e.label_) for e in doc.ents]
        pairs = {
            (doc.ents[head].start_char, doc.ents[quantity].start_char)
            for head, quantity in find_candidates(doc, entities).pairs
        }
        for relation in doc._.relations:
            for head in relation["heads"]:
                assert (head["start"], relation["start"]) in pairs
                linked += 1
    assert linked > 10
