from __future__ import annotations

from made import REPORT, make_record

from zh_report_facts.page.compact import compact_record


def spans_of(page):
    """Each span's text as JavaScript cuts it out, in UTF-16 code units."""
    units = page["text"].encode("utf-16-le")
    return [
        (units[2 * start : 2 * end].decode("utf-16-le"), label)
        for start, end, label, _ in page["spans"]
    ]


def test_a_fact_points_to_its_spans():
    page = compact_record(make_record(REPORT))
    texts = spans_of(page)
    fact = page["facts"][0]
    assert texts[fact["number"]] == ("12家", "COUNT")
    assert [texts[head] for head in fact["heads"]] == [("邻里食堂", "PROGRAM"), ("供餐点", "ITEM")]
    assert (fact["role"], fact["value"], fact["unit"], fact["bound"]) == (
        "ACTUAL",
        "12",
        "家",
        "exact",
    )
    assert "high" not in fact and "page" not in fact
    assert next(fact["high"] for fact in page["facts"] if "high" in fact) == "60"


def test_offsets_count_utf16_units():
    record = make_record("🚴🏽 今年[𠮷祥食堂]{P1}😀新开[12家]{C>P1,I1}[供餐点]{I1}。😀[9人]{C}")
    page = compact_record(record)
    assert spans_of(page) == [(span["text"], span["label"]) for span in record["entities"]]
    start, end = page["facts"][0]["sentence"]
    sentence = page["text"].encode("utf-16-le")[2 * start : 2 * end].decode("utf-16-le")
    assert sentence == record["text"][slice(*record["facts"][0]["sentence"])]


def test_a_head_that_is_no_entity_becomes_a_span():
    record = make_record(REPORT)
    names = [span for span in record["entities"] if span["label"] in ("PROGRAM", "ITEM")]
    numbers = [span for span in record["entities"] if span not in names]
    assert compact_record({**record, "entities": numbers}) == compact_record(record)


def test_warnings_stay_with_their_facts():
    warning = {"kind": "two-values", "message": "两处不同。", "facts": [0, 2]}
    page = compact_record(make_record(REPORT, warnings=[warning]))
    assert page["warnings"] == [["two-values", "两处不同。", [0, 2]]]


def test_a_report_without_numbers():
    page = compact_record(make_record("全年举行各类会议。"))
    assert (page["spans"], page["facts"], page["warnings"]) == ([], [], [])
