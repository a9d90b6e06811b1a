from __future__ import annotations

import json
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from made import REPORT, make_record
from timing import shortest_time
from tiny import TEXT, make_pipeline

from zh_report_facts.corpus import report_to_doc
from zh_report_facts.notation import parse_report
from zh_report_facts.readers.document import Block, from_blocks
from zh_report_facts.records import LONGEST_SENTENCE, find_sentence, find_sentence_ends, to_record


def quoted(record, fact):
    return record["text"][slice(*fact["sentence"])]


def test_a_record_is_the_document_in_plain_data(trained):
    doc = trained(TEXT)
    record = to_record(doc, "a", file="reports/a.txt")
    assert (record["id"], record["file"], record["text"]) == ("a", "reports/a.txt", TEXT)
    assert json.loads(json.dumps(record)) == record
    assert [tuple(entity.values()) for entity in record["entities"]] == [
        (e.start_char, e.end_char, e.label_, e.text, round(e._.score, 4)) for e in doc.ents
    ]
    assert len(record["facts"]) == len(doc._.facts) == 6
    for data, fact in zip(record["facts"], doc._.facts, strict=True):
        assert {key: data[key] for key in fact.to_dict()} == fact.to_dict()
        for span in (data["quantity"], *data["programs"], *data["items"]):
            assert TEXT[span["start"] : span["end"]] == span["text"]


def test_places_are_those_of_the_text():
    facts = make_record(REPORT)["facts"]
    assert [fact["paragraph"] for fact in facts] == [1] * 3 + [2] * 7
    assert {fact["page"] for fact in facts} == {None}


def test_places_are_those_of_the_file(trained):
    blocks = [
        Block("工作总结", "heading", ((0, 3),)),
        Block("今年邻里食堂新开12家供餐点，投入85.6万元，", pages=((0, 3),)),
        Block("就餐3万余人次。", pages=((0, 4),)),
    ]
    source = from_blocks(Path("a.pdf"), "pdf", blocks)
    facts = to_record(trained(source.text), "a", source=source)["facts"]
    assert [(f["quantity"]["text"], f["page"], f["paragraph"]) for f in facts] == [
        ("12家", 3, 2),
        ("85.6万元", 3, 2),
        ("3万余人次", 4, 2),
    ]
    for fact in facts:
        assert "".join(source.text[slice(*fact["sentence"])].split()).startswith("今年邻里食堂")


def test_facts_of_a_lower_score_are_left_out(trained):
    doc = trained(TEXT)
    scores = sorted(fact.score for fact in doc._.facts)
    record = to_record(doc, "a", min_score=scores[3])
    assert len(record["facts"]) == 3
    assert len(record["entities"]) == len(doc.ents)


def test_a_name_that_is_no_text_is_escaped():
    name = b"\xff.txt".decode(errors="surrogateescape")
    record = make_record(REPORT, name, file=name)
    assert record["id"] == record["file"] == "\\udcff.txt"


@pytest.mark.parametrize(
    ("source", "sentence"),
    [
        ("办了会。[讲座]{I1}办[3场]{C>I1}！很好。", "讲座办3场！"),
        ("他说：“[讲座]{I1}办[3场]{C>I1}。”又说好。", "他说：“讲座办3场。”"),
        ("工作总结\n\n　　[讲座]{I1}办[3场]{C>I1}", "讲座办3场"),
        ("共[1.5万元]{M}。", "共1.5万元。"),
    ],
)
def test_a_sentence_ends_at_its_stop_or_with_its_paragraph(source, sentence):
    record = make_record(source)
    assert quoted(record, record["facts"][0]) == sentence


def test_a_long_sentence_is_cut_between_clauses():
    clauses = "，".join(f"第{i}件事办成了" for i in range(100))
    record = make_record(f"{clauses}，[讲座]{{I1}}办[3场]{{C>I1}}，{clauses}。")
    sentence = quoted(record, record["facts"][0])
    assert LONGEST_SENTENCE - 30 < len(sentence) <= LONGEST_SENTENCE
    assert sentence.startswith("第") and sentence.endswith("，")
    assert "，讲座办3场，" in sentence


@pytest.mark.parametrize("stop", ["，", "。"])
def test_a_number_costs_no_more_in_a_long_paragraph(stop):
    nlp = make_pipeline()

    def seconds_each(times):
        report = parse_report(f"讲座办[3场]{{C}}{stop}" * times, "甲")
        doc = nlp.get_pipe("quantity")(report_to_doc(nlp, report)[0])
        return shortest_time(lambda: to_record(doc, "甲")) / times

    assert seconds_each(4000) < 2 * seconds_each(400)


@settings(deadline=None)
@given(st.text("办了3场，。；！ \n", min_size=1, max_size=900), st.data())
def test_a_sentence_holds_its_number(text, data):
    start = data.draw(st.integers(0, len(text) - 1))
    end = data.draw(st.integers(start + 1, min(len(text), start + 10)))
    first = data.draw(st.integers(0, start))
    last = data.draw(st.integers(end, len(text)))
    at, to = find_sentence(text, find_sentence_ends(text), start, end, (first, last))
    assert first <= at <= start < end <= to <= last
    assert to - at <= LONGEST_SENTENCE
