"""Command line: `zh-report-facts`, or `python -m zh_report_facts`."""

import os
import sys
from pathlib import Path
from typing import Annotated

import typer

from .batch.command import batch
from .extract import extract
from .files import InputError, OutputError
from .jobs.interruption import exit_on_signals
from .jobs.pool import PoolError

app = typer.Typer(add_completion=False, help="Facts from Chinese work reports.")
app.command("batch")(batch)


@app.callback()
def main() -> None:
    """Facts from Chinese work reports."""


@app.command("extract")
def extract_command(
    paths: Annotated[
        list[Path], typer.Argument(help="Reports (.txt .md .html .docx .pdf), or folders")
    ],
    output: Annotated[
        Path | None,
        typer.Option(
            "--output",
            "-o",
            help="File to write; its ending says what: .jsonl .csv .xlsx .parquet .html. "
            "Without it the facts are printed",
        ),
    ] = None,
    jobs: Annotated[int, typer.Option("--jobs", "-j", min=1, help="Number of processes")] = 1,
    min_score: Annotated[
        float, typer.Option(min=0, max=1, help="Leave out facts with a lower score")
    ] = 0,
    model: Annotated[
        str, typer.Option("--model", "-m", help="Installed pipeline, or folder of a trained one")
    ] = "zh_report_facts",
) -> None:
    """Read the facts of reports; print them, or write a file of the kind that its ending names."""
    # More threads gain nothing for the pipeline, and stand in the way of other processes; where a
    # large model needs them, the variable can be set.
    os.environ.setdefault("OMP_NUM_THREADS", "1")
    try:
        with exit_on_signals():
            faults = extract(paths, output, model, jobs=jobs, min_score=min_score)
    except (InputError, OutputError, PoolError, OSError) as error:
        print(error, file=sys.stderr)
        raise typer.Exit(1) from error
    raise typer.Exit(1 if faults else 0)


if __name__ == "__main__":
    app()
