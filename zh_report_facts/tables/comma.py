"""Writes .csv as Excel opens it: UTF-8 with a byte order mark, line ends of Windows."""

import csv
import io
from decimal import Decimal
from typing import BinaryIO

from ..records import Record
from .rows import COLUMNS, FORMULA, flatten, to_rows

# Makes a text of what a spreadsheet would take for a formula. Text that begins with the mark itself
# gets one more, so that whoever takes one away has what was written.
MARK = "'"


class CommaWriter:
    """Write facts as comma-separated values, one a row.

    stream (BinaryIO): where they go; stays open.
    """

    def __init__(self, stream: BinaryIO) -> None:
        self.text = io.TextIOWrapper(stream, "utf-8-sig", newline="", write_through=True)
        self.rows = csv.DictWriter(self.text, COLUMNS)
        self.rows.writeheader()

    def write(self, record: Record) -> None:
        """Add the facts of a report.

        record (Record): the report.
        """
        for row in to_rows(record):
            self.rows.writerow({name: _written(cell) for name, cell in flatten(row).items()})

    def close(self) -> None:
        """Write what is left."""
        self.text.detach()


def _written(cell: str | int | float | Decimal | None) -> str | int | float | None:
    if isinstance(cell, Decimal):
        return format(cell, "f")
    if isinstance(cell, str) and (cell.startswith(MARK) or FORMULA.match(cell)):
        return MARK + cell
    return cell
