"""Read one number: Arabic, Chinese, formal or a mixture of them, as an exact Decimal."""

import re
from decimal import MAX_EMAX, MAX_PREC, MIN_EMIN, Context, Decimal

# Exact however many digits there are; the default context rounds to 28.
EXACT = Context(prec=MAX_PREC, Emax=MAX_EMAX, Emin=MIN_EMIN)

_DIGITS = "零一二三四五六七八九"
_POWERS = {"亿": 8, "万": 4, "千": 3, "百": 2, "十": 1}

# One character for one, so that offsets stay.
_PLAIN = str.maketrans(
    "０１２３４５６７８９．，－−負负〇○壹弌贰貳弍叁叄參肆伍陆陸柒捌玖兩拾佰仟萬億點幾數",
    "0123456789.,----零零一一二二二三三三四五六六七八九两十百千万亿点几数",
)
_SPELLED = str.maketrans({"两": "二", "廿": "二十", "卅": "三十", "卌": "四十"})

_ARABIC = r"(?:[0-9]{1,3}(?:,[0-9]{3})+(?:\.[0-9]+)?(?![0-9])|[0-9]+(?:\.[0-9]+)?)"
_ARABIC_NUMBER = re.compile(_ARABIC)
_WITH_FRACTION = re.compile(f"(.+)点([{_DIGITS}]+)")
# Two or three digits and no more: the 三四 of 一千三四百 and of 一百零三四, but not of 点三四.
_SIDE_BY_SIDE = re.compile(
    f"(?:(?<![{_DIGITS}点])|(?<=[十百千万亿]零))"
    f"([{_DIGITS[1:]}])、?[{_DIGITS[1:]}]?([{_DIGITS[1:]}])(?![{_DIGITS}点])"
)
_SOME = re.compile("(?<=[十百千万亿])[几数]")

_HAN = f"[{_DIGITS}两廿卅卌几数]"
_GROUP = rf"(?:{_ARABIC}|半(?!数)|{_HAN}(?:、{_HAN}|{_HAN}*(?:点{_HAN}+)?))"
THOUSANDS_OF = "瓦米克卡帕赫焦"
# 千 and 百 may belong to the unit, as in 500千瓦 and 3百分点; 三万五千米 is 35,000 米 all the same.
_SCALE = rf"(?:[十万亿]|百(?!分点)|千(?![{THOUSANDS_OF}])|(?<={_HAN})千|(?<=[万亿][0-9])千)"
_INSIDE = "(?:[余多来]|(?<=[百千])把)?"
# A number in plain characters, with the 余, 多, 来 or 把 before a scale, a part of larger patterns.
# Atomic, so that no text can make it slow.
NUMERAL = rf"(?>-?(?:{_GROUP}|{_SCALE}(?:{_GROUP})?)(?:{_INSIDE}{_SCALE}(?:{_GROUP})?)*)"


def plain(text: str) -> str:
    """Write half-width digits and the everyday forms of numerals.

    text (str): a text.
    RETURNS (str): a text of the same length.
    """
    return text.translate(_PLAIN)


def simplify(value: Decimal) -> Decimal:
    """Write a number without needless zeros and without an exponent.

    value (Decimal): a number.
    RETURNS (Decimal): the same number.
    """
    if value == value.to_integral_value():
        return EXACT.quantize(value, Decimal(1))
    return EXACT.normalize(value)


def read_number(text: str) -> Decimal | None:
    """Read a text that is one number and nothing else.

    text (str): such as `1亿2千万`, `两万五`, `12,345.6`; white space in it is ignored.
    RETURNS (Decimal | None): the number, None if the text has no certain reading.
    """
    digits = plain("".join(text.split())).translate(_SPELLED)
    negative = digits.startswith("-")
    value = _read(digits[negative:], first=True, last=True)
    if value is None:
        return None
    return simplify(value.copy_negate() if negative else value)


def read_span(text: str) -> tuple[Decimal | None, Decimal | None]:
    """Read a numeral that may span several numbers: 三四十 is 30 to 40, 十几 is 11 to 19.

    text (str): a numeral.
    RETURNS (tuple[Decimal | None, Decimal | None]): the number, or its low and high end.
    """
    digits = plain("".join(text.split())).translate(_SPELLED)
    if (span := _SIDE_BY_SIDE.search(digits)) and _follow(span[0].replace("、", "")):
        first, last = span.groups()
    elif span := _SOME.search(digits):
        first, last = "一九"
    else:
        return read_number(digits), None
    low, high = (
        read_number(digits[: span.start()] + digit + digits[span.end() :])
        for digit in (first, last)
    )
    return (low, high) if low is not None and high is not None else (None, None)


def _follow(digits: str) -> bool:
    """Whether digits side by side are the ends of a range: 三四, 三四五, and 三五 by custom."""
    return digits in _DIGITS or digits == "三五"


def _read(digits: str, *, first: bool, last: bool) -> Decimal | None:
    """Read a part of a number, which may be its first, its last or the whole of it."""
    if digits == "半":
        return Decimal("0.5") if first else None
    if fraction := _WITH_FRACTION.fullmatch(digits):
        whole = (
            None if re.search("[点.]", fraction[1]) else _read(fraction[1], first=first, last=False)
        )
        decimals = "".join(str(_DIGITS.index(digit)) for digit in fraction[2])
        return None if whole is None else EXACT.add(whole, Decimal("0." + decimals))
    for scale, power in _POWERS.items():
        head, mark, tail = digits.rpartition(scale)
        if mark:
            count = _read_count(head, scale, alone=first and not tail)
            rest = _read_rest(tail, power, last)
            if count is None or rest is None or (tail and count != count.to_integral_value()):
                return None
            return EXACT.fma(count, Decimal(10**power), rest)
    return _read_digits(digits)


def _read_count(head: str, scale: str, alone: bool) -> Decimal | None:
    """Read what stands before a scale: 百 alone is one hundred, 十五 is ten and five."""
    if not head:
        return Decimal(1) if alone or scale == "十" else None
    if scale in head:
        return None
    if scale in "万亿":
        return _read(head, first=True, last=False)
    return _read_digits(head) if len(head) == 1 or _ARABIC_NUMBER.fullmatch(head) else None


def _read_rest(tail: str, power: int, last: bool) -> Decimal | None:
    """Read what stands behind a scale: 两万五 is 25,000, 两万零五 is 20,005."""
    if not tail:
        return Decimal(0)
    rest = _read(tail.lstrip("零"), first=False, last=last)
    if rest is None or not 0 < rest < 10**power:
        return None
    if len(tail) > 1 or power == 1:
        return rest
    return EXACT.scaleb(rest, power - 1) if last else None


def _read_digits(digits: str) -> Decimal | None:
    """Read a number without a scale: 1,200.5 or 八, or digit by digit 二〇二五."""
    if _ARABIC_NUMBER.fullmatch(digits):
        return Decimal(digits.replace(",", ""))
    # Two digits side by side are read by nobody with certainty: 二五 is 25 or two to five.
    if not digits or set(digits) - set(_DIGITS) or (len(digits) == 2 and "零" not in digits):
        return None
    return Decimal("".join(str(_DIGITS.index(digit)) for digit in digits))
