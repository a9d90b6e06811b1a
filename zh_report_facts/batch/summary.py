"""How many facts there are by programme and role, counted without loading the table."""

from collections import Counter, defaultdict
from collections.abc import Iterable
from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet
from rich.table import Column, Table

from ..schema import ROLES

NO_PROGRAM = "–"


def count_facts(parts: Iterable[Path]) -> dict[str, Counter[str]]:
    """Count facts by programme and role.

    parts (Iterable[Path]): files of facts.
    RETURNS (dict[str, Counter[str]]): for each programme, the number of facts of each role; a fact
        with several programmes counts for each. Those with most facts come first.
    """
    counts: dict[str, Counter[str]] = defaultdict(Counter)
    for part in parts:
        facts = pyarrow.parquet.read_table(part, columns=["programs", "role"]).combine_chunks()
        programs = facts["programs"]
        none = pc.equal(pc.list_value_length(programs), 0)
        programs = pc.if_else(none, pa.scalar([NO_PROGRAM], programs.type), programs)
        flat = pa.table(
            {
                "program": pc.list_flatten(programs),
                "role": facts["role"].take(pc.list_parent_indices(programs)),
            }
        )
        for row in flat.group_by(["program", "role"]).aggregate([([], "count_all")]).to_pylist():
            counts[row["program"]][row["role"]] += row["count_all"]
    ordered = sorted(counts.items(), key=lambda item: (-item[1].total(), item[0]))
    return dict(ordered)


def format_summary(counts: dict[str, Counter[str]], rows: int = 30) -> Table:
    """Format the counts as a table, a programme a row.

    counts (dict[str, Counter[str]]): as `count_facts` gives them.
    rows (int): how many programmes to show.
    RETURNS (Table): the table, for `rich` to print.
    """
    table = Table(
        Column("programme", overflow="fold"),
        *(Column(role, justify="right") for role in (*ROLES, "facts")),
    )
    for program, roles in list(counts.items())[:rows]:
        cells = [f"{roles[role]:,}" if roles[role] else "" for role in ROLES]
        table.add_row(program, *cells, f"{roles.total():,}")
    if len(counts) > rows:
        rest = sum((roles for roles in list(counts.values())[rows:]), Counter())
        cells = [f"{rest[role]:,}" if rest[role] else "" for role in ROLES]
        table.add_row(f"{len(counts) - rows:,} others", *cells, f"{rest.total():,}")
    return table
