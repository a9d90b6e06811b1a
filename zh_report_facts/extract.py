"""Extraction of facts from report files: JSON Lines for programs, a table for people."""

import json
import sys
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.table import Table
from spacy.language import Language
from spacy.tokens import Doc
from tqdm import tqdm

from .facts import Fact
from .files import InputError, read_text, replacing

HEADER = ("programme", "item", "role", "number", "value", "unit", "score")


def extract(paths: Iterable[Path], output: Path | None, nlp: Language) -> list[Doc]:
    """Read reports, write their facts and print them as a table.

    paths (Iterable[Path]): text files, or folders whose `.txt` files are read.
    output (Path | None): JSON Lines file, one report a line; written whole or not at all.
    nlp (Language): the pipeline.
    RETURNS (list[Doc]): the documents.
    RAISES (InputError, OutputError): a file that cannot be read or written.
    """
    files = find_reports(paths)
    texts = [read_text(file) for file in files]
    docs = list(tqdm(nlp.pipe(texts), total=len(files), unit="report", disable=None))
    if output is not None:
        with replacing(output) as stream:
            for file, doc in zip(files, docs, strict=True):
                record = json.dumps(to_record(doc, file.stem), ensure_ascii=False)
                stream.write(record.encode() + b"\n")
    for file, doc in zip(files, docs, strict=True):
        print(f"\n{file}")
        Console().print(format_table(doc))
    facts = sum(len(doc._.facts) for doc in docs)
    place = f", written to {output}" if output is not None else ""
    print(f"{len(files)} reports, {facts} facts{place}", file=sys.stderr)
    return docs


def find_reports(paths: Iterable[Path]) -> list[Path]:
    """List the report files below some paths.

    paths (Iterable[Path]): files, or folders.
    RETURNS (list[Path]): the files themselves, and the `.txt` files of the folders, sorted.
    RAISES (InputError): if there are none.
    """
    files: list[Path] = []
    for path in paths:
        files += sorted(path.rglob("*.txt")) if path.is_dir() else [path]
    if not files:
        raise InputError("There is no .txt file in the given folders; name a report")
    return files


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
    table = Table(*HEADER)
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
