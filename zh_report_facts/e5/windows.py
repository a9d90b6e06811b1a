"""Lays the pieces of documents into windows of the length that the language model reads."""

from collections.abc import Callable, Sequence
from itertools import pairwise
from typing import NamedTuple

import numpy
from spacy.tokens import Doc

from ..encoder import visible_rows

Cut = Callable[[str], tuple[list[int], list[int]]]


class Window(NamedTuple):
    """Pieces that are read together: paragraphs that follow each other, or part of a long one.

    doc (int): index of their document.
    pieces (list[int]): rows of the vocabulary.
    tokens (list[int]): indices of the tokens that stand there.
    places (list[int]): the piece that holds each token's first character, an index of `pieces`.
    """

    doc: int
    pieces: list[int]
    tokens: list[int]
    places: list[int]


def find_windows(docs: Sequence[Doc], cut: Cut, size: int) -> list[Window]:
    """Cut documents, without their white space, into windows.

    docs (Sequence[Doc]): documents from the report tokeniser.
    cut (Cut): gives a text's pieces, and for each of its characters the piece.
    size (int): pieces in a window, at most.
    RETURNS (list[Window]): in order; each visible token stands in one of them.
    """
    windows = []
    for index, doc in enumerate(docs):
        window = Window(index, [], [], [])
        rows, lengths = visible_rows(doc)
        edges = numpy.cumsum([0, *lengths]).tolist()
        for first, last in pairwise(edges):
            tokens = rows[first:last].tolist()
            pieces, places = cut_tokens([doc[i].text for i in tokens], cut)
            for start in range(0, len(pieces), size):
                part = pieces[start : start + size]
                if len(window.pieces) + len(part) > size:
                    windows.append(window)
                    window = Window(index, [], [], [])
                for token, place in zip(tokens, places):
                    if start <= place < start + size:
                        window.tokens.append(token)
                        window.places.append(place - start + len(window.pieces))
                window.pieces.extend(part)
        if window.pieces:
            windows.append(window)
    return windows


def cut_tokens(tokens: list[str], cut: Cut) -> tuple[list[int], list[int]]:
    """Cut a paragraph into pieces.

    tokens (list[str]): its tokens.
    cut (Cut): gives a text's pieces, and for each of its characters the piece.
    RETURNS (tuple[list[int], list[int]]): the pieces, and the index of each token's first piece.
    """
    pieces, at = cut("".join(tokens))
    firsts = numpy.cumsum([0, *map(len, tokens)])[:-1]
    return pieces, [at[first] for first in firsts]
