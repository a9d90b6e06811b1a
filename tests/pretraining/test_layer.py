from __future__ import annotations

import numpy
import pytest

torch = pytest.importorskip("torch", reason='needs pip install -e ".[e5]"')
from thinc.api import Maxout  # noqa: E402

from zh_report_facts.dilated import build_dilated_encoder  # noqa: E402
from zh_report_facts.pretraining.layer import MaxoutLayer  # noqa: E402

WIDTH, PIECES = 4, 3
LENGTHS = [5, 1, 3]


def parts(layer):
    return [next(node for node in layer.walk() if node.name == n) for n in ("maxout", "layernorm")]


def parameters(layer):
    maxout, norm = parts(layer)
    arrays = [
        maxout.get_param("W").transpose(1, 0, 2).reshape(WIDTH * PIECES, -1),
        maxout.get_param("b").T.reshape(-1),
        norm.get_param("G"),
        norm.get_param("b"),
    ]
    return [torch.tensor(array, requires_grad=True) for array in arrays]


def limits(dilation):
    place = numpy.concatenate([numpy.arange(n) for n in LENGTHS])
    rest = numpy.concatenate([numpy.arange(n)[::-1] for n in LENGTHS])
    return tuple(torch.from_numpy(numpy.flatnonzero(side < dilation)) for side in (place, rest))


def run(X, values, dilation, precision):
    return MaxoutLayer.apply(X, *values, dilation, limits(dilation), precision)


@pytest.fixture
def rows():
    rows = numpy.random.default_rng(0).normal(size=(sum(LENGTHS), WIDTH)).astype("f")
    return torch.tensor(rows, requires_grad=True)


@pytest.mark.parametrize("dilation", [1, 2, 4])
def test_values_and_gradients_are_those_of_thinc(rows, dilation):
    model = build_dilated_encoder(WIDTH, [dilation], PIECES)
    model.initialize()
    values = parameters(model.layers[0])
    encoded = rows + run(rows, values, dilation, torch.float32)
    sequences = list(numpy.split(rows.detach().numpy(), numpy.cumsum(LENGTHS)[:-1]))
    wanted, backprop = model.begin_update(sequences)
    numpy.testing.assert_allclose(encoded.detach(), numpy.concatenate(wanted), atol=1e-5)

    weights = numpy.random.default_rng(1).normal(size=encoded.shape).astype("f")
    encoded.backward(torch.from_numpy(weights))
    d_rows = numpy.concatenate(backprop(numpy.split(weights, numpy.cumsum(LENGTHS)[:-1])))
    numpy.testing.assert_allclose(rows.grad, d_rows, atol=1e-4)
    maxout, norm = parts(model.layers[0])
    expected = [
        maxout.get_grad("W").transpose(1, 0, 2).reshape(WIDTH * PIECES, -1),
        maxout.get_grad("b").T.reshape(-1),
        norm.get_grad("G"),
        norm.get_grad("b"),
    ]
    for value, gradient in zip(values, expected, strict=True):
        numpy.testing.assert_allclose(value.grad, gradient, atol=1e-4)


def test_without_neighbours_it_is_a_maxout(rows):
    layer = Maxout(WIDTH, WIDTH, nP=PIECES, normalize=True, dropout=0.0)
    layer.initialize()
    found = run(rows, parameters(layer), 0, torch.float32)
    numpy.testing.assert_allclose(found.detach(), layer.predict(rows.detach().numpy()), atol=1e-5)


def test_bfloat16_is_nearly_as_exact(rows):
    layer = Maxout(WIDTH, 3 * WIDTH, nP=PIECES, normalize=True, dropout=0.0)
    layer.initialize()
    gradients = []
    for precision in (torch.float32, torch.bfloat16):
        values = parameters(layer)
        run(rows, values, 2, precision).square().sum().backward()
        gradients.append(torch.cat([value.grad.reshape(-1) for value in values]))
    exact, rough = gradients
    assert 0 < (exact - rough).norm() < 0.05 * exact.norm()
