"""Opens the writer that the ending of a file asks for."""

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from importlib import import_module
from pathlib import Path
from typing import BinaryIO, Protocol

from ..files import OutputError, replacing, shown
from ..records import Record


class RecordWriter(Protocol):
    """Writes reports one by one."""

    def write(self, record: Record) -> None:
        """Add a report."""

    def close(self) -> None:
        """Write what is left."""


# The module and the class that write files of an ending; imported when they are needed, so that
# .jsonl and .csv work without the extra.
WRITERS = {
    ".jsonl": (".lines", "LineWriter"),
    ".csv": (".comma", "CommaWriter"),
    ".xlsx": (".excel", "ExcelWriter"),
    ".parquet": (".parquet", "ParquetWriter"),
    ".html": ("..page.writer", "PageWriter"),
}
# Those that also write what made the facts.
WITH_METADATA = (".xlsx", ".parquet")


def find_writer(
    path: str | Path, metadata: Mapping[str, str] | None = None
) -> Callable[[BinaryIO], RecordWriter]:
    """Find the writer of a file, before any work is done for it.

    path (str | Path): the file to write.
    metadata (Mapping[str, str] | None): what made the facts, such as pipeline and version.
    RETURNS (Callable[[BinaryIO], RecordWriter]): makes the writer, given the open file.
    RAISES (OutputError): if its ending is unknown, or what writes it is not installed.
    """
    ending = Path(path).suffix.lower()
    if ending not in WRITERS:
        raise OutputError(
            f"{shown(path)}: what to write is told by the ending; "
            f"end the name in one of {', '.join(WRITERS)}"
        )
    module, name = WRITERS[ending]
    try:
        writer = getattr(import_module(module, __package__), name)
    except ModuleNotFoundError as error:
        raise OutputError(
            f"{shown(path)}: writing {ending} needs {error.name}; "
            "pip install 'zh_report_facts[tables]'"
        ) from error
    if ending in WITH_METADATA:
        return lambda stream: writer(stream, metadata or {})
    return writer


@contextmanager
def open_writer(
    path: str | Path, metadata: Mapping[str, str] | None = None
) -> Iterator[RecordWriter]:
    """Open a file for the facts of reports; its ending says in which form.

    path (str | Path): .jsonl, .csv, .xlsx, .parquet or .html; written whole or not at all.
    metadata (Mapping[str, str] | None): what made the facts, such as pipeline and version.
    YIELDS (RecordWriter): write each report to it.
    RAISES (OutputError): if the file cannot be written.
    """
    make_writer = find_writer(path, metadata)
    with replacing(path) as stream:
        writer = make_writer(stream)
        yield writer
        writer.close()
