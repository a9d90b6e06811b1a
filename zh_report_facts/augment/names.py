"""Other names for the programmes of a report."""

from random import Random

from ..report import Report
from .replacement import Replacement

MOST_NAMES = 1000


class ProgramNames:
    """Swap programmes' names for names from reports seen before.

    Holds a bounded sample of the names it was given to learn, each as likely as any other
    (reservoir sampling).

    random (Random): draws the sample.
    """

    def __init__(self, random: Random) -> None:
        self.random = random
        self.names: list[str] = []
        self.seen = 0

    def learn(self, report: Report) -> None:
        """Take up the names of a report.

        report (Report): an annotated report.
        """
        for name in _programs(report):
            # At its edges a digit could run into a number beside it.
            if name[0].isnumeric() or name[-1].isnumeric():
                continue
            self.seen += 1
            if len(self.names) < MOST_NAMES:
                self.names.append(name)
            elif (place := self.random.randrange(self.seen)) < MOST_NAMES:
                self.names[place] = name

    def __call__(self, report: Report, random: Random) -> list[Replacement]:
        """Give some programmes another name, the same one at each mention."""
        share = random.random()
        swapped = {
            name: random.choice(self.names)
            for name in dict.fromkeys(_programs(report))
            if self.names and random.random() < share
        }
        return [
            Replacement(entity.start, entity.end, swapped[name])
            for entity in report.entities
            if entity.label == "PROGRAM" and (name := report.span_text(entity)) in swapped
        ]


def _programs(report: Report) -> list[str]:
    return [report.span_text(e) for e in report.entities if e.label == "PROGRAM"]
