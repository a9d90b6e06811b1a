"""The annotation of a report in coordinates that do not count white space.

Gold text is unwrapped, the text a pipeline reads is not: only so can the two be compared.
"""

import re
from collections.abc import Iterable
from itertools import accumulate
from typing import NamedTuple

from spacy.tokens import Doc

from ..corpus import report_relations
from ..relations import RelationData, get_relations
from ..report import SENTENCE_ENDS, Report

Place = tuple[int, int]
Link = tuple[Place, Place]


class Annotation(NamedTuple):
    """What is annotated in a report; a place is a pair of start and end.

    text (str): the characters that are not white space.
    sentences (list[int]): for each of them the number of its sentence.
    entities (dict[Place, str]): the label of each entity.
    links (dict[Link, str]): the role of each pair of head and quantity.
    roles (dict[Place, str]): the role of each quantity.
    """

    text: str
    sentences: list[int]
    entities: dict[Place, str]
    links: dict[Link, str]
    roles: dict[Place, str]


def visible_text(text: str) -> str:
    """Take the white space away.

    text (str): any text.
    RETURNS (str): its other characters.
    """
    return re.sub(r"\s", "", text)


def visible_offsets(text: str) -> list[int]:
    """Count the characters that are not white space before each offset.

    text (str): any text.
    RETURNS (list[int]): one count for each offset, that of the text's end included.
    """
    return list(accumulate((not char.isspace() for char in text), initial=0))


def raw_offsets(text: str) -> list[int]:
    """Find the characters that are not white space.

    text (str): any text.
    RETURNS (list[int]): their offsets.
    """
    return [offset for offset, char in enumerate(text) if not char.isspace()]


def annotate_report(report: Report) -> Annotation:
    """Read the annotation of a gold report.

    report (Report): the report.
    RETURNS (Annotation): its annotation.
    """
    return _annotate(report.text, report.entities, report_relations(report))


def annotate_doc(doc: Doc) -> Annotation:
    """Read the annotation of a document: predicted, or a reference with its relations.

    doc (Doc): a document with entities and `doc._.relations`.
    RETURNS (Annotation): its annotation. Links to entities that no tokens hold are kept.
    """
    entities = ((ent.start_char, ent.end_char, ent.label_) for ent in doc.ents)
    return _annotate(doc.text, entities, get_relations(doc))


def _annotate(
    text: str, entities: Iterable[tuple[int, int, str]], relations: list[RelationData]
) -> Annotation:
    at = visible_offsets(text)
    ends = accumulate((char in SENTENCE_ENDS for char in text), initial=0)
    links: dict[Link, str] = {}
    roles: dict[Place, str] = {}
    for relation in relations:
        quantity = at[relation["start"]], at[relation["end"]]
        roles[quantity] = relation["role"]
        for head in relation["heads"]:
            links[(at[head["start"]], at[head["end"]]), quantity] = relation["role"]
    return Annotation(
        visible_text(text),
        [number for char, number in zip(text, ends, strict=False) if not char.isspace()],
        {(at[start], at[end]): label for start, end, label in entities},
        links,
        roles,
    )
