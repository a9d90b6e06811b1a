from __future__ import annotations

import io
from decimal import Decimal

import pyarrow as pa
import pyarrow.parquet
import pytest
from made import REPORT, make_record

from zh_report_facts.tables import parquet
from zh_report_facts.tables.parquet import ParquetWriter
from zh_report_facts.tables.rows import COLUMNS, to_rows
from zh_report_facts.tables.schema import SCHEMA, fits, to_batch


def write(*records, metadata=None):
    stream = io.BytesIO()
    writer = ParquetWriter(stream, metadata or {})
    for record in records:
        writer.write(record)
    writer.close()
    return stream.getvalue()


def read(data):
    return pyarrow.parquet.ParquetFile(io.BytesIO(data))


def test_the_schema_has_the_columns_of_a_row_each_explained():
    assert tuple(SCHEMA.names) == COLUMNS
    assert all(field.metadata[b"description"] for field in SCHEMA)


def test_the_rows_come_back_as_they_were():
    warnings = [{"kind": "two-values", "message": "看一看", "facts": [0, 1]}]
    records = [make_record(REPORT, warnings=warnings, file="甲.txt"), make_record(REPORT, "乙")]
    table = read(write(*records)).read()
    assert table.schema.equals(SCHEMA)
    assert table.to_pylist() == [row for record in records for row in to_rows(record)]
    assert table.column("value").type == pa.decimal128(38, 12)


def test_the_file_names_what_made_it_and_its_columns():
    metadata = {"pipeline": "zh_report_facts", "version": "0.1.0"}
    schema = read(write(make_record(REPORT), metadata=metadata)).schema_arrow
    assert schema.metadata[b"pipeline"] == b"zh_report_facts"
    assert schema.metadata[b"version"] == b"0.1.0"
    assert schema.field("page").metadata == SCHEMA.field("page").metadata


def test_many_facts_are_written_in_groups(monkeypatch):
    monkeypatch.setattr(parquet, "GROUP", 7)
    records = [make_record(REPORT, str(number)) for number in range(4)]
    file = read(write(*records))
    assert [file.metadata.row_group(i).num_rows for i in range(file.num_row_groups)] == [
        *(7, 7, 7, 7, 7, 5)
    ]
    assert file.read().to_pylist() == [row for record in records for row in to_rows(record)]


def test_the_same_facts_give_the_same_bytes():
    assert write(make_record(REPORT)) == write(make_record(REPORT))


def test_without_facts_there_is_the_schema():
    table = read(write()).read()
    assert (table.num_rows, table.schema.equals(SCHEMA)) == (0, True)


@pytest.mark.parametrize(
    ("number", "room"),
    [
        ("0", True),
        ("-99999999999999999999999999.999999999999", True),
        ("100000000000000000000000000", False),
        ("0.000000000001", True),
        ("0.0000000000001", False),
        ("1.0000000000000000000", True),
        ("9" * 30, False),
    ],
)
def test_what_the_schema_can_hold_is_held_exactly(number, room):
    assert fits(Decimal(number)) == room
    array = pa.array([Decimal(number)])
    if room:
        assert array.cast(pa.decimal128(38, 12)).to_pylist() == [Decimal(number)]
    else:
        with pytest.raises(pa.ArrowInvalid):
            array.cast(pa.decimal128(38, 12))


def test_a_number_without_room_is_left_out_and_named():
    record = make_record("[甲]{P1}有[123456789012345678901234567890元]{M>P1}、[5元]{M>P1}。")
    first, second = to_batch(to_rows(record)).to_pylist()
    assert first["value"] is None
    assert first["number"] == "123456789012345678901234567890元"
    assert first["warnings"] == ["value列容不下123456789012345678901234567890，留空"]
    assert (second["value"], second["warnings"]) == (5, [])
    assert to_rows(record)[0]["warnings"] == []
