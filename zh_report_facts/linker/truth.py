"""Gold answers for the linker: which candidates are links, and which role each quantity plays."""

from typing import NamedTuple

import numpy
from spacy.tokens import Doc
from spacy.training import Example
from thinc.types import Floats2d

from ..relations import get_relations
from ..schema import LABELS, QUANTITIES, ROLES
from ..scoring.tally import close
from .candidates import Candidates
from .layout import EntitySpan


class Truth(NamedTuple):
    """What the model should have said for a batch.

    links (Floats2d): 1 for a gold link, shape (pairs, 1).
    roles (Floats2d): 1 for the gold role; a row of zeros for a quantity that is none in the gold
        data, shape (quantities, roles).
    complete (Floats2d): 1 for a quantity whose gold heads are all among the entities, shape
        (quantities, 1).
    """

    links: Floats2d
    roles: Floats2d
    complete: Floats2d


def entity_spans(doc: Doc) -> list[EntitySpan]:
    """The entities of a document that take part in links: one of white space alone does not."""
    return [(e.start, e.end, e.label_) for e in doc.ents if e.label_ in LABELS and e.text.strip()]


def gold_spans(example: Example) -> list[EntitySpan]:
    """The gold entities of an example, in tokens of its predicted document."""
    spans = []
    for ent in example.reference.ents:
        span = example.predicted.char_span(ent.start_char, ent.end_char)
        if span is not None and ent.label_ in LABELS and span.text.strip():
            spans.append((span.start, span.end, ent.label_))
    return spans


def hide_heads(spans: list[EntitySpan], share: float) -> list[EntitySpan]:
    """Leave out some of the entities that can be heads, as a recogniser does.

    spans (list[EntitySpan]): the entities.
    share (float): probability that one is left out.
    RETURNS (list[EntitySpan]): the others.
    """
    kept = numpy.random.random(len(spans)) >= share
    return [span for span, keep in zip(spans, kept) if keep or span[2] in QUANTITIES]


def find_truth(
    examples: list[Example],
    views: list[tuple[int, list[EntitySpan]]],
    candidates: Candidates,
) -> Truth:
    """Look up each candidate in the gold data, by its characters.

    examples (list[Example]): the batch.
    views (list[tuple[int, list[EntitySpan]]]): as `candidates` was made from.
    candidates (Candidates): the pairs.
    RETURNS (Truth): the gold answer.
    """
    entities = []
    gold = []
    for i, spans in views:
        doc = examples[i].predicted
        entities += [(i, doc[a:b].start_char, doc[a:b].end_char) for a, b, _ in spans]
    for example in examples:
        gold.append({(r["start"], r["end"]): r for r in get_relations(example.reference)})
    links = numpy.zeros((len(candidates.pairs), 1), dtype="f")
    roles = numpy.zeros((len(candidates.quantities), len(ROLES)), dtype="f")
    wanted: dict[int, list[tuple[int, int]]] = {}
    for row, quantity in enumerate(candidates.quantities.tolist()):
        i, *span = entities[quantity]
        relation = gold[i].get(tuple(span))
        if relation is not None:
            role = relation["role"]
            if role not in ROLES:
                raise ValueError(f"The roles are fixed, {', '.join(ROLES)}: mend {role}")
            roles[row, ROLES.index(role)] = 1.0
            wanted[quantity] = [(head["start"], head["end"]) for head in relation["heads"]]
    found = set()
    for row, (head, quantity) in enumerate(candidates.pairs.tolist()):
        for place in wanted.get(quantity, []):
            if close(entities[head][1:], place):
                links[row] = 1.0
                found.add((quantity, place))
    complete = [
        [all((quantity, place) in found for place in wanted.get(quantity, []))]
        for quantity in candidates.quantities.tolist()
    ]
    return Truth(links, roles, numpy.array(complete, dtype="f").reshape(-1, 1))
