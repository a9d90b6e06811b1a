"""Places of an annotated corpus that are worth a second look.

The notation is sound wherever a report can be read; whether the annotation is right only people can
tell. Each check names places where the guideline is often broken, and errs towards silence: a
function that yields findings from one report, or from all of them.
"""

from collections.abc import Iterable

from ..report import Report
from .finding import Finding
from .heads import find_bad_edges, find_bad_heads
from .names import find_other_labels, find_unmarked_names
from .numbers import find_loose_approximators, find_unmarked_numbers, find_wrong_units
from .roles import find_far_heads, find_role_against_cue

REPORT_CHECKS = (
    find_unmarked_numbers,
    find_loose_approximators,
    find_wrong_units,
    find_bad_heads,
    find_bad_edges,
    find_role_against_cue,
    find_far_heads,
)
CORPUS_CHECKS = (find_other_labels, find_unmarked_names)


def find_doubtful(reports: Iterable[Report]) -> list[Finding]:
    """Run all checks over a corpus.

    reports (Iterable[Report]): the reports.
    RETURNS (list[Finding]): check by check, in the order of the reports.
    """
    reports = list(reports)
    findings = [f for check in REPORT_CHECKS for report in reports for f in check(report)]
    return findings + [f for check in CORPUS_CHECKS for f in check(reports)]
