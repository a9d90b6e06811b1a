"""Writes .xlsx: the facts, the warnings, what may be added up, and what the columns mean."""

import shutil
import tempfile
import weakref
from collections.abc import Iterable, Mapping
from datetime import datetime
from pathlib import Path
from typing import BinaryIO
from uuid import uuid4

import xlsxwriter
from xlsxwriter.exceptions import XlsxFileError

from ..files import OutputError
from ..records import FactData, Record
from .rows import LONGEST_CELL, flatten, printable, to_rows
from .sheet import Cell, Piece, Sheet
from .titles import ABOUT, FACTS, REASONS, TOTALS, WARNINGS, Column
from .totals import Total, Totals


class ExcelWriter:
    """Write facts as a workbook; memory grows with the programmes named, not with the facts.

    stream (BinaryIO): where it goes; stays open.
    metadata (Mapping[str, str]): named on the last sheet.
    """

    def __init__(self, stream: BinaryIO, metadata: Mapping[str, str]) -> None:
        self.stream = stream
        self.metadata = metadata
        folder = Path(tempfile.gettempdir(), f"zh_report_facts.{uuid4().hex}")
        # Known before it is made: mkdtemp names it too late for a signal that arrives in between.
        self.clean_up = weakref.finalize(self, shutil.rmtree, folder, ignore_errors=True)
        folder.mkdir(mode=0o700)
        # Written straight to the stream, a workbook that fails would still be finished, by the
        # destructor of its archive, when the stream is closed.
        self.path = folder / "facts.xlsx"
        self.workbook = xlsxwriter.Workbook(
            self.path, {"constant_memory": True, "tmpdir": str(folder)}
        )
        # The same facts give the same bytes, whenever they are written.
        self.workbook.set_properties({"created": datetime(2000, 1, 1)})
        self.facts = Sheet(self.workbook, "数字", FACTS)
        self.warnings = Sheet(self.workbook, "提示", WARNINGS)
        self.totals = Totals()

    def write(self, record: Record) -> None:
        """Add the facts and the warnings of a report.

        record (Record): the report.
        """
        for fact, row in zip(record["facts"], to_rows(record), strict=True):
            self.facts.append({**flatten(row), "sentence": quote(record, [fact])})
        for warning in record["warnings"]:
            facts = [record["facts"][index] for index in warning["facts"]]
            self.warnings.append(
                {
                    "report": printable(record["id"]),
                    "page": facts[0]["page"] if facts else None,
                    "paragraph": facts[0]["paragraph"] if facts else None,
                    "kind": warning["kind"],
                    "message": printable(warning["message"]),
                    "sentence": quote(record, facts),
                }
            )
        self.totals.add(record)

    def close(self) -> None:
        """Add what is known at the end, and write the workbook.

        RAISES (OutputError): if it is larger than the format allows.
        RAISES (OSError): if it cannot be written.
        """
        totals = Sheet(self.workbook, "汇总", TOTALS)
        for total in self.totals:
            totals.append(_total_cells(total))
        about = Sheet(self.workbook, "说明", ABOUT)
        for topic, text in _explain(self.metadata):
            about.append({"topic": topic, "text": text})
        for sheet in (self.facts, self.warnings, totals, about):
            sheet.finish()
        try:
            self.workbook.close()
            with open(self.path, "rb") as file:
                shutil.copyfileobj(file, self.stream)
        except XlsxFileError as error:
            if isinstance(error.__context__, OSError):
                raise error.__context__ from error
            raise OutputError(
                "The facts are more than an .xlsx can hold; write .parquet, or fewer reports"
            ) from error
        finally:
            self.clean_up()


def quote(record: Record, facts: Iterable[FactData]) -> list[Piece]:
    """Quote the sentences of facts, one a line, with the numbers in bold.

    record (Record): the report.
    facts (Iterable[FactData]): some of its facts.
    RETURNS (list[Piece]): the pieces of text; not too long for a cell.
    """
    sentences: dict[tuple[int, ...], list[tuple[int, int]]] = {}
    for fact in facts:
        number = fact["quantity"]
        sentences.setdefault(tuple(fact["sentence"]), []).append((number["start"], number["end"]))
    pieces: list[Piece] = []
    for (at, last), numbers in sentences.items():
        if pieces:
            pieces.append(Piece("\n", False))
        for start, end in sorted(numbers):
            pieces.append(Piece(printable(record["text"][at:start]), False))
            pieces.append(Piece(printable(record["text"][start:end]), True))
            at = end
        pieces.append(Piece(printable(record["text"][at:last]), False))
    text = "".join(piece.text for piece in pieces)
    # Only hostile texts get so long.
    return pieces if len(text) * 2 <= LONGEST_CELL else [Piece(printable(text), False)]


def _total_cells(total: Total) -> dict[str, Cell]:
    key = total.key
    reasons = [f"{reason} {count}" for reason, count in total.left_out.items()]
    cells: dict[str, Cell] = {
        "programs": printable("、".join(key.programs)),
        "items": printable("、".join(key.items)),
        "role": key.role,
        "label": key.label,
        "unit": None if key.unit is None else printable(key.unit),
        "left_out": "；".join(reasons),
    }
    others = ("sign", "total", "reports", "facts", "added", "lowest", "highest", "score")
    return cells | {name: getattr(total, name) for name in others}


def _explain(metadata: Mapping[str, str]) -> Iterable[tuple[str, str]]:
    yield from metadata.items()
    sheets: dict[str, Mapping[str, Column]] = {"数字": FACTS, "提示": WARNINGS, "汇总": TOTALS}
    for name, columns in sheets.items():
        for column in columns.values():
            yield f"{name} · {column.title}", column.about
    for reason, text in REASONS.items():
        yield f"未计入 · {reason}", text
