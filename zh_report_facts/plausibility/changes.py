"""Changes that are not the difference of the two numbers they lie between."""

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING, NamedTuple

from ..quantity.numerals import EXACT
from .interval import exactly
from .sentences import Number, Sentence
from .wording import warn, write_like, write_percent

if TYPE_CHECKING:
    from ..records import WarningData

KIND = "change-mismatch"

_UP = (
    "增长|增加|净增|新增|提高|提升|上升|上涨|上调|回升|扩大|多出|高出|超出|超额|超过|"
    "增|涨|升|多|高|超"
)
_DOWN = "下降|减少|降低|下调|下滑|回落|压减|缩减|减|降|少|低|跌"
_OLD, _NEW = ("BASELINE", "TARGET"), ("ACTUAL", "STANDARD", "TARGET")
# All that may stand between a change and the number before it, so that it is the change of that;
# 增加到 is no change.
_LINK = re.compile(
    "[,、(]*(?P<base>(?:同比|比|较|与)[^,、()]{0,10},?(?:相比,?)?)?"
    "(?:净|实际|整整|又|也|就|直接|足足|共|一共|[一两二三四五]年)*"
    f"(?:(?P<up>增幅|涨幅|{_UP})|降幅|跌幅|{_DOWN})(?:幅度|率)?(?:出来的|出的|了|达(?!到)|为|出|正好)*"
)
# What stands between an old number and the new one, or a new number and the one compared with.
_OLD_TO_NEW = re.compile(".*(?:[至到为成增减]|实际|完成)[^,]{0,4}")
_EARLIER = re.compile("(?:由|从|去年|上年|前年|往年|同期|上届|原|年初|[起最当]初|过去|以往)[^,]*$")
_LAST_TIME = re.compile("[去上前往]年|同期|同比|上[月届次]")
_NEW_TO_OLD = re.compile(
    ".*(?:比|较|同期|去年|上年|计划|目标|任务|指标|标准|规划|预算|原)[^,]{0,12}"
)
# Growth at constant prices, on another basis or averaged, and changes told in one breath.
_OTHER = re.compile(
    "可比|不变价|同口径|剔除|扣除|生产总值|增加值|总产值|GDP|年均|平均|名义|实际增|环比|分别|依次|各"
)


class Change(NamedTuple):
    """A change and how it is told.

    number (Number): the change.
    base (str): the words that say what is compared with, as 比上年.
    sign (int): 1 for an increase, -1 for a decrease.
    """

    number: Number
    base: str
    sign: int

    @property
    def verb(self) -> str:
        """How messages tell it."""
        return "增加" if self.sign > 0 else "减少"


def find_wrong_changes(sentence: Sentence) -> Iterator["WarningData"]:
    """Find changes that do not fit the two numbers in front of them, or each other.

    sentence (Sentence): the numbers of a sentence.
    YIELDS (WarningData): one a change, at most.
    """
    for at in range(1, len(sentence)):
        if sentence[at].role != "CHANGE" or sentence[at - 1].role == "CHANGE":
            continue
        changes = _read_changes(sentence[at:])
        pair = sentence[max(0, at - 2) : at]
        old = _find_old(pair)
        if old is not None:
            new = pair[0] if old is pair[1] else pair[1]
            yield from (_warn_of(c, old, new) for c in changes if _contradicts(c, old, new))
        elif len(changes) == 2 and pair[-1].role in ("ACTUAL", "STANDARD"):
            yield from _compare(changes, pair[-1])


def _read_changes(numbers: Sentence) -> list[Change]:
    """Read changes as long as each goes on with the one before."""
    changes: list[Change] = []
    for number in numbers:
        link = _LINK.fullmatch(number.before)
        if number.role != "CHANGE" or not link or _OTHER.search(number.before):
            break
        changes.append(Change(number, link["base"] or "", 1 if link["up"] else -1))
    return changes


def _find_old(pair: Sentence) -> Number | None:
    """Find which of two numbers is the one compared with: the older, or the planned one."""
    if len(pair) < 2 or not pair[0].matches(pair[1]) or _OTHER.search(pair[1].before):
        return None
    first, second = pair
    if first.role in _OLD and second.role in _NEW and _OLD_TO_NEW.fullmatch(second.before):
        # Over a comma the recognised role alone is not enough.
        told = "," not in second.before or first.role == "TARGET" or _EARLIER.search(first.before)
        return first if told else None
    if first.role in _NEW and second.role in _OLD and _NEW_TO_OLD.fullmatch(second.before):
        return second
    return None


def _contradicts(change: Change, old: Number, new: Number) -> bool:
    if old.role == "TARGET" and _LAST_TIME.search(change.base):
        return False
    stated, sign = change.number, exactly(change.sign)
    difference = new.truth.minus(old.truth).times(sign)
    # Of a percentage, 提高6.25% may mean points as well as so much of the old one.
    if stated.unit == "%":
        if stated.truth.times(old.truth).meets(difference.times(exactly(100))):
            return False
        if old.label != "PERCENT":
            return True
    comparable = stated.matches(old) or (stated.unit, old.unit) == ("pp", "%")
    return comparable and not stated.truth.meets(difference)


def _warn_of(change: Change, old: Number, new: Number) -> "WarningData":
    distance = abs(EXACT.subtract(new.value, old.value))
    if change.number.unit == "%" and old.label != "PERCENT" and old.value:
        written = write_percent(distance, old.value)
    else:
        written = write_like(distance, change.number if change.number.unit == "pp" else old)
    more = f"{'多' if new.value > old.value else '少'}{written}" if distance else "不多不少"
    message = f"{new.text}比{old.text}{more}，文中写的却是{change.verb}{change.number.text}。"
    return warn(KIND, message, old, new, change.number)


def _compare(changes: list[Change], new: Number) -> Iterator["WarningData"]:
    """Compare 增加8万元，增长12% with each other, in either order."""
    first, second = changes
    amount, percent = first.number, second.number
    if first.number.unit == "%":
        amount, percent = percent, amount
    # 比上年增加8万元，比前年增长30% speak of two years.
    if second.base or first.sign != second.sign:
        return
    if not amount.matches(new) or new.label == "PERCENT" or percent.unit != "%":
        return
    sign = exactly(first.sign)
    old = new.truth.minus(amount.truth.times(sign))
    if old.low > 0 and not percent.truth.times(old).meets(amount.truth.times(exactly(100))):
        before = EXACT.subtract(new.value, EXACT.multiply(amount.value, sign.low))
        written = write_percent(amount.value, before)
        message = (
            f"{first.verb}{amount.text}到{new.text}，相当于{first.verb}{written}，"
            f"文中写的却是{percent.text}。"
        )
        yield warn(KIND, message, new, amount, percent)
