"""Evaluate a pipeline on gold reports, from the text as users give it."""

import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Annotated, Any

import typer
from spacy.language import Language
from spacy.tokens import Doc

from zh_report_facts.files import InputError, OutputError, replacing
from zh_report_facts.records import to_record
from zh_report_facts.scoring.evaluation import (
    describe_data,
    load_pipeline,
    measure,
    predict,
    predict_from_gold_entities,
)
from zh_report_facts.scoring.gold import Gold, read_corpora
from zh_report_facts.scoring.metrics import (
    GIVEN,
    PREDICTED,
    find_below,
    format_metrics,
    read_floors,
)


def evaluate(
    nlp: Language, corpora: Mapping[str, Sequence[Gold]], gold_entities: bool = False
) -> tuple[dict[str, Any], list[tuple[str, Doc]]]:
    """Evaluate a pipeline.

    nlp (Language): the pipeline.
    corpora (Mapping[str, Sequence[Gold]]): the gold reports of each corpus.
    gold_entities (bool): whether to measure also what it finds when the entities are given.
    RETURNS (tuple[dict[str, Any], list[tuple[str, Doc]]]): the figures of each corpus, and each
        report's name with its predicted document.
    """
    metrics: dict[str, Any] = {}
    predicted: list[tuple[str, Doc]] = []
    for name, golds in corpora.items():
        docs = predict(nlp, golds)
        metrics[name] = {"data": describe_data(golds), PREDICTED: measure(golds, docs)}
        if gold_entities:
            metrics[name][GIVEN] = measure(golds, predict_from_gold_entities(nlp, golds))
        predicted += [(gold.name, doc) for gold, doc in zip(golds, docs, strict=True)]
    return metrics, predicted


def main(
    model: Annotated[
        str, typer.Argument(help="Trained pipeline: a folder or an installed package")
    ],
    paths: Annotated[list[Path], typer.Argument(help="Corpora: folders of gold reports")],
    output: Annotated[Path, typer.Option(help="The JSON file for the figures")],
    gold_entities: Annotated[bool, typer.Option(help="Score also with gold entities")] = False,
    floors: Annotated[Path | None, typer.Option(help="JSON file with the least values")] = None,
    predictions: Annotated[Path | None, typer.Option(help="JSON Lines file to write")] = None,
) -> None:
    """Evaluate a pipeline on gold reports; exit status 1 if a figure is below its floor."""
    try:
        least = read_floors(floors) if floors else {}
        corpora = read_corpora(paths)
        nlp = load_pipeline(model)
        metrics, predicted = evaluate(nlp, corpora, gold_entities)
        pipeline = {key: nlp.meta[key] for key in ("lang", "name", "version")}
        with replacing(output) as file:
            document = {"pipeline": pipeline, "corpora": metrics}
            file.write(json.dumps(document, ensure_ascii=False, indent=1).encode())
        if predictions:
            with replacing(predictions) as file:
                for name, doc in predicted:
                    record = json.dumps(to_record(doc, name), ensure_ascii=False)
                    file.write(f"{record}\n".encode())
        below = find_below(metrics, least)
    except (InputError, OutputError) as error:
        raise SystemExit(str(error)) from error
    typer.echo(format_metrics(metrics))
    for name in sorted(least.keys() - metrics.keys()):
        typer.echo(f"{name}: was not measured, its floors are not checked")
    for sentence in below:
        typer.echo(sentence, err=True)
    typer.echo(f"{output}: {len(predicted)} reports, {len(below)} figures below their floors")
    raise typer.Exit(1 if below else 0)


if __name__ == "__main__":
    typer.run(main)
