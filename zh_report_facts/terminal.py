"""The facts of reports as tables on a terminal."""

import sys

from rich.console import Console
from rich.table import Column, Table

from .files import shown
from .records import FactData, Record
from .tables.rows import one_word

HEADER = ("programme", "item", "role", "number", "value", "unit", "score")
_SIGNS = {"about": "≈ ", "over": "> ", "under": "< "}


def make_console() -> Console:
    """Make the console that tables are printed on."""
    # In a pipe, too, a row should be a line. What a report says in brackets or colons is no markup.
    width = None if sys.stdout.isatty() else 120
    return Console(width=width, markup=False, emoji=False)


class TerminalWriter:
    """Print the facts of each report on standard output."""

    def __init__(self) -> None:
        self.console = make_console()

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
        "、".join(one_word(span["text"]) for span in fact["programs"]),
        "、".join(one_word(span["text"]) for span in fact["items"]),
        fact["role"],
        one_word(fact["quantity"]["text"]),
        _SIGNS.get(fact["bound"] or "", "") + value,
        fact["unit"] or "",
        f"{fact['score']:.2f}",
    )
