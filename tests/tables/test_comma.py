from __future__ import annotations

import csv
import io

import pytest
from made import REPORT, make_record

from zh_report_facts.tables.comma import CommaWriter
from zh_report_facts.tables.rows import COLUMNS


def write(*records):
    stream = io.BytesIO()
    writer = CommaWriter(stream)
    for record in records:
        writer.write(record)
    writer.close()
    return stream.getvalue()


def read(data):
    return list(csv.DictReader(io.StringIO(data.decode("utf-8-sig"), newline="")))


def test_the_file_opens_in_excel():
    data = write(make_record(REPORT))
    assert data.startswith(b"\xef\xbb\xbfreport,file,page,")
    assert data.count(b"\r\n") == data.count(b"\n") == 11
    assert data.count(b"\xef\xbb\xbf") == 1


def test_a_row_holds_a_fact():
    rows = read(write(make_record(REPORT, file="甲.txt"), make_record(REPORT, "乙")))
    assert [row["report"] for row in rows] == ["甲"] * 10 + ["乙"] * 10
    assert all(tuple(row) == COLUMNS for row in rows)
    assert rows[0] == {
        "report": "甲",
        "file": "甲.txt",
        "page": "",
        "paragraph": "1",
        "start": "8",
        "end": "11",
        "number": "12家",
        "label": "COUNT",
        "role": "ACTUAL",
        "programs": "邻里食堂",
        "items": "供餐点",
        "value": "12",
        "high": "",
        "unit": "家",
        "bound": "exact",
        "score": "1.0",
        "sentence": "今年邻里食堂新开12家供餐点，投入85.6万元，到座率达92%。",
        "sentence_start": "0",
        "program_spans": '{"start": 2, "end": 6, "score": 1.0}',
        "item_spans": '{"start": 11, "end": 14, "score": 1.0}',
        "warnings": "",
    }
    assert [row["value"] for row in rows[:10]] == [
        *("12", "856000", "92", "36", "40", "4", "50", "300", "", "7")
    ]


def test_numbers_are_written_out_exactly():
    rows = read(
        write(make_record("[甲]{P1}有[1234567890123456789.5亿元]{M>P1}、[0.00000001元]{M>P1}。"))
    )
    assert [row["value"] for row in rows] == ["123456789012345678950000000", "0.00000001"]


@pytest.mark.parametrize("sign", [*"=+-@＝＋－＠'\t", " =", "\u3000-"])
def test_no_text_becomes_a_formula(sign):
    name = f'{sign}HYPERLINK("x")'
    (row,) = read(write(make_record("[甲]{P1}有[5人]{C>P1}。", name)))
    assert row["report"] == f"'{name}"


def test_a_number_below_zero_stays_a_number():
    record = make_record("[甲]{P1}有[5人]{C>P1}。")
    record["facts"][0]["value"] = "-5"
    (row,) = read(write(record))
    assert row["value"] == "-5"


def test_a_wrapped_sentence_is_one_line():
    (row,) = read(write(make_record("[甲]{P1}有[5人]{C>P1}，\n走了，\n还有。")))
    assert row["sentence"] == "甲有5人，走了，还有。"


def test_without_facts_there_is_a_header():
    assert write() == write(make_record("没有数字。"))
    assert read(write()) == []
