from __future__ import annotations

import numpy
import pytest
import spacy

from zh_report_facts.linker.candidates import find_candidates
from zh_report_facts.linker.decoding import Scored, decode
from zh_report_facts.schema import ROLES
from zh_report_facts.tokenizer.tokenizer import ReportTokenizer


@pytest.fixture
def decoded():
    """Decode a document of two heads and a quantity from given probabilities."""
    doc = ReportTokenizer(spacy.blank("zh").vocab, None)("甲和乙3")
    entities = [(0, 1, "PROGRAM"), (2, 3, "ITEM"), (3, 4, "COUNT")]
    candidates = find_candidates(doc, entities)
    heads = candidates.pairs[:, 0].tolist()

    def decoded(links, role, complete=0.9, threshold=0.5):
        roles = numpy.full((1, len(ROLES)), 0.1, dtype="f")
        roles[0, ROLES.index(role)] = 0.6
        probabilities = numpy.array([[links[head]] for head in heads], dtype="f")
        scored = Scored(entities, candidates, probabilities, roles, numpy.array([[complete]]))
        (relation,) = decode(doc, scored, threshold)
        return relation

    return decoded


def test_likely_pairs_are_links_in_text_order_and_the_likeliest_role_is_taken(decoded):
    relation = decoded([0.75, 0.5], "TARGET")
    assert (relation["start"], relation["end"]) == (3, 4)
    assert relation["role"] == "TARGET"
    assert relation["role_score"] == pytest.approx(0.6)
    assert relation["heads"] == [
        {"start": 0, "end": 1, "score": 0.75},
        {"start": 2, "end": 3, "score": 0.5},
    ]
    assert relation["complete_score"] == 0.9


@pytest.mark.parametrize(("threshold", "heads"), [(0.25, [0, 2]), (0.5, [0]), (0.875, [])])
def test_the_threshold_decides_and_each_head_left_out_is_a_doubt(decoded, threshold, heads):
    relation = decoded([0.75, 0.25], "ACTUAL", threshold=threshold)
    assert [head["start"] for head in relation["heads"]] == heads
    doubt = {2: 1.0, 1: 0.75, 0: 0.75 * 0.25}[len(heads)]
    assert relation["complete_score"] == pytest.approx(0.9 * doubt)
