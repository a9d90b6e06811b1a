"""Reads .html: the visible paragraphs of a page, without what belongs to the site.

lxml parses it (BSD, well kept; deep nesting ends in an error instead of a hang: selectolax and
resiliparse took over a minute for 10⁶ nested tags). Extractors of the main text were compared on
pages as government sites have them: justext knows no Chinese; trafilatura, which pulls in 50 MB,
lets the whole site through where paragraphs are `div`, `br` or `li`, resiliparse always part of
it; readability drops small tables and short lists. As a lost paragraph is lost facts, only what
is plainly not the page's own text is left out here.
"""

import re
from collections.abc import Iterator
from pathlib import Path

from lxml import etree

from ..files import InputError, shown
from .document import Block, SourceDocument, from_blocks
from .encodings import decode
from .furniture import INLINE, remove_furniture
from .kinds import CAPTION, HEADING, TABLE_ROW, TEXT
from .raised import write_raised
from .tables import is_data, write_rows

_CHARSET = re.compile(
    rb"<(?:meta|\?xml)[^>]{0,200}?(?:charset|encoding)\s*=\s*[\"']?([\w-]+)", re.I
)
_HEAD_BYTES = 4096
_HEADINGS = ("h1", "h2", "h3", "h4", "h5", "h6")
_CAPTIONS = ("caption", "figcaption")
# A sentence is none of it: 关闭退出煤矿12处。
_FURNITURE_TEXT = re.compile(
    r"(?!.*。)(?:"
    r".*(?:ICP备|ICP证|公网安备|网站标识码|版权所有|[Cc]opyright|©).*"
    r"|(?:您?(?:现在|当前)(?:的)?位置|您现在所在位置)\s*(?:是)?\s*[:：].*"
    r"|(?:上一[篇条页]|下一[篇条页]|相关(?:链接|新闻|阅读)|分享到)\s*(?:[:：].*)?"
    r"|扫一扫[^\d，]*|(?:【?(?:打印|关闭)(?:(?!打印|关闭)\w){0,4}】?[\s|]*)+)"
)
_SHORT = 120
_SPACE = re.compile(r"[^\S\n\u3000]+")
# As in browsers: a line end between two wide characters is nothing.
_LINE_END = re.compile(r"(?<=[^\x00-\u2017])\s*\n\s*(?=[^\x00-\u2017])")
# A page of a report has some thousands.
_MOST_ELEMENTS = 200_000
_SHOWN_LINE_END = "\v"
_LARGEST_SPAN = 1_000
_MOST_CELLS = 100_000


def read(path: Path, data: bytes) -> SourceDocument:
    """Read a web page saved as HTML.

    path (Path): the file.
    data (bytes): all of it.
    RETURNS (SourceDocument): its visible text.
    RAISES (InputError): if it is binary, nested without end, or holds no text.
    """
    declared = _CHARSET.search(data[:_HEAD_BYTES])
    text = decode(path, data, declared[1].decode("ascii") if declared else None)
    return from_blocks(path, "html", blocks_of(path, text))


def blocks_of(path: Path, html: str) -> Iterator[Block]:
    """Find the blocks of a page.

    path (Path): the file, cited in errors.
    html (str): its source.
    YIELDS (Block): in the order of the source.
    RAISES (InputError): if its tags are nested too deep to be read.
    """
    parser = etree.HTMLParser(
        encoding="utf-8", huge_tree=True, remove_comments=True, remove_pis=True
    )
    try:
        root = etree.fromstring(html.encode(), parser)
    except etree.XMLSyntaxError:
        root = None
    if any("depth" in error.message for error in parser.error_log):
        raise InputError(
            f"{shown(path)}: has tags nested more than 2,000 deep; save the page again"
        )
    if root is not None:
        elements = sum(1 for _ in root.iter())
        if elements > _MOST_ELEMENTS:
            raise InputError(
                f"{shown(path)}: has {elements:,} elements, more than {_MOST_ELEMENTS:,}; split it"
            )
        remove_furniture(root)
        write_raised(root)
        yield from _blocks(root)


def _blocks(root: etree._Element) -> Iterator[Block]:
    """Cut a page at block elements and line breaks, and write data tables as rows."""
    pending: list[str] = []
    kinds = [TEXT]
    numbers: list[int] = []
    preformatted = 0
    above = ""

    def lines(text: str | None) -> str:
        return (text or "").replace("\n", _SHOWN_LINE_END) if preformatted else text or ""

    def flush() -> Iterator[Block]:
        nonlocal above
        collapsed = [_collapse(line) for line in "".join(pending).split(_SHOWN_LINE_END)]
        pending.clear()
        for line in collapsed:
            if line and not (len(line) <= _SHORT and _FURNITURE_TEXT.fullmatch(line)):
                above = line
                yield Block(line, kinds[-1])

    walk = etree.iterwalk(root, events=("start", "end"))
    for event, element in walk:
        tag = element.tag
        breaks = tag not in INLINE
        if breaks:
            yield from flush()
        if event == "end":
            if breaks:
                kinds.pop()
            if tag == "ol":
                numbers.pop()
            preformatted -= tag == "pre"
            pending.append(lines(element.tail))
            continue
        if breaks:
            kinds.append(_kind_of(element) or kinds[-1])
        if tag == "table" and (rows := _read_table(element)):
            for caption in element.iterchildren("caption"):
                above = _visible(caption)
                yield Block(above, CAPTION)
            for row in write_rows(rows, above):
                yield Block(row, TABLE_ROW)
            walk.skip_subtree()
            continue
        # A browser shows a number before an entry of an ordered list.
        if tag == "ol":
            numbers.append(_number(element, "start", 1))
        elif tag == "li" and element.getparent().tag == "ol":
            pending.append(f"{numbers[-1]}. ")
            numbers[-1] += 1
        preformatted += tag == "pre"
        pending.append(lines(element.text))
    yield from flush()


def _read_table(table: etree._Element) -> list[list[str]] | None:
    """Read a table of data as a grid in which spanning cells are repeated.

    A table that holds another or long text is there for the layout.
    """
    if next(table.iterdescendants("table"), None) is not None:
        return None
    rows: list[list[str]] = []
    hanging: dict[int, tuple[int, str]] = {}
    cells = 0
    for tr in table.iterdescendants("tr"):
        row: list[str] = []
        tds = tr.iterchildren("td", "th")
        while True:
            while len(row) in hanging:
                left, text = hanging.pop(len(row))
                if left > 1:
                    hanging[len(row)] = left - 1, text
                row.append(text)
            if (td := next(tds, None)) is None:
                break
            across, down = (
                max(1, min(_number(td, name, 1), _LARGEST_SPAN)) for name in ("colspan", "rowspan")
            )
            cell = _visible(td)
            cells += across
            if cells > _MOST_CELLS:
                return None
            for _ in range(across):
                if down > 1:
                    hanging[len(row)] = down - 1, cell
                row.append(cell)
        rows.append(row)
    return rows if is_data(rows) else None


def _number(element: etree._Element, attribute: str, otherwise: int) -> int:
    value = element.get(attribute, "").strip()
    return int(value) if re.fullmatch("[0-9]{1,6}", value) else otherwise


def _visible(element: etree._Element) -> str:
    """Text of an element on one line."""
    pieces: list[str] = []
    for event, inner in etree.iterwalk(element, events=("start", "end")):
        if inner.tag not in INLINE:
            pieces.append("\n")
        if event == "start":
            pieces.append(inner.text or "")
        elif inner is not element:
            pieces.append(inner.tail or "")
    return _collapse("".join(pieces))


def _collapse(text: str) -> str:
    return _SPACE.sub(" ", _LINE_END.sub("", text).replace("\n", " ")).strip()


def _kind_of(element: etree._Element) -> str | None:
    if element.tag in _HEADINGS:
        return HEADING
    if element.tag in _CAPTIONS or "caption" in element.get("class", "").split():
        return CAPTION
    return None
