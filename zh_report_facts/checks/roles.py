"""Checks of links: roles that contradict their cues, and heads that are far away."""

import re
from collections.abc import Iterable, Iterator

from ..report import SENTENCE_ENDS, Report
from ..schema import HEADS
from .finding import Finding, find_in

CLAUSE_ENDS = SENTENCE_ENDS | set("，：,:")

# The guideline's order: the first role that fits is the right one.
PRECEDENCE = ("BASELINE", "CHANGE", "STANDARD", "TARGET", "ACTUAL")

# Cues in front of a quantity (from its clause's start or the quantity before) and behind it.
BASELINE_BEFORE = re.compile(
    r"(?:由|从)(?:原来的?|原先的?|最初的?|去年的?|上年的?|每[人月年户天])*\s?\Z"
    r"|(?:较|比)(?:去年|上年|前年|20\d\d\s?年)(?:同期)?的?\s?\Z"
)
BASELINE_AFTER = re.compile(
    r"\s?(?:增|提|升|降|扩|减|涨|上调|调|压|缩|发展到|变为|翻|的?基础上|[，,]?(?:同比|增|减))"
)
CHANGE_BEFORE = re.compile(
    r"(?:(?:增长|(?<!新)增加|提高|下降|减少|上升|降低|多出|增发|[增降]幅[为达]?)了?|提升了)\s?\Z"
)
STANDARD_BEFORE = re.compile(
    r"(?:每一?(?:学年|学期|季度|小时|平方米|公里|[人户名月年天日台位生周例件亩床家个孩村次场班处套镇县吨])+"
    r"|[人户月日年场校村床生天]均)[^0-9累共]{0,8}\Z"
)
STANDARD_AFTER = re.compile(r"\s?[/／]\s?(?:人|户|月|年|天|日|台|次|例|生|床|件|亩|小时)")
TARGET_BEFORE = re.compile(
    r"(?:力争|(?<![代草模虚])拟|预计|有望|(?<!年度)(?<!完成)计划(?!的)|目标(?:任务)?[为是数值](?!的)|"
    r"任务数?[为是])[^0-9已]{0,12}\Z"
)
# A role that no cue in the whole sentence supports; words that only sometimes are cues count.
NEEDED = {
    "BASELINE": re.compile(
        r"年|同期|原|由|从|较|比|前|以往|过去|初|往|末|上[季月次]|曾|当|旧|起|刚|只|仅|基础"
    ),
    "CHANGE": re.compile(r"[增减提升降多少涨压扩差缩跌翻省高低超短快落节便调加]"),
    "STANDARD": re.compile(r"[每均各按单/／限档额年月天日薪一]|标准|一次性|人|补|奖"),
}


def find_role_against_cue(report: Report) -> Iterator[Finding]:
    """Find quantities whose role contradicts the words around them."""
    text = _without_heads(report)
    previous = 0
    for relation in report.relations:
        quantity = report.entities[relation.quantity]
        clause = max(previous, _behind_last(CLAUSE_ENDS, report.text, quantity.start))
        cue = _cue(text[clause : quantity.start], text[quantity.end : quantity.end + 6])
        previous = quantity.end
        # The first role that fits wins, so a cue of a later one says nothing.
        if cue and PRECEDENCE.index(relation.role) > PRECEDENCE.index(cue[0]):
            detail = f"{relation.role}, but {cue[1].strip()} → {cue[0]}"
            yield find_in(report, quantity, "role against its cue", detail)
        needed = NEEDED.get(relation.role)
        if needed and not needed.search(_sentence(report.text, quantity.start)):
            yield find_in(report, quantity, "role without a cue", relation.role)


def find_far_heads(report: Report) -> Iterator[Finding]:
    """Find links to a programme of an earlier sentence, past a nearer one without a number."""
    linked = report.linked
    for relation in report.relations:
        quantity = report.entities[relation.quantity]
        sentence = _behind_last(SENTENCE_ENDS, report.text, quantity.start)
        programs = [h for h in relation.heads if report.entities[h].label == "PROGRAM"]
        if not programs or report.entities[max(programs)].start >= sentence:
            continue
        for index in range(relation.quantity - 1, max(programs), -1):
            nearer = report.entities[index]
            if nearer.start >= sentence and nearer.label == "PROGRAM" and index not in linked:
                detail = report.span_text(nearer)
                yield find_in(report, quantity, "far head past one without a number", detail)
                break


def _cue(before: str, after: str) -> tuple[str, str] | None:
    """Return the role that the words around a quantity call for, and those words."""
    baseline = BASELINE_BEFORE.search(before)
    if baseline and (baseline[0][0] in "较比" or BASELINE_AFTER.match(after)):
        return "BASELINE", baseline[0]
    change = CHANGE_BEFORE.search(before)
    if change:
        return "CHANGE", change[0]
    standard = STANDARD_BEFORE.search(before) or STANDARD_AFTER.match(after)
    if standard:
        return "STANDARD", standard[0]
    target = TARGET_BEFORE.search(before)
    return ("TARGET", target[0]) if target else None


def _without_heads(report: Report) -> str:
    """Blank the heads out, so that 计划 in a programme's name is no cue."""
    text = report.text
    for entity in report.entities:
        if entity.label in HEADS:
            blank = "＿" * (entity.end - entity.start)
            text = text[: entity.start] + blank + text[entity.end :]
    return text


def _behind_last(characters: Iterable[str], text: str, end: int) -> int:
    """Return the offset behind the last of some characters before `end`."""
    return max(text.rfind(character, 0, end) for character in characters) + 1


def _sentence(text: str, offset: int) -> str:
    ends = [end for mark in SENTENCE_ENDS if (end := text.find(mark, offset)) >= 0]
    return text[_behind_last(SENTENCE_ENDS, text, offset) : min(ends, default=len(text))]
