import pytest

from tests.readers.conftest import PROSE, kinds, visible
from zh_report_facts.readers.columns import join
from zh_report_facts.readers.documents import read_document
from zh_report_facts.tokenizer.layout import find_paragraphs


@pytest.mark.parametrize("across", [False, True])
@pytest.mark.parametrize("times", [1, 3])
def test_two_columns_of_a_newspaper(write_newspaper, across, times):
    document = read_document(write_newspaper(prose=PROSE * times, across=across))
    assert visible(document) == ["青禾县残疾人事业取得新进展", "本报记者张三", *PROSE * times]
    assert kinds(document)[:3] == ["heading", "byline", "text"]
    assert "第3版" not in document.text and "- 3 -" not in document.text


def test_tokeniser_sees_the_same_paragraphs(write_newspaper):
    document = read_document(write_newspaper())
    assert find_paragraphs(document.text) == [p[:2] for p in document.paragraphs]


def test_running_heads_and_page_numbers_are_left_out(write_pdf):
    document = read_document(write_pdf(prose=PROSE * 8))
    assert "年度报告" not in document.text
    assert "- 2 -" not in document.text


def test_lines_are_joined_without_a_gap():
    assert join("共30", "00册") == "共3000册"
    assert join("平台名为Open", "Door，有") == "平台名为Open Door，有"
    assert join("全县", "ABC") == "全县ABC"
