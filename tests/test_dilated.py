from __future__ import annotations

import numpy
import pytest
from gradients import check_entries, check_gradients, numeric_gradient, shuffle_parameters

from zh_report_facts.dilated import add_sides, build_dilated_encoder, lay_windows, middle

WIDTH = 4
DILATIONS = [1, 2, 4]


@pytest.fixture
def model():
    model = build_dilated_encoder(WIDTH, DILATIONS, maxout_pieces=2)
    model.initialize()
    shuffle_parameters(model)
    return model


def random_rows(n, seed=0):
    return numpy.random.default_rng(seed).normal(size=(n, WIDTH)).astype("f")


@pytest.mark.parametrize("dilation", [1, 2, 5])
@pytest.mark.parametrize("n", [0, 1, 2, 4, 9])
def test_each_row_stands_between_those_that_are_a_dilation_away(n, dilation):
    X = random_rows(n)
    place = numpy.arange(n)
    Y = numpy.full((n, 3 * WIDTH), numpy.nan, dtype="f")
    lay_windows(X, Y, place < dilation, place[::-1] < dilation, dilation)
    padded = numpy.vstack([numpy.zeros((dilation, WIDTH)), X, numpy.zeros((dilation, WIDTH))])
    expected = [
        numpy.concatenate([padded[i], padded[i + dilation], padded[i + 2 * dilation]])
        for i in range(n)
    ]
    numpy.testing.assert_array_equal(Y, numpy.array(expected).reshape(n, 3 * WIDTH))


@pytest.mark.parametrize("dilation", [1, 2, 5])
@pytest.mark.parametrize("n", [0, 1, 2, 4, 9])
def test_gradient_of_the_windows(n, dilation):
    X = random_rows(n)
    place = numpy.arange(n)
    limits = place < dilation, place[::-1] < dilation
    weights = numpy.random.default_rng(1).normal(size=(n, 3 * WIDTH)).astype("f")

    def loss():
        Y = numpy.empty((n, 3 * WIDTH), dtype="f")
        lay_windows(X, Y, *limits, dilation)
        return float((Y.astype("float64") * weights).sum())

    expected = numeric_gradient(loss, X, numpy.arange(X.size))
    dY = weights.copy()
    dX = middle(dY).copy()
    add_sides(dY, dX, *limits, dilation)
    numpy.testing.assert_allclose(dX.reshape(-1), expected, atol=5e-3)


def test_gradients(model):
    check_gradients(model, [random_rows(n, seed=n) for n in (9, 1, 0, 3)])


def test_gradient_of_the_rows(model):
    X = [random_rows(n, seed=n) for n in (6, 1, 3)]
    Y, backprop = model.begin_update(X)
    weights = [
        numpy.random.default_rng(n).normal(size=y.shape).astype("f") for n, y in enumerate(Y)
    ]

    def loss():
        outputs = zip(model.predict(X), weights, strict=True)
        return sum(float((y.astype("float64") * w).sum()) for y, w in outputs)

    for x, gradient in zip(X, backprop(weights), strict=True):
        check_entries(loss, x, gradient, numpy.arange(x.size))


def test_a_row_sees_as_far_as_the_dilations_reach(model):
    X = random_rows(30)
    changed = X.copy()
    changed[15] += 1
    (before,), (after,) = model.predict([X]), model.predict([changed])
    seen = numpy.flatnonzero(abs(before - after).max(axis=1) > 1e-6)
    reach = sum(DILATIONS)
    assert seen.tolist() == list(range(15 - reach, 15 + reach + 1))


def test_a_sequence_does_not_see_its_neighbours(model):
    sequences = [random_rows(n, seed=n) for n in (3, 12, 1, 5)]
    for sequence, encoded in zip(sequences, model.predict(sequences), strict=True):
        numpy.testing.assert_allclose(model.predict([sequence])[0], encoded, atol=1e-4)


def test_bytes_give_the_same_rows(model):
    other = build_dilated_encoder(WIDTH, DILATIONS, maxout_pieces=2)
    other.initialize()
    other.from_bytes(model.to_bytes())
    X = [random_rows(7)]
    assert (model.predict(X)[0] == other.predict(X)[0]).all()
