"""The files that reports come in, and the reports in each: Parquet, JSON Lines and text."""

import json
import os
from collections.abc import Iterator
from math import isnan
from pathlib import Path
from typing import Any, BinaryIO, NamedTuple

import pyarrow as pa
import pyarrow.parquet

from ..files import InputError, encodable, reason, shown
from ..readers.documents import LARGEST, read_document

PARQUET, LINES, TEXT = (".parquet", ".pq"), (".jsonl", ".ndjson"), (".txt",)
# Rows of Parquet that are held at once; each may have megabytes.
ROWS = 32
BUFFER = 2**20


class Source(NamedTuple):
    """A file with reports.

    path (str): relative to the folder of all input, with `/`.
    size (int): bytes.
    modified (int): when, in nanoseconds.
    """

    path: str
    size: int
    modified: int


class Piece(NamedTuple):
    """A file, or a part of one.

    path (str): as in Source.
    start (int): its first row in Parquet, first byte in JSON Lines.
    stop (int | None): behind the last; None for a whole file.
    """

    path: str
    start: int = 0
    stop: int | None = None


class Columns(NamedTuple):
    """Names of the columns, or keys, that are read.

    id (str): the reports' ids; where there is none, the file and the place in it.
    text (str): their texts.
    """

    id: str = "id"
    text: str = "text"


class Row(NamedTuple):
    """A report, or a place where none can be read.

    path (str): as in Source.
    at (int | None): its row in Parquet, its first byte in JSON Lines; None for a whole file.
    id (str): the report's id.
    text (str): its text.
    fault (str | None): why it cannot be read.
    """

    path: str
    at: int | None
    id: str
    text: str = ""
    fault: str | None = None


def find_sources(path: Path) -> tuple[Path, list[Source]]:
    """Find the files with reports.

    path (Path): a file, or a folder that is searched to its depths. As other tools do, it leaves
        out names that begin with a point or an underscore.
    RETURNS (tuple[Path, list[Source]]): the folder of all input, and its files, sorted by path.
    RAISES (InputError): if there is none.
    """
    endings = PARQUET + LINES + TEXT
    try:
        if path.is_file() and path.suffix.lower() in endings:
            return path.parent, [_source(path.parent, path)]
        found = []
        for folder, folders, names in os.walk(path, onerror=_refuse):
            folders[:] = [name for name in folders if not name.startswith((".", "_"))]
            for name in names:
                file = Path(folder, name)
                if file.suffix.lower() in endings and not name.startswith((".", "_")):
                    found.append(_source(path, file))
    except OSError as error:
        raise InputError(
            f"{shown(error.filename or path)}: cannot be read ({reason(error)}); check the name"
        ) from error
    if not found:
        raise InputError(
            f"{shown(path)}: holds no reports; name a folder with {' '.join(endings)} files, "
            "or one such file"
        )
    return path, sorted(found)


def _refuse(error: OSError) -> None:
    raise error


def _source(root: Path, file: Path) -> Source:
    status = file.stat()
    return Source(file.relative_to(root).as_posix(), status.st_size, status.st_mtime_ns)


def read_piece(root: Path, piece: Piece, columns: Columns) -> Iterator[Row]:
    """Read the reports of a piece.

    root (Path): the folder of all input.
    piece (Piece): a file in it, or a part of one.
    columns (Columns): what is read in tables.
    YIELDS (Row): each report; a file that cannot be read, or no further, gives a row that says why.
    """
    suffix = Path(piece.path).suffix.lower()
    try:
        if suffix in TEXT:
            name = encodable(piece.path.removesuffix(Path(piece.path).suffix))
            yield _check(Row(piece.path, None, name, read_document(root / piece.path).text))
        elif suffix in LINES:
            yield from _read_lines(root / piece.path, piece, columns)
        else:
            yield from _read_parquet(root / piece.path, piece, columns)
    except (InputError, OSError, pa.ArrowException) as error:
        why = reason(error) if isinstance(error, OSError) else str(error)
        fault = why.removeprefix(f"{shown(root / piece.path)}: ").splitlines()[0]
        yield Row(piece.path, None, encodable(piece.path), fault=fault)


def _check(row: Row) -> Row:
    """Refuse a text that cannot be written to a table, or that no pipeline can hold."""
    if len(row.text) > LARGEST:
        return row._replace(text="", fault=f"has {len(row.text):,} characters; split it")
    try:
        row.text.encode()
    except UnicodeEncodeError:
        return row._replace(text="", fault="holds half of a surrogate pair, which is no character")
    return row


def _to_row(path: str, at: int, name: Any, text: Any) -> Row:
    """Take what stands in the two columns, whatever that is."""
    if isinstance(name, float):
        # pandas makes floats of a column of whole numbers of which some are missing.
        name = None if isnan(name) else int(name) if name.is_integer() else name
    own = encodable(f"{path}#{at}" if name is None else str(name))
    if text is None:
        return Row(path, at, own, fault="has no text (null)")
    if isinstance(text, bytes):
        try:
            text = text.decode()
        except UnicodeDecodeError as error:
            return Row(path, at, own, fault=f"its text is not UTF-8 (at byte {error.start})")
    if not isinstance(text, str):
        return Row(path, at, own, fault=f"its text is no string but {type(text).__name__}")
    return _check(Row(path, at, own, text))


def _read_lines(path: Path, piece: Piece, columns: Columns) -> Iterator[Row]:
    stop = path.stat().st_size if piece.stop is None else piece.stop
    with open(path, "rb") as file:
        at = piece.start
        if at:
            # A line belongs to the piece that its first byte is in.
            file.seek(at - 1)
            at += _skip_line(file) - 1
        while at < stop:
            line = file.readline(LARGEST)
            size = len(line)
            if size == LARGEST and not line.endswith(b"\n"):
                size += _skip_line(file)
                fault = f"is a line of {size:,} bytes, more than {LARGEST:,}; split it"
                yield Row(piece.path, at, encodable(f"{piece.path}#{at}"), fault=fault)
            elif line.strip(b"\xef\xbb\xbf \t\r\n"):
                yield _parse_line(piece.path, at, line, columns)
            at += size
            if not line:
                break


def _skip_line(file: BinaryIO) -> int:
    """Go to the start of the next line, and tell how far that was."""
    size = 0
    while chunk := file.readline(BUFFER):
        size += len(chunk)
        if chunk.endswith(b"\n"):
            break
    return size


def _parse_line(path: str, at: int, line: bytes, columns: Columns) -> Row:
    try:
        data = json.loads(line.decode("utf-8-sig"))
    except (ValueError, RecursionError) as error:
        fault = f"is no line of JSON in UTF-8 ({error})"
        return Row(path, at, encodable(f"{path}#{at}"), fault=fault)
    if not isinstance(data, dict) or columns.text not in data:
        fault = f"is no JSON object with the key {columns.text!r}"
        return Row(path, at, encodable(f"{path}#{at}"), fault=fault)
    return _to_row(path, at, data.get(columns.id), data[columns.text])


def _read_parquet(path: Path, piece: Piece, columns: Columns) -> Iterator[Row]:
    with pyarrow.parquet.ParquetFile(path, pre_buffer=False, buffer_size=BUFFER) as file:
        names = [name for name in columns if name in file.schema_arrow.names]
        if columns.text not in names:
            raise InputError(f"has no column {columns.text!r}; name the right one with --text")
        at = 0
        for group in range(file.num_row_groups):
            rows = file.metadata.row_group(group).num_rows
            if at + rows > piece.start and (piece.stop is None or at < piece.stop):
                for batch in file.iter_batches(ROWS, [group], names, use_threads=False):
                    yield from _read_rows(batch, at, piece, columns)
                    at += batch.num_rows
            else:
                at += rows


def _read_rows(batch: pa.RecordBatch, at: int, piece: Piece, columns: Columns) -> Iterator[Row]:
    end = at + batch.num_rows if piece.stop is None else min(piece.stop, at + batch.num_rows)
    batch = batch.slice(max(0, piece.start - at), max(0, end - max(at, piece.start)))
    texts = _values(batch.column(columns.text))
    ids = _values(batch.column(columns.id)) if columns.id in batch.schema.names else [None] * end
    for offset, (name, text) in enumerate(zip(ids, texts), max(at, piece.start)):
        name = name.decode(errors="replace") if isinstance(name, bytes) else name
        yield _to_row(piece.path, offset, name, text)


def _values(column: pa.Array) -> list[Any]:
    """The values of a column; strings as bytes, since not every writer checks them."""
    if pa.types.is_dictionary(column.type):
        column = column.dictionary_decode()
    if pa.types.is_string(column.type) or pa.types.is_large_string(column.type):
        column = column.cast(pa.large_binary())
    return column.to_pylist()
