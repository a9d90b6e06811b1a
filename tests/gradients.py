"""Check of gradients against finite differences."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy
from thinc.api import Model

STEP = 5e-4


def shuffle_parameters(model: Model, seed: int = 0) -> None:
    """Give every parameter random values, those that start as zeros included."""
    random = numpy.random.default_rng(seed)
    for node in model.walk():
        for name in node.param_names:
            if node.has_param(name):
                shape = node.get_param(name).shape
                node.set_param(name, random.normal(0, 0.5, shape).astype("f"))


def like(output: Any, random: numpy.random.Generator) -> Any:
    """Random weights in the shape of an output: arrays in lists and tuples."""
    if isinstance(output, list | tuple):
        return type(output)(like(part, random) for part in output)
    return random.normal(size=output.shape).astype("f")


def weigh(output: Any, weights: Any) -> float:
    """Sum of an output, weighted; its gradient by the output are the weights."""
    if isinstance(output, list | tuple):
        return sum(weigh(part, weight) for part, weight in zip(output, weights, strict=True))
    return float((output.astype("float64") * weights).sum())


def differences(
    function: Callable[[], float], array: numpy.ndarray, entries: numpy.ndarray
) -> tuple[numpy.ndarray, numpy.ndarray]:
    """Differences of a function by some entries of an array that it reads, below and above."""
    flat = array.reshape(-1)
    values = []
    for entry in entries:
        value = flat[entry]
        values.append([])
        for step in (-STEP, 0, STEP):
            flat[entry] = value + step
            values[-1].append(function())
        flat[entry] = value
    below, above = numpy.diff(numpy.array(values).reshape(-1, 3)).T / STEP
    return below, above


def numeric_gradient(
    function: Callable[[], float], array: numpy.ndarray, entries: numpy.ndarray
) -> numpy.ndarray:
    """Central differences of a function by some entries of an array that it reads."""
    below, above = differences(function, array, entries)
    return (below + above) / 2


def check_entries(
    function: Callable[[], float],
    array: numpy.ndarray,
    gradient: numpy.ndarray,
    entries: numpy.ndarray,
    name: str = "",
) -> None:
    """Compare some entries of a gradient with differences on the side that lies nearer.

    Where a step crosses a kink of a maxout, the other side still has the slope.
    """
    below, above = differences(function, array, entries)
    own = gradient.reshape(-1)[entries]
    numpy.testing.assert_allclose(
        own,
        numpy.where(abs(own - below) < abs(own - above), below, above),
        rtol=0.02,
        atol=0.01 * max(1, abs(gradient).max()),
        err_msg=name,
    )


def check_gradients(model: Model, inputs: Any, per_parameter: int = 3, seed: int = 0) -> None:
    """Compare the gradients of all parameters of a model with finite differences.

    Of a large parameter the entries with the steepest gradient are checked, and some others.
    """
    random = numpy.random.default_rng(seed)
    output, backprop = model.begin_update(inputs)
    weights = like(output, random)
    backprop(weights)
    checked = 0
    for node in model.walk():
        for name in node.param_names:
            parameter = node.get_param(name)
            gradient = node.get_grad(name) if node.has_grad(name) else numpy.zeros_like(parameter)
            steepest = numpy.argsort(-abs(gradient.reshape(-1)))[:per_parameter]
            others = random.integers(0, gradient.size, per_parameter)
            check_entries(
                lambda: weigh(model.predict(inputs), weights),
                parameter,
                gradient,
                numpy.concatenate([steepest, others]),
                f"{node.name}: {name}",
            )
            checked += abs(gradient).max() > 0
    assert checked, "no parameter got a gradient"
