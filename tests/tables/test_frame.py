from __future__ import annotations

import sys
from decimal import Decimal

import pytest
from tiny import TEXT

from zh_report_facts.records import to_record
from zh_report_facts.tables.frame import to_frame
from zh_report_facts.tables.rows import COLUMNS, to_rows


def test_a_row_is_a_fact(trained):
    docs = list(trained.pipe([TEXT, "没有数字。", TEXT]))
    frame = to_frame(docs)
    assert tuple(frame.columns) == COLUMNS
    assert list(frame["report"]) == ["0"] * 6 + ["2"] * 6
    rows = to_rows(to_record(docs[0], "0"))
    for column in COLUMNS:
        cells = [None if cell is None else cell for cell in frame[column][:6].tolist()]
        if column != "page":
            assert cells == [row[column] for row in rows]
    assert frame["page"].isna().all()


def test_numbers_are_exact_decimals(trained):
    frame = to_frame(trained(TEXT), ["总结"])
    assert [type(value) for value in frame["value"]] == [Decimal] * 6
    assert frame["value"].sum() == sum(Decimal(f.value) for f in trained(TEXT)._.facts)
    assert set(frame["high"]) == {None}
    assert set(frame["report"]) == {"总结"}
    assert frame.dtypes["page"] == frame.dtypes["start"] == "Int64"


def test_a_table_without_facts_has_its_columns(trained):
    frame = to_frame([])
    assert tuple(frame.columns) == COLUMNS
    assert (len(frame), frame.dtypes.equals(to_frame(trained(TEXT)).dtypes)) == (0, True)


def test_names_must_be_as_many_as_documents(trained):
    with pytest.raises(ValueError, match="zip"):
        to_frame([trained(TEXT)], ["a", "b"])


def test_without_pandas_the_extra_is_named(trained, monkeypatch):
    monkeypatch.setitem(sys.modules, "pandas", None)
    with pytest.raises(ImportError, match=r"needs pandas; pip install 'zh_report_facts\[tables\]'"):
        to_frame(trained(TEXT))
