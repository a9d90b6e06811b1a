from __future__ import annotations

from collections.abc import Callable

import pytest
from tiny import make_pipeline

from zh_report_facts.corpus import report_to_doc
from zh_report_facts.facts import Fact, get_facts
from zh_report_facts.notation import parse_report
from zh_report_facts.plausibility import find_warnings


@pytest.fixture(scope="session")
def facts_of() -> Callable[..., tuple[Fact, ...]]:
    """Gives the facts of annotated paragraphs, with the values of their numbers."""
    nlp = make_pipeline()

    def get(*lines: str) -> tuple[Fact, ...]:
        doc, lost = report_to_doc(nlp, parse_report("\n".join(lines), "own"))
        assert not lost
        return get_facts(nlp.get_pipe("quantity")(doc))

    return get


@pytest.fixture(scope="module")
def messages(
    request: pytest.FixtureRequest, facts_of: Callable[..., tuple[Fact, ...]]
) -> Callable[..., list[str]]:
    """Gives the warnings of annotated paragraphs, those of the module's KIND."""

    def find(*lines: str) -> list[str]:
        warnings = find_warnings(facts_of(*lines))
        return [w["message"] for w in warnings if w["kind"] == request.module.KIND]

    return find
