"""Convolutional encoder whose windows widen from layer to layer.

Names of programmes are long: with windows of one token a side, four layers see four characters a
side; with dilations of 1, 2, 4 and 8 the same work sees fifteen. Source: Yu and Koltun (2016),
"Multi-Scale Context Aggregation by Dilated Convolutions"; Strubell et al. (2017), "Fast and
Accurate Entity Recognition with Iterated Dilated Convolutions".
"""

from collections.abc import Callable

import numpy
from thinc.api import Maxout, Model, Ops
from thinc.types import Floats2d

Rows = list[Floats2d]
Bools1d = numpy.ndarray


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
    before = ops.asarray(numpy.concatenate(places))
    behind = ops.asarray(numpy.concatenate([place[::-1] for place in places]))
    X = ops.xp.concatenate(sequences)
    ways = []
    for layer, dilation in zip(model.layers, model.attrs["dilations"]):
        windows = expand(ops, X, before < dilation, behind < dilation, dilation)
        # In use no layer keeps for its way back what a long text cannot spare.
        if is_train:
            Y, way = layer(windows, is_train)
            ways.append(way)
        else:
            Y = layer.predict(windows)
        X = X + Y

    def backprop(d_encoded: Rows) -> Rows:
        dX = ops.xp.concatenate(d_encoded)
        for way, dilation in zip(reversed(ways), reversed(model.attrs["dilations"])):
            dX = dX + gather(way(dX), before < dilation, behind < dilation, dilation)
        return ops.xp.split(dX, cuts)

    return ops.xp.split(X, cuts), backprop


def expand(ops: Ops, X: Floats2d, first: Bools1d, last: Bools1d, dilation: int) -> Floats2d:
    """Lay each row between the two that stand `dilation` rows before and behind it.

    ops (Ops): of the model.
    X (Floats2d): rows of sequences that lie one behind the other, shape (rows, width).
    first (Bools1d): whether a row stands among the first `dilation` rows of its sequence.
    last (Bools1d): whether it stands among the last.
    dilation (int): distance in rows.
    RETURNS (Floats2d): shape (rows, 3 * width); zeros beyond the ends of a sequence.
    """
    distance = min(dilation, len(X))
    rows, width = X.shape
    Y = ops.alloc2f(rows, 3 * width, zeros=False)
    Y[distance:, :width] = X[: rows - distance]
    Y[:, width : 2 * width] = X
    Y[: rows - distance, 2 * width :] = X[distance:]
    Y[first, :width] = 0
    Y[last, 2 * width :] = 0
    return Y


def gather(dY: Floats2d, first: Bools1d, last: Bools1d, dilation: int) -> Floats2d:
    """Add up the gradients of a row's places in the windows: the way back of `expand`.

    dY (Floats2d): gradient of the windows, shape (rows, 3 * width); is changed.
    first (Bools1d): as for `expand`.
    last (Bools1d): as for `expand`.
    dilation (int): distance in rows.
    RETURNS (Floats2d): gradient of the rows, shape (rows, width).
    """
    distance = min(dilation, len(dY))
    rows, width = len(dY), dY.shape[1] // 3
    dY[first, :width] = 0
    dY[last, 2 * width :] = 0
    dX = dY[:, width : 2 * width].copy()
    dX[: rows - distance] += dY[distance:, :width]
    dX[distance:] += dY[: rows - distance, 2 * width :]
    return dX
