"""Finds the files a user means and reads each by its ending."""

import os
import stat
from collections.abc import Callable, Iterable, Iterator
from contextlib import suppress
from importlib import import_module
from pathlib import Path

from ..files import InputError, read_bytes, reason, shown
from .document import SourceDocument

# A report has some thousand characters; what is larger is no report, or an attack.
LARGEST = 64 * 2**20

# The module of this package that reads files of an ending; imported when it is needed, so that
# .txt works without the extra.
READERS = {
    ".txt": "text",
    ".md": "markdown",
    ".markdown": "markdown",
    ".html": "html",
    ".htm": "html",
    ".docx": "word",
    ".pdf": "pdf",
}
# Endings of reports that nothing here reads: a user should learn that they are left out.
UNREAD = (".doc", ".docm", ".wps", ".rtf", ".odt", ".ofd")


def read_document(path: str | Path) -> SourceDocument:
    """Read the text of a report file.

    path (str | Path): a file with one of the endings in READERS.
    RETURNS (SourceDocument): its text, paragraphs and pages.
    RAISES (InputError): if it cannot be read; one sentence that names the file.
    """
    path = Path(path)
    module = READERS.get(path.suffix.lower())
    if module is None:
        raise InputError(f"{shown(path)}: is none of {', '.join(READERS)}; save it as one of them")
    data = _read_file(path)
    try:
        reader = import_module(f".{module}", __package__)
    except ModuleNotFoundError as error:
        raise InputError(
            f"{shown(path)}: reading {path.suffix} needs {error.name}; "
            "pip install 'zh_report_facts[files]'"
        ) from error
    return reader.read(path, data)


def find_files(
    paths: Iterable[str | Path], on_skip: Callable[[str], None] = lambda sentence: None
) -> Iterator[Path]:
    """Find the files to read: those named, and those with a known ending in the folders named.

    paths (Iterable[str | Path]): files and folders; folders are searched to their depths.
    on_skip (Callable[[str], None]): called with a sentence for each thing in a folder that is left
        out although its name promises a report: a folder seen before, a FIFO, a device.
    YIELDS (Path): in the order given, those of a folder sorted; a file that is named is yielded
        whatever it is, so that reading it tells what is wrong.
    """
    seen: set[tuple[int, int]] = set()
    for path in map(Path, paths):
        if path.is_dir():
            yield from _search(path, seen, on_skip)
        else:
            yield path


def _search(
    top: Path, seen: set[tuple[int, int]], on_skip: Callable[[str], None]
) -> Iterator[Path]:
    folders = [top]
    while folders:
        folder = folders.pop()
        try:
            status = folder.stat()
            names = sorted(os.listdir(folder))
        except OSError as error:
            on_skip(f"{shown(folder)}: folder skipped ({reason(error)})")
            continue
        if (status.st_dev, status.st_ino) in seen:
            on_skip(f"{shown(folder)}: folder skipped, it is one that was already searched")
            continue
        seen.add((status.st_dev, status.st_ino))
        below = []
        # Word keeps the lock file ~$NAME.docx beside an open document.
        for path in (folder / name for name in names if not name.startswith((".", "~$"))):
            if path.is_dir():
                below.append(path)
            elif path.suffix.lower() in UNREAD:
                on_skip(f"{shown(path)}: skipped, this format is not read; save it as .docx")
            elif path.suffix.lower() not in READERS:
                continue
            elif path.is_file():
                yield path
            else:
                on_skip(f"{shown(path)}: skipped, it is not a file (a link to nothing, a device)")
        folders += reversed(below)


def _read_file(path: Path) -> bytes:
    # What cannot be looked at cannot be read either, and reading it tells why.
    with suppress(OSError):
        status = path.stat()
        if not (stat.S_ISREG(status.st_mode) or stat.S_ISDIR(status.st_mode)):
            raise InputError(f"{shown(path)}: is no regular file but a pipe or device; copy it")
        if status.st_size > LARGEST:
            raise InputError(
                f"{shown(path)}: has {status.st_size:,} bytes, more than {LARGEST:,}; split it"
            )
    data = read_bytes(path)
    if not data:
        raise InputError(f"{shown(path)}: is empty; check that it was saved")
    return data
