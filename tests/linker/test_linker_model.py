from __future__ import annotations

import numpy
import pytest
import spacy
from gradients import check_gradients, shuffle_parameters
from letters import find_letters
from spacy.ml.models.tok2vec import MaxoutWindowEncoder

from zh_report_facts.dilated import build_dilated_encoder
from zh_report_facts.encoder import build_paragraph_encoder, visible_rows
from zh_report_facts.linker.candidates import find_candidates, join_candidates
from zh_report_facts.linker.model import build_pair_linker, split
from zh_report_facts.schema import ROLES
from zh_report_facts.tokenizer.tokenizer import ReportTokenizer

TEXTS = ["甲 有， \n丙个乙", "", " \n", "丙。\n乙至戊，甲共丁。"]
TOKENIZER = ReportTokenizer(spacy.blank("zh").vocab, None)


def make_linker():
    encode = MaxoutWindowEncoder(width=6, window_size=1, maxout_pieces=2, depth=1)
    tok2vec = build_paragraph_encoder(6, ["NORM", "SHAPE"], [30, 10], encode)
    neighbours = build_dilated_encoder(width=5, dilations=[1], maxout_pieces=2)
    model = build_pair_linker(
        tok2vec, neighbours, hidden_width=5, window_width=4, feature_width=2, feature_rows=20
    )
    model.initialize()
    shuffle_parameters(model)
    return model


@pytest.fixture(scope="module")
def linker():
    return make_linker()


def make_inputs(texts, views=1):
    """Documents whose letters 甲 乙 丙 丁 戊 are entities, and their candidates."""
    docs = [TOKENIZER(text) for text in texts]
    parts, offset = [], 0
    for doc in docs:
        parts += [find_candidates(doc, find_letters(doc), offset)] * views
        offset += len(visible_rows(doc)[0])
    return docs, join_candidates(parts)


def test_each_pair_has_a_score_and_each_quantity_one_for_each_role(linker):
    docs, candidates = make_inputs(TEXTS)
    links, roles = linker.predict((docs, candidates))
    assert links.shape == (len(candidates.pairs), 1) == (6, 1)
    assert roles.shape == (len(candidates.quantities), len(ROLES) + 1) == (4, 6)


def test_gradients():
    # Each entity is in several pairs, and each document is seen twice.
    check_gradients(make_linker(), make_inputs(TEXTS, views=2))


@pytest.mark.parametrize("text", ["丙。\n甲，乙。", "甲和乙。", "没有。", "丁丙"])
def test_gradients_without_pairs(text):
    model = make_linker()
    inputs = make_inputs([text])
    assert not len(inputs[1].pairs)
    logits, backprop = model.begin_update(inputs)
    docs = backprop(logits)
    assert docs == inputs[0]
    if len(logits[1]):
        check_gradients(make_linker(), inputs)


@pytest.mark.parametrize("texts", [[""], ["", "\n "], ["甲"]])
def test_nothing_to_link(linker, texts):
    inputs = make_inputs(texts)
    (links, roles), backprop = linker.begin_update(inputs)
    assert links.shape == (0, 1)
    assert roles.shape == (0, len(ROLES) + 1)
    assert backprop((links, roles)) == inputs[0]


def test_a_pair_is_judged_beside_the_other_pairs_of_its_quantity(linker):
    docs, candidates = make_inputs(TEXTS)
    before, _ = linker.predict((docs, candidates))
    candidates.features[0] += 1
    after, _ = linker.predict((docs, candidates))
    moved = (after != before)[:, 0].tolist()
    quantities = candidates.pairs[:, 1]
    assert moved == (quantities == quantities[0]).tolist()
    assert 1 < sum(moved) < len(moved)


def test_a_document_does_not_see_its_batch(linker):
    docs, candidates = make_inputs(TEXTS)
    links, roles = linker.predict((docs, candidates))
    alone = [linker.predict(make_inputs([text])) for text in TEXTS]
    numpy.testing.assert_allclose(links, numpy.concatenate([a for a, _ in alone]), atol=1e-5)
    numpy.testing.assert_allclose(roles, numpy.concatenate([b for _, b in alone]), atol=1e-5)


def test_bytes_give_the_same_scores(linker):
    inputs = make_inputs(TEXTS)
    other = make_linker()
    shuffle_parameters(other, seed=1)
    before = linker.predict(inputs)
    assert not numpy.allclose(before[0], other.predict(inputs)[0])
    other.from_bytes(linker.to_bytes())
    for a, b in zip(before, other.predict(inputs), strict=True):
        assert (a == b).all()


def test_a_gradient_is_cut_where_its_parts_were_joined(linker):
    parts = [numpy.full((2, n), n, dtype="f") for n in (1, 3, 2)]
    pieces = split(linker.ops, numpy.hstack(parts), parts)
    assert all((a == b).all() for a, b in zip(pieces, parts, strict=True))
