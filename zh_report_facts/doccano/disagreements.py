"""A page on which the disagreements of annotators are settled, and what comes back from it."""

import json
import re
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from ..files import InputError, read_text
from ..notation import NotationError, format_report, parse_report
from ..report import Report
from ..templates import load_template
from .agreement import Score, Versions
from .examples import Pulled
from .paragraphs import Paragraph

TEMPLATE = Path(__file__).with_name("disagreements.html.jinja")
MARK = re.compile(r"(?<!\\)\]\{([^}]*)\}")


def render_page(
    project: str,
    versions: Mapping[int, Versions],
    scores: Mapping[tuple[str, str], list[Score]],
) -> str:
    """Show the paragraphs on which annotators disagree, ready to be settled.

    project (str): name of the doccano project.
    versions (Mapping[int, Versions]): the versions of each paragraph.
    scores (Mapping[tuple[str, str], list[Score]]): the agreement of each pair.
    RETURNS (str): a self-contained HTML page, which saves what was settled as JSON Lines.
    """
    paragraphs = []
    for document, both in versions.items():
        reports = {name: one.paragraph.annotation for name, one in sorted(both.items())}
        lines = {name: format_line(report) for name, report in reports.items()}
        one = next(iter(both.values())).paragraph
        agreed = len(set(lines.values())) == 1
        paragraphs.append(
            {
                "document": document,
                "report": one.report,
                "paragraph": one.number,
                "text": one.annotation.text,
                "annotation": next(iter(lines.values())) if agreed else None,
                "lines": lines,
                "versions": {name: find_pieces(name, reports) for name in reports},
            }
        )
    return load_template(TEMPLATE).render(
        project=project,
        scores=scores,
        paragraphs=paragraphs,
        open=[p for p in paragraphs if p["annotation"] is None],
    )


def format_line(report: Report) -> str:
    """Write a paragraph in the inline notation, without the line end."""
    return format_report(report).removesuffix("\n")


def find_pieces(name: str, reports: Mapping[str, Report]) -> list[dict[str, Any]]:
    """Cut one annotator's version into pieces of text.

    name (str): the annotator.
    reports (Mapping[str, Report]): the versions of all.
    RETURNS (list[dict[str, Any]]): `text`, `label` (None between spans), `mark` as in the notation
        and `own`, whether not everybody has this span with this role and these heads.
    """
    report = reports[name]
    facts = {other: find_facts(version) for other, version in reports.items()}
    marks = MARK.findall(format_line(report))
    pieces: list[dict[str, Any]] = []
    at = 0
    for entity, fact, mark in zip(report.entities, facts[name], marks, strict=True):
        own = any(fact not in theirs for theirs in facts.values())
        pieces.append({"text": report.text[at : entity.start], "label": None})
        pieces.append(
            {"text": report.span_text(entity), "label": entity.label, "mark": mark, "own": own}
        )
        at = entity.end
    return [*pieces, {"text": report.text[at:], "label": None}]


def find_facts(report: Report) -> list[tuple[object, ...]]:
    """Give each span of a report with its role and its heads."""
    relations = {relation.quantity: relation for relation in report.relations}
    facts: list[tuple[object, ...]] = []
    for i, entity in enumerate(report.entities):
        relation = relations.get(i)
        heads = [report.entities[head] for head in relation.heads] if relation else []
        facts.append((entity, relation.role if relation else None, *heads))
    return facts


def read_settled(path: Path) -> tuple[list[Pulled], list[str]]:
    """Read what the page saved.

    path (Path): the file.
    RETURNS (tuple[list[Pulled], list[str]]): the settled paragraphs, and a line for each that was
        left open.
    RAISES (InputError): if the file is something else; a NotationError if a paragraph was settled
        in a way that the notation cannot hold, or its text was changed.
    """
    settled: list[Pulled] = []
    unsettled: list[str] = []
    for number, line in enumerate(read_text(path).split("\n"), 1):
        if not line:
            continue
        try:
            row = json.loads(line)
            document, source, text = row["document"], row["annotation"], row["text"]
            report, paragraph = row["report"], row["paragraph"]
        except (ValueError, KeyError, TypeError) as error:
            raise InputError(
                f"{path}:{number}: was not saved by the page of doccano-agreement; save it again"
            ) from error
        if source is None:
            unsettled.append(f"document {document}: not settled; left out")
            continue
        annotation = parse_report(source, f"{path}: document {document}")
        if annotation.text != text:
            raise NotationError(
                f"{path}: document {document}: the text was changed; only marks may differ"
            )
        settled.append(
            Pulled(document, Paragraph(report, paragraph, annotation._replace(asides=())), {}, [])
        )
    return settled, unsettled


def tabulate(scores: Iterable[Score]) -> list[tuple[str, ...]]:
    """Lay scores out in rows.

    scores (Iterable[Score]): the scores of a pair.
    RETURNS (list[tuple[str, ...]]): name, F in %, kappa, and how often each marked it.
    """
    return [
        (
            score.name,
            "–" if score.f is None else f"{score.f:.1%}",
            "–" if score.kappa is None else f"{score.kappa:.2f}",
            str(score.first),
            str(score.second),
        )
        for score in scores
    ]
