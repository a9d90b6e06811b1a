"""Reads .md: CommonMark with tables, by way of its HTML."""

from pathlib import Path

from markdown_it import MarkdownIt

from .document import SourceDocument, from_blocks
from .encodings import decode
from .html import blocks_of

# A paragraph that is indented by four spaces is prose in a report, not code. Every line end is
# kept, and judged with the others.
_MARKDOWN = MarkdownIt("commonmark", {"breaks": True}).enable("table").disable("code")


def read(path: Path, data: bytes) -> SourceDocument:
    """Read a Markdown file.

    path (Path): the file.
    data (bytes): all of it, in an encoding that `decode` reads.
    RETURNS (SourceDocument): its visible text, without marks.
    RAISES (InputError): if it is binary, empty, or in another encoding.
    """
    return from_blocks(path, "md", blocks_of(path, _MARKDOWN.render(decode(path, data))))
