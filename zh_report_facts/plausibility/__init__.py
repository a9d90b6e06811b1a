"""Facts of a report that contradict each other, or themselves.

A reader stops trusting warnings after a few false ones, so every check errs towards silence: it
compares only numbers that the words between them tie together, and warns only where no rounding,
no 约 or 余 and no other number near by explains the difference.
"""

from collections.abc import Sequence
from typing import TYPE_CHECKING

from ..facts import Fact
from .changes import find_wrong_changes
from .heads import find_loose_numbers
from .parts import find_excessive_parts
from .percentages import find_wrong_percentages
from .repeats import find_repeats
from .sentences import read_sentences
from .targets import find_missed_targets

if TYPE_CHECKING:
    from ..records import WarningData

SENTENCE_CHECKS = (
    find_excessive_parts,
    find_missed_targets,
    find_wrong_changes,
    find_wrong_percentages,
    find_loose_numbers,
)


def find_warnings(facts: Sequence[Fact]) -> list["WarningData"]:
    """Find what a careful reader should look at again.

    facts (Sequence[Fact]): facts of one document, all or some.
    RETURNS (list[WarningData]): in the order of the text; `facts` are indices into the facts given.
    """
    sentences = read_sentences(facts)
    warnings = [w for check in SENTENCE_CHECKS for s in sentences for w in check(s)]
    warnings += find_repeats(sentences)
    return sorted(warnings, key=lambda warning: warning["facts"])
