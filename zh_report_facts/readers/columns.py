"""Puts the characters of a page into lines, columns and paragraphs by where they stand.

The libraries give characters in the order in which they were drawn, or read straight across two
columns; none gives the paragraphs of Chinese prose, which are told by indents and short last lines.
All lengths are in points, y runs down the page.
"""

import re
from collections.abc import Iterable, Sequence
from statistics import median
from typing import NamedTuple, TypeVar

# In ems, the width of a Chinese character.
_SPLIT = 0.8  # a wider gap ends a segment of a line
_TABULATED = 1.5  # a wider gap inside a line sets cells apart
_NARROWEST = 6.0  # a column of prose is wider, a column of numbers is not
_INDENT = 0.8
_SHORT = 2.5  # punctuation and numbers that stay whole leave less free at the end of a line
_PITCH = 1.6  # a larger step than that many usual ones sets paragraphs apart
_SAME_SIZE = 0.1
_BASE_LINE = 0.4
_LATIN = re.compile("[A-Za-z0-9]")
# A page of a newspaper has some hundreds; a search for columns takes the square of it.
_MOST_SEGMENTS = 2_000


class Character(NamedTuple):
    """A character and its box."""

    text: str
    x0: float
    x1: float
    top: float
    bottom: float
    size: float


class Segment(NamedTuple):
    """Characters that stand together in a line; or a table, which has rows instead.

    x0, x1, top, bottom (float): its box.
    size (float): size of the type.
    text (str): without white space at its ends.
    rows (tuple[tuple[str, ...], ...]): cells of a table.
    """

    x0: float
    x1: float
    top: float
    bottom: float
    size: float
    text: str
    rows: tuple[tuple[str, ...], ...] = ()


Box = TypeVar("Box", Character, Segment)


class Line(NamedTuple):
    """A line of a column.

    segments (tuple[Segment, ...]): from left to right.
    left, right (float): edges of the column.
    pitch (float): usual distance of the column's lines.
    """

    segments: tuple[Segment, ...]
    left: float
    right: float
    pitch: float

    @property
    def text(self) -> str:
        return " ".join(segment.text for segment in self.segments)

    @property
    def size(self) -> float:
        return self.segments[0].size

    @property
    def is_tabulated(self) -> bool:
        """Whether gaps set its segments apart like the cells of a table without rules."""
        return any(
            b.x0 - a.x1 > _TABULATED * a.size
            for a, b in zip(self.segments, self.segments[1:], strict=False)
        )


def find_segments(characters: Iterable[Character]) -> list[Segment]:
    """Put characters together that stand side by side.

    characters (Iterable[Character]): of one page, in any order.
    RETURNS (list[Segment]): from the top down.
    """
    segments = []
    for row in _rows(characters):
        pieces: list[list[Character]] = []
        text: list[str] = []
        space = False
        for char in row:
            if char.text.isspace():
                space = True
                continue
            gap = char.x0 - pieces[-1][-1].x1 if pieces else 0.0
            if not pieces or gap > _SPLIT * char.size:
                pieces.append([])
                text.append("")
            # Typesetters often write no space between Latin words, they just move on.
            elif space or (
                gap > 0.2 * char.size and _LATIN.match(char.text) and _LATIN.match(text[-1][-1])
            ):
                text[-1] += " "
            pieces[-1].append(char)
            text[-1] += char.text
            space = False
        for piece, written in zip(pieces, text, strict=True):
            _, x0, x1, top, bottom, size = zip(*piece, strict=True)
            box = min(x0), max(x1), min(top), max(bottom)
            segments.append(Segment(*box, median(size), written))
    return sorted(segments, key=lambda segment: (segment.top, segment.x0))


def _rows(boxes: Iterable[Box]) -> list[list[Box]]:
    """Put boxes that stand on one base line together, from left to right."""
    rows: list[list[Box]] = []
    for box in sorted(boxes, key=lambda box: box.bottom):
        if rows and box.bottom - rows[-1][0].bottom <= _BASE_LINE * rows[-1][0].size:
            rows[-1].append(box)
        else:
            rows.append([box])
    return [sorted(row, key=lambda box: box.x0) for row in rows]


def order_columns(segments: Sequence[Segment]) -> list[list[Segment]]:
    """Cut a page into columns, in reading order.

    A gutter is a vertical strip that no segment crosses over a run of lines, with prose on either
    side; the longest run is cut out, and what is above, left, right and below it is cut in turn.

    segments (Sequence[Segment]): from the top down.
    RETURNS (list[list[Segment]]): segments of each column, from the top down.
    """
    if len(segments) > _MOST_SEGMENTS:
        return [list(segments)]
    best = range(0)
    gutter = 0.0
    for edge in sorted({round(segment.x1, 1) for segment in segments}):
        strip = edge + 0.1
        start = 0
        for i in range(len(segments) + 1):
            if i < len(segments) and not segments[i].x0 < strip < segments[i].x1:
                continue
            if i - start > len(best) and _is_gutter(segments[start:i], strip):
                best, gutter = range(start, i), strip
            start = i + 1
    if not best:
        return [list(segments)] if segments else []
    run = segments[best.start : best.stop]
    parts = (
        segments[: best.start],
        [s for s in run if s.x1 <= gutter],
        [s for s in run if s.x1 > gutter],
        segments[best.stop :],
    )
    return [column for part in parts for column in order_columns(part)]


def _is_gutter(segments: Sequence[Segment], strip: float) -> bool:
    left = [s for s in segments if s.x1 <= strip]
    right = [s for s in segments if s.x1 > strip]
    if len(left) < 2 or len(right) < 2:
        return False
    widths = (median((s.x1 - s.x0) / s.size for s in side) for side in (left, right))
    overlap = min(left[-1].bottom, right[-1].bottom) - max(left[0].top, right[0].top)
    gap = min(s.x0 for s in right) - max(s.x1 for s in left)
    return min(widths) >= _NARROWEST and overlap > 0 and gap > 0.5 * segments[0].size


def find_lines(column: Sequence[Segment]) -> list[Line]:
    """Put the segments of one column into lines.

    column (Sequence[Segment]): from the top down.
    RETURNS (list[Line]): from the top down.
    """
    rows = _rows(column)
    # A centred byline or a page number may stick out of the column.
    left = sorted(row[0].x0 for row in rows)[len(rows) // 5]
    right = sorted(row[-1].x1 for row in rows)[len(rows) * 4 // 5]
    steps = [b[0].bottom - a[0].bottom for a, b in zip(rows, rows[1:], strict=False)]
    pitch = median(steps) if steps else 0.0
    return [Line(tuple(row), left, right, pitch) for row in rows]


def continues(before: Line, after: Line, body: float) -> bool:
    """Whether a line goes on with the paragraph of the line before it in reading order.

    before (Line): a line.
    after (Line): the next one, in the same column, the next column or on the next page.
    body (float): size of the type of running text.
    RETURNS (bool): False where a paragraph ends between them.
    """
    a, b = before.segments, after.segments
    if a[0].rows or b[0].rows or before.is_tabulated or after.is_tabulated:
        return False
    if abs(before.size - after.size) > _SAME_SIZE * before.size:
        return False
    step = b[0].bottom - a[0].bottom
    same_column = (before.left, before.right) == (after.left, after.right) and step > 0
    if is_large(before, body):
        return same_column and step < 2 * before.size
    if same_column and step > _PITCH * before.pitch:
        return False
    return (
        b[0].x0 - after.left < _INDENT * after.size
        and before.right - a[-1].x1 < _SHORT * before.size
    )


def is_large(line: Line, body: float) -> bool:
    """Whether a line stands out from the running text by its size, as a heading does.

    line (Line): the line.
    body (float): size of the type of running text.
    RETURNS (bool): True for a large line.
    """
    return line.size > 1.15 * body


def join(before: str, after: str) -> str:
    """Join two lines of a paragraph: only between Latin words a line end is a space.

    before (str): a line, or what was joined so far.
    after (str): the next line.
    RETURNS (str): both.
    """
    letters = before[-1:].isascii() and before[-1:].isalpha() and after[:1].isascii()
    return before + (" " if letters and after[:1].isalpha() else "") + after
