"""An annotated report as plain data."""

from typing import NamedTuple

SENTENCE_ENDS = frozenset("。！？；!?;\n")


class Entity(NamedTuple):
    """A span of a report.

    start (int): first character, an offset into the report's text.
    end (int): behind the last character.
    label (str): one of `schema.LABELS`.
    """

    start: int
    end: int
    label: str


class Relation(NamedTuple):
    """What one quantity measures and counts.

    quantity (int): index of the quantity in the report's entities.
    role (str): one of `schema.ROLES`.
    heads (tuple[int, ...]): indices of its heads, ascending.
    """

    quantity: int
    role: str
    heads: tuple[int, ...] = ()


class Aside(NamedTuple):
    """A line that carries no text: a comment or a blank line.

    paragraph (int): index of the paragraph it stands before.
    line (str): the line as written.
    """

    paragraph: int
    line: str


class Report(NamedTuple):
    """An annotated report.

    name (str): where it was read; cited in errors.
    text (str): the paragraphs joined by line ends, without marks.
    entities (tuple[Entity, ...]): in text order.
    relations (tuple[Relation, ...]): one for each quantity, in text order.
    asides (tuple[Aside, ...]): comments and blank lines, in file order.
    """

    name: str
    text: str
    entities: tuple[Entity, ...] = ()
    relations: tuple[Relation, ...] = ()
    asides: tuple[Aside, ...] = ()

    @property
    def paragraphs(self) -> tuple[tuple[int, int], ...]:
        """Start and end of each paragraph in the text."""
        spans, start = [], 0
        for paragraph in self.text.split("\n") if self.text else ():
            spans.append((start, start + len(paragraph)))
            start += len(paragraph) + 1
        return tuple(spans)

    @property
    def linked(self) -> frozenset[int]:
        """Indices of the heads that a quantity is linked to."""
        return frozenset(head for relation in self.relations for head in relation.heads)

    def span_text(self, entity: Entity) -> str:
        """Get the text of an entity.

        entity (Entity): one of the report's entities.
        RETURNS (str): its text.
        """
        return self.text[entity.start : entity.end]
