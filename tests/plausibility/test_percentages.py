from decimal import ROUND_DOWN, ROUND_HALF_UP, Decimal

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

quick = settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.too_slow])
KIND = "percentage-mismatch"


# Each with a percentage that is right and, in its place, one that is not.
SENTENCES = [
    ("[水窖]{I1}计划[80口]{C>I1:TARGET}，建成[60口]{C>I1}，完成率[%]{R>I1}。", "75%", "57%"),
    ("[水窖]{I1}任务[80口]{C>I1:TARGET}，建成[60口]{C>I1}，占任务的[%]{R>I1}。", "75%", "57%"),
    ("[水窖]{I1}任务[80口]{C>I1:TARGET}，已建[60口]{C>I1}，仅占[%]{R>I1}。", "75%", "57%"),
    ("[水窖]{I1}建成[60口]{C>I1}，为年度任务[80口]{C>I1:TARGET}的[%]{R>I1}。", "七成五", "五成"),
    ("[水窖]{I1}建成[60口]{C>I1}，完成县里下达[80口]{C>I1:TARGET}任务的[%]{R>I1}。", "75%", "95%"),
    ("[普查]{P1}应查[800户]{C>P1:TARGET}，实查[790户]{C>P1}，入户率[%]{R>P1}。", "98.8%", "97.8%"),
    ("[商户]{I1}[60家]{C>I1}，其中[餐馆]{I2}[45家]{C>I2}，占[%]{R>I2}。", "75%", "72%"),
    ("[商户]{I1}[60家]{C>I1}，其中[45家]{C>I1}装了净化器，占总数的[%]{R>I1}。", "75%", "72%"),
    ("[来信]{I1}[418件]{C>I1}，办结[391件]{C>I1}，办结率达[%]{R>I1}。", "93.5%", "95.3%"),
    ("发出[问卷]{I1}[1200份]{C>I1}，收回[1138份]{C>I1}，回收率[%]{R>I1}。", "94.8%", "98.4%"),
    (
        "本月[水窖]{I1}任务[80口]{C>I1:TARGET}，本月建成[60口]{C>I1}，完成率[%]{R>I1}。",
        "75%",
        "57%",
    ),
    (
        "[水窖]{I1}任务[80口]{C>I1:TARGET}，累计建成[60口]{C>I1}，累计完成任务的[%]{R>I1}。",
        "75%",
        "57%",
    ),
    (
        "[学员]{I1}[90人]{C>I1}，其中[甲班]{I2}[30人]{C>I2}、[乙班]{I3}[42人]{C>I3}，占[%]{R>I1}。",
        "80%",
        "60%",
    ),
    (
        "[来信]{I1}[418件]{C>I1}，其中[网信]{I2}[3件]{C>I2}，另收[来电]{I3}[50件]{C>I3}，"
        "办结[50件]{C>I3}，办结率[%]{R>I3}。",
        "100%",
        "98%",
    ),
    (
        "[水窖]{I1}任务[5口]{C>I1:TARGET}、[80口]{C>I1:TARGET}，建成[60口]{C>I1}，完成率[%]{R>I1}。",
        "75%",
        "100%",
    ),
    ("[1460人]{C}参训，[1387人]{C}取得证书，取证率[%]{R}。", "95%", "59%"),
]


@pytest.mark.parametrize(("line", "right", "wrong"), SENTENCES)
def test_a_percentage_fits_its_two_numbers_or_not(messages, line, right, wrong):
    assert messages(line.replace("[%]", f"[{right}]")) == []
    (message,) = messages(line.replace("[%]", f"[{wrong}]"))
    assert message.endswith(f"，文中写的却是{wrong}。")


def test_messages_tell_the_right_percentage(messages):
    line = "[水窖]{I1}建成[62口]{C>I1}，完成年度任务[80口]{C>I1:TARGET}的[57%]{R>I1}。"
    assert messages(line) == ["62口是80口的77.5%，文中写的却是57%。"]


@pytest.mark.parametrize(
    "line",
    [
        # The whole is another one, or is not told.
        "[商户]{I1}[60家]{C>I1}，其中[餐馆]{I2}[45家]{C>I2}，占全镇餐馆的[31%]{R>I2}。",
        "[商户]{I1}[60家]{C>I1}，[餐馆]{I2}[45家]{C>I2}，占[31%]{R>I2}。",
        "[商户]{I1}[500家]{C>I1}，[摊位]{I2}[60家]{C>I2}，其中[饭摊]{I3}[45家]{C>I3}，占[9%]{R>I3}。",
        "[来信]{I1}[418件]{C>I1}，办结[391件]{C>I1}，按期办结率[80%]{R>I1}。",
        "[来信]{I1}[418件]{C>I1}，办结[391件]{C>I1}，满意率[80%]{R>I1}。",
        "[就业]{P1}[3000人]{C>P1}，[困难人员]{I1}就业[500人]{C>P1,I1}，就业率[80%]{R>P1}。",
        "[水窖]{I1}任务[80口]{C>I1:TARGET}，建成[60口]{C>I1}，合格率[99%]{R>I1}。",
        # Of another unit, unread, or nothing at all.
        "[讲座]{P1}[20场]{C>P1}，其中收看[900人]{C>P1}，占[31%]{R>P1}。",
        "[商户]{I1}[数百家]{C>I1}，其中[餐馆]{I2}[45家]{C>I2}，占[31%]{R>I2}。",
        "[水窖]{I1}任务[0口]{C>I1:TARGET}，建成[6口]{C>I1}，完成率[50%]{R>I1}。",
        "完成率[50%]{R}。",
        "占[50%]{R}。",
        # What is told of several parts or of several wholes together.
        "[学员]{I1}[90人]{C>I1}，其中[甲班]{I2}[30人]{C>I2}、[乙班]{I3}[42人]{C>I3}，占[80%]{R>I1}。",
        "[水窖]{I1}建成[40口]{C>I1}，[水池]{I2}[32口]{C>I2}，占计划[80口]{C>I1:TARGET}的[90%]{R>I1}。",
        "[水窖]{I1}任务[50口]{C>I1:TARGET}、[水池]{I2}[30口]{C>I2:TARGET}，"
        "建成[24口]{C>I1}，完成率[30%]{R>I1}。",
        "[水窖]{I1}任务[50口]{C>I1:TARGET}，建成[45口]{C>I1}，[水池]{I2}任务[30口]{C>I2:TARGET}，"
        "建成[24口]{C>I2}，总体完成率[86.3%]{R>I1,I2}。",
        "[来信]{I1}[50件]{C>I1}、[来电]{I2}[30件]{C>I2}，办结[28件]{C>I1,I2}，办结率[35%]{R>I1,I2}。",
        "新收[来信]{I1}[50件]{C>I1}，办结[48件]{C>I1}，办结率[80%]{R>I1}。",
        "受理[来信]{I1}[78件次]{C>I1}，其中[网信]{I2}[3件]{C>I2}，办结[78件]{C>I1}，办结率[98%]{R>I1}。",
        # Several percentages told in one breath.
        "[学员]{I1}[90人]{C>I1}，其中[甲班]{I2}[45人]{C>I2}、[乙班]{I3}[18人]{C>I3}，"
        "占[50%]{R>I2}、[20%]{R>I3}。",
        "[水窖]{I1}任务[50口]{C>I1:TARGET}，建成[45口]{C>I1}，[水池]{I2}任务[30口]{C>I2:TARGET}，"
        "建成[24口]{C>I2}，分别完成任务的[90%]{R>I1}，[80%]{R>I2}。",
        # What is left, or goes beyond, and 100% where all was done and more.
        "[水窖]{I1}任务[80口]{C>I1:TARGET}，尚有[8口]{C>I1}未建，完成率[90%]{R>I1}。",
        "[水窖]{I1}任务[80口]{C>I1:TARGET}，建成[88口]{C>I1}，超额完成任务的[10%]{R>I1}。",
        "[水窖]{I1}任务[80口]{C>I1:TARGET}，建成[88口]{C>I1}，完成率[100%]{R>I1}。",
        # Of another time, another step, or what is to come.
        "[水窖]{I1}任务[80口]{C>I1:TARGET}，新建[9口]{C>I1}，累计完成任务的[90%]{R>I1}。",
        "[水窖]{I1}任务[80口]{C>I1:TARGET}，本月建成[9口]{C>I1}，完成率[90%]{R>I1}。",
        "[水窖]{I1}任务[80口]{C>I1:TARGET}，开工[80口]{C>I1}，完成率[60%]{R>I1}。",
        "[水窖]{I1}任务[80口]{C>I1:TARGET}，建成[60口]{C>I1}，确保完成任务的[98%]{R>I1:TARGET}。",
        # Growth is no share.
        "[商户]{I1}[60家]{C>I1}，其中[餐馆]{I2}[45家]{C>I2}，占比提高[3%]{R>I2:CHANGE}。",
        # What 约, 近 and 余 allow.
        "[商户]{I1}[60余家]{C>I1}，其中[餐馆]{I2}[45家]{C>I2}，占[约七成]{R>I2}。",
        "[商户]{I1}[60家]{C>I1}，其中[餐馆]{I2}[45家]{C>I2}，占[近八成]{R>I2}。",
    ],
)
def test_percentages_of_something_else(messages, line):
    assert messages(line) == []


@quick
@given(
    st.integers(min_value=1, max_value=10**6),
    st.integers(min_value=1, max_value=10**6),
    st.integers(min_value=0, max_value=2),
    st.sampled_from([ROUND_DOWN, ROUND_HALF_UP]),
)
def test_what_was_reckoned_right_never_warns(messages, done, target, places, rounding):
    percent = (Decimal(done) * 100 / target).quantize(Decimal(1).scaleb(-places), rounding)
    line = (
        f"[水窖]{{I1}}任务[{target}口]{{C>I1:TARGET}}，建成[{done}口]{{C>I1}}，"
        f"完成率[{percent}%]{{R>I1}}。"
    )
    assert messages(line) == []
