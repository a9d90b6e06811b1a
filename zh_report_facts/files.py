"""Reading text with exact errors, and writing files whole or not at all."""

import os
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import BinaryIO
from uuid import uuid4


class InputError(ValueError):
    """Something that cannot be read; the text is one sentence for the user."""


class OutputError(ValueError):
    """A file that cannot be written; the text is one sentence for the user."""


def reason(error: OSError) -> str:
    """Say why the system refused.

    error (OSError): what it raised.
    RETURNS (str): the reason in lower case, without the file's name.
    """
    return (error.strerror or str(error)).lower()


def shown(path: str | Path) -> str:
    """Write a path on one line: a newline or a control character in a name becomes an escape.

    path (str | Path): the path.
    RETURNS (str): the path, fit for one line on a terminal.
    """
    return "".join(
        char if char.isprintable() else char.encode("unicode_escape").decode("ascii")
        for char in str(path)
    )


def encodable(name: str) -> str:
    """Write what is no UTF-8 in the name of a file as escapes, which every format can hold.

    name (str): the name, in which Python keeps such bytes as halves of surrogate pairs.
    RETURNS (str): the same where it is fit.
    """
    return name.encode(errors="backslashreplace").decode()


def read_bytes(path: str | Path) -> bytes:
    """Read a file.

    path (str | Path): the file.
    RETURNS (bytes): all of it.
    RAISES (InputError): if it is missing or unreadable.
    """
    try:
        return Path(path).read_bytes()
    except FileNotFoundError as error:
        raise InputError(f"{shown(path)}: there is no such file; check the name") from error
    except IsADirectoryError as error:
        raise InputError(f"{shown(path)}: is a folder; name a file in it") from error
    except OSError as error:
        raise InputError(
            f"{shown(path)}: cannot be read ({reason(error)}); check its permissions"
        ) from error


def read_text(path: str | Path) -> str:
    """Read a text file; line ends become `\\n`, a byte order mark is dropped.

    path (str | Path): a UTF-8 file.
    RETURNS (str): its text.
    RAISES (InputError): if it is missing, unreadable, binary or not UTF-8.
    """
    data = read_bytes(path)
    utf16 = data.startswith((b"\xff\xfe", b"\xfe\xff"))
    if b"\0" in data and not utf16:
        raise InputError(
            f"{shown(path)}: is a binary file (zero byte at offset {data.index(0)}); "
            "give a text file"
        )
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        guess = "UTF-16" if utf16 else "GB18030"
        raise InputError(
            f"{shown(path)}: is not UTF-8 (byte {data[error.start]:#04x} at offset {error.start}); "
            f"convert it, e.g. iconv -f {guess} -t UTF-8"
        ) from error
    return text.replace("\r\n", "\n").replace("\r", "\n")


@contextmanager
def replacing(path: str | Path) -> Iterator[BinaryIO]:
    """Open a file for writing that replaces `path` only when the block ends without an error.

    path (str | Path): the target; the temporary file stands beside it.
    YIELDS (BinaryIO): the open temporary file.
    RAISES (OutputError): if the folder or the file cannot be written.
    """
    path = Path(path)
    if path.is_dir():
        raise OutputError(f"{shown(path)}: cannot be written, it is a folder; name a file in it")
    # Machines that share a disk may have processes of one number.
    temporary = path.with_name(f".{path.name}.{uuid4().hex}")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with open(temporary, "wb") as file:
            yield file
        os.replace(temporary, path)
    except OSError as error:
        raise OutputError(
            f"{shown(path)}: cannot be written ({reason(error)}); choose a folder you may write to"
        ) from error
    finally:
        # Under a parent that is no folder even asking for the file fails.
        with suppress(OSError):
            temporary.unlink()
