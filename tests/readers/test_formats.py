import pytest

from tests.readers.conftest import HEADING, PROSE, ROWS, TABLE, kinds, visible
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


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "gb18030"])
def test_encodings_of_text(tmp_path, encoding):
    path = tmp_path / "report.txt"
    path.write_bytes(TEXT.encode(encoding))
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
