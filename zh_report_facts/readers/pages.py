"""Makes paragraphs of the lines of all pages, without running heads and page numbers."""

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from .columns import (
    Character,
    Line,
    Segment,
    continues,
    find_lines,
    find_segments,
    is_large,
    join,
    order_columns,
)
from .document import Block
from .kinds import HEADING, TABLE_ROW, TEXT
from .tables import is_data, write_rows

_PAGE_NUMBER = re.compile(
    r"[-—–·•\s]*(?:第\s*)?\d{1,4}(?:\s*/\s*\d{1,4})?(?:\s*页)?(?:\s*[，,/]?\s*共\s*\d+\s*页)?[-—–·•\s]*"
)
# 青禾日报 2024年1月5日 星期五 第3版
_MASTHEAD = re.compile(
    r"(?=.*(?:\d月\d|星期|\d-\d)).{0,50}(?:\d\s*版|版\s*\d|星期[一二三四五六日天]).{0,30}"
)
# The part of a page's height in which running heads and page numbers stand.
_EDGE = 0.1
_SMALL = 0.9


class Table(NamedTuple):
    """A table that was found by its rules.

    box (tuple[float, float, float, float]): left, top, right and bottom edge.
    rows (list[list[str]]): text of its cells, with line ends; a cell that spans others is repeated.
    """

    box: tuple[float, float, float, float]
    rows: list[list[str]]

    def holds(self, char: Character) -> bool:
        """Whether a character stands in the table."""
        x, y = (char.x0 + char.x1) / 2, (char.top + char.bottom) / 2
        left, top, right, bottom = self.box
        return left <= x <= right and top <= y <= bottom


class Page(NamedTuple):
    """What stands on a page.

    height (float): of the page, in points.
    characters (list[Character]): in any order.
    tables (list[Table]): in any order.
    """

    height: float
    characters: list[Character]
    tables: list[Table]


def find_blocks(pages: Sequence[Page]) -> Iterator[Block]:
    """Find the blocks of a document.

    pages (Sequence[Page]): its pages.
    YIELDS (Block): paragraphs and table rows in reading order, with their pages.
    """
    found = [(page.height, _find_lines(page)) for page in pages]
    sizes = Counter[float]()
    for line in (line for _, lines in found for line in lines):
        sizes[round(line.size, 1)] += len(line.text)
    body = max(sizes, key=lambda size: sizes[size], default=0.0)
    before: Line | None = None
    block = Block("")
    above = ""
    for number, line in _remove_furniture(found, body):
        if before and continues(before, line, body):
            text = join(block.text, line.text)
            turned = block.pages[-1][1] != number
            turn = ((len(text) - len(line.text), number),) if turned else ()
            block = block._replace(text=text, pages=block.pages + turn)
        else:
            if block.text:
                yield block
                above = block.text
            for row in write_rows(line.segments[0].rows, above):
                yield Block(row, TABLE_ROW, ((0, number),))
            kind = HEADING if is_large(line, body) else TABLE_ROW if line.is_tabulated else TEXT
            block = Block(line.text, kind, ((0, number),))
        before = line
    if block.text:
        yield block


def _find_lines(page: Page) -> list[Line]:
    tables = [
        (table, rows)
        for table in page.tables
        if is_data(rows := tuple(tuple(map(_on_one_line, row)) for row in table.rows))
    ]
    boxes = [
        Segment(left, right, top, bottom, 1.0, "", rows)
        for ((left, top, right, bottom), _), rows in tables
    ]
    characters = [
        char for char in page.characters if not any(table.holds(char) for table, _ in tables)
    ]
    segments = sorted([*find_segments(characters), *boxes], key=lambda s: (s.top, s.x0))
    return [line for column in order_columns(segments) for line in find_lines(column)]


def _on_one_line(cell: str) -> str:
    return re.sub(r"\s*\n\s*", "", cell).strip()


def _remove_furniture(
    pages: Sequence[tuple[float, list[Line]]], body: float
) -> list[tuple[int, Line]]:
    """Leave out running heads, page numbers and a paper's masthead.

    pages (Sequence[tuple[float, list[Line]]]): height and lines of each.
    body (float): size of the type of running text.
    RETURNS (list[tuple[int, Line]]): number of the page, and line.
    """
    edges = [[line for line in lines if _is_at_edge(line, height)] for height, lines in pages]
    repeated = Counter(words for lines in edges for words in set(map(_words, lines)))
    often = max(1, len(pages) // 3)

    def is_furniture(line: Line, height: float) -> bool:
        return _is_at_edge(line, height) and bool(
            repeated[_words(line)] > often
            # What is small at the foot may be a note.
            or (line.size < _SMALL * body and line.segments[0].bottom < _EDGE * height)
            or _PAGE_NUMBER.fullmatch(line.text)
            or _MASTHEAD.fullmatch(line.text)
        )

    return [
        (number, line)
        for number, (height, lines) in enumerate(pages, 1)
        for line in lines
        if not is_furniture(line, height)
    ]


def _is_at_edge(line: Line, height: float) -> bool:
    box = line.segments[0]
    return not box.rows and (box.bottom < _EDGE * height or box.top > (1 - _EDGE) * height)


def _words(line: Line) -> str:
    """A line's text without digits, as the page's number differs."""
    return re.sub(r"\d+", "", line.text)
