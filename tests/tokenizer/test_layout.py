"""Paragraph breaks and hard wraps, on made-up text in the layouts reports come in."""

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from zh_report_facts.corpus import annotated_files, read_reports
from zh_report_facts.tokenizer.layout import display_width, find_newlines, find_paragraphs

PARAGRAPHS = [
    "青石县残联上半年工作小结",
    "上半年，青石县残联紧扣年度任务，聚焦就业、康复、托养三件大事，为全县1260名残疾人"
    "提供了有温度的服务，各项指标均按序时进度推进，群众满意度稳步提升。",
    "一、就业帮扶有力度",
    "举办“暖春送岗”专场招聘会3场，组织48家企业提供岗位612个，达成就业意向185人；"
    "开设手工编织、电商客服等技能培训班5期，培训学员230余人次，发放培训补贴34.5万元。",
    "二、康复服务有温度",
    "为全县0至6岁残疾儿童92名实施康复救助，救助资金达168.3万元；依托乡镇卫生院建成"
    "社区康复站7家，适配轮椅、助行器等基本型辅助器具460件，惠及412户家庭。",
    "下一步，县残联将继续深入村组开展入户走访，及时掌握残疾人的急难愁盼，推动各项惠残"
    "政策落细落实，力争全年新增就业300人，让更多家庭过上好日子。",
]
CORPUS = Path(__file__).parents[2] / "corpus"
CLOSING = "，。、；：？！”）"


def wrap(paragraph, columns):
    """Break a text at a width; closing punctuation hangs over the edge, as printers have it."""
    lines = [""]
    for char in paragraph:
        if display_width(lines[-1] + char) > columns and char not in CLOSING:
            lines.append("")
        lines[-1] += char
    return lines


def joined(text):
    """The paragraphs found in a text, without their white space."""
    return ["".join(text[a:b].split()) for a, b in find_paragraphs(text)]


@pytest.mark.parametrize("line_end", ["\n", "\r\n", "\r", "\u2028", "\u2029", "\x85", "\n\n"])
def test_paragraph_a_line(line_end):
    assert joined(line_end.join(PARAGRAPHS)) == PARAGRAPHS


@pytest.mark.parametrize("columns", [24, 28, 40, 60, 76])
@pytest.mark.parametrize("line_end", ["\n", "\r\n", "\r", "\u2028"])
@pytest.mark.parametrize("indent", ["", "\u3000\u3000"])
def test_wrapped_with_blank_lines_or_indents(columns, line_end, indent):
    separator = line_end + indent if indent else line_end * 2
    wrapped = [line_end.join(wrap(paragraph, columns)) for paragraph in PARAGRAPHS]
    assert joined(separator.join(wrapped)) == PARAGRAPHS


def test_wrapped_without_any_sign_of_a_paragraph():
    text = "\n".join(line for paragraph in PARAGRAPHS for line in wrap(paragraph, 30))
    found = joined(text)
    assert "".join(found) == "".join(PARAGRAPHS)
    assert len(set(found) & set(PARAGRAPHS)) >= len(PARAGRAPHS) - 2


def test_blank_line_inside_a_word_at_the_end_of_a_page():
    first, second = PARAGRAPHS[3][:40], PARAGRAPHS[3][40:]
    assert joined(f"{PARAGRAPHS[1]}\n\n{first}\n\n{second}\n\n{PARAGRAPHS[5]}") == [
        PARAGRAPHS[1],
        PARAGRAPHS[3],
        PARAGRAPHS[5],
    ]


@pytest.mark.parametrize("page", ["\f", "\n\f", "\r\n\f"])
def test_page_inside_a_paragraph(page):
    lines = wrap(PARAGRAPHS[1], 30)
    text = "\n".join(lines[:2]) + page + "\n".join(lines[2:])
    assert joined(text) == [PARAGRAPHS[1]]


@pytest.mark.parametrize(
    ("text", "is_break"),
    [
        # The number or clause goes on.
        ("全年共发放图书3000\n册", False),
        ("投入资金12.5万\n元", False),
        ("发放轮椅，\n惠及12户", False),
        ("发放轮椅\n、助行器12件", False),
        ("县残联（\n试点）", False),
        # The sentence is over.
        ("发放轮椅12台。\n走访老人3户。", True),
        ("各乡镇残联：\n现将数字通报如下", True),
        ("工作小结\n一、就业", True),
        ("新人58对\n全年走访3户", True),
        # Enumerators open a paragraph whatever the line before looks like.
        ("发放轮椅12台，\n二、走访老人", True),
        ("发放轮椅12台，\n（三）走访老人", True),
        ("发放轮椅12台，\n三是走访老人", True),
        ("发放轮椅12台，\n2. 走访老人", True),
        ("发放轮椅12台，\n12.5万元", False),
    ],
)
def test_one_newline(text, is_break):
    assert [newline.is_break for newline in find_newlines(text)] == [is_break]


@pytest.mark.parametrize("line", ["轮椅12台", "助听器120台，", "今年共为残疾人适配助听器120台。"])
def test_list_of_equal_lines_is_no_column(line):
    text = "\n".join(f"（{i}）{line}" for i in "一二三四五六七八")
    assert all(newline.is_break for newline in find_newlines(text))


def test_measure_word_at_a_long_line_end_is_no_preposition():
    lines = ["为全县残疾人家庭配发基本型辅助器具，其中轮椅21台、拐杖34根、沐浴椅12把"] * 3
    assert all(newline.is_break for newline in find_newlines("\n".join(lines)))


def test_offsets_are_those_of_the_text():
    text = " \n发放轮椅。 \n\u3000走访老人。\r\n\r\n"
    (newline,) = find_newlines(text)
    assert (text[newline.start : newline.end], newline.is_break) == (" \n\u3000", True)
    assert [text[a:b] for a, b in find_paragraphs(text)] == ["发放轮椅。", "走访老人。"]


def test_paragraphs_of_the_corpus_stay_apart():
    texts = [report.text for _, report in read_reports(annotated_files(CORPUS))]
    newlines = [newline for text in texts for newline in find_newlines(text)]
    wraps = sum(not newline.is_break for newline in newlines)
    assert len(newlines) > 4000 and wraps <= len(newlines) / 1000


@given(st.text(st.sampled_from("中文。，、1a ：（”\n\r\f\t\u3000\u2028二#-.")))
@settings(max_examples=300, deadline=None)
def test_paragraphs_and_newlines_fit_together(text):
    newlines = find_newlines(text)
    for newline in newlines:
        assert text[newline.start : newline.end].isspace()
        assert not text[newline.start - 1].isspace() and not text[newline.end].isspace()
    paragraphs = find_paragraphs(text)
    assert len(paragraphs) == (sum(n.is_break for n in newlines) + 1 if text.strip() else 0)
    assert "".join(joined(text)) == "".join(text.split())
    for start, end in paragraphs:
        assert text[start:end] == text[start:end].strip() != ""


@pytest.mark.parametrize("end", ["，", "3", "和", "全县发放轮椅，" * 9, ""])
def test_an_empty_line_and_a_wide_indent_end_a_paragraph(end):
    first, second = f"全县发放轮椅{end}", "，辆数为12。"
    text = f"{first}\n \n\u3000\u3000{second}"
    assert [text[start:end] for start, end in find_paragraphs(text)] == [first, second]
    if end == "，":
        wrapped = text.replace("\u3000", "")
        assert find_paragraphs(wrapped) == [(0, len(wrapped))]
