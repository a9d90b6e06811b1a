"""Checks across reports: the same name annotated in different ways."""

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence

from ..report import Entity, Report
from ..schema import HEADS
from .finding import Finding, covered, find_in

# Shorter or rarer names are too often part of another word or phrase.
SHORTEST, RAREST = 5, 2


def find_other_labels(reports: Sequence[Report]) -> Iterator[Finding]:
    """Find heads that have another label nearly everywhere else."""
    labels: dict[str, Counter[str]] = defaultdict(Counter)
    for report, entity in _heads(reports):
        labels[report.span_text(entity)][entity.label] += 1
    for report, entity in _heads(reports):
        counts = labels[report.span_text(entity)]
        usual, times = counts.most_common(1)[0]
        # Both are right for things that are counted here and measured there.
        if usual != entity.label and times >= 2 * counts[entity.label]:
            yield find_in(report, entity, "same text, another label", f"{usual} {times} times")


def find_unmarked_names(reports: Sequence[Report]) -> Iterator[Finding]:
    """Find programmes that are annotated elsewhere in the corpus and not here."""
    times = Counter(
        report.span_text(entity) for report, entity in _heads(reports) if entity.label == "PROGRAM"
    )
    names = [name for name, count in times.items() if len(name) >= SHORTEST and count >= RAREST]
    if not names:
        return
    longest_first = sorted(names, key=lambda name: (-len(name), name))
    pattern = re.compile("《[^《》\\n]*》|" + "|".join(map(re.escape, longest_first)))
    for report in reports:
        marks = covered(report)
        for match in pattern.finditer(report.text):
            if match[0] in times and not any(marks[match.start() : match.end()]):
                detail = f"PROGRAM {times[match[0]]} times"
                yield Finding(report, *match.span(), "name left unmarked", detail)


def _heads(reports: Iterable[Report]) -> Iterator[tuple[Report, Entity]]:
    for report in reports:
        for entity in report.entities:
            if entity.label in HEADS:
                yield report, entity
