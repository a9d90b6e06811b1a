"""Edits of paragraphs: their ends, their numbers, what is there of them, how they are wrapped.

Every edit is a function of a report, one paragraph a line, and a source of chance that gives
replacements.
"""

from itertools import pairwise
from random import Random

from ..report import Report
from ..tokenizer.layout import CONTINUES, NUMBERED, display_width
from .characters import numeral
from .replacement import Replacement

# A longer line is hardly a heading; nor is one that ends so.
HEADING = 30
ENDS = tuple("。！？；：，、…!?;:,.")
STYLES = ("{han}、", "（{han}）", "({han})", "{arabic}.", "{arabic}、", "（{arabic}）")
MOST_NUMBERED = 99

NARROWEST, WIDEST = 12, 40  # full-width characters in a line
SHORTEST_PAGE, LONGEST_PAGE = 12, 45  # lines
INDENTS = ("", "\u3000\u3000", "    ", "  ")


def crop(report: Report, random: Random) -> list[Replacement]:
    """Keep a run of at least half of the paragraphs."""
    paragraphs = report.paragraphs
    if not paragraphs:
        return []
    kept = random.randint((len(paragraphs) + 1) // 2, len(paragraphs))
    first = random.randint(0, len(paragraphs) - kept)
    start, end = paragraphs[first][0], paragraphs[first + kept - 1][1]
    return [Replacement(0, start, ""), Replacement(end, len(report.text), "")]


def missing_full_stops(report: Report, random: Random) -> list[Replacement]:
    """Leave the full stop off the end of some paragraphs."""
    share = random.random()
    return [
        Replacement(end - 1, end, "")
        for start, end in report.paragraphs
        if end - start > 1 and report.text[end - 1] == "。" and random.random() < share
    ]


def joined_headings(report: Report, random: Random) -> list[Replacement]:
    """Let some headings run into the paragraph behind them."""
    text, share = report.text, random.random()
    between = random.choice(("", " ", "\u3000"))
    replacements = []
    for (start, end), (after, _) in pairwise(report.paragraphs):
        heading = text[start:end].strip()
        if not heading or len(heading) > HEADING or heading.endswith(ENDS):
            continue
        # Two numbers must not become one, which a space between them would not prevent.
        merge = heading[-1].isnumeric() and text[after:].lstrip()[:1].isnumeric()
        if not merge and random.random() < share:
            replacements.append(Replacement(end, after, between))
    return replacements


def numbered_paragraphs(report: Report, random: Random) -> list[Replacement]:
    """Number some paragraphs behind the first, all in one style."""
    style, share = random.choice(STYLES), random.random()
    replacements: list[Replacement] = []
    for start, end in report.paragraphs[1:]:
        line, number = report.text[start:end].lstrip(), len(replacements) + 1
        # In front of a number the mark would be read as part of it.
        if NUMBERED.match(line) or line[:1].isnumeric() or number > MOST_NUMBERED:
            continue
        if line and random.random() < share:
            mark = style.format(han=numeral(number), arabic=number)
            replacements.append(Replacement(end - len(line), end - len(line), mark))
    return replacements


def hard_wraps(report: Report, random: Random) -> list[Replacement]:
    """Break every line at a column, as text copied from a page does, in mid-word and mid-number."""
    width = 2 * random.randint(NARROWEST, WIDEST)
    indent, careful = random.choice(INDENTS), random.random() < 0.5
    gap = random.choice(("\n", "\n\n"))
    page = random.choice((0, random.randint(SHORTEST_PAGE, LONGEST_PAGE)))
    replacements: list[Replacement] = []
    lines = 0
    for start, end in report.paragraphs:
        replacements.append(Replacement(max(0, start - 1), start, (gap if start else "") + indent))
        column = display_width(indent)
        lines += 1
        for i in range(start, end):
            character = report.text[i]
            size = display_width(character)
            # Careful typesetting lets no line start with a closing mark.
            if column + size > width and not (careful and CONTINUES.match(character)):
                # A page ends wherever it is full, in mid-sentence too, and leaves a blank line.
                ends_page = page and lines % page == 0
                replacements.append(Replacement(i, i, "\n\n" if ends_page else "\n"))
                column = 0
                lines += 1
            column += size
    return replacements
