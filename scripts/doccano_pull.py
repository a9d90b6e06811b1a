"""Bring what annotators confirmed in doccano back as annotated reports."""

from pathlib import Path
from typing import Annotated

import typer
from spacy.language import Language

from zh_report_facts.corpus import load_tokenizer
from zh_report_facts.doccano.access import Access, find_access
from zh_report_facts.doccano.bridge import pull
from zh_report_facts.doccano.corpus import drop_copies, find_lost, write_corpus
from zh_report_facts.doccano.examples import Fault, from_example
from zh_report_facts.files import InputError, OutputError


def doccano_pull(
    project: str, output: Path, nlp: Language, access: Access, folder: Path, unconfirmed: bool
) -> tuple[int, list[Path], list[Fault]]:
    """Bring annotated paragraphs back.

    project (str): name of the doccano project.
    output (Path): the folder for the `.ann` files, one a report.
    nlp (Language): gives the tokeniser.
    access (Access): the server.
    folder (Path): where environments are kept.
    unconfirmed (bool): whether to take paragraphs that nobody confirmed, too.
    RETURNS (tuple[int, list[Path], list[Fault]]): how many paragraphs, the files, and every span or
        link that the guideline or the tokeniser cannot hold.
    RAISES (InputError, OutputError): if the server refuses or a file cannot be written.
    """
    rows = pull(project, access, folder, unconfirmed)
    pulled, faults = drop_copies(map(from_example, rows))
    for one in pulled:
        one.faults.extend(find_lost(one, nlp))
        faults += one.faults
    return len(pulled), write_corpus(pulled, project, output), faults


def main(
    output: Annotated[Path, typer.Argument(help="Folder for the annotated reports")],
    project: Annotated[str, typer.Option(help="Name of the doccano project")],
    config: Annotated[Path, typer.Option(help="Training config with the tokeniser")],
    unconfirmed: Annotated[
        bool, typer.Option("--all", help="Take what nobody confirmed, too")
    ] = False,
    folder: Annotated[Path, typer.Option(help="Keeps environments and password")] = Path(
        ".doccano"
    ),
) -> None:
    """Write confirmed paragraphs as .ann files, and list what they cannot hold."""
    try:
        access, nlp = find_access(folder), load_tokenizer(config)
        count, files, faults = doccano_pull(project, output, nlp, access, folder, unconfirmed)
    except (InputError, OutputError) as error:
        raise SystemExit(str(error)) from error
    for fault in faults:
        typer.echo(str(fault))
    typer.echo(
        f"{output}: {count} paragraphs in {len(files)} reports; "
        f"{len(faults)} spans or links to look at"
    )


if __name__ == "__main__":
    typer.run(main)
