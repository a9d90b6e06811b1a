"""Reads raised characters: marks of notes are left out, exponents become characters of their own.

On one line with the rest, a raised 1 behind 123人 would become a part of its unit, a raised 2 in
1200户 a digit of the number, and the 2 of a square metre a number of its own.
"""

import re

from lxml import etree

from .furniture import INLINE

# A power of ten stands behind a sign or in a unit; in 救助10户 a raised 4 is the mark of a note.
_UNIT = re.compile(r"(?:(?<![A-Za-z])[kcdmh]?m|米)$")
_TEN = re.compile(r"(?:^|[×xX*·（(：:]\s*)10$")
_EXPONENT = re.compile(r"[-−]?\d{1,2}")
_MARK = re.compile(
    r"[\[［【（(〔]?(?:注?\d{1,3}(?:[,，、\-–—]\d{1,3})*|注|[a-z]|[①-⑳*†‡※#]+)[\]］】）)〕]?"
)
_RAISED = str.maketrans("-−0123456789", "⁻⁻⁰¹²³⁴⁵⁶⁷⁸⁹")
# The longest thing looked for before a raised character: a sign, a space and 10.
_BEFORE = 8


def write_raised(root: etree._Element) -> None:
    """Write 80m<sup>2</sup> as 80m², and leave out what is the mark of a note.

    root (etree._Element): the page; changed in place. Other raised text stays.
    """
    found = []
    before = ""
    for event, element in etree.iterwalk(root, events=("start", "end")):
        if element.tag not in INLINE:
            before = ""
        elif event == "start" and element.tag == "sup":
            found.append((element, before))
        text = element.text if event == "start" else element.tail
        before = (before + (text or ""))[-_BEFORE:]
    for element, before in found:
        raised = "".join("".join(element.itertext()).split())
        if (_UNIT.search(before) and raised in ("2", "3")) or (
            _TEN.search(before) and _EXPONENT.fullmatch(raised)
        ):
            _replace(element, raised.translate(_RAISED))
        elif _MARK.fullmatch(raised):
            _replace(element, "")


def _replace(element: etree._Element, text: str) -> None:
    element.clear(keep_tail=True)
    element.text = text
