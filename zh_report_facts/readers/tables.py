"""Writes a table's rows as sentences, so that each number stands with its name and unit.

    项目                金额（万元）   人数(人)
    困难残疾人生活补贴   764.3         21083

becomes 困难残疾人生活补贴，金额764.3万元，人数21083人。

The unit comes from the header of the column (金额：万元, 金额/万元, 完成% too), from the name of
the row or a column 单位, or from a line over the table (单位：万元, 金额：万元), in this order.
Of that line counts (人数) take no currency, money takes nothing else, and rates, dates, numbers
of telephones and codes take nothing. A number that has its own unit keeps it.
The header itself, serial numbers, empty cells, dashes and marks of notes are not repeated.
"""

import re
from collections.abc import Sequence
from itertools import pairwise
from typing import NamedTuple

from ..quantity.units import CURRENCIES

_SCALE = "[百千万亿]*"
# 块 counts pieces in a table.
_NAMES = "|".join(["元", *(word for word, code in CURRENCIES.items() if code not in ("CNY", word))])
_CURRENCY = f"(?:人民币)?{_SCALE}(?:{_NAMES})"
_WORD = (
    "(?:人|名|户|个|件|台|套|辆|车次|班次|册|场|次|期|批|家|所|座|处|张|床|份|门|岁|条|项|头|只|"
    "棵|株|村|间|对|起|例|篇|部|本|枚|块|支|副|幅|宗|笔|小时|课时|学时|天|年(?![/／·]月)|亩|"
    "公顷|米|毫米|厘米|千米|公里|平方米|平方千米|平方公里|立方米|方|升|毫升|吨|吨标准煤|斤|"
    "公斤|千克|克|千瓦|兆瓦|千瓦时|兆瓦时|度|㎡|㎥|㎞|㎏)"
)
# 5G is a name.
_SYMBOL = "(?:(?i:km[²³]?|kg|[km]wh?)|[cm]?m[²³]?|t)"
# 人次, 台（套）
_MEASURE = f"{_SCALE}(?:{_WORD}次?(?:（{_WORD}）|[(]{_WORD}[)])?|{_SYMBOL})"
# What one pays or counts for; 每千人 and the like are left to be read by eye.
_EACH = r"(?![百千万亿](?![瓦米克]))[^\W\d_每]{1,5}"
_PER = f"[/／]?每{_EACH}|[/／·]{_EACH}|[/／][（(]{_EACH}(?:[/／·]{_EACH})*[）)]"
_UNIT = f"(?:{_CURRENCY}|{_MEASURE}|个?百分点|%|％|‰)(?:{_PER})*"
_WITH_UNIT = re.compile(
    rf"(?P<name>.+?)(?:[（(](?:单位[:：])?(?P<bracket>{_UNIT})[）)]|[:：/／](?P<tail>{_UNIT}))"
)
_UNIT_ABOVE = re.compile(rf".*(?:单位|金额)\s*[:：]\s*(?P<unit>{_UNIT})[）)]?")
_COUNTS = re.compile(".*(?:(?<!算)(?<!执行)(?<!调整)数|数量|人次|户次)")
_SUMS = re.compile(".*(?:金额|资金|经费|收入|支出|标准)")
_WITHOUT_UNIT = re.compile(
    ".*(?:率|比重|占比|比例|增幅|电话|手机|邮编|编码|代码|编号)|年份|年度|.*(?:时间|日期)"
)
_UNIT_COLUMN = re.compile("(?:计量)?单位")
_FIGURES = r"(?:\d{1,3}(?:\s\d{3})+|\d[\d,，]*)(?:[.．]\d+)?"
_NUMBER = re.compile(rf"[约近超≥≧≤≦>＞<＜]?\s?[-－−]?{_FIGURES}(?:[-—~～至]{_FIGURES})?[余多]?")
_VALUE = re.compile(rf"(?:{_NUMBER.pattern})\s?(?:{_UNIT})?")
_YEAR = re.compile(r"(?:19|20)\d\d年?")
_SERIAL = re.compile("序号|编号|序|No[.]?|№|#", re.IGNORECASE)
_NOTHING = re.compile(r"[-—–/／\\]*")
# The mark of a note; m² is a unit, and 张** a name that is not to be known.
_NOTE = re.compile(
    r"(?<=\S)(?:[①-⑳※]|(?<=[\d)）])[*]+|(?<![A-Za-z米])[⁰¹²³⁴-⁹]+|[\[［]\d{1,2}[\]］])+$"
)
# A longer cell holds a paragraph: the table is there for the layout.
_LONGEST_CELL = 150


class _Name(NamedTuple):
    """What a header or the head of a row says."""

    name: str
    unit: str | None


def is_data(rows: Sequence[Sequence[str]]) -> bool:
    """Whether a table holds data and not the layout of a page.

    rows (Sequence[Sequence[str]]): text of its cells.
    RETURNS (bool): True for two rows or more with two short cells or more each.
    """
    return (
        len(rows) >= 2
        and sum(len(row) >= 2 for row in rows) >= 2
        and all(len(cell) <= _LONGEST_CELL for row in rows for cell in row)
    )


def write_rows(rows: Sequence[Sequence[str]], above: str = "") -> list[str]:
    """Write each row of a table as a sentence.

    rows (Sequence[Sequence[str]]): text of its cells, without white space at the ends; a cell that
        spans others is repeated.
    above (str): the line over the table, which may name a unit.
    RETURNS (list[str]): a sentence for each row that says something, without the header's.
    """
    match = _UNIT_ABOVE.fullmatch(above)
    unit = match["unit"] if match else None
    sentences = []
    rows = [[_NOTE.sub("", cell) for cell in row] for row in rows]
    # A title and 单位：万元 may also stand in the table, in one cell over all columns.
    while rows and len(set(rows[0])) == 1:
        if match := _UNIT_ABOVE.fullmatch(rows[0][0]):
            unit = match["unit"]
        elif rows[0][0]:
            sentences.append(rows[0][0])
        rows = rows[1:]
    header: list[_Name] = []
    if len(rows) > 1 and not any(map(_is_value, rows[0])):
        depth = _count_header_rows(rows)
        header = [_read_header(column) for column in zip(*rows[:depth], strict=False)]
        rows = rows[depth:]
    return sentences + [sentence for row in rows if (sentence := _write_row(row, header, unit))]


def _count_header_rows(rows: Sequence[Sequence[str]]) -> int:
    """Count the rows of a header: it goes on where a cell reaches down or is parted below."""
    for depth, (upper, lower) in enumerate(pairwise(rows[:-1]), 1):
        # In a table without a header neighbours may agree; what has no digits tells no facts.
        reaches_down = not any(map(_has_digit, lower)) and any(
            cell and cell == below for cell, below in zip(upper, lower)
        )
        is_parted = any(
            a and a == b and below_a != below_b
            for (a, b), (below_a, below_b) in zip(pairwise(upper), pairwise(lower))
        )
        if any(map(_is_value, lower)) or not (reaches_down or is_parted):
            return depth
    return len(rows) - 1


def _has_digit(cell: str) -> bool:
    return any(character.isdigit() for character in cell)


def _is_value(cell: str) -> bool:
    return bool(_VALUE.fullmatch(cell)) and not _YEAR.fullmatch(cell)


def _is_money(unit: str | None) -> bool:
    return unit is not None and bool(re.match(_CURRENCY, unit))


def _read_header(cells: Sequence[str]) -> _Name:
    """Read the cells of a column's header, from the top down."""
    names = [_read_name(cell) for cell in dict.fromkeys(cells)]
    units = [name.unit for name in names if name.unit]
    return _Name("".join(name.name for name in names), units[-1] if units else None)


def _read_name(cell: str) -> _Name:
    match = _WITH_UNIT.fullmatch(cell)
    if match:
        return _Name(match["name"], match["bracket"] or match["tail"])
    if cell.endswith(("%", "％")) and not _is_value(cell):
        return _Name(cell[:-1], "%")
    return _Name(cell.removesuffix("年") + "年" if _YEAR.fullmatch(cell) else cell, None)


def _general_unit(column: str, row: str, unit: str | None) -> str:
    """What a cell takes of the unit of the whole table."""
    other = _COUNTS if _is_money(unit) else _SUMS
    if unit is None or other.fullmatch(column):
        return ""
    return "" if _WITHOUT_UNIT.fullmatch(column) or _WITHOUT_UNIT.fullmatch(row) else unit


def _write_row(row: Sequence[str], header: Sequence[_Name], unit: str | None) -> str:
    parts: list[str] = []
    head = _Name("", None)
    before = ""
    for i, cell in enumerate(row):
        column = header[i] if i < len(header) else _Name("", None)
        spanned = cell == before and not _is_value(cell)
        before = cell
        if spanned or _NOTHING.fullmatch(cell) or _SERIAL.fullmatch(column.name):
            continue
        if _UNIT_COLUMN.fullmatch(column.name) and re.fullmatch(_UNIT, cell):
            head = head._replace(unit=cell)
        elif _NUMBER.fullmatch(cell) and (parts or column.name):
            own = column.unit or head.unit or _general_unit(column.name, head.name, unit)
            parts.append(column.name + cell + own)
        elif not parts:
            head = _read_name(cell)
            parts.append(head.name)
        elif not column.name or _has_digit(cell):
            parts.append(column.name + cell)
        else:
            parts.append(f"{column.name}：{cell}")
    return "，".join(parts).rstrip("。；;") + "。" if parts else ""
