"""Lists of heads, which a quantity mostly measures as a whole or not at all.

In 甲、乙、丙等共3次 what stands between 甲 and the quantity are the other members. What decides
whether the list is measured stands behind its end, and only 丙 is near that.
"""

import numpy
from thinc.types import Ints1d, Ints2d

from ..schema import HEADS
from .layout import Layout, count_before
from .windows import bucket, table

# What joins the members of a list.
JOINS = ("、", "和", "与", "及", "以", ",")
N_LIST_FEATURES = 4


def describe_lists(layout: Layout, pairs: Ints2d) -> numpy.ndarray:
    """Describe the list that the head of each pair is a member of, alone or with others.

    layout (Layout): the entities of a document.
    pairs (Ints2d): head and quantity of each pair, indices of entities, shape (pairs, 2).
    RETURNS (numpy.ndarray): the list's length, and whether the head is its nearest member; how far
        the list is from the quantity; how many entities stand between the two; the word at the
        list's end that faces the quantity. Shape (pairs, N_LIST_FEATURES).
    """
    if not len(pairs):
        return numpy.zeros((0, N_LIST_FEATURES), dtype="uint64")
    starts, ends = layout.starts, layout.ends
    opens, closes = find_list_ends(layout)
    head, quantity = pairs[:, 0], pairs[:, 1]
    forward = head < quantity
    edge = numpy.where(forward, closes[head], opens[head])
    length = numpy.minimum(closes[head] - opens[head] + 1, 4)
    gap = numpy.where(forward, starts[quantity] - ends[edge], starts[edge] - ends[quantity])
    between = numpy.minimum(numpy.abs(quantity - edge) - 1, 5)
    facing = numpy.where(forward, ends[edge], numpy.maximum(starts[edge] - 1, 0))
    columns = [
        length * 4 + (edge == head) * 2 + forward,
        bucket(numpy.maximum(gap, 0)) * 8 + length,
        between * 8 + length,
        layout.words(facing),
    ]
    return table(columns)


def find_list_ends(layout: Layout) -> tuple[Ints1d, Ints1d]:
    """Find the lists of heads of one label; what is no head is alone.

    layout (Layout): the entities of a document.
    RETURNS (tuple[Ints1d, Ints1d]): index of the first and of the last member of the list that each
        entity is in.
    """
    where, starts, ends = layout.where, layout.starts, layout.ends
    words = count_before(~layout.find(JOINS))
    index = numpy.arange(len(starts))
    names = numpy.array([label if label in HEADS else "" for label in layout.labels])
    alike = (names[1:] == names[:-1]) & (names[1:] != "") & (where[1:] == where[:-1])
    joined = alike & (starts[1:] > ends[:-1]) & (words[starts[1:]] == words[ends[:-1]])
    opens = numpy.maximum.accumulate(numpy.where(numpy.append(False, joined), 0, index))
    last = numpy.where(numpy.append(joined, False), len(starts), index)
    return opens, numpy.minimum.accumulate(last[::-1])[::-1]
