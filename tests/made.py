"""Records of reports that tests write in the inline notation, with what it says as their facts."""

from __future__ import annotations

from functools import cache
from typing import Any

from spacy.language import Language
from tiny import make_pipeline

from zh_report_facts.corpus import report_to_doc
from zh_report_facts.notation import parse_report
from zh_report_facts.records import Record, WarningData, to_record

# Each role, label and kind of number, and an odd place: a wrapped name, an unread number.
REPORT = """\
今年[邻里食堂]{P1}新开[12家]{C>P1,I1}[供餐点]{I1}，投入[85.6万元]{M>P1}，[到座率]{I2}达[92%]{R>P1,I2}。
[银发讲堂]{P1}去年办[36场]{C>P1:BASELINE}，今年办[约40场]{C>P1}，多了[4场]{C>P1:CHANGE}，\
明年计划办[50至60场]{C>P1:TARGET}，每场补助[300元]{M>P1:STANDARD}，听讲[数百人]{C>P1}，另有[7人]{C}。
"""


@cache
def _pipeline() -> Language:
    return make_pipeline()


def make_record(
    source: str,
    name: str = "甲",
    warnings: list[WarningData] | None = None,
    **options: Any,
) -> Record:
    """Make the record of an annotated text.

    source (str): a report in the inline notation.
    name (str): the report's id.
    warnings (list[WarningData] | None): its warnings, in place of those that are found.
    options (Any): of `to_record`.
    RETURNS (Record): the record.
    """
    nlp = _pipeline()
    doc, _ = report_to_doc(nlp, parse_report(source, "own"))
    record = to_record(nlp.get_pipe("quantity")(doc), name, **options)
    return record if warnings is None else {**record, "warnings": warnings}
