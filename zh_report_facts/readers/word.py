"""Reads .docx by way of mammoth's HTML.

mammoth (BSD) gives headings, tables with merged cells, and text in insertions, content controls
and text boxes; python-docx loses the last three and reads every picture, docx2python doubles text
boxes and mixes the page header in.
"""

import zipfile
from io import BytesIO
from pathlib import Path

import mammoth

from ..files import InputError, shown
from .document import SourceDocument, from_blocks
from .html import blocks_of

# A million characters take 4 MB; a tree of more takes long to build.
_LARGEST_XML = 16 * 2**20
_STYLES = """
p[style-name='Title'] => h1:fresh
p[style-name='Subtitle'] => h2:fresh
p[style-name='caption'] => p.caption:fresh
p[style-name='Caption'] => p.caption:fresh
"""


def read(path: Path, data: bytes) -> SourceDocument:
    """Read a Word file.

    path (Path): the file.
    data (bytes): all of it.
    RETURNS (SourceDocument): its text with insertions, without deletions, page headers and footers.
    RAISES (InputError): if it is no sound .docx, encrypted, or grows too large when unpacked.
    """
    try:
        _check_sizes(path, data)
        html = mammoth.convert_to_html(
            BytesIO(data), style_map=_STYLES, convert_image=lambda image: []
        ).value
    except InputError:
        raise
    # What a broken archive or broken XML raises is not documented, and is the file's fault.
    except Exception as error:
        raise InputError(
            f"{shown(path)}: is no sound .docx ({_reason(error)}); "
            "open it in Word and save it again"
        ) from error
    return from_blocks(path, "docx", blocks_of(path, html))


def _check_sizes(path: Path, data: bytes) -> None:
    """Refuse what unpacks to too much, by the sizes declared; zipfile reads no byte beyond them."""
    if data.startswith(b"\xd0\xcf\x11\xe0"):
        raise InputError(
            f"{shown(path)}: is an old .doc or protected by a password; "
            "save it as .docx without one"
        )
    with zipfile.ZipFile(BytesIO(data)) as archive:
        size = sum(
            info.file_size
            for info in archive.infolist()
            if info.filename.lower().endswith((".xml", ".rels"))
        )
    if size > _LARGEST_XML:
        raise InputError(
            f"{shown(path)}: unpacks to {size:,} bytes of XML, more than {_LARGEST_XML:,}; split it"
        )


def _reason(error: Exception) -> str:
    return " ".join(str(error).split())[:100] or type(error).__name__
