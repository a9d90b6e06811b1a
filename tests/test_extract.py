from __future__ import annotations

import io
import json
import re
from pathlib import Path

import pytest
from rich.console import Console
from tiny import TEXT
from typer.testing import CliRunner

from zh_report_facts.__main__ import app
from zh_report_facts.extract import extract, format_row, format_table, report_names, to_record

CELLS = ("邻里食堂", "供餐点", "ACTUAL", "12家", "12", "家")


@pytest.fixture(scope="module")
def model(trained, tmp_path_factory):
    folder = tmp_path_factory.mktemp("model")
    trained.to_disk(folder)
    return folder


@pytest.fixture
def reports(tmp_path):
    folder = tmp_path / "reports"
    (folder / "old").mkdir(parents=True)
    (folder / "b.txt").write_text(TEXT, encoding="utf-8")
    (folder / "a.txt").write_text("没有数字。", encoding="utf-8")
    (folder / "old" / "c.txt").write_text(
        TEXT.replace("，投入", "，\r\n投入"), encoding="utf-8", newline=""
    )
    (folder / "notes.csv").write_bytes(b"\0")
    return folder


def run(*arguments):
    return CliRunner().invoke(app, ["extract", *map(str, arguments)])


def check_refused(result, message):
    assert result.exit_code == 1
    assert result.stdout == ""
    assert re.search(message, result.stderr)
    assert result.stderr.count("\n") == 1
    assert "Traceback" not in result.stderr


def read_records(path):
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]


def test_reports_of_one_name_are_told_apart_by_their_folders():
    files = [Path("a/x.txt"), Path("b/x.txt"), Path("b/y.txt")]
    assert list(report_names(files).values()) == ["a/x", "b/x", "y"]


def test_a_report_a_line(trained, reports, tmp_path, capsys):
    output = tmp_path / "new" / "facts.jsonl"
    assert extract([reports], output, trained) == []
    records = read_records(output)
    assert [record["id"] for record in records] == ["a", "b", "c"]
    assert [len(record["facts"]) for record in records] == [0, 6, 6]
    places = (reports / "a.txt", reports / "b.txt", reports / "old" / "c.txt")
    texts = [place.read_bytes().decode() for place in places]
    assert records == [
        json.loads(json.dumps(to_record(doc, name)))
        for doc, name in zip(trained.pipe(texts), "abc", strict=True)
    ]
    for record in records:
        for entity in record["entities"]:
            assert record["text"][entity["start"] : entity["end"]].strip()
    assert "\\u" not in output.read_text(encoding="utf-8")
    assert capsys.readouterr().err.endswith(f"3 reports, 12 facts, written to {output}\n")


def test_without_an_output_nothing_is_written(trained, reports, capsys):
    before = sorted(reports.rglob("*"))
    extract([reports / "b.txt"], None, trained)
    assert sorted(reports.rglob("*")) == before
    assert capsys.readouterr().err.endswith("1 reports, 6 facts\n")


def test_a_fact_is_a_row_of_the_table(trained):
    doc = trained(TEXT)
    *cells, score = format_row(doc._.facts[0])
    assert tuple(cells) == CELLS
    assert re.fullmatch(r"[01]\.\d\d", score)
    assert format_row(doc._.facts[2])[4] == "> 30000"
    table = format_table(doc)
    assert table.row_count == 6
    console = Console(width=120, record=True, file=io.StringIO())
    console.print(table)
    text = console.export_text()
    assert all(cell in text for cell in ("programme", "score", *CELLS, "856000", "CNY", "TARGET"))


def test_ranges_and_unknown_values_are_shown(trained):
    doc = trained("旧衣回收收到三至五家企业，数百册衣物，不到8家。")
    spans = [(6, 10), (13, 16), (19, 23)]
    doc.ents = [doc.char_span(start, end, "COUNT") for start, end in spans]
    for name in ("quantity", "fact_linker"):
        doc = trained.get_pipe(name)(doc)
    assert [format_row(fact)[4] for fact in doc._.facts] == ["3–5", "≈ ", "< 8"]


def test_white_space_in_a_name_is_not_in_the_table(trained):
    doc = trained(TEXT.replace("邻里食堂", "邻 里\u3000食堂"))
    assert format_row(doc._.facts[0])[0] == "邻里食堂"


def test_the_command_prints_a_table_and_writes_the_facts(model, reports, tmp_path):
    output = tmp_path / "facts.jsonl"
    result = run(reports, "--model", model, "--output", output)
    assert result.exit_code == 0, result.output
    assert str(reports / "b.txt") in result.stdout
    assert "programme" in result.stdout and "食堂" in result.stdout
    assert len(read_records(output)) == 3


@pytest.mark.parametrize(
    ("data", "message"),
    [
        (None, "there is no such file; check the name"),
        (b"PK\x03\x04\0\0", "is a binary file"),
        (b"", "is empty"),
    ],
)
def test_a_faulty_report_is_named_and_nothing_is_written(model, tmp_path, data, message):
    report, output = tmp_path / "report.txt", tmp_path / "facts.jsonl"
    if data is not None:
        report.write_bytes(data)
    output.write_text("of before")
    check_refused(run(report, "-m", model, "-o", output), f"report.txt: {message}")
    assert output.read_text() == "of before"
    assert {path.name for path in tmp_path.iterdir()} <= {"report.txt", "facts.jsonl"}


def test_one_faulty_report_among_good_ones_is_named_and_left_out(model, reports, tmp_path):
    (reports / "d.txt").write_bytes(b"\0\1")
    output = tmp_path / "facts.jsonl"
    result = run(reports, "-m", model, "-o", output)
    assert result.exit_code == 1
    assert re.search("d.txt: is", result.stderr)
    assert [record["id"] for record in read_records(output)] == ["a", "b", "c"]


def test_other_encodings_and_formats_give_the_same_facts(model, tmp_path):
    (tmp_path / "a.txt").write_bytes(TEXT.encode("gb18030"))
    (tmp_path / "b.md").write_text(TEXT, encoding="utf-8")
    assert run(tmp_path, "-m", model, "-o", tmp_path / "facts.jsonl").exit_code == 0
    a, b = read_records(tmp_path / "facts.jsonl")
    assert len(a["facts"]) == 6
    assert a["facts"] == b["facts"]


def test_an_output_that_cannot_be_written_is_named(model, reports, tmp_path):
    check_refused(run(reports / "b.txt", "-m", model, "-o", reports), "reports: .*is a folder")
    below_a_file = reports / "b.txt" / "facts.jsonl"
    check_refused(run(reports / "b.txt", "-m", model, "-o", below_a_file), "cannot be written")


def test_a_missing_model_is_named(reports, tmp_path):
    missing = tmp_path / "no-model"
    check_refused(run(reports, "-m", missing), "no-model")


def test_a_folder_without_reports_is_named(model, tmp_path):
    (tmp_path / "empty").mkdir()
    check_refused(run(tmp_path / "empty", "-m", model), "There is no report")
