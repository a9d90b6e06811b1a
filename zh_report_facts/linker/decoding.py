"""From the linker's probabilities to `doc._.relations`."""

from typing import NamedTuple

from spacy.tokens import Doc
from thinc.types import Floats2d

from ..facts import confidence
from ..relations import RelationData
from ..schema import ROLES
from .candidates import Candidates
from .layout import EntitySpan


class Scored(NamedTuple):
    """What the linker found for one document.

    entities (list[EntitySpan]): the entities that were paired, and the openings of paragraphs.
    candidates (Candidates): the pairs.
    links (Floats2d): probability of each pair, shape (pairs, 1).
    roles (Floats2d): probability of each role, shape (quantities, roles).
    complete (Floats2d): probability that all heads of a quantity are among the entities, shape
        (quantities, 1).
    """

    entities: list[EntitySpan]
    candidates: Candidates
    links: Floats2d
    roles: Floats2d
    complete: Floats2d


def decode(doc: Doc, scored: Scored, threshold: float) -> list[RelationData]:
    """Give each quantity its likeliest role, and each head that is likely enough.

    doc (Doc): the document.
    scored (Scored): what the linker found for it.
    threshold (float): probability from which on a pair is a link.
    RETURNS (list[RelationData]): a relation for each quantity, in text order.
    """
    spans = [doc[start:end] for start, end, _ in scored.entities]
    certainty = [confidence(span) for span in spans]
    relations: dict[int, RelationData] = {}
    found = scored.candidates.quantities.tolist()
    for quantity, roles, complete in zip(found, scored.roles, scored.complete[:, 0].tolist()):
        best = int(roles.argmax())
        relations[quantity] = {
            "start": spans[quantity].start_char,
            "end": spans[quantity].end_char,
            "role": ROLES[best],
            "role_score": float(roles[best]),
            "complete_score": complete,
            "heads": [],
        }
    order = sorted(zip(scored.candidates.pairs.tolist(), scored.links[:, 0].tolist()))
    for (head, quantity), score in order:
        span, relation = spans[head], relations[quantity]
        if score >= threshold:
            relation["heads"].append(
                {"start": span.start_char, "end": span.end_char, "score": score}
            )
        else:
            relation["complete_score"] *= 1 - score * certainty[head]
    return list(relations.values())
