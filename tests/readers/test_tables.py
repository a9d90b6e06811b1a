import pytest

from zh_report_facts.readers.tables import is_data, write_rows


@pytest.mark.parametrize(
    ("header", "cell", "written"),
    [
        ("金额（万元）", "764.3", "金额764.3万元"),
        ("金额(万元)", "1,203", "金额1,203万元"),
        ("金额：万元", "12", "金额12万元"),
        ("金额/万元", "12", "金额12万元"),
        ("金额（单位：元）", "80", "金额80元"),
        ("标准（元/人）", "80", "标准80元/人"),
        ("完成率（%）", "94.97", "完成率94.97%"),
        ("适配（件（套））", "610", "适配610件（套）"),
        ("人数（含儿童）", "5", "人数（含儿童）5"),
        ("人数", "5人", "人数5人"),
        ("人数（人）", "5", "人数5人"),
        ("2023", "5", "2023年5"),
        ("备注", "已完成", "备注：已完成"),
    ],
)
def test_cell_with_its_header(header, cell, written):
    assert write_rows([["项目", header], ["轮椅适配", cell]]) == [f"轮椅适配，{written}。"]


def test_what_is_not_repeated():
    rows = [["序号", "项目", "数量（辆）", "备注"], ["1", "轮椅", "120", "—"], ["", "", "", ""]]
    assert write_rows(rows) == ["轮椅，数量120辆。"]


def test_unit_over_the_table():
    rows = [["项目", "计划", "支出"], ["护理补贴", "1300", "1203"]]
    expected = ["护理补贴，计划1300万元，支出1203万元。"]
    assert write_rows(rows, above="（单位：万元）") == expected
    assert write_rows([["单位：万元"] * 3, *rows]) == expected
    assert write_rows([["2023年资金情况"] * 3, *rows], above="单位：万元") == [
        "2023年资金情况",
        *expected,
    ]


@pytest.mark.parametrize("above", ["各项补贴（金额：万元）", "单位：万元"])
def test_a_currency_over_the_table_is_none_of_counts(above):
    rows = [["项目", "发放金额", "受益人数"], ["临时救助", "38.6", "412"]]
    assert write_rows(rows, above=above) == ["临时救助，发放金额38.6万元，受益人数412。"]


def test_unit_in_the_name_of_the_row():
    rows = [["指标", "护理补贴", "生活补贴"], ["金额（万元）", "1203", "764.3"]]
    assert write_rows(rows) == ["金额，护理补贴1203万元，生活补贴764.3万元。"]


def test_header_of_two_rows():
    rows = [
        ["项目", "补贴（万元）", "补贴（万元）"],
        ["项目", "计划", "支出"],
        ["护理", "13", "12"],
    ]
    assert write_rows(rows, depth=2) == ["护理，补贴计划13万元，补贴支出12万元。"]


def test_table_without_header():
    assert write_rows([["轮椅", "120辆"], ["拐杖", "30副"]]) == ["轮椅，120辆。", "拐杖，30副。"]


def test_group_of_rows():
    rows = [["项目", "金额（万元）"], ["一、补贴类", "一、补贴类"], ["护理补贴", "12"]]
    assert write_rows(rows) == ["一、补贴类。", "护理补贴，金额12万元。"]


def test_layout_is_no_data():
    assert not is_data([["县残联推进康复服务。" * 20, "首页"], ["一", "二"]])
    assert not is_data([["甲", "乙"]])
    assert is_data([["项目", "数量"], ["轮椅", "3"]])
