"""Convolutional encoder whose windows widen from layer to layer.

Names of programmes are long: with windows of one token a side, four layers see four characters a
side; with dilations of 1, 2, 4 and 8 the same work sees fifteen. Source: Yu and Koltun (2016),
"Multi-Scale Context Aggregation by Dilated Convolutions"; Strubell et al. (2017), "Fast and
Accurate Entity Recognition with Iterated Dilated Convolutions".
"""

from collections.abc import Callable

from thinc.api import Maxout, Model, chain, residual, with_array
from thinc.layers.chain import init as init_chain
from thinc.types import Floats2d


def build_dilated_encoder(
    width: int, dilations: list[int], maxout_pieces: int
) -> Model[list[Floats2d], list[Floats2d]]:
    """Encode context by convolutions of three rows each, a layer for each dilation.

    width (int): width of the rows, in and out.
    dilations (list[int]): how far a layer's outer rows stand from its middle row, in rows.
    maxout_pieces (int): pieces of each layer's maxout.
    RETURNS (Model[list[Floats2d], list[Floats2d]]): one row for each row of each sequence.
    """
    layers = [
        residual(
            chain(
                expand_dilated(dilation),
                Maxout(width, 3 * width, nP=maxout_pieces, dropout=0.0, normalize=True),
            )
        )
        for dilation in dilations
    ]
    inner: Model[Floats2d, Floats2d] = Model(
        "stack", forward_stack, init=init_chain, layers=layers, dims={"nO": width, "nI": width}
    )
    return with_array(inner, pad=sum(dilations))


def forward_stack(
    model: Model[Floats2d, Floats2d], X: Floats2d, is_train: bool
) -> tuple[Floats2d, Callable[[Floats2d], Floats2d]]:
    # As thinc's chain, but in use no layer keeps for its way back what a long text cannot spare.
    ways = []
    for layer in model.layers:
        if is_train:
            X, way = layer(X, is_train)
            ways.append(way)
        else:
            X = layer.predict(X)

    def backprop(dY: Floats2d) -> Floats2d:
        for way in reversed(ways):
            dY = way(dY)
        return dY

    return X, backprop


def expand_dilated(dilation: int) -> Model[Floats2d, Floats2d]:
    """Lay each row between the two that stand `dilation` rows before and behind it.

    dilation (int): distance in rows.
    RETURNS (Model[Floats2d, Floats2d]): rows three times as wide; zeros beyond the ends.
    """
    return Model("expand_dilated", forward, attrs={"dilation": dilation})


def forward(
    model: Model[Floats2d, Floats2d], X: Floats2d, is_train: bool
) -> tuple[Floats2d, Callable[[Floats2d], Floats2d]]:
    distance = min(model.attrs["dilation"], X.shape[0])
    rows, width = X.shape
    Y = model.ops.alloc2f(rows, 3 * width)
    Y[distance:, :width] = X[: rows - distance]
    Y[:, width : 2 * width] = X
    Y[: rows - distance, 2 * width :] = X[distance:]

    def backprop(dY: Floats2d) -> Floats2d:
        dX = dY[:, width : 2 * width].copy()
        dX[: rows - distance] += dY[distance:, :width]
        dX[distance:] += dY[: rows - distance, 2 * width :]
        return dX

    return Y, backprop
