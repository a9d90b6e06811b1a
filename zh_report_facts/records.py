"""One report's result as plain, JSON-ready data: what workers send back and writers take."""

import re
from bisect import bisect_right
from operator import itemgetter
from typing import TypedDict, cast

from spacy.tokens import Doc

from .facts import Fact, confidence, plain_span
from .files import encodable
from .plausibility import find_warnings
from .readers.document import SourceDocument
from .tokenizer.layout import find_paragraphs

# A longer sentence is cut to this many characters around its number.
LONGEST_SENTENCE = 300
SENTENCE_END = re.compile(r"[。！？!?]+[”’」』）)]*")
CLAUSE_END = re.compile(r"[；，：]|[;,:](?!\d)")


class SpanData(TypedDict):
    """A span of a report.

    start (int): first character, an offset into the report's text.
    end (int): behind the last character.
    label (str): one of `schema.LABELS`.
    text (str): as it stands in the report.
    score (float): probability, 0 to 1.
    """

    start: int
    end: int
    label: str
    text: str
    score: float


class FactData(TypedDict):
    """A quantity with what it measures.

    quantity (SpanData): the number with its unit.
    programs (list[SpanData]): the programmes it measures, in text order.
    items (list[SpanData]): what it counts, in text order.
    role (str): one of `schema.ROLES`.
    value (str | None): the number, the low end of a range; an exact decimal number.
    high (str | None): the high end of a range; an exact decimal number.
    unit (str | None): measure word as written, ISO 4217 code of a currency, %, ‰, ‱ or pp.
    bound (str | None): one of `schema.BOUNDS`.
    score (float): probability that the whole fact is right, 0 to 1.
    page (int | None): page of the quantity, from 1; None where the file has no pages.
    paragraph (int | None): paragraph of the quantity, from 1; None between paragraphs.
    sentence (list[int]): start and end of the sentence around the quantity.
    """

    quantity: SpanData
    programs: list[SpanData]
    items: list[SpanData]
    role: str
    value: str | None
    high: str | None
    unit: str | None
    bound: str | None
    score: float
    page: int | None
    paragraph: int | None
    sentence: list[int]


class WarningData(TypedDict):
    """A reason to look at some facts again.

    kind (str): what is suspected.
    message (str): the evidence, one sentence for the reader.
    facts (list[int]): indices into the report's facts.
    """

    kind: str
    message: str
    facts: list[int]


class Record(TypedDict):
    """What was found in a report.

    id (str): name of the report.
    file (str | None): path of its file.
    text (str): its text, in which all offsets count.
    entities (list[SpanData]): in text order.
    facts (list[FactData]): in text order.
    warnings (list[WarningData]): reasons to look again.
    """

    id: str
    file: str | None
    text: str
    entities: list[SpanData]
    facts: list[FactData]
    warnings: list[WarningData]


def to_record(
    doc: Doc,
    name: str,
    *,
    source: SourceDocument | None = None,
    file: str | None = None,
    min_score: float = 0.0,
) -> Record:
    """Give a document as plain data.

    doc (Doc): a document that has gone through the pipeline.
    name (str): the report's id.
    source (SourceDocument | None): the file its text was read from, for pages and paragraphs.
    file (str | None): path of that file.
    min_score (float): facts with a lower score are left out.
    RETURNS (Record): the record.
    """
    text = doc.text
    paragraphs = (
        find_paragraphs(text)
        if source is None
        else [(paragraph.start, paragraph.end) for paragraph in source.paragraphs]
    )
    ends = find_sentence_ends(text)
    facts = [fact for fact in doc._.facts if fact.score >= min_score]
    return Record(
        id=encodable(name),
        file=None if file is None else encodable(file),
        text=text,
        entities=[cast(SpanData, plain_span(ent, confidence(ent))) for ent in doc.ents],
        facts=[_to_fact(fact, text, ends, paragraphs, source) for fact in facts],
        warnings=find_warnings(facts),
    )


def find_sentence_ends(text: str) -> list[int]:
    """Find where the sentences of a text end.

    text (str): the report's text.
    RETURNS (list[int]): behind the last character of each.
    """
    return [stop.end() for stop in SENTENCE_END.finditer(text)]


def find_sentence(
    text: str, ends: list[int], start: int, end: int, paragraph: tuple[int, int]
) -> tuple[int, int]:
    """Find the sentence around a span.

    text (str): the report's text.
    ends (list[int]): where its sentences end.
    start (int): first character of the span.
    end (int): behind its last character.
    paragraph (tuple[int, int]): start and end of its paragraph, which bound the sentence.
    RETURNS (tuple[int, int]): start and end of the sentence; of its clauses next to the span where
        it is longer than LONGEST_SENTENCE.
    """
    before, behind = bisect_right(ends, start), bisect_right(ends, end)
    first = max([min(paragraph[0], start), *ends[before - 1 : before]])
    last = min([max(paragraph[1], end), *ends[behind : behind + 1]])
    if last - first > LONGEST_SENTENCE:
        room = max(0, LONGEST_SENTENCE - (end - start)) // 2
        near, far = max(first, start - room), min(last, end + room)
        clauses = [match.end() for match in CLAUSE_END.finditer(text, near, far)]
        if near > first:
            near = min((at for at in clauses if at <= start), default=near)
        if far < last:
            far = max((at for at in clauses if at >= end), default=far)
        first, last = near, far
    while first < start and text[first].isspace():
        first += 1
    while last > end and text[last - 1].isspace():
        last -= 1
    return first, last


def _to_fact(
    fact: Fact,
    text: str,
    ends: list[int],
    paragraphs: list[tuple[int, int]],
    source: SourceDocument | None,
) -> FactData:
    start, end = fact.quantity.start_char, fact.quantity.end_char
    index = bisect_right(paragraphs, start, key=itemgetter(0)) - 1
    inside = index >= 0 and start < paragraphs[index][1]
    sentence = find_sentence(text, ends, start, end, paragraphs[index] if inside else (start, end))
    place = {
        "page": source.page_at(start) if source is not None else None,
        "paragraph": index + 1 if inside else None,
        "sentence": list(sentence),
    }
    return cast(FactData, fact.to_dict() | place)
