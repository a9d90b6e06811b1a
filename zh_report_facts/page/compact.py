"""One report as the page's script reads it: each span once, offsets in UTF-16 code units."""

from bisect import bisect_left
from typing import Any

from ..records import FactData, Record, SpanData

_MOVED = ("quantity", "programs", "items", "sentence")


def compact_record(record: Record) -> dict[str, Any]:
    """Give a record in the form that a page embeds.

    record (Record): the report.
    RETURNS (dict[str, Any]): JSON-ready: `spans` as [start, end, label, score] in text order; in
        each fact `number` and `heads` are indices into them, and what is None is left out; warnings
        as [kind, message, facts]. JavaScript's strings are UTF-16, and so are the offsets.
    """
    astral = [at for at, char in enumerate(record["text"]) if char > "\uffff"]

    def utf16(offset: int) -> int:
        return offset + bisect_left(astral, offset)

    spans: dict[tuple[int, int, str], SpanData] = {}
    for span in record["entities"]:
        spans[_key(span)] = span
    for fact in record["facts"]:
        # The heads of gold relations need not be entities of the document.
        for span in (fact["quantity"], *fact["programs"], *fact["items"]):
            spans.setdefault(_key(span), span)
    places = {key: index for index, key in enumerate(sorted(spans))}

    def compact_fact(fact: FactData) -> dict[str, Any]:
        return {
            "number": places[_key(fact["quantity"])],
            "heads": sorted(places[_key(head)] for head in (*fact["programs"], *fact["items"])),
            "sentence": [utf16(offset) for offset in fact["sentence"]],
            **{key: x for key, x in fact.items() if key not in _MOVED and x is not None},
        }

    return {
        "id": record["id"],
        "file": record["file"],
        "text": record["text"],
        "spans": [
            [utf16(start), utf16(end), label, spans[start, end, label]["score"]]
            for start, end, label in places
        ],
        "facts": [compact_fact(fact) for fact in record["facts"]],
        "warnings": [[w["kind"], w["message"], w["facts"]] for w in record["warnings"]],
    }


def _key(span: SpanData) -> tuple[int, int, str]:
    return span["start"], span["end"], span["label"]
