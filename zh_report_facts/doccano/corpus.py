"""Annotation that came back, written as reports of the corpus, each with its origin."""

import re
from collections import defaultdict
from collections.abc import Iterable
from itertools import count
from pathlib import Path

from spacy.language import Language

from ..corpus import report_to_doc
from ..files import InputError, shown
from ..notation import format_report, write_report
from ..report import Aside, Entity, Relation, Report
from .examples import Fault, Pulled
from .paragraphs import split_report

MARK = "# from doccano: "


def find_lost(pulled: Pulled, nlp: Language) -> list[Fault]:
    """Find the spans that the tokeniser cannot hold.

    pulled (Pulled): an example that came back.
    nlp (Language): gives the tokeniser.
    RETURNS (list[Fault]): one for each; they stay in the corpus, and training cannot use them.
    """
    report = pulled.paragraph.annotation
    return [
        Fault(
            pulled.document,
            f"span {pulled.spans[entity]}",
            f"the edges of {entity.label} '{report.span_text(entity)}' are no token edges; "
            "kept, but no training can find it",
        )
        for entity in report_to_doc(nlp, report)[1]
    ]


def drop_copies(pulled: Iterable[Pulled]) -> tuple[list[Pulled], list[Fault]]:
    """Keep one of the examples that are copies of a paragraph.

    pulled (Iterable[Pulled]): the examples.
    RETURNS (tuple[list[Pulled], list[Fault]]): the first of each paragraph, and what was left out.
    """
    kept: dict[str, Pulled] = {}
    faults = []
    for one in pulled:
        first = kept.setdefault(one.paragraph.key or f"document {one.document}", one)
        if first is not one:
            what = f"is a copy of document {first.document}; left out, the next push removes it"
            faults.append(Fault(one.document, "text", what))
    return list(kept.values()), faults


def write_corpus(pulled: Iterable[Pulled], project: str, output: Path) -> list[Path]:
    """Write what came back as annotated reports, one file a report.

    pulled (Iterable[Pulled]): the examples; their faults are written as comments.
    project (str): name of the doccano project, for the origin.
    output (Path): the folder; files of an earlier pull are replaced.
    RETURNS (list[Path]): the files.
    RAISES (InputError): if a file of the name is there that no pull has written.
    RAISES (OutputError): if a file cannot be written.
    """
    groups: dict[str, list[Pulled]] = defaultdict(list)
    for one in pulled:
        groups[one.paragraph.report].append(one)
    reports: dict[Path, Report] = {}
    for name, group in sorted(groups.items()):
        # The name comes from the server: it must not lead out of the folder.
        stem = re.sub(r"[^\w.-]+", "-", name).strip(".-") or "report"
        path, number = output / f"{stem}.ann", count(1)
        while path in reports:
            path = output / f"{stem}-{next(number)}.ann"
        group.sort(key=lambda one: (one.paragraph.number, one.document))
        report = join_paragraphs(
            group, f"{MARK}project {one_line(project)}, report {one_line(name)}", str(path)
        )
        if report.text:
            format_report(report)
            reports[path] = report
    for path in reports:
        if path.exists() and not path.read_text(encoding="utf-8").startswith(MARK):
            raise InputError(
                f"{shown(path)}: was not written by a pull and is left as it is; "
                "choose another folder"
            )
    for path, report in reports.items():
        write_report(report, path)
    return list(reports)


def join_paragraphs(group: Iterable[Pulled], title: str, name: str) -> Report:
    """Join the paragraphs of a report.

    group (Iterable[Pulled]): its paragraphs in order.
    title (str): the comment at its head.
    name (str): name of the report.
    RETURNS (Report): the report; a comment before each paragraph tells where it stands in doccano.
    """
    lines: list[str] = []
    entities: list[Entity] = []
    relations: list[Relation] = []
    asides = [Aside(0, title)]
    offset = 0
    for one in group:
        origin = f"# document {one.document}, paragraph {one.paragraph.number}"
        asides.append(Aside(len(lines), origin))
        asides += [Aside(len(lines), f"# {one_line(str(fault))}") for fault in one.faults]
        for piece in split_report(one.paragraph.annotation):
            if not piece.text.strip():
                continue
            first = len(entities)
            entities += [Entity(offset + a, offset + b, label) for a, b, label in piece.entities]
            relations += [
                Relation(first + r.quantity, r.role, tuple(first + head for head in r.heads))
                for r in piece.relations
            ]
            lines.append(piece.text)
            offset += len(piece.text) + 1
    return Report(name, "\n".join(lines), tuple(entities), tuple(relations), tuple(asides))


def one_line(text: str) -> str:
    """Put a text on one line that every reader takes for one."""
    return " ".join(text.split())
