"""What a worker does with a shard: reads its reports and writes a file of their facts."""

import hashlib
import os
import socket
from collections.abc import Callable, Iterable, Iterator, Mapping
from functools import cache
from pathlib import Path
from typing import NamedTuple

import pyarrow as pa
import pyarrow.parquet

from .. import __version__
from ..bounded import TOGETHER
from ..files import InputError, encodable, replacing
from ..tables.schema import SCHEMA
from .function import extract_batch, load_pipeline
from .manifest import Entry, Reject, Settings
from .sources import Columns, Piece, Row, Source, read_piece

# Facts that a worker holds before it writes them.
GROUP = 20_000
REPORTS = pa.schema([(name, pa.large_string()) for name in ("id", "text", "file")])
NOTHING = pa.RecordBatch.from_pylist([], SCHEMA)


class Job(NamedTuple):
    """A shard and all that its worker must know.

    root (str): folder of all input, as workers see it.
    shown (str): the same as the user names it, for the column `file`.
    out (str): folder of all output, as workers see it.
    part (str): the file of facts to write, relative to `out`.
    model (str): the pipeline, as workers see it.
    settings (Settings): what decides the facts.
    pieces (tuple[Piece, ...]): what to read.
    sources (tuple[Source, ...]): the files that the pieces are of.
    known (str | None): digest of the reports whose facts the file already holds.
    """

    root: str
    shown: str
    out: str
    part: str
    model: str
    settings: Settings
    pieces: tuple[Piece, ...]
    sources: tuple[Source, ...]
    known: str | None = None


class Tally:
    """Counts reports while they are read, and keeps those that cannot be."""

    def __init__(self) -> None:
        self.digest = hashlib.sha256()
        self.reports = self.characters = 0
        self.rejects: list[Reject] = []

    def see(self, row: Row) -> None:
        """Take a report, readable or not, into the digest of all that was read."""
        for text in (row.id, row.text, row.fault or ""):
            data = text.encode()
            self.digest.update(len(data).to_bytes(8))
            self.digest.update(data)

    def accept(self, row: Row) -> None:
        """Count a report that was read."""
        self.reports += 1
        self.characters += len(row.text)

    def reject(self, row: Row, reason: str) -> None:
        """Keep a report that was not."""
        self.rejects.append(Reject(row.id, row.path, row.at, reason))


def process(
    job: Job, skip: Mapping[int, str] | None = None, on_row: Callable[[int], None] | None = None
) -> Entry | None:
    """Read the reports of a shard and write their facts to a file, which gets its name when whole.

    job (Job): the shard. A report that raises an error is left out.
    skip (Mapping[int, str] | None): more to leave out, by their number in the shard, and why.
    on_row (Callable[[int], None] | None): called with the number of each report before it is read;
        each is then read alone.
    RETURNS (Entry | None): the shard's line of the manifest; None if the reports are as before.
    RAISES (InputError): if this worker has another model.
    RAISES (OutputError): if the file cannot be written.
    """
    here = describe_model(job.model, job.settings.min_score, job.settings.columns)
    if here != job.settings:
        raise InputError(
            f"The worker on {socket.gethostname()} has the model {' '.join(here[1:4])} of package "
            f"{here.package}, the job {' '.join(job.settings[1:4])} of {job.settings.package}; "
            "install the same on all"
        )
    tally = Tally()
    if job.known is not None:
        for row in read_rows(job):
            tally.see(row)
        if tally.digest.hexdigest() == job.known:
            return None
        tally = Tally()

    def readable() -> Iterator[Row]:
        for number, row in enumerate(read_rows(job)):
            tally.see(row)
            fault = row.fault or (skip or {}).get(number)
            if fault is not None:
                tally.reject(row, fault)
                continue
            if on_row is not None:
                on_row(number)
            yield row

    target = Path(job.out, job.part)
    groups = group_rows(readable(), TOGETHER if on_row is None else 0)
    facts = write_facts(target, (_extract(job, group, tally) for group in groups), job.settings)
    with open(target, "rb") as file:
        sha256 = hashlib.file_digest(file, "sha256").hexdigest()
    return Entry(
        part=job.part,
        pieces=job.pieces,
        sources=job.sources,
        digest=tally.digest.hexdigest(),
        reports=tally.reports,
        characters=tally.characters,
        facts=facts,
        size=target.stat().st_size,
        sha256=sha256,
        rejects=tuple(tally.rejects),
    )


@cache
def describe_model(model: str, min_score: float, columns: Columns) -> Settings:
    """Tell what this process makes facts with.

    model (str): installed pipeline, or folder of a trained one.
    min_score (float): facts with a lower score are left out.
    columns (Columns): what is read in tables.
    RETURNS (Settings): the settings of a job.
    RAISES (OSError): if there is no such pipeline.
    """
    nlp = load_pipeline(model)
    digest = hashlib.sha256()
    for path in sorted(nlp.path.rglob("*")):
        if path.is_file():
            digest.update(path.relative_to(nlp.path).as_posix().encode() + b"\0")
            digest.update(path.read_bytes())
    name = f"{nlp.meta['lang']}_{nlp.meta['name']}"
    version = nlp.meta["version"]
    return Settings(__version__, name, version, digest.hexdigest(), min_score, columns)


def read_rows(job: Job) -> Iterator[Row]:
    """Read the reports of a shard.

    job (Job): the shard.
    YIELDS (Row): each report, in the order of the input.
    """
    for piece in job.pieces:
        yield from read_piece(Path(job.root), piece, job.settings.columns)


def group_rows(rows: Iterable[Row], characters: int) -> Iterator[list[Row]]:
    """Put reports together that are read at once.

    rows (Iterable[Row]): the reports.
    characters (int): a group is full when it has so many.
    YIELDS (list[Row]): at least one report.
    """
    group: list[Row] = []
    size = 0
    for row in rows:
        group.append(row)
        size += len(row.text)
        if size >= characters:
            yield group
            group, size = [], 0
    if group:
        yield group


def write_facts(target: Path, batches: Iterable[pa.RecordBatch], settings: Settings) -> int:
    """Write facts as Parquet, whole or not at all, and safely on disk.

    target (Path): the file.
    batches (Iterable[pa.RecordBatch]): the facts.
    settings (Settings): what they are made with, kept in the file.
    RETURNS (int): how many facts there are.
    RAISES (OutputError): if they cannot be written.
    """
    made_with = {name: str(getattr(settings, name)) for name in ("model", "version", "package")}
    schema = SCHEMA.with_metadata(made_with)
    facts = 0
    held: list[pa.RecordBatch] = []
    with replacing(target) as stream:
        with pyarrow.parquet.ParquetWriter(stream, schema, compression="zstd") as writer:
            for batch in batches:
                held.append(batch)
                facts += batch.num_rows
                if sum(batch.num_rows for batch in held) >= GROUP:
                    writer.write_table(pa.Table.from_batches(held).cast(schema))
                    held.clear()
            writer.write_table(pa.Table.from_batches(held, SCHEMA).cast(schema))
        stream.flush()
        os.fsync(stream.fileno())
    return facts


def _extract(job: Job, rows: list[Row], tally: Tally) -> pa.RecordBatch:
    """Extract the facts of a group; where that fails, of each report alone."""
    reports = pa.RecordBatch.from_pydict(
        {
            "id": [row.id for row in rows],
            "text": [row.text for row in rows],
            "file": [encodable(str(Path(job.shown, row.path))) for row in rows],
        },
        schema=REPORTS,
    )
    try:
        facts = extract_batch(reports, job.model, job.settings.min_score)
    except Exception as error:
        if len(rows) == 1:
            tally.reject(rows[0], f"{type(error).__name__}: {error}")
            return NOTHING
        return pa.concat_batches([_extract(job, [row], tally) for row in rows])
    for row in rows:
        tally.accept(row)
    return facts
