from __future__ import annotations

import json
import subprocess
import sys
from decimal import Decimal
from pathlib import Path

import pytest
from tiny import REPORTS, TEXT, make_examples, train

from zh_report_facts.facts import confidence, get_facts
from zh_report_facts.records import to_record
from zh_report_facts.schema import BOUNDS, ROLES

SCORE = Path(__file__).parents[2] / "shared" / "eval" / "score.py"
WRAPPED = TEXT.replace("邻里食堂", "邻 里\u3000食堂").replace("，投入", "，\n投入")


@pytest.fixture(scope="module")
def doc(trained):
    return trained(TEXT)


def with_ents(trained, doc, ents):
    """Give a document other entities, and let the rest of the pipeline go on."""
    doc.ents = ents
    for name in ("quantity", "fact_linker"):
        doc = trained.get_pipe(name)(doc)
    return doc


def test_a_fact_for_each_quantity_in_text_order(doc):
    facts = doc._.facts
    texts = ["12家", "85.6万元", "3万余人次", "36场", "92%", "40场"]
    assert [fact.quantity.text for fact in facts] == texts
    assert [fact.quantity.label_ for fact in facts] == [
        "COUNT", "MONEY", "COUNT", "COUNT", "PERCENT", "COUNT"
    ]  # fmt: skip


def test_a_fact_has_its_heads_by_label(doc):
    first, second, *_, last = doc._.facts
    assert [span.text for span in first.programs] == ["邻里食堂"]
    assert [span.text for span in first.items] == ["供餐点"]
    assert [link.head.text for link in first.links] == ["邻里食堂", "供餐点"]
    assert second.items == ()
    assert (first.role, last.role) == ("ACTUAL", "TARGET")
    assert "12家" in repr(first) and "邻里食堂、供餐点" in repr(first)


def test_values_are_exact(doc):
    facts = doc._.facts
    assert [fact.value for fact in facts] == [
        Decimal(12), Decimal(856000), Decimal(30000), Decimal(36), Decimal(92), Decimal(40)
    ]  # fmt: skip
    assert all(isinstance(fact.value, Decimal) for fact in facts)
    assert [fact.unit for fact in facts] == ["家", "CNY", "人次", "场", "%", "场"]
    assert [fact.bound for fact in facts] == ["exact", "exact", "over", "exact", "exact", "exact"]
    assert all(fact.high is None for fact in facts)


def test_ranges_and_numbers_without_a_value(trained):
    doc = trained("旧衣回收收到三至五家企业，0.1元，1234567890123456789012.30元，数百册。")
    texts = ["三至五家", "0.1元", "1234567890123456789012.30元", "数百册"]
    starts = [doc.text.index(text) for text in texts]
    labels = ["COUNT", "MONEY", "MONEY", "COUNT"]
    spans = [
        doc.char_span(start, start + len(text), label)
        for start, text, label in zip(starts, texts, labels, strict=True)
    ]
    facts = with_ents(trained, doc, spans)._.facts
    assert [(fact.value, fact.high) for fact in facts] == [
        (Decimal(3), Decimal(5)),
        (Decimal("0.1"), None),
        (Decimal("1234567890123456789012.3"), None),
        (None, None),
    ]
    dicts = [fact.to_dict() for fact in facts]
    assert [(d["value"], d["high"]) for d in dicts[:2]] == [("3", "5"), ("0.1", None)]
    assert Decimal(dicts[2]["value"]) == facts[2].value
    assert "E" not in dicts[2]["value"]
    assert (dicts[3]["value"], dicts[3]["bound"]) == (None, "about")


def test_scores_lie_between_nothing_and_certainty(initialized):
    doc = train(initialized, steps=12)(TEXT)
    assert doc._.facts
    for fact in doc._.facts:
        assert 0 <= fact.score <= 1
        assert fact.score <= confidence(fact.quantity)
        for link in fact.links:
            assert 0 <= fact.score <= link.score <= confidence(link.head) <= 1
        product = confidence(fact.quantity) * fact.relation["role_score"]
        for link in fact.links:
            product *= link.score
        assert fact.score == pytest.approx(product * fact.relation["complete_score"])
    assert any(fact.relation["complete_score"] < 1 for fact in doc._.facts)


def test_facts_of_gold_data_are_certain(trained):
    reference = make_examples(trained, REPORTS[:1])[0].reference
    facts = get_facts(reference)
    assert [fact.score for fact in facts] == [1.0] * 3
    assert [span.text for span in facts[0].programs] == ["邻里食堂"]
    # Nothing has parsed their numbers.
    assert facts[0].value is facts[0].unit is facts[0].bound is None


def test_dicts_are_plain_and_complete(doc):
    dicts = [fact.to_dict() for fact in doc._.facts]
    assert json.loads(json.dumps(dicts, ensure_ascii=False)) == dicts
    first = dicts[0]
    assert list(first) == [
        "quantity", "programs", "items", "role", "value", "high", "unit", "bound", "score"
    ]  # fmt: skip
    for fact in dicts:
        assert fact["role"] in ROLES and fact["bound"] in BOUNDS
        for span in (fact["quantity"], *fact["programs"], *fact["items"]):
            assert TEXT[span["start"] : span["end"]] == span["text"]
            assert 0 <= span["score"] <= 1
    assert [span["label"] for span in first["programs"] + first["items"]] == ["PROGRAM", "ITEM"]


def test_offsets_are_those_of_the_raw_text(trained):
    doc = trained(f"\n\n{WRAPPED}\n")
    (program,) = doc._.facts[0].to_dict()["programs"]
    assert doc.text[program["start"] : program["end"]] == program["text"] == "邻 里\u3000食堂"


@pytest.mark.parametrize("text", ["", "甲", "🙂", "\n", " \n\t\u3000", "全年举行各类会议。"])
def test_texts_without_a_fact(trained, text):
    doc = trained(text)
    assert doc.text == text
    assert doc._.facts == ()


def test_emoji_do_not_shift_offsets(trained):
    emoji = "🙂👨‍👩‍👧\n"
    doc = trained(emoji + TEXT)
    quantities = [fact.quantity for fact in doc._.facts]
    assert [span.text for span in quantities if span.start_char >= len(emoji)] == [
        fact.quantity.text for fact in trained(TEXT)._.facts
    ]


def test_a_hundred_kilobytes_of_facts(trained):
    text = "\n".join([TEXT] * 650)
    assert len(text.encode()) > 100_000
    doc = trained(text)
    dicts = [fact.to_dict() for fact in doc._.facts]
    assert len(dicts) == 650 * 6
    own = [fact.to_dict() for fact in trained(TEXT)._.facts]
    last = dicts[-1]["quantity"]["start"] - own[-1]["quantity"]["start"]
    assert last == len(text) - len(TEXT)
    assert dicts[-1]["programs"][0]["text"] == own[-1]["programs"][0]["text"]


@pytest.mark.skipif(not SCORE.exists(), reason="needs ../shared/eval/score.py")
def test_records_are_scored_by_the_common_scorer(trained, tmp_path):
    gold = tmp_path / "own.ann"
    gold.write_text("\n".join(REPORTS[:2]), encoding="utf-8")
    values = ["12家\t12\t\t家\texact", "85.6万元\t856000\t\tCNY\texact"]
    gold.with_suffix(".values.tsv").write_text("\n".join(values), encoding="utf-8")
    records = tmp_path / "own.jsonl"
    record = to_record(trained(WRAPPED), "own")
    records.write_text(json.dumps(record, ensure_ascii=False), encoding="utf-8")
    result = subprocess.run(
        [sys.executable, SCORE, "score", records, gold], capture_output=True, text=True, check=True
    )
    assert "own: entities F 100.0%, facts F 100.0%" in result.stdout
    assert "values of found numbers    2/2" in result.stdout
