"""Pool windows of rows to one row each, forward and back, without a loop over windows."""

from collections.abc import Callable

import numpy
from thinc.api import Ops
from thinc.types import Floats2d, Ints1d, Ints2d


def window_rows(windows: Ints2d) -> tuple[Ints1d, Ints1d]:
    """List the rows of each window, behind a row 0 that stands for padding.

    windows (Ints2d): start and end row of each window, shape (windows, 2).
    RETURNS (tuple[Ints1d, Ints1d]): row numbers counted from 1, with a 0 in front of each window,
        so that no window is empty; and the length of each window with its 0.
    """
    sizes = windows[:, 1] - windows[:, 0] + 1
    first = numpy.cumsum(sizes) - sizes
    steps = numpy.arange(int(sizes.sum())) - numpy.repeat(first, sizes)
    rows = numpy.where(steps == 0, 0, steps + numpy.repeat(windows[:, 0], sizes))
    return rows, sizes.astype("int32")


def pool_max(
    ops: Ops, X: Floats2d, windows: Ints2d
) -> tuple[Floats2d, Callable[[Floats2d], Floats2d]]:
    """Highest value of each column in each window, at least 0.

    ops (Ops): the backend.
    X (Floats2d): shape (rows, width).
    windows (Ints2d): start and end row of each window, shape (windows, 2).
    RETURNS (tuple[Floats2d, Callable]): shape (windows, width), and the way back.
    """
    if not len(windows):
        return ops.alloc2f(0, X.shape[1]), lambda dY: ops.alloc2f(*X.shape)
    rows, lengths = window_rows(windows)
    sizes, inside = ops.asarray1i(lengths), rows > 0
    padded = ops.alloc2f(len(rows), X.shape[1])
    padded[inside] = X[rows[inside] - 1]
    Y, which = ops.reduce_max(padded, sizes)

    def backprop(dY: Floats2d) -> Floats2d:
        d_rows = ops.backprop_reduce_max(dY, which, sizes)
        dX = ops.alloc2f(*X.shape)
        ops.scatter_add(dX, ops.asarray1i(rows[inside] - 1), ops.as_contig(d_rows[inside]))
        return dX

    return Y, backprop


def pool_span(
    ops: Ops, X: Floats2d, spans: Ints2d
) -> tuple[Floats2d, Callable[[Floats2d], Floats2d]]:
    """First row, last row and mean of each span, side by side.

    ops (Ops): the backend.
    X (Floats2d): shape (rows, width).
    spans (Ints2d): start and end row of each span, none empty, shape (spans, 2).
    RETURNS (tuple[Floats2d, Callable]): shape (spans, 3 * width), and the way back.
    """
    width = X.shape[1]
    if not len(spans):
        return ops.alloc2f(0, 3 * width), lambda dY: ops.alloc2f(*X.shape)
    rows, sizes = window_rows(spans)
    inside = numpy.ones(len(rows), dtype=bool)
    inside[numpy.cumsum(sizes) - sizes] = False
    rows, lengths = rows[inside] - 1, ops.asarray1i(sizes - 1)
    first, last = spans[:, 0], spans[:, 1] - 1
    mean = ops.reduce_mean(X[rows], lengths)

    def backprop(dY: Floats2d) -> Floats2d:
        dX = ops.alloc2f(*X.shape)
        ops.scatter_add(dX, ops.asarray1i(first), ops.as_contig(dY[:, :width]))
        ops.scatter_add(dX, ops.asarray1i(last), ops.as_contig(dY[:, width : 2 * width]))
        d_mean = ops.backprop_reduce_mean(ops.as_contig(dY[:, 2 * width :]), lengths)
        ops.scatter_add(dX, ops.asarray1i(rows), d_mean)
        return dX

    return ops.xp.hstack([X[first], X[last], mean]), backprop
