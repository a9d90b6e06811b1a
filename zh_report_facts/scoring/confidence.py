"""Compare the scores of facts with how often facts are right."""

from collections.abc import Iterable, Mapping
from typing import NamedTuple

from .annotation import Annotation, Link, Place
from .tally import close_links, match

CERTAIN = 0.9
BINS = 10


class Judgement(NamedTuple):
    """Whether a fact is right: its quantity, its label, its role, and all its links.

    score (float): the fact's confidence, 0 to 1.
    strict (bool): whether it is right, its heads to the character.
    overlap (bool): whether it is right where heads need to overlap only.
    """

    score: float
    strict: bool
    overlap: bool


def judge_facts(
    gold: Annotation, found: Annotation, scores: Mapping[Place, float]
) -> list[Judgement]:
    """Judge each predicted fact.

    gold (Annotation): what is right.
    found (Annotation): what was predicted for the same text.
    scores (Mapping[Place, float]): the confidence of each predicted quantity's fact.
    RETURNS (list[Judgement]): one for each of them.
    """
    wanted, links = _links_by_quantity(gold), _links_by_quantity(found)
    judgements = []
    for place, score in scores.items():
        known = (
            gold.roles.get(place) == found.roles[place]
            and gold.entities.get(place) == found.entities[place]
        )
        a, b = wanted.get(place, {}), links.get(place, {})
        pairs = match(a.items(), b.items(), close_links)
        all_close = len(pairs) == len(a) == len(b)
        judgements.append(Judgement(score, known and a == b, known and all_close))
    return judgements


def _links_by_quantity(annotation: Annotation) -> dict[Place, dict[Link, str]]:
    links: dict[Place, dict[Link, str]] = {}
    for link, role in annotation.links.items():
        links.setdefault(link[1], {})[link] = role
    return links


def summarize(judgements: Iterable[Judgement]) -> dict[str, float]:
    """Summarise how far the scores can be trusted.

    judgements (Iterable[Judgement]): the judged facts.
    RETURNS (dict[str, float]): the number of facts; the share that is right; the share with a
        score of at least 0.9 and what share of those is right; and the expected calibration error,
        the mean distance between score and share of right facts over ten bins of equal width.
    """
    facts = list(judgements)
    certain = [fact for fact in facts if fact.score >= CERTAIN]
    bins: dict[int, list[Judgement]] = {}
    for fact in facts:
        bins.setdefault(min(int(fact.score * BINS), BINS - 1), []).append(fact)
    gaps = (
        abs(sum(f.score for f in inside) - sum(f.overlap for f in inside))
        for inside in bins.values()
    )
    return {
        "facts": len(facts),
        "right strict": _share(fact.strict for fact in facts),
        "right overlap": _share(fact.overlap for fact in facts),
        "with score >= 0.9": len(certain) / len(facts) if facts else 0.0,
        "right strict with score >= 0.9": _share(fact.strict for fact in certain),
        "right overlap with score >= 0.9": _share(fact.overlap for fact in certain),
        "calibration error overlap": sum(gaps) / len(facts) if facts else 0.0,
    }


def _share(right: Iterable[bool]) -> float:
    flags = list(right)
    return sum(flags) / len(flags) if flags else 0.0
