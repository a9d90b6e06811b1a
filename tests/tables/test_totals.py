from __future__ import annotations

from collections import Counter
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from made import REPORT, make_record

from zh_report_facts.tables.totals import Key, Totals


def add_up(*sources):
    """The totals of reports that differ at least in a number behind them."""
    totals = Totals()
    for number, source in enumerate(sources):
        totals.add(make_record(f"{source}\n第{number}号", str(number)))
    return {total.key: total for total in totals}


def add_up_one(*sources):
    (total,) = add_up(*sources).values()
    return total


def people(number, role=""):
    return f"[甲培训]{{P1}}培训[{number}]{{C>P1{role}}}。\n"


def test_what_reports_state_is_added_up():
    source = "[甲培训]{P1}培训[学员]{I1}[%s人]{C>P1,I1}。"
    total = add_up_one(source % 862, source % "1.2万", source % "2.5")
    assert total.key == Key(("甲培训",), ("学员",), "ACTUAL", "COUNT", "人")
    assert total.total == Decimal("12864.5")
    assert (total.sign, total.reports, total.facts, total.added) == ("", 3, 3, 3)
    assert (total.lowest, total.highest, total.score) == (Decimal("2.5"), 12000, 1.0)
    assert not total.left_out


@pytest.mark.parametrize("role", ["TARGET", "BASELINE", "CHANGE", "STANDARD"])
def test_only_what_was_done_is_added_up(role):
    total = add_up_one(people("5人", f":{role}"), people("7人", f":{role}"))
    assert (total.total, total.added, total.facts) == (None, 0, 2)
    assert total.left_out == {"非实际数": 2}
    assert (total.lowest, total.highest) == (5, 7)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("[甲]{P1}培训[5人]{C>P1}。", "[甲]{P1}培训[5人次]{C>P1}。"),
        ("[甲]{P1}投入[5元]{M>P1}。", "[甲]{P1}投入[5美元]{M>P1}。"),
        ("[甲]{P1}培训[5人]{C>P1}。", "[乙]{P1}培训[5人]{C>P1}。"),
        ("[甲]{P1}送[5台]{C>P1,I1}[轮椅]{I1}。", "[甲]{P1}送[5台]{C>P1,I1}[电脑]{I1}。"),
        ("[甲]{P1}培训[5人]{C>P1}。", "[甲]{P1}、[乙]{P2}共培训[5人]{C>P1,P2}。"),
        ("[甲]{P1}培训[5人]{C>P1}。", "[甲]{P1}计划培训[5人]{C>P1:TARGET}。"),
    ],
)
def test_what_differs_is_not_added_up(one, other):
    totals = add_up(one, other)
    assert len(totals) == 2
    assert all(total.total in (5, None) for total in totals.values())


@pytest.mark.parametrize(
    ("source", "reason"),
    [
        ("[甲]{P1}完成[95%]{R>P1}。", "百分比"),
        ("[甲]{P1}提高[3个百分点]{R>P1}。", "百分比"),
        ("[甲]{P1}培训[三至五人]{C>P1}。", "区间"),
        ("[甲]{P1}培训[数百人]{C>P1}。", "未读出"),
        ("另有[5人]{C}到场。", "未找到对象"),
        ("甲镇、乙镇[甲]{P1}各办[5场]{C>P1}。", "各自之数"),
        ("[甲]{P1}在甲镇、乙镇各 建成[5所]{C>P1}。", "各自之数"),
        ("[甲]{P1}、[乙]{P2}各[5期]{C>P1,P2}、共百人。", "各自之数"),
    ],
)
def test_what_cannot_be_added_up_is_left_out(source, reason):
    total = add_up_one(source, source)
    assert (total.total, total.added) == (None, 0)
    assert total.left_out == {reason: 2}


@pytest.mark.parametrize(
    "source",
    [
        "[甲]{P1}培训[862人]{C>P1}，其中就业[27人]{C>P1}。",
        "[甲]{P1}受理[74件]{C>P1}，办结[73件]{C>P1}。",
        "今年[甲]{P1}改造[20户]{C>P1}，三年累计[60户]{C>P1}。",
        "[甲]{P1}培训[862人]{C>P1}。\n[甲]{P1}又培训[27人]{C>P1}。",
    ],
)
def test_parts_steps_and_running_totals_of_a_report_are_not_added_up(source):
    total = add_up_one(source)
    assert (total.total, total.left_out) == (None, {"同篇数值不一": 2})
    unit = source[source.index("]{C") - 1]
    total = add_up_one(source, f"[甲]{{P1}}有[5{unit}]{{C>P1}}。")
    assert (total.total, total.added, total.facts, total.reports) == (5, 1, 3, 2)


def test_what_a_report_says_twice_counts_once():
    total = add_up_one(people("862人") + people("862人"), people("138人"))
    assert (total.total, total.facts, total.added) == (1000, 3, 2)
    assert total.left_out == {"同篇重复": 1}


def test_a_range_beside_a_number_does_not_hinder_it():
    total = add_up_one(people("862人") + people("三四十人"))
    assert (total.total, total.left_out) == (862, {"区间": 1})
    assert (total.lowest, total.highest) == (30, 862)


@pytest.mark.parametrize(
    "source",
    [
        "[甲]{P1}举办各类[5场]{C>P1}。",
        "[甲]{P1}由各级投入[5万元]{M>P1}。",
        "各镇推进[甲]{P1}，建成[5所]{C>P1}。",
        "各办各的，[甲]{P1}共办[5场]{C>P1}。",
        "[甲]{P1}分类培训，各办[5期]{C>P1}和[5期]{C>P1}。",
    ],
)
def test_what_each_has_is_told_from_what_all_have(source):
    assert "各自之数" not in add_up_one(source).left_out


def test_names_that_stand_twice_are_one():
    source = "[甲]{P1}很好，[甲]{P2}培训[5人]{C>P1,P2}。"
    total = add_up_one(source, "[甲]{P1}培训[7人]{C>P1}。")
    assert (total.key.programs, total.total) == (("甲",), 12)


def test_names_may_stand_in_any_order():
    total = add_up_one(
        "[乙]{P1}、[甲]{P2}共培训[5人]{C>P1,P2}。", "[甲]{P1}、[乙]{P2}共培训[7人]{C>P1,P2}。"
    )
    assert (total.key.programs, total.total) == (("乙", "甲"), 12)


def test_a_report_that_comes_twice_counts_once():
    totals = Totals()
    for name, source in (("a", people("5人")), ("b", "[甲培训]{P1} 培训[5人]{C>P1} 。")):
        totals.add(make_record(source, name))
    (total,) = totals
    assert (total.total, total.reports, total.left_out) == (5, 2, {"重复报告": 1})


@pytest.mark.parametrize(
    ("numbers", "sign"),
    [
        (["5人", "7人"], ""),
        (["5人", "约7人"], "≈"),
        (["50余人", "7人"], "≥"),
        (["不到50人", "7人"], "≤"),
        (["50余人", "不到70人"], "≈"),
        (["50余人", "约70人", "7人"], "≈"),
    ],
)
def test_a_sum_says_how_exact_it_is(numbers, sign):
    for order in (numbers, numbers[::-1]):
        assert add_up_one(*map(people, order)).sign == sign


def test_what_a_report_says_twice_is_as_exact_as_its_exactest():
    for order in (["50余人", "50人"], ["50人", "50余人"]):
        total = add_up_one("".join(map(people, order)))
        assert (total.total, total.sign, total.left_out) == (50, "", {"同篇重复": 1})


def test_long_numbers_are_added_up_exactly():
    digits = "123456789" * 5
    total = add_up_one(people(f"{digits}人"), people("0.1人"))
    assert str(total.total) == f"{digits}.1"


def test_programmes_stand_in_order_of_appearance():
    totals = add_up(
        "另有[5人]{C}。", REPORT, "[邻里食堂]{P1}明年计划新开[5家]{C>P1,I1:TARGET}[供餐点]{I1}。"
    )
    heads = [(key.programs, key.items, key.role) for key in totals]
    assert heads[:2] == [
        (("邻里食堂",), ("供餐点",), "ACTUAL"),
        (("邻里食堂",), ("供餐点",), "TARGET"),
    ]
    programs = [key.programs for key in totals]
    assert list(dict.fromkeys(programs)) == [("邻里食堂",), ("银发讲堂",), ()]
    assert all(
        programs[i] == programs[i + 1] or programs[i] not in programs[i + 1 :]
        for i in range(len(programs) - 1)
    )


QUANTITIES = st.builds(
    "{}{}{}{}".format,
    st.sampled_from(["", "约", "近", "超过"]),
    st.integers(1, 20),
    st.sampled_from(["", "万", "余"]),
    st.sampled_from(["人", "人次"]),
)


@settings(deadline=None, max_examples=50)
@given(st.lists(st.lists(QUANTITIES, min_size=1, max_size=3), min_size=1, max_size=5))
def test_every_fact_is_added_or_named_once(reports):
    totals = add_up(*("".join(map(people, numbers)) for numbers in reports))
    assert sum(total.facts for total in totals.values()) == sum(map(len, reports))
    for total in totals.values():
        assert total.facts == total.added + sum(total.left_out.values())
        assert total.added <= total.reports
        assert (total.total is None) == (total.added == 0)
    stated = Counter()
    for record in (make_record("".join(map(people, numbers))) for numbers in reports):
        values = {}
        for fact in record["facts"]:
            values.setdefault(fact["unit"], set()).add(Decimal(fact["value"]))
        stated.update({unit: sum(v) for unit, v in values.items() if len(v) == 1})
    assert {k.unit: t.total for k, t in totals.items() if t.added} == stated
