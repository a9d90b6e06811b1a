"""Parts behind 其中 that exceed their whole."""

import re
from collections.abc import Iterator
from functools import reduce
from typing import TYPE_CHECKING

from ..quantity.numerals import EXACT
from .interval import Interval
from .sentences import Number, Sentence
from .wording import warn, write_like

if TYPE_CHECKING:
    from ..records import WarningData

KIND = "part-exceeds-whole"

# 走访了其中的63个 is of what was told before.
_AMONG = re.compile("其中(?!的$)[,:]?[^,:()]*$")
_LISTED = re.compile("(?:[、丶]|和|与|及|以及)[^,:()]*|,(?P<name>[^,:()]*)")
# 年均超收20亿元，其中去年超收30亿元 is no contradiction, nor is 新增50人，其中聋人累计60人.
_NO_TOTAL = re.compile("均|最[低少小]")
_NO_PART = re.compile("均|累计")
# Parts of such a kind may lie across others: 其中女性60人、农户70人 fit into 100人.
_ACROSS = re.compile("女|妇|族|党员|团员|岁|老|农村|重度|低保|贫困|困难|脱贫|首次|学历|高级")
# 生活补贴60人、护理补贴70人，两项重叠30人.
_LAPPING = re.compile("重叠|重复|同时|交叉|兼")


def find_excessive_parts(sentence: Sentence) -> Iterator["WarningData"]:
    """Find parts, or lists of parts, that exceed the number they are part of.

    sentence (Sentence): the numbers of a sentence.
    YIELDS (WarningData): one a list of parts, at most.
    """
    for at, part in enumerate(sentence):
        # Rates and changes of parts add up to nothing: 进出口增长5%，其中出口增长9%.
        if part.label == "PERCENT" or part.role == "CHANGE" or not is_first_part(part):
            continue
        # 来信120件、来电35件，其中咨询90件: any number before may be the whole.
        wholes = find_wholes(sentence, at)
        whole = next(iter(wholes), None)
        if whole is None or _NO_TOTAL.search(whole.before) or _NO_PART.search(part.before):
            continue
        parts = [part, *_list_parts(sentence, at, whole)]
        larger = next((p for p in parts if all(_exceed([p], n) for n in wholes)), None)
        if larger is not None:
            yield warn(KIND, f"其中的{larger.text}超过了总数{whole.text}。", whole, larger)
        elif all(_exceed(parts, n) for n in wholes) and not _may_overlap(parts):
            total = reduce(EXACT.add, (part.value for part in parts))
            listed = "、".join(part.text for part in parts)
            message = f"其中各项{listed}之和{write_like(total, whole)}，超过了总数{whole.text}。"
            yield warn(KIND, message, whole, *parts)


def is_first_part(number: Number) -> bool:
    """Whether 其中 leads up to a number."""
    return bool(_AMONG.search(number.before))


def find_wholes(sentence: Sentence, at: int) -> list[Number]:
    """Find what a part may be part of.

    sentence (Sentence): the numbers of a sentence.
    at (int): index of the part behind 其中.
    RETURNS (list[Number]): the numbers before it that have its unit and its role, nearest first.
    """
    part = sentence[at]
    return [n for n in reversed(sentence[:at]) if n.matches(part) and n.role == part.role]


def _list_parts(sentence: Sentence, at: int, whole: Number) -> Iterator[Number]:
    """Yield the parts that are listed behind the first one, until they make up the whole."""
    total = sentence[at].value
    for number in sentence[at + 1 :]:
        listed = _LISTED.fullmatch(number.before)
        if not (listed and number.matches(whole) and number.role == whole.role):
            return
        # Behind a comma something else may be told; only a bare name goes on with the list.
        name = listed["name"]
        if name is not None and (name not in number.head_texts or _exceed([number], whole)):
            return
        yield number
        total = EXACT.add(total, number.value)
        # 其中本科50人、大专30人、持证60人: of 80, nobody is left for a third part.
        if total == whole.value:
            return


def _exceed(parts: list[Number], whole: Number) -> bool:
    return reduce(Interval.plus, (part.truth for part in parts)).low > whole.truth.high


def _may_overlap(parts: list[Number]) -> bool:
    across = [bool(_ACROSS.search(part.before)) for part in parts]
    return any(across) and not all(across) or bool(_LAPPING.search(parts[-1].after))
