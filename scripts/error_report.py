"""Show what a pipeline gets wrong, each mistake in its sentence, as one HTML page."""

from collections import Counter
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Annotated, Any

import typer
from spacy.language import Language

from zh_report_facts.files import InputError, OutputError, replacing
from zh_report_facts.notation import cite
from zh_report_facts.schema import LABELS
from zh_report_facts.scoring.annotation import annotate_doc, raw_offsets
from zh_report_facts.scoring.evaluation import load_pipeline, predict, read_facts
from zh_report_facts.scoring.excerpts import cut_excerpt
from zh_report_facts.scoring.gold import Gold, read_corpora
from zh_report_facts.scoring.mistakes import CAUSES, find_mistakes
from zh_report_facts.scoring.values import compare_values
from zh_report_facts.templates import load_template

TEMPLATE = Path(__file__).with_name("error_report.html.jinja")


def error_report(
    nlp: Language, corpora: Mapping[str, Sequence[Gold]]
) -> tuple[str, Counter[tuple[str, str]]]:
    """Show what a pipeline gets wrong.

    nlp (Language): the pipeline.
    corpora (Mapping[str, Sequence[Gold]]): the gold reports of each corpus.
    RETURNS (tuple[str, Counter[tuple[str, str]]]): a self-contained HTML page, and the number of
        mistakes of each cause in each corpus.
    """
    counts: Counter[tuple[str, str]] = Counter()
    mistakes: dict[str, list[dict[str, Any]]] = {cause: [] for cause in CAUSES}
    for corpus, golds in corpora.items():
        for gold, doc in zip(golds, predict(nlp, golds), strict=True):
            right = gold.annotation
            values = compare_values(right, gold.values, read_facts(doc)[0])
            raw = raw_offsets(gold.report.text)
            for mistake in find_mistakes(right, annotate_doc(doc), values):
                start = raw[mistake.marks[0].place[0]]
                counts[mistake.cause, corpus] += 1
                mistakes[mistake.cause].append(
                    {
                        "corpus": corpus,
                        "place": cite(gold.source, gold.report, start),
                        "labels": sorted({mark.label for mark in mistake.marks}),
                        "note": mistake.note,
                        "pieces": cut_excerpt(gold.report.text, right, mistake.marks),
                    }
                )
    page = load_template(TEMPLATE).render(
        pipeline=nlp.meta,
        corpora={name: len(golds) for name, golds in corpora.items()},
        causes=CAUSES,
        labels=LABELS,
        mistakes=mistakes,
        counts=counts,
    )
    return page, counts


def main(
    model: Annotated[
        str, typer.Argument(help="Trained pipeline: a folder or an installed package")
    ],
    paths: Annotated[list[Path], typer.Argument(help="Corpora: folders of gold reports")],
    output: Annotated[Path, typer.Option(help="The HTML page to write")],
) -> None:
    """Show what a pipeline gets wrong, each mistake in its sentence, as one HTML page."""
    try:
        corpora = read_corpora(paths)
        page, counts = error_report(load_pipeline(model), corpora)
        with replacing(output) as file:
            file.write(page.encode())
    except (InputError, OutputError) as error:
        raise SystemExit(str(error)) from error
    reports = sum(len(golds) for golds in corpora.values())
    typer.echo(f"{output}: {counts.total():,} mistakes in {reports} reports")


if __name__ == "__main__":
    typer.run(main)
