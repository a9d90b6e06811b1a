import docx
from docx.oxml import parse_xml

from tests.readers.conftest import PROSE, visible
from zh_report_facts.readers.documents import read_document

NAMESPACE = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'


def test_insertions_and_controls_are_read_but_not_deletions_and_page_headers(tmp_path, write_docx):
    path = write_docx()
    document = docx.Document(path)
    body = document.element.body
    for xml in (
        '<w:p {}><w:ins w:id="1"><w:r><w:t>新增救助7人。</w:t></w:r></w:ins>'
        '<w:del w:id="2"><w:r><w:delText>删去8人。</w:delText></w:r></w:del></w:p>',
        "<w:sdt {}><w:sdtContent><w:p><w:r><w:t>另资助9人。</w:t></w:r></w:p>"
        "</w:sdtContent></w:sdt>",
    ):
        body.insert(len(body) - 1, parse_xml(xml.format(NAMESPACE)))
    document.save(path)
    assert visible(read_document(path))[1:] == [*PROSE, "新增救助7人。", "另资助9人。"]


def test_merged_cells(tmp_path):
    document = docx.Document()
    table = document.add_table(4, 3)
    rows = (
        ("类别", "项目", "金额（万元）"),
        ("补贴", "护理", "12"),
        ("", "生活", "13"),
        ("合计", "", "25"),
    )
    for row, texts in zip(table.rows, rows, strict=True):
        for cell, text in zip(row.cells, texts, strict=True):
            cell.text = text
    table.cell(1, 0).merge(table.cell(2, 0))
    table.cell(3, 0).merge(table.cell(3, 1))
    document.save(tmp_path / "merged.docx")
    assert visible(read_document(tmp_path / "merged.docx")) == [
        "补贴，项目：护理，金额12万元。",
        "补贴，项目：生活，金额13万元。",
        "合计，金额25万元。",
    ]


def test_raised_characters(tmp_path):
    document = docx.Document()
    paragraph = document.add_paragraph()
    for text in ("受益1200", "^[", "^2", "^]", "户、123人", "^1", "，面积80m", "^2", "。"):
        run = paragraph.add_run(text.removeprefix("^"))
        run.font.superscript = text.startswith("^")
    document.save(tmp_path / "raised.docx")
    assert visible(read_document(tmp_path / "raised.docx")) == ["受益1200户、123人，面积80m²。"]
