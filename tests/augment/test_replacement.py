import pytest

from zh_report_facts.augment.replacement import Replacement, replace
from zh_report_facts.notation import format_report, parse_report

REPORT = parse_report(
    "小结\n[暖阳送餐]{P1}服务[36户]{C>P1,I1}[独居老人]{I1}，明年[40户]{C>P1:TARGET}。\n[3人]{C}来。\n",
    "r",
)


def edited(*replacements):
    return format_report(replace(REPORT, [Replacement(*r) for r in replacements]))


def test_no_replacement_changes_nothing():
    assert replace(REPORT, []) == REPORT


def test_an_insertion_at_an_edge_stays_outside_and_one_inside_belongs_to_the_entity():
    assert edited((3, 3, "“"), (7, 7, "”"), (10, 10, " ")) == (
        "小结\n“[暖阳送餐]{P1}”服务[3 6户]{C>P1,I1}[独居老人]{I1}，明年[40户]{C>P1:TARGET}。\n"
        "[3人]{C}来。\n"
    )
    # 36户 and 独居老人 stand side by side: what comes between belongs to neither.
    assert "[36户]{C>P1,I1}的[独居老人]{I1}" in edited((12, 12, "的"))


def test_a_replaced_entity_keeps_its_label_and_links():
    assert edited((3, 7, "上门理发"), (9, 11, "三十六"), (2, 3, "：")) == (
        "小结：[上门理发]{P1}服务[三十六户]{C>P1,I1}[独居老人]{I1}，明年[40户]{C>P1:TARGET}。\n"
        "[3人]{C}来。\n"
    )


def test_a_deleted_entity_is_gone_from_the_relations():
    assert edited((3, 9, "")) == (
        "小结\n[36户]{C>I1}[独居老人]{I1}，明年[40户]{C:TARGET}。\n[3人]{C}来。\n"
    )
    assert edited((9, 12, ""), (24, 27, "无人来")) == (
        "小结\n[暖阳送餐]{P1}服务[独居老人]{I1}，明年[40户]{C>P1:TARGET}。\n无人来。\n"
    )


def test_order_does_not_matter():
    several = [Replacement(3, 3, "“"), Replacement(7, 7, "”"), Replacement(20, 21, "四")]
    assert replace(REPORT, several) == replace(REPORT, several[::-1])


def test_overlaps_and_cut_entities_are_refused():
    with pytest.raises(ValueError, match="overlaps"):
        replace(REPORT, [Replacement(0, 2, "总结"), Replacement(1, 2, "")])
    for start, end in ((2, 4), (6, 8), (8, 10)):
        with pytest.raises(ValueError, match="cuts"):
            replace(REPORT, [Replacement(start, end, "甲")])
