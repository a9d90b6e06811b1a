"""Measure how far annotators agree, and lay their disagreements out to be settled."""

from pathlib import Path
from typing import Annotated

import typer
from wasabi import table

from zh_report_facts.doccano.access import Access, find_access
from zh_report_facts.doccano.agreement import Score, group_versions, measure_agreement
from zh_report_facts.doccano.bridge import pull
from zh_report_facts.doccano.disagreements import render_page, tabulate
from zh_report_facts.doccano.examples import Fault, from_example
from zh_report_facts.files import InputError, OutputError, replacing


def doccano_agreement(
    project: str, output: Path, access: Access, folder: Path
) -> tuple[dict[tuple[str, str], list[Score]], int, list[Fault]]:
    """Measure how far annotators agree.

    project (str): name of a doccano project whose annotators work alone.
    output (Path): the HTML page with the disagreements.
    access (Access): the server.
    folder (Path): where environments are kept.
    RETURNS (tuple[dict[tuple[str, str], list[Score]], int, list[Fault]]): the scores of each pair,
        the number of paragraphs, and what the notation cannot hold.
    RAISES (InputError): if no paragraph was confirmed by two annotators, or the server refuses.
    RAISES (OutputError): if the page cannot be written.
    """
    rows = pull(project, access, folder, shared=False)
    pulled = [(row["annotator"], from_example(row)) for row in rows]
    versions = group_versions(pulled)
    if not versions:
        raise InputError(
            f"No paragraph of {project} was confirmed by two annotators; let both confirm some"
        )
    scores = measure_agreement(versions.values())
    with replacing(output) as file:
        file.write(render_page(project, versions, scores).encode("utf-8"))
    return scores, len(versions), [fault for _, one in pulled for fault in one.faults]


def main(
    output: Annotated[Path, typer.Argument(help="HTML page with the disagreements")],
    project: Annotated[str, typer.Option(help="Name of the doccano project")],
    folder: Annotated[Path, typer.Option(help="Keeps environments and password")] = Path(
        ".doccano"
    ),
) -> None:
    """Print agreement, and write a page on which disagreements are settled."""
    try:
        scores, count, faults = doccano_agreement(project, output, find_access(folder), folder)
    except ImportError as error:
        raise SystemExit(
            f'{error.name} is not installed; run pip install "zh_report_facts[doccano]"'
        ) from error
    except (InputError, OutputError) as error:
        raise SystemExit(str(error)) from error
    for fault in faults:
        typer.echo(str(fault))
    for (first, second), rows in scores.items():
        header = ("", "F", "kappa", first, second)
        typer.echo(table(tabulate(rows), header=header, divider=True, aligns=("l", *"rrrr")))
    typer.echo(f"{output}: {count} paragraphs by two annotators or more")


if __name__ == "__main__":
    typer.run(main)
