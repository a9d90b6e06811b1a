"""The scorer of the linker, registered as `zh_report_facts.fact_scorer.v1`."""

from collections.abc import Callable, Iterable

from spacy.training import Example

from .annotation import annotate_doc
from .tally import ROLE_OF_FOUND, compare, new_tallies

Scores = dict[str, float | None]


def make_fact_scorer() -> Callable[..., Scores]:
    """Make the scorer for a config.

    RETURNS (Callable[..., Scores]): `score_facts`.
    """
    return score_facts


def score_facts(examples: Iterable[Example], **kwargs: object) -> Scores:
    """Score the links of documents: sets of head, quantity and role, compared by characters.

    Links whose head or quantity was not found count as missed.

    examples (Iterable[Example]): predicted documents and references with `doc._.relations`.
    **kwargs (object): what `Language.evaluate` gives besides; not used.
    RETURNS (Scores): `facts_p`, `facts_r` and `facts_f`, where heads need to overlap only,
        `facts_exact_f`, and `role_acc`, the share of right roles among the numbers that were
        found; None where the references hold nothing to compare.
    """
    tallies = new_tallies()
    for example in examples:
        compare(annotate_doc(example.reference), annotate_doc(example.predicted), tallies)
    facts, exact = tallies["facts overlap"], tallies["facts strict"]
    roles = tallies[ROLE_OF_FOUND]
    return {
        "facts_p": facts.p if facts.gold else None,
        "facts_r": facts.r if facts.gold else None,
        "facts_f": facts.f if facts.gold else None,
        "facts_exact_f": exact.f if facts.gold else None,
        "role_acc": roles.r if roles.gold else None,
    }
