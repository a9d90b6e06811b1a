"""Extraction of facts from report files: read in several processes, written in a stream."""

import os
import sys
from collections import Counter
from collections.abc import Callable, Generator, Iterable, Sequence
from contextlib import closing, nullcontext
from functools import partial
from itertools import chain
from pathlib import Path

from tqdm import tqdm

from . import __version__
from .files import InputError, OutputError, shown
from .jobs.pool import Death, run
from .jobs.worker import Report, start
from .readers.documents import find_files
from .records import Record
from .tables.writer import find_writer, open_writer
from .terminal import TerminalWriter


def extract(
    paths: Iterable[Path],
    output: Path | None = None,
    model: str = "zh_report_facts",
    *,
    jobs: int = 1,
    min_score: float = 0.0,
) -> list[str]:
    """Read reports and write their facts, or print them as tables.

    A file that cannot be read is named on standard error and left out. The same files give the
    same output, byte for byte, whatever `jobs` is.

    paths (Iterable[Path]): reports in any format of `readers`, or folders of them.
    output (Path | None): file of a kind that `tables.writer` knows; written whole or not at all.
    model (str): name of an installed pipeline, or folder of a trained one.
    jobs (int): how many processes read.
    min_score (float): facts with a lower score are left out.
    RETURNS (list[str]): a sentence for each file that was left out.
    RAISES (InputError): if the folders hold no report.
    RAISES (OutputError): if the output cannot be written.
    RAISES (PoolError): if the pipeline cannot be loaded.
    """
    if output is not None:
        find_writer(output)
    faults: list[str] = []

    def on_fault(sentence: str) -> None:
        faults.append(sentence)
        tqdm.write(sentence, file=sys.stderr)

    files = find_reports(paths, output, on_fault)
    if not files and not faults:
        raise InputError("There is no report in the given folders; name files or other folders")
    metadata = {"pipeline": model, "zh_report_facts": __version__}
    reports = facts = 0
    with closing(read_records(files, model, jobs, min_score, on_fault)) as records:
        # Where nothing can be read nothing is written.
        first = next(records, None)
        if first is None:
            return faults
        with (
            nullcontext(TerminalWriter()) if output is None else open_writer(output, metadata)
        ) as writer:
            for record in chain([first], records):
                writer.write(record)
                reports += 1
                facts += len(record["facts"])
    place = f", written to {shown(output)}" if output is not None else ""
    print(f"{reports} reports, {facts} facts{place}", file=sys.stderr)
    return faults


def find_reports(
    paths: Iterable[Path], output: Path | None, on_fault: Callable[[str], None]
) -> list[Path]:
    """Find the files to read, each once, without the one to be written.

    paths (Iterable[Path]): files, or folders of them.
    output (Path | None): the file to be written, which may be left of an earlier run.
    on_fault (Callable[[str], None]): called with a sentence for what is left out.
    RETURNS (list[Path]): the files, in the order in which `find_files` finds them.
    RAISES (OutputError): if the output is itself one of the reports named.
    """
    paths = list(paths)
    target = _identity(output) if output is not None else None
    if target is not None and target in map(_identity, paths):
        raise OutputError(f"{shown(str(output))}: is to be read as well; choose another output")
    files = dict.fromkeys(find_files(paths, on_fault))
    return [file for file in files if target is None or _identity(file) != target]


def _identity(path: Path) -> tuple[int, int] | None:
    """What tells a file from all others, whatever name it goes by; None where there is none."""
    try:
        status = os.stat(path)
    except OSError:
        return None
    return status.st_dev, status.st_ino


def report_names(files: Sequence[Path]) -> list[str]:
    """Name each report by its file, where two have one name with its folders, or even its ending.

    files (Sequence[Path]): the files, each once.
    RETURNS (list[str]): the id of each, all different.
    """
    names = [[file.stem, file.with_suffix("").as_posix(), file.as_posix()] for file in files]
    uses = Counter(name for candidates in names for name in set(candidates))
    return [
        next((name for name in candidates if uses[name] == 1), candidates[-1])
        for candidates in names
    ]


def read_records(
    files: Sequence[Path],
    model: str,
    jobs: int,
    min_score: float,
    on_fault: Callable[[str], None],
) -> Generator[Record]:
    """Read the facts of files in several processes, and show on a terminal how far it is.

    files (Sequence[Path]): the files.
    model (str): name of an installed pipeline, or folder of a trained one.
    jobs (int): how many processes.
    min_score (float): facts with a lower score are left out.
    on_fault (Callable[[str], None]): called with a sentence for each file that has no record.
    YIELDS (Record): the records, in the order of the files.
    RAISES (PoolError): if the pipeline cannot be loaded.
    """
    reports = list(map(Report, files, report_names(files)))
    facts = 0
    with (
        closing(run(partial(start, model, min_score), reports, jobs)) as outcomes,
        tqdm(total=len(reports), unit="file", disable=None) as bar,
    ):
        for report, outcome in zip(reports, outcomes, strict=True):
            if isinstance(outcome, Death):
                outcome = f"{shown(report.path)}: {_cause(outcome)}"
            if isinstance(outcome, str):
                on_fault(outcome)
            else:
                facts += len(outcome["facts"])
                bar.set_postfix(facts=facts, refresh=False)
            bar.update()
            if not isinstance(outcome, str):
                yield outcome


def _cause(death: Death) -> str:
    if death.exit_code is None:
        return "takes too long to be read; split it"
    return (
        f"ended its process twice (exit status {death.exit_code}); "
        "it may need more memory than there is, split it"
    )
