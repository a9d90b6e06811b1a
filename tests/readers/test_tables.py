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


def test_a_title_over_the_columns_makes_no_header_of_the_first_row():
    rows = [["2024年社会救助情况表"] * 3, ["项目", "人数（人）", "金额（万元）"]]
    data = [["生活补贴", "120", "5.5"], ["护理补贴", "80", "4.4"]]
    assert write_rows([*rows, *data], depth=2) == [
        "2024年社会救助情况表",
        "生活补贴，人数120人，金额5.5万元。",
        "护理补贴，人数80人，金额4.4万元。",
    ]


def test_a_budget_keeps_its_amounts_and_shares():
    rows = [["项目", "预算数", "决算数", "为预算的%"], ["护理补贴", "11500", "12000", "104.3"]]
    assert write_rows(rows, above="单位：万元") == [
        "护理补贴，预算数11500万元，决算数12000万元，为预算的104.3%。"
    ]


@pytest.mark.parametrize(
    ("unit", "header", "cell"),
    [
        ("户", "完成率", "95"),
        ("人", "占总人口比重", "5.2"),
        ("人", "户均收入", "3000"),
        ("人", "联系电话", "85551234"),
        ("万元", "项目编码", "2080501"),
        ("人", "年份", "2022"),
    ],
)
def test_the_unit_over_the_table_is_none_of_other_things(unit, header, cell):
    rows = [["乡镇", header, "完成"], ["张庄镇", cell, "12"]]
    assert write_rows(rows, above=f"单位：{unit}") == [f"张庄镇，{header}{cell}，完成12{unit}。"]


def test_a_rate_in_the_name_of_the_row_takes_no_unit():
    rows = [["指标", "2024年"], ["参保人数", "13.1"], ["参保率", "98.5"]]
    assert write_rows(rows, above="单位：万人") == [
        "参保人数，2024年13.1万人。",
        "参保率，2024年98.5。",
    ]


def test_a_column_of_units():
    rows = [
        ["指标", "计量单位", "2023年"],
        ["参保人数", "万人", "12.5"],
        ["基金收入", "亿元", "3.5"],
    ]
    assert write_rows(rows) == ["参保人数，2023年12.5万人。", "基金收入，2023年3.5亿元。"]
    # 单位 may also be an organisation.
    rows = [["单位", "人数（人）"], ["张庄镇残联", "12"]]
    assert write_rows(rows) == ["张庄镇残联，人数12人。"]
