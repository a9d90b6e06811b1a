"""Measure `extract` over many reports: rate, memory and output of one process and of several."""

import subprocess
import sys
import time
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Annotated, NamedTuple

import psutil
import typer
from wasabi import table

from zh_report_facts.corpus import annotated_files, read_reports
from zh_report_facts.files import InputError, OutputError

SIZE = 3_000


class Run(NamedTuple):
    """A run of the command.

    seconds (float): from its start to its end.
    peak (float): the most memory that one of its processes had, in MB.
    early (float): the same until a third of the time had gone.
    """

    seconds: float
    peak: float
    early: float


def benchmark_jobs(model: str, corpus: Path, reports: int, jobs: int) -> list[tuple[str, str]]:
    """Measure the command with one process and with several.

    model (str): folder or name of the pipeline.
    corpus (Path): annotated reports, of whose texts reports of 3,000 characters are made.
    reports (int): how many.
    jobs (int): how many processes to compare with one.
    RETURNS (list[tuple[str, str]]): what was measured, and the figure with its unit.
    RAISES (OutputError): if the command fails, or writes something else with several processes.
    """
    text = "\n".join(report.text for _, report in read_reports(annotated_files(corpus)))
    long = text * (2 + SIZE // len(text))
    with TemporaryDirectory() as folder:
        source = Path(folder, "reports")
        source.mkdir()
        for number in range(reports):
            start = number * SIZE % len(text)
            (source / f"{number:05}.txt").write_text(long[start : start + SIZE], encoding="utf-8")
        rows, runs, outputs = [], [], []
        for count in (1, jobs):
            output = Path(folder, f"{count}.jsonl")
            run = measure(model, source, output, count)
            runs.append(run)
            outputs.append(output.read_bytes())
            rows += [
                (f"--jobs {count}, characters/s", f"{reports * SIZE / run.seconds:,.0f}"),
                (f"--jobs {count}, peak memory of a process, MB", f"{run.peak:,.0f}"),
                (f"--jobs {count}, the same in the first third, MB", f"{run.early:,.0f}"),
            ]
        if outputs[0] != outputs[1]:
            raise OutputError(f"--jobs {jobs} writes something else than --jobs 1")
    rate = runs[0].seconds / runs[1].seconds
    return [*rows, (f"rate of --jobs {jobs} : --jobs 1, same bytes written", f"{rate:.2f}")]


def measure(model: str, source: Path, output: Path, jobs: int) -> Run:
    """Run the command, and look at the memory of its processes ten times a second.

    model (str): folder or name of the pipeline.
    source (Path): folder of reports.
    output (Path): the file to write.
    jobs (int): how many processes.
    RETURNS (Run): what it took.
    RAISES (OutputError): if the command fails.
    """
    command = [sys.executable, "-m", "zh_report_facts", "extract", str(source), "-m", model]
    start = time.perf_counter()
    samples = []
    with psutil.Popen([*command, "-o", str(output), "--jobs", str(jobs)]) as process:
        while process.poll() is None:
            for each in [process, *process.children(recursive=True)]:
                # It may have ended since.
                if memory := each.as_dict(["memory_info"])["memory_info"]:
                    samples.append((time.perf_counter() - start, memory.rss / 1e6))
            time.sleep(0.1)
    seconds = time.perf_counter() - start
    if process.returncode:
        raise OutputError(f"`{' '.join(command)}` ended with exit status {process.returncode}")
    peaks = [max(m for at, m in samples if at <= until) for until in (seconds, seconds / 3)]
    return Run(seconds, *peaks)


def main(
    model: Annotated[str, typer.Argument(help="Trained pipeline: a folder or a package")],
    corpus: Annotated[Path, typer.Argument(help="Annotated reports, whose texts are read")],
    reports: Annotated[int, typer.Option(min=1, help="Reports of 3,000 characters")] = 1000,
    jobs: Annotated[int, typer.Option(min=2, help="Processes to compare with one")] = 2,
) -> None:
    """Measure `extract` over many reports with one process and with several."""
    try:
        rows = benchmark_jobs(model, corpus, reports, jobs)
    except (InputError, OutputError, OSError, subprocess.SubprocessError) as error:
        raise SystemExit(str(error)) from error
    typer.echo(table(rows, aligns=("l", "r")))


if __name__ == "__main__":
    typer.run(main)
