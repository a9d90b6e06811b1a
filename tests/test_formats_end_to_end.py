"""The packaged pipeline finds the same facts whatever kind of file holds the text."""

from __future__ import annotations

import json
from pathlib import Path

import docx
import pytest
from reportlab.lib import pagesizes
from reportlab.lib.styles import ParagraphStyle
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.cidfonts import UnicodeCIDFont
from reportlab.platypus import Paragraph, SimpleDocTemplate, Table

from zh_report_facts import PIPELINE
from zh_report_facts.corpus import annotated_files, read_reports
from zh_report_facts.extract import extract
from zh_report_facts.records import Record, to_record
from zh_report_facts.tokenizer.layout import find_newlines

ROOT = Path(__file__).parent.parent
SHARED = ROOT.parent / "shared" / "reports"
FONT = "STSong-Light"
TABLE = (
    ("项目", "金额（万元）", "人数（人）"),
    ("困难残疾人生活补贴", "764.3", "21083"),
    ("重度残疾人护理补贴", "1203", "33120"),
)

pytestmark = pytest.mark.skipif(
    not PIPELINE.exists(), reason="no packaged pipeline; `spacy project run all` makes one"
)


def texts() -> dict[str, str]:
    """Some reports of each sort: every sixth of the corpus, as nobody chose them."""
    files = annotated_files(ROOT / "corpus" / "test")[::6]
    return {
        file.stem: report.text for file, (_, report) in zip(files, read_reports(files), strict=True)
    }


def write_files(folder: Path, name: str, paragraphs: list[str], table=()) -> None:
    """Write a report in each of the other formats."""
    rows = ["".join(f"<td>{cell}</td>" for cell in row) for row in table]
    grid = "<table>" + "".join(f"<tr>{row}</tr>" for row in rows) + "</table>" if table else ""
    page = "".join(f"<p>　　{text}</p>\n" for text in paragraphs)
    html = f"<!DOCTYPE html><html><meta charset=utf-8><body>{page}{grid}</body></html>"
    (folder / f"{name}.html").write_text(html, encoding="utf-8")
    lines = [" | ".join(row) for row in table]
    grid = "\n".join([lines[0], "--|--|--", *lines[1:]]) if table else ""
    (folder / f"{name}.md").write_text("\n\n".join([*paragraphs, grid]), encoding="utf-8")
    word = docx.Document()
    for text in paragraphs:
        word.add_paragraph(text)
    if table:
        cells = word.add_table(len(table), len(table[0]))
        for row, written in zip(cells.rows, table, strict=True):
            for cell, text in zip(row.cells, written, strict=True):
                cell.text = text
    word.save(folder / f"{name}.docx")
    pdfmetrics.registerFont(UnicodeCIDFont(FONT))
    style = ParagraphStyle(
        "body", fontName=FONT, fontSize=11, leading=18, wordWrap="CJK", firstLineIndent=22
    )
    story = [Paragraph(text, style) for text in paragraphs]
    if table:
        rules = [("GRID", (0, 0), (-1, -1), 0.5, (0, 0, 0)), ("FONT", (0, 0), (-1, -1), FONT)]
        story.append(Table(table, style=rules))
    SimpleDocTemplate(str(folder / f"{name}.pdf"), pagesize=pagesizes.A4).build(story)


def facts_of(record: Record) -> list[tuple]:
    """The facts, with places counted in characters that are no white space."""
    text = record["text"]

    def place(span):
        return len("".join(text[: span["start"]].split())), "".join(span["text"].split())

    return [
        (
            place(fact["quantity"]),
            [(place(head), head["label"]) for head in fact["programs"] + fact["items"]],
            *(fact[key] for key in ("role", "value", "high", "unit", "bound", "score")),
        )
        for fact in record["facts"]
    ]


@pytest.fixture(scope="module")
def records(tmp_path_factory) -> dict[str, dict[str, Record]]:
    """Records of each report by the ending of its file."""
    folder = tmp_path_factory.mktemp("formats")
    reports = folder / "reports"
    reports.mkdir()
    for name, text in texts().items():
        (reports / f"{name}.txt").write_text(text, encoding="utf-8")
        write_files(reports, name, text.split("\n"))
    write_files(reports, "table", ["残疾人两项补贴发放情况"], TABLE)
    assert extract([reports], folder / "facts.jsonl", jobs=2) == []
    found: dict[str, dict[str, Record]] = {}
    for line in (folder / "facts.jsonl").read_text(encoding="utf-8").splitlines():
        record = json.loads(line)
        file = Path(record["file"])
        found.setdefault(file.stem, {})[file.suffix] = record
    return found


@pytest.mark.parametrize("ending", [".md", ".html", ".docx", ".pdf"])
def test_facts_are_those_of_the_text_file(records, ending):
    differing = {
        name: [pair for pair in zip(*facts, strict=False) if pair[0] != pair[1]]
        for name, formats in records.items()
        if ".txt" in formats
        and (facts := (facts_of(formats[".txt"]), facts_of(formats[ending])))
        and facts[0] != facts[1]
    }
    assert differing == {}
    assert sum(len(formats[ending]["facts"]) for formats in records.values()) > 150


@pytest.mark.parametrize("ending", [".md", ".html", ".docx", ".pdf"])
def test_a_column_s_unit_is_that_of_its_facts(records, ending):
    record = records["table"][ending]
    found = [(fact["programs"][0]["text"], fact["value"], fact["unit"]) for fact in record["facts"]]
    assert found == [
        (row[0], value, unit)
        for row in TABLE[1:]
        for value, unit in ((f"{int(float(row[1]) * 10) * 1000}", "CNY"), (row[2], "人"))
    ]
    assert {fact["page"] for fact in record["facts"]} == {1 if ending == ".pdf" else None}


@pytest.mark.skipif(not SHARED.exists(), reason="the real reports are not part of the project")
def test_line_wraps_cost_less_than_a_point():
    import spacy

    nlp = spacy.load("zh_report_facts")
    (file,) = SHARED.glob("000_*.txt")
    text = file.read_text(encoding="utf-8")
    pieces, end = [], 0
    for newline in find_newlines(text):
        pieces += [text[end : newline.start], "\n" if newline.is_break else ""]
        end = newline.end
    unwrapped = "".join([*pieces, text[end:]])
    assert len(unwrapped) < len(text)
    a, b = (set(map(str, facts_of(to_record(nlp(t), "own")))) for t in (text, unwrapped))
    agreement = 2 * len(a & b) / (len(a) + len(b))
    assert agreement >= 0.99, (a - b, b - a)
