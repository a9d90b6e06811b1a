from decimal import ROUND_DOWN, ROUND_HALF_UP, Decimal

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

quick = settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.too_slow])
KIND = "change-mismatch"


@pytest.mark.parametrize(
    ("line", "message"),
    [
        (
            "[供餐点]{I1}[22家]{C>I1}，比上年的[14家]{C>I1:BASELINE}增加[6家]{C>I1:CHANGE}。",
            "22家比14家多8家，文中写的却是增加6家。",
        ),
        (
            "[供餐点]{I1}由[22家]{C>I1:BASELINE}减至[14家]{C>I1}，减少[9家]{C>I1:CHANGE}。",
            "14家比22家少8家，文中写的却是减少9家。",
        ),
        (
            "去年[供餐点]{I1}[14家]{C>I1:BASELINE}，今年增至[22家]{C>I1}，增加[6家]{C>I1:CHANGE}。",
            "22家比14家多8家，文中写的却是增加6家。",
        ),
        # The size is right, the direction is not.
        (
            "[供餐点]{I1}由[22家]{C>I1:BASELINE}减至[14家]{C>I1}，增加[8家]{C>I1:CHANGE}。",
            "14家比22家少8家，文中写的却是增加8家。",
        ),
        (
            "[助餐补贴]{P1}[3.2亿元]{M>P1}，较上年[2.5亿元]{M>P1:BASELINE}增长[38%]{R>P1:CHANGE}。",
            "3.2亿元比2.5亿元多28%，文中写的却是增加38%。",
        ),
        (
            "[到课率]{I1}[92.6%]{R>I1}，比去年[88.1%]{R>I1:BASELINE}提高[3.5个百分点]{R>I1:CHANGE}。",
            "92.6%比88.1%多4.5个百分点，文中写的却是增加3.5个百分点。",
        ),
        (
            "[水窖]{I1}计划[80口]{C>I1:TARGET}，实际[92口]{C>I1}，超出[10口]{C>I1:CHANGE}。",
            "92口比80口多12口，文中写的却是增加10口。",
        ),
        (
            "[供餐点]{I1}[22家]{C>I1}，较去年[22家]{C>I1:BASELINE}净增[2家]{C>I1:CHANGE}。",
            "22家比22家不多不少，文中写的却是增加2家。",
        ),
        (
            "[客流]{I1}[120人次]{C>I1}，比上年增加[20人次]{C>I1:CHANGE}，增长[25%]{R>I1:CHANGE}。",
            "增加20人次到120人次，相当于增加20%，文中写的却是25%。",
        ),
        (
            "[客流]{I1}[80人次]{C>I1}，同比下降[25%]{R>I1:CHANGE}、减少[20人次]{C>I1:CHANGE}。",
            "减少20人次到80人次，相当于减少20%，文中写的却是25%。",
        ),
    ],
)
def test_changes_that_do_not_fit(messages, line, message):
    assert messages(line) == [message]


def test_two_changes_of_one_pair_are_both_compared(messages):
    line = (
        "[客流]{I1}[150人]{C>I1}，比上年[100人]{C>I1:BASELINE}"
        "增加[40人]{C>I1:CHANGE}，增长[60%]{R>I1:CHANGE}。"
    )
    assert messages(line) == [
        "150人比100人多50人，文中写的却是增加40人。",
        "150人比100人多50%，文中写的却是增加60%。",
    ]


@pytest.mark.parametrize(
    "line",
    [
        "[供餐点]{I1}由[14家]{C>I1:BASELINE}增至[22家]{C>I1}，增加[8家]{C>I1:CHANGE}。",
        "[助餐补贴]{P1}[1.04亿元]{M>P1}，较上年的[9120万元]{M>P1:BASELINE}增长[14%]{R>P1:CHANGE}。",
        "[投诉]{I1}由[37起]{C>I1:BASELINE}降到[15起]{C>I1}，下降[接近六成]{R>I1:CHANGE}。",
        # Another thing grew.
        "[驿站]{I1}由[4个]{C>I1:BASELINE}增至[9个]{C>I1}，[骑手]{I2}增加[90个]{C>I2:CHANGE}。",
        "[客流]{I1}[50人]{C>I1:BASELINE}变[90人]{C>I1}，[收入]{I2}增长[9%]{R>I2:CHANGE}。",
        # 增加到 tells the new number, whatever role it was given.
        "[棉花]{I1}由[3吨]{C>I1:BASELINE}变为[5吨]{C>I1}，增加到[9吨]{C>I1:CHANGE}。",
        # The two numbers are of two things.
        "[港口]{I1}[90个]{C>I1}，[车站]{I2}由[20个]{C>I2:BASELINE}增加[5个]{C>I2:CHANGE}。",
        "增设[病床]{I1}[6张]{C>I1:BASELINE}，达到[34张]{C>I1}，比上年增长[22%]{R>I1:CHANGE}。",
        "将增[病床]{I1}[6张]{C>I1:TARGET}，总数达到[34张]{C>I1}，比上年增长[22%]{R>I1:CHANGE}。",
        "[钢]{I1}由[二千零]{C}[四十六吨]{C>I1:BASELINE}增到[三千吨]{C>I1}，增加[九百吨]{C>I1:CHANGE}。",
        # Half a number: the rest of it was not recognised.
        "[钢]{I1}由二千零[四十六吨]{C>I1:BASELINE}增到[三千吨]{C>I1}，增加[九百吨]{C>I1:CHANGE}。",
        # Of another unit, or in constant prices, or on average.
        "[驿站]{I1}由[4个]{C>I1:BASELINE}增至[9个]{C>I1}，增加[30人]{C>I1:CHANGE}。",
        "[产值]{I1}由[4亿元]{M>I1:BASELINE}到[9亿元]{M>I1}，可比价增长[30%]{R>I1:CHANGE}。",
        "[产值]{I1}由[4亿元]{M>I1:BASELINE}到[9亿元]{M>I1}，年均增长[30%]{R>I1:CHANGE}。",
        # 5% may be meant as points, 6.25% as a share of the 80%.
        "[入住率]{I1}[85.0%]{R>I1}，比去年[80.0%]{R>I1:BASELINE}提高[6.25%]{R>I1:CHANGE}。",
        "[入住率]{I1}[85%]{R>I1}，比去年[80%]{R>I1:BASELINE}提高[5%]{R>I1:CHANGE}。",
        # Told in one breath.
        "[甲标准]{I1}由[80元]{M>I1:BASELINE}提到[90元]{M>I1:STANDARD}，[乙标准]{I2}由"
        "[40元]{M>I2:BASELINE}提到[60元]{M>I2:STANDARD}，分别增加[10元]{M>I1:CHANGE}和"
        "[20元]{M>I2:CHANGE}。",
        # The second change is one against another year.
        "[客流]{I1}[120人]{C>I1}，比上年增加[20人]{C>I1:CHANGE}，比前年增长[80%]{R>I1:CHANGE}。",
        "[客流]{I1}[120人]{C>I1}，增加[20人]{C>I1:CHANGE}，环比增长[80%]{R>I1:CHANGE}。",
        "[客流]{I1}[120人次]{C>I1}，比上年增加[20人次]{C>I1:CHANGE}，增长[20%]{R>I1:CHANGE}。",
        "增加[20人]{C:CHANGE}，增长[50%]{R:CHANGE}。",
        "[客流]{I1}[数百人]{C>I1}，比上年[100人]{C>I1:BASELINE}增加[40人]{C>I1:CHANGE}。",
    ],
)
def test_changes_that_fit_or_belong_elsewhere(messages, line):
    assert messages(line) == []


COUNTS = st.integers(min_value=1, max_value=10**6)
ROUNDINGS = st.sampled_from([ROUND_DOWN, ROUND_HALF_UP])


@quick
@given(COUNTS, COUNTS, st.integers(min_value=0, max_value=2), ROUNDINGS)
def test_consistent_numbers_never_warn(messages, old, new, places, rounding):
    verb = "增加" if new >= old else "减少"
    difference = abs(new - old)
    percent = (Decimal(difference) * 100 / old).quantize(Decimal(1).scaleb(-places), rounding)
    pair = f"[客流]{{I1}}[{new}人]{{C>I1}}，比上年[{old}人]{{C>I1:BASELINE}}"
    changes = f"{verb}[{difference}人]{{C>I1:CHANGE}}，{verb}[{percent}%]{{R>I1:CHANGE}}"
    assert messages(f"{pair}{changes}。") == []
    assert messages(f"[客流]{{I1}}[{new}人]{{C>I1}}，同比{changes}。") == []


@quick
@given(COUNTS, COUNTS, st.integers(min_value=1, max_value=10**6))
def test_every_wrong_difference_warns(messages, old, new, error):
    verb = "增加" if new >= old else "减少"
    line = (
        f"[客流]{{I1}}[{new}人]{{C>I1}}，比上年[{old}人]{{C>I1:BASELINE}}"
        f"{verb}[{abs(new - old) + error}人]{{C>I1:CHANGE}}。"
    )
    assert len(messages(line)) == 1
