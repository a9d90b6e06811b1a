"""Results that contradict what is said of them and their target."""

import re
from collections.abc import Iterator
from itertools import pairwise
from typing import TYPE_CHECKING

from .interval import exactly
from .sentences import Number, Sentence
from .wording import warn

if TYPE_CHECKING:
    from ..records import WarningData

KIND = "actual-against-target"

_REACHED = re.compile(
    "(?<![或未])超额|超过|超出|超(?:计划|目标|任务)|(?:提前|全面|全部|圆满|如期|顺利)[^,]{0,6}(?:完成|实现)"
)
# 规划31项，已提前完成9项 tells of the nine, and not of all.
_ONLY_THESE = re.compile(
    "(?:提前|全面|圆满|如期|顺利)[^,]{0,6}(?:完成|实现)(?![^,]*(?:任务|目标|计划))[^,]{0,8}$"
)
_MISSED = re.compile("未(?:能)?(?:完成|达到?)|没有?(?:完成|达到)|[只仅](?:完成|办|建成)")
_BELOW = re.compile("不足|低于")
_TARGET = re.compile("任务|计划|目标|指标|预算|下达|预期|规划")
# What is still to be done is no target for what has been.
_REST = re.compile("剩|其余|余下|另|还|再|尚|力争|争取|确保|预计|有望|将|拟|明年|下一步")
# The less the better.
_LIMIT = re.compile("控制|压[减降缩]|以内|不超过?")
# 超计划10户 may well tell by how much.
_EXCESS = re.compile("超(?:出|过|额)?[^,]*$")
# 今年计划40口，累计建成860口, or 每村计划4口，建成60口.
_OTHER_EXTENT = re.compile("累计|每|均|[本当][月周旬季]")
_SLIP = 10


def find_missed_targets(sentence: Sentence) -> Iterator["WarningData"]:
    """Find results below a target that they are said to reach, above one that they are said to
    miss, or so far above it that a digit must have slipped.

    Only neighbours with the same heads are compared, and no percentages: many should be low.

    sentence (Sentence): the numbers of a sentence.
    YIELDS (WarningData): one a pair, at most.
    """
    for first, second in pairwise(sentence):
        pair = {first.role: first, second.role: second}
        if pair.keys() != {"ACTUAL", "TARGET"} or first.label == "PERCENT":
            continue
        actual, target = pair["ACTUAL"], pair["TARGET"]
        if not first.matches(second) or set(first.head_texts) != set(second.head_texts):
            continue
        words = f"{second.before}…{_clause_behind(second.after)}"
        goal = f"{target.before[-20:]}…{target.after[:4]}"
        if _REST.search(words) or _LIMIT.search(goal) or not _TARGET.search(goal):
            continue
        only_these = second is actual and _ONLY_THESE.search(second.before)
        reached = _REACHED.search(words) and not only_these
        missed = _MISSED.search(words) or _BELOW.search(second.before)
        if reached and actual.truth.high < target.truth.low:
            message = f"文中说已完成或超过目标，而实际的{actual.text}少于目标{target.text}。"
        elif missed and actual.truth.low > target.truth.high:
            message = f"文中说没有达到目标，而实际的{actual.text}多于目标{target.text}。"
        elif _is_slip(actual, target):
            message = f"实际的{actual.text}达到目标{target.text}的{_SLIP}倍以上，请核对数位。"
        else:
            continue
        yield warn(KIND, message, actual, target)


def _is_slip(actual: Number, target: Number) -> bool:
    limit = target.truth.times(exactly(_SLIP)).high
    told_otherwise = _EXCESS.search(target.before) or any(
        _OTHER_EXTENT.search(number.before) for number in (actual, target)
    )
    return actual.truth.low >= limit > 0 and not told_otherwise


def _clause_behind(words: str) -> str:
    """What is said right behind a number, up to the second comma: ，超额完成任务，…"""
    return ",".join(words.split(",")[:2])
