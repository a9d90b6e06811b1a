"""Replace pieces of an annotated report's text and move its spans along."""

from bisect import bisect_left, bisect_right
from collections.abc import Iterable
from itertools import accumulate
from typing import NamedTuple

from ..report import Entity, Relation, Report


class Replacement(NamedTuple):
    """A piece of text and what comes in its place.

    start (int): first character, an offset into the report's text.
    end (int): behind the last character; `start` for an insertion.
    text (str): the new text, empty for a deletion.
    """

    start: int
    end: int
    text: str


def replace(report: Report, replacements: Iterable[Replacement]) -> Report:
    """Make all replacements at once.

    An insertion at the edge of an entity stays outside it. An entity that is replaced as a whole
    keeps its label and links; one that is deleted, alone or with what stands around it, is gone
    from the relations as well.

    report (Report): the report.
    replacements (Iterable[Replacement]): in any order.
    RETURNS (Report): the new report, without asides.
    RAISES (ValueError): if replacements overlap or cut through the edge of an entity.
    """
    edits = sorted(replacements)
    pieces, at = [], 0
    for edit in edits:
        if edit.start < at:
            raise ValueError(f"{edit} overlaps the replacement before it; make one of the two")
        pieces += [report.text[at : edit.start], edit.text]
        at = edit.end
    text = "".join(pieces) + report.text[at:]

    starts, ends = [edit.start for edit in edits], [edit.end for edit in edits]
    shifts = [0, *accumulate(len(edit.text) - (edit.end - edit.start) for edit in edits)]
    entities: list[Entity] = []
    places: dict[int, int] = {}
    for index, entity in enumerate(report.entities):
        first, last = bisect_right(ends, entity.start), bisect_left(starts, entity.end)
        for edit in edits[first:last]:
            if edit.start < entity.start or edit.end > entity.end:
                if edit.start > entity.start or edit.end < entity.end:
                    raise ValueError(f"{edit} cuts {entity}; replace all of it or its inside")
                break
        else:
            start, end = entity.start + shifts[first], entity.end + shifts[last]
            if start < end:
                places[index] = len(entities)
                entities.append(Entity(start, end, entity.label))
    relations = [
        Relation(
            places[relation.quantity],
            relation.role,
            tuple(places[head] for head in relation.heads if head in places),
        )
        for relation in report.relations
        if relation.quantity in places
    ]
    return Report(report.name, text, tuple(entities), tuple(relations))
