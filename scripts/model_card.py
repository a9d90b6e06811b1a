"""Write the model card: what a pipeline was trained on, what it scores, and where it fails."""

import time
from collections import Counter
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Annotated, Any

import srsly
import typer
from spacy.language import Language
from spacy.tokens import Doc

from zh_report_facts import __version__
from zh_report_facts.corpus import annotated_files, read_reports
from zh_report_facts.description import describe
from zh_report_facts.files import InputError, OutputError, replacing
from zh_report_facts.schema import LABELS, ROLES
from zh_report_facts.scoring.annotation import annotate_doc
from zh_report_facts.scoring.evaluation import Figures, load_pipeline, predict
from zh_report_facts.scoring.gold import Gold, read_corpora, read_gold
from zh_report_facts.scoring.metrics import GIVEN, PREDICTED
from zh_report_facts.scoring.mistakes import CAUSES, find_mistakes
from zh_report_facts.scoring.tally import compare, new_tallies
from zh_report_facts.templates import load_template

TEMPLATE = Path(__file__).with_name("model_card.md.jinja")


def model_card(
    nlp: Language,
    corpora: Mapping[str, Sequence[Gold]],
    second: Sequence[Gold],
    metrics: Mapping[str, Any],
    train: Path,
) -> str:
    """Write the card of a pipeline.

    nlp (Language): the pipeline.
    corpora (Mapping[str, Sequence[Gold]]): the gold reports that it was scored on.
    second (Sequence[Gold]): some of these reports, annotated by somebody who had not seen the first
        annotation.
    metrics (Mapping[str, Any]): what `evaluate` measured on the corpora.
    train (Path): the reports that it was trained on.
    RETURNS (str): the card, in Markdown.
    RAISES (InputError): if a report was not measured, or a second annotation has no first.
    """
    missing = corpora.keys() - metrics.keys()
    if missing:
        raise InputError(f"{', '.join(sorted(missing))}: not in the metrics; run evaluate on it")
    reports = {name: [gold.report for gold in golds] for name, golds in corpora.items()}
    reports = {"train": [report for _, report in read_reports(annotated_files(train))], **reports}
    start = time.perf_counter()
    docs = {name: predict(nlp, golds) for name, golds in corpora.items()}
    seconds = time.perf_counter() - start
    characters = sum(len(gold.text) for golds in corpora.values() for gold in golds)
    mistakes = {name: count_mistakes(golds, docs[name]) for name, golds in corpora.items()}
    return load_template(TEMPLATE).render(
        version=__version__,
        meta=nlp.meta,
        config=nlp.config.interpolate(),
        labels=LABELS,
        roles=ROLES,
        data={name: describe(part) for name, part in reports.items()},
        scores={name: metrics[name] for name in corpora},
        predicted=PREDICTED,
        given=GIVEN,
        agreement=measure_agreement(corpora, second),
        twice=len(second),
        causes=CAUSES,
        mistakes=mistakes,
        frequent=sorted(CAUSES, key=lambda cause: -sum(part[cause] for part in mistakes.values())),
        speed=characters / seconds,
    )


def measure_agreement(corpora: Mapping[str, Sequence[Gold]], second: Sequence[Gold]) -> Figures:
    """Measure how far two annotators agree.

    corpora (Mapping[str, Sequence[Gold]]): the first annotation, among others.
    second (Sequence[Gold]): the second annotation, of reports of the same names.
    RETURNS (Figures): F of each figure of `new_tallies`, with counts.
    RAISES (InputError): if there is no first annotation of the same text.
    """
    first = {gold.name: gold for golds in corpora.values() for gold in golds}
    tallies = new_tallies()
    for gold in second:
        other = first.get(gold.name)
        if other is None or other.report.text != gold.report.text:
            raise InputError(f"{gold.report.name}: no report of this name has this text; rename it")
        compare(other.annotation, gold.annotation, tallies)
    return {name: {"f": tally.f, "first": tally.gold} for name, tally in tallies.items()}


def count_mistakes(golds: Sequence[Gold], docs: Sequence[Doc]) -> Counter[str]:
    """Count what was got wrong in a corpus, by cause."""
    return Counter(
        mistake.cause
        for gold, doc in zip(golds, docs, strict=True)
        for mistake in find_mistakes(gold.annotation, annotate_doc(doc), [])
    )


def main(
    model: Annotated[Path, typer.Argument(help="Folder of the trained pipeline")],
    paths: Annotated[list[Path], typer.Argument(help="Corpora that it was scored on")],
    train: Annotated[Path, typer.Option(help="Reports that it was trained on")],
    second: Annotated[Path, typer.Option(help="Second annotation of some of the reports")],
    metrics: Annotated[Path, typer.Option(help="What evaluate measured")],
    output: Annotated[Path, typer.Option(help="Markdown file to write")],
) -> None:
    """Write the model card of a trained pipeline."""
    try:
        measured = srsly.read_json(metrics)
        if "corpora" not in measured:
            raise InputError(f"{metrics}: holds no figures of evaluate; run `evaluate` first")
        corpora, twice = read_corpora(paths), read_gold(second)
        card = model_card(load_pipeline(str(model)), corpora, twice, measured["corpora"], train)
        with replacing(output) as file:
            file.write(card.encode())
    except (InputError, OutputError, OSError, ValueError) as error:
        raise SystemExit(str(error)) from error
    typer.echo(f"{output}: {len(card.splitlines())} lines")


if __name__ == "__main__":
    typer.run(main)
