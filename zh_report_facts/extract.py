"""Extraction of facts from report files: JSON Lines for programs, a table for people."""

import json
import sys
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from contextlib import nullcontext
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.table import Column, Table
from spacy.language import Language
from spacy.tokens import Doc
from tqdm import tqdm

from .facts import Fact
from .files import InputError, replacing, shown
from .readers.documents import find_files, read_document

HEADER = ("programme", "item", "role", "number", "value", "unit", "score")


def extract(paths: Iterable[Path], output: Path | None, nlp: Language) -> list[str]:
    """Read reports, write their facts and print them as a table.

    A file that cannot be read is named on standard error and left out.

    paths (Iterable[Path]): reports in any format of `readers`, or folders of them.
    output (Path | None): JSON Lines file, one report a line; written whole or not at all.
    nlp (Language): the pipeline.
    RETURNS (list[str]): a sentence for each file that was left out.
    RAISES (InputError): if the folders hold no report.
    RAISES (OutputError): if the output cannot be written.
    """
    faults: list[str] = []
    reports = dict(read_texts(paths, faults.append))
    for fault in faults:
        print(fault, file=sys.stderr)
    if not reports and not faults:
        raise InputError("There is no report in the given folders; name files or other folders")
    if not reports:
        return faults
    names = report_names(list(reports))
    facts = 0
    # In a pipe, too, a row should be a line.
    console = Console(width=None if sys.stdout.isatty() else 120)
    with nullcontext() if output is None else replacing(output) as stream:
        docs = nlp.pipe(tqdm(reports.values(), unit="report", disable=None))
        for (path, name), doc in zip(names.items(), docs, strict=True):
            facts += len(doc._.facts)
            if stream is not None:
                record = json.dumps(to_record(doc, name), ensure_ascii=False)
                stream.write(record.encode() + b"\n")
            print(f"\n{shown(path)}")
            console.print(format_table(doc))
    place = f", written to {output}" if output is not None else ""
    print(f"{len(reports)} reports, {facts} facts{place}", file=sys.stderr)
    return faults


def read_texts(
    paths: Iterable[Path], on_fault: Callable[[str], None]
) -> Iterator[tuple[Path, str]]:
    """Read the texts of reports.

    paths (Iterable[Path]): files, or folders of them.
    on_fault (Callable[[str], None]): called with a sentence for each file that cannot be read.
    YIELDS (tuple[Path, str]): each file that can, and its text.
    """
    for path in find_files(paths, on_fault):
        try:
            yield path, read_document(path).text
        except InputError as error:
            on_fault(str(error))


def report_names(files: list[Path]) -> dict[Path, str]:
    """Name each report by its file, with its folders where two files have one name.

    files (list[Path]): the files.
    RETURNS (dict[Path, str]): the id of each, in the same order.
    """
    stems = Counter(file.stem for file in files)
    return {f: f.stem if stems[f.stem] == 1 else f.with_suffix("").as_posix() for f in files}


def to_record(doc: Doc, name: str) -> dict[str, Any]:
    """Give a document as one JSON-ready record.

    doc (Doc): a document that has gone through the pipeline.
    name (str): the report's id.
    RETURNS (dict[str, Any]): `id`, `text`, `entities` and `facts`, with character offsets.
    """
    return {
        "id": name,
        "text": doc.text,
        "entities": [
            {"start": ent.start_char, "end": ent.end_char, "label": ent.label_} for ent in doc.ents
        ],
        "facts": [fact.to_dict() for fact in doc._.facts],
    }


def format_table(doc: Doc) -> Table:
    """Format the facts of a document as a table, one fact a row.

    doc (Doc): a document that has gone through the pipeline.
    RETURNS (Table): the table, for `rich` to print.
    """
    table = Table(*(Column(name, overflow="fold") for name in HEADER))
    for fact in doc._.facts:
        table.add_row(*format_row(fact))
    return table


def one_line(text: str) -> str:
    """Take out white space, such as the line ends of a wrapped name."""
    return "".join(text.split())


def format_row(fact: Fact) -> tuple[str, ...]:
    """Format a fact as the cells of a row."""
    value = "" if fact.value is None else f"{fact.value:f}"
    if fact.high is not None:
        value += f"–{fact.high:f}"
    signs = {"about": "≈ ", "over": "> ", "under": "< "}
    return (
        "、".join(one_line(span.text) for span in fact.programs),
        "、".join(one_line(span.text) for span in fact.items),
        fact.role,
        one_line(fact.quantity.text),
        signs.get(fact.bound or "", "") + value,
        fact.unit or "",
        f"{fact.score:.2f}",
    )
