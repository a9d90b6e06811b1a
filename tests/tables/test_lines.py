from __future__ import annotations

import io
import json

from made import REPORT, make_record

from zh_report_facts.tables.lines import LineWriter


def write(*records):
    stream = io.BytesIO()
    writer = LineWriter(stream)
    for record in records:
        writer.write(record)
    writer.close()
    return stream.getvalue()


def test_a_line_is_a_report():
    warnings = [{"kind": "two-values", "message": "看一看", "facts": [0, 1]}]
    records = [make_record(REPORT, warnings=warnings), make_record("没有数字。", "乙")]
    data = write(*records)
    assert data.endswith(b"\n") and data.count(b"\n") == 2
    assert [json.loads(line) for line in data.splitlines()] == records
    assert "邻里食堂" in data.decode()


def test_a_line_end_in_a_text_ends_no_line():
    record = {**make_record("没有数字。"), "text": "甲\n乙\u2028丙\u2029丁\x85戊\r\n"}
    lines = write(record).decode().splitlines()
    assert [json.loads(line) for line in lines] == [record]
