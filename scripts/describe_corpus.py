"""Describe annotated corpora side by side."""

import json
from pathlib import Path
from typing import Annotated

import spacy
import typer
from spacy.language import Language
from wasabi import table

from zh_report_facts.corpus import (
    annotated_files,
    cite_lost,
    load_tokenizer,
    read_reports,
    report_to_doc,
)
from zh_report_facts.description import Figures, describe
from zh_report_facts.files import InputError


def describe_corpus(paths: list[Path], nlp: Language) -> tuple[dict[str, Figures], list[str]]:
    """Describe corpora.

    paths (list[Path]): `.ann` files or folders of them, one a corpus.
    nlp (Language): gives the tokeniser.
    RETURNS (tuple[dict[str, Figures], list[str]]): the figures of each corpus, and a line for each
        span whose edges are no token edges.
    RAISES (InputError): if a corpus cannot be read.
    """
    figures: dict[str, Figures] = {}
    lost: list[str] = []
    for path in paths:
        reports, tokens, before = [], 0, len(lost)
        for source, report in read_reports(annotated_files(path)):
            doc, missing = report_to_doc(nlp, report)
            lost += [cite_lost(source, report, entity) for entity in missing]
            tokens += len(doc)
            reports.append(report)
        figures[str(path)] = {
            **describe(reports),
            "tokeniser": {"tokens": tokens, "spans lost": len(lost) - before},
        }
    return figures, lost


def format_figures(figures: dict[str, Figures]) -> str:
    """Lay the figures of several corpora out in columns.

    figures (dict[str, Figures]): the figures of each corpus.
    RETURNS (str): a table, one column a corpus.
    """
    rows = []
    for section in next(iter(figures.values())):
        columns = [corpus[section] for corpus in figures.values()]
        rows.append((section, *[""] * len(columns)))
        for name in dict.fromkeys(name for column in columns for name in column):
            rows.append((f"  {name}", *[f"{column.get(name, 0):,}" for column in columns]))
    return table(
        rows, header=("", *figures), divider=True, max_col=60, aligns=("l", *"r" * len(figures))
    )


def main(
    paths: Annotated[list[Path], typer.Argument(help="Corpora: folders of annotated reports")],
    config: Annotated[Path | None, typer.Option(help="Config with the tokeniser")] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON")] = False,
) -> None:
    """Describe annotated corpora side by side; without --config, tokens are characters."""
    try:
        nlp = load_tokenizer(config) if config else spacy.blank("zh")
        figures, lost = describe_corpus(paths, nlp)
    except InputError as error:
        raise SystemExit(str(error)) from error
    if as_json:
        typer.echo(json.dumps({"corpora": figures, "lost": lost}, ensure_ascii=False, indent=2))
        return
    typer.echo(format_figures(figures))
    for line in lost:
        typer.echo(line)


if __name__ == "__main__":
    typer.run(main)
