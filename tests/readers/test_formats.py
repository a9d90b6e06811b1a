import docx
import pytest
from reportlab.pdfgen.canvas import Canvas

from tests.readers.conftest import FONT, HEADING, PROSE, ROWS, TABLE, kinds, visible
from zh_report_facts.readers.documents import read_document

TEXT = "\n".join((HEADING, *PROSE))
EXPECTED = [HEADING, *PROSE]


@pytest.fixture
def write(tmp_path, write_docx, write_pdf):
    """Write the same report as a file of the given ending."""
    html = f"<h2>{HEADING}</h2>" + "".join(f"<p>\n　　{text}</p>" for text in PROSE)
    sources = {
        "txt": TEXT,
        "md": f"## {HEADING}\n\n" + "\n\n".join(PROSE),
        "html": f"<!DOCTYPE html><html><body>{html}</body></html>",
    }

    def write(kind):
        path = tmp_path / f"report.{kind}"
        if kind in sources:
            path.write_text(sources[kind], encoding="utf-8")
            return path
        return {"docx": write_docx, "pdf": write_pdf}[kind]()

    return write


@pytest.mark.parametrize("kind", ["txt", "md", "html", "docx", "pdf"])
def test_same_report_in_each_format(write, kind):
    document = read_document(write(kind))
    assert visible(document) == EXPECTED
    assert kinds(document) == ["heading", "text", "text", "text"]
    assert document.kind == kind
    assert "".join(document.text.split()) == "".join(EXPECTED)


@pytest.mark.parametrize("kind", ["md", "html", "docx", "pdf"])
def test_tokens_are_those_of_the_text_file(write, kind):
    """What the models see is the same, so the facts are."""
    from spacy.vocab import Vocab

    from zh_report_facts.tokenizer.segmenters import create_jieba_segmenter
    from zh_report_facts.tokenizer.tokenizer import ReportTokenizer

    tokenize = ReportTokenizer(Vocab(), create_jieba_segmenter())

    def features(path):
        doc = tokenize(read_document(path).text)
        return [(token.norm_, token.lemma_, token.tag_) for token in doc]

    assert features(write(kind)) == features(write("txt"))


def test_table_in_each_format(tmp_path, write_docx, write_pdf):
    cells = ["".join(f"<td>{cell}</td>" for cell in row) for row in TABLE]
    html = tmp_path / "table.html"
    html.write_text("<table>" + "".join(f"<tr>{row}</tr>" for row in cells) + "</table>")
    markdown = tmp_path / "table.md"
    lines = ["|".join(row) for row in TABLE]
    markdown.write_text("\n".join([lines[0], "--|--|--", *lines[1:]]), encoding="utf-8")
    for path in (html, markdown, write_docx(table=TABLE), write_pdf(table=TABLE)):
        document = read_document(path)
        assert visible(document)[-2:] == list(ROWS)
        assert kinds(document)[-2:] == ["table row"] * 2


# Left, top, right and bottom place of each cell, and what stands in it.
SPANNING = [
    ((0, 0, 0, 2), "类别"),
    ((1, 0, 1, 2), "项目"),
    ((2, 0, 4, 0), "补贴"),
    ((2, 1, 3, 1), "人数（人）"),
    ((2, 2, 2, 2), "男"),
    ((3, 2, 3, 2), "女"),
    ((4, 1, 4, 2), "金额（万元）"),
    ((5, 0, 5, 2), "标准"),
    ((0, 3, 0, 4), "残疾"),
    ((1, 3, 1, 3), "护理"),
    ((1, 4, 1, 4), "生活"),
    ((2, 3, 2, 3), "11"),
    ((3, 3, 3, 3), "12"),
    ((4, 3, 4, 3), "1.5"),
    ((5, 3, 5, 4), "80元"),
    ((2, 4, 2, 4), "21"),
    ((3, 4, 3, 4), "22"),
    ((4, 4, 4, 4), "2.5"),
]


def write_spanning_html(path):
    rows = [""] * 5
    for (left, top, right, bottom), text in sorted(SPANNING):
        spans = f"colspan={right - left + 1} rowspan={bottom - top + 1}"
        rows[top] += f"<td {spans}>{text}</td>"
    path.write_text("<table><tr>" + "<tr>".join(rows) + "</table>", encoding="utf-8")


def write_spanning_docx(path):
    document = docx.Document()
    table = document.add_table(5, 6)
    for (left, top, right, bottom), text in SPANNING:
        table.cell(top, left).merge(table.cell(bottom, right)).text = text
    document.save(path)


def write_spanning_pdf(path):
    canvas = Canvas(str(path))
    canvas.setFont(FONT, 10)
    for (left, top, right, bottom), text in SPANNING:
        x, y = 50 + 80 * left, 700 - 20 * bottom
        canvas.rect(x, y, 80 * (right - left + 1), 20 * (bottom - top + 1))
        canvas.drawString(x + 5, y + 5, text)
    canvas.save()


@pytest.mark.parametrize("write", [write_spanning_html, write_spanning_docx, write_spanning_pdf])
def test_spanning_cells_in_each_format(tmp_path, write):
    path = tmp_path / f"table.{write.__name__.rpartition('_')[2]}"
    write(path)
    assert visible(read_document(path)) == [
        "残疾，项目：护理，补贴人数男11人，补贴人数女12人，补贴金额1.5万元，标准80元。",
        "残疾，项目：生活，补贴人数男21人，补贴人数女22人，补贴金额2.5万元，标准80元。",
    ]


def test_paragraph_and_page_of_an_offset(write_pdf):
    document = read_document(write_pdf(prose=PROSE * 8))
    assert [page for _, page in document.pages] == [1, 2]
    assert visible(document) == [HEADING, *PROSE * 8]
    (_, _), (turn, _) = document.pages
    assert document.page_at(turn - 1) == 1
    assert document.page_at(turn) == document.page_at(len(document.text)) == 2
    paragraph = document.paragraphs[3]
    assert "孤独症" in document.text[paragraph.start : paragraph.end]
    assert paragraph.page == 1


@pytest.mark.parametrize(
    "encoding",
    ["utf-8", "utf-8-sig", "gb18030"]
    + [f"utf-{bits}{order}" for bits in (16, 32) for order in ("", "-le", "-be")],
)
def test_encodings_of_text(tmp_path, encoding):
    path = tmp_path / "report.txt"
    path.write_bytes(TEXT.encode(encoding))
    assert read_document(path).text == TEXT


@pytest.mark.parametrize("encoding", ["utf-16-be", "utf-32-le", "utf-32-be", "gb18030"])
def test_byte_order_mark_is_no_text(tmp_path, encoding):
    path = tmp_path / "report.txt"
    path.write_bytes(f"\ufeff{TEXT}".encode(encoding))
    assert read_document(path).text == TEXT


def test_mark_of_utf8_before_other_bytes(tmp_path):
    path = tmp_path / "report.txt"
    path.write_bytes(b"\xef\xbb\xbf" + TEXT.encode("gb18030"))
    assert read_document(path).text == TEXT


def test_text_is_kept_as_it_is(tmp_path):
    path = tmp_path / "report.txt"
    wrapped = [f"　　{text}"[i : i + 25] for text in PROSE for i in range(0, len(text) + 2, 25)]
    text = "\r\n" + "\r\n".join(wrapped) + "\r\n"
    path.write_bytes(text.encode())
    document = read_document(path)
    assert document.text == text
    assert visible(document) == list(PROSE)
    assert kinds(document) == ["text"] * 3
    path.write_bytes(b"\xe4\xba\x94\r\xe5\x85\xad\r\n")
    assert read_document(path).text == "五\n六\r\n"
