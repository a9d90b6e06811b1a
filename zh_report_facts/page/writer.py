"""Many reports as one self-contained HTML page, written in a stream."""

import base64
import hashlib
import json
from collections.abc import Iterable
from functools import partial
from pathlib import Path
from typing import BinaryIO

from jinja2.utils import htmlsafe_json_dumps
from markupsafe import Markup

from ..records import Record
from ..templates import load_template
from .compact import compact_record

FOLDER = Path(__file__).parent
TITLE = "报告中的数字"
STYLES = ("page.css",)
SCRIPTS = ("report.js", "words.js", "filter.js", "arcs.js", "page.js")


class PageWriter:
    """Write a page report by report; memory does not grow with their number.

    stream (BinaryIO): where the page goes; stays open.
    title (str): what the page is called.
    """

    def __init__(self, stream: BinaryIO, *, title: str = TITLE) -> None:
        self.stream = stream
        style, script = _read(STYLES), _read(SCRIPTS)
        self._write(
            load_template(FOLDER / "page.html.jinja").render(
                title=title,
                style=Markup(style),
                script=Markup(script),
                style_hash=_hash(style),
                script_hash=_hash(script),
            )
        )

    def write(self, record: Record) -> None:
        """Add a report.

        record (Record): the report.
        """
        dumps = partial(json.dumps, ensure_ascii=False, separators=(",", ":"))
        data = htmlsafe_json_dumps(compact_record(record), dumps=dumps)
        self._write(f'<script type="application/json">{data}</script>\n')

    def close(self) -> None:
        """End the page."""
        self._write("</body>\n</html>\n")

    def _write(self, text: str) -> None:
        # A lone surrogate, which UTF-8 cannot hold, becomes its JSON escape.
        self.stream.write(text.encode("utf-8", "backslashreplace"))


def write_page(records: Iterable[Record], stream: BinaryIO, *, title: str = TITLE) -> None:
    """Write reports as one page that needs no other file and no network.

    records (Iterable[Record]): the reports; read one by one.
    stream (BinaryIO): where the page goes.
    title (str): what the page is called.
    """
    page = PageWriter(stream, title=title)
    for record in records:
        page.write(record)
    page.close()


def _read(names: Iterable[str]) -> str:
    return "\n".join((FOLDER / name).read_text(encoding="utf-8") for name in names)


def _hash(source: str) -> str:
    """The source expression by which a Content Security Policy allows just this script or style."""
    digest = hashlib.sha256(source.encode()).digest()
    return f"sha256-{base64.b64encode(digest).decode()}"
