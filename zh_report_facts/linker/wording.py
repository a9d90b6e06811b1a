"""Words that a head shares with the sentence of a quantity: they tell what a number is about.

Of 儿童康复训练 and 家长培训, 在训儿童60名 measures the one whose 儿童 it repeats. Pairs of tokens
stand for words, as a shortened name cuts through words.
"""

import numpy
from thinc.types import Ints1d, Ints2d, Ints3d

from .layout import Layout
from .windows import table

# Pairs of these are in most names and tell nothing: 残疾人.
COMMON = ("残", "疾", "人")
N_WORDING_FEATURES = 2


def describe_wording(layout: Layout, pairs: Ints2d, around: Ints3d) -> numpy.ndarray:
    """Describe what the head of each pair shares with the surroundings of its quantity.

    layout (Layout): the entities of a document.
    pairs (Ints2d): head and quantity of each pair, indices of entities, shape (pairs, 2).
    around (Ints3d): windows around the quantity of each pair, shape (N_WORDING_FEATURES, pairs, 2).
    RETURNS (numpy.ndarray): for each window, how much of the head stands in it outside the head,
        and how much of that other head of its label which has most there; shape
        (pairs, N_WORDING_FEATURES).
    """
    if not len(pairs):
        return numpy.zeros((0, N_WORDING_FEATURES), dtype="uint64")
    bigrams = find_bigrams(layout)
    # Where each of them stands, sorted by what it is and then by its row.
    size = len(bigrams) + 1
    places = numpy.sort(bigrams * size + numpy.arange(len(bigrams)))
    head, quantity = pairs[:, 0], pairs[:, 1]
    starts, ends = layout.starts[head], layout.ends[head] - 1
    lengths = ends - starts
    owner = numpy.repeat(numpy.arange(len(pairs)), lengths)
    rows = numpy.arange(len(owner)) - numpy.repeat(numpy.cumsum(lengths) - ends, lengths)
    told = bigrams[rows] > 0
    owner, rows = owner[told], rows[told]

    def count(window: Ints2d) -> Ints1d:
        low, high = numpy.searchsorted(places, bigrams[rows] * size + window[owner].T)
        return high - low

    is_program = numpy.array([label == "PROGRAM" for label in layout.labels])[head]
    kind = is_program * 2 + (head < quantity)
    columns = []
    for window in around:
        # A pair of tokens stands in the window if it starts there before the last token.
        low, high = window[:, :1], numpy.maximum(window[:, :1], window[:, 1:] - 1)
        own = numpy.clip(numpy.stack([starts, ends], axis=1), low, high)
        repeated = count(numpy.hstack([low, high])) > count(own)
        shared = numpy.minimum(numpy.bincount(owner, repeated, len(pairs)).astype("int64"), 4)
        columns.append((shared * 5 + highest_other(shared, quantity * 2 + is_program)) * 4 + kind)
    return table(columns)


def find_bigrams(layout: Layout) -> Ints1d:
    """Number the pairs of neighbouring tokens.

    layout (Layout): the entities of a document.
    RETURNS (Ints1d): a number for the pair that starts at each row; 0 for one that tells nothing.
    """
    common = layout.find(COMMON)
    codes = numpy.unique(layout.norms, return_inverse=True)[1].astype("int64")
    both = codes[:-1] * len(codes) + codes[1:]
    numbers = numpy.unique(both, return_inverse=True)[1] + 1
    return numpy.append(numpy.where(common[:-1] & common[1:], 0, numbers), 0)


def highest_other(values: Ints1d, groups: Ints1d) -> Ints1d:
    """Find the highest value among the others of each one's group.

    values (Ints1d): not below 0.
    groups (Ints1d): the group of each value.
    RETURNS (Ints1d): as many values; 0 for one that is alone.
    """
    order = numpy.lexsort((-values, groups))
    ranked, ranked_groups = values[order], groups[order]
    opens = numpy.append(True, ranked_groups[1:] != ranked_groups[:-1])
    leaders = numpy.flatnonzero(opens)
    seconds = numpy.append(numpy.where(opens[1:], 0, ranked[1:]), 0)[leaders]
    result = numpy.empty_like(values)
    group = numpy.cumsum(opens) - 1
    result[order] = numpy.where(opens, seconds[group], ranked[leaders][group])
    return result
