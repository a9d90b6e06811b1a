"""Compare two annotations of a report and count what they have in common."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import TypeVar

from ..schema import HEADS, LABELS, ROLES
from .annotation import Annotation, Link, Place

T = TypeVar("T")

# A head counts as found when this share of the union of both spans is common to them.
OVERLAP = 0.5
DISTANCES = {
    "adjacent": 0,
    "1–9 characters apart": 9,
    "10–29 characters apart": 29,
    "30 characters or more apart": None,
}
ROLE_OF_FOUND = "role of found numbers"


@dataclass
class Tally:
    """Counts of what is right.

    hits (int): in gold and found.
    gold (int): all in gold.
    found (int): all that was found.
    """

    hits: int = 0
    gold: int = 0
    found: int = 0

    def add(self, hits: int, gold: int, found: int) -> None:
        """Add counts.

        hits (int): in gold and found.
        gold (int): all in gold.
        found (int): all that was found.
        """
        self.hits += hits
        self.gold += gold
        self.found += found

    @property
    def p(self) -> float:
        """Precision."""
        return self.hits / self.found if self.found else 0.0

    @property
    def r(self) -> float:
        """Recall."""
        return self.hits / self.gold if self.gold else 0.0

    @property
    def f(self) -> float:
        """The harmonic mean of precision and recall."""
        return 2 * self.p * self.r / (self.p + self.r) if self.p + self.r else 0.0


Tallies = dict[str, Tally]


def new_tallies() -> Tallies:
    """Make empty tallies.

    RETURNS (Tallies): one for each figure that `compare` counts, named by what it counts and
        whether spans must be equal (strict) or overlap.
    """
    names = [*LABELS, "entities", *(f"{head} facts" for head in HEADS), "facts"]
    figures = [f"{name} {how}" for name in names for how in ("strict", "overlap")]
    groups = [*ROLES, "same sentence", "other sentence", *DISTANCES]
    figures += [f"facts overlap: {group}" for group in groups]
    return {name: Tally() for name in [*figures, ROLE_OF_FOUND]}


def overlap(a: Place, b: Place) -> float:
    """Measure how far two places agree.

    a (Place): one place.
    b (Place): another.
    RETURNS (float): what is common to them as a share of what is in either.
    """
    common = min(a[1], b[1]) - max(a[0], b[0])
    return max(common, 0) / (max(a[1], b[1]) - min(a[0], b[0]))


def match(gold: Iterable[T], found: Iterable[T], same: Callable[[T, T], bool]) -> list[tuple[T, T]]:
    """Match two collections one to one.

    Each member is matched with the first that is left. As spans do not overlap in one annotation,
    no other matching by overlap has more pairs.

    gold (Iterable[T]): what should be found.
    found (Iterable[T]): what was found.
    same (Callable[[T, T], bool]): whether a gold and a found member agree.
    RETURNS (list[tuple[T, T]]): pairs of a gold and a found member.
    """
    left, pairs = list(found), []
    for wanted in gold:
        hit = next((other for other in left if same(wanted, other)), None)
        if hit is not None:
            left.remove(hit)
            pairs.append((wanted, hit))
    return pairs


def close(a: Place, b: Place) -> bool:
    """Tell whether two places count as the same where overlap is enough.

    a (Place): one place.
    b (Place): another.
    RETURNS (bool): whether they overlap by half.
    """
    return overlap(a, b) >= OVERLAP


def close_links(a: tuple[Link, str], b: tuple[Link, str]) -> bool:
    """Tell whether two links count as the same where overlap of their heads is enough.

    a (tuple[Link, str]): head and quantity, and the role.
    b (tuple[Link, str]): another.
    RETURNS (bool): whether quantity and role are equal and the heads overlap by half.
    """
    return a[0][1] == b[0][1] and a[1] == b[1] and close(a[0][0], b[0][0])


def compare(gold: Annotation, found: Annotation, tallies: Tallies) -> None:
    """Add one report to the tallies.

    gold (Annotation): what is right.
    found (Annotation): what was predicted for the same text.
    tallies (Tallies): made by `new_tallies`; changed in place.
    """
    for label in LABELS:
        a = [place for place, other in gold.entities.items() if other == label]
        b = [place for place, other in found.entities.items() if other == label]
        for name in (label, "entities"):
            tallies[f"{name} strict"].add(len({*a} & {*b}), len(a), len(b))
            tallies[f"{name} overlap"].add(len(match(a, b, close)), len(a), len(b))
    for label in HEADS:
        _compare_links(_links_of(gold, label), _links_of(found, label), tallies, f"{label} facts")
    matched = _compare_links(gold.links, found.links, tallies, "facts")
    _compare_groups(gold, found, matched, tallies)
    shared = gold.roles.keys() & found.roles.keys()
    right = sum(gold.roles[place] == found.roles[place] for place in shared)
    tallies[ROLE_OF_FOUND].add(right, len(shared), len(shared))


def _links_of(annotation: Annotation, label: str) -> dict[Link, str]:
    """Keep the links whose head is an entity of the label."""
    entities = annotation.entities
    return {link: role for link, role in annotation.links.items() if entities.get(link[0]) == label}


def _compare_links(
    gold: Mapping[Link, str], found: Mapping[Link, str], tallies: Tallies, name: str
) -> dict[Link, Link]:
    """Count links; return the found links that are right, each with its gold link."""
    strict = len(gold.items() & found.items())
    pairs = match(gold.items(), found.items(), close_links)
    tallies[f"{name} strict"].add(strict, len(gold), len(found))
    tallies[f"{name} overlap"].add(len(pairs), len(gold), len(found))
    return {mine: wanted for (wanted, _), (mine, _) in pairs}


def _compare_groups(
    gold: Annotation, found: Annotation, matched: Mapping[Link, Link], tallies: Tallies
) -> None:
    """Count links by role, sentence and distance; a right one belongs where its gold link does."""
    for link, role in gold.links.items():
        for group in _groups(link, role, gold.sentences):
            tallies[f"facts overlap: {group}"].add(0, 1, 0)
    for link, role in found.links.items():
        for group in _groups(matched.get(link, link), role, gold.sentences):
            tallies[f"facts overlap: {group}"].add(link in matched, 0, 1)


def _groups(link: Link, role: str, sentences: list[int]) -> tuple[str, str, str]:
    first, last = sorted(link)
    apart = last[0] - first[1]
    distance = next(name for name, most in DISTANCES.items() if most is None or apart <= most)
    same = sentences[first[0]] == sentences[last[0]]
    return role, "same sentence" if same else "other sentence", distance
