"""Tells paragraph breaks from hard line wraps in raw report text.

Reports reach us as one paragraph a line, with blank lines between paragraphs, or wrapped at a
column's width in the middle of words and numbers. Every newline is judged by the lines around it;
the text itself is never changed, so that all offsets stay those of the source.
"""

import re
from typing import NamedTuple

import rjieba

GAP = re.compile(r"\s+")
# A form feed behind a line end is a new page, not a blank line.
LINE_END = re.compile(r"(?:\r?\n)?\f|\r\n|[\n\r\v\x1c-\x1e\x85\u2028\u2029]")
# An empty line and an indent of the full width stand between paragraphs alone: of 3,400 in official
# reports none stood inside one.
APART = re.compile(r"\n\s*\n\u3000+$")
WIDE = re.compile(r"[^\x00-\xff]")
SENTENCE_END = re.compile(r"(?:[。！？!?…：:]|[^\d\s]\.)[”’」』）)]*$")
CLAUSE_OPEN = re.compile(r"[，、,（(《“‘「『]$")
NUMBER_OPEN = re.compile(r"[\d０-９万亿]$")
UNIT = re.compile(r"[万亿千百余多个人户名件元册台张家所座场次期批项套辆只副条块根亩吨公平%％]")
NUMBERED = re.compile(
    r"(?:[一二三四五六七八九十]+(?:是|\s?[、.．丶,，:：])|[（(][一二三四五六七八九十\d]+[）)]"
    r"|\d+[、.．)）]\D|第[一二三四五六七八九十]+[章条节、，]|[-*+>] |\*\*|#|!?\[|[【|①-⑳○●◆■★□▲·])"
)
CONTINUES = re.compile(r"[，。、；：？！）》”’」』〉】,;:?!)%％]")
# Words that no paragraph ends with.
UNFINISHED = {*"为和与在将对把被从向以及是于由给让使并或", "以及"}
MEASURED = re.compile(r"\d\s?.$")
# Lines of one column differ by a character or two, where punctuation is pushed over the edge.
SLACK = 4
WINDOW = 6
# No column is narrower or wider.
NARROW, BROAD = 20, 160
# A heading is seldom wider.
LONG = 60


class Newline(NamedTuple):
    """A run of white space that holds at least one line end.

    start (int): where the run starts, character offset.
    end (int): where it ends, exclusive.
    is_break (bool): True between paragraphs, False inside one.
    """

    start: int
    end: int
    is_break: bool


class Line(NamedTuple):
    """A line and what its look tells.

    text (str): without white space at its ends.
    width (int): display width, in columns.
    ends (bool): whether it ends as a sentence does.
    blank (bool): whether a blank line follows.
    indent (bool): whether an indented line follows.
    """

    text: str
    width: int
    ends: bool
    blank: bool
    indent: bool


def read_line(text: str, gap: str) -> Line:
    """Look at a line.

    text (str): the line.
    gap (str): all white space behind it, line ends included.
    RETURNS (Line): what its look tells.
    """
    text = text.strip()
    *line_ends, indent = LINE_END.split(gap)
    return Line(
        text=text,
        width=display_width(text),
        ends=bool(SENTENCE_END.search(text)),
        blank=len(line_ends) > 1,
        indent=len(indent) > 1 or indent == "\u3000",
    )


def display_width(line: str) -> int:
    """Width of a line in columns: two for a full-width character, one for a half-width one."""
    return len(line) + len(WIDE.findall(line))


def column_edge(lines: list[Line], quantile: float, share: float) -> int:
    """Where lines pile up as they do at the edge of a text column.

    lines (list[Line]): neighbouring lines.
    quantile (float): the edge is sought there among the sorted widths; wider lines may be
        paragraphs on a line of their own.
    share (float): how many of the lines must end near the edge.
    RETURNS (int): display width, 0 if the lines are not wrapped. Most lines in a column stop in
        the middle of a sentence; paragraphs that happen to be of one length do not.
    """
    edge = sorted(line.width for line in lines)[int(len(lines) * quantile)]
    piled = [line.ends for line in lines if abs(line.width - edge) <= SLACK]
    wrapped = NARROW <= edge <= BROAD and len(lines) >= 4 and len(piled) >= share * len(lines)
    return edge if wrapped and sum(piled) < 0.5 * len(piled) else 0


def tightness(lines: list[Line], columns: list[int]) -> int:
    """By how much full lines miss the edge of their column, in columns.

    lines (list[Line]): all lines of a text.
    columns (list[int]): the width of the column each stands in, 0 for none.
    RETURNS (int): what most of the lines that cannot be the last of a paragraph stay within.
    """
    missing = sorted(
        column - line.width
        for line, column in zip(lines, columns, strict=False)
        if column and not line.ends and column - line.width <= SLACK
    )
    return missing[int(len(missing) * 0.8)] if missing else SLACK


def stops_short(before: str, after: str) -> bool:
    """Whether a line stops inside a word, or behind one that no paragraph ends with.

    before (str): the line.
    after (str): the next line.
    RETURNS (bool): judged by jieba's dictionary alone; its guesses join what stands apart.
    """
    end, before, after = 0, before[-4:], after[:4]
    for word in rjieba.cut(before + after, hmm=False):
        end += len(word)
        if end >= len(before):
            # Behind a number it is a measure word (12把).
            is_open = word in UNFINISHED and not MEASURED.search(before)
            return end > len(before) or is_open
    return False


def is_break(line: Line, first: bool, after: str, column: int, tight: int) -> bool:
    """Whether the newline behind a line ends a paragraph.

    line (Line): the line.
    first (bool): whether it is the first of its paragraph.
    after (str): the next line.
    column (int): display width of the text column, 0 if the text is not wrapped.
    tight (int): by how much a full line may miss the column's edge, in columns.
    RETURNS (bool): True for a paragraph break, False for a wrap.
    """
    evidence = -1.0
    missing = column - line.width
    if column:
        evidence += 3.0 if missing <= SLACK else 1.5 if missing <= 2 * SLACK else -1.0
        # A page seldom ends right behind the first line of a paragraph: it is a heading.
        if line.blank:
            evidence -= 2.5 if first else 1.5
    if line.indent:
        evidence -= 2.0
    if line.ends:
        # The next character would have had room on a line that was not the last of its paragraph.
        evidence -= 1.0 if missing <= tight else 3.0
    elif CLAUSE_OPEN.search(line.text) or (NUMBER_OPEN.search(line.text) and UNIT.match(after)):
        evidence += 1.5
    elif (column or line.width >= LONG) and stops_short(line.text, after):
        evidence += 2.0
    elif line.width >= LONG and not column and line.blank:
        evidence += 1.5
    if NUMBERED.match(after):
        evidence -= 3.0
    elif CONTINUES.match(after):
        evidence += 3.0
    return evidence <= 0


def find_newlines(text: str) -> list[Newline]:
    """Find every newline inside a text and tell paragraph breaks from wraps.

    text (str): raw text of a report.
    RETURNS (list[Newline]): in text order; white space at the text's ends is left out.
    """
    gaps = [
        gap
        for gap in GAP.finditer(text)
        if gap.start() > 0 and gap.end() < len(text) and LINE_END.search(gap[0])
    ]
    if not gaps:
        return []
    edges = [0, *(offset for gap in gaps for offset in gap.span()), len(text)]
    spans = list(zip(edges[::2], edges[1::2], edges[2::2], strict=False))
    lines = [read_line(text[a:b], text[b:c]) for a, b, c in spans]
    lines.append(read_line(text[edges[-2] :], ""))
    whole = column_edge(lines, 0.95, 0.2)
    columns = [
        column_edge(lines[max(0, i - WINDOW) : i + WINDOW + 1], 0.8, 0.5) or whole
        for i in range(len(gaps))
    ]
    tight = tightness(lines, columns)
    newlines: list[Newline] = []
    for i, gap in enumerate(gaps):
        first = not newlines or newlines[-1].is_break
        ends = APART.search(gap[0]) or is_break(
            lines[i], first, lines[i + 1].text, columns[i], tight
        )
        newlines.append(Newline(*gap.span(), bool(ends)))
    return newlines


def find_paragraphs(text: str) -> list[tuple[int, int]]:
    """Find the paragraphs of a text.

    text (str): raw text of a report.
    RETURNS (list[tuple[int, int]]): character offsets of each paragraph, without the white space
        at its ends; a wrapped paragraph is one.
    """
    start, end = len(text) - len(text.lstrip()), len(text.rstrip())
    breaks = [newline for newline in find_newlines(text) if newline.is_break]
    edges = [start, *(offset for newline in breaks for offset in newline[:2]), end]
    return list(zip(edges[::2], edges[1::2], strict=True)) if start < end else []
