"""Component that gives each COUNT, MONEY and PERCENT its normal form."""

import re
from bisect import bisect_left
from decimal import Decimal
from operator import itemgetter
from typing import Any

from spacy.language import Language
from spacy.pipeline import Pipe
from spacy.tokens import Doc, Span

from ..schema import QUANTITIES
from .parse import Quantity, parse_quantity


def get_quantity(span: Span) -> Quantity | None:
    """Find the normal form of a span.

    span (Span): any span of a document that the component has seen.
    RETURNS (Quantity | None): None unless exactly this span is a quantity.
    """
    records = span.doc._.quantities
    at = bisect_left(records, span.start_char, key=itemgetter("start"))
    if at == len(records):
        return None
    record = records[at]
    if (record["start"], record["end"]) != (span.start_char, span.end_char):
        return None
    value, high = (
        None if number is None else Decimal(number) for number in (record["value"], record["high"])
    )
    return Quantity(value, high, record["unit"], record["bound"])


if not Doc.has_extension("quantities"):
    # A list of plain dicts, as other things in user_data do not survive Doc.to_bytes.
    Doc.set_extension("quantities", default=[])
if not Span.has_extension("quantity"):
    Span.set_extension("quantity", getter=get_quantity)


class QuantityNormalizer(Pipe):
    """Parse the entities that are quantities.

    For each it adds to `doc._.quantities` a dict with `start` and `end` (int: character offsets),
    `value` and `high` (str | None: decimal numbers), `unit` (str | None) and `bound` (str),
    in text order; `span._.quantity` reads them.

    name (str): name of the component instance.
    labels (list[str]): labels of the entities to parse.
    currencies (dict[str, str]): further names of currencies, each with its ISO 4217 code.
    RAISES (ValueError): a label that is no quantity, or a code that is not of three capitals.
    """

    def __init__(
        self,
        name: str = "quantity",
        *,
        labels: list[str],
        currencies: dict[str, str],
    ) -> None:
        for label in labels:
            if label not in QUANTITIES:
                raise ValueError(
                    f"The component {name!r} cannot parse the label {label!r}: "
                    f"name some of {', '.join(QUANTITIES)}."
                )
        for word, code in currencies.items():
            if not re.fullmatch("[A-Z]{3}", code):
                raise ValueError(
                    f"The component {name!r} needs an ISO 4217 code such as CNY for the currency "
                    f"{word!r}, not {code!r}."
                )
        self.name = name
        self._labels = tuple(labels)
        self.currencies = tuple(currencies.items())

    @property
    def labels(self) -> tuple[str, ...]:
        """The labels of the entities that are parsed."""
        return self._labels

    def __call__(self, doc: Doc) -> Doc:
        """Parse the quantities of a document.

        doc (Doc): a document with entities.
        RETURNS (Doc): the same document, with `doc._.quantities` set.
        """
        doc._.quantities = [self._record(ent) for ent in doc.ents if ent.label_ in self._labels]
        return doc

    def _record(self, ent: Span) -> dict[str, Any]:
        quantity = parse_quantity(ent.text, ent.label_, self.currencies)
        value, high = (
            None if number is None else f"{number:f}" for number in (quantity.value, quantity.high)
        )
        return {
            "start": ent.start_char,
            "end": ent.end_char,
            "value": value,
            "high": high,
            "unit": quantity.unit,
            "bound": quantity.bound,
        }


@Language.factory(
    "quantity",
    requires=["doc.ents"],
    assigns=["doc._.quantities", "span._.quantity"],
    default_config={"labels": list(QUANTITIES), "currencies": {}},
)
def make_quantity_normalizer(
    nlp: Language, name: str, labels: list[str], currencies: dict[str, str]
) -> QuantityNormalizer:
    """Make the component that normalises quantities.

    nlp (Language): the pipeline.
    name (str): name of the component instance.
    labels (list[str]): labels of the entities to parse.
    currencies (dict[str, str]): further names of currencies, each with its ISO 4217 code.
    RETURNS (QuantityNormalizer): the component.
    """
    return QuantityNormalizer(name, labels=labels, currencies=currencies)
