"""A sheet of a workbook that grows row by row: text is never a formula, numbers stay exact."""

from collections.abc import Mapping
from decimal import Decimal
from typing import Any, NamedTuple

from xlsxwriter import Workbook
from xlsxwriter.format import Format

from ..quantity.numerals import EXACT
from .rows import FORMULA
from .titles import Column

# Rows of a sheet, the header included.
LAST_ROW = 1_048_576
# Digits of a number that Excel keeps.
DIGITS = 15
NUMBERS = {"score": "0.00"}
# What the writer takes for markup of its own where a text begins with it.
MARKUP = "<r>"


class Piece(NamedTuple):
    """A part of a cell's text.

    text (str): the text.
    bold (bool): whether it is in bold type.
    """

    text: str
    bold: bool


Cell = str | int | float | Decimal | list[Piece] | None


class Sheet:
    """A sheet with a header that stays in sight and filters; a full one goes on in a next one.

    workbook (Workbook): the workbook, which writes rows as they come.
    name (str): name of the sheet.
    columns (Mapping[str, Column]): its columns.
    last_row (int): how many rows it can have.
    """

    def __init__(
        self,
        workbook: Workbook,
        name: str,
        columns: Mapping[str, Column],
        last_row: int = LAST_ROW,
    ) -> None:
        self.workbook = workbook
        self.name = name
        self.columns = columns
        self.last_row = last_row
        self.formats: dict[tuple[tuple[str, Any], ...], Format] = {}
        self.number = 0
        self._start()

    def append(self, cells: Mapping[str, Cell]) -> None:
        """Add a row.

        cells (Mapping[str, Cell]): what its cells hold, by name of the column.
        """
        if self.row == self.last_row:
            self.finish()
            self._start()
        for index, (name, column) in enumerate(self.columns.items()):
            self._write(index, name, cells[name], column.wrap)
        self.row += 1

    def finish(self) -> None:
        """Let the reader filter the rows."""
        self.sheet.autofilter(0, 0, max(1, self.row - 1), len(self.columns) - 1)

    def _start(self) -> None:
        self.number += 1
        name = self.name if self.number == 1 else f"{self.name} {self.number}"
        self.sheet = self.workbook.add_worksheet(name)
        self.sheet.freeze_panes(1, 0)
        self.sheet.repeat_rows(0)
        self.sheet.set_landscape()
        self.sheet.fit_to_pages(1, 0)
        self.sheet.ignore_errors({"number_stored_as_text": f"A1:XFD{LAST_ROW}"})
        self.sheet.set_row(0, 32)
        header = self._format(bold=True, text_wrap=True, bg_color="#E8EEF7", bottom=1)
        for index, (name, column) in enumerate(self.columns.items()):
            folded = {"level": 1, "hidden": True} if column.hidden else {}
            self.sheet.set_column(index, index, column.width, None, folded)
            self.sheet.write_string(0, index, f"{column.title}\n{name}", header)
        self.row = 1

    def _write(self, index: int, name: str, cell: Cell, wrap: bool) -> None:
        if isinstance(cell, str):
            cell = [Piece(cell, False)]
        if isinstance(cell, list):
            self._write_text(index, [piece for piece in cell if piece.text], wrap)
        elif isinstance(cell, Decimal) and not is_kept(cell):
            self.sheet.write_string(self.row, index, format(cell, "f"), self._format(align="right"))
        elif cell is not None:
            whole = cell == int(cell)
            style = NUMBERS.get(name, "#,##0" if whole else "#,##0.0###########")
            self.sheet.write_number(self.row, index, cell, self._format(num_format=style))

    def _write_text(self, index: int, pieces: list[Piece], wrap: bool) -> None:
        text = "".join(piece.text for piece in pieces)
        style: dict[str, Any] = {"text_wrap": True} if wrap else {}
        if FORMULA.match(text):
            # Otherwise it would become a formula when the reader edits the cell.
            style["quote_prefix"] = True
        if len(pieces) == 1 and text.startswith(MARKUP):
            pieces = [Piece(text[0], pieces[0].bold), Piece(text[1:], pieces[0].bold)]
        if len(pieces) == 1:
            style |= {"bold": True} if pieces[0].bold else {}
            self.sheet.write_string(self.row, index, text, self._format(**style))
        elif pieces:
            parts = [
                part for piece in pieces for part in (self._format(bold=piece.bold), piece.text)
            ]
            self.sheet.write_rich_string(self.row, index, *parts, self._format(**style))

    def _format(self, **properties: Any) -> Format:
        key = tuple(sorted(properties.items()))
        if key not in self.formats:
            self.formats[key] = self.workbook.add_format({"valign": "top", **properties})
        return self.formats[key]


def is_kept(number: Decimal) -> bool:
    """Whether Excel keeps all digits of a number."""
    normal = EXACT.normalize(number)
    return len(normal.as_tuple().digits) <= DIGITS and abs(normal.adjusted()) < 300
