"""Two values of one thing in one report."""

import re
from collections import defaultdict
from collections.abc import Iterator, Sequence
from decimal import Decimal
from itertools import combinations
from typing import TYPE_CHECKING, NamedTuple

from ..quantity.numerals import EXACT
from .sentences import Number, Sentence, squeeze
from .wording import warn

if TYPE_CHECKING:
    from ..records import WarningData

KIND = "two-values"

# Words that say that all is meant, and words that say nothing.
_ALL = re.compile("[全我][年市县区省州旗镇乡校]|共计?|总[共计]|合计|累计")
_AREA = re.compile("[全我]([市县区省州旗镇乡校])")
_EMPTY = re.compile(
    "今年以?来?|本年度?|当年|已经?|先后|实际|完成|均|都|了|的|为|达到?|[,、:()“”‘’]"
)
# Signs that a number is that of a part, a place, a time, or one of a series.
_PARTIAL = re.compile(
    "其中|分别|各|每|另|其余|新增|再|[0-9上中下前后半首第]|月|季|期|届|批|周|日|"
    "(?<![全我])[市县区镇乡村](?!民)|街道|社区|[站校院]|公司|机构"
)
_SHORTEST_NAME, _SMALLEST, _MOST = 4, 100, 20
_NEAR = Decimal("0.8")


class Statement(NamedTuple):
    """What two numbers share that speak of the same thing.

    names (frozenset[str]): the texts of the heads.
    label (str): the quantity's label.
    unit (str): its unit.
    role (str): its role.
    words (str): the other words in front of it, sorted, as Chinese is free to move the verb.
    """

    names: frozenset[str]
    label: str
    unit: str
    role: str
    words: str


def find_repeats(sentences: Sequence[Sentence]) -> Iterator["WarningData"]:
    """Find two values of the same programme and item, told in the same words.

    sentences (Sequence[Sentence]): the sentences of a report.
    YIELDS (WarningData): one a statement, at most.
    """
    told: dict[Statement, list[Number]] = defaultdict(list)
    for sentence in sentences:
        for number in sentence:
            statement = _read_statement(number)
            if statement is not None:
                told[statement].append(number)
    for numbers in told.values():
        for first, second in combinations(numbers[:_MOST], 2):
            if _differ(first, second):
                name = "、".join(first.head_texts)
                message = f"{name}有两个不同的数：{first.text}和{second.text}。"
                yield warn(KIND, message, first, second)
                break


def _read_statement(number: Number) -> Statement | None:
    """Read what a number says, if it says it of something named and of all of it."""
    programs = [squeeze(program.text) for program in number.fact.programs]
    named = max(map(len, programs), default=0) >= _SHORTEST_NAME
    if not named or number.role not in ("ACTUAL", "TARGET") or number.unit is None:
        return None
    if number.value < _SMALLEST:
        return None
    words = number.before
    for name in sorted(number.head_texts, key=len, reverse=True):
        words = words.replace(name, "")
    if _PARTIAL.search(words):
        return None
    words = _EMPTY.sub("", _ALL.sub("", words))
    names = frozenset(number.head_texts)
    return Statement(names, number.label, number.unit, number.role, "".join(sorted(words)))


def _differ(first: Number, second: Number) -> bool:
    """Whether two numbers contradict each other as one does that was mistyped or not updated."""
    if first.paragraph == second.paragraph or first.truth.meets(second.truth):
        return False
    if first.period and second.period and first.period != second.period:
        return False
    if not (_ALL.search(first.before) or _ALL.search(second.before)):
        return False
    areas = [set(_AREA.findall(number.before)) for number in (first, second)]
    if all(areas) and areas[0] != areas[1] or ("累计" in first.before) != ("累计" in second.before):
        return False
    low, high = sorted((first.value, second.value))
    digits = [sorted(f"{value:f}".strip("0.")) for value in (low, high)]
    return digits[0] == digits[1] or low >= EXACT.multiply(high, _NEAR)
