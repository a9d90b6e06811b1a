"""Report files of each kind, written by libraries that the readers do not use."""

import docx
import pytest
from reportlab.lib import pagesizes
from reportlab.lib.styles import ParagraphStyle
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.cidfonts import UnicodeCIDFont
from reportlab.pdfgen.canvas import Canvas
from reportlab.platypus import Paragraph, SimpleDocTemplate, Table

FONT = "STSong-Light"
HEADING = "一、康复和救助情况"
PROSE = (
    "今年以来，青禾县残联为全县3000名持证残疾人发放困难残疾人生活补贴764.3万元，比上年增长12.5%，"
    "惠及家庭两千余户，群众满意度明显提高。",
    "全县为220户残疾人家庭做了无障碍改造，发放轮椅150辆、助听器86台，举办“春风送岗”专场招聘活动"
    "12场，提供招聘岗位1.2万个，达成就业意向862人。",
    "下一步，县残联将继续推进孤独症儿童康复救助，计划全年救助儿童130名，每人每年补助1.8万元，并在"
    "12个乡镇建设社区康复站，方便群众就近康复。",
)
TABLE = (
    ("项目", "金额（万元）", "人数(人)"),
    ("困难残疾人生活补贴", "764.3", "21083"),
    ("重度残疾人护理补贴", "1,203", "33120"),
)
ROWS = (
    "困难残疾人生活补贴，金额764.3万元，人数21083人。",
    "重度残疾人护理补贴，金额1,203万元，人数33120人。",
)


def visible(document):
    """Paragraphs of a document without white space."""
    return ["".join(document.text[p.start : p.end].split()) for p in document.paragraphs]


def kinds(document):
    return [paragraph.kind for paragraph in document.paragraphs]


def wrap(text, width, size):
    """Lines of a width in points, with two characters' indent, no line beginning with a comma."""
    lines = ["\u3000\u3000"]
    for char in text:
        if pdfmetrics.stringWidth(lines[-1] + char, FONT, size) > width and char not in "，。、":
            lines.append("")
        lines[-1] += char
    return lines


@pytest.fixture(scope="session", autouse=True)
def chinese_font():
    pdfmetrics.registerFont(UnicodeCIDFont(FONT))


@pytest.fixture
def write_docx(tmp_path):
    def write(name="report.docx", heading=HEADING, prose=PROSE, table=None):
        document = docx.Document()
        document.sections[0].header.paragraphs[0].text = "青禾县残疾人联合会文件"
        document.add_heading(heading, 1)
        for paragraph in prose:
            document.add_paragraph(paragraph)
        if table:
            cells = document.add_table(len(table), len(table[0]))
            for row, texts in zip(cells.rows, table, strict=True):
                for cell, text in zip(row.cells, texts, strict=True):
                    cell.text = text
        document.save(tmp_path / name)
        return tmp_path / name

    return write


@pytest.fixture
def write_pdf(tmp_path):
    def write(name="report.pdf", heading=HEADING, prose=PROSE, table=None):
        body = ParagraphStyle(
            "b", fontName=FONT, fontSize=11, leading=18, wordWrap="CJK", firstLineIndent=22
        )
        title = ParagraphStyle("h", fontName=FONT, fontSize=16, leading=26, wordWrap="CJK")
        story = [Paragraph(heading, title), *(Paragraph(text, body) for text in prose)]
        if table:
            rules = [("GRID", (0, 0), (-1, -1), 0.5, (0, 0, 0)), ("FONT", (0, 0), (-1, -1), FONT)]
            story.append(Table(table, style=rules))

        def number(canvas, document):
            canvas.setFont(FONT, 9)
            canvas.drawString(60, 810, "青禾县残疾人联合会年度报告")
            canvas.drawCentredString(297, 30, f"- {document.page} -")

        SimpleDocTemplate(str(tmp_path / name), pagesize=pagesizes.A4).build(
            story, onFirstPage=number, onLaterPages=number
        )
        return tmp_path / name

    return write


@pytest.fixture
def write_newspaper(tmp_path):
    """A page of a newspaper in two columns of wrapped lines."""

    def write(name="paper.pdf", prose=PROSE, across=False):
        """across: whether the lines are drawn row by row instead of column by column."""
        canvas = Canvas(str(tmp_path / name), pagesize=pagesizes.A4)
        canvas.setFont(FONT, 9)
        canvas.drawString(60, 810, "青禾日报    2024年1月5日  星期五    第3版")
        canvas.drawString(230, 750, "本报记者 张三")
        canvas.drawCentredString(297, 30, "- 3 -")
        canvas.setFont(FONT, 20)
        canvas.drawString(150, 770, "青禾县残疾人事业取得新进展")
        canvas.setFont(FONT, 10.5)
        lines = [line for text in prose for line in wrap(text, 210.1, 10.5)]
        half = (len(lines) + 1) // 2
        placed = [
            (60 + 250 * (i // half), 730 - 15 * (i % half), line) for i, line in enumerate(lines)
        ]
        if across:
            placed.sort(key=lambda line: (-line[1], line[0]))
        for x, y, line in placed:
            canvas.drawString(x, y, line)
        canvas.save()
        return tmp_path / name

    return write
