from decimal import ROUND_DOWN, ROUND_HALF_UP, Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from zh_report_facts.plausibility.interval import Interval, exactly, read_interval
from zh_report_facts.quantity.parse import parse_quantity


def interval(text, label="COUNT"):
    return read_interval(text, parse_quantity(text, label))


@pytest.mark.parametrize(
    ("text", "label", "low", "high"),
    [
        ("1200人", "COUNT", "1200", "1200"),
        ("１２００人", "COUNT", "1200", "1200"),
        ("三百二十人", "COUNT", "320", "320"),
        ("二十人", "COUNT", "20", "20"),
        ("1.2万人", "COUNT", "11500", "12500"),
        ("1.20万人", "COUNT", "11950", "12050"),
        ("3万人", "COUNT", "25000", "35000"),
        ("三百人", "COUNT", "250", "350"),
        ("12.5公里", "COUNT", "12.45", "12.55"),
        ("500千瓦", "COUNT", "500", "500"),
        ("6.5平方千米", "COUNT", "6.45", "6.55"),
        ("1400万千瓦时", "COUNT", "13995000", "14005000"),
        ("798.6万元", "MONEY", "7985500", "7986500"),
        ("1亿2千万元", "MONEY", "115000000", "125000000"),
        ("80元", "MONEY", "80", "80"),
        ("35.3%", "PERCENT", "35.2", "35.4"),
        ("100%", "PERCENT", "99", "101"),
        ("百分之八十", "PERCENT", "79", "81"),
        ("3.2个百分点", "PERCENT", "3.1", "3.3"),
        ("百分之百", "PERCENT", "99", "101"),
        ("百分之一百二十", "PERCENT", "119", "121"),
        ("六成", "PERCENT", "50", "70"),
        ("七成三", "PERCENT", "72", "74"),
        ("约300人", "COUNT", "270", "330"),
        ("300余人", "COUNT", "300", "3000"),
        ("1.2万余人", "COUNT", "11500", "120500"),
        ("近300人", "COUNT", "0", "300"),
        ("三至五家", "COUNT", "3", "5"),
        ("50至80万元", "MONEY", "495000", "805000"),
    ],
)
def test_what_a_number_may_be(text, label, low, high):
    assert interval(text, label) == (Decimal(low), Decimal(high))


@pytest.mark.parametrize("text", ["数百人", "若干", "-5人"])
def test_numbers_that_cannot_be_told(text):
    assert interval(text) is None


@settings(deadline=None)
@given(
    st.integers(min_value=1, max_value=10**10),
    st.sampled_from(["", "万", "亿"]),
    st.integers(min_value=0, max_value=4),
)
def test_a_rounded_number_may_be_the_true_one(number, scale, decimals):
    power = {"": 0, "万": 4, "亿": 8}[scale]
    if not scale:
        decimals = 0
    rounded = Decimal(number).scaleb(-power).quantize(Decimal(1).scaleb(-decimals), ROUND_HALF_UP)
    low, high = interval(f"{rounded}{scale}人")
    assert low <= number <= high


@settings(deadline=None)
@given(
    st.decimals(min_value=0, max_value=999, places=5),
    st.sampled_from([ROUND_DOWN, ROUND_HALF_UP]),
    st.integers(min_value=0, max_value=3),
)
def test_a_percentage_may_be_rounded_or_cut_off(percent, rounding, places):
    low, high = interval(f"{percent.quantize(Decimal(1).scaleb(-places), rounding)}%", "PERCENT")
    assert low <= percent <= high


NUMBERS = st.decimals(min_value=-(10**9), max_value=10**9, places=3)
INTERVALS = st.tuples(NUMBERS, NUMBERS).map(lambda ends: Interval(min(ends), max(ends)))


@settings(deadline=None)
@given(INTERVALS, INTERVALS, st.data())
def test_intervals_hold_whatever_their_numbers_give(a, b, data):
    x, y = (data.draw(st.decimals(i.low, i.high, places=3)) for i in (a, b))
    for number, found in ((x + y, a.plus(b)), (x - y, a.minus(b)), (x * y, a.times(b))):
        assert found.low <= number <= found.high
    assert a.meets(b) == b.meets(a) == (max(a.low, b.low) <= min(a.high, b.high))


def test_numbers_of_any_length_are_exact():
    long = 10**70 + 1
    assert exactly(long).plus(exactly(1)) == exactly(long + 1)
    assert not exactly(long).meets(exactly(long + 1))
