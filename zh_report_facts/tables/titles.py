"""What the reader of a workbook is told: names and widths of the columns, and what they hold."""

from typing import NamedTuple


class Column(NamedTuple):
    """A column of a sheet.

    title (str): its name for the reader.
    width (int): in characters of half width.
    about (str): what it holds.
    wrap (bool): whether text runs over several lines.
    hidden (bool): whether it is folded away; it can be unfolded above the sheet.
    """

    title: str
    width: int
    about: str
    wrap: bool = False
    hidden: bool = False


FACTS = {
    "report": Column("报告", 20, "报告名称"),
    "file": Column("文件", 24, "报告所在的文件", hidden=True),
    "page": Column("页", 6, "数字所在页，从1起；没有分页的文件空着"),
    "paragraph": Column("段", 6, "数字所在段，从1起"),
    "start": Column("起", 8, "数字在正文中的起始字符位置，从0起", hidden=True),
    "end": Column("止", 8, "数字末字之后的字符位置", hidden=True),
    "number": Column("数字", 14, "原文写法，去掉空白", wrap=True),
    "label": Column("类别", 10, "COUNT 数量，MONEY 金额，PERCENT 百分比"),
    "role": Column(
        "性质", 11, "ACTUAL 实际，TARGET 目标，BASELINE 基数，CHANGE 增减，STANDARD 标准"
    ),
    "programs": Column("项目", 28, "数字所说的项目，几个之间用顿号", wrap=True),
    "items": Column("对象", 20, "数字所计的人、物或比率，几个之间用顿号", wrap=True),
    "value": Column("数值", 16, "准确数值，区间的下限；读不出的空着"),
    "high": Column("上限", 12, "区间的上限"),
    "unit": Column(
        "单位", 8, "量词照原文；金额为币种代码；% 百分比，‰ 千分比，‱ 万分比，pp 百分点"
    ),
    "bound": Column("约数", 8, "exact 准数，about 约，over 以上，under 以下"),
    "score": Column("可信度", 8, "整条都对的概率，0至1"),
    "sentence": Column("原句", 80, "数字所在的句子，数字加粗", wrap=True),
    "sentence_start": Column("句起", 8, "句子在正文中的起始字符位置", hidden=True),
    "program_spans": Column("项目位置", 30, "各项目的位置和可信度", hidden=True),
    "item_spans": Column("对象位置", 30, "各对象的位置和可信度", hidden=True),
    "warnings": Column("提示", 50, "与这个数字有关的提示", wrap=True),
}
WARNINGS = {
    "report": Column("报告", 20, "报告名称"),
    "page": Column("页", 6, "所在页"),
    "paragraph": Column("段", 6, "所在段"),
    "kind": Column("种类", 24, "提示的种类"),
    "message": Column("提示", 60, "需要核对什么", wrap=True),
    "sentence": Column("原句", 80, "有关的句子，数字加粗", wrap=True),
}
TOTALS = {
    "programs": Column("项目", 28, "项目；几个项目共有的数字单列一行", wrap=True),
    "items": Column("对象", 20, "对象", wrap=True),
    "role": Column("性质", 11, "只有ACTUAL（实际）才相加"),
    "label": Column("类别", 10, "百分比不相加"),
    "unit": Column("单位", 8, "单位不同不相加：人与人次，一种货币与另一种"),
    "sign": Column("约", 4, "合计的准确程度：≈ 大约，≥ 至少，≤ 至多；空着为准数"),
    "total": Column("合计", 18, "各报告之和；空着的没有可以相加的数"),
    "reports": Column("报告数", 8, "有这种数字的报告有几份"),
    "facts": Column("数字数", 8, "这种数字有几个"),
    "added": Column("计入", 8, "其中几个计入合计"),
    "left_out": Column("未计入", 36, "其余的为何没有计入", wrap=True),
    "lowest": Column("最小", 16, "所有数字中最小的"),
    "highest": Column("最大", 16, "所有数字中最大的"),
    "score": Column("可信度", 8, "计入的数字中最低的可信度"),
}
ABOUT = {
    "topic": Column("项", 24, ""),
    "text": Column("说明", 100, "", wrap=True),
}

# Why a fact is not added up, as the totals name it.
REASONS = {
    "非实际数": "目标、基数、增减和标准都不能相加",
    "百分比": "百分比不能相加",
    "未找到对象": "不知道数字说的是什么",
    "未读出": "没有读出数值或单位",
    "区间": "只知道在两个数之间",
    "各自之数": "如“甲镇、乙镇各1个”：只说每个是多少，没有说一共多少，请看原句",
    "同篇重复": "同一份报告里同样的数又说了一遍，只计一次",
    "同篇数值不一": "同一份报告里同一项目、对象和单位有几个不同的数，多是总数与其中的部分、"
    "办理的几个步骤，或当年数与累计数，都不相加，请看原句",
    "重复报告": "正文与前面的一份报告相同",
}
