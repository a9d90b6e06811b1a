"""Find what a pipeline got wrong in a report, and name the cause."""

from collections.abc import Iterable, Iterator
from typing import NamedTuple

from ..quantity.parse import Quantity
from ..schema import HEADS, QUANTITIES
from .annotation import Annotation, Place
from .tally import close, match
from .values import Reading

BOUNDARY = "wrong boundary"
LABEL = "wrong label"
MISSED_QUANTITY = "missed number"
MISSED_WITH_NUMBER = "missed head with a number"
MISSED_WITHOUT_NUMBER = "missed head without a number"
INVENTED = "invented entity"
WRONG_HEAD = "wrong head"
MISSED_LINK = "missed link"
EXTRA_LINK = "extra link"
WRONG_ROLE = "wrong role"
WRONG_VALUE = "wrong value"
LOST_HEAD = "link lost with its head"
INVENTED_HEAD = "link to an invented head"
LOST_NUMBER = "fact lost with its number"
INVENTED_NUMBER = "fact of an invented number"

CAUSES = {
    BOUNDARY: "The entity was found, but other characters of it.",
    LABEL: "Some of the characters were found, under another label.",
    MISSED_QUANTITY: "A COUNT, MONEY or PERCENT was not found.",
    MISSED_WITH_NUMBER: "A PROGRAM or ITEM that a number is linked to was not found.",
    MISSED_WITHOUT_NUMBER: "A PROGRAM or ITEM that no number is linked to was not found.",
    INVENTED: "What was found overlaps no gold entity.",
    WRONG_HEAD: "The number was linked to another head of the right label.",
    MISSED_LINK: "Number and head were found, but not linked.",
    EXTRA_LINK: "Number and head are right, but have nothing to do with each other.",
    WRONG_ROLE: "The number was found, its role is another.",
    WRONG_VALUE: "The number was found, its normal form is another.",
    LOST_HEAD: "The number was found, its head was not.",
    INVENTED_HEAD: "The number is right, the head that it was linked to is none.",
    LOST_NUMBER: "The number of a linked fact was not found with its exact characters.",
    INVENTED_NUMBER: "The number of a linked fact overlaps no gold number.",
}

GOLD, FOUND, NUMBER = "gold", "found", "number"


class Mark(NamedTuple):
    """A stretch of the report that a mistake is about.

    place (Place): where it is, white space not counted.
    side (str): GOLD for what should be there, FOUND for what was predicted, NUMBER for what is
        right about a wrong fact.
    label (str): the entity's label.
    """

    place: Place
    side: str
    label: str


class Mistake(NamedTuple):
    """Something that is not as in the gold report.

    cause (str): one of `CAUSES`.
    marks (tuple[Mark, ...]): what it is about; in a fact the number comes first.
    note (str): what the marks do not show.
    """

    cause: str
    marks: tuple[Mark, ...]
    note: str = ""


def find_mistakes(
    gold: Annotation, found: Annotation, readings: Iterable[Reading]
) -> list[Mistake]:
    """Find all mistakes in a report.

    gold (Annotation): what is right.
    found (Annotation): what was predicted for the same text.
    readings (Iterable[Reading]): the values of the numbers that were found.
    RETURNS (list[Mistake]): the mistakes, in text order.
    """
    mistakes = [
        *_find_wrong_entities(gold, found),
        *_find_wrong_facts(gold, found),
        *_find_wrong_values(gold, readings),
    ]
    return sorted(mistakes, key=lambda mistake: min(mark.place for mark in mistake.marks))


def _find_wrong_entities(gold: Annotation, found: Annotation) -> Iterator[Mistake]:
    linked = {head for head, _ in gold.links}
    for marks in _overlapping(gold, found):
        wanted = [mark for mark in marks if mark.side == GOLD]
        others = [mark for mark in marks if mark.side == FOUND]
        if not others:
            label, place = wanted[0].label, wanted[0].place
            if label in QUANTITIES:
                cause = MISSED_QUANTITY
            else:
                cause = MISSED_WITH_NUMBER if place in linked else MISSED_WITHOUT_NUMBER
        elif not wanted:
            cause = INVENTED
        elif {(m.place, m.label) for m in wanted} == {(m.place, m.label) for m in others}:
            continue
        else:
            cause = BOUNDARY if {m.label for m in wanted} & {m.label for m in others} else LABEL
        yield Mistake(cause, tuple(marks))


def _overlapping(gold: Annotation, found: Annotation) -> Iterator[list[Mark]]:
    """Group the entities of both sides that overlap."""
    marks = [Mark(place, GOLD, label) for place, label in gold.entities.items()]
    marks += [Mark(place, FOUND, label) for place, label in found.entities.items()]
    group: list[Mark] = []
    for mark in sorted(marks):
        if group and mark.place[0] >= max(other.place[1] for other in group):
            yield group
            group = []
        group.append(mark)
    if group:
        yield group


def _find_wrong_facts(gold: Annotation, found: Annotation) -> Iterator[Mistake]:
    for place, role in gold.roles.items():
        heads = _heads(gold, place, GOLD)
        number = Mark(place, NUMBER, gold.entities[place])
        if place not in found.roles:
            if heads:
                yield Mistake(LOST_NUMBER, (number, *heads))
            continue
        if found.roles[place] != role:
            right = tuple(mark._replace(side=NUMBER) for mark in heads)
            yield Mistake(WRONG_ROLE, (number, *right), f"gold {role}, found {found.roles[place]}")
        yield from _find_wrong_links(gold, found, number)
    for place in found.roles:
        heads = _heads(found, place, FOUND)
        if heads and not any(_touch(place, other) for other in gold.roles):
            yield Mistake(INVENTED_NUMBER, (Mark(place, FOUND, found.entities[place]), *heads))


def _find_wrong_links(gold: Annotation, found: Annotation, number: Mark) -> Iterator[Mistake]:
    wanted = _heads(gold, number.place, GOLD)
    others = _heads(found, number.place, FOUND)
    for right, hit in match(wanted, others, lambda a, b: close(a.place, b.place)):
        wanted.remove(right)
        others.remove(hit)
    for right, wrong in match(wanted, others, lambda a, b: a.label == b.label):
        wanted.remove(right)
        others.remove(wrong)
        note = "" if _holds(found, right) else "the right head was not found"
        yield Mistake(WRONG_HEAD, (number, right, wrong), note)
    for head in wanted:
        yield Mistake(MISSED_LINK if _holds(found, head) else LOST_HEAD, (number, head))
    for head in others:
        yield Mistake(EXTRA_LINK if _holds(gold, head) else INVENTED_HEAD, (number, head))


def _find_wrong_values(gold: Annotation, readings: Iterable[Reading]) -> Iterator[Mistake]:
    for place, wanted, found in readings:
        if wanted != found:
            note = f"gold {_show(wanted)}, found {_show(found)}"
            yield Mistake(WRONG_VALUE, (Mark(place, NUMBER, gold.entities[place]),), note)


def _heads(annotation: Annotation, quantity: Place, side: str) -> list[Mark]:
    heads = sorted(head for head, other in annotation.links if other == quantity)
    return [Mark(head, side, annotation.entities[head]) for head in heads]


def _holds(annotation: Annotation, mark: Mark) -> bool:
    """Whether there is a head at about the place of the mark."""
    return any(
        label in HEADS and close(place, mark.place) for place, label in annotation.entities.items()
    )


def _touch(a: Place, b: Place) -> bool:
    return a[0] < b[1] and b[0] < a[1]


def _show(quantity: Quantity) -> str:
    numbers = "–".join(f"{x:f}" for x in (quantity.value, quantity.high) if x is not None)
    return " ".join(x for x in (quantity.bound, numbers or "no value", quantity.unit) if x)
