"""Agreement between annotators who worked on the same paragraphs, each alone."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from itertools import combinations
from math import isnan
from typing import NamedTuple

from ..report import Report
from ..schema import HEADS, LABELS, QUANTITIES, ROLES
from .examples import Pulled

# The versions of one paragraph, by annotator; all have the same text.
Versions = dict[str, Pulled]
Pairs = Sequence[tuple[Report, Report]]


class Score(NamedTuple):
    """Agreement on one thing.

    name (str): what.
    f (float | None): F score of one annotator against the other; None where neither marked it.
    kappa (float | None): Cohen's kappa; None where it is not defined.
    first (int): how often the first annotator of a pair marked it.
    second (int): how often the second did.
    """

    name: str
    f: float | None
    kappa: float | None
    first: int
    second: int


def group_versions(pulled: Iterable[tuple[str, Pulled]]) -> dict[int, Versions]:
    """Bring together the versions of each paragraph.

    pulled (Iterable[tuple[str, Pulled]]): annotator and example.
    RETURNS (dict[int, Versions]): by doccano's id, those that two annotators or more confirmed.
    """
    versions: dict[int, Versions] = defaultdict(dict)
    for annotator, one in pulled:
        versions[one.document][annotator] = one
    return {document: both for document, both in sorted(versions.items()) if len(both) > 1}


def measure_agreement(versions: Iterable[Versions]) -> dict[tuple[str, str], list[Score]]:
    """Measure agreement for each pair of annotators.

    versions (Iterable[Versions]): the versions of each paragraph.
    RETURNS (dict[tuple[str, str], list[Score]]): the scores of each pair, over the paragraphs that
        both confirmed: spans and each label, links, roles and each role.
    """
    shared: dict[tuple[str, str], list[tuple[Report, Report]]] = defaultdict(list)
    for both in versions:
        for a, b in combinations(sorted(both), 2):
            shared[a, b].append((both[a].paragraph.annotation, both[b].paragraph.annotation))
    return {
        names: [*score_spans(pairs), score_links(pairs), *score_roles(pairs)]
        for names, pairs in sorted(shared.items())
    }


def score_spans(pairs: Pairs) -> list[Score]:
    """Score spans: F over spans with equal edges and label, kappa over characters.

    pairs (Pairs): two versions of each paragraph.
    RETURNS (list[Score]): all labels together, and each label against everything else.
    """
    characters = [
        (x, y)
        for a, b in pairs
        for x, y in zip(label_characters(a), label_characters(b), strict=True)
    ]
    scores = []
    for name, labels in [("spans", LABELS), *((label, (label,)) for label in LABELS)]:
        first, second = (
            {
                (i, e)
                for i, pair in enumerate(pairs)
                for e in pair[side].entities
                if e.label in labels
            }
            for side in (0, 1)
        )
        kept = [tuple(c if c in labels else "" for c in pair) for pair in characters]
        scores.append(Score(name, f_score(first, second), kappa(kept), len(first), len(second)))
    return scores


def score_links(pairs: Pairs) -> Score:
    """Score links: F over pairs of number and head; kappa over all pairs that could be linked.

    pairs (Pairs): two versions of each paragraph.
    RETURNS (Score): roles do not count here; for kappa, both must have marked both spans.
    """
    first: set[tuple[object, ...]] = set()
    second: set[tuple[object, ...]] = set()
    choices: list[tuple[str, str]] = []
    for i, (a, b) in enumerate(pairs):
        mine, theirs = find_links(a), find_links(b)
        first |= {(i, *link) for link in mine}
        second |= {(i, *link) for link in theirs}
        common = [entity for entity in a.entities if entity in b.entities]
        choices += [
            (str((number, head) in mine), str((number, head) in theirs))
            for number in common
            if number.label in QUANTITIES
            for head in common
            if head.label in HEADS
        ]
    return Score("links", f_score(first, second), kappa(choices), len(first), len(second))


def score_roles(pairs: Pairs) -> list[Score]:
    """Score roles: F over numbers with their role, kappa over the numbers that both marked.

    pairs (Pairs): two versions of each paragraph.
    RETURNS (list[Score]): all roles together, and each role against the others.
    """
    sides: tuple[dict[object, str], dict[object, str]] = ({}, {})
    for i, pair in enumerate(pairs):
        for roles, report in zip(sides, pair):
            for relation in report.relations:
                roles[i, report.entities[relation.quantity]] = relation.role
    common = [(sides[0][number], sides[1][number]) for number in sides[0] if number in sides[1]]
    scores = []
    for name, wanted in [("roles", ROLES), *((role, (role,)) for role in ROLES)]:
        first, second = ({item for item in roles.items() if item[1] in wanted} for roles in sides)
        kept = [tuple(role if role in wanted else "" for role in pair) for pair in common]
        scores.append(Score(name, f_score(first, second), kappa(kept), len(first), len(second)))
    return scores


def label_characters(report: Report) -> list[str]:
    """Give each character of a report the label it stands in, or ""."""
    labels = [""] * len(report.text)
    for entity in report.entities:
        labels[entity.start : entity.end] = [entity.label] * (entity.end - entity.start)
    return labels


def find_links(report: Report) -> set[tuple[object, object]]:
    """Give the links of a report as pairs of spans: number and head."""
    return {
        (report.entities[relation.quantity], report.entities[head])
        for relation in report.relations
        for head in relation.heads
    }


def f_score(first: set, second: set) -> float | None:  # type: ignore[type-arg]
    """The harmonic mean of precision and recall, whichever of the two is taken for right."""
    size = len(first) + len(second)
    return 2 * len(first & second) / size if size else None


def kappa(pairs: Sequence[tuple[str, ...]]) -> float | None:
    """Cohen's kappa, by scikit-learn.

    pairs (Sequence[tuple[str, ...]]): what each of two annotators chose.
    RETURNS (float | None): None where both chose one and the same all the time.
    """
    from sklearn.metrics import cohen_kappa_score

    if len({choice for pair in pairs for choice in pair}) < 2:
        return None
    value = float(cohen_kappa_score(*zip(*pairs, strict=True)))
    return None if isnan(value) else value
