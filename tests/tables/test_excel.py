from __future__ import annotations

import contextlib
import io
import os
import tempfile
import zipfile
from datetime import datetime
from decimal import Decimal

import openpyxl
import pytest
import xlsxwriter
from hypothesis import given, settings
from hypothesis import strategies as st
from made import REPORT, make_record
from openpyxl.cell.rich_text import CellRichText, TextBlock

from zh_report_facts.files import OutputError
from zh_report_facts.tables.excel import ExcelWriter
from zh_report_facts.tables.rows import COLUMNS, LONGEST_CELL, printable
from zh_report_facts.tables.sheet import Piece, Sheet, is_kept
from zh_report_facts.tables.titles import FACTS, REASONS, TOTALS, WARNINGS, Column

SIMPLE = "[甲]{P1}有[5人]{C>P1}。"


def write(*records, metadata=None):
    stream = io.BytesIO()
    writer = ExcelWriter(stream, metadata or {})
    for record in records:
        writer.write(record)
    writer.close()
    return stream.getvalue()


def read(data):
    return openpyxl.load_workbook(io.BytesIO(data), rich_text=True)


def read_rows(sheet):
    header, *rows = sheet.iter_rows(values_only=True)
    names = [title.split("\n")[1] for title in header]
    return [dict(zip(names, row, strict=True)) for row in rows]


def bold(cell):
    assert isinstance(cell, CellRichText)
    return [str(part) for part in cell if isinstance(part, TextBlock) and part.font.b]


def write_cells(*cells, last_row=10):
    """A sheet of one column, as openpyxl reads it."""
    stream = io.BytesIO()
    with xlsxwriter.Workbook(stream, {"constant_memory": True}) as workbook:
        sheet = Sheet(workbook, "表", {"cell": Column("格", 10, "")}, last_row)
        for cell in cells:
            sheet.append({"cell": cell})
        sheet.finish()
    return read(stream.getvalue())


def test_a_row_is_a_fact():
    warnings = [{"kind": "two-values", "message": "看一看", "facts": [0]}]
    book = read(write(make_record(REPORT, warnings=warnings, file="甲.txt")))
    assert book.sheetnames == ["数字", "提示", "汇总", "说明"]
    rows = read_rows(book["数字"])
    assert len(rows) == 10
    sentence = rows[0].pop("sentence")
    assert str(sentence) == "今年邻里食堂新开12家供餐点，投入85.6万元，到座率达92%。"
    assert bold(sentence) == ["12家"]
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
        "programs": "邻里食堂",
        "items": "供餐点",
        "value": 12,
        "high": None,
        "unit": "家",
        "bound": "exact",
        "score": 1,
        "sentence_start": 0,
        "program_spans": '{"start": 2, "end": 6, "score": 1.0}',
        "item_spans": '{"start": 11, "end": 14, "score": 1.0}',
        "warnings": "看一看",
    }
    assert [row["value"] for row in rows] == [12, 856000, 92, 36, 40, 4, 50, 300, None, 7]
    assert [bold(row["sentence"]) for row in rows[1:3]] == [["85.6万元"], ["92%"]]


def test_the_sheets_are_made_to_be_read():
    book = read(write(make_record(REPORT)))
    for sheet, columns in zip(book, (FACTS, WARNINGS, TOTALS), strict=False):
        assert sheet.freeze_panes == "A2"
        assert sheet.auto_filter.ref == f"A1:{sheet.cell(1, len(columns)).column_letter}" + str(
            max(2, sheet.max_row)
        )
        header = [cell.value for cell in sheet[1]]
        assert header == [f"{column.title}\n{name}" for name, column in columns.items()]
        assert all(cell.font.b for cell in sheet[1])
        # openpyxl keeps neighbours of one width together.
        widths = {
            index: group.width
            for group in sheet.column_dimensions.values()
            for index in range(group.min, group.max + 1)
        }
        for index, column in enumerate(columns.values(), 1):
            assert 0 <= widths[index] - column.width < 1
    assert tuple(FACTS) == COLUMNS
    assert book["数字"]["Q2"].alignment.wrap_text
    assert book["数字"].column_dimensions["E"].hidden


def test_warnings_have_a_sheet_of_their_own():
    warnings = [
        {"kind": "change-mismatch", "message": "多了4场，算来不符", "facts": [3, 4, 5]},
        {"kind": "number-without-head", "message": "不知说的是什么", "facts": [0, 9]},
    ]
    book = read(write(make_record(REPORT, warnings=warnings)))
    one, other = read_rows(book["提示"])
    sentence = one.pop("sentence")
    assert bold(sentence) == ["36场", "约40场", "4场"]
    assert str(sentence).startswith("银发讲堂去年办36场，今年办约40场，") and "\n" not in str(
        sentence
    )
    assert one == {
        "report": "甲",
        "page": None,
        "paragraph": 2,
        "kind": "change-mismatch",
        "message": "多了4场，算来不符",
    }
    assert str(other["sentence"]).count("\n") == 1
    assert bold(other["sentence"]) == ["12家", "7人"]


def test_totals_have_a_sheet_of_their_own():
    records = [
        make_record("[甲]{P1}培训[50余人]{C>P1}，计划[90人]{C>P1:TARGET}。"),
        make_record("[甲]{P1}培训[7人]{C>P1}，其中就业[3人]{C>P1}。", "乙"),
        make_record("[甲]{P1}培训[20人]{C>P1}。", "丙"),
    ]
    actual, target = read_rows(read(write(*records))["汇总"])
    assert actual == {
        "programs": "甲",
        "items": None,
        "role": "ACTUAL",
        "label": "COUNT",
        "unit": "人",
        "sign": "≥",
        "total": 70,
        "reports": 3,
        "facts": 4,
        "added": 2,
        "left_out": "同篇数值不一 2",
        "lowest": 3,
        "highest": 50,
        "score": 1,
    }
    assert (target["role"], target["total"], target["left_out"]) == ("TARGET", None, "非实际数 1")


def test_the_last_sheet_explains_the_others():
    metadata = {"pipeline": "zh_report_facts 0.1.0"}
    rows = read_rows(read(write(make_record(REPORT), metadata=metadata))["说明"])
    assert rows[0] == {"topic": "pipeline", "text": "zh_report_facts 0.1.0"}
    topics = {row["topic"]: row["text"] for row in rows}
    assert all(topics.values())
    assert len(topics) == 1 + len(FACTS) + len(WARNINGS) + len(TOTALS) + len(REASONS)


def test_every_reason_is_explained():
    source = (
        "[甲]{P1}培训[5人]{C>P1}、[6人]{C>P1}、[3次]{C>P1}、[3次]{C>P1}，完成[9%]{R>P1}，"
        "[三至五家]{C>P1}、[数百户]{C>P1}、[4名]{C}，计划[8人]{C>P1:TARGET}，"
        "两镇各[1所]{C>P1}。"
    )
    records = [make_record(source), make_record(source, "乙")]
    rows = read_rows(read(write(*records))["汇总"])
    reasons = {part.split()[0] for row in rows for part in (row["left_out"] or "").split("；")}
    assert reasons - {""} == set(REASONS)


@pytest.mark.parametrize("sign", [*"=+-@＝＋－＠\t", " =", "{="])
def test_no_text_becomes_a_formula(sign):
    name = f'{sign}HYPERLINK("http://x","y")'
    data = write(make_record(f"{sign}[甲]{{P1}}有[5人]{{C>P1}}。".replace("{=", "="), name))
    for sheet in read(data):
        for row in sheet.iter_rows():
            assert all(cell.data_type != "f" for cell in row)
    cell = read(data)["数字"]["A2"]
    assert cell.value == name
    assert cell.quotePrefix == (sign != "{=")
    parts = zipfile.ZipFile(io.BytesIO(data))
    assert not any(b"<f>" in parts.read(part) for part in parts.namelist())
    assert not any("hyperlink" in part for part in parts.namelist())


@pytest.mark.parametrize("text", ["<r><t>甲</t></r>", "<r>", "&amp;<b>", "<r>甲</r>\n", " 甲 "])
def test_text_is_never_markup(text):
    for cell in (text, [Piece(text, True)], [Piece(text, False), Piece("乙", True)]):
        value = write_cells(cell)["表"]["A2"].value
        assert str(value) == text + ("乙" if cell[-1:] == [Piece("乙", True)] else "")


@pytest.mark.parametrize(
    ("number", "cell"),
    [
        (Decimal("0.1"), 0.1),
        (Decimal("123456789012345"), 123456789012345),
        (Decimal("99999999999.9999"), 99999999999.9999),
        (Decimal("5000000000000000000000"), 5e21),
        (Decimal("1234567890123456"), "1234567890123456"),
        (Decimal("0.1234567890123456"), "0.1234567890123456"),
        (Decimal("9" * 400), "9" * 400),
        (Decimal("0"), 0),
        (7, 7),
        (0.9876, 0.9876),
        (None, None),
    ],
)
def test_numbers_are_numbers_where_excel_keeps_them(number, cell):
    value = write_cells(number, "end")["表"]["A2"].value
    assert value == cell
    assert isinstance(value, str) == isinstance(cell, str)


@settings(deadline=None)
@given(st.decimals(allow_nan=False, allow_infinity=False, places=6))
def test_a_number_that_is_kept_comes_back(number):
    if is_kept(number):
        assert Decimal(f"{float(number):.15g}") == number


@pytest.mark.parametrize(
    "text", ["\x00\x1b甲\ufffe乙\uffff", "甲_x0041_乙", "\U0001f600" * 3, "甲\r\n乙\u2028丙"]
)
def test_what_xml_cannot_hold_is_taken_out(text):
    record = make_record(SIMPLE, text.replace("_x0041_", "x0041"))
    assert read_rows(read(write(record))["数字"])[0]["report"] == printable(record["id"])


def test_a_text_too_long_for_a_cell_is_cut():
    number = "9" * 40_000
    record = make_record(SIMPLE, "字" * 40_000)
    fact = record["facts"][0]
    record["text"] += number
    fact["quantity"] |= {"text": number, "start": 5, "end": 5 + len(number)}
    fact["sentence"] = [0, 5 + len(number)]
    (row,) = read_rows(read(write(record))["数字"])
    for name in ("report", "number", "sentence"):
        assert len(row[name]) <= LONGEST_CELL
        assert row[name].endswith("…")


def test_a_sentence_that_is_but_a_number_is_bold():
    sheet = read(write(make_record("[5人]{C}")))["数字"]
    assert (sheet["Q2"].value, sheet["Q2"].font.b) == ("5人", True)


def test_a_full_sheet_goes_on_in_a_next_one():
    book = write_cells(*map(str, range(5)), last_row=3)
    assert book.sheetnames == ["表", "表 2", "表 3"]
    cells = [[cell.value for cell in sheet["A"]] for sheet in book]
    assert cells == [["格\ncell", "0", "1"], ["格\ncell", "2", "3"], ["格\ncell", "4"]]
    assert [sheet.auto_filter.ref for sheet in book] == ["A1:A3", "A1:A3", "A1:A2"]


def test_the_same_facts_give_the_same_bytes():
    data = write(make_record(REPORT))
    assert data == write(make_record(REPORT))
    assert read(data).properties.created == datetime(2000, 1, 1)


def test_without_facts_there_are_headers():
    book = read(write())
    assert [sheet.max_row for sheet in book][:3] == [1, 1, 1]


class Full(io.BytesIO):
    """A disk with room for so many bytes."""

    def write(self, data):
        if self.tell() + len(data) > 3000:
            raise OSError(28, "No space left on device")
        return super().write(data)


def test_nothing_remains_of_a_workbook_that_cannot_be_written(monkeypatch, tmp_path):
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    writer = ExcelWriter(Full(), {})
    writer.write(make_record(REPORT))
    assert len(list(tmp_path.iterdir())) == 1
    with pytest.raises(OSError, match="No space left"):
        writer.close()
    assert list(tmp_path.iterdir()) == []


def test_a_workbook_beyond_the_format_is_refused(monkeypatch):
    monkeypatch.setattr(zipfile, "ZIP64_LIMIT", 1000)
    writer = ExcelWriter(io.BytesIO(), {})
    writer.write(make_record(REPORT))
    with pytest.raises(OutputError, match="more than an .xlsx can hold; write .parquet"):
        writer.close()


def test_temporary_files_go_with_the_writer(monkeypatch, tmp_path):
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    write(make_record(REPORT))
    assert list(tmp_path.iterdir()) == []
    writer = ExcelWriter(io.BytesIO(), {})
    writer.write(make_record(REPORT))
    assert len(list(tmp_path.iterdir())) == 1
    del writer
    assert list(tmp_path.iterdir()) == []


def test_nothing_remains_where_the_writer_is_stopped_as_it_begins(monkeypatch, tmp_path):
    make = os.mkdir

    def make_and_stop(*args, **kwargs):
        make(*args, **kwargs)
        raise SystemExit

    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    monkeypatch.setattr(os, "mkdir", make_and_stop)
    with contextlib.suppress(SystemExit):
        ExcelWriter(io.BytesIO(), {})
    assert not list(tmp_path.iterdir())
