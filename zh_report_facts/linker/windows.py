"""Windows of rows, classes of distances, tables of codes: what candidates are described with."""

from collections.abc import Sequence

import numpy
from thinc.types import Ints1d, Ints2d

BUCKETS = numpy.array([0, 1, 2, 3, 4, 5, 7, 9, 12, 16, 24, 40, 64, 128])


def bucket(values: numpy.ndarray) -> numpy.ndarray:
    """Sort counts and distances into classes that widen."""
    return numpy.searchsorted(BUCKETS, values, side="right")


def windows(starts: Ints1d, ends: Ints1d) -> Ints2d:
    """Pair start and end rows; a window that would end before it starts is empty."""
    both = numpy.stack([starts, numpy.maximum(starts, ends)], axis=1)
    return both.astype("int64")


def table(columns: Sequence[numpy.ndarray]) -> numpy.ndarray:
    """Lay columns of codes side by side, as the features that are embedded."""
    return numpy.stack([column.astype("uint64") for column in columns], axis=1)
