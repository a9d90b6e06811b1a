"""Lists that a text hands out one by one: 甲、乙分别为3人、4人 gives 甲 the three, 乙 the four.

Whatever stands nearest is wrong there for all but one of the quantities, and neither vectors nor
windows count along two lists at once.
"""

from collections.abc import Callable
from itertools import groupby

import numpy
from thinc.types import Ints1d, Ints2d

from ..schema import HEADS, LABELS
from .layout import Layout
from .lists import JOINS

# What says that two lists run side by side, as two tokens or as one.
ADVERBS = (("分", "别"), ("依", "次"))
# Between the heads of a list a few words may stand besides what joins them: 甲人数、乙人数.
WORDS = 6
STOPS = ("。", ";")
# What a pair is: of a quantity that no list hands out; of the same place in the two lists; of two
# places; of a quantity that goes to other heads.
NONE, SAME, OTHER, ASIDE = range(4)

# The place of each head among those that a list of quantities goes to.
Owners = dict[int, int]


def distribute(layout: Layout, pairs: Ints2d) -> Ints1d:
    """Tell which pairs of head and quantity have the same place in two lists.

    layout (Layout): the entities of a document.
    pairs (Ints2d): head and quantity of each pair, indices of entities, shape (pairs, 2).
    RETURNS (Ints1d): NONE, SAME, OTHER or ASIDE for each pair.
    """
    codes = numpy.full(len(pairs), NONE, dtype="int64")
    adverbs = find_adverbs(layout)
    if not adverbs.any():
        return codes
    labels, where, starts, ends = layout.labels, layout.where, layout.starts, layout.ends
    joins, commas = layout.find(JOINS), layout.find([","])
    stops = numpy.cumsum(layout.find(STOPS))
    is_head = [label in HEADS for label in labels]

    def joined(first: int, second: int) -> bool:
        gap = slice(ends[first], starts[second])
        if is_head[first] != is_head[second] or not joins[gap].any():
            return False
        if not is_head[first]:
            return bool(joins[gap].all())
        return gap.stop - gap.start <= WORDS and not commas[gap].any()

    handed: dict[int, tuple[int, Owners]] = {}
    entities = [i for i, label in enumerate(labels) if label in LABELS]
    for _, sentence in groupby(entities, lambda i: (where[i], stops[starts[i]])):
        lists = find_lists(list(sentence), joined)
        first = lists[0][0]
        opens = numpy.searchsorted(stops, stops[starts[first]])
        edges = [max(layout.edges[where[first]], opens), *(ends[x[-1]] for x in lists)]
        led = [bool(adverbs[end : starts[x[0]]].any()) for end, x in zip(edges, lists)]
        owners: Owners = {}
        for at, members in enumerate(lists):
            if is_head[members[0]]:
                owners = {}
            elif len(members) > 1:
                # A second list goes where the first went: 分别从2、3增至4、5.
                if len(set(owners.values())) != len(members):
                    owners = find_owners(lists, at, led, is_head)
                handed |= {member: (place, owners) for place, member in enumerate(members)}
    for row, (head, quantity) in enumerate(pairs.tolist()):
        place, owners = handed.get(quantity, (0, {}))
        if owners:
            rank = owners.get(head)
            codes[row] = ASIDE if rank is None else SAME if rank == place else OTHER
    return codes


def find_adverbs(layout: Layout) -> numpy.ndarray:
    """Mark the first row of each adverb that hands out."""
    found = layout.find(["".join(adverb) for adverb in ADVERBS])
    for first, second in ADVERBS:
        found[:-1] |= layout.find([first])[:-1] & layout.find([second])[1:]
    return found


def find_lists(members: list[int], joined: Callable[[int, int], bool]) -> list[list[int]]:
    """Cut a sentence's entities into lists, each member joined to the one before."""
    lists: list[list[int]] = []
    for member in members:
        if lists and joined(lists[-1][-1], member):
            lists[-1].append(member)
        else:
            lists.append([member])
    return lists


def find_owners(lists: list[list[int]], at: int, led: list[bool], is_head: list[bool]) -> Owners:
    """Find the heads that a list of quantities goes to.

    lists (list[list[int]]): the lists of a sentence, indices of entities.
    at (int): which of them is handed out.
    led (list[bool]): whether an adverb stands right before each list.
    is_head (list[bool]): whether an entity is a head, else it is a quantity.
    RETURNS (Owners): none if no adverb leads or follows the list, or no heads fit it.
    """
    size = len(lists[at])
    heads = [x if is_head[x[0]] else [] for x in lists]
    fits = [x if len(x) == size else [] for x in heads]
    # Other heads may stand between the adverb and the list: 分别发放补贴3元、4元.
    start = at
    while start and heads[start - 1] and not led[start]:
        start -= 1
    groups: list[list[int]] = []
    if led[start]:
        owner = next(filter(None, [*reversed(fits[:start]), *fits[at + 1 : at + 2]]), [])
        groups = [[x] for x in owner]
        if not owner and start and not heads[start - 1]:
            # Heads that each had a quantity already: 甲3人，乙4人，分别增长5%、6%.
            each = [x for x, y in zip(heads, heads[1:start]) if x and not y]
            groups = each if len(each) == size else []
    elif any(led[at + 1 : at + 2]):
        groups = [[x] for x in fits[at + 1]]
    return {head: place for place, group in enumerate(groups) for head in group}
