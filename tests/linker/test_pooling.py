from __future__ import annotations

import numpy
import pytest
from gradients import numeric_gradient
from thinc.api import NumpyOps

from zh_report_facts.linker.pooling import pool_max, pool_span, window_rows

OPS = NumpyOps()
WIDTH = 3
# Windows overlap, lie in each other and stand twice; some are empty.
WINDOWS = numpy.array([[0, 4], [2, 6], [3, 4], [3, 4], [5, 5], [0, 0], [6, 6], [0, 6]])
SPANS = numpy.array([[0, 4], [2, 6], [3, 4], [3, 4], [0, 6], [5, 6]])
NONE = numpy.zeros((0, 2), dtype="int64")


@pytest.fixture
def rows():
    return numpy.random.default_rng(0).normal(size=(6, WIDTH)).astype("f")


def brute_max(X, windows):
    return [numpy.vstack([numpy.zeros(WIDTH), X[start:end]]).max(axis=0) for start, end in windows]


def brute_span(X, spans):
    return [numpy.concatenate([X[a], X[b - 1], X[a:b].mean(axis=0)]) for a, b in spans]


def test_each_window_is_listed_behind_a_padding_row():
    rows, sizes = window_rows(numpy.array([[2, 4], [1, 1], [0, 1]]))
    assert rows.tolist() == [0, 3, 4, 0, 0, 1]
    assert sizes.tolist() == [3, 1, 2]


@pytest.mark.parametrize(
    ("pool", "brute", "windows"), [(pool_max, brute_max, WINDOWS), (pool_span, brute_span, SPANS)]
)
def test_pools_are_those_of_a_loop(rows, pool, brute, windows):
    Y, _ = pool(OPS, rows, windows)
    numpy.testing.assert_allclose(Y, brute(rows, windows), rtol=1e-6)


@pytest.mark.parametrize(("pool", "windows"), [(pool_max, WINDOWS), (pool_span, SPANS)])
def test_gradients(rows, pool, windows):
    Y, backprop = pool(OPS, rows, windows)
    weights = numpy.random.default_rng(1).normal(size=Y.shape).astype("f")
    expected = numeric_gradient(
        lambda: float((pool(OPS, rows, windows)[0].astype("float64") * weights).sum()),
        rows,
        numpy.arange(rows.size),
    )
    gradient = backprop(weights)
    assert gradient.shape == rows.shape
    numpy.testing.assert_allclose(gradient.reshape(-1), expected, atol=5e-3)


@pytest.mark.parametrize(("pool", "width"), [(pool_max, WIDTH), (pool_span, 3 * WIDTH)])
@pytest.mark.parametrize("n", [0, 6])
def test_no_windows(pool, width, n):
    X = numpy.ones((n, WIDTH), dtype="f")
    Y, backprop = pool(OPS, X, NONE)
    assert Y.shape == (0, width)
    gradient = backprop(Y)
    assert gradient.shape == X.shape
    assert not gradient.any()


def test_empty_windows_of_no_rows():
    X = numpy.zeros((0, WIDTH), dtype="f")
    Y, backprop = pool_max(OPS, X, numpy.array([[0, 0]]))
    assert Y.tolist() == [[0.0] * WIDTH]
    assert backprop(Y).shape == X.shape
