"""Paragraphs as doccano's examples, and back.

doccano's page counts UTF-16 units, so that a character such as 😀 is two; what people mark behind
one would be shifted. All offsets are converted, both ways, and stay right on the page.
"""

from collections import Counter, defaultdict
from itertools import accumulate
from typing import Any, NamedTuple

from ..report import Entity, Relation, Report
from ..schema import HEADS, LABELS, QUANTITIES, ROLES
from .paragraphs import Paragraph


class Fault(NamedTuple):
    """Something that an annotator marked and the corpus cannot hold.

    document (int): doccano's id of the example.
    item (str): `span 12`, `link 7` or `text`, with doccano's id.
    what (str): what is wrong, and what was done.
    """

    document: int
    item: str
    what: str

    def __str__(self) -> str:
        return f"document {self.document}, {self.item}: {self.what}"


class Pulled(NamedTuple):
    """An example that came back.

    document (int): doccano's id of the example.
    paragraph (Paragraph): what is annotated; the text may be several lines if a person added it.
    spans (dict[Entity, int]): doccano's id of each span.
    faults (list[Fault]): what is not in the paragraph.
    """

    document: int
    paragraph: Paragraph
    spans: dict[Entity, int]
    faults: list[Fault]


def utf16_offsets(text: str) -> list[int]:
    """Count UTF-16 units before each offset.

    text (str): any text.
    RETURNS (list[int]): one count for each offset, that of the text's end included.
    """
    return list(accumulate((1 + (char > "\uffff") for char in text), initial=0))


def to_example(paragraph: Paragraph, with_guesses: bool = True) -> dict[str, Any]:
    """Make the line of an upload.

    A link goes from the number to its head and has the number's role. The role of a number without
    a head, unless it is ACTUAL, is a link to itself.

    paragraph (Paragraph): the paragraph.
    with_guesses (bool): whether to upload what is annotated, or the bare text.
    RETURNS (dict[str, Any]): plain data. Every line has the same keys, or doccano loses them all.
    """
    report = paragraph.annotation
    at = utf16_offsets(report.text)
    entities: list[dict[str, Any]] = []
    pairs: list[tuple[int, int, str]] = []
    if with_guesses:
        entities = [
            {"id": i, "label": e.label, "start_offset": at[e.start], "end_offset": at[e.end]}
            for i, e in enumerate(report.entities)
        ]
        for quantity, role, heads in report.relations:
            itself = () if role == "ACTUAL" else (quantity,)
            pairs += [(quantity, head, role) for head in heads or itself]
    relations = [
        {"id": i, "from_id": quantity, "to_id": head, "type": role}
        for i, (quantity, head, role) in enumerate(pairs)
    ]
    return {
        "text": report.text,
        "entities": entities,
        "relations": relations,
        "report": paragraph.report,
        "paragraph": paragraph.number,
        "certainty": round(paragraph.certainty, 4),
        "key": paragraph.key,
        "spans": len(entities),
        "links": len(relations),
    }


def from_example(row: dict[str, Any]) -> Pulled:
    """Read the line of a download.

    row (dict[str, Any]): plain data; what a person added on the page lacks our keys.
    RETURNS (Pulled): what the corpus can hold, and what it cannot.
    """
    document, text = row["id"], row["text"]
    faults: list[Fault] = []
    if "\r" in text:
        faults.append(
            Fault(
                document, "text", "holds \\r, at which doccano's page miscounts; left out, push it"
            )
        )
        text, row = "", {**row, "entities": [], "relations": []}
    at = {unit: offset for offset, unit in enumerate(utf16_offsets(text))}
    kept: dict[int, Entity] = {}
    end = 0
    for span in sorted(row["entities"], key=lambda s: (s["start_offset"], -s["end_offset"])):
        try:
            entity = _read_span(span, text, at)
            if entity.start < end:
                raise ValueError("overlaps a span before it")
        except ValueError as error:
            faults.append(Fault(document, f"span {span['id']}", f"{error}; left out"))
            continue
        kept[span["id"]] = entity
        end = entity.end
    entities = tuple(kept.values())
    heads, roles = _read_links(row, text, kept, faults)
    index = {number: i for i, number in enumerate(kept)}
    relations = tuple(
        Relation(
            i, roles.get(number, "ACTUAL"), tuple(sorted(index[head] for head in heads[number]))
        )
        for number, i in index.items()
        if entities[i].label in QUANTITIES
    )
    return Pulled(
        document,
        Paragraph(
            str(row.get("report") or "doccano"),
            int(row.get("paragraph") or document),
            Report(f"document {document}", text, entities, relations),
            row.get("key") or "",
        ),
        {entity: number for number, entity in kept.items()},
        faults,
    )


def _read_span(span: dict[str, Any], text: str, at: dict[int, int]) -> Entity:
    start, end = at.get(span["start_offset"]), at.get(span["end_offset"])
    if span["label"] not in LABELS:
        raise ValueError(f"its label {span['label']} is none of {', '.join(LABELS)}")
    if start is None or end is None:
        raise ValueError("its edge is inside a character or behind the text")
    inside = text[start:end]
    if inside != inside.strip() or "\n" in inside:
        raise ValueError(f"'{inside}' has white space at its edge or crosses a line")
    return Entity(start, end, span["label"])


def _read_links(
    row: dict[str, Any], text: str, spans: dict[int, Entity], faults: list[Fault]
) -> tuple[dict[int, set[int]], dict[int, str]]:
    """Read the links; return the heads and the role of each quantity, by doccano's ids."""
    links: list[tuple[int, int, int, str]] = []
    for link in sorted(row["relations"], key=lambda link: link["id"]):
        try:
            links.append((link["id"], *_read_link(link, text, spans)))
        except ValueError as error:
            faults.append(Fault(row["id"], f"link {link['id']}", f"{error}; left out"))
    votes: dict[int, Counter[str]] = defaultdict(Counter)
    for _, quantity, _, role in links:
        votes[quantity][role] += 1
    # Of roles that are equally frequent, the first that was drawn.
    roles = {quantity: counts.most_common(1)[0][0] for quantity, counts in votes.items()}
    heads: dict[int, set[int]] = defaultdict(set)
    for number, quantity, head, role in links:
        if role != roles[quantity]:
            what = f"is {role} where another link of the number is {roles[quantity]}; left out"
            faults.append(Fault(row["id"], f"link {number}", what))
        elif head != quantity:
            heads[quantity].add(head)
    return heads, roles


def _read_link(link: dict[str, Any], text: str, spans: dict[int, Entity]) -> tuple[int, int, str]:
    """Return the ids of quantity and head, and the role; it may be drawn in either direction."""
    ends = link["from_id"], link["to_id"]
    if link["type"] not in ROLES:
        raise ValueError(f"its role {link['type']} is none of {', '.join(ROLES)}")
    if not spans.keys() >= {*ends}:
        raise ValueError("one of its spans is not there or was left out")
    (quantity, number), (head, thing) = ((i, spans[i]) for i in ends)
    if quantity == head and number.label in QUANTITIES:
        return quantity, quantity, link["type"]
    if thing.label in QUANTITIES:
        (quantity, number), (head, thing) = (head, thing), (quantity, number)
    if number.label not in QUANTITIES or thing.label not in HEADS:
        labels = " and ".join(spans[i].label for i in ends)
        raise ValueError(f"it joins {labels}; a link joins a number and a PROGRAM or ITEM")
    if "\n" in text[min(number.end, thing.end) : max(number.start, thing.start)]:
        raise ValueError("it leaves its paragraph")
    return quantity, head, link["type"]
