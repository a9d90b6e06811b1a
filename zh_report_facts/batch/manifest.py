"""The manifest of a job: what has been made of which input by which model.

It is a file of JSON Lines: a header, then a line for each finished shard, written when the shard's
file of facts stands under its final name. Whoever starts the job again begins where it ends.
"""

import json
import os
from collections.abc import Iterable
from pathlib import Path
from typing import Any, NamedTuple

from ..files import InputError, OutputError, read_bytes, reason, replacing, shown
from .sources import Columns, Piece, Source

NAME = "manifest.jsonl"
FORMAT = 1
COUNTED = ("reports", "characters", "facts", "size")


class Settings(NamedTuple):
    """What decides the facts of a report, besides the report.

    package (str): version of this package.
    model (str): name of the pipeline.
    version (str): its version.
    digest (str): SHA-256 of its files.
    min_score (float): facts with a lower score are left out.
    columns (Columns): what is read in tables.
    """

    package: str
    model: str
    version: str
    digest: str
    min_score: float
    columns: Columns


class Reject(NamedTuple):
    """A report that could not be read.

    id (str): its id.
    file (str): the file it stands in, relative to the input.
    at (int | None): its row in Parquet, its first byte in JSON Lines; None for a whole file.
    reason (str): what is wrong with it.
    """

    id: str
    file: str
    at: int | None
    reason: str


class Entry(NamedTuple):
    """A finished shard.

    part (str): its file of facts, relative to the output.
    pieces (tuple[Piece, ...]): what was read.
    sources (tuple[Source, ...]): the files that the pieces are of, as they were.
    digest (str): SHA-256 of the reports that were read, ids and texts.
    reports (int): how many were read.
    characters (int): how many they have.
    facts (int): rows in the file of facts.
    size (int): its bytes.
    sha256 (str): its checksum.
    rejects (tuple[Reject, ...]): reports that could not be read.
    """

    part: str
    pieces: tuple[Piece, ...]
    sources: tuple[Source, ...]
    digest: str
    reports: int
    characters: int
    facts: int
    size: int
    sha256: str
    rejects: tuple[Reject, ...]


class Manifest:
    """The manifest in a folder of facts.

    folder (Path): the folder; it exists.
    settings (Settings): of the job that is about to run.
    source (str): the input as the user names it.
    fresh (bool): whether to forget what is there.
    RAISES (InputError): if the folder holds something else, or facts made with other settings.
    """

    def __init__(
        self, folder: Path, settings: Settings, source: str, *, fresh: bool = False
    ) -> None:
        self.path = folder / NAME
        self.settings = settings
        self.source = source
        self.entries: list[Entry] = []
        if not self.path.exists():
            if any(folder.iterdir()):
                raise InputError(
                    f"{shown(folder)}: holds other files than facts; name an empty or new folder"
                )
        elif not fresh:
            self._load(folder)

    def add(self, entry: Entry) -> None:
        """Write down a finished shard.

        entry (Entry): the shard; it takes the place of one with the same pieces.
        RAISES (OutputError): if it cannot be written.
        """
        try:
            with open(self.path, "ab") as file:
                file.write(_line(entry._asdict()))
                file.flush()
                os.fsync(file.fileno())
        except OSError as error:
            raise OutputError(
                f"{shown(self.path)}: cannot be written ({reason(error)}); make room for it"
            ) from error
        self.entries.append(entry)

    def replace(self, entries: Iterable[Entry], *, complete: bool) -> None:
        """Write the whole manifest anew, in the order of the input.

        entries (Iterable[Entry]): the finished shards; of two with the same pieces the last counts.
        complete (bool): whether they are all there are.
        RAISES (OutputError): if it cannot be written.
        """
        last = {entry.pieces: entry for entry in entries}
        self.entries = [last[pieces] for pieces in sorted(last)]
        with replacing(self.path) as file:
            for line in (self.header(complete), *(entry._asdict() for entry in self.entries)):
                file.write(_line(line))
            file.flush()
            os.fsync(file.fileno())

    def header(self, complete: bool) -> dict[str, Any]:
        """The first line: what the facts are made of and with, and how many there are."""
        return {
            "format": FORMAT,
            "complete": complete,
            "input": self.source,
            **self.settings._asdict(),
            "columns": self.settings.columns._asdict(),
            "shards": len(self.entries),
            **{name: sum(getattr(entry, name) for entry in self.entries) for name in COUNTED},
            "rejects": sum(len(entry.rejects) for entry in self.entries),
        }

    def _load(self, folder: Path) -> None:
        # A line without its line end was being written when the job died.
        *lines, _ = read_bytes(self.path).split(b"\n")
        try:
            header, *entries = map(json.loads, lines)
            if header["format"] != FORMAT:
                raise ValueError(f"format {header['format']}")
            header["columns"] = Columns(**header["columns"])
            before = Settings(*(header[name] for name in Settings._fields))
            found = [_to_entry(entry) for entry in entries]
            self.source = header["input"]
        except (ValueError, KeyError, TypeError) as error:
            raise InputError(
                f"{shown(self.path)}: is no manifest of this version ({error}); name a new folder"
            ) from error
        for name, old, new in zip(Settings._fields, before, self.settings, strict=True):
            if old != new:
                raise InputError(
                    f"{shown(folder)}: holds facts made with another {name} ({_short(old)}, now "
                    f"{_short(new)}); name a new folder, or make all anew with --fresh"
                )
        self.entries = list({entry.pieces: entry for entry in found}.values())


def _line(data: dict[str, Any]) -> bytes:
    # Python keeps the bytes of a file name that is no UTF-8 as halves of surrogate pairs.
    return json.dumps(data, ensure_ascii=False).encode(errors="surrogatepass") + b"\n"


def _short(value: Any) -> str:
    return ", ".join(value) if isinstance(value, Columns) else str(value)[:40]


def _to_entry(data: dict[str, Any]) -> Entry:
    entry = Entry(**data)
    return entry._replace(
        pieces=tuple(Piece(*piece) for piece in entry.pieces),
        sources=tuple(Source(*source) for source in entry.sources),
        rejects=tuple(Reject(*reject) for reject in entry.rejects),
    )
