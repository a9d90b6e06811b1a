"""Write what was settled on the page of doccano-agreement as annotated reports."""

from pathlib import Path
from typing import Annotated

import typer

from zh_report_facts.doccano.corpus import write_corpus
from zh_report_facts.doccano.disagreements import read_settled
from zh_report_facts.files import InputError, OutputError


def main(
    settled: Annotated[Path, typer.Argument(help="The file that the page saved")],
    output: Annotated[Path, typer.Argument(help="Folder for the annotated reports")],
    project: Annotated[str, typer.Option(help="Name of the doccano project")],
) -> None:
    """Write agreed and settled paragraphs as .ann files."""
    try:
        paragraphs, unsettled = read_settled(settled)
        files = write_corpus(paragraphs, project, output)
    except (InputError, OutputError) as error:
        raise SystemExit(str(error)) from error
    for line in unsettled:
        typer.echo(line)
    typer.echo(f"{output}: {len(paragraphs)} paragraphs in {len(files)} reports")


if __name__ == "__main__":
    typer.run(main)
