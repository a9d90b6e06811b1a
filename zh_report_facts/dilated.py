"""Convolutional encoder whose windows widen from layer to layer.

Names of programmes are long: with windows of one token a side, four layers see four characters a
side; with dilations of 1, 2, 4 and 8 the same work sees fifteen. Source: Yu and Koltun (2016),
"Multi-Scale Context Aggregation by Dilated Convolutions"; Strubell et al. (2017), "Fast and
Accurate Entity Recognition with Iterated Dilated Convolutions".
"""

from collections.abc import Callable
from typing import Any

import numpy
from thinc.api import Maxout, Model
from thinc.types import Floats2d

Rows = list[Floats2d]


def build_dilated_encoder(
    width: int, dilations: list[int], maxout_pieces: int
) -> Model[list[Floats2d], list[Floats2d]]:
    """Encode context by convolutions of three rows each, a layer for each dilation.

    width (int): width of the rows, in and out.
    dilations (list[int]): how far a layer's outer rows stand from its middle row, in rows.
    maxout_pieces (int): pieces of each layer's maxout.
    RETURNS (Model[list[Floats2d], list[Floats2d]]): one row for each row of each sequence.
    """
    return Model(
        "dilated",
        forward,
        init=init,
        layers=[
            Maxout(width, 3 * width, nP=maxout_pieces, dropout=0.0, normalize=True)
            for _ in dilations
        ],
        dims={"nO": width, "nI": width},
        attrs={"dilations": dilations},
    )


def init(model: Model[Rows, Rows], X: Rows | None = None, Y: Rows | None = None) -> None:
    for layer in model.layers:
        layer.initialize()


def forward(
    model: Model[Rows, Rows], sequences: Rows, is_train: bool
) -> tuple[Rows, Callable[[Rows], Rows]]:
    ops = model.ops
    if not sequences:
        return [], lambda d_sequences: []
    lengths = [len(sequence) for sequence in sequences]
    cuts = numpy.cumsum(lengths)[:-1].tolist()
    places = [numpy.arange(length) for length in lengths]
    # How many rows of its sequence stand before each row, and how many behind.
    before = numpy.concatenate(places)
    behind = numpy.concatenate([place[::-1] for place in places])
    dilations = model.attrs["dilations"]
    limits = {
        dilation: (
            ops.asarray(numpy.flatnonzero(before < dilation)),
            ops.asarray(numpy.flatnonzero(behind < dilation)),
        )
        for dilation in set(dilations)
    }
    X = ops.xp.concatenate(sequences)
    ways = []
    for layer, dilation in zip(model.layers, dilations):
        windows = ops.alloc2f(len(X), 3 * X.shape[1], zeros=False)
        lay_windows(X, windows, *limits[dilation], dilation)
        # In use no layer keeps for its way back what a long text cannot spare.
        if is_train:
            Y, way = layer(windows, is_train)
            ways.append(way)
        else:
            Y = layer.predict(windows)
        X = X + Y

    def backprop(d_encoded: Rows) -> Rows:
        dX = ops.xp.concatenate(d_encoded)
        for way, dilation in zip(reversed(ways), reversed(dilations)):
            d_windows = way(dX)
            dX = dX + middle(d_windows)
            add_sides(d_windows, dX, *limits[dilation], dilation)
        return ops.xp.split(dX, cuts)

    return ops.xp.split(X, cuts), backprop


def lay_windows(X: Any, windows: Any, first: Any, last: Any, dilation: int) -> None:
    """Lay each row between the two that stand `dilation` rows before and behind it.

    X (Floats2d | Tensor): rows of sequences that lie one behind the other, shape (rows, width).
    windows (Floats2d | Tensor): is filled, shape (rows, 3 * width); zeros beyond a sequence's ends.
    first (Ints1d | Tensor): which rows stand among the first `dilation` rows of their sequence,
        as indices or as booleans.
    last (Ints1d | Tensor): which stand among the last.
    dilation (int): distance in rows.
    """
    rows, width = X.shape
    distance = min(dilation, rows)
    windows[distance:, :width] = X[: rows - distance]
    windows[:, width : 2 * width] = X
    windows[: rows - distance, 2 * width :] = X[distance:]
    windows[first, :width] = 0
    windows[last, 2 * width :] = 0


def middle(windows: Any) -> Any:
    """Give the rows that windows were laid around, as a view."""
    width = windows.shape[1] // 3
    return windows[:, width : 2 * width]


def add_sides(d_windows: Any, dX: Any, first: Any, last: Any, dilation: int) -> None:
    """Add a row's gradients in the windows of its neighbours: the way back of `lay_windows`.

    d_windows (Floats2d | Tensor): gradient of the windows; is changed.
    dX (Floats2d | Tensor): gradient of the rows so far, shape (rows, width); is added to.
    first (Ints1d | Tensor): as for `lay_windows`.
    last (Ints1d | Tensor): the same.
    dilation (int): the same.
    """
    rows, width = dX.shape
    distance = min(dilation, rows)
    d_windows[first, :width] = 0
    d_windows[last, 2 * width :] = 0
    dX[: rows - distance] += d_windows[distance:, :width]
    dX[distance:] += d_windows[: rows - distance, 2 * width :]
