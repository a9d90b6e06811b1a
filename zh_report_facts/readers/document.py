"""What every reader gives: the text of a file, and where its paragraphs and pages stand in it."""

from bisect import bisect_right
from collections.abc import Iterable
from pathlib import Path
from typing import NamedTuple

from ..files import InputError, shown
from ..tokenizer.layout import find_newlines, find_paragraphs
from .kinds import TEXT, kind_of

# Between running text a line end is left to be judged as in a .txt. An empty line and an indent
# tell the tokeniser that a heading, a caption or a table row is no part of a sentence.
WEAK_BREAK = "\n"
STRONG_BREAK = "\n\n\u3000\u3000"


class Paragraph(NamedTuple):
    """A paragraph of a document.

    start (int): first character, an offset into the document's text.
    end (int): behind the last character.
    page (int | None): the page its first character stands on, from 1; None without pages.
    kind (str): text, heading, byline, caption or table row.
    """

    start: int
    end: int
    page: int | None
    kind: str


class SourceDocument(NamedTuple):
    """A file as the pipeline reads it.

    path (Path): the file.
    kind (str): txt, md, html, docx or pdf.
    text (str): the extracted text, in which all offsets count.
    paragraphs (tuple[Paragraph, ...]): in text order; they do not overlap.
    pages (tuple[tuple[int, int], ...]): offset and number of each page that begins in the text.
    """

    path: Path
    kind: str
    text: str
    paragraphs: tuple[Paragraph, ...]
    pages: tuple[tuple[int, int], ...] = ()

    def page_at(self, offset: int) -> int | None:
        """Number of the page a character stands on, also in a paragraph that runs over pages."""
        index = bisect_right([start for start, _ in self.pages], offset) - 1
        return self.pages[index][1] if index >= 0 else None


class Block(NamedTuple):
    """A piece of text that a file sets apart, without line ends.

    text (str): without white space at its ends.
    kind (str): as in Paragraph; running text may still turn out to be a heading or a byline.
    pages (tuple[tuple[int, int], ...]): offset in the block and number of each page it touches.
    """

    text: str
    kind: str = TEXT
    pages: tuple[tuple[int, int], ...] = ()


def from_text(path: Path, kind: str, text: str) -> SourceDocument:
    """Make a document of plain text, which stays as it is.

    path (Path): the file.
    kind (str): its kind.
    text (str): its text, with line wraps as they come.
    RETURNS (SourceDocument): the document.
    RAISES (InputError): if there is nothing to read in it.
    """
    if not text.strip():
        raise InputError(f"{shown(path)}: holds no text; check that it is the right file")
    paragraphs = []
    for start, end in find_paragraphs(text):
        visible = text[start:end].strip()
        start += text[start:end].index(visible)
        paragraphs.append(Paragraph(start, start + len(visible), None, kind_of(visible)))
    return SourceDocument(path, kind, text, tuple(paragraphs))


def from_blocks(path: Path, kind: str, blocks: Iterable[Block]) -> SourceDocument:
    """Put the blocks of a file into one text.

    Blocks of running text may be lines of one paragraph, as pages pasted from a PDF have them;
    the line end between them is judged as in a .txt, so that both give the same paragraphs.

    path (Path): the file.
    kind (str): its kind.
    blocks (Iterable[Block]): in reading order.
    RETURNS (SourceDocument): the document.
    RAISES (InputError): if there is nothing to read in it.
    """
    pieces: list[str] = []
    starts: list[tuple[int, str]] = []
    pages: list[tuple[int, int]] = []
    at, previous = 0, TEXT
    for text, given, touched in blocks:
        kind_here = kind_of(text) if given == TEXT else given
        if pieces:
            strong = kind_here != TEXT or previous != TEXT
            pieces.append(STRONG_BREAK if strong else WEAK_BREAK)
            at += len(pieces[-1])
        starts.append((at, kind_here))
        for offset, page in touched:
            if not pages or pages[-1][1] != page:
                pages.append((at + offset, page))
        pieces.append(text)
        at += len(text)
        previous = kind_here
    text = "".join(pieces)
    if not text:
        raise InputError(f"{shown(path)}: holds no text; check that it is the right file")
    gaps = [gap for gap in find_newlines(text) if gap.is_break]
    document = SourceDocument(path, kind, text, (), tuple(pages))
    kinds = dict(starts)
    edges = zip([0, *(gap.end for gap in gaps)], [*(gap.start for gap in gaps), at], strict=True)
    return document._replace(
        paragraphs=tuple(
            Paragraph(start, end, document.page_at(start), kinds[start]) for start, end in edges
        )
    )
