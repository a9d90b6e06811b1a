"""Facts of a document: each quantity with what it measures, its role and its exact value."""

from decimal import Decimal
from functools import cached_property
from typing import Any, NamedTuple

from spacy.tokens import Doc, Span

from .quantity.component import get_quantity
from .relations import RelationData, get_relations


class Link(NamedTuple):
    """A head of a fact, and how sure the pipeline is of it.

    head (Span): a PROGRAM or an ITEM.
    score (float): probability that the span is a head and that the quantity belongs to it.
    """

    head: Span
    score: float


class Fact:
    """One quantity of a document.

    doc (Doc): the document.
    relation (RelationData): the quantity's entry in `doc._.relations`.
    """

    def __init__(self, doc: Doc, relation: RelationData) -> None:
        self.doc = doc
        self.relation = relation

    def span(self, start: int, end: int) -> Span:
        """The entity with these character offsets."""
        span = self.doc.char_span(start, end, alignment_mode="expand")
        assert span is not None, "a relation lies in its document"
        label = next((token.ent_type_ for token in span if token.ent_type_), "")
        return Span(self.doc, span.start, span.end, label=label)

    @cached_property
    def quantity(self) -> Span:
        """The number with its unit: COUNT, MONEY or PERCENT."""
        return self.span(self.relation["start"], self.relation["end"])

    @cached_property
    def links(self) -> tuple[Link, ...]:
        """The heads in text order, each with its score."""
        links = []
        for head in self.relation["heads"]:
            span = self.span(head["start"], head["end"])
            links.append(Link(span, head["score"] * confidence(span)))
        return tuple(links)

    @property
    def programs(self) -> tuple[Span, ...]:
        """The programmes that the quantity measures."""
        return tuple(link.head for link in self.links if link.head.label_ == "PROGRAM")

    @property
    def items(self) -> tuple[Span, ...]:
        """What the quantity counts."""
        return tuple(link.head for link in self.links if link.head.label_ == "ITEM")

    @property
    def role(self) -> str:
        """ACTUAL, TARGET, BASELINE, CHANGE or STANDARD."""
        return self.relation["role"]

    @property
    def value(self) -> Decimal | None:
        """The number, the low end of a range; None where it cannot be read."""
        return self._normal("value")

    @property
    def high(self) -> Decimal | None:
        """The high end of a range."""
        return self._normal("high")

    @property
    def unit(self) -> str | None:
        """Measure word as written, ISO 4217 code of a currency, %, ‰, ‱ or pp."""
        return self._normal("unit")

    @property
    def bound(self) -> str | None:
        """exact, about, over or under."""
        return self._normal("bound")

    @property
    def score(self) -> float:
        """Probability that quantity, role and links are right, and none missing; edges aside."""
        score = confidence(self.quantity) * self.relation["role_score"]
        for link in self.links:
            score *= link.score
        return score * self.relation["complete_score"]

    def to_dict(self) -> dict[str, Any]:
        """Give the fact in plain, JSON-ready data, with character offsets into the text."""
        number = {"value": self.value, "high": self.high}
        heads = [(link.head.label_, plain_span(link.head, link.score)) for link in self.links]
        return {
            "quantity": plain_span(self.quantity, confidence(self.quantity)),
            "programs": [head for label, head in heads if label == "PROGRAM"],
            "items": [head for label, head in heads if label == "ITEM"],
            "role": self.role,
            **{key: None if x is None else format(x, "f") for key, x in number.items()},
            "unit": self.unit,
            "bound": self.bound,
            "score": round(self.score, 4),
        }

    def _normal(self, field: str) -> Any:
        quantity = get_quantity(self.quantity)
        return getattr(quantity, field) if quantity is not None else None

    def __repr__(self) -> str:
        heads = "、".join(link.head.text for link in self.links)
        return f"Fact({self.quantity.text} {self.role} ← {heads})"


def confidence(span: Span) -> float:
    """Probability of an entity; 1.0 where none was given, as with gold entities."""
    return 1.0 if span._.score is None else span._.score


def plain_span(span: Span, score: float) -> dict[str, Any]:
    """Give a span in plain, JSON-ready data.

    span (Span): the span.
    score (float): its probability, or that of the link to it.
    RETURNS (dict[str, Any]): its character offsets, label, text and score.
    """
    return {
        "start": span.start_char,
        "end": span.end_char,
        "label": span.label_,
        "text": span.text,
        "score": round(score, 4),
    }


def get_facts(doc: Doc) -> tuple[Fact, ...]:
    """Give the facts of a document, one for each quantity, in text order.

    doc (Doc): a document that has gone through the linker.
    RETURNS (tuple[Fact, ...]): the facts.
    """
    return tuple(Fact(doc, relation) for relation in get_relations(doc))


if not Doc.has_extension("facts"):
    Doc.set_extension("facts", getter=get_facts)
