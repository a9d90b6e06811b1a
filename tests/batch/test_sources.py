from __future__ import annotations

import json
import os

import pandas
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import given
from hypothesis import strategies as st

from zh_report_facts.batch import sources
from zh_report_facts.batch.sources import Columns, Piece, Row, find_sources, read_piece
from zh_report_facts.files import InputError


def read(path, start=0, stop=None, columns=Columns()):  # noqa: B008
    return list(read_piece(path.parent, Piece(path.name, start, stop), columns))


def texts(rows):
    assert [row.fault for row in rows if row.fault] == []
    return [(row.id, row.text) for row in rows]


def test_files_are_found_in_order_and_hidden_ones_left_out(tmp_path):
    for name in ("b.txt", "a/2.parquet", "a/1.JSONL", "_SUCCESS", "_old/x.txt", ".x.txt", "c.csv"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text(name)
    root, found = find_sources(tmp_path)
    assert root == tmp_path
    assert [source.path for source in found] == ["a/1.JSONL", "a/2.parquet", "b.txt"]
    assert [source.size for source in found] == [9, 11, 5]
    assert find_sources(tmp_path / "b.txt") == (tmp_path, [found[2]])


def test_without_reports_there_is_a_sentence(tmp_path):
    (tmp_path / "a.csv").touch()
    for path, message in [
        (tmp_path, "holds no reports"),
        (tmp_path / "a.csv", "cannot be read"),
        (tmp_path / "missing", "no such file"),
    ]:
        with pytest.raises(InputError, match=message):
            find_sources(path)


def test_a_text_file_is_a_report(tmp_path):
    (tmp_path / "甲.txt").write_bytes("没有数字。".encode("gb18030"))
    assert read(tmp_path / "甲.txt") == [Row("甲.txt", None, "甲", "没有数字。")]
    (tmp_path / "b.txt").touch()
    assert read(tmp_path / "b.txt")[0].fault == "is empty; check that it was saved"
    assert read(tmp_path / "c.txt")[0].fault == "there is no such file; check the name"


def test_parquet_is_read_by_rows(write_parquet):
    path = write_parquet("a.parquet", [f"第{i}篇" for i in range(100)], group=30)
    rows = read(path)
    assert texts(rows) == [(f"a-{i}", f"第{i}篇") for i in range(100)]
    assert [row.at for row in rows] == list(range(100))
    for start, stop in [(0, 1), (29, 31), (30, 60), (59, 100), (7, 93)]:
        assert read(path, start, stop) == rows[start:stop]


@pytest.mark.parametrize("kind", ["large_string", "dictionary", "binary", "string_view"])
def test_parquet_holds_strings_in_many_ways(tmp_path, kind):
    column = pa.array(["甲", None, ""])
    if kind == "dictionary":
        column = column.dictionary_encode()
    elif kind != "string":
        column = column.cast(getattr(pa, kind)())
    pq.write_table(pa.table({"nr": [1, 2, None], "body": column}), tmp_path / "a.parquet")
    rows = read(tmp_path / "a.parquet", columns=Columns("nr", "body"))
    assert [(row.id, row.text) for row in rows] == [("1", "甲"), ("2", ""), ("a.parquet#2", "")]
    assert [row.fault for row in rows] == [None, "has no text (null)", None]


@pytest.mark.parametrize("kind", ["parquet", "jsonl"])
def test_ids_that_pandas_has_as_floats_are_whole_numbers(tmp_path, kind):
    (tmp_path / "a.csv").write_text("id,text\n20240001,甲\n,乙\n2.5,丙\n", encoding="utf-8")
    frame = pandas.read_csv(tmp_path / "a.csv")
    path = tmp_path / f"a.{kind}"
    if kind == "parquet":
        frame.to_parquet(path)
    else:
        frame.to_json(path, orient="records", lines=True)
    whole, missing, broken = read(path)
    assert (whole.id, missing.id, broken.id) == ("20240001", f"{path.name}#{missing.at}", "2.5")


def test_an_id_that_is_no_number_is_missing(tmp_path):
    pq.write_table(pa.table({"id": [float("nan")], "text": ["甲"]}), tmp_path / "a.parquet")
    assert texts(read(tmp_path / "a.parquet")) == [("a.parquet#0", "甲")]


def test_faults_of_parquet_are_named(tmp_path, write_parquet):
    good = write_parquet("a.parquet", ["没有数字。" * 500] * 3)
    assert "no column 'body'" in read(good, columns=Columns("id", "body"))[0].fault
    (good.parent / "b.parquet").write_bytes(good.read_bytes()[:-100])
    (good.parent / "c.parquet").touch()
    for name in ("b.parquet", "c.parquet", "d.parquet"):
        [row] = read(good.parent / name)
        assert row.id == name and row.fault and "\n" not in row.fault
    wrong = pa.array([b"\xff\xfe", "甲".encode()], pa.binary())
    pq.write_table(pa.table({"text": wrong}), tmp_path / "e.parquet")
    broken, whole = read(tmp_path / "e.parquet")
    assert broken.fault == "its text is not UTF-8 (at byte 0)"
    assert whole == Row("e.parquet", 1, "e.parquet#1", "甲")
    pq.write_table(pa.table({"text": [1, 2]}), tmp_path / "f.parquet")
    assert read(tmp_path / "f.parquet")[1].fault == "its text is no string but int"


def test_lines_are_read_and_faults_named(write_lines):
    path = write_lines(
        "a.jsonl",
        b"\xef\xbb\xbf" + json.dumps({"id": "x", "text": "甲"}).encode() + b"\r",
        b"",
        {"id": 5, "text": "乙"},
        {"text": "丙"},
        {"id": "y", "text": None},
        {"id": "z", "text": ["丁"]},
        {"id": "w"},
        b'{"id": "v", "text": "\\ud800"}',
        b'{"id": "u", "text": "half',
        b"\xff",
        b"7",
        b"[" * 100_000,
        {"id": "last", "text": ""},
    )
    rows = read(path)
    good = [(row.id, row.text) for row in rows if row.fault is None]
    assert good == [("x", "甲"), ("5", "乙"), (f"a.jsonl#{rows[2].at}", "丙"), ("last", "")]
    faults = [row.fault for row in rows if row.fault]
    expected = "null|no string but list|key 'text'|surrogate|no line of JSON|no line of JSON"
    expected += "|key 'text'|no line of JSON"
    assert len(faults) == 8
    for fault, part in zip(faults, expected.split("|")):
        assert part in fault
    data = path.read_bytes()
    assert all(data[row.at - 1 : row.at] == b"\n" for row in rows[1:])


@given(data=st.data())
def test_lines_cut_anywhere_are_read_once(data, tmp_path_factory):
    lines = data.draw(st.lists(st.text("甲乙a \\\n", max_size=6), max_size=8))
    ends = data.draw(st.sampled_from([b"\n", b"\r\n"]))
    encoded = [json.dumps({"id": str(i), "text": t}).encode() for i, t in enumerate(lines)]
    content = ends.join(encoded) + data.draw(st.sampled_from([b"", ends, ends * 2]))
    path = tmp_path_factory.mktemp("lines") / "a.jsonl"
    path.write_bytes(content)
    cuts = sorted(data.draw(st.lists(st.integers(0, len(content)), max_size=5)))
    edges = [0, *cuts, len(content)]
    rows = [row for a, b in zip(edges, edges[1:]) for row in read(path, a, b)]
    assert rows == read(path)
    assert [row.text for row in rows] == lines


def test_a_line_too_long_is_named_and_the_next_one_read(write_lines, monkeypatch):
    monkeypatch.setattr(sources, "LARGEST", 60)
    monkeypatch.setattr(sources, "BUFFER", 16)
    path = write_lines("a.jsonl", {"text": "a" * 100}, {"id": "b", "text": "甲"})
    long, short = read(path)
    assert "line of 113 bytes, more than 60" in long.fault
    assert short.text == "甲"


def test_a_text_too_long_is_named(write_parquet, monkeypatch):
    monkeypatch.setattr(sources, "LARGEST", 60)
    long, short = read(write_parquet("a.parquet", ["a" * 61, "a" * 60]))
    assert long.fault == "has 61 characters; split it"
    assert short.fault is None


def test_a_file_name_that_is_no_utf8_is_escaped(tmp_path):
    name = os.fsdecode(b"\xff.txt")
    (tmp_path / name).write_text("没有数字。", encoding="utf-8")
    assert read(tmp_path / name)[0].id == "\\udcff"
