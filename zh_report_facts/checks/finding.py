"""What a check finds, and what checks ask of a report."""

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
    """Make a finding of a whole entity.

    report (Report): where.
    entity (Entity): the place.
    kind (str): what is suspected.
    detail (str): the evidence, where the kind does not say it all.
    RETURNS (Finding): the finding.
    """
    return Finding(report, entity.start, entity.end, kind, detail)


def covered(report: Report) -> bytearray:
    """Mark the characters that stand in an entity.

    report (Report): the report.
    RETURNS (bytearray): for each character of its text 1 or 0.
    """
    marks = bytearray(len(report.text))
    for entity in report.entities:
        marks[entity.start : entity.end] = b"\1" * (entity.end - entity.start)
    return marks
