"""Figures that describe a corpus."""

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from statistics import mean, quantiles

from .report import SENTENCE_ENDS, Report
from .schema import LABELS, ROLES

Figures = dict[str, dict[str, int | float]]


def describe(reports: Sequence[Report]) -> Figures:
    """Describe a corpus.

    reports (Sequence[Report]): the reports, at least one.
    RETURNS (Figures): sections of named figures. Lengths and distances are in characters, shares
        in per cent; a link's distance is what stands between head and quantity.
    """
    characters = sum(len(report.text) for report in reports)
    labels = Counter(entity.label for report in reports for entity in report.entities)
    relations = [(report, relation) for report in reports for relation in report.relations]
    roles = Counter(relation.role for _, relation in relations)
    heads = Counter(min(len(relation.heads), 3) for _, relation in relations)
    distances, behind, across = [], 0, 0
    for report, head, quantity in _links(reports):
        first, last = sorted((report.entities[head], report.entities[quantity]))
        distances.append(last.start - first.end)
        behind += head > quantity
        across += not SENTENCE_ENDS.isdisjoint(report.text[first.end : last.start])
    spans = [(e.label, e.end - e.start) for report in reports for e in report.entities]
    return {
        "size": {
            "reports": len(reports),
            "paragraphs": sum(len(report.paragraphs) for report in reports),
            "characters": characters,
            "entities": labels.total(),
            "entities per 1,000 characters": round(1000 * labels.total() / max(characters, 1), 1),
            "characters in paragraphs without entities %": _share(
                sum(map(_bare_characters, reports)), characters
            ),
            "links": len(distances),
        },
        "label": {label: labels[label] for label in LABELS},
        "role": {role: roles[role] for role in ROLES},
        "heads of a quantity": {
            ("3 or more" if number == 3 else str(number)): heads[number] for number in range(4)
        },
        "PROGRAM": {
            "without a number %": _share(_programs_without_number(reports), labels["PROGRAM"]),
            **_spread([length for label, length in spans if label == "PROGRAM"]),
        },
        "ITEM length": _spread([length for label, length in spans if label == "ITEM"]),
        "report length": _spread([len(report.text) for report in reports]),
        "link distance": {
            **_spread(distances),
            "head behind its quantity %": _share(behind, len(distances)),
            "across sentences %": _share(across, len(distances)),
        },
        "genre": dict(sorted(Counter(map(_genre, reports)).items())),
    }


def _links(reports: Iterable[Report]) -> Iterator[tuple[Report, int, int]]:
    for report in reports:
        for relation in report.relations:
            for head in relation.heads:
                yield report, head, relation.quantity


def _programs_without_number(reports: Iterable[Report]) -> int:
    count = 0
    for report in reports:
        linked = report.linked
        count += sum(
            entity.label == "PROGRAM" and index not in linked
            for index, entity in enumerate(report.entities)
        )
    return count


def _bare_characters(report: Report) -> int:
    starts = [entity.start for entity in report.entities]
    return sum(
        end - start
        for start, end in report.paragraphs
        if not any(start <= entity < end for entity in starts)
    )


def _genre(report: Report) -> str:
    """The prefix of a report's file name: `dpf-press` of `dpf-press-03.ann`."""
    match = re.fullmatch(r"(.+)-\d+", Path(report.name).stem)
    return match[1] if match else "none"


def _share(part: int, whole: int) -> float:
    return round(100 * part / max(whole, 1), 1)


def _spread(lengths: Sequence[int]) -> dict[str, int | float]:
    """Mean, quartiles and maximum."""
    if not lengths:
        return {}
    # One length has no quartiles of its own.
    numbers = lengths if len(lengths) > 1 else [*lengths, *lengths]
    low, middle, high = quantiles(numbers, method="inclusive")
    return {
        "mean": round(mean(lengths), 1),
        "quartile 1": round(low, 1),
        "median": round(middle, 1),
        "quartile 3": round(high, 1),
        "longest": max(lengths),
    }
