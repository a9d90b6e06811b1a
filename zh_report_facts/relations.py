"""`doc._.relations`: the links of a document, and `span._.score`: the probability of an entity.

The value of the first is a list of plain dicts with character offsets, because dataclasses, spans
and tuple keys in `Doc.user_data` do not come back from `Doc.to_bytes`, hence not from worker
processes.
"""

from typing import TypedDict

from spacy.tokens import Doc, Span


class HeadData(TypedDict):
    """A head of a quantity.

    start (int): first character, an offset into `doc.text`.
    end (int): behind the last character.
    score (float): confidence of the link, 0 to 1; 1.0 for gold.
    """

    start: int
    end: int
    score: float


class RelationData(TypedDict):
    """A quantity with its role and its heads.

    start (int): first character of the quantity, an offset into `doc.text`.
    end (int): behind the last character.
    role (str): one of `schema.ROLES`.
    role_score (float): confidence of the role, 0 to 1; 1.0 for gold.
    complete_score (float): probability that these are all its heads, that is, that no other entity
        is one, and that none was missed; 1.0 for gold.
    heads (list[HeadData]): in text order.
    """

    start: int
    end: int
    role: str
    role_score: float
    complete_score: float
    heads: list[HeadData]


def get_relations(doc: Doc) -> list[RelationData]:
    """Get the relations of a document, whichever way it was stored.

    doc (Doc): the document; `DocBin` gives the lists in its user data back as tuples.
    RETURNS (list[RelationData]): one for each quantity, in text order.
    """
    return [
        RelationData(
            start=relation["start"],
            end=relation["end"],
            role=relation["role"],
            role_score=relation["role_score"],
            complete_score=relation["complete_score"],
            heads=list(relation["heads"]),
        )
        for relation in doc._.relations
    ]


if not Doc.has_extension("relations"):
    Doc.set_extension("relations", default=[])
if not Span.has_extension("score"):
    Span.set_extension("score", default=None)
