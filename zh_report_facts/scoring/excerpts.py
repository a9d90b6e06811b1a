"""Cut the sentence out of a report that a mistake stands in."""

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Sequence
from itertools import pairwise
from typing import NamedTuple

from .annotation import Annotation, raw_offsets
from .mistakes import FOUND, GOLD, NUMBER, Mark

# No more than this of a sentence is shown before the first mark and behind the last.
MARGIN = 60
BOTH, CLASH = "both", "clash"


class Piece(NamedTuple):
    """A piece of text under the same marks.

    text (str): the text.
    side (str): GOLD, FOUND, NUMBER; BOTH or CLASH under a gold and a found mark, with one label or
        with two; "" without a mark.
    tags (tuple[tuple[str, str], ...]): side and label of the marks that end behind it.
    """

    text: str
    side: str = ""
    tags: tuple[tuple[str, str], ...] = ()


def cut_excerpt(text: str, annotation: Annotation, marks: Sequence[Mark]) -> list[Piece]:
    """Cut out the sentences that marks stand in.

    text (str): the report's text.
    annotation (Annotation): its annotation.
    marks (Sequence[Mark]): at least one mark.
    RETURNS (list[Piece]): the sentences, cut where marks begin and end.
    """
    sentences, raw = annotation.sentences, raw_offsets(text)
    first = min(mark.place[0] for mark in marks)
    last = max(mark.place[1] for mark in marks)
    begin = bisect_left(sentences, sentences[first])
    finish = bisect_right(sentences, sentences[last - 1])
    start, end = max(begin, first - MARGIN), min(finish, last + MARGIN)
    edges = sorted({start, end, *(edge for mark in marks for edge in mark.place)})
    pieces = [Piece("…")] if begin < start else []
    for a, b in pairwise(edges):
        side, _ = _merge(mark for mark in marks if mark.place[0] <= a and b <= mark.place[1])
        _, tags = _merge(mark for mark in marks if mark.place[1] == b)
        pieces.append(Piece(text[raw[a] : raw[b - 1] + 1], side, tags))
        if b < end:
            pieces.append(Piece(text[raw[b - 1] + 1 : raw[b]]))
    if end < finish:
        pieces.append(Piece("…"))
    return [piece for piece in pieces if piece.text]


def _merge(marks: Iterable[Mark]) -> tuple[str, tuple[tuple[str, str], ...]]:
    """Sum marks up that lie on each other: what they are together, and their tags."""
    tags = tuple(sorted({(mark.side, mark.label) for mark in marks}, reverse=True))
    sides = {side for side, _ in tags}
    if sides != {GOLD, FOUND}:
        return (NUMBER if NUMBER in sides else "".join(sides)), tags
    labels = {label for _, label in tags}
    return (CLASH, tags) if len(labels) > 1 else (BOTH, ((BOTH, labels.pop()),))
