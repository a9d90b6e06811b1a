"""Reads .txt: the text as it is, offsets those of the file's own characters."""

import re
from pathlib import Path

from .document import SourceDocument, from_text
from .encodings import decode

_OLD_MAC = re.compile("\r(?!\n)")


def read(path: Path, data: bytes) -> SourceDocument:
    """Read a text file.

    path (Path): the file.
    data (bytes): all of it, in an encoding that `decode` reads.
    RETURNS (SourceDocument): its decoded text unchanged, except that a lone carriage return, the
        line end of old Macs, becomes a line feed.
    RAISES (InputError): if it is binary, empty, or in another encoding.
    """
    return from_text(path, "txt", _OLD_MAC.sub("\n", decode(path, data)))
