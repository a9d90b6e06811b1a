"""What a stated number may truly be: the interval that its precision and its bound allow.

1.2万人    11,500 to 12,500   half a unit of the last digit, up and down
1200人     1,200              a number that is written out is exact
35.3%      35.2 to 35.4       a percentage may be rounded or cut off
约300人    270 to 330         a tenth, up and down
300余人    300 to 3,000       nobody says so of ten times as many
近300人    0 to 300
三至五家   3 to 5
"""

import re
from decimal import Decimal
from typing import NamedTuple

from ..quantity.numerals import EXACT, plain
from ..quantity.parse import Quantity

_PERCENTAGES = ("%", "‰", "‱", "pp")
_ABOUT, _OVER = Decimal("0.1"), Decimal(10)

# The end of the last number: its decimals and its scale, with no other digit behind them.
_END = re.compile(
    r"(?:\.(?P<decimals>[0-9]+))?[余多来]?(?P<scale>[十百千万亿]*)[余多来]?"
    r"(?:[成米](?P<tenth>[0-9半一二三四五六七八九])|[^0-9零一二三四五六七八九十百千万亿])*$"
)
_PREFIX = re.compile("[百千万]分[之点]?")
_POWERS = {"十": 0, "百": 2, "千": 3, "万": 4, "亿": 8}


class Interval(NamedTuple):
    """All numbers from a low to a high one; what is reckoned with them is exact.

    low (Decimal): the least.
    high (Decimal): the greatest.
    """

    low: Decimal
    high: Decimal

    def plus(self, other: "Interval") -> "Interval":
        """All sums of a number here and one there."""
        return Interval(EXACT.add(self.low, other.low), EXACT.add(self.high, other.high))

    def minus(self, other: "Interval") -> "Interval":
        """All differences."""
        return Interval(EXACT.subtract(self.low, other.high), EXACT.subtract(self.high, other.low))

    def times(self, other: "Interval") -> "Interval":
        """All products."""
        products = [EXACT.multiply(a, b) for a in self for b in other]
        return Interval(min(products), max(products))

    def meets(self, other: "Interval") -> bool:
        """Whether a number lies in both."""
        return self.low <= other.high and other.low <= self.high


def exactly(number: int) -> Interval:
    """Make the interval of one number."""
    return Interval(Decimal(number), Decimal(number))


def read_interval(text: str, quantity: Quantity) -> Interval | None:
    """Read what a stated number may truly be.

    text (str): the number as written, without white space.
    quantity (Quantity): its normal form.
    RETURNS (Interval | None): None where it has no value, or is negative.
    """
    if quantity.value is None or quantity.value < 0:
        return None
    low, high = quantity.value, quantity.high or quantity.value
    slack = _slack(text, quantity)
    if quantity.bound == "about":
        slack += EXACT.multiply(high, _ABOUT)
    elif quantity.bound == "under":
        low = Decimal(0)
    elif quantity.bound == "over":
        high = EXACT.multiply(high, _OVER)
    return Interval(max(Decimal(0), EXACT.subtract(low, slack)), EXACT.add(high, slack))


def _slack(text: str, quantity: Quantity) -> Decimal:
    """By how much rounding may have changed a number."""
    # The 千 of 千瓦 and 千米 is none of the number's scale.
    number = text.rpartition(quantity.unit)[0] if quantity.unit else ""
    end = _END.search(_PREFIX.sub("", plain(number or text)))
    assert end is not None, "the end of a text matches"
    decimals = len(end["decimals"] or "")
    if quantity.unit in _PERCENTAGES:
        step = EXACT.scaleb(Decimal(1), -decimals)
        return step * 10 if "成" in text and not end["tenth"] else step
    power = sum(_POWERS[scale] for scale in end["scale"]) - decimals
    return EXACT.scaleb(Decimal(1), power) / 2 if power or decimals else Decimal(0)
