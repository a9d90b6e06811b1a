from __future__ import annotations

import csv
import io
import json
import os
import re
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from rich.console import Console
from rich.table import Column, Table
from tiny import TEXT
from typer.testing import CliRunner

from zh_report_facts.__main__ import app
from zh_report_facts.extract import extract, find_reports, report_names
from zh_report_facts.files import OutputError
from zh_report_facts.records import to_record
from zh_report_facts.terminal import format_row, format_table, make_console

CELLS = ("邻里食堂", "供餐点", "ACTUAL", "12家", "12", "家")
posix = pytest.mark.skipif(sys.platform == "win32", reason="needs POSIX files and signals")


@pytest.fixture(scope="module")
def model(trained, tmp_path_factory):
    folder = tmp_path_factory.mktemp("model")
    trained.to_disk(folder)
    return str(folder)


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


def test_reports_of_one_name_are_told_apart():
    files = ["a/x.txt", "b/x.txt", "b/y.txt", "c/z.md", "c/z.txt", "w.md", "d/w.txt"]
    names = ["a/x", "b/x", "y", "c/z.md", "c/z.txt", "w.md", "d/w"]
    assert report_names(list(map(Path, files))) == names


def test_a_report_a_line(trained, model, reports, tmp_path, capsys):
    output = tmp_path / "new" / "facts.jsonl"
    assert extract([reports], output, model) == []
    records = read_records(output)
    assert [record["id"] for record in records] == ["a", "b", "c"]
    assert [len(record["facts"]) for record in records] == [0, 6, 6]
    for record, place in zip(records, ("a.txt", "b.txt", "old/c.txt"), strict=True):
        text = (reports / place).read_bytes().decode()
        file = str(reports / place)
        assert record == to_record(trained(text), record["id"], file=file)
    assert "\\u" not in output.read_text(encoding="utf-8")
    assert capsys.readouterr().err.endswith(f"3 reports, 12 facts, written to {output}\n")


@pytest.mark.parametrize("ending", ["jsonl", "csv", "html"])
def test_the_number_of_jobs_changes_no_byte(model, reports, tmp_path, ending):
    for number in range(9):
        (reports / f"{number}.txt").write_text(TEXT * number, encoding="utf-8")
    outputs = [tmp_path / f"{jobs}.{ending}" for jobs in (1, 3)]
    for jobs, output in zip((1, 3), outputs, strict=True):
        assert len(extract([reports], output, model, jobs=jobs)) == 1
    first, second = (output.read_bytes() for output in outputs)
    assert first == second
    assert len(first) > 1000


def test_facts_that_are_not_sure_are_left_out(model, reports, tmp_path):
    extract([reports / "b.txt"], tmp_path / "all.jsonl", model)
    (record,) = read_records(tmp_path / "all.jsonl")
    scores = sorted(fact["score"] for fact in record["facts"])
    result = run(reports / "b.txt", "-m", model, "-o", tmp_path / "sure.csv", "--min-score", 1)
    assert result.exit_code == 0, result.output
    with open(tmp_path / "sure.csv", encoding="utf-8-sig", newline="") as file:
        assert len(list(csv.DictReader(file))) == sum(score >= 1 for score in scores) < 6


def test_without_an_output_the_facts_are_printed(model, reports, capsys):
    before = sorted(reports.rglob("*"))
    assert extract([reports / "b.txt"], None, model) == []
    assert sorted(reports.rglob("*")) == before
    printed = capsys.readouterr()
    assert printed.err.endswith("1 reports, 6 facts\n")
    assert str(reports / "b.txt") in printed.out
    assert all(cell in printed.out for cell in ("programme", "score", *CELLS, "856000", "TARGET"))


def test_brackets_and_colons_of_a_report_are_no_markup(capsys):
    console = make_console()
    console.print(Table(Column("[/red]助残"), ":100:分计划"))
    printed = capsys.readouterr().out
    assert "[/red]助残" in printed and ":100:分计划" in printed


def test_a_fact_is_a_row_of_the_table(trained):
    record = to_record(trained(TEXT), "own")
    *cells, score = format_row(record["facts"][0])
    assert tuple(cells) == CELLS
    assert re.fullmatch(r"[01]\.\d\d", score)
    assert format_row(record["facts"][2])[4] == "> 30000"
    table = format_table(record)
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
    facts = to_record(doc, "own")["facts"]
    assert [format_row(fact)[4] for fact in facts] == ["3–5", "≈ ", "< 8"]


def test_white_space_in_a_name_is_not_in_the_table(trained):
    record = to_record(trained(TEXT.replace("邻里食堂", "邻 里\u3000食堂")), "own")
    assert format_row(record["facts"][0])[0] == "邻里食堂"


@pytest.mark.parametrize(
    ("data", "message"),
    [
        (None, "there is no such file; check the name"),
        (b"PK\x03\x04\0\0", "is a binary file"),
        (b"", "is empty"),
        (b"1" * 1_000_001, "has 1,000,001 characters, more than 1,000,000; split it"),
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


def test_faulty_reports_among_good_ones_are_named_and_left_out(model, reports, tmp_path):
    (reports / "d.txt").write_bytes(b"\0\1")
    (reports / "old" / "e.docx").write_bytes(b"text")
    output = tmp_path / "facts.jsonl"
    result = run(reports, "-m", model, "-o", output, "--jobs", 2)
    assert result.exit_code == 1
    assert re.search("d.txt: is", result.stderr)
    assert re.search("e.docx: is", result.stderr)
    assert [record["id"] for record in read_records(output)] == ["a", "b", "c"]
    assert [path.name for path in tmp_path.iterdir() if path.is_file()] == ["facts.jsonl"]


def test_other_encodings_and_formats_give_the_same_facts(model, tmp_path):
    (tmp_path / "a.txt").write_bytes(TEXT.encode("gb18030"))
    (tmp_path / "b.md").write_text(TEXT, encoding="utf-8")
    assert run(tmp_path, "-m", model, "-o", tmp_path / "facts.jsonl").exit_code == 0
    a, b = read_records(tmp_path / "facts.jsonl")
    assert len(a["facts"]) == 6
    assert a["facts"] == b["facts"]


@posix
def test_odd_names_are_written(model, tmp_path):
    folder = tmp_path / "reports"
    folder.mkdir()
    for name in (b"a\nb.txt", b"=1+1.txt", b"\xb2\xb9\xcc\xf9.txt", b"<script>.txt", b"-o.txt"):
        Path(os.fsdecode(os.fsencode(folder) + b"/" + name)).write_text(TEXT, encoding="utf-8")
    for ending in ("jsonl", "csv", "html", "xlsx", "parquet"):
        result = run(folder, "-m", model, "-o", tmp_path / f"facts.{ending}", "--jobs", 2)
        assert result.exit_code == 0, result.output
    records = read_records(tmp_path / "facts.jsonl")
    names = ["-o", "<script>", "=1+1", "a\nb", "\\udcb2\\udcb9\\udccc\\udcf9"]
    assert [record["id"] for record in records] == names
    assert all(len(record["facts"]) == 6 for record in records)


def test_an_unknown_ending_is_named_before_any_work(tmp_path):
    for name in ("facts.txt", "facts", "facts.doc"):
        result = run(tmp_path / "no report", "-m", "no model", "-o", tmp_path / name)
        check_refused(result, rf"{name}: .*\.jsonl, \.csv, \.xlsx, \.parquet, \.html")


def test_an_output_that_cannot_be_written_is_named(model, reports, tmp_path):
    (tmp_path / "folder.csv").mkdir()
    result = run(reports / "b.txt", "-m", model, "-o", tmp_path / "folder.csv")
    check_refused(result, "folder.csv: .*is a folder")
    below_a_file = reports / "b.txt" / "facts.jsonl"
    check_refused(run(reports / "b.txt", "-m", model, "-o", below_a_file), "cannot be written")


def test_the_output_is_not_read(reports):
    output = reports / "old" / "page.html"
    assert [path.name for path in find_reports([reports], output, pytest.fail)] == [
        "a.txt",
        "b.txt",
        "c.txt",
    ]
    output.write_text("<p>全县发放轮椅3辆。")
    assert output not in find_reports([reports], output, pytest.fail)
    assert output not in find_reports([reports], reports / "." / "old" / "page.html", pytest.fail)
    assert output in find_reports([reports], reports / "page.html", pytest.fail)
    with pytest.raises(OutputError, match="page.html: is to be read as well"):
        find_reports([reports, output], output, pytest.fail)


def test_a_missing_model_is_named(reports, tmp_path):
    missing = tmp_path / "no-model"
    check_refused(run(reports, "-m", missing), "no-model")
    output = tmp_path / "facts.jsonl"
    check_refused(run(reports, "-m", missing, "-o", output, "--jobs", 2), "no-model")
    assert not output.exists()


def test_a_folder_without_reports_is_named(model, tmp_path):
    (tmp_path / "empty").mkdir()
    check_refused(run(tmp_path / "empty", "-m", model), "There is no report")


@posix
@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
def test_a_signal_leaves_neither_half_a_file_nor_a_process(model, tmp_path, number):
    reports, output = tmp_path / "reports", tmp_path / "out" / "facts.xlsx"
    reports.mkdir()
    for name in range(300):
        (reports / f"{name}.txt").write_text(TEXT * 30, encoding="utf-8")
    command = [sys.executable, "-m", "zh_report_facts", "extract", reports, "-o", output]
    process = subprocess.Popen(
        [*command, "-m", model, "--jobs", "2"],
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
        env=os.environ | {"TMPDIR": str(tmp_path)},
        # A test run in the background may have been told to ignore it.
        preexec_fn=lambda: signal.signal(number, signal.SIG_DFL),
    )
    while not (output.parent.exists() and os.listdir(output.parent)):
        assert process.poll() is None
        time.sleep(0.05)
    # The same to all that a terminal would send it to.
    os.killpg(process.pid, number)
    _, errors = process.communicate()
    assert process.returncode == 128 + number
    assert errors == ""
    assert os.listdir(output.parent) == []
    assert sorted(os.listdir(tmp_path)) == ["out", "reports"]
