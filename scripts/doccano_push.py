"""Upload reports to doccano, with what the model found, the most uncertain paragraphs first."""

from pathlib import Path
from typing import Annotated

import spacy
import typer

from zh_report_facts.doccano.access import find_access
from zh_report_facts.doccano.bridge import push
from zh_report_facts.doccano.paragraphs import read_paragraphs
from zh_report_facts.files import InputError, OutputError, read_text
from zh_report_facts.notation import format_report


def main(
    model: Annotated[str, typer.Argument(help="Trained pipeline: a folder or a package")],
    paths: Annotated[list[Path], typer.Argument(help="Raw or annotated reports, or folders")],
    project: Annotated[str, typer.Option(help="Name of the doccano project")],
    guideline: Annotated[Path, typer.Option(help="Shown to annotators, Markdown")] = Path(
        "corpus/GUIDELINE.md"
    ),
    independent: Annotated[
        bool, typer.Option(help="Each annotator works alone, from the bare text")
    ] = False,
    folder: Annotated[Path, typer.Option(help="Keeps environments and password")] = Path(
        ".doccano"
    ),
) -> None:
    """Upload the paragraphs that doccano does not hold yet."""
    try:
        access = find_access(folder)
        text = read_text(guideline)
        paragraphs = read_paragraphs(paths, spacy.load(model))
        for paragraph in paragraphs:
            # Refuses what would not come back.
            format_report(paragraph.annotation)
        result = push(paragraphs, project, text, access, folder, independent)
    except (InputError, OutputError, OSError) as error:
        raise SystemExit(str(error)) from error
    removed = f", {result['removed']} copies or halves removed" if result["removed"] else ""
    typer.echo(
        f"{access.url}/projects/{result['project']}: {result['uploaded']} paragraphs uploaded, "
        f"{result['known']} were there{removed}"
    )


if __name__ == "__main__":
    typer.run(main)
