import pytest

from zh_report_facts.checks import find_doubtful
from zh_report_facts.notation import parse_report


def found(*lines):
    """Kind and place of each finding in a report of these paragraphs."""
    report = parse_report("\n".join(lines), "r.ann")
    return [(f.kind, f.report.text[f.start : f.end]) for f in find_doubtful([report])]


@pytest.mark.parametrize(
    ("line", "place"),
    [
        ("全年走访36户。", "36户"),
        ("全年走访1,036 余户。", "1,036 余户"),
        ("拨付12.5万元。", "12.5万元"),
        ("拨付３０００元。", "３０００元"),
        ("完成率95%。", "95%"),
        ("走访一百二十人。", "一百二十人"),
        ("走访十余户。", "十余户"),
        ("救助两例。", "两例"),
        ("覆盖八成，", "八成"),
        ("每人每月100元", "100元"),
        ("建成康复中心一个。", "建成康复中心一个"),
    ],
)
def test_number_left_unmarked(line, place):
    assert found(line) == [("number left unmarked", place)]


@pytest.mark.parametrize(
    "line",
    [
        "2024年3月12日，第8期",
        "历时3个月、12天，每天8小时",
        "年满60岁，住3楼",
        "全县第3名，排第二十名",
        "镇政发〔2024〕12号",
        "落实《十件实事二十项》",
        "“一户一策”和“3+2个”模式",
        "电话0000-1234567",
        "走进千家万户，做了十件小事",
        "上述12个项目，前20名",
        "1.项目进展",
        "这是一个系列，一支队伍",
        "成为一个缩影",
    ],
)
def test_numbers_that_stay_unmarked(line):
    assert found(line) == []


def test_marked_numbers_are_left_in_peace():
    assert found("走访[1,036 余户]{C}，[一百二十人]{C}") == []


@pytest.mark.parametrize(
    "line",
    ["约[30户]{C}", "超过 [30户]{C}", "不少于[30户]{C}", "[30户]{C}左右", "[30户]{C} 以上"],
)
def test_approximator_outside_its_quantity(line):
    assert found(line) == [("approximator outside its quantity", "30户")]


@pytest.mark.parametrize("line", ["签约[30户]{C}", "最近[30户]{C}", "[30户]{C}上下联动"])
def test_words_that_only_look_like_approximators(line):
    assert found(line) == []


@pytest.mark.parametrize("line", ["[30户]{M}", "[30户]{R}", "[30万元]{C}", "[30%]{C}"])
def test_unit_of_another_label(line):
    assert [kind for kind, _ in found(line)] == ["unit of another label"]


@pytest.mark.parametrize(
    ("line", "kind"),
    [
        ("[开展义诊]{P1}", "leading verb in a head"),
        ("[发放补贴]{P1}", "leading verb in a head"),
        ("[义诊工作]{P1}", "trailing 工作 or the like in a head"),
        ("[补贴发放情况]{P1}", "trailing 工作 or the like in a head"),
        ("[轮椅]{I1}", "ITEM without a number"),
        ("[义诊、]{P1}", "punctuation or particle at a span's edge"),
        ("[的义诊]{P1}", "punctuation or particle at a span's edge"),
        ("[“送暖]{P1}”行动", "half a pair of quotes or brackets in a span"),
        ("[" + "很长的名字" * 7 + "]{P1}", "overlong span"),
    ],
)
def test_bad_heads(line, kind):
    assert [kind for kind, _ in found(line)] == [kind]


@pytest.mark.parametrize(
    "line",
    [
        "[启动仪式]{P1}",
        "[社会工作]{P1}",
        "[“送暖”行动（试点）]{P1}",
        "[法律知识普及]{P1}",
        "[完成率]{I1}[95%]{R>I1}",
        "[等级证书]{I1}[5本]{C>I1}",
    ],
)
def test_good_heads(line):
    assert found(line) == []


@pytest.mark.parametrize(
    ("line", "place"),
    [
        ("由[14户]{C}增至[16户]{C}", "14户"),
        ("从每月[80元]{M:STANDARD}提高到[100元]{M:STANDARD}", "80元"),
        ("较去年[14户]{C}多", "14户"),
        ("同比增长[5%]{R}", "5%"),
        ("减少了[5户]{C:TARGET}", "5户"),
        ("每人每月[100元]{M}", "100元"),
        ("人均[100元]{M:TARGET}", "100元"),
        ("按[100元]{M}/人补助", "100元"),
        ("力争[100户]{C}", "100户"),
        ("计划新建[100户]{C}", "100户"),
    ],
)
def test_role_against_its_cue(line, place):
    assert ("role against its cue", place) in found(line)


@pytest.mark.parametrize(
    "line",
    [
        "由[14户]{C:BASELINE}增至[16户]{C}",
        "由[14户]{C}志愿者承担",
        "同比增长[5%]{R:CHANGE}",
        "增加到[5户]{C}，提升[5家]{C}",
        "力争每人每月[100元]{M:STANDARD}",
        "[三年计划]{P1}[100户]{C>P1}",
        "代拟[3份]{C}",
        "每人[100元]{M:STANDARD}，惠及[5户]{C}",
    ],
)
def test_role_that_fits_its_cue(line):
    assert found(line) == []


def test_role_without_a_cue():
    assert found("发放[5户]{C:CHANGE}") == [("role without a cue", "5户")]


def test_far_head_past_one_without_a_number():
    far = "[义诊]{P1}有序开展。[讲座]{P2}惠及[5户]{C>P1}。"
    assert found(far) == [("far head past one without a number", "5户")]
    assert found(far.replace("{C>P1}", "{C>P2}")) == []
    assert found("[义诊]{P1}有序开展。[讲座]{P2}[3场]{C>P2}惠及[5户]{C>P1}。") == []


def test_same_text_under_another_label():
    line = "[岗位]{I1}[5个]{C>I1}"
    assert found(line, line, "[岗位]{P1}[5个]{C>P1}") == [("same text, another label", "岗位")]
    # As often the one as the other: the guideline allows both.
    assert found(line, "[岗位]{P1}[5个]{C>P1}") == []


def test_name_left_unmarked():
    line = "[暖阳送餐行动]{P1}"
    missed = ("name left unmarked", "暖阳送餐行动")
    assert found(line, line, "继续暖阳送餐行动。", "见《暖阳送餐行动方案》。") == [missed]
    assert found(line, "继续暖阳送餐行动。") == []


def test_context_stays_in_its_paragraph():
    report = parse_report("上一段\n全年走访36户。\n下一段", "r.ann")
    (finding,) = find_doubtful([report])
    assert finding.context == "…全年走访【36户】。…"
