"""Adds up what reports state, by programme, item, role and unit, and only what may be added up.

In the annotated corpus one report gives several ACTUAL numbers of one programme, item and unit 403
times. Of 126 of them that one reader looked at, about one in twenty adds up; the others are a whole
and its parts, the steps of one piece of work (受理74件，办结73件), or this year and all years so
far. So no sum is made inside a report.
"""

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from decimal import Decimal
from hashlib import blake2b
from typing import NamedTuple

from ..quantity.numerals import EXACT
from ..records import Record
from ..schema import ROLES
from .rows import Row, one_word, to_rows


class Key(NamedTuple):
    """What facts must have in common to be added up.

    programs (tuple[str, ...]): the programmes; a number that several share is of no single one.
    items (tuple[str, ...]): the items.
    role (str): one of `schema.ROLES`.
    label (str): COUNT, MONEY or PERCENT.
    unit (str | None): measure word or currency; 人 is not 人次.
    """

    programs: tuple[str, ...]
    items: tuple[str, ...]
    role: str
    label: str
    unit: str | None


@dataclass
class Total:
    """The facts of a key.

    key (Key): what they have in common.
    total (Decimal | None): the sum; None where nothing may be added up.
    sign (str): ≈, ≥ or ≤ where the sum is not exact.
    reports (int): how many reports state such a fact.
    facts (int): how many facts there are.
    added (int): how many of them went into the sum.
    left_out (Counter[str]): how many did not, by reason.
    lowest (Decimal | None): the least of all their values.
    highest (Decimal | None): the greatest.
    score (float | None): the lowest score of those added.
    """

    key: Key
    total: Decimal | None = None
    sign: str = ""
    reports: int = 0
    facts: int = 0
    added: int = 0
    left_out: Counter[str] = field(default_factory=Counter)
    lowest: Decimal | None = None
    highest: Decimal | None = None
    score: float | None = None


SIGNS = {"about": "≈", "over": "≥", "under": "≤"}
# 各1个 and 各建成1个 tell what each has, and not how many have it. 各类活动38次, 各级投入5万元 and,
# with more than a verb between, 各部门采纳41条 are of all; 各57户和83户 has a number for each one.
EACH = re.compile(r"各(?![类级界地种项族])[^\W\d]{0,2}$")
ANOTHER = re.compile(r"[、和及与][\d一二两三四五六七八九十百千万]")


class Totals:
    """The totals of all reports; memory grows with what they name, and 16 bytes a report."""

    def __init__(self) -> None:
        self._totals: dict[Key, Total] = {}
        self._seen: set[bytes] = set()
        self._names: dict[frozenset[str], tuple[str, ...]] = {}

    def add(self, record: Record) -> None:
        """Take in the facts of a report.

        record (Record): the report. One with the text of another adds nothing.
        """
        digest = blake2b(one_word(record["text"]).encode(), digest_size=16).digest()
        again = digest in self._seen
        self._seen.add(digest)
        groups: dict[Key, list[Row]] = {}
        for row in to_rows(record):
            key = Key(
                self._distinct(row["programs"]),
                self._distinct(row["items"]),
                row["role"],
                row["label"],
                row["unit"],
            )
            groups.setdefault(key, []).append(row)
        for key, rows in groups.items():
            _include(self._totals.setdefault(key, Total(key)), rows, again)

    def _distinct(self, names: list[str]) -> tuple[str, ...]:
        """Take each name once; those that came before stay in the order they came in."""
        return self._names.setdefault(frozenset(names), tuple(dict.fromkeys(names)))

    def __iter__(self) -> Iterator[Total]:
        """The totals, those of a programme together, in order of appearance; last those of none."""
        programs: dict[tuple[str, ...], int] = {}
        heads: dict[tuple[tuple[str, ...], tuple[str, ...]], int] = {}
        for key in self._totals:
            programs.setdefault(key.programs, len(programs))
            heads.setdefault(key[:2], len(heads))

        def place(total: Total) -> tuple[bool, int, int, int]:
            key = total.key
            return (
                not key.programs,
                programs[key.programs],
                heads[key[:2]],
                ROLES.index(key.role),
            )

        return iter(sorted(self._totals.values(), key=place))


def _include(total: Total, rows: list[Row], again: bool) -> None:
    """Take in the facts of one report that have one key."""
    total.reports += 1
    total.facts += len(rows)
    for row in rows:
        for number in (row["value"], row["high"]):
            if number is not None:
                total.lowest = number if total.lowest is None else min(total.lowest, number)
                total.highest = number if total.highest is None else max(total.highest, number)
    addable = []
    for row in rows:
        reason = "重复报告" if again else _obstacle(total.key, row)
        if reason:
            total.left_out[reason] += 1
        else:
            addable.append(row)
    if len({row["value"] for row in addable}) > 1:
        total.left_out["同篇数值不一"] += len(addable)
    elif addable:
        # The same value may be told as 50余人 and as 50人, in either order.
        _add(total, min(addable, key=lambda row: (row["bound"] != "exact", row["score"])))
        if addable[1:]:
            total.left_out["同篇重复"] += len(addable) - 1


def _obstacle(key: Key, row: Row) -> str:
    """Why a fact can never be added to another; empty if it can."""
    if key.role != "ACTUAL":
        return "非实际数"
    if key.label == "PERCENT":
        return "百分比"
    if not key.programs and not key.items:
        return "未找到对象"
    if row["value"] is None or key.unit is None:
        return "未读出"
    if row["high"] is not None:
        return "区间"
    return "各自之数" if _is_of_each(row) else ""


def _is_of_each(row: Row) -> bool:
    """Whether a number holds for each of several, so that the sum of theirs is not known."""
    start, end = (row[edge] - row["sentence_start"] for edge in ("start", "end"))
    before, after = one_word(row["sentence"][:start]), one_word(row["sentence"][end:])
    return bool(EACH.search(before)) and not ANOTHER.match(after)


def _add(total: Total, row: Row) -> None:
    value, sign = row["value"], SIGNS.get(row["bound"] or "", "")
    assert value is not None, "a fact without a value is not added"
    if total.sign and sign not in ("", total.sign):
        total.sign = "≈"
    else:
        total.sign = total.sign or sign
    total.total = value if total.total is None else EXACT.add(total.total, value)
    total.added += 1
    total.score = row["score"] if total.score is None else min(total.score, row["score"])
