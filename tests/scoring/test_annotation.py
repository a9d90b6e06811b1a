import spacy

from zh_report_facts.corpus import report_to_doc
from zh_report_facts.notation import parse_report
from zh_report_facts.scoring.annotation import (
    annotate_doc,
    annotate_report,
    raw_offsets,
    visible_offsets,
    visible_text,
)

SOURCE = "[暖阳送餐]{P1}今年 [36 户]{C>P1}。\n明年[40户]{C:TARGET}。\n"


def test_coordinates_do_not_count_white_space():
    text = " 一二\n　三"
    assert visible_text(text) == "一二三"
    assert visible_offsets(text) == [0, 0, 1, 2, 2, 2, 3]
    assert raw_offsets(text) == [1, 2, 5]


def test_annotation_of_a_report():
    annotation = annotate_report(parse_report(SOURCE, "a.ann"))
    assert annotation.text == "暖阳送餐今年36户。明年40户。"
    assert annotation.entities == {(0, 4): "PROGRAM", (6, 9): "COUNT", (12, 15): "COUNT"}
    assert annotation.links == {((0, 4), (6, 9)): "ACTUAL"}
    assert annotation.roles == {(6, 9): "ACTUAL", (12, 15): "TARGET"}
    first, second = annotation.sentences[0], annotation.sentences[-1]
    assert first != second
    assert [number == first for number in annotation.sentences] == [True] * 10 + [False] * 6


def test_a_document_and_its_report_have_one_annotation():
    report = parse_report(SOURCE, "a.ann")
    doc, lost = report_to_doc(spacy.blank("zh"), report)
    assert not lost
    assert annotate_doc(doc) == annotate_report(report)


def test_empty_text():
    assert annotate_report(parse_report("", "a.ann")) == ("", [], {}, {}, {})
