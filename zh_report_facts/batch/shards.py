"""Shards, the units of work: large files are split, small ones are put together."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from contextlib import suppress
from math import ceil
from pathlib import Path
from typing import NamedTuple

import pyarrow as pa
import pyarrow.parquet

from .sources import LINES, PARQUET, Piece, Source

# Opening a file costs as much as reading so many bytes.
OPENING = 4096
# Fewer bytes than a report has; equal texts take hardly any room in Parquet.
SHORTEST = 100

Span = tuple[int, int | None]


class Part(NamedTuple):
    """A piece with the text it holds.

    piece (Piece): the piece.
    size (int): bytes of text, as far as can be told without reading it.
    """

    piece: Piece
    size: int


class Shard(NamedTuple):
    """Pieces whose reports are read by one task and whose facts go into one file.

    pieces (tuple[Piece, ...]): in the order of their files.
    size (int): bytes of text, as far as can be told.
    """

    pieces: tuple[Piece, ...]
    size: int


def plan_shards(
    root: Path, sources: Iterable[Source], done: Iterable[Piece], size: int
) -> Iterator[Shard]:
    """Divide what is not done yet.

    root (Path): the folder of all input.
    sources (Iterable[Source]): its files.
    done (Iterable[Piece]): what needs no work.
    size (int): bytes of text that a shard should have.
    YIELDS (Shard): the shards, in the order of the files; no byte is in two.
    """
    spans: dict[str, list[Span]] = defaultdict(list)
    for piece in done:
        spans[piece.path].append((piece.start, piece.stop))
    pieces: list[Piece] = []
    filled = 0
    for source in sources:
        for part in _split(root, source, sorted(spans[source.path]), size):
            if pieces and filled + part.size > size:
                yield Shard(tuple(pieces), filled)
                pieces, filled = [], 0
            pieces.append(part.piece)
            filled += part.size + OPENING
    if pieces:
        yield Shard(tuple(pieces), filled)


def _split(root: Path, source: Source, done: Sequence[Span], size: int) -> Iterator[Part]:
    """Cut what is not done of a file into pieces."""
    if any(stop is None for _, stop in done):
        return
    length, text = _measure(root / source.path, source)
    if length is None or not done and text <= size:
        yield Part(Piece(source.path), text)
        return
    for start, stop in _gaps(done, length):
        rest = stop - start
        pieces = min(rest, ceil(rest * text / length / size))
        for number in range(pieces):
            piece = Piece(
                source.path, start + rest * number // pieces, start + rest * (number + 1) // pieces
            )
            yield Part(piece, rest * text // length // pieces)


def _gaps(done: Sequence[Span], length: int) -> Iterator[tuple[int, int]]:
    at = 0
    for start, stop in done:
        if at < start:
            yield at, start
        assert stop is not None, "a file in pieces has no whole one"
        at = stop
    if at < length:
        yield at, length


def _measure(path: Path, source: Source) -> tuple[int | None, int]:
    """How many rows or bytes a file has that may be cut apart, and about how many bytes of text."""
    suffix = path.suffix.lower()
    if suffix in LINES:
        return source.size, source.size
    if suffix in PARQUET:
        # Of a file that is broken its reader will say what is wrong.
        with suppress(OSError, pa.ArrowException):
            file = pyarrow.parquet.read_metadata(path)
            groups = map(file.row_group, range(file.num_row_groups))
            size = sum(group.total_byte_size for group in groups)
            return file.num_rows, max(size, file.num_rows * SHORTEST)
    return None, source.size
