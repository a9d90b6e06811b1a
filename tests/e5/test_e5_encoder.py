from __future__ import annotations

import importlib
import sys

import numpy
import pytest
import spacy
from thinc.api import Adam, constant

from zh_report_facts.dilated import build_dilated_encoder
from zh_report_facts.e5 import shim as module
from zh_report_facts.e5.encoder import build_e5_encoder
from zh_report_facts.encoder import build_paragraph_encoder
from zh_report_facts.files import InputError
from zh_report_facts.tokenizer.segmenters import JiebaSegmenter
from zh_report_facts.tokenizer.tokenizer import ReportTokenizer

TEXTS = ["发放补贴798万元。\n补贴98元。", "补 贴\n", " ", ""]


@pytest.fixture(autouse=True)
def installed(monkeypatch, weights_file):
    monkeypatch.setattr(module, "find_weights", lambda: weights_file)


@pytest.fixture(scope="module")
def docs():
    tokenizer = ReportTokenizer(spacy.blank("zh").vocab, JiebaSegmenter())
    return [tokenizer(text) for text in TEXTS]


def make_encoder(frozen=1, rate=0.01):
    model = build_e5_encoder(constant(rate), window=8, frozen=frozen)
    model.initialize()
    return model


def fit(model, docs, steps):
    """Pull all vectors to 1; the losses on the way."""
    losses = []
    for _ in range(steps):
        vectors, backprop = model.begin_update(docs)
        losses.append(sum(float(((rows - 1) ** 2).sum()) for rows in vectors))
        backprop([rows - 1 for rows in vectors])
        model.finish_update(Adam(0.1))
    return losses


def test_white_space_is_zeros_and_the_rest_is_not(docs):
    vectors = make_encoder().predict(docs)
    assert [rows.shape for rows in vectors] == [(len(doc), 32) for doc in docs]
    for doc, rows in zip(docs, vectors):
        assert [bool(row.any()) for row in rows] == [not token.is_space for token in doc]


def test_spaces_inside_a_name_change_nothing(docs):
    tokenizer = ReportTokenizer(docs[0].vocab, JiebaSegmenter())
    pair = tokenizer("补贴"), tokenizer("补 贴")
    plain, spaced = make_encoder().predict(list(pair))
    visible = [token.i for token in pair[1] if not token.is_space]
    assert numpy.allclose(plain, spaced[visible], atol=1e-5)


def test_training_moves_all_but_the_frozen_layers(docs):
    model = make_encoder(frozen=1)
    before = {name: value.clone() for name, value in network(model).state_dict().items()}
    losses = fit(model, docs, 12)
    assert losses[-1] < losses[0] * 0.8
    for name, value in network(model).state_dict().items():
        moved = not bool((value == before[name]).all())
        assert moved == name.startswith("layers.1."), name


def network(model):
    return model.shims[0].load()


def test_learning_follows_the_rates_it_is_given(docs):
    model = build_e5_encoder(iter([0.0, 0.01]), window=8, frozen=0)
    model.initialize()
    before = model.predict(docs)[0]
    fit(model, docs, 1)
    assert numpy.array_equal(model.predict(docs)[0], before)
    fit(model, docs, 1)
    assert not numpy.array_equal(model.predict(docs)[0], before)


def test_annotating_a_batch_in_training_costs_no_second_reading(docs, monkeypatch):
    model = make_encoder()
    vectors, _ = model.begin_update(docs)
    monkeypatch.setattr(module, "find_windows", None)
    assert all(map(numpy.array_equal, model.predict(docs), vectors))


def test_what_was_trained_comes_back(docs):
    model = make_encoder()
    fit(model, docs, 2)
    copy = make_encoder().from_bytes(model.to_bytes())
    assert all(map(numpy.array_equal, copy.predict(docs), model.predict(docs)))


def test_paragraph_encoder_trains_it(docs):
    outer = build_paragraph_encoder(
        6,
        ["NORM"],
        [30],
        build_dilated_encoder(6, dilations=[1], maxout_pieces=2),
        contextual=build_e5_encoder(constant(0.01), window=8, frozen=0),
    )
    outer.initialize(X=docs)
    inner = outer.get_ref("contextual")
    before = inner.predict(docs)[0]
    vectors, backprop = outer.begin_update(docs)
    backprop([numpy.ones_like(rows) for rows in vectors])
    outer.finish_update(Adam(0.01))
    assert not numpy.array_equal(inner.predict(docs)[0], before)


def test_a_token_has_one_vector():
    with pytest.raises(ValueError, match="include_static_vectors = false"):
        build_paragraph_encoder(
            6,
            ["NORM"],
            [30],
            build_dilated_encoder(6, dilations=[1], maxout_pieces=2),
            include_static_vectors=True,
            contextual=build_e5_encoder(constant(0.01)),
        )


def test_without_torch_the_architecture_is_listed_and_says_what_it_needs(monkeypatch):
    for name in ("zh_report_facts.e5.encoder", "zh_report_facts.e5.shim"):
        monkeypatch.delitem(sys.modules, name)
    monkeypatch.setitem(sys.modules, "torch", None)
    build = importlib.import_module("zh_report_facts.e5.encoder").build_e5_encoder
    with pytest.raises(InputError, match=r"needs torch; pip install 'zh_report_facts\[e5\]'"):
        build(constant(0.01))
