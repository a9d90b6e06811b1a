"""The facts table of Arrow and Parquet: its schema, and rows as a batch of it."""

from collections.abc import Iterable
from decimal import Decimal
from typing import Any

import pyarrow as pa

from ..quantity.numerals import EXACT
from .rows import Row

# Digits in all, and behind the point.
PRECISION, SCALE = 38, 12
NUMBER = pa.decimal128(PRECISION, SCALE)
NAMES = pa.list_(pa.string())
PLACES = pa.list_(pa.struct({"start": pa.int64(), "end": pa.int64(), "score": pa.float64()}))


def _column(name: str, kind: pa.DataType, description: str) -> pa.Field:
    return pa.field(name, kind, metadata={"description": description})


SCHEMA = pa.schema(
    [
        _column("report", pa.string(), "name of the report"),
        _column("file", pa.string(), "path of its file"),
        _column("page", pa.int32(), "page of the number, from 1; null in files without pages"),
        _column("paragraph", pa.int32(), "paragraph of the number, from 1"),
        _column("start", pa.int64(), "first character of the number, an offset into the text"),
        _column("end", pa.int64(), "behind its last character"),
        _column("number", pa.string(), "the number as written, without white space"),
        _column("label", pa.string(), "COUNT, MONEY or PERCENT"),
        _column("role", pa.string(), "ACTUAL, TARGET, BASELINE, CHANGE or STANDARD"),
        _column("programs", NAMES, "programmes that the number measures, without white space"),
        _column("items", NAMES, "what the number counts, without white space"),
        _column("value", NUMBER, "the number, the low end of a range; null if it cannot be read"),
        _column("high", NUMBER, "the high end of a range, else null"),
        _column(
            "unit", pa.string(), "measure word as written, ISO 4217 currency code, %, ‰, ‱ or pp"
        ),
        _column("bound", pa.string(), "exact, about, over or under"),
        _column("score", pa.float64(), "probability that the whole fact is right, 0 to 1"),
        _column("sentence", pa.string(), "sentence around the number, as written"),
        _column("sentence_start", pa.int64(), "first character of the sentence"),
        _column("program_spans", PLACES, "place and score of each programme"),
        _column("item_spans", PLACES, "place and score of each item"),
        _column("warnings", NAMES, "messages of the warnings about the fact"),
    ]
)


def to_batch(rows: Iterable[Row]) -> pa.RecordBatch:
    """Give rows as a batch of the facts table.

    A number that the schema cannot hold exactly becomes null, and a warning of its row says so.

    rows (Iterable[Row]): the rows.
    RETURNS (pa.RecordBatch): the batch.
    """
    return pa.RecordBatch.from_pylist([_with_room(row) for row in rows], SCHEMA)


def fits(number: Decimal) -> bool:
    """Whether the schema can hold a number exactly."""
    _, digits, exponent = EXACT.normalize(number).as_tuple()
    assert isinstance(exponent, int), "numbers of reports are finite"
    return exponent >= -SCALE and len(digits) + exponent <= PRECISION - SCALE


def _with_room(row: Row) -> dict[str, Any]:
    cells: dict[str, Any] = {**row}
    for name in ("value", "high"):
        number = cells[name]
        if number is not None and not fits(number):
            message = f"{name}列容不下{number:f}，留空"
            cells |= {name: None, "warnings": [*cells["warnings"], message]}
    return cells
