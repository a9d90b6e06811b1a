"""Reader and writer of the inline notation of annotated reports (`corpus/GUIDELINE.md`)."""

import re
from bisect import bisect_left
from collections.abc import Callable
from pathlib import Path

from .files import InputError, read_text, replacing
from .report import Aside, Entity, Relation, Report
from .schema import CODES, HEADS, LABELS, QUANTITIES, ROLES

LETTERS = {label: code for code, label in CODES.items()}
TOKEN = re.compile(
    r"(?P<escape>\\.?)|(?P<open>\[)|(?P<close>\](?:\{(?P<mark>[^}]*)\})?)"
    r"|(?P<stray>[{}])|(?P<plain>[^\\\[\]{}]+)"
)
MARK = re.compile(r"(?P<code>[PICMR])(?P<id>[0-9]*)(?:>(?P<heads>[^:]*))?(?::(?P<role>.*))?")
HEAD_ID = re.compile(r"[PI][0-9]+")
SPECIAL = re.compile(r"([\[\]{}\\])")
# What would not come back from a UTF-8 text file: the reader takes it for a line end, for a
# binary file, for a byte order mark, or it cannot be encoded at all.
UNWRITABLE = re.compile("[\r\0\ud800-\udfff]|\\A\ufeff")


class NotationError(InputError):
    """A fault in an annotated report: `file:line:column: what is wrong; how to mend it`."""


Fail = Callable[[int, str], NotationError]


def read_report(path: str | Path) -> Report:
    """Read an annotated report.

    path (str | Path): a UTF-8 file in the inline notation.
    RETURNS (Report): the report, named by its path.
    RAISES (InputError): if the file cannot be read; a NotationError if it is not well-formed.
    """
    return parse_report(read_text(path), str(path))


def parse_report(source: str, name: str) -> Report:
    """Parse an annotated report.

    source (str): the report in the inline notation, one paragraph a line.
    name (str): what errors call it, e.g. its path.
    RETURNS (Report): the report.
    RAISES (NotationError): at the first fault.
    """
    paragraphs: list[str] = []
    entities: list[Entity] = []
    relations: list[Relation] = []
    asides: list[Aside] = []
    offset = 0
    for number, line in enumerate(_lines(source), 1):
        if _carries_no_text(line):
            asides.append(Aside(len(paragraphs), line))
            continue

        def fail(column: int, what: str, number: int = number) -> NotationError:
            return NotationError(f"{name}:{number}:{column + 1}: {what}")

        text, spans, links = _parse_paragraph(line, fail)
        first = len(entities)
        entities += [Entity(offset + e.start, offset + e.end, e.label) for e in spans]
        relations += [
            Relation(first + r.quantity, r.role, tuple(first + head for head in r.heads))
            for r in links
        ]
        paragraphs.append(text)
        offset += len(text) + 1
    return Report(name, "\n".join(paragraphs), tuple(entities), tuple(relations), tuple(asides))


def _lines(source: str) -> list[str]:
    return source.removesuffix("\n").split("\n") if source else []


def _carries_no_text(line: str) -> bool:
    return not line.strip() or line.startswith("# ")


def _parse_paragraph(line: str, fail: Fail) -> tuple[str, list[Entity], list[Relation]]:
    """Parse one paragraph; offsets and indices are its own."""
    text = ""
    entities: list[Entity] = []
    heads: dict[str, int] = {}
    quantities: list[tuple[int, str, list[str], int]] = []
    opened: tuple[int, int] | None = None  # column of the '[', offset in the text
    for token in TOKEN.finditer(line):
        column, kind = token.start(), token.lastgroup
        if kind == "plain":
            text += token[0]
        elif kind == "escape":
            if token[0][1:] not in tuple("[]{}\\#"):
                raise fail(column, f"bad escape {token[0]}; a literal backslash is written \\\\")
            text += token[0][1]
        elif kind == "open":
            if opened:
                raise fail(
                    column,
                    f"'[' inside the span opened at column {opened[0] + 1}; spans cannot overlap: "
                    "close that one first, or write \\[ for a literal bracket",
                )
            opened = column, len(text)
        elif kind == "stray":
            raise fail(column, f"stray '{token[0]}'; a literal brace is written \\{token[0]}")
        else:
            if not opened:
                raise fail(column, "']' without its '['; a literal bracket is written \\]")
            mark = token["mark"]
            if mark is None:
                raise fail(
                    column, "']' without a whole mark behind it; write e.g. ]{P1} or ]{C>P1}"
                )
            start, at_mark = opened[1], column + 1
            span = text[start:]
            if not span:
                raise fail(opened[0], "empty span; put the span's text between '[' and ']'")
            if span != span.strip():
                raise fail(opened[0], f"space at the edge of the span '{span}'; move it outside")
            label, head_id, names, role = _parse_mark(mark, at_mark, fail)
            if label in QUANTITIES:
                quantities.append((len(entities), role, names, at_mark))
            elif head_id in heads:
                raise fail(
                    at_mark, f"{head_id} stands twice in the paragraph; number the heads apart"
                )
            else:
                heads[head_id] = len(entities)
            entities.append(Entity(start, len(text), label))
            opened = None
    if opened:
        raise fail(opened[0], "'[' is never closed; write ] and a mark behind the span, or \\[")
    relations = []
    for quantity, role, names, at_mark in quantities:
        for head in names:
            if head not in heads:
                known = ", ".join(heads) or "none"
                raise fail(at_mark, f"no head {head} in the paragraph (it has: {known}); mark it")
        relations.append(Relation(quantity, role, tuple(sorted(heads[head] for head in names))))
    return text, entities, relations


def _parse_mark(mark: str, column: int, fail: Fail) -> tuple[str, str, list[str], str]:
    """Return the label, the head's id ("" for a quantity), the ids of its heads and the role."""
    match = MARK.fullmatch(mark)
    if not match:
        raise fail(
            column, f"bad mark {{{mark}}}; write e.g. {{P1}}, {{I2}}, {{C}} or {{C>P1,I2:TARGET}}"
        )
    code, number, names, role = match["code"], match["id"], match["heads"], match["role"]
    label = CODES[code]
    if label in HEADS:
        if not number or names is not None or role is not None:
            raise fail(
                column, f"bad mark {{{mark}}}; a head is marked with an id only: {{{code}1}}"
            )
        return label, code + number, [], ""
    if number:
        raise fail(column, f"bad mark {{{mark}}}; a quantity has no id: write {{{code}}}")
    if role is not None and role not in ROLES:
        raise fail(column, f"unknown role '{role}'; write one of {', '.join(ROLES)}")
    heads = [] if names is None else names.split(",")
    for head in heads:
        if not HEAD_ID.fullmatch(head):
            raise fail(column, f"'{head}' is no head id; write e.g. {{{code}>P1,I2}}")
        if heads.count(head) > 1:
            raise fail(column, f"names the head {head} twice; name it once")
    return label, "", heads, role or "ACTUAL"


def cite(source: str, report: Report, offset: int) -> str:
    """Name the place of a character of a report's text as `file:line:column`.

    source (str): what the report was parsed from.
    report (Report): the report.
    offset (int): a character offset into its text, not behind a paragraph's end.
    RETURNS (str): the place, for people and editors.
    """
    paragraph = report.text.count("\n", 0, offset)
    number = paragraph + sum(aside.paragraph <= paragraph for aside in report.asides)
    line = _lines(source)[number]
    rest = offset - (report.text.rfind("\n", 0, offset) + 1)
    for token in TOKEN.finditer(line):
        length = {"plain": len(token[0]), "escape": 1}.get(token.lastgroup or "", 0)
        if rest < length:
            column = token.end() - length + rest
            break
        rest -= length
    else:
        column = len(line)
    return f"{report.name}:{number + 1}:{column + 1}"


def format_report(report: Report) -> str:
    """Write an annotated report in canonical form: ids count from 1 in each paragraph.

    report (Report): the report.
    RETURNS (str): the inline notation; `parse_report` gives an equal report back.
    RAISES (NotationError): if the notation cannot hold the report.
    """
    _check(report)
    relations = {relation.quantity: relation for relation in report.relations}
    lines = []
    starts = [entity.start for entity in report.entities]
    for start, end in report.paragraphs:
        inside = range(bisect_left(starts, start), bisect_left(starts, end))
        ids: dict[int, str] = {}
        for label in HEADS:
            heads = (index for index in inside if report.entities[index].label == label)
            ids |= {index: f"{LETTERS[label]}{number}" for number, index in enumerate(heads, 1)}
        line, at = "", start
        for index in inside:
            entity = report.entities[index]
            mark = ids.get(index) or _format_mark(entity, relations[index], ids)
            line += _escape(report.text[at : entity.start])
            line += f"[{_escape(report.span_text(entity))}]{{{mark}}}"
            at = entity.end
        line += _escape(report.text[at:end])
        lines.append(f"\\{line}" if line.startswith("# ") else line)
    for aside in reversed(report.asides):
        lines.insert(aside.paragraph, aside.line)
    return "".join(f"{line}\n" for line in lines)


def _format_mark(entity: Entity, relation: Relation, ids: dict[int, str]) -> str:
    """Write a quantity's mark: programs before items, ACTUAL left out."""
    heads = sorted((ids[head] for head in relation.heads), key=lambda i: (i[0] != "P", int(i[1:])))
    names = ">" + ",".join(heads) if heads else ""
    role = f":{relation.role}" if relation.role != "ACTUAL" else ""
    return LETTERS[entity.label] + names + role


def _escape(text: str) -> str:
    return SPECIAL.sub(r"\\\1", text)


def _check(report: Report) -> None:
    """Refuse what the notation cannot hold, so that writing never loses anything."""

    def fail(what: str) -> NotationError:
        return NotationError(f"{report.name}: {what}")

    text, entities = report.text, report.entities
    bad = UNWRITABLE.search(text)
    if bad:
        raise fail(f"character {bad[0]!r} at offset {bad.start()} of the text; take it out")
    for number, (start, end) in enumerate(report.paragraphs, 1):
        if not text[start:end].strip():
            raise fail(f"paragraph {number} of the text is blank; take blank lines out of the text")
    before = [aside.paragraph for aside in report.asides]
    if before != sorted(before) or not set(before) <= set(range(len(report.paragraphs) + 1)):
        raise fail("the asides are not in order or stand before no paragraph; sort them")
    for aside in report.asides:
        if "\n" in aside.line or UNWRITABLE.search(aside.line) or not _carries_no_text(aside.line):
            raise fail(f"the aside {aside.line!r} is no comment line; start it with '# '")
    at = 0
    for entity in entities:
        span = report.span_text(entity)
        where = f"the span {span!r} at offset {entity.start}"
        if entity.label not in LABELS:
            raise fail(f"{where} has no known label; use one of {', '.join(LABELS)}")
        if len(span) != entity.end - entity.start or not span:
            raise fail(f"{where} is empty or not inside the text; mend its offsets")
        if span != span.strip() or "\n" in span:
            raise fail(f"{where} has space at its edge or crosses a line; trim or split it")
        if entity.start < at:
            raise fail(f"{where} overlaps or stands behind a later one; sort the spans, keep one")
        at = entity.end
    quantities = [i for i, entity in enumerate(entities) if entity.label in QUANTITIES]
    if [relation.quantity for relation in report.relations] != quantities:
        raise fail("the relations do not match the quantities; give one for each, in text order")
    for relation in report.relations:
        quantity = entities[relation.quantity]
        where = f"the quantity {report.span_text(quantity)!r} at offset {quantity.start}"
        if relation.role not in ROLES:
            raise fail(f"{where} has the role {relation.role!r}; use one of {', '.join(ROLES)}")
        if list(relation.heads) != sorted(set(relation.heads)):
            raise fail(f"{where} has unsorted or repeated heads; sort them, name each once")
        for head in relation.heads:
            if not 0 <= head < len(entities) or entities[head].label not in HEADS:
                raise fail(f"{where} has the head {head}, which is no PROGRAM or ITEM; link one")
            first, last = sorted((quantity.start, entities[head].start))
            if "\n" in text[first:last]:
                raise fail(f"{where} has a head in another paragraph; link one in its own")


def write_report(report: Report, path: str | Path) -> None:
    """Write an annotated report to a file, whole or not at all.

    report (Report): the report.
    path (str | Path): the file.
    RAISES (NotationError): if the notation cannot hold the report.
    RAISES (OutputError): if the file cannot be written.
    """
    source = format_report(report)
    with replacing(path) as file:
        file.write(source.encode("utf-8"))
