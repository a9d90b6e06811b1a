"""Compare the normal forms of quantities with those written beside a gold report."""

from collections.abc import Mapping
from decimal import Decimal, InvalidOperation
from pathlib import Path
from typing import NamedTuple

from ..files import InputError, read_text
from ..quantity.parse import Quantity
from ..schema import BOUNDS, QUANTITIES
from .annotation import Annotation, Place, visible_text

FIELDS = "text, value, high, unit, bound"


class Reading(NamedTuple):
    """The value of a quantity that was found.

    place (Place): the quantity.
    gold (Quantity): its normal form.
    found (Quantity): the predicted one.
    """

    place: Place
    gold: Quantity
    found: Quantity


def read_values(path: Path) -> dict[str, Quantity]:
    """Read the normal forms of a report's quantities.

    path (Path): a table `NAME.values.tsv` with the fields text, value, high, unit and bound; lines
        that start with `# ` are comments.
    RETURNS (dict[str, Quantity]): the normal form of each text, without its white space; none if
        there is no such file.
    RAISES (InputError): if the file or a line cannot be read, or a text has two normal forms.
    """
    if not path.exists():
        return {}
    values: dict[str, Quantity] = {}
    for number, line in enumerate(read_text(path).splitlines(), 1):
        if line and not line.startswith("# "):
            fields = line.split("\t")
            try:
                text, value, high, unit, bound = fields
                quantity = Quantity(_number(value), _number(high), unit or None, bound)
            except (ValueError, InvalidOperation) as error:
                raise InputError(
                    f"{path}:{number}: is no normal form; write {FIELDS} with tabs between"
                ) from error
            if bound not in BOUNDS:
                raise InputError(
                    f"{path}:{number}: unknown bound '{bound}'; write one of {', '.join(BOUNDS)}"
                )
            if values.setdefault(visible_text(text), quantity) != quantity:
                raise InputError(
                    f"{path}:{number}: '{text}' has another normal form above; keep one of them"
                )
    return values


def _number(text: str) -> Decimal | None:
    number = Decimal(text) if text else None
    if number is not None and not number.is_finite():
        raise ValueError(text)
    return number


def compare_values(
    gold: Annotation, table: Mapping[str, Quantity], found: Mapping[Place, Quantity]
) -> list[Reading]:
    """Pair the values of the gold quantities that were found.

    gold (Annotation): the report.
    table (Mapping[str, Quantity]): the normal form of each quantity's text.
    found (Mapping[Place, Quantity]): the predicted values.
    RETURNS (list[Reading]): one for each quantity that is found and has a normal form.
    """
    readings = []
    for place, label in gold.entities.items():
        text = gold.text[place[0] : place[1]]
        if label in QUANTITIES and text in table and place in found:
            readings.append(Reading(place, table[text], found[place]))
    return readings
