"""Edits of single characters: other punctuation, other digits, numerals, stray spaces.

Every edit is a function of a report and a source of chance that gives replacements. Where a report
is not of one habit, the share of the places that are changed is drawn once for the whole report.
"""

import re
from itertools import pairwise
from random import Random

from ..report import Report
from .replacement import Replacement

# Full-width and half-width forms that one writer mixes up together.
HABITS = ("，,", "。.", "：:", "；;", "（(）)", "！!？?", '“"”"')
# Behind 一 a point makes a heading's number; between half-width characters nothing is Chinese.
HALF_WIDTH = re.compile(
    r"(?<=[^\x00-\x7f])[,:;()!?]|[,:;()!?](?=[^\x00-\x7f])"
    r"|(?<=[^\x00-\x7f一二三四五六七八九十])\.(?!\d)"
)
HALF_WIDTH_QUOTES = re.compile(r'"[^"\n]+"')
# A comma and a word or two.
SHORT_GAP = re.compile(r"[，,](?!其中)\w{0,6}")
NUMBER = re.compile(r"\d+(?:[.．,，]\d+)*[%％]?")
WIDE_DIGITS = str.maketrans("0123456789.%", "０１２３４５６７８９．％")
# A count of this shape keeps its value in Chinese numerals, spelled number by number. Where a scale
# or a space and another number stand beside the number, it would not: 52千米 is 五十二公里.
_REST = r"(?:[^\W\d]|[\s（）()])*"
SMALL_COUNT = re.compile(rf"{_REST}(?:(?<![十百千万亿\d])[1-9１-９]\d?(?!\s*[\d十百千]){_REST})+")
DIGITS = "零一二三四五六七八九"
SPACES = (" ", " ", "  ", "\xa0", "\u3000")
# A careless hand strikes the space bar inside a word once in a hundred characters, at most.
CARELESS = 0.01


def half_width(report: Report, random: Random) -> list[Replacement]:
    """Write some kinds of punctuation in half-width form, throughout the report."""
    forms = _forms(random)
    return [
        Replacement(i, i + 1, forms[character])
        for i, character in enumerate(report.text)
        if character in forms and not _between_digits(report.text, i)
    ]


def full_width(report: Report, random: Random) -> list[Replacement]:
    """Write some kinds of half-width punctuation in full-width form, throughout the report."""
    forms = {half: full for full, half in _forms(random).items()}
    replacements = [
        Replacement(match.start(), match.end(), forms[match[0]])
        for match in HALF_WIDTH.finditer(report.text)
        if match[0] in forms
    ]
    if '"' in forms:
        for match in HALF_WIDTH_QUOTES.finditer(report.text):
            first, last = match.start(), match.end() - 1
            replacements += [Replacement(first, first + 1, "“"), Replacement(last, last + 1, "”")]
    return replacements


def _forms(random: Random) -> dict[str, str]:
    """Draw habits and give the half-width form of each of their characters."""
    pairs = "".join(random.sample(HABITS, random.randint(1, len(HABITS))))
    return dict(zip(pairs[::2], pairs[1::2], strict=True))


def _between_digits(text: str, offset: int) -> bool:
    return text[offset - 1 : offset].isdigit() and text[offset + 1 : offset + 2].isdigit()


def joined_quantities(report: Report, random: Random) -> list[Replacement]:
    """Write 、 for the comma between a sum and a count of the same heads: 补贴80万元、受益200人."""
    share = random.random()
    replacements = []
    for one, other in pairwise(report.relations):
        first, second = report.entities[one.quantity], report.entities[other.quantity]
        alike = one.heads == other.heads and one.role == other.role
        if alike and one.heads and {first.label, second.label} == {"MONEY", "COUNT"}:
            gap = report.text[first.end : second.start]
            if SHORT_GAP.fullmatch(gap) and random.random() < share:
                replacements.append(Replacement(first.end, first.end + 1, "、"))
    return replacements


def mistaken_commas(report: Report, random: Random) -> list[Replacement]:
    """Write 丶, a stroke of a character, for 、 where the input method offered it."""
    share = random.random()
    return [
        Replacement(i, i + 1, "丶")
        for i, character in enumerate(report.text)
        if character == "、" and random.random() < share
    ]


def wide_digits(report: Report, random: Random) -> list[Replacement]:
    """Write some numbers in full-width digits."""
    share = random.random()
    # Character by character: in a heading such as 2.60岁以上老人 an entity starts in mid-number.
    return [
        Replacement(i, i + 1, report.text[i].translate(WIDE_DIGITS))
        for match in NUMBER.finditer(report.text)
        if random.random() < share
        for i in range(*match.span())
    ]


def chinese_numerals(report: Report, random: Random) -> list[Replacement]:
    """Spell some counts below one hundred in Chinese numerals: 12人 as 十二人, 2个 as 两个."""
    share = random.random()
    replacements = []
    for entity in report.entities:
        count = report.span_text(entity)
        if entity.label == "COUNT" and SMALL_COUNT.fullmatch(count) and random.random() < share:
            replacements += [
                Replacement(
                    entity.start + match.start(),
                    entity.start + match.end(),
                    "两" if match[0] in "2２" else numeral(int(match[0])),
                )
                for match in re.finditer(r"\d+", count)
            ]
    return replacements


def numeral(number: int) -> str:
    """Spell a number in Chinese numerals.

    number (int): 1 to 99.
    RETURNS (str): such as 九, 十, 二十一.
    """
    tens, ones = divmod(number, 10)
    ten = f"{DIGITS[tens] if tens > 1 else ''}十" if tens else ""
    return ten + (DIGITS[ones] if ones else "")


def stray_spaces(report: Report, random: Random) -> list[Replacement]:
    """Set spaces around numbers and, rarely, anywhere between two characters."""
    text, space = report.text, random.choice(SPACES)
    share, careless = random.random(), random.random() * CARELESS
    edges = {edge for match in NUMBER.finditer(text) for edge in match.span()}
    return [
        Replacement(i, i, space)
        for i in range(1, len(text))
        if random.random() < (share if i in edges else careless)
        and not (text[i - 1].isspace() or text[i].isspace())
    ]
