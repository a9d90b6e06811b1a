"""How warnings are written."""

import re
from decimal import Context, Decimal
from typing import TYPE_CHECKING

from ..quantity.numerals import EXACT, plain, simplify
from .sentences import Number

if TYPE_CHECKING:
    from ..records import WarningData

_SCALE = re.compile("[万亿]+")
_POWERS = {"万": 4, "亿": 8}
_UNITS = {"CNY": "元", "pp": "个百分点"}
_DIVISION = Context(prec=50)


def warn(kind: str, message: str, *numbers: Number) -> "WarningData":
    """Make a warning.

    kind (str): what is suspected.
    message (str): the evidence, one sentence for the reader.
    numbers (Number): what it is about.
    RETURNS (WarningData): the warning.
    """
    indices = sorted({number.rank for number in numbers if number.rank is not None})
    return {"kind": kind, "message": message, "facts": indices}


def write_like(value: Decimal, number: Number) -> str:
    """Write a value as a number of the report is written, in 万 where that one is.

    value (Decimal): the value.
    number (Number): gives the unit and the scale.
    RETURNS (str): such as `350人` or `1.2万元`.
    """
    scale = ["", *_SCALE.findall(plain(number.text))][-1]
    power = sum(_POWERS[char] for char in scale)
    digits = simplify(EXACT.scaleb(value, -power))
    unit = number.fact.unit or ""
    return f"{digits:f}{scale}{_UNITS.get(unit, unit)}"


def write_percent(part: Decimal, whole: Decimal) -> str:
    """Write what percentage a number is of another one, to two decimals."""
    percent = _DIVISION.divide(EXACT.multiply(part, Decimal(100)), whole)
    return f"{simplify(percent.quantize(Decimal('0.01'), context=_DIVISION)):f}%"
