"""Convert annotated reports to spaCy's binary format."""

from pathlib import Path
from typing import Annotated

import typer
from spacy.language import Language
from spacy.tokens import DocBin
from tqdm import tqdm

from zh_report_facts.corpus import (
    annotated_files,
    cite_lost,
    load_tokenizer,
    read_reports,
    report_to_doc,
)
from zh_report_facts.files import InputError, OutputError, replacing


def convert(corpus: Path, output: Path, nlp: Language) -> tuple[dict[str, int], list[str]]:
    """Convert annotated reports to a `.spacy` file with their entities and relations.

    corpus (Path): an `.ann` file or a folder of them.
    output (Path): the file to write.
    nlp (Language): gives the tokeniser; it must be the one that training uses.
    RETURNS (tuple[dict[str, int], list[str]]): counts, and a line for each lost span.
    RAISES (InputError, OutputError): if something cannot be read or written.
    """
    counts = {"reports": 0, "paragraphs": 0, "entities": 0, "links": 0}
    lost: list[str] = []
    # With what a tokeniser may set, so that a stored reference equals a fresh one.
    attributes = ["ENT_IOB", "ENT_TYPE", "NORM", "LEMMA", "TAG"]
    binary = DocBin(attrs=attributes, store_user_data=True)
    for source, report in read_reports(tqdm(annotated_files(corpus), disable=None)):
        doc, missing = report_to_doc(nlp, report)
        lost += [cite_lost(source, report, entity) for entity in missing]
        binary.add(doc)
        counts["reports"] += 1
        counts["paragraphs"] += len(report.paragraphs)
        counts["entities"] += len(report.entities)
        counts["links"] += sum(len(relation.heads) for relation in report.relations)
    with replacing(output) as file:
        file.write(binary.to_bytes())
    return counts, lost


def main(
    corpus: Annotated[Path, typer.Argument(help="Annotated report or folder of them")],
    output: Annotated[Path, typer.Argument(help="The .spacy file to write")],
    config: Annotated[Path, typer.Option(help="Training config with the tokeniser")],
) -> None:
    """Convert annotated reports to a .spacy file."""
    if output.suffix != ".spacy":
        raise SystemExit(f"{output}: the reader knows the format by its ending; name it .spacy")
    try:
        counts, lost = convert(corpus, output, load_tokenizer(config))
    except (InputError, OutputError) as error:
        raise SystemExit(str(error)) from error
    for line in lost:
        typer.echo(line)
    figures = ", ".join(f"{count:,} {name}" for name, count in counts.items())
    typer.echo(f"{output}: {figures}, {len(lost)} spans lost")


if __name__ == "__main__":
    typer.run(main)
