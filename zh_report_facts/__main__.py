"""Command line: `python -m zh_report_facts`."""

import sys
from pathlib import Path
from typing import Annotated

import spacy
import typer

from .extract import extract
from .files import InputError, OutputError

app = typer.Typer(add_completion=False, help="Facts from Chinese work reports.")


@app.callback()
def main() -> None:
    """Facts from Chinese work reports."""


@app.command("extract")
def extract_command(
    paths: Annotated[
        list[Path], typer.Argument(help="Reports (.txt .md .html .docx .pdf), or folders")
    ],
    output: Annotated[
        Path | None, typer.Option("--output", "-o", help="JSON Lines file to write")
    ] = None,
    model: Annotated[
        str, typer.Option("--model", "-m", help="Installed pipeline, or folder of a trained one")
    ] = "zh_report_facts",
) -> None:
    """Read the facts of reports, as JSON Lines and as a table."""
    try:
        faults = extract(paths, output, spacy.load(model))
    except (InputError, OutputError, OSError) as error:
        print(error, file=sys.stderr)
        raise typer.Exit(1) from error
    raise typer.Exit(1 if faults else 0)


if __name__ == "__main__":
    app()
