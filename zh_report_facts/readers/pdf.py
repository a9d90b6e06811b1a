"""Reads .pdf with a text layer.

pdfplumber (MIT, on pdfminer.six) gives each character with its box and finds tables by their
rules, at 25,000 characters/s. pypdfium2 is smaller and five times as fast but knows no tables,
pypdf gives no boxes, PyMuPDF's licence does not fit; what they call text reads across columns or
tables.

A small PDF can unpack to gigabytes or keep a library busy for minutes: crafted ones of 0.6 and
1.9 MB took pypdfium2 and pdfplumber more than 3 GB. So the library runs in a process that is
stopped when it takes too long or too much.
"""

import json
import os
import subprocess
import sys
from pathlib import Path

from ..files import InputError, shown
from . import pdf_characters
from .columns import Character
from .document import SourceDocument, from_blocks
from .pages import Page, Table, find_blocks

# Of the processor; on a busy machine a sound file may wait as long for its turn again and again.
_SECONDS = 20
_WAIT = 120
_MEMORY = 2 * 2**30
_MOST_CHARACTERS = 1_000_000
# The end mark stands in the last kilobyte, but some servers append a few lines.
_TAIL = 4096
_SENTENCES = {
    "locked": "is locked with a password; save it without one",
    "damaged": "is damaged; open it in a PDF viewer and save it again",
    "costly": "takes too much time or memory to be read; split it or print it into a new PDF",
}


def read(path: Path, data: bytes) -> SourceDocument:
    """Read a PDF file.

    path (Path): the file.
    data (bytes): all of it.
    RETURNS (SourceDocument): its text in reading order, with pages.
    RAISES (InputError): if it is no PDF, cut off, locked, too costly, or without a text layer.
    """
    if b"%PDF-" not in data[:1024]:
        raise InputError(f"{shown(path)}: is no PDF file; check its ending")
    if b"%%EOF" not in data[-_TAIL:]:
        raise InputError(f"{shown(path)}: is cut off before its end; copy or download it again")
    pages = _read_pages(path, data)
    characters = sum(len(page.characters) for page in pages)
    if characters > _MOST_CHARACTERS:
        raise InputError(
            f"{shown(path)}: has {characters:,} characters, "
            f"more than {_MOST_CHARACTERS:,}; split it"
        )
    if not any(not char.text.isspace() for page in pages for char in page.characters):
        raise InputError(
            f"{shown(path)}: has no text layer, it may be scanned; run text recognition (OCR) first"
        )
    return from_blocks(path, "pdf", find_blocks(pages))


def _read_pages(path: Path, data: bytes) -> list[Page]:
    """Read the pages in a process of limited time and memory."""
    try:
        done = subprocess.run(
            # -P keeps this folder's text.py and html.py from standing in for others of that name.
            [sys.executable, "-P", pdf_characters.__file__, str(_SECONDS), str(_MEMORY)],
            input=data,
            capture_output=True,
            timeout=_WAIT,
            env=os.environ | {"PYTHONPATH": os.pathsep.join(filter(None, sys.path))},
            check=False,
        )
        problem = "costly" if done.returncode else ""
    except subprocess.TimeoutExpired:
        problem = "costly"
    pages = [] if problem else [json.loads(line) for line in done.stdout.splitlines()]
    if pages and "error" in pages[-1]:
        problem = pages[-1]["error"]
    if problem:
        raise InputError(f"{shown(path)}: {_SENTENCES[problem]}")
    return [
        Page(
            page["height"],
            [Character(*char) for char in page["characters"]],
            [Table(*table) for table in page["tables"]],
        )
        for page in pages
    ]
