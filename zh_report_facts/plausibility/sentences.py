"""The numbers of a report, sentence by sentence, with the words between them."""

import re
from collections.abc import Sequence
from decimal import Decimal
from typing import NamedTuple

from spacy.tokens import Doc, Span

from ..facts import Fact, get_facts
from ..quantity.component import get_quantity
from ..tokenizer.tokenizer import BREAK, HALF_WIDTH
from .interval import Interval, exactly, read_interval

# A point ends a sentence in some reports, unless it stands inside a number or a date.
_STOP = re.compile(r"[\n。!?;]|(?<![0-9])\.|\.(?![0-9])")
_PERIOD = re.compile(
    "[0-9]{4}年|[一二][〇○零九][〇○零一二三四五六七八九]{2}年|[去上前今明]年|[上下]半年|季度"
)
# What stands behind such a character was cut off from the rest of its number.
_CUT_OFF = re.compile("[0-9零〇一二两三四五六七八九十百千万亿]$")
# Beyond this no number belongs to another, and no words belong to a number.
_MOST_NUMBERS, _MOST_CHARACTERS = 100, 100
_PEOPLE = ("人", "名", "位")


class Number(NamedTuple):
    """A fact where it stands.

    rank (int | None): its index among the report's facts; None if it was left out of them.
    fact (Fact): the fact.
    text (str): the number as written, without white space.
    unit (str | None): its unit, 人 for 名 and 位; None if it cannot be compared: it has no unit, no
        value, is half a number, or was left out of the facts.
    value (Decimal): the number, the low end of a range; of no meaning without a unit.
    truth (Interval): what it may truly be; of no meaning without a unit.
    before (str): the words from the number before it, or from the start of its sentence, up to it;
        in half-width form, without white space.
    after (str): the words behind it, up to the next number or the end of its sentence.
    paragraph (int): counts the paragraphs.
    period (str): the year or the part of a year that was named last, in the whole text before it.
    """

    rank: int | None
    fact: Fact
    text: str
    unit: str | None
    value: Decimal
    truth: Interval
    before: str
    after: str
    paragraph: int
    period: str

    @property
    def role(self) -> str:
        """The fact's role."""
        return self.fact.role

    @property
    def label(self) -> str:
        """The quantity's label."""
        return self.fact.quantity.label_

    @property
    def head_texts(self) -> list[str]:
        """Its heads, written as all text here."""
        return [squeeze(link.head.text) for link in self.fact.links]

    def matches(self, other: "Number") -> bool:
        """Whether it can be compared with another number."""
        comparable = self.unit is not None and self.unit == other.unit
        return comparable and self.label == other.label


Sentence = list[Number]


def squeeze(text: str) -> str:
    """Write a text in half-width form and without white space."""
    return "".join(text.translate(HALF_WIDTH).split())


def read_sentences(facts: Sequence[Fact]) -> list[Sentence]:
    """Read the sentences of a report that hold numbers.

    facts (Sequence[Fact]): facts of one document. Its other numbers are read as well, lest one be
        taken for the neighbour of another, but they cannot be compared.
    RETURNS (list[Sentence]): in text order; a semicolon ends a sentence, too.
    """
    if not facts:
        return []
    doc = facts[0].doc
    ranks = {fact.quantity.start_char: rank for rank, fact in enumerate(facts)}
    numbers = get_facts(doc)
    gaps = _cut_gaps(doc, [fact.quantity for fact in numbers])
    sentences: list[Sentence] = []
    paragraph, period, text = 0, "", ""
    for fact, gap, next_gap in zip(numbers, gaps, gaps[1:], strict=False):
        *stopped, before = _STOP.split(gap)
        paragraph += gap.count(BREAK)
        period = [period, *_PERIOD.findall(gap)][-1]
        rank = ranks.get(fact.quantity.start_char)
        previous, text = text, "".join(fact.quantity.text.split())
        complete = not _CUT_OFF.search(before if gap else previous)
        quantity = get_quantity(fact.quantity) if rank is not None and complete else None
        truth = read_interval(text, quantity) if quantity else None
        unit, value = (quantity.unit, quantity.value) if quantity and truth else (None, None)
        number = Number(
            rank=rank,
            fact=fact,
            text=text,
            unit="人" if unit in _PEOPLE else unit,
            value=value or Decimal(0),
            truth=truth or exactly(0),
            before=before[-_MOST_CHARACTERS:],
            after=_STOP.split(next_gap, maxsplit=1)[0][:_MOST_CHARACTERS],
            paragraph=paragraph,
            period=period,
        )
        if stopped or not sentences or len(sentences[-1]) == _MOST_NUMBERS:
            sentences.append([])
        sentences[-1].append(number)
    return sentences


def _cut_gaps(doc: Doc, quantities: Sequence[Span]) -> list[str]:
    """Cut a text where quantities stand; the only white space that stays is between paragraphs."""
    characters = list(doc.text.translate(HALF_WIDTH))
    for token in doc:
        if token.is_space:
            mark = BREAK if token.norm_ == BREAK else " "
            characters[token.idx : token.idx + len(token)] = mark + " " * (len(token) - 1)
    text = "".join(characters)
    starts = [quantity.start_char for quantity in quantities]
    ends = [quantity.end_char for quantity in quantities]
    edges = zip([0, *ends], [*starts, len(text)], strict=True)
    return [BREAK.join(map(squeeze, text[a:b].split(BREAK))) for a, b in edges]
