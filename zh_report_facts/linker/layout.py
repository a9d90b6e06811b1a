"""Where the entities of a document stand among its visible tokens."""

from collections.abc import Sequence
from typing import NamedTuple

import numpy
from spacy.strings import StringStore
from spacy.tokens import Doc
from thinc.types import Ints1d

from ..encoder import visible_rows

# A mention as start and end token and label.
EntitySpan = tuple[int, int, str]


class Layout(NamedTuple):
    """The entities of a document in text order; rows are those of its visible tokens.

    norms (numpy.ndarray): NORM of each row.
    strings (StringStore): the strings of the vocabulary.
    edges (Ints1d): the first row of each paragraph, and the number of rows.
    labels (list[str]): the label of each entity.
    where (Ints1d): its paragraph.
    starts, ends (Ints1d): its start and end row.
    """

    norms: numpy.ndarray
    strings: StringStore
    edges: Ints1d
    labels: list[str]
    where: Ints1d
    starts: Ints1d
    ends: Ints1d

    def find(self, words: Sequence[str]) -> numpy.ndarray:
        """Mark the rows of some words.

        words (Sequence[str]): normal forms of tokens.
        RETURNS (numpy.ndarray): whether each row is one of them.
        """
        hashes = numpy.array([self.strings[word] for word in words], dtype="uint64")
        return numpy.isin(self.norms, hashes)

    def words(self, rows: Ints1d) -> numpy.ndarray:
        """Give the NORM of some rows, of which one may stand behind the last: it is 0.

        rows (Ints1d): the rows.
        RETURNS (numpy.ndarray): as many.
        """
        return numpy.append(self.norms, numpy.uint64(0))[rows]

    def first_of_paragraph(self) -> numpy.ndarray:
        """Mark the first entity of each paragraph.

        RETURNS (numpy.ndarray): whether each entity is one; there must be an entity.
        """
        return numpy.append(True, self.where[1:] != self.where[:-1])


def lay_out(doc: Doc, entities: Sequence[EntitySpan]) -> Layout:
    """Find the rows and the paragraph of each entity.

    doc (Doc): a document from the report tokeniser.
    entities (Sequence[EntitySpan]): its entities in text order.
    RETURNS (Layout): where they stand.
    """
    rows, lengths = visible_rows(doc)
    index = numpy.zeros(len(doc) + 1, dtype="int64")
    index[rows + 1] = 1
    index = numpy.cumsum(index)
    edges = numpy.concatenate([[0], numpy.cumsum(lengths, dtype="int64")])
    starts = index[numpy.array([start for start, *_ in entities], dtype="int64")]
    ends = index[numpy.array([end for _, end, _ in entities], dtype="int64")]
    where = numpy.searchsorted(edges[1:-1], starts, side="right")
    labels = [label for *_, label in entities]
    return Layout(doc.to_array("NORM")[rows], doc.vocab.strings, edges, labels, where, starts, ends)


def count_before(flags: numpy.ndarray) -> Ints1d:
    """Count what is marked before each place.

    flags (numpy.ndarray): whether each row or entity is marked.
    RETURNS (Ints1d): as many numbers and one, which is the number of all.
    """
    return numpy.concatenate([[0], numpy.cumsum(flags)])
