from __future__ import annotations

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from zh_report_facts.batch.summary import NO_PROGRAM, count_facts, format_summary
from zh_report_facts.tables.schema import SCHEMA


@pytest.fixture
def parts(tmp_path):
    facts = [
        [(["食堂"], "ACTUAL"), (["食堂", "讲堂"], "ACTUAL"), ([], "TARGET")],
        [],
        [(["讲堂"], "CHANGE"), (["食堂"], "ACTUAL")],
    ]
    for number, rows in enumerate(facts):
        rows = [{"programs": programs, "role": role} for programs, role in rows]
        pq.write_table(pa.Table.from_pylist(rows, SCHEMA), tmp_path / f"{number}.parquet")
    return sorted(tmp_path.iterdir())


def test_facts_are_counted_by_programme_and_role(parts):
    counts = count_facts(parts)
    assert list(counts) == ["食堂", "讲堂", NO_PROGRAM]
    assert counts["食堂"] == {"ACTUAL": 3}
    assert counts["讲堂"] == {"ACTUAL": 1, "CHANGE": 1}
    assert counts[NO_PROGRAM] == {"TARGET": 1}
    assert count_facts([]) == {}


def test_the_table_adds_up_what_it_does_not_show(parts):
    table = format_summary(count_facts(parts), rows=1)
    cells = [list(column.cells) for column in table.columns]
    assert cells[0] == ["食堂", "2 others"]
    assert cells[1] == ["3", "1"]
    assert cells[-1] == ["3", "3"]
    assert format_summary(count_facts(parts)).row_count == 3
