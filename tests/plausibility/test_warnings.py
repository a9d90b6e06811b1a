import json

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from timing import shortest_time

from zh_report_facts.plausibility import find_warnings

REPORT = (
    "[水窖]{I1}[20口]{C>I1}，其中[砖窖]{I2}[30口]{C>I2}。走访[40户]{C}。",
    "[渠道]{I1}[22公里]{C>I1}，比上年的[14公里]{C>I1:BASELINE}增加[6公里]{C>I1:CHANGE}。",
)


def test_warnings_come_in_text_order_and_name_their_facts(facts_of):
    facts = facts_of(*REPORT)
    warnings = find_warnings(facts)
    assert [(w["kind"], [facts[i].quantity.text for i in w["facts"]]) for w in warnings] == [
        ("part-exceeds-whole", ["20口", "30口"]),
        ("number-without-head", ["40户"]),
        ("change-mismatch", ["22公里", "14公里", "6公里"]),
    ]
    assert warnings[1]["message"] == "没有找到40户所属的项目或统计对象。"
    assert json.loads(json.dumps(warnings, ensure_ascii=False)) == warnings


def test_facts_that_were_left_out_are_not_warned_of(facts_of):
    facts = facts_of(*REPORT)
    assert find_warnings(facts[:1]) == []
    assert [w["facts"] for w in find_warnings(facts[1:])] == [[1], [2, 3, 4]]


def test_reports_without_facts(facts_of):
    assert find_warnings(facts_of("没有数字。")) == []


def test_facts_whose_numbers_nobody_has_parsed(facts_of):
    facts = facts_of(*REPORT)
    facts[0].doc._.quantities = []
    assert [w["kind"] for w in find_warnings(facts)] == ["number-without-head"]


def test_hard_wraps_and_stray_spaces_change_nothing(facts_of):
    plain = find_warnings(facts_of(REPORT[1]))
    spaced = REPORT[1].replace("比上年", "比 上\u3000年").replace("公里]", " 公 里]")
    assert [w["message"] for w in find_warnings(facts_of(spaced))] == [w["message"] for w in plain]


NUMBERS = ["5人", "约5人", "数百人", "３０ 余人", "三至五人", "1.2万人", "0人"]
WORDS = [
    "，其中",
    "、",
    "比去年增长",
    "，占",
    "的",
    "任务",
    "，完成率",
    "超额完成",
    "。",
    "；",
    "共",
]
ROLES = ["", ":BASELINE", ":CHANGE", ":TARGET", ":STANDARD"]
PIECES = st.tuples(st.sampled_from(WORDS), st.sampled_from(NUMBERS), st.sampled_from(ROLES))
PERCENTS = st.tuples(st.sampled_from(WORDS), st.sampled_from(["5%", "0%"]), st.sampled_from(ROLES))


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.lists(PIECES | PERCENTS, max_size=8))
def test_no_text_breaks_the_checks(facts_of, pieces):
    texts = [f"{word}[{n}]{{{'R' if '%' in n else 'C'}{role}}}" for word, n, role in pieces]
    facts = facts_of(f"合计{''.join(texts)}。")
    warnings = find_warnings(facts)
    loose = [i for w in warnings if w["kind"] == "number-without-head" for i in w["facts"]]
    assert loose == list(range(len(facts)))
    for warning in warnings:
        assert set(warning["facts"]) <= set(range(len(facts)))
        assert warning["message"].endswith("。")


@pytest.mark.parametrize("words", ["，其中", "、", "其中", "占"])
def test_long_sentences_take_no_long_time(facts_of, words):
    def seconds(pieces):
        line = "[水窖]{I1}" + f"{words * 20}[5口]{{C>I1}}，占[5%]{{R>I1}}" * pieces + "。"
        facts = facts_of(line)
        return shortest_time(lambda: find_warnings(facts))

    # In quadratic time it would be 64 times as long, in linear time 8 times.
    assert seconds(800) < 24 * max(seconds(100), 0.01)
