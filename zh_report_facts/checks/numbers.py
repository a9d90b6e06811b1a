"""Checks of quantities: what was left unmarked, cut off, or has the wrong label."""

import re
from collections.abc import Iterator

from ..report import Report
from ..schema import QUANTITIES
from .finding import Finding, covered, find_in

ARABIC = r"[0-9０-９][0-9０-９,，]*(?:[.．][0-9０-９]+)?(?:\s?[万亿千百])*"
# A bare 一 is rarely a result, 十件 or 千家 mostly rhetoric, and small Chinese numbers are told.
CHINESE = (
    r"(?:[一二三四五六七八九]?[十百千万亿][一二三四五六七八九十百千万亿零〇]+"
    r"|[一二三四五六七八九][十百千万亿]|[十百千万](?=[余多几]))"
)
SMALL = r"[二两三四五六七八九]"
UNITS = (
    "人次|件次|户次|场次|课时|航次|学时|[亿万]?(?:元|美元|港元|欧元)|％|%|个百分点|人|名|位|户|家|场|次|件|台|套|副|例|"
    "所|处|座|亩|张|辆|艘|吨|公里|平方公里|平方米|米|支|对|份|项(?!目)|条|篇|本|册|间|栋|只|头|株|棵|部|枚|块|床|席|"
    "盏|根|把|款|宗|笔|单(?!位)|起|节|堂|趟|期(?![间待满末初])|批|金(?![额融])|银(?!行)|铜|公斤|斤|公顷|盒|瓶|桶|包|箱|"
    "袋|个(?!月|小时|工作日|季度|年|星期|自然日|学期|五|百分点)"
)
UNMARKED = re.compile(
    rf"(?:{ARABIC}|{CHINESE})\s*[余多几]?\s*(?:{UNITS})"
    rf"|{SMALL}(?:人次|户|例|场(?!合)|辆|亩|所|成(?![员立长为功果本效绩就]))"
)
# 建成康复中心一个: a result only where nothing follows that it could describe.
ONE_AT_END = re.compile(
    r"(?:建成|新建|建有|成立|新增|获得?|荣获)[^，。；、,;\s]{2,16}一[个处所座家场支辆台套](?=[，。；、,;]|$)",
    re.MULTILINE,
)
# Ordinals, dates, document numbers, ratios, recaps and rates (每千人).
BEFORE = re.compile(
    r"(?:第|前|这|那|该|每|上述|以上|其他|其余|另外|最后|全部|周|届|附件)\s?\Z"
    r"|[0-9０-９.．/〔〕+—-]\Z|[0-9０-９][:：]\Z|[数几上以十百千万]\Z"
)
AFTER = re.compile(r"\s?(?:以?来|专班|联动|融合|合一|一体|共建|并举|会议|实事)")
# Numbers inside a name (“1+10”方案, 《十件实事》, 发〔2024〕12号) or an idiom.
NAMES = re.compile(
    r"“[^“”\n]{1,24}”|《[^《》\n]*》|\"[^\"\n]{1,24}\"|「[^「」\n]{1,24}」|〔[^〔〕\n]*〕|千家万户|千千万万"
)

APPROXIMATOR_BEFORE = re.compile(
    r"(?:大约|(?<![节预制条合契签公大])约|(?<![最附靠接])近|超过|(?<![高赶反])超|逾|不足|不到|不低于|"
    r"不少于|不超过|不高于|至少|至多|最多|最少|大概)\s?\Z"
)
APPROXIMATOR_AFTER = re.compile(
    r"\s?(?:左右|上下(?!联)|以上|以下|以内|有余|余(?![下款额名])|多(?=[人名户家个次]))"
)
UNIT_OF = {
    "MONEY": re.compile(r"元|币|圆|块|克朗|英镑|法郎|卢布|[毛角分]钱?$|[万亿]$"),
    "PERCENT": re.compile(r"%|％|‰|[百千]分|成|个点"),
}
MONEY_OR_PERCENT = re.compile(r"(?:[万亿]|\d)\s*元|%|％|百分")


def find_unmarked_numbers(report: Report) -> Iterator[Finding]:
    """Find numbers with a measure word that stand outside all spans."""
    marks = covered(report)
    for name in NAMES.finditer(report.text):
        marks[name.start() : name.end()] = b"\1" * len(name[0])
    for pattern in (UNMARKED, ONE_AT_END):
        for match in pattern.finditer(report.text):
            start, end = match.span()
            if (
                not any(marks[start:end])
                and not BEFORE.search(report.text, max(0, start - 4), start)
                and not AFTER.match(report.text, end)
            ):
                yield Finding(report, start, end, "number left unmarked")


def find_loose_approximators(report: Report) -> Iterator[Finding]:
    """Find approximators that stand next to their quantity instead of in it."""
    for entity in report.entities:
        if entity.label not in QUANTITIES:
            continue
        before = APPROXIMATOR_BEFORE.search(report.text, max(0, entity.start - 6), entity.start)
        after = APPROXIMATOR_AFTER.match(report.text, entity.end)
        if before or after:
            yield find_in(report, entity, "approximator outside its quantity")


def find_wrong_units(report: Report) -> Iterator[Finding]:
    """Find quantities whose unit is that of another label."""
    for entity in report.entities:
        text = report.span_text(entity)
        wrong = entity.label in UNIT_OF and not UNIT_OF[entity.label].search(text)
        if wrong or (entity.label == "COUNT" and MONEY_OR_PERCENT.search(text)):
            yield find_in(report, entity, "unit of another label", entity.label)
