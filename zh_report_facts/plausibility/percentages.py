"""Percentages that do not fit the two numbers they are made of."""

import re
from collections.abc import Iterator
from itertools import accumulate, product
from typing import TYPE_CHECKING, NamedTuple

from .interval import Interval, exactly
from .parts import find_wholes, is_first_part
from .sentences import Number, Sentence
from .wording import warn, write_percent

if TYPE_CHECKING:
    from ..records import WarningData

KIND = "percentage-mismatch"

# What stands between a part and its percentage, each way of telling one.
_IS = "(?:达到?|为|是|约|近|了|到)*"
_OF_WHOLE = re.compile(
    rf"(?:.*[,(])?(?:大约|约|就|仅|只)?占(?:比|(?:总[数量额]|总人数|总户数|全部)的?)?{_IS}"
)
_OF_TARGET = re.compile(
    rf"的{_IS}|(?:任务|计划|目标|指标)[数量值]?的{_IS}"
    rf"|(?:.*[,(丶、])?总?体?(?:完成|执行)(?:率|比例|进度){_IS}"
    rf"|,(?:已|仅|只|就)?(?:完成|占){_IS}"
    rf"|(?:.*,)?(?:已|仅|只|就)?(?:占|完成|{_IS})[^,()]{{0,8}}(?:任务|计划|目标|指标)[数量值]?的{_IS}"
)
_OBJECT = re.compile("(?:有效问卷|的|了|人数)$")
_RATE = re.compile(rf"(?P<behind>[^,()]*),(?P<verb>[^,()]{{2}})率{_IS}")
# The roles of a part and its whole.
_DONE_OF = (("ACTUAL", "ACTUAL"), ("ACTUAL", "TARGET"))
_DUE, _DONE = re.compile("应[^,]{0,6}$"), re.compile("实[^,]{0,6}$")
# 新收50件 are not all: some were left from last year.
_NEW = re.compile("新[收增]")
# What is told of a part only, and what of more than it.
_FIRST_STEP = re.compile("[本当][月周旬季]|[开动]工|启动|在建")
_ALL_STEPS = re.compile("累计")
# 占50%、20%, and 分别占50%，20%.
_NEXT = re.compile("[、,和与及]|以及")
_EACH = re.compile("分别|依次")
# Of more numbers than these nobody tells a sum.
_MOST_ADDENDS = 8


class Share(NamedTuple):
    """A part and what it is a part of.

    part (Number): what has been done, or is counted.
    whole (Number): what should be done, or what the part is taken from.
    """

    part: Number
    whole: Number


def find_wrong_percentages(sentence: Sentence) -> Iterator["WarningData"]:
    """Find percentages that do not fit a part and its whole in the same sentence.

    sentence (Sentence): the numbers of a sentence.
    YIELDS (WarningData): one a percentage.
    """
    for at, percent in enumerate(sentence):
        if percent.unit != "%" or percent.role not in ("ACTUAL", "TARGET"):
            continue
        share = (
            _read_share_of_target(sentence, at)
            or _read_share_of_whole(sentence, at)
            or _read_rate(sentence, at)
        )
        if share is None or not share.whole.value or share.part.role != percent.role:
            continue
        if _EACH.search(percent.before) or _is_followed_by_another(sentence, at):
            continue
        part, whole = share
        # 任务80口，建成88口，完成率100%: all, and more than that.
        if part.truth.low > whole.truth.high and percent.truth.meets(exactly(100)):
            continue
        if not any(_fits(percent.truth, *pair) for pair in _pairs(sentence[:at], share)):
            written = write_percent(part.value, whole.value)
            message = f"{part.text}是{whole.text}的{written}，文中写的却是{percent.text}。"
            yield warn(KIND, message, part, whole, percent)


def _is_followed_by_another(sentence: Sentence, at: int) -> bool:
    """Whether a percentage is the first of several that are told in one breath."""
    behind = sentence[at + 1 : at + 2]
    return any(n.unit == "%" and _NEXT.fullmatch(n.before) for n in behind)


def _pairs(told: Sentence, share: Share) -> Iterator[tuple[Interval, Interval]]:
    """Yield parts and wholes that a percentage may be meant of, alone or with those before."""
    part, whole = share
    numbers = [n for n in told if n.matches(part)]
    at = numbers.index(whole) + 1
    parts = [n for n in numbers[at if part.role == whole.role else 0 :] if n.role == part.role]
    wholes = [n for n in numbers[:at] if n.role == whole.role]
    yield from product(_sums(parts), _sums(wholes))
    # Another number of the sentence may be the whole as well.
    others = (n for n in numbers if n.role == whole.role and n is not part)
    yield from ((part.truth, other.truth) for other in others)


def _sums(numbers: Sentence) -> list[Interval]:
    """Add up what numbers may be: the last, the last two, the last three …"""
    truths = (number.truth for number in reversed(numbers[-_MOST_ADDENDS:]))
    return list(accumulate(truths, Interval.plus))


def _fits(percent: Interval, part: Interval, whole: Interval) -> bool:
    """Whether a percentage is that of a part, of what it leaves, or of what goes beyond."""
    parts = (part, whole.minus(part), part.minus(whole))
    return any(percent.times(whole).meets(n.times(exactly(100))) for n in parts)


def _read_share_of_target(sentence: Sentence, at: int) -> Share | None:
    """Read 计划50户，完成40户，完成率80%, or 完成40户，为年度任务50户的80%."""
    if at < 2 or not sentence[at - 2].matches(sentence[at - 1]):
        return None
    roles = {number.role: number for number in sentence[at - 2 : at]}
    if roles.keys() != {"ACTUAL", "TARGET"}:
        return None
    words, target, done = sentence[at].before, roles["TARGET"], roles["ACTUAL"]
    step = _FIRST_STEP.search(done.before)
    if step and step[0] not in target.before + words:
        return None
    if _ALL_STEPS.search(words) and not _ALL_STEPS.search(done.before):
        return None
    told = _OF_TARGET.fullmatch(words) and (words[0] != "的" or target is sentence[at - 1])
    due = _DUE.search(target.before) and _DONE.search(done.before) and _RATE.fullmatch(words)
    return Share(done, target) if told or due else None


def _read_share_of_whole(sentence: Sentence, at: int) -> Share | None:
    """Read 共有50人，其中40人…，占80%."""
    if not at or not _OF_WHOLE.fullmatch(sentence[at].before):
        return None
    part = sentence[at - 1]
    first = next((i for i in range(at - 1, -1, -1) if is_first_part(sentence[i])), None)
    whole = next(iter(find_wholes(sentence, first)), None) if first is not None else None
    return Share(part, whole) if whole and whole.matches(part) else None


def _read_rate(sentence: Sentence, at: int) -> Share | None:
    """Read 收到50件，办结40件，办结率80%: what leads to the part is the verb of the rate."""
    rate = _RATE.fullmatch(sentence[at].before)
    if at < 2 or not rate:
        return None
    whole, part = sentence[at - 2 : at]
    if not whole.matches(part) or (part.role, whole.role) not in _DONE_OF:
        return None
    if part.truth.low > whole.truth.high or _NEW.search(whole.before):
        return None
    verb = set(rate["verb"])
    # 收回 for 回收率, 取得证书 for 取证率.
    led = verb == set(_OBJECT.sub("", part.before)[-2:]) or verb <= set(rate["behind"][-4:])
    # 就业3000人，困难人员就业500人，就业率…: there the part is no part.
    same = verb <= set(whole.before) and not _DUE.search(whole.before)
    return Share(part, whole) if led and not same else None
