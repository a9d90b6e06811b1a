"""Files that are broken or made to do harm: one sentence each, soon."""

import os
import sys
import zipfile
import zlib

import pytest
from reportlab.lib.pdfencrypt import StandardEncryption
from reportlab.pdfgen.canvas import Canvas

from zh_report_facts.files import InputError
from zh_report_facts.readers import documents, pdf
from zh_report_facts.readers.documents import find_files, read_document

posix = pytest.mark.skipif(sys.platform == "win32", reason="needs POSIX files")


def refusal(path):
    with pytest.raises(InputError) as error:
        read_document(path)
    sentence = str(error.value)
    assert "\n" not in sentence
    return sentence


def test_word_file_that_unpacks_to_gigabytes(tmp_path):
    path = tmp_path / "bomb.docx"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("word/document.xml", b" " * 2**25)
    assert path.stat().st_size < 2**16
    assert "unpacks to 33,554,432 bytes" in refusal(path)


def test_word_file_that_lies_about_its_size(tmp_path):
    path = tmp_path / "liar.docx"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("word/document.xml", b" " * 2**25)
    real, declared = (size.to_bytes(4, "little") for size in (2**25, 1000))
    data = path.read_bytes()
    assert data.count(real) == 2
    path.write_bytes(data.replace(real, declared))
    assert "no sound .docx" in refusal(path)


@pytest.mark.parametrize(
    ("name", "data", "sentence"),
    [
        ("empty.txt", b"", "is empty"),
        ("blank.txt", b" \n\n ", "holds no text"),
        ("blank.html", b"<p> </p><script>1</script>", "holds no text"),
        ("binary.txt", b"\x89PNG\0\0", "binary file (zero byte at offset 4)"),
        ("latin.txt", "déjà vu à Genève".encode("latin-1") * 9, "neither UTF-8 (byte 0xe9 at"),
        ("big5.txt", "全縣發放輪椅及助聽器並推進復健服務".encode("big5"), "nor GB18030"),
        ("cut.txt", "全县发放轮椅".encode()[:-1], "nor GB18030"),
        ("utf16.txt", "补贴".encode("utf-16")[:-1], "broken at offset 4"),
        ("utf32.txt", "补贴".encode("utf-32")[:-1], "begins as UTF-32 but is broken at offset 8"),
        ("zeros.txt", b"\0\x01\x02\x03" * 9, "binary file (zero byte at offset 0)"),
        ("old.docx", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 99, "old .doc or protected"),
        ("text.docx", b"text", "no sound .docx"),
        ("text.pdf", b"text", "is no PDF file"),
        ("cut.pdf", b"%PDF-1.4\n1 0 obj\n<<", "is cut off"),
        ("broken.pdf", b"%PDF-1.4\n1 0 obj\n<<\n%%EOF", "is damaged"),
        ("report.doc", b"text", "is none of .txt, .md"),
    ],
)
def test_what_cannot_be_read(tmp_path, name, data, sentence):
    (tmp_path / name).write_bytes(data)
    assert sentence in refusal(tmp_path / name)


def test_cut_pdf(write_pdf):
    path = write_pdf()
    path.write_bytes(path.read_bytes()[:-500])
    assert "is cut off" in refusal(path)


def test_locked_pdf(tmp_path):
    canvas = Canvas(str(tmp_path / "locked.pdf"), encrypt=StandardEncryption("secret"))
    canvas.drawString(9, 9, "text")
    canvas.save()
    assert "is locked with a password" in refusal(tmp_path / "locked.pdf")


def test_pdf_without_text_layer(tmp_path):
    canvas = Canvas(str(tmp_path / "scan.pdf"))
    canvas.rect(10, 10, 100, 100)
    canvas.save()
    assert "has no text layer" in refusal(tmp_path / "scan.pdf")


def pdf_of(content):
    """A PDF of one page with a compressed content stream."""
    objects = [
        b"<</Type/Catalog/Pages 2 0 R>>",
        b"<</Type/Pages/Kids[3 0 R]/Count 1>>",
        b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]/Contents 4 0 R>>",
        b"<</Filter/FlateDecode/Length %d>>stream\n%s\nendstream" % (len(content), content),
    ]
    data, table = b"%PDF-1.4\n", b"0000000000 65535 f \n"
    for number, body in enumerate(objects, 1):
        table += b"%010d 00000 n \n" % len(data)
        data += b"%d 0 obj\n%s\nendobj\n" % (number, body)
    trailer = b"trailer<</Size 5/Root 1 0 R>>\nstartxref\n%d\n%%%%EOF" % len(data)
    return data + b"xref\n0 5\n" + table + trailer


@posix
@pytest.mark.parametrize(
    ("limit", "value", "content"),
    [("_MEMORY", 2**29, b" " * 2**29), ("_SECONDS", 2, b"0 0 m 5 5 l S\n" * 2**20)],
    ids=["memory", "time"],
)
def test_pdf_that_costs_too_much(tmp_path, monkeypatch, limit, value, content):
    monkeypatch.setattr(pdf, limit, value)
    (tmp_path / "bomb.pdf").write_bytes(pdf_of(zlib.compress(content)))
    assert "takes too much time or memory" in refusal(tmp_path / "bomb.pdf")


@pytest.mark.parametrize("name", ["deep.html", "deep.md"])
def test_million_nested_tags(tmp_path, name):
    (tmp_path / name).write_text("<div>" * 10**6 + "共3人")
    assert "nested more than 2,000 deep" in refusal(tmp_path / name)


def test_page_of_too_many_elements(tmp_path):
    (tmp_path / "wide.html").write_text("<p>3人" * 200_001)
    assert "more than 200,000" in refusal(tmp_path / "wide.html")


@posix
def test_large_text_is_not_read(tmp_path, monkeypatch):
    with open(tmp_path / "large.txt", "wb") as file:
        file.truncate(500 * 2**20)
    monkeypatch.setattr(documents.Path, "read_bytes", lambda path: pytest.fail("was read"))
    assert "has 524,288,000 bytes" in refusal(tmp_path / "large.txt")


@posix
def test_what_is_no_file(tmp_path):
    os.mkfifo(tmp_path / "pipe.txt")
    (tmp_path / "loop.txt").symlink_to("loop.txt")
    (tmp_path / "null.txt").symlink_to("/dev/null")
    (tmp_path / "folder.txt").mkdir()
    assert "is no regular file" in refusal(tmp_path / "pipe.txt")
    assert "cannot be read (too many levels" in refusal(tmp_path / "loop.txt")
    assert "is no regular file" in refusal(tmp_path / "null.txt")
    assert "is a folder" in refusal(tmp_path / "folder.txt")
    assert "no such file" in refusal(tmp_path / "none.txt")


@posix
def test_name_with_newline_stays_on_one_line(tmp_path):
    path = tmp_path / "a\nb\x1b[1m.txt"
    path.write_text("全县发放轮椅3辆。", encoding="utf-8")
    assert read_document(path).path == path
    path.write_bytes(b"\0")
    assert r"a\nb\x1b[1m.txt: is a binary file" in refusal(path)


@posix
def test_search_of_a_folder(tmp_path):
    (tmp_path / "b" / "c").mkdir(parents=True)
    for name in (
        "z.txt",
        "a.PDF",
        "~$a.docx",
        ".a.txt",
        "photo.jpg",
        "old.DOC",
        "b/x.html",
        "b/c/y.md",
    ):
        (tmp_path / name).write_text("")
    (tmp_path / "b" / "c" / "up").symlink_to(tmp_path)
    (tmp_path / "lost.txt").symlink_to("nowhere")
    os.mkfifo(tmp_path / "pipe\n.txt")
    sentences = []
    found = list(find_files([tmp_path / "z.txt", tmp_path], sentences.append))
    names = [path.relative_to(tmp_path).as_posix() for path in found]
    assert names == ["z.txt", "a.PDF", "z.txt", "b/x.html", "b/c/y.md"]
    assert len(sentences) == 4
    assert sentences.pop(1).endswith("old.DOC: skipped, this format is not read; save it as .docx")
    assert sentences[0].endswith(
        "lost.txt: skipped, it is not a file (a link to nothing, a device)"
    )
    assert r"pipe\n.txt: skipped" in sentences[1]
    assert sentences[2].endswith("up: folder skipped, it is one that was already searched")


def test_missing_file_is_yielded_so_that_reading_it_tells(tmp_path):
    assert list(find_files([tmp_path / "none.txt"])) == [tmp_path / "none.txt"]


def test_missing_library_names_the_extra(tmp_path, monkeypatch):
    monkeypatch.setitem(sys.modules, "mammoth", None)
    monkeypatch.delitem(sys.modules, "zh_report_facts.readers.word", raising=False)
    (tmp_path / "report.docx").write_bytes(b"PK")
    assert "pip install 'zh_report_facts[files]'" in refusal(tmp_path / "report.docx")
