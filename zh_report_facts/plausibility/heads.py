"""Numbers of which nobody can tell what they measure."""

from collections.abc import Iterator
from typing import TYPE_CHECKING

from .sentences import Sentence
from .wording import warn

if TYPE_CHECKING:
    from ..records import WarningData

KIND = "number-without-head"


def find_loose_numbers(sentence: Sentence) -> Iterator["WarningData"]:
    """Find numbers with neither a programme nor an item.

    sentence (Sentence): the numbers of a sentence.
    YIELDS (WarningData): one a number.
    """
    for number in sentence:
        if number.rank is not None and not number.fact.links:
            yield warn(KIND, f"没有找到{number.text}所属的项目或统计对象。", number)
