"""The facts of reports as tables on a terminal."""

import sys

from rich.console import Console
from rich.table import Column, Table

from .files import shown
from .records import FactData, Record, SpanData

HEADER = ("programme", "item", "role", "number", "value", "unit", "score")
_SIGNS = {"about": "≈ ", "over": "> ", "under": "< "}


class TerminalWriter:
    """Print the facts of each report on standard output."""

    def __init__(self) -> None:
        # In a pipe, too, a row should be a line.
        self.console = Console(width=None if sys.stdout.isatty() else 120)

    def write(self, record: Record) -> None:
        """Print the facts of a report.

        record (Record): the report.
        """
        print(f"\n{shown(record['file'] or record['id'])}")
        self.console.print(format_table(record))


def format_table(record: Record) -> Table:
    """Format the facts of a report as a table, one fact a row.

    record (Record): the report.
    RETURNS (Table): the table, for `rich` to print.
    """
    table = Table(*(Column(name, overflow="fold") for name in HEADER))
    for fact in record["facts"]:
        table.add_row(*format_row(fact))
    return table


def format_row(fact: FactData) -> tuple[str, ...]:
    """Format a fact as the cells of a row.

    fact (FactData): the fact.
    RETURNS (tuple[str, ...]): a cell for each column of HEADER.
    """
    value = fact["value"] or ""
    if fact["high"] is not None:
        value += f"–{fact['high']}"
    return (
        "、".join(map(_one_line, fact["programs"])),
        "、".join(map(_one_line, fact["items"])),
        fact["role"],
        _one_line(fact["quantity"]),
        _SIGNS.get(fact["bound"] or "", "") + value,
        fact["unit"] or "",
        f"{fact['score']:.2f}",
    )


def _one_line(span: SpanData) -> str:
    """Take out white space, such as the line ends of a wrapped name."""
    return "".join(span["text"].split())
