"""Candidate links: which heads each quantity may have, and what stands between the two."""

from collections.abc import Iterator, Sequence
from typing import NamedTuple

import numpy
from spacy.tokens import Doc
from thinc.types import Ints1d, Ints2d, Ints3d

from ..schema import HEADS, LABELS, QUANTITIES
from .distribution import distribute
from .layout import EntitySpan, Layout, count_before, lay_out
from .lists import N_LIST_FEATURES, describe_lists
from .mentions import KINDS, Mentions, describe_mentions, join_mentions
from .sentences import N_SENTENCE_FEATURES, describe_sentences
from .windows import bucket, table, windows
from .wording import N_WORDING_FEATURES, describe_wording

# Heads considered on each side of a quantity. Nearly all links of the corpus are among them.
BEFORE, AFTER = 12, 8
# How far the windows reach, in tokens: a quantity's sentence, the clause behind it, the start of
# its paragraph (下一步…), and what stands between it and a head.
SENTENCE, BEHIND, OPENING, BETWEEN = 80, 16, 16, 24
SENTENCE_ENDS, CLAUSE_ENDS = ("。",), (",", ";", "。")
MARKS = ("、", ",", ";", "。", ":", "“")
N_PAIR_FEATURES = 16
N_FEATURES = N_PAIR_FEATURES + N_LIST_FEATURES + N_SENTENCE_FEATURES + N_WORDING_FEATURES
N_CONTEXTS = 4


class Candidates(NamedTuple):
    """Candidate links of a batch; all rows are rows of the batch's visible tokens.

    spans (Ints2d): start and end row of each entity, shape (entities, 2).
    quantities (Ints1d): index of each quantity among the entities.
    pairs (Ints2d): head and quantity of each candidate, indices of entities, shape (pairs, 2).
    contexts (Ints3d): windows where a quantity's role may show: its clause and its sentence up to
        it, the clause behind it, the start of its paragraph; shape (N_CONTEXTS, quantities, 2).
    between (Ints2d): window between the two of each pair, start and end row.
    features (Ints2d): what is known of each pair without the text, shape (pairs, N_FEATURES).
    mentions (Mentions): the entities as sequences.
    """

    spans: Ints2d
    quantities: Ints1d
    pairs: Ints2d
    contexts: Ints3d
    between: Ints2d
    features: numpy.ndarray
    mentions: Mentions


def find_candidates(doc: Doc, entities: Sequence[EntitySpan], offset: int = 0) -> Candidates:
    """Pair each quantity with the heads near it in its paragraph.

    doc (Doc): a document from the report tokeniser.
    entities (Sequence[EntitySpan]): its entities in text order, gold or predicted, and openings of
        its paragraphs.
    offset (int): the row of the document's first visible token in the batch.
    RETURNS (Candidates): the candidates of this document.
    """
    layout = lay_out(doc, entities)
    labels, where, starts, ends = layout.labels, layout.where, layout.starts, layout.ends
    is_head = numpy.array([label in HEADS for label in labels], dtype=bool)
    heads = numpy.flatnonzero(is_head)
    quantities = numpy.array([i for i, x in enumerate(labels) if x in QUANTITIES], dtype="int64")

    pairs: list[tuple[int, int]] = []
    ranks: list[tuple[int, int]] = []
    for quantity in quantities.tolist():
        at = int(numpy.searchsorted(heads, quantity))
        near = heads[max(0, at - BEFORE) : at + AFTER]
        seen: dict[tuple[str, bool], int] = {}
        order = [*reversed(near[near < quantity].tolist()), *near[near > quantity].tolist()]
        for head in order:
            if where[head] != where[quantity]:
                continue
            key = (labels[head], head < quantity)
            seen[key] = seen.get(key, -1) + 1
            pairs.append((head, quantity))
            ranks.append((seen[key], seen.get((labels[head], True), -1) + 1))
    pair = numpy.array(pairs, dtype="int64").reshape(-1, 2)

    limits = find_limits(layout, quantities)
    contexts = find_contexts(layout, quantities, limits)
    around = numpy.stack([windows(*limits.clause), windows(*limits.sentence)])
    first, last = pair.min(axis=1), pair.max(axis=1)
    gap_end = starts[last]
    gap_start = numpy.minimum(ends[first], gap_end)
    described = [
        describe_pairs(layout, pair, ranks, first, last, gap_start, gap_end),
        describe_lists(layout, pair),
        describe_sentences(layout, pair),
        describe_wording(layout, pair, around[:, numpy.searchsorted(quantities, pair[:, 1])]),
    ]
    between = windows(numpy.maximum(gap_start, gap_end - BETWEEN), gap_end)
    mentions = describe_mentions(layout)
    return Candidates(
        windows(starts, ends) + offset,
        quantities,
        pair,
        contexts + offset,
        between + offset,
        numpy.hstack(described),
        mentions._replace(gaps=mentions.gaps + offset),
    )


class Limits(NamedTuple):
    """Where the paragraph of each quantity begins; where its sentence and clause begin and end."""

    opening: Ints1d
    sentence: tuple[Ints1d, Ints1d]
    clause: tuple[Ints1d, Ints1d]


def find_limits(layout: Layout, quantities: Ints1d) -> Limits:
    """Find what each quantity stands in.

    layout (Layout): the entities of a document.
    quantities (Ints1d): which of them are quantities.
    RETURNS (Limits): rows for each quantity; an end is behind the mark that stands there.
    """
    where = layout.where[quantities]
    opening, closing = layout.edges[where], layout.edges[where + 1]
    found = []
    for marks in (SENTENCE_ENDS, CLAUSE_ENDS):
        cuts = numpy.flatnonzero(layout.find(marks)) + 1
        behind = numpy.searchsorted(cuts, layout.ends[quantities], side="right")
        start = numpy.maximum(opening, before(cuts, layout.starts[quantities]))
        found.append((start, numpy.minimum(closing, numpy.append(cuts, len(layout.norms))[behind])))
    return Limits(opening, *found)


def find_contexts(layout: Layout, quantities: Ints1d, limits: Limits) -> Ints3d:
    """Find the windows around each quantity.

    layout (Layout): the entities of a document.
    quantities (Ints1d): which of them are quantities.
    limits (Limits): what each of them stands in.
    RETURNS (Ints3d): as `Candidates.contexts`.
    """
    starts, ends = layout.starts[quantities], layout.ends[quantities]
    return numpy.stack(
        [
            windows(numpy.maximum(limits.clause[0], starts - SENTENCE), starts),
            windows(numpy.maximum(limits.sentence[0], starts - SENTENCE), starts),
            windows(ends, numpy.minimum(limits.clause[1], ends + BEHIND)),
            windows(limits.opening, numpy.minimum(starts, limits.opening + OPENING)),
        ]
    )


def before(cuts: Ints1d, rows: Ints1d) -> Ints1d:
    """The last cut at or before each row, 0 where there is none."""
    at = numpy.searchsorted(cuts, rows, side="right")
    return numpy.concatenate([[0], cuts])[at]


def describe_pairs(
    layout: Layout,
    pair: Ints2d,
    ranks: list[tuple[int, int]],
    first: Ints1d,
    last: Ints1d,
    gap_start: Ints1d,
    gap_end: Ints1d,
) -> numpy.ndarray:
    """Describe each pair: types, distance, what stands between, rank among rivals, 分别."""
    if not len(pair):
        return numpy.zeros((0, N_PAIR_FEATURES), dtype="uint64")
    norms = layout.norms
    codes = numpy.array([KINDS[label] for label in layout.labels])
    forward = (pair[:, 0] < pair[:, 1]).astype("int64")
    types = (codes[pair[:, 0]] * 8 + codes[pair[:, 1]]) * 2 + forward
    distance = bucket(gap_end - gap_start)
    columns = [types, distance * 2 + forward]
    counts = []
    for mark in MARKS:
        seen = count_before(layout.find([mark]))
        counts.append(numpy.minimum(3, seen[gap_end] - seen[gap_start]))
    columns.append(numpy.minimum(counts[0], 2) * 16 + counts[1] * 4 + counts[2])
    columns.append(counts[3] * 16 + counts[4] * 4 + counts[5])
    for label in LABELS:
        seen = count_before(codes == KINDS[label])
        columns.append(numpy.minimum(4, seen[last] - seen[first + 1]))
    rank = numpy.array(ranks)
    columns.append(numpy.minimum(rank[:, 0], 6) * 8 + types % 2 * 4 + codes[pair[:, 0]])
    columns.append(numpy.minimum(rank[:, 1], 3) * 64 + types)
    columns.append(distribute(layout, pair))
    # The words of a short gap, and the tokens at its two ends.
    padded = numpy.concatenate([numpy.zeros(1, dtype="uint64"), norms, numpy.zeros(4, "uint64")])
    short = numpy.zeros(len(pair), dtype="uint64")
    for i in range(4):
        inside = gap_start + i < gap_end
        step = padded[numpy.minimum(gap_start + 1 + i, len(padded) - 1)]
        short = numpy.where(inside, short * numpy.uint64(0x100000001B3) ^ step, short)
    short = numpy.where(gap_end - gap_start <= 4, short, numpy.uint64(1))
    words = [short, padded[gap_start + 1], padded[gap_end]]
    words.append(padded[gap_start + 1] * numpy.uint64(3) ^ padded[gap_end])
    return table([*columns, *words])


def join_candidates(parts: list[Candidates]) -> Candidates:
    """Join the candidates of several documents, whose rows are rows of the batch already.

    parts (list[Candidates]): the candidates of each document.
    RETURNS (Candidates): all of them, with indices of entities over the batch.
    """
    shift = numpy.cumsum([0, *(len(part.spans) for part in parts)])
    return Candidates(
        numpy.concatenate([p.spans for p in parts]),
        numpy.concatenate([p.quantities + s for p, s in zip(parts, shift)]),
        numpy.concatenate([p.pairs + s for p, s in zip(parts, shift)]),
        numpy.concatenate([p.contexts for p in parts], axis=1),
        numpy.concatenate([p.between for p in parts]),
        numpy.concatenate([p.features for p in parts]),
        join_mentions([p.mentions for p in parts]),
    )


def cut_candidates(candidates: Candidates, size: int) -> Iterator[Candidates]:
    """Cut candidates by their quantities, which bounds the memory that scoring them needs.

    candidates (Candidates): of one document or of several.
    size (int): quantities in a part, at most.
    YIELDS (Candidates): the parts, in order, each with all entities; without quantities it is one.
    """
    if not len(candidates.quantities):
        yield candidates
    for start in range(0, len(candidates.quantities), size):
        quantities = candidates.quantities[start : start + size]
        first, last = numpy.searchsorted(
            candidates.pairs[:, 1], [quantities[0], quantities[-1] + 1]
        ).tolist()
        yield candidates._replace(
            quantities=quantities,
            pairs=candidates.pairs[first:last],
            contexts=candidates.contexts[:, start : start + size],
            between=candidates.between[first:last],
            features=candidates.features[first:last],
        )
