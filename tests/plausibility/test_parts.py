from itertools import accumulate

import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from zh_report_facts.plausibility import find_warnings

quick = settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.too_slow])
KIND = "part-exceeds-whole"


@pytest.mark.parametrize(
    ("line", "message"),
    [
        (
            "[学员]{I1}[80人]{C>I1}，其中[女学员]{I2}[95人]{C>I2}。",
            "其中的95人超过了总数80人。",
        ),
        ("[讲座]{P1}[12场]{C>P1}(其中[法律讲座]{P2}[15场]{C>P2})。", "其中的15场超过了总数12场。"),
        (
            "[农资补贴]{P1}[3.1万元]{M>P1}，其中县级[32万元]{M>P1}。",
            "其中的32万元超过了总数3.1万元。",
        ),
        (
            "计划新建[驿站]{I1}[20个]{C>I1:TARGET}，其中镇级[25个]{C>I1:TARGET}。",
            "其中的25个超过了总数20个。",
        ),
        (
            "每户补[修缮费]{P1}[900元]{M>P1:STANDARD}，其中县里[1000元]{M>P1:STANDARD}。",
            "其中的1000元超过了总数900元。",
        ),
        (
            "[农机]{I1}[300台]{C>I1}，其中[插秧机]{I2}[120台]{C>I2}、[收割机]{I3}[230台]{C>I3}。",
            "其中各项120台、230台之和350台，超过了总数300台。",
        ),
        (
            "[茶园]{I1}[1.2万亩]{C>I1}，其中东片[8000亩]{C>I1}、西片[6000亩]{C>I1}。",
            "其中各项8000亩、6000亩之和1.4万亩，超过了总数1.2万亩。",
        ),
        (
            "[住户]{I1}[90户]{C>I1}，其中[租户]{I2}[50户]{C>I2}，[自住户]{I3}[60户]{C>I3}。",
            "其中各项50户、60户之和110户，超过了总数90户。",
        ),
        # The unit of a sum is the one that is written.
        (
            "[电站]{I1}[300千瓦]{C>I1}，其中[甲站]{I2}[150千瓦]{C>I2}、[乙站]{I3}[200千瓦]{C>I3}。",
            "其中各项150千瓦、200千瓦之和350千瓦，超过了总数300千瓦。",
        ),
        (
            "[学员]{I1}[３００人]{C>I1}，其中[甲班]{I2}[１５０人]{C>I2}、[乙班]{I3}[２００人]{C>I3}。",
            "其中各项１５０人、２００人之和350人，超过了总数３００人。",
        ),
        (
            "[菜地]{I1}[两亩半]{C>I1}，其中[甲块]{I2}[两亩]{C>I2}、[乙块]{I3}[一亩]{C>I3}。",
            "其中各项两亩、一亩之和3亩，超过了总数两亩半。",
        ),
        # A number in front of a semicolon is none of which the next one is the rest.
        (
            "[补贴]{P1}[500万]{M>P1}；[300人]{C>P1}受益，其中[女性]{I1}[400人]{C>P1,I1}。",
            "其中的400人超过了总数300人。",
        ),
        # 人, 名 and 位 count the same.
        ("[村医]{I1}[30名]{C>I1}，其中参训[31人]{C>I1}。", "其中的31人超过了总数30名。"),
        # Hard wraps and full-width forms change nothing.
        (
            "[村医]{I1} [３０ 名]{C>I1} ，其 中参训 [３１人]{C>I1}。",
            "其中的３１人超过了总数３０名。",
        ),
    ],
)
def test_parts_that_exceed_their_whole(messages, line, message):
    assert messages(line) == [message]


@pytest.mark.parametrize(
    "line",
    [
        "[学员]{I1}[80人]{C>I1}，其中[女学员]{I2}[80人]{C>I2}。",
        # Another unit, another role.
        "[活动]{P1}[3场]{C>P1}，其中[志愿者]{I1}[95人]{C>P1,I1}。",
        "[补贴]{P1}[200元]{M>P1:STANDARD}，其中县级资金共[3万元]{M>P1}。",
        "年均投入[补贴]{P1}[3万元]{M>P1}，其中去年[5万元]{M>P1}。",
        "人均发放[补贴]{P1}[300元]{M>P1}，其中重残[500元]{M>P1}。",
        "[助学金]{P1}小学人均[300元]{M>P1}、初中[500元]{M>P1}，其中特教人均[900元]{M>P1}。",
        "最低发放[补贴]{P1}[300元]{M>P1}，其中重残[500元]{M>P1}。",
        "新增[学员]{I1}[50人]{C>I1}，其中[聋人]{I2}累计[60人]{C>I2}。",
        # What rounding, 余 and 约 allow.
        "[学员]{I1}[1.2万人]{C>I1}，其中[女学员]{I2}[12400人]{C>I2}。",
        "[学员]{I1}[300余人]{C>I1}，其中[女学员]{I2}[340人]{C>I2}。",
        "[学员]{I1}[约300人]{C>I1}，其中[女学员]{I2}[320人]{C>I2}。",
        "[学员]{I1}[数百人]{C>I1}，其中[女学员]{I2}[120人]{C>I2}。",
        # The list of parts is over.
        "[职工]{I1}[16名]{C>I1}，其中[厨师]{I2}[11名]{C>I2}，招募[志愿者]{I3}[620名]{C>I3}。",
        "[职工]{I1}[16名]{C>I1}，其中[厨师]{I2}[11名]{C>I2}，[志愿者]{I3}[620名]{C>I3}。",
        "[商户]{I1}[60家]{C>I1}，其中[餐馆]{I2}[40家]{C>I2}，今年关停[30家]{C>I1}。",
        "[商户]{I1}[60家]{C>I1}（其中[餐馆]{I2}[40家]{C>I2}）、[摊位]{I3}[90家]{C>I3}。",
        # Nothing is left for a further part.
        "[学员]{I1}[80人]{C>I1}，其中本科[50人]{C>I1}、大专[30人]{C>I1}、持证[60人]{C>I1}。",
        # The whole may be an earlier number.
        "[来信]{I1}[120件]{C>I1}、[来电]{I2}[35件]{C>I2}，其中[咨询]{I3}[90件]{C>I3}。",
        # The text says that the parts overlap.
        "[补贴]{P1}[80人]{C>P1}，其中甲类[50人]{C>P1}、乙类[60人]{C>P1}，两项重叠[30人]{C>P1}。",
        "[学员]{I1}[80人]{C>I1}，其中[畲族]{I2}[50人]{C>I2}，[住宿生]{I3}[60人]{C>I3}。",
        # A woman may be a farmer as well.
        "[学员]{I1}[80人]{C>I1}，其中女性[50人]{C>I1}、[农户]{I2}[60人]{C>I2}。",
        # 其中的 is of what was told before.
        "组织[小组]{I1}[4个]{C>I1}，走访了其中的[63个]{C>I2}[项目]{I2}。",
        # 其中 tells of something else first.
        "[剧目]{I1}[5部]{C>I1}，其中《渡口》获奖，演出[30部]{C>I1}。",
        "[学员]{I1}[80人]{C>I1}。其中[女学员]{I2}[95人]{C>I2}。",
    ],
)
def test_parts_that_fit(messages, line):
    assert messages(line) == []


def test_a_fact_that_was_left_out_is_no_whole(facts_of):
    facts = facts_of("[村]{I1}[20户]{C>I1}、[镇]{I2}[90户]{C>I2}，其中参保[30户]{C>I1}。")
    assert find_warnings(facts) == []
    assert [w["facts"] for w in find_warnings([facts[0], facts[2]])] == [[0, 1]]


PARTS = st.lists(st.integers(min_value=1, max_value=5000), min_size=2, max_size=5)
NAMES = "东西南北中"


def listed(whole, parts):
    texts = [f"[{NAMES[i]}片]{{I{i + 2}}}[{n}亩]{{C>I{i + 2}}}" for i, n in enumerate(parts)]
    return f"[茶园]{{I1}}[{whole}亩]{{C>I1}}，其中{'、'.join(texts)}。"


@quick
@given(PARTS, st.integers(min_value=0, max_value=1000))
def test_what_adds_up_never_warns(messages, parts, others):
    assert messages(listed(sum(parts) + others, parts)) == []


@quick
@given(PARTS, st.integers(min_value=1, max_value=1000))
def test_what_does_not_add_up_always_warns(messages, parts, excess):
    whole = max(1, sum(parts) - excess)
    assume(whole not in list(accumulate(parts))[1:])
    assert len(messages(listed(whole, parts))) == 1
