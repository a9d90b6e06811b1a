"""Measure `extract` over many reports: rate, memory and output of one process and of several."""

import subprocess
import sys
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Annotated

import typer
from benchmark_batch import measure
from wasabi import table

from zh_report_facts.corpus import annotated_files, read_reports
from zh_report_facts.files import InputError, OutputError

SIZE = 3_000


def benchmark_jobs(model: str, corpus: Path, reports: int, jobs: int) -> list[tuple[str, str]]:
    """Measure the command with one process and with several.

    model (str): folder or name of the pipeline.
    corpus (Path): annotated reports, of whose texts reports of 3,000 characters are made.
    reports (int): how many.
    jobs (int): how many processes to compare with one.
    RETURNS (list[tuple[str, str]]): what was measured, and the figure with its unit.
    RAISES (OutputError): if the command writes something else with several processes.
    RAISES (CalledProcessError): if it fails.
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
            command = [sys.executable, "-m", "zh_report_facts", "extract", source, "-m", model]
            run = measure([*command, "-o", output, "--jobs", count])
            runs.append(run)
            outputs.append(output.read_bytes())
            rows += [
                (f"--jobs {count}, characters/s", f"{reports * SIZE / run.seconds:,.0f}"),
                (f"--jobs {count}, peak memory of a process, MB", f"{run.peak:,.0f}"),
                (f"--jobs {count}, the same in the first half, MB", f"{run.early:,.0f}"),
            ]
        if outputs[0] != outputs[1]:
            raise OutputError(f"--jobs {jobs} writes something else than --jobs 1")
    rate = runs[0].seconds / runs[1].seconds
    return [*rows, (f"rate of --jobs {jobs} : --jobs 1, same bytes written", f"{rate:.2f}")]


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
