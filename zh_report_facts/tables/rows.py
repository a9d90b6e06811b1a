"""A report as rows of the facts table, one fact a row."""

import json
import re
from decimal import Decimal
from typing import Any, TypedDict

from ..records import FactData, Record, SpanData

# Characters, as UTF-16 counts them, that a cell of Excel can hold.
LONGEST_CELL = 32_767
LINE_ENDS = re.compile(r"\s*[\n\r\v\f\x1c-\x1e\x85\u2028\u2029]\s*")
# What no cell can hold or show: control characters, non-characters, halves of surrogate pairs.
UNPRINTABLE = re.compile(r"[\x00-\x08\x0e-\x1f\x7f-\x9f\ufdd0-\ufdef\ufffe\uffff\ud800-\udfff]")
# A spreadsheet takes text that begins so for a formula, Excel also in full width.
FORMULA = re.compile(r"[\t\r\n]|\s*[-=+@－＝＋＠]")


class PlaceData(TypedDict):
    """The place of a programme or an item; fields as in SpanData."""

    start: int
    end: int
    score: float


class Row(TypedDict):
    """A fact as a row; `schema.SCHEMA` says what the columns hold."""

    report: str
    file: str | None
    page: int | None
    paragraph: int | None
    start: int
    end: int
    number: str
    label: str
    role: str
    programs: list[str]
    items: list[str]
    value: Decimal | None
    high: Decimal | None
    unit: str | None
    bound: str | None
    score: float
    sentence: str
    sentence_start: int
    program_spans: list[PlaceData]
    item_spans: list[PlaceData]
    warnings: list[str]


COLUMNS = tuple(Row.__annotations__)


def to_rows(record: Record) -> list[Row]:
    """Give the facts of a report as rows.

    record (Record): the report.
    RETURNS (list[Row]): one a fact, in text order.
    """
    messages: list[list[str]] = [[] for _ in record["facts"]]
    for warning in record["warnings"]:
        for index in warning["facts"]:
            messages[index].append(warning["message"])
    return [
        _to_row(record, fact, warnings)
        for fact, warnings in zip(record["facts"], messages, strict=True)
    ]


def flatten(row: Row) -> dict[str, str | int | float | Decimal | None]:
    """Give a row as cells of a sheet: lists become text, text becomes printable.

    row (Row): the row.
    RETURNS (dict[str, str | int | float | Decimal | None]): name and content of each cell.
    """
    return {name: _flat(value, "；" if name == "warnings" else "、") for name, value in row.items()}


def one_word(text: str) -> str:
    """Take out white space, such as the line ends of a wrapped name."""
    return "".join(text.split())


def printable(text: str) -> str:
    """Make a text fit for a cell: on one line, without control characters, not too long.

    text (str): any text.
    RETURNS (str): the same where it is fit; "…" stands for what was cut off.
    """
    text = UNPRINTABLE.sub("", LINE_ENDS.sub("", text))
    units = text.encode("utf-16-le")
    if len(units) <= 2 * LONGEST_CELL:
        return text
    return units[: 2 * LONGEST_CELL - 2].decode("utf-16-le", "ignore") + "…"


def _to_row(record: Record, fact: FactData, warnings: list[str]) -> Row:
    quantity, (start, end) = fact["quantity"], fact["sentence"]
    return Row(
        report=record["id"],
        file=record["file"],
        page=fact["page"],
        paragraph=fact["paragraph"],
        start=quantity["start"],
        end=quantity["end"],
        number=one_word(quantity["text"]),
        label=quantity["label"],
        role=fact["role"],
        programs=[one_word(span["text"]) for span in fact["programs"]],
        items=[one_word(span["text"]) for span in fact["items"]],
        value=_number(fact["value"]),
        high=_number(fact["high"]),
        unit=fact["unit"],
        bound=fact["bound"],
        score=fact["score"],
        sentence=record["text"][start:end],
        sentence_start=start,
        program_spans=[_place(span) for span in fact["programs"]],
        item_spans=[_place(span) for span in fact["items"]],
        warnings=warnings,
    )


def _number(text: str | None) -> Decimal | None:
    return None if text is None else Decimal(text)


def _place(span: SpanData) -> PlaceData:
    return PlaceData(start=span["start"], end=span["end"], score=span["score"])


def _flat(value: Any, separator: str) -> str | int | float | Decimal | None:
    if isinstance(value, list):
        value = separator.join(
            item if isinstance(item, str) else json.dumps(item) for item in value
        )
    return printable(value) if isinstance(value, str) else value
