"""Validate annotated reports and print the places worth a second look."""

from collections import Counter
from pathlib import Path
from typing import Annotated

import typer

from zh_report_facts.checks import find_doubtful
from zh_report_facts.corpus import annotated_files
from zh_report_facts.files import InputError, read_text
from zh_report_facts.notation import cite, parse_report
from zh_report_facts.report import Report


def check_corpus(paths: list[Path]) -> tuple[int, list[str], list[tuple[str, str]]]:
    """Check annotated reports.

    paths (list[Path]): `.ann` files or folders of them.
    RETURNS (tuple[int, list[str], list[tuple[str, str]]]): the number of sound reports, the errors,
        one line a faulty file, and the doubtful places as (kind, line), kind by kind.
    """
    errors: list[str] = []
    sources: dict[str, str] = {}
    reports: list[Report] = []
    for path in paths:
        try:
            files = annotated_files(path)
        except InputError as error:
            errors.append(str(error))
            continue
        for file in files:
            try:
                sources[str(file)] = read_text(file)
                reports.append(parse_report(sources[str(file)], str(file)))
            except InputError as error:
                errors.append(str(error))
    doubtful = []
    for finding in find_doubtful(reports):
        place = cite(sources[finding.report.name], finding.report, finding.start)
        detail = f" ({finding.detail})" if finding.detail else ""
        doubtful.append((finding.kind, f"{place}: {finding.kind}: {finding.context}{detail}"))
    return len(reports), errors, doubtful


def main(
    paths: Annotated[list[Path], typer.Argument(help="Annotated reports or folders of them")],
) -> None:
    """Validate annotated reports; exit status 1 if one cannot be read."""
    reports, errors, doubtful = check_corpus(paths)
    for _, line in doubtful:
        typer.echo(line)
    for error in errors:
        typer.echo(error, err=True)
    for kind, count in Counter(kind for kind, _ in doubtful).most_common():
        typer.echo(f"{count:5} {kind}")
    typer.echo(
        f"{reports} sound reports, {len(errors)} errors, {len(doubtful)} places worth a second look"
    )
    raise typer.Exit(1 if errors else 0)


if __name__ == "__main__":
    typer.run(main)
