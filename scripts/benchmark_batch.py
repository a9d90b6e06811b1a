"""Measure `zh-report-facts batch` against one plain process over the same shards."""

import os
import random
import subprocess
import sys
import tempfile
import threading
import time
from pathlib import Path
from typing import Annotated, NamedTuple

import psutil
import pyarrow as pa
import pyarrow.parquet
import typer
from wasabi import table

from zh_report_facts.corpus import annotated_files, read_reports

SHARDS = 20
PAPER = (16, 256)
# What anyone would write: no cluster, no manifest, no rejects.
PLAIN = """
import sys
from pathlib import Path
import pyarrow.parquet
import spacy
from zh_report_facts.records import to_record
from zh_report_facts.tables.rows import to_rows
from zh_report_facts.tables.schema import to_batch
nlp = spacy.load(sys.argv[3])
for path in sorted(Path(sys.argv[1]).iterdir()):
    reports = pyarrow.parquet.read_table(path).to_pydict()
    rows = []
    for doc, name in zip(nlp.pipe(reports["text"], batch_size=40), reports["id"]):
        rows += to_rows(to_record(doc, name))
    facts = to_batch(rows)
    pyarrow.parquet.write_table(
        pyarrow.Table.from_batches([facts]), Path(sys.argv[2], path.name), compression="zstd"
    )
"""


class Usage(NamedTuple):
    """What a command took, with all processes it started.

    seconds (float): wall time.
    cpu (float): seconds of all processors.
    early (float): most memory of one process in the first half, MB.
    peak (float): most memory of one process, MB.
    """

    seconds: float
    cpu: float
    early: float
    peak: float


def benchmark_batch(model: str, corpus: Path, reports: int, length: int) -> list[tuple[str, str]]:
    """Measure throughput, processor time, memory and start-up.

    model (str): folder or name of the pipeline.
    corpus (Path): annotated reports whose paragraphs the reports are made of.
    reports (int): how many reports.
    length (int): characters of each.
    RETURNS (list[tuple[str, str]]): what was measured, and the figure with its unit.
    """
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        write_reports(corpus, folder / "in", reports, length, SHARDS)
        write_reports(corpus, folder / "small", 200, 10, 200)
        (folder / "plain").mkdir()
        plain = measure([sys.executable, "-c", PLAIN, folder / "in", folder / "plain", model])
        one, two = (run_batch(folder / "in", folder / f"{n}", model, n) for n in (1, 2))
        first = run_batch(folder / "small/000.parquet", folder / "first", model, 1)
        # Each small file is too large for a shard that it would share.
        small = run_batch(folder / "small", folder / "many", model, 1, "--shard-size", "1")
    rate = reports / plain.seconds
    million = reports * length / 1e6
    overhead = (small.seconds - first.seconds) / 200
    rows = [("one plain process, reports/s", f"{rate:.0f}")]
    for workers, usage in ((1, one), (2, two)):
        rows.append((f"{workers} workers, reports/s", f"{reports / usage.seconds:.0f}"))
        rows.append(("  times the plain process", f"{plain.seconds / usage.seconds:.2f}"))
    rows += [
        ("CPU s a million characters, plain process", f"{plain.cpu / million:.1f}"),
        ("CPU s a million characters, 2 workers", f"{two.cpu / million:.1f}"),
        ("  times the plain process", f"{two.cpu / plain.cpu:.2f}"),
        ("peak memory of a process, MB", f"{two.peak:.0f}"),
        ("  in the first half, MB", f"{two.early:.0f}"),
        ("start and end with one report, s", f"{first.seconds:.1f}"),
        ("a shard more, whatever is in it, ms", f"{1000 * overhead:.0f}"),
    ]
    # The client and the scheduler serve one shard after the other.
    shard = 2_000_000 / 3 / length / (reports / (one.seconds - first.seconds))
    for workers in PAPER:
        busy = min(workers, shard / overhead)
        rows.append((f"{workers} workers on paper, reports/s", f"{busy * rate:,.0f}"))
    return rows


def write_reports(corpus: Path, folder: Path, reports: int, length: int, files: int) -> None:
    """Write reports of random paragraphs, as many to a file.

    corpus (Path): annotated reports.
    folder (Path): where the files go.
    reports (int): how many reports.
    length (int): characters of each.
    files (int): how many files.
    """
    texts = [report.text for _, report in read_reports(annotated_files(corpus))]
    paragraphs = [line for text in texts for line in text.split("\n") if len(line) > 30]
    choose = random.Random(0)
    folder.mkdir()
    for number in range(files):
        ids = range(number * reports // files, (number + 1) * reports // files)
        made = ["\n".join(choose.choices(paragraphs, k=1 + length // 30))[:length] for _ in ids]
        columns = pa.table({"id": [str(each) for each in ids], "text": made})
        pyarrow.parquet.write_table(columns, folder / f"{number:03d}.parquet")


def run_batch(source: Path, out: Path, model: str, workers: int, *options: str) -> Usage:
    """Run the command.

    source (Path): its input.
    out (Path): its output.
    model (str): folder or name of the pipeline.
    workers (int): how many.
    options (str): further options.
    RETURNS (Usage): what it took.
    """
    command = [sys.executable, "-m", "zh_report_facts", "batch", source, out, "--model", model]
    return measure([*command, "--workers", workers, "--quiet", *options])


def measure(command: list) -> Usage:
    """Run a command and watch its processes.

    command (list): program and arguments.
    RETURNS (Usage): what it took.
    RAISES (CalledProcessError): if it fails.
    """
    words = [str(word) for word in command]
    start = time.perf_counter()
    samples: list[float] = []
    with subprocess.Popen(words, env=os.environ | {"OMP_NUM_THREADS": "1"}) as process:
        watcher = threading.Thread(target=watch, args=(process, samples))
        watcher.start()
        _, status, usage = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
        watcher.join()
    if process.returncode:
        raise subprocess.CalledProcessError(process.returncode, words)
    seconds = time.perf_counter() - start
    half = max(samples[: len(samples) // 2], default=0.0)
    return Usage(seconds, usage.ru_utime + usage.ru_stime, half, max(samples, default=0.0))


def watch(process: subprocess.Popen, samples: list[float]) -> None:
    """Note the memory of the largest of a command's processes, in MB, until it ends."""
    while process.returncode is None:
        try:
            parent = psutil.Process(process.pid)
            family = [parent, *parent.children(recursive=True)]
            samples.append(max(each.memory_info().rss for each in family) / 2**20)
        except psutil.Error:
            pass
        time.sleep(0.25)


def main(
    model: Annotated[str, typer.Argument(help="Trained pipeline: a folder or a package")],
    corpus: Annotated[Path, typer.Argument(help="Annotated reports to make the reports of")],
    reports: Annotated[int, typer.Option(help="How many reports")] = 20_000,
    length: Annotated[int, typer.Option(help="Characters of each")] = 500,
) -> None:
    """Measure `zh-report-facts batch` against one plain process over the same shards."""
    typer.echo(table(benchmark_batch(model, corpus, reports, length), aligns=("l", "r")))


if __name__ == "__main__":
    typer.run(main)
