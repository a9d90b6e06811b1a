from decimal import Decimal

import pytest

from zh_report_facts.quantity.parse import parse_quantity
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
        ("捐赠（万英镑）", "3.2", "捐赠3.2万英镑"),
        ("轮椅垫（块）", "12", "轮椅垫12块"),
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


@pytest.mark.parametrize(
    ("unit", "label", "value", "name"),
    [
        ("元/人·月", "MONEY", "12.5", "CNY"),
        ("元/人/月", "MONEY", "12.5", "CNY"),
        ("元/（人·月）", "MONEY", "12.5", "CNY"),
        ("元每人每月", "MONEY", "12.5", "CNY"),
        ("元/亩", "MONEY", "12.5", "CNY"),
        ("万元/公里", "MONEY", "125000", "CNY"),
        ("元/千瓦时", "MONEY", "12.5", "CNY"),
        ("万千瓦", "COUNT", "125000", "千瓦"),
        ("亿千瓦时", "COUNT", "1250000000", "千瓦时"),
        ("万吨标准煤", "COUNT", "125000", "吨标准煤"),
        ("万亩次", "COUNT", "125000", "亩次"),
        ("台次", "COUNT", "12.5", "台次"),
        ("台（套）", "COUNT", "12.5", "台（套）"),
        ("万立方米", "COUNT", "125000", "立方米"),
        ("平方公里", "COUNT", "12.5", "平方公里"),
        ("万m²", "COUNT", "125000", "m²"),
        ("㎡", "COUNT", "12.5", "㎡"),
        ("公斤/亩", "COUNT", "12.5", "公斤/亩"),
        ("百分点", "PERCENT", "12.5", "pp"),
    ],
)
def test_unit_of_a_column(unit, label, value, name):
    for header in (f"数值（{unit}）", f"数值：{unit}"):
        assert write_rows([["项目", header], ["甲", "12.5"]]) == [f"甲，数值12.5{unit}。"]
    assert parse_quantity(f"12.5{unit}", label)[::2] == (Decimal(value), name)


@pytest.mark.parametrize("header", ["床位（张/千人）", "时间（年/月/日）", "设备（5G）"])
def test_what_is_no_unit_stays_in_the_header(header):
    assert write_rows([["地区", header], ["张庄镇", "6.5"]]) == [f"张庄镇，{header}6.5。"]


@pytest.mark.parametrize(
    ("cell", "value", "bound"),
    [
        ("≥95", "95", "over"),
        ("≤ 3", "3", "under"),
        (">100", "100", "over"),
        ("＜1,200", "1200", "under"),
        ("－3.5", "-3.5", "exact"),
        ("1 234", "1234", "exact"),
        ("12 345.6", "12345.6", "exact"),
        ("1\xa0234\xa0567", "1234567", "exact"),
        ("1\u2009234", "1234", "exact"),
        ("１２．５", "12.5", "exact"),
    ],
)
def test_cell_that_is_a_number(cell, value, bound):
    rows = [["项目", "数量（人）"], ["甲", cell]]
    assert write_rows(rows) == [f"甲，数量{cell}人。"]
    read = parse_quantity(f"{cell}人", "COUNT")
    assert (read.value, read.bound) == (Decimal(value), bound)


@pytest.mark.parametrize("cell", ["≥95", "1 234", "764.3 万元"])
def test_a_row_with_a_number_is_no_header(cell):
    assert write_rows([["甲", cell], ["乙", "12"]]) == [f"甲，{cell}。", "乙，12。"]


@pytest.mark.parametrize("mark", ["①", "[1]", "［12］", "¹", "※"])
def test_marks_of_notes_are_left_out(mark):
    rows = [[f"项目{mark}", f"人数（人）{mark}"], [f"轮椅{mark}", f"1200{mark}"]]
    assert write_rows(rows) == ["轮椅，人数1200人。"]


def test_what_only_looks_like_a_mark_of_a_note():
    rows = [["指标", "单位", "2023年"], ["①面积", "m²", "120*"], ["张**", "元", "5"]]
    assert write_rows(rows) == ["①面积，2023年120m²。", "张**，2023年5元。"]


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
    assert write_rows(rows) == ["护理，补贴计划13万元，补贴支出12万元。"]


def test_header_of_three_rows():
    rows = [
        ["项目", "补贴", "补贴", "补贴", "备注"],
        ["项目", "人数（人）", "人数（人）", "金额（万元）", "备注"],
        ["项目", "男", "女", "金额（万元）", "备注"],
        ["护理", "13", "12", "1.5", "按月"],
    ]
    assert write_rows(rows) == [
        "护理，补贴人数男13人，补贴人数女12人，补贴金额1.5万元，备注：按月。"
    ]


def test_header_with_a_row_of_remarks():
    rows = [["项目", "计划", "实际"], ["项目", "（年初）", "（年末）"], ["护理", "13", "12"]]
    assert write_rows(rows) == ["护理，计划（年初）13，实际（年末）12。"]


def test_rows_that_agree_make_no_header():
    rows = [["科室", "工作"], ["康复科", "救助儿童5人"], ["康复科", "适配辅具7件"], ["办公室", "—"]]
    assert write_rows(rows) == [
        "康复科，工作救助儿童5人。",
        "康复科，工作适配辅具7件。",
        "办公室。",
    ]
    assert "适配辅具7件" in write_rows(rows[1:])[0]


def test_cells_that_span_the_same_columns_make_no_header():
    rows = [["项目", "项目", "进展"], ["护理", "护理", "已完成"], ["生活", "生活", "未完成"]]
    assert write_rows(rows) == ["护理，进展：已完成。", "生活，进展：未完成。"]


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
    assert write_rows([*rows, *data]) == [
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
