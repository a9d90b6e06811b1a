import pytest

KIND = "two-values"


FIRST = "全县完成[农村水窖修缮]{P1}[1203户]{C>P1}，好评如潮。"
SECOND = "到年底，[农村水窖修缮]{P1}共完成[1230户]{C>P1}。"


def test_one_thing_with_two_values(messages):
    assert messages(FIRST, "其他工作也有进展。", SECOND.replace("到年底，", "")) == [
        "农村水窖修缮有两个不同的数：1203户和1230户。"
    ]


@pytest.mark.parametrize("other", ["1320户", "12030户", "1350户"])
def test_slips_and_numbers_near_by(messages, other):
    assert len(messages(FIRST, FIRST.replace("1203户", other))) == 1


def test_three_values_warn_once(messages):
    assert len(messages(FIRST, *(FIRST.replace("1203", n) for n in ("1230", "1302")))) == 1


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("1203户", "1203户"),
        ("1203户", "1200余户"),
        ("1203户", "0.12万户"),
        # Far from each other: they hardly speak of the same.
        ("1203户", "450户"),
        # Another programme, role, verb, place, time, part.
        ("农村水窖修缮", "城镇水管修缮"),
        ("C>P1}", "C>P1:TARGET}"),
        ("完成", "受理"),
        ("完成", "沙口镇完成"),
        ("完成", "3月完成"),
        ("完成", "其中完成"),
        ("全县完成", "去年全县完成"),
        ("全县完成", "全市完成"),
        ("全县完成", "累计完成"),
    ],
)
def test_two_statements_that_agree_or_speak_of_something_else(messages, old, new):
    second = FIRST.replace("1203户", "1230户") if old != "1203户" else FIRST
    assert old in second
    lines = (f"今年{FIRST}", second.replace(old, new))
    assert messages(*lines) == []


def test_statements_of_two_years(messages):
    assert messages("2023年的情况。", FIRST, "2024年的情况。", FIRST.replace("1203", "1230")) == []


def test_one_paragraph_may_go_through_places(messages):
    assert messages(FIRST + FIRST.replace("1203", "1230").replace("P1", "P2")) == []


def test_short_names_small_numbers_and_bare_lists(messages):
    for line in (
        "全县完成[助浴]{P1}[1203户]{C>P1}。",
        "全县完成[农村水窖修缮]{P1}[12户]{C>P1}。",
        "[农村水窖修缮]{P1}[1203户]{C>P1}。",
        "全县完成[水窖]{I1}[1203口]{C>I1}。",
    ):
        assert messages(line, line.replace("12", "13")) == []
