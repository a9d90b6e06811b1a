import pytest

from zh_report_facts.notation import parse_report
from zh_report_facts.scoring.annotation import annotate_report
from zh_report_facts.scoring.confidence import Judgement, judge_facts, summarize

GOLD = "开展[流动图书角]{P1}[12场]{C>P1}，惠及[读者]{I1}[30人]{C>P1,I1:TARGET}，另有5人。"


@pytest.mark.parametrize(
    ("old", "new", "right"),
    [
        ("", "", {"12场": (True, True), "30人": (True, True)}),
        ("[流动图书角]{P1}", "流动[图书角]{P1}", {"12场": (False, True), "30人": (False, True)}),
        ("P1,I1", "I1", {"12场": (True, True), "30人": (False, False)}),
        ("{C>P1}", "{C>P1,I1}", {"12场": (False, False), "30人": (True, True)}),
        (":TARGET", "", {"12场": (True, True), "30人": (False, False)}),
        ("{C>P1}", "{M>P1}", {"12场": (False, False), "30人": (True, True)}),
        ("[12场]", "1[2场]", {"2场": (False, False), "30人": (True, True)}),
        (
            "5人",
            "[5人]{C}",
            {"12场": (True, True), "30人": (True, True), "5人": (False, False)},
        ),
    ],
)
def test_a_fact_is_right_when_all_of_it_is(old, new, right):
    gold = annotate_report(parse_report(GOLD, "gold"))
    found = annotate_report(parse_report(GOLD.replace(old, new) if old else GOLD, "found"))
    judged = judge_facts(gold, found, dict.fromkeys(found.roles, 0.7))
    texts = [found.text[start:end] for start, end in found.roles]
    assert dict(zip(texts, [(j.strict, j.overlap) for j in judged], strict=True)) == right
    assert {j.score for j in judged} == {0.7}


def test_summary():
    figures = summarize(
        [
            Judgement(0.95, True, True),
            Judgement(0.95, False, True),
            Judgement(0.95, False, False),
            Judgement(0.4, False, False),
            Judgement(1.0, True, True),
        ]
    )
    assert figures == pytest.approx(
        {
            "facts": 5,
            "right strict": 0.4,
            "right overlap": 0.6,
            "with score >= 0.9": 0.8,
            "right strict with score >= 0.9": 0.5,
            "right overlap with score >= 0.9": 0.75,
            # |3.85 - 3| in the highest bin and |0.4 - 0| in another, over five facts
            "calibration error overlap": (0.85 + 0.4) / 5,
        }
    )


def test_summary_of_nothing():
    assert set(summarize([]).values()) == {0}
