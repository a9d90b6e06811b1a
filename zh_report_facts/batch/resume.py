"""What an earlier run has left, and the shards that are still to be made."""

import hashlib
from collections.abc import Iterable
from pathlib import Path
from typing import NamedTuple

from .manifest import Entry
from .sources import Source

FACTS = "facts"


class Before(NamedTuple):
    """What an earlier run has left.

    done (list[Entry]): shards that need no work.
    doubtful (list[Entry]): shards whose files were touched and may still hold the same reports.
    notes (list[str]): a sentence on each thing that is made anew.
    """

    done: list[Entry]
    doubtful: list[Entry]
    notes: list[str]


def compare(
    entries: Iterable[Entry], sources: Iterable[Source], out: Path, *, retry: bool = False
) -> Before:
    """Compare the shards of an earlier run with the files that are there now.

    entries (Iterable[Entry]): the shards of the manifest.
    sources (Iterable[Source]): the files of the input.
    out (Path): folder of the facts.
    retry (bool): whether a shard with rejected reports is to be made anew.
    RETURNS (Before): what of them stands.
    """
    now = {source.path: source for source in sources}
    before = Before([], [], [])
    counts = {"lost": 0, "rejected": 0, "gone": 0, "changed": 0}
    for entry in entries:
        part = out / entry.part
        if not part.is_file() or part.stat().st_size != entry.size:
            counts["lost"] += 1
        elif retry and entry.rejects:
            counts["rejected"] += 1
        elif all(now.get(source.path) == source for source in entry.sources):
            before.done.append(entry)
        elif any(source.path not in now for source in entry.sources):
            counts["gone"] += 1
        elif any(now[source.path].size != source.size for source in entry.sources):
            counts["changed"] += 1
        else:
            before.doubtful.append(entry)
    why = {
        "lost": "as their facts are lost or damaged",
        "rejected": "to try again what was rejected",
        "gone": "as files of theirs are gone",
        "changed": "as files of theirs have changed",
    }
    for name, count in counts.items():
        if count:
            before.notes.append(f"Shards made anew {why[name]}: {count}")
    if before.doubtful:
        count = len(before.doubtful)
        before.notes.append(f"Shards compared as files of theirs have a new date: {count}")
    return before


def name_part(number: int, *what: object) -> str:
    """Name the file of facts of a shard, in the order of the shards.

    A worker that nobody waits for any more may still write what an earlier run has asked it for;
    so a name stands for one content only.

    number (int): of the shard.
    what (object): all that decides the facts.
    RETURNS (str): the path, relative to the folder of all output.
    """
    digest = hashlib.sha256(repr(what).encode(errors="surrogatepass")).hexdigest()
    return f"{FACTS}/{number:06d}-{digest[:8]}.parquet"


def next_number(entries: Iterable[Entry]) -> int:
    """The first number that no shard has."""
    numbers = (int(Path(entry.part).name.split("-")[0]) for entry in entries)
    return max(numbers, default=-1) + 1
