from __future__ import annotations

import numpy
import pytest
import spacy
from gradients import check_gradients, numeric_gradient, shuffle_parameters
from spacy.ml.models.tok2vec import MaxoutWindowEncoder
from tiny import TEXT

from zh_report_facts.encoder import build_paragraph_encoder
from zh_report_facts.recognizer.crf import FORBIDDEN
from zh_report_facts.recognizer.model import (
    allowed_transitions,
    build_crf_recognizer,
    tag_transitions,
)
from zh_report_facts.tokenizer.tokenizer import ReportTokenizer

TAGS = 9


@pytest.fixture
def docs():
    tokenizer = ReportTokenizer(spacy.blank("zh").vocab, None)
    return [tokenizer(text) for text in (TEXT[:12], "", " \n", "甲 乙\n丙")]


def make_transitions():
    model = tag_transitions()
    model.set_dim("nO", TAGS)
    model.initialize()
    shuffle_parameters(model)
    return model


def make_recognizer():
    encode = MaxoutWindowEncoder(width=6, window_size=1, maxout_pieces=2, depth=1)
    model = build_crf_recognizer(build_paragraph_encoder(6, ["NORM"], [30], encode))
    model.get_ref("output").set_dim("nO", TAGS)
    model.get_ref("transitions").set_dim("nO", TAGS)
    model.initialize()
    shuffle_parameters(model)
    return model


def test_transitions_lie_beside_the_emissions():
    model = make_transitions()
    emissions = [numpy.ones((n, TAGS), dtype="f") for n in (2, 0)]
    out, scores = model.predict(emissions)
    assert out is emissions
    allowed = allowed_transitions(2)
    assert scores.shape == (TAGS + 2, TAGS)
    assert (scores[~allowed] == FORBIDDEN).all()
    assert (scores[allowed] == model.get_param("T")[allowed]).all()


def test_transitions_pass_the_gradient_on_and_keep_their_own():
    model = make_transitions()
    emissions = [numpy.ones((2, TAGS), dtype="f")]
    (_, scores), backprop = model.begin_update(emissions)
    weights = numpy.random.default_rng(0).normal(size=scores.shape)
    d_emissions = [numpy.full((2, TAGS), 3.0, dtype="f")]
    assert backprop((d_emissions, weights.astype("f"))) is d_emissions
    expected = numeric_gradient(
        lambda: float((model.predict(emissions)[1].astype("float64") * weights).sum()),
        model.get_param("T"),
        numpy.arange(scores.size),
    )
    gradient = model.get_grad("T").reshape(-1)
    # A forbidden score is -10,000, which leaves few digits for the sum.
    numpy.testing.assert_allclose(gradient, expected, atol=0.02)
    assert not gradient[~allowed_transitions(2).reshape(-1)].any()


def test_each_token_has_a_score_for_each_tag(docs):
    model = make_recognizer()
    emissions, transitions = model.predict(docs)
    assert [e.shape for e in emissions] == [(len(doc), TAGS) for doc in docs]
    assert transitions.shape == (TAGS + 2, TAGS)


def test_gradients(docs):
    check_gradients(make_recognizer(), docs)


def test_bytes_give_the_same_scores(docs):
    model, other = make_recognizer(), make_recognizer()
    shuffle_parameters(other, seed=1)
    other.from_bytes(model.to_bytes())
    emissions, transitions = model.predict(docs)
    others, other_transitions = other.predict(docs)
    assert all((a == b).all() for a, b in zip(emissions, others, strict=True))
    assert (transitions == other_transitions).all()
