"""Parse the text of a quantity into its normal form: value, high end, unit and bound.

    quantity := end | end to end
    end      := before* [prefix before*] number after* unit [tenths] after*

`numerals` reads the number, `units` the unit and the prefix; before and after are approximators.
"""

import re
from collections.abc import Mapping
from decimal import Decimal
from functools import lru_cache
from typing import NamedTuple

from .numerals import EXACT, NUMERAL, THOUSANDS_OF, plain, read_span, simplify
from .units import CURRENCIES, PREFIXES, Unit, by_word, read_unit

# A longer text is no quantity.
LONGEST = 80


class Quantity(NamedTuple):
    """The normal form of a quantity.

    value (Decimal | None): the number, the low end of a range; None where it cannot be read.
    high (Decimal | None): the high end of a range.
    unit (str | None): measure word as written, ISO 4217 code, `%`, `‰`, `‱` or `pp`.
    bound (str): exact, about, over or under.
    """

    value: Decimal | None
    high: Decimal | None
    unit: str | None
    bound: str


UNREAD = Quantity(None, None, None, "exact")

_BEFORE = by_word(
    {
        "about": "约 大约 约为 大概 大致 差不多 好",
        "over": "超 超过 逾 过 上 不少于 不低于 不小于 不得少于 不得低于 不下 不下于 不止 至少 "
        "最少 起码 多于 高于 大于 ≥ ≧ > ＞",
        "under": "近 将近 接近 不过 不超 不超过 不多于 不高于 不大于 不得超过 不得高于 不得多于 "
        "至多 最多 顶多 不到 不足 不满 未满 少于 低于 小于 ≤ ≦ < ＜",
    }
)
_AFTER = by_word(
    {
        "about": "左右 上下 来 把",
        "over": "+ ＋ 余 多 稍多 多一点 有余 还多 还要多 以上 及以上 开外 出头 不止",
        "under": "以内 之内 以下 及以下 不到 不足",
    }
)
_BOUNDS = _BEFORE | _AFTER
_DIGIT = "0-9一二两三四五六七八九"
# Approximators only in 上百, 过万, 好几十, 百把人 and the like; 一百把 and 百把 count knives.
_ONLY = {
    "上": "上(?=[十百千万亿])",
    "过": "过(?=[十百千万亿])",
    "好": "好(?=[几数])",
    "把": rf"(?<=[百千万])(?<![{_DIGIT}十百千万亿半几数].)把(?=\w)",
}


def _any_of(words: Mapping[str, str]) -> str:
    longest_first = sorted(words, key=len, reverse=True)
    return "|".join(_ONLY.get(word, re.escape(word)) for word in longest_first)


# "-" stands first, so that it is no range of characters in a set.
_NO_UNIT = "-—–~～〜+=,，.。;；:：!！?？、零十百千万亿半几廿卅卌" + _DIGIT
_UNIT = f"两|(?:[^{_NO_UNIT}]|千(?=[{THOUSANDS_OF}])|百(?=分点))*?"
# The half of 两亩半, the tenths of 七成三, 两块八, 一毛五, 四分八, 六斤一两, 九亩二 and 两亩四分,
# the hundredths of 一米零八, the dimes and cents of 两元八角五分.
_TENTHS = (
    f"(?<![{_NO_UNIT}余多来])半|(?<=成)[{_DIGIT}]|(?<=米)[零{_DIGIT}]?[{_DIGIT}]|(?<=斤)[{_DIGIT}]两"
    f"|(?<=亩)[{_DIGIT}]分?|(?<=[元圆块])[{_DIGIT}](?:[角毛](?:[{_DIGIT}]分)?钱?)?"
    f"|(?<=[角毛])[{_DIGIT}]分?|(?<=分)[{_DIGIT}]"
)
_DASH = "-‐‑‒–—―~～〜∼"
# The last dash of -5--3 is a minus, that of 3--5 is none: no number below 0 is the high end there.
_TO = f"[{_DASH}]+?(?=(?(minus0)-?)[^{_DASH}])|至|到"


def _end(n: int) -> str:
    # A group that is repeated keeps its last match, and it is the last approximator that counts.
    return (
        f"(?P<before{n}>{_any_of(_BEFORE)})*"
        f"(?:(?P<prefix{n}>{_any_of(PREFIXES)})(?P<between{n}>{_any_of(_BEFORE)})*)?"
        f"(?=(?P<minus{n}>-)?)(?P<number{n}>{NUMERAL})(?P<after{n}>{_any_of(_AFTER)})*"
        f"(?P<unit{n}>{_UNIT})(?P<tenths{n}>{_TENTHS})?(?P<last{n}>{_any_of(_AFTER)})*"
    )


_QUANTITY = re.compile(f"(?:{_end(0)}(?:{_TO}))?{_end(1)}")
# 十个八个: from eight to ten, more or less. Nobody writes it in digits.
_ROUND = "二两三五八十百"
_TWICE = re.compile(f"([{_ROUND}])([^{_NO_UNIT}]+)([{_ROUND}])\\2")
_INSIDE = re.compile("[余多来把]")
_OPEN = re.compile("[几数]|百十$")
_SCALE_AT_END = re.compile("[百千万亿]*$")
_TENTH_DIGITS = str.maketrans("半零一二两三四五六七八九", "501223456789")
_TENTH_UNITS = re.compile("[角毛分钱]|(?<=.)两")
# 个 that stands for nothing (三个亿), 个多百分点 for 多个百分点, and what 以上 says already.
_LOOSE = re.compile("个(?=亿)|个([余多])(?=亿|百分点)|[（(]含[）)]")
_BRACKETED = re.compile(f"[（(]({_any_of(CURRENCIES)})[）)]")


class _End(NamedTuple):
    """One end of a range, or the whole of a quantity that is no range."""

    numeral: str
    tenths: Decimal | None
    unit: Unit | None
    bound: str | None
    # Whether the other end's scale may be its own, as in 人民币50至80万元, not in 50元至80万元.
    open: bool = False

    def span(self, scale: str = "") -> tuple[Decimal | None, Decimal | None]:
        """Read the number, or the two of 三四十, with a scale that only the other end has."""
        low, high = read_span(self.numeral + scale)
        if low is not None and self.tenths is not None:
            whole = high is None and low == low.to_integral_value()
            low, high = (EXACT.add(low, self.tenths) if whole else None), None
        factor = self.unit.factor if self.unit else Decimal(1)
        low, high = (n if n is None else simplify(EXACT.multiply(n, factor)) for n in (low, high))
        return low, high


@lru_cache(maxsize=8192)
def parse_quantity(text: str, label: str, currencies: tuple[tuple[str, str], ...] = ()) -> Quantity:
    """Parse the text of a quantity.

    text (str): as it stands in the report; white space in it is ignored.
    label (str): COUNT, MONEY or PERCENT.
    currencies (tuple[tuple[str, str], ...]): further names of currencies with their ISO 4217 codes.
    RETURNS (Quantity): the normal form; nothing and `exact` if the text is no quantity.
    """
    written = _LOOSE.sub(r"\1", "".join(text.split()))
    if label == "MONEY":
        written = _BRACKETED.sub(r"\1", written)
    if len(written) > LONGEST:
        return UNREAD
    names = CURRENCIES | dict(currencies)
    match = _QUANTITY.fullmatch(plain(written))
    if match is None:
        return _read_twice(written, label, names)
    ends = [_read_end(match, n, written, label, names) for n in (0, 1) if match[f"number{n}"]]
    first, last = ends[0], ends[-1]
    value, high = first.span() if first is last else _read_range(first, last)
    unit = last.unit or first.unit or Unit(None)
    # 数百, 几十 and 百十 are no numbers; their bound is "about" unless a word says another.
    open_number = value is None and _OPEN.search(first.numeral + last.numeral)
    bound = last.bound or first.bound or ("about" if open_number else "exact")
    return Quantity(value, high, unit.name, bound)


def _read_twice(text: str, label: str, currencies: Mapping[str, str]) -> Quantity:
    """Read two numbers of one unit side by side, the larger one first or last."""
    match = _TWICE.fullmatch(plain(text))
    if match is None:
        return UNREAD
    unit = read_unit(text[slice(*match.span(2))], None, label, currencies)
    numerals = sorted(match.group(1, 3), key=_ROUND.index)
    low, high = (_End(numeral, None, unit, None).span()[0] for numeral in numerals)
    return Quantity(low, high, unit.name, "about")


def _read_end(
    match: re.Match[str], n: int, text: str, label: str, currencies: Mapping[str, str]
) -> _End:
    number, tenths, prefix = match[f"number{n}"], match[f"tenths{n}"], match[f"prefix{n}"]
    word = text[slice(*match.span(f"unit{n}"))]
    mark = (
        match[f"last{n}"]
        or match[f"after{n}"]
        or "".join(_INSIDE.findall(number))[-1:]
        or match[f"between{n}"]
        or match[f"before{n}"]
    )
    return _End(
        numeral=_INSIDE.sub("", number),
        tenths=Decimal("0." + _TENTH_UNITS.sub("", tenths).translate(_TENTH_DIGITS))
        if tenths
        else None,
        unit=read_unit(word, prefix, label, currencies) if word or prefix else None,
        bound=_BOUNDS[mark] if mark else None,
        open=not word and (label == "MONEY" or not prefix),
    )


def _read_range(first: _End, last: _End) -> tuple[Decimal | None, Decimal | None]:
    """Read two ends; what 50至80万元 and 三至五百 write once, scale or unit, holds for both."""
    scale = _SCALE_AT_END.findall(last.numeral)[0] if first.open else ""
    first = first._replace(unit=first.unit or last.unit)
    last = last._replace(unit=last.unit or first.unit)
    last_low, last_high = last.span()
    high = last_high or last_low
    if high is None or (first.unit and last.unit and first.unit.name != last.unit.name):
        return None, None
    lows = (first.span(scale[start:])[0] for start in range(len(scale) + 1))
    low = next((low for low in lows if low is not None and low <= high), None)
    return (low, high) if low is not None else (None, None)
