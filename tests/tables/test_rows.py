from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from made import REPORT, make_record

from zh_report_facts.tables.rows import COLUMNS, LONGEST_CELL, flatten, printable, to_rows


def test_a_fact_is_a_row():
    warnings = [{"kind": "two-values", "message": "看一看", "facts": [0, 1]}]
    record = make_record(REPORT, warnings=warnings, file="甲.txt")
    rows = to_rows(record)
    assert len(rows) == len(record["facts"]) == 10
    assert all(tuple(row) == COLUMNS for row in rows)
    assert rows[0] == {
        "report": "甲",
        "file": "甲.txt",
        "page": None,
        "paragraph": 1,
        "start": 8,
        "end": 11,
        "number": "12家",
        "label": "COUNT",
        "role": "ACTUAL",
        "programs": ["邻里食堂"],
        "items": ["供餐点"],
        "value": Decimal(12),
        "high": None,
        "unit": "家",
        "bound": "exact",
        "score": 1.0,
        "sentence": "今年邻里食堂新开12家供餐点，投入85.6万元，到座率达92%。",
        "sentence_start": 0,
        "program_spans": [{"start": 2, "end": 6, "score": 1.0}],
        "item_spans": [{"start": 11, "end": 14, "score": 1.0}],
        "warnings": ["看一看"],
    }
    assert [row["warnings"] for row in rows[1:]] == [["看一看"]] + [[]] * 8
    assert (rows[6]["value"], rows[6]["high"], rows[6]["role"]) == (50, 60, "TARGET")
    assert (rows[8]["value"], rows[8]["bound"]) == (None, "about")


def test_names_and_numbers_are_shown_without_white_space():
    row = to_rows(make_record("[邻里 食堂]{P1}投入[85. 6万元]{M>P1}。"))[0]
    assert (row["programs"], row["number"]) == (["邻里食堂"], "85.6万元")
    assert row["sentence"] == "邻里 食堂投入85. 6万元。"


def test_lists_become_text():
    source = "[甲活动]{P1}、[乙活动]{P2}共惠及[560人]{C>P1,P2}。"
    warnings = [{"kind": "a", "message": text, "facts": [0]} for text in ("一", "二")]
    cells = flatten(to_rows(make_record(source, warnings=warnings))[0])
    assert (cells["programs"], cells["items"], cells["warnings"]) == (
        "甲活动、乙活动",
        "",
        "一；二",
    )
    assert cells["program_spans"] == (
        '{"start": 0, "end": 3, "score": 1.0}、{"start": 4, "end": 7, "score": 1.0}'
    )


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("甲 \r\n\u3000乙", "甲乙"),
        ("甲\u2028乙\x85丙\f丁", "甲乙丙丁"),
        ("甲\x00\x1b\uffff\ud800乙", "甲乙"),
        ("甲\t乙 丙", "甲\t乙 丙"),
        ("字" * 40_000, "字" * (LONGEST_CELL - 1) + "…"),
        ("\U0001f600" * 40_000, "\U0001f600" * (LONGEST_CELL // 2) + "…"),
    ],
)
def test_a_text_becomes_fit_for_a_cell(text, shown):
    assert printable(text) == shown


@settings(deadline=None)
@given(st.text())
def test_a_fit_text_stays_as_it_is(text):
    once = printable(text)
    assert printable(once) == once
    assert len(once.encode("utf-16-le")) // 2 <= LONGEST_CELL
