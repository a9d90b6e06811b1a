"""A job over many reports: does what is missing, and leaves a table that is whole."""

import fcntl
import json
import os
from collections.abc import Callable, Iterable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path

from distributed import Security

from ..files import InputError, OutputError, reason, replacing, shown
from .cluster import open_client, run_jobs
from .manifest import Entry, Manifest
from .progress import Progress
from .resume import FACTS, compare, name_part, next_number
from .shards import plan_shards
from .sources import Columns, Piece, find_sources
from .task import Job, describe_model

# Bytes of text in a shard: half a minute's work, little enough to lose with a worker.
SHARD = 2_000_000
REJECTS = "rejects.jsonl"
COLUMNS = Columns()


def run(
    source: Path,
    out: Path,
    *,
    model: str = "zh_report_facts",
    min_score: float = 0.0,
    columns: Columns = COLUMNS,
    scheduler: str | None = None,
    workers: int | None = None,
    security: Security | None = None,
    shard_size: int = SHARD,
    fresh: bool = False,
    retry: bool = False,
    quiet: bool = False,
    on_note: Callable[[str], None] = lambda sentence: None,
) -> Manifest:
    """Write the facts of all reports, those that are missing.

    source (Path): Parquet, JSON Lines or text files: a folder, or one file.
    out (Path): folder of the facts; workers must see both under the same paths.
    model (str): installed pipeline, or folder of a trained one.
    min_score (float): facts with a lower score are left out.
    columns (Columns): names of the columns of ids and texts.
    scheduler (str | None): address of a Dask cluster; None for processes of this machine.
    workers (int | None): how many processes; None for one a core.
    security (Security | None): certificates for the cluster.
    shard_size (int): bytes of text in a shard.
    fresh (bool): whether to make all anew.
    retry (bool): whether to try again what was rejected.
    quiet (bool): whether to show no progress, which only a terminal gets.
    on_note (Callable[[str], None]): called with a sentence on each thing that is made anew.
    RETURNS (Manifest): of all reports.
    RAISES (InputError, OutputError, ClusterError): one sentence; what is finished stays.
    """
    root, sources = find_sources(source)
    if source.is_dir() and out.resolve().is_relative_to(root.resolve()):
        raise InputError(f"{shown(out)}: lies in the folder that is read; name another one")
    try:
        settings = describe_model(model, min_score, columns)
    except Exception as error:
        why = str(error).splitlines()[0]
        raise InputError(f"{model}: is no pipeline that can be loaded ({why})") from error
    with locked(out):
        manifest = Manifest(out, settings, str(root), fresh=fresh)
        before = compare(manifest.entries, sources, out, retry=retry)
        for note in before.notes:
            on_note(note)
        known = {entry.pieces: entry for entry in before.doubtful}
        manifest.replace([*before.done, *before.doubtful], complete=False)
        sweep(out, manifest.entries)

        by_path = {source.path: source for source in sources}
        first = next_number(manifest.entries)

        def make_job(number: int, pieces: tuple[Piece, ...]) -> Job:
            read = tuple(by_path[path] for path in dict.fromkeys(piece.path for piece in pieces))
            return Job(
                root=str(root.resolve()),
                shown=manifest.source,
                out=str(out.resolve()),
                part=name_part(number, settings, read, pieces),
                model=model,
                settings=settings,
                pieces=pieces,
                sources=read,
                known=known[pieces].digest if pieces in known else None,
            )

        taken = [piece for entry in manifest.entries for piece in entry.pieces]
        missing = [shard.pieces for shard in plan_shards(root, sources, taken, shard_size)]
        jobs = [make_job(first + i, pieces) for i, pieces in enumerate([*known, *missing])]
        if jobs:
            with (
                open_client(scheduler, workers, security) as client,
                closing(run_jobs(client, jobs)) as results,
                Progress(len(jobs), quiet) as progress,
            ):
                for job, entry in results:
                    if entry is None:
                        entry = known[job.pieces]._replace(sources=job.sources)
                    manifest.add(entry)
                    progress.add(entry)
        manifest.replace(manifest.entries, complete=True)
        sweep(out, manifest.entries)
        write_rejects(out / REJECTS, manifest.entries)
    return manifest


@contextmanager
def locked(folder: Path) -> Iterator[None]:
    """Keep others from writing to a folder; it is made if it is not there.

    folder (Path): the folder.
    RAISES (InputError): if another process has it.
    RAISES (OutputError): if it cannot be made.
    """
    try:
        folder.mkdir(parents=True, exist_ok=True)
        handle = os.open(folder, os.O_RDONLY)
    except OSError as error:
        raise OutputError(
            f"{shown(folder)}: cannot be written ({reason(error)}); name another folder"
        ) from error
    try:
        # The system gives the lock back however the process ends.
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError as error:
        os.close(handle)
        raise InputError(f"{shown(folder)}: another job is writing there; wait for it") from error
    except OSError:
        # Some shared file systems know no locks.
        pass
    try:
        yield
    finally:
        os.close(handle)


def sweep(out: Path, entries: Iterable[Entry]) -> None:
    """Remove the files of facts that no entry has, such as those of a worker that was killed.

    out (Path): folder of all output.
    entries (Iterable[Entry]): the shards that stand.
    """
    parts = {Path(entry.part).name for entry in entries}
    if (out / FACTS).is_dir():
        for file in (out / FACTS).iterdir():
            if file.name not in parts:
                file.unlink(missing_ok=True)


def write_rejects(path: Path, entries: Iterable[Entry]) -> None:
    """Write the reports that could not be read, one a line; no file if there is none.

    path (Path): the JSON Lines file.
    entries (Iterable[Entry]): all shards.
    RAISES (OutputError): if it cannot be written.
    """
    rejects = [reject for entry in entries for reject in entry.rejects]
    if not rejects:
        path.unlink(missing_ok=True)
        return
    with replacing(path) as file:
        for reject in rejects:
            line = json.dumps(reject._asdict(), ensure_ascii=False)
            file.write(line.encode(errors="backslashreplace") + b"\n")
