"""What a check finds, and what checks ask of a report."""

from __future__ import annotations

from typing import NamedTuple

from ..report import Entity, Report


class Finding(NamedTuple):
    """A place worth a second look.

    report (Report): where.
    start (int): first character of the place, an offset into the report's text.
    end (int): behind the last character.
    kind (str): what is suspected.
    detail (str): the evidence, where the kind does not say it all.
    """

    report: Report
    start: int
    end: int
    kind: str
    detail: str = ""

    @property
    def context(self) -> str:
        """The place between 【】 with a few characters of its paragraph around it."""
        text = self.report.text
        left = text[max(0, self.start - 14) : self.start].rpartition("\n")[2]
        right = text[self.end : self.end + 14].partition("\n")[0]
        return f"…{left}【{text[self.start : self.end]}】{right}…"


def find_in(report: Report, entity: Entity, kind: str, detail: str = "") -> Finding:
    """Make a finding of a whole entity."""
    return Finding(report, entity.start, entity.end, kind, detail)


def span_text(report: Report, entity: Entity) -> str:
    """Get an entity's text."""
    return report.text[entity.start : entity.end]


def covered(report: Report) -> bytearray:
    """Mark each character of the text that stands in an entity with 1."""
    marks = bytearray(len(report.text))
    for entity in report.entities:
        marks[entity.start : entity.end] = b"\1" * (entity.end - entity.start)
    return marks
