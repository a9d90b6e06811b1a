"""The entities of a document as a sequence: each with what stands between it and the one before.

Roles run through a text: where one number is a target, its neighbours mostly are, and a head that
serves one number often serves the next. So each entity is to know its neighbours, and the openings
of the paragraphs among them: a heading may be all that tells a plan from what was done.
"""

from collections.abc import Sequence
from typing import NamedTuple

import numpy
from spacy.tokens import Doc
from thinc.types import Ints2d

from ..encoder import visible_rows
from ..schema import LABELS
from .layout import EntitySpan, Layout
from .windows import bucket, table, windows

# The label of a paragraph's opening, and the most that is read of it, in tokens.
OPENING, OPENING_LENGTH = "OPENING", 20
# The number of each label that a mention may have.
KINDS = {label: code for code, label in enumerate((*LABELS, OPENING))}
# The most that is read between two entities, in tokens.
GAP = 24
N_MENTION = 3


class Mentions(NamedTuple):
    """Sequences of entities.

    gaps (Ints2d): window between each entity and the one before it, shape (entities, 2).
    features (Ints2d): what is known of each entity without the text, shape (entities, N_MENTION).
    lengths (list[int]): number of entities in each sequence.
    """

    gaps: Ints2d
    features: numpy.ndarray
    lengths: list[int]


def add_openings(doc: Doc, entities: Sequence[EntitySpan]) -> list[EntitySpan]:
    """Put the opening of each paragraph among the entities.

    doc (Doc): a document from the report tokeniser.
    entities (Sequence[EntitySpan]): its entities.
    RETURNS (list[EntitySpan]): both in text order, an opening before an entity that starts with it.
    """
    rows, per_paragraph = visible_rows(doc)
    lengths = numpy.array(per_paragraph, dtype="int64")
    starts = numpy.cumsum(lengths) - lengths
    ends = starts + numpy.minimum(lengths, OPENING_LENGTH) - 1
    openings = [(a, b + 1, OPENING) for a, b in zip(rows[starts].tolist(), rows[ends].tolist())]
    return sorted([*openings, *entities], key=lambda span: (span[0], span[2] != OPENING))


def describe_mentions(layout: Layout) -> Mentions:
    """Describe the entities of a document, and the openings of its paragraphs.

    layout (Layout): where they stand.
    RETURNS (Mentions): one sequence.
    """
    starts, ends = layout.starts, layout.ends
    if not layout.labels:
        return Mentions(windows(starts, ends), numpy.zeros((0, N_MENTION), dtype="uint64"), [0])
    before = numpy.minimum(numpy.concatenate([[0], ends[:-1]]), starts)
    opens = layout.first_of_paragraph()
    codes = numpy.array([KINDS[label] for label in layout.labels])
    columns = [codes * 2 + opens, bucket(starts - before) * 2 + opens, layout.words(ends)]
    features = table(columns)
    return Mentions(windows(numpy.maximum(before, starts - GAP), starts), features, [len(starts)])


def join_mentions(parts: Sequence[Mentions]) -> Mentions:
    """Lay sequences behind each other; their rows are rows of the batch already."""
    return Mentions(
        numpy.concatenate([part.gaps for part in parts]),
        numpy.concatenate([part.features for part in parts]),
        [length for part in parts for length in part.lengths],
    )
