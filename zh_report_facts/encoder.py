"""Encoder that reads each paragraph as if it held no white space.

A hard wrap in the middle of a name, a stray space inside a number or a blank line at a column's end
must not change what is found. Rows of white space are therefore taken out before the embedding and
put back, as zeros, behind the encoder; a window never reaches across a paragraph's end.
"""

from collections.abc import Callable, Iterator
from itertools import accumulate, pairwise
from typing import Any, NamedTuple

import numpy
from spacy.attrs import IS_SPACE, LEMMA, NORM, intify_attr
from spacy.tokens import Doc
from thinc.api import HashEmbed, Maxout, Model, NumpyOps, chain, concatenate, with_array
from thinc.types import Floats2d, Ints1d

BREAK = "\n"
# Rows that are encoded at once, which bounds the memory a long text needs. A longer paragraph is
# cut; its rows at the cut lose sight of each other.
PORTION = 4_000

# The encoder of a component that is added without a config of its own.
DEFAULT_TOK2VEC = """
[model.tok2vec]
@architectures = "zh_report_facts.ParagraphEncoder.v1"
width = 96
attrs = ["NORM", "LEMMA", "TAG", "SHAPE"]
rows = [3000, 8000, 500, 500]
bigram_rows = 6000
word_dropout = 0.3

[model.tok2vec.encode]
@architectures = "zh_report_facts.DilatedEncoder.v1"
width = 96
dilations = [1, 2, 4, 8]
maxout_pieces = 3
"""


def visible_rows(doc: Doc) -> tuple[Ints1d, list[int]]:
    """Find the tokens of a document that are not white space.

    doc (Doc): a document from the report tokeniser.
    RETURNS (tuple[Ints1d, list[int]]): their indices, and how many stand in each paragraph.
    """
    values = doc.to_array([IS_SPACE, NORM])
    space = values[:, 0] != 0
    is_break = space & (values[:, 1] == doc.vocab.strings[BREAK])
    rows = numpy.flatnonzero(~space)
    paragraph = numpy.cumsum(is_break)[rows]
    return rows, numpy.bincount(paragraph)[numpy.unique(paragraph)].tolist() if rows.size else []


def build_paragraph_encoder(
    width: int,
    attrs: list[str],
    rows: list[int],
    bigram_rows: int,
    encode: Model[list[Floats2d], list[Floats2d]],
    word_dropout: float = 0.0,
) -> Model[list[Doc], list[Floats2d]]:
    """Embed token attributes and encode each paragraph.

    width (int): width of each embedding table and of the mixed embedding.
    attrs (list[str]): token attributes to embed, such as NORM, LEMMA, TAG, SHAPE.
    rows (list[int]): rows of each attribute's hash table.
    bigram_rows (int): rows of a table for pairs of neighbouring NORMs, 0 for none.
    encode (Model[list[Floats2d], list[Floats2d]]): gives each row its context, such as
        spacy.MaxoutWindowEncoder.v2 of the same width.
    word_dropout (float): share of the words (LEMMA) and pairs that training hides, so that names
        are known by their place and not only by heart.
    RETURNS (Model[list[Doc], list[Floats2d]]): one row a token, zeros for white space.
    """
    if len(attrs) != len(rows):
        raise ValueError(f"attrs and rows differ in length: {len(attrs)} and {len(rows)}")
    tables = [*rows, *([bigram_rows, bigram_rows] if bigram_rows else [])]
    embed = chain(
        concatenate(
            *[HashEmbed(width, n, column=i, seed=8 + i, dropout=0.0) for i, n in enumerate(tables)]
        ),
        Maxout(width, width * len(tables), nP=3, dropout=0.0, normalize=True),
    )
    inner = chain(with_array(embed), encode)
    ids = [intify_attr(attr) for attr in attrs]
    model: Model[list[Doc], list[Floats2d]] = Model(
        "paragraphs",
        forward,
        init=init,
        layers=[inner],
        dims={"nO": width},
        attrs={
            "attrs": ids,
            "bigrams": bigram_rows > 0,
            "words": [i for i in range(len(tables)) if i >= len(ids) or ids[i] == LEMMA],
            "word_dropout": word_dropout,
        },
    )
    use_numpy_gemm(model)
    return model


def use_numpy_gemm(model: Model) -> None:
    """Let a model on the CPU multiply matrices by numpy's BLAS, 2 to 4 times as fast as blis.

    model (Model): changed in place, with all its layers.
    """
    for node in model.walk():
        if isinstance(node.ops, NumpyOps):
            node.ops = NumpyOps(use_blis=False)


class Piece(NamedTuple):
    """A paragraph, or a part of a long one.

    doc (int): index of its document.
    rows (Ints1d): indices of its tokens.
    table (numpy.ndarray): its features, shape (tokens, attributes).
    """

    doc: int
    rows: Ints1d
    table: numpy.ndarray


def find_pieces(index: int, doc: Doc, attrs: list[int | str], bigrams: bool) -> list[Piece]:
    """Cut a document's visible tokens into paragraphs, and describe each token.

    index (int): the document's place in the batch.
    doc (Doc): a document from the report tokeniser.
    attrs (list[int | str]): the token attributes to take.
    bigrams (bool): whether to add the pairs with both neighbours.
    RETURNS (list[Piece]): the paragraphs, long ones in parts.
    """
    rows, lengths = visible_rows(doc)
    if not rows.size:
        return []
    table = doc.to_array(attrs).reshape(len(doc), len(attrs))[rows]
    edges = pairwise(accumulate(lengths, initial=0))
    cuts = [start for a, b in edges for start in range(a, b, PORTION)][1:]
    parts = zip(numpy.split(rows, cuts), numpy.split(table, cuts))
    return [Piece(index, at, with_bigrams(part) if bigrams else part) for at, part in parts]


def with_bigrams(paragraph: numpy.ndarray) -> numpy.ndarray:
    """Add a column for the pair with the token before, and one for the pair with the one behind."""
    norm = paragraph[:, 0]
    pair = (norm[:-1] * numpy.uint64(0x9E3779B97F4A7C15)) ^ norm[1:]
    zero = numpy.zeros(1, dtype="uint64")
    left, right = numpy.concatenate([zero, pair]), numpy.concatenate([pair, zero])
    return numpy.hstack([paragraph, left[:, None], right[:, None]])


def hide_words(paragraph: numpy.ndarray, columns: list[int], share: float) -> None:
    """Set a share of the values of some columns to 0, the value of nothing known, in place."""
    for column in columns if share else ():
        paragraph[numpy.random.random(len(paragraph)) < share, column] = 0


def portions(pieces: list[Piece]) -> Iterator[list[Piece]]:
    """Group pieces so that a group has at most twice `PORTION` rows."""
    group: list[Piece] = []
    size = 0
    for piece in pieces:
        group.append(piece)
        size += len(piece.rows)
        if size >= PORTION:
            yield group
            group, size = [], 0
    if group:
        yield group


def forward(
    model: Model[list[Doc], list[Floats2d]], docs: list[Doc], is_train: bool
) -> tuple[list[Floats2d], Callable[[list[Floats2d]], list[Doc]]]:
    inner = model.layers[0]
    ops = model.ops
    pieces = [
        piece
        for i, doc in enumerate(docs)
        for piece in find_pieces(i, doc, model.attrs["attrs"], model.attrs["bigrams"])
    ]
    if is_train:
        for piece in pieces:
            hide_words(piece.table, model.attrs["words"], model.attrs["word_dropout"])
    outputs = [ops.alloc2f(len(doc), model.get_dim("nO")) for doc in docs]
    backprop_inner: Callable[[list[Floats2d]], Any] = list
    # The layers cannot do with nothing, and a document may be white space alone.
    for group in [pieces] if is_train and pieces else portions(pieces):
        encoded, backprop_inner = inner([ops.asarray(piece.table) for piece in group], is_train)
        for piece, vectors in zip(group, encoded):
            outputs[piece.doc][piece.rows] = vectors

    def backprop(d_outputs: list[Floats2d]) -> list[Doc]:
        backprop_inner([d_outputs[piece.doc][piece.rows] for piece in pieces])
        return docs

    return outputs, backprop


def init(
    model: Model[list[Doc], list[Floats2d]],
    X: list[Doc] | None = None,
    Y: list[Floats2d] | None = None,
) -> Model[list[Doc], list[Floats2d]]:
    sample = None
    if X:
        attrs, bigrams = model.attrs["attrs"], model.attrs["bigrams"]
        pieces = [piece for doc in X for piece in find_pieces(0, doc, attrs, bigrams)]
        sample = [model.ops.asarray(piece.table) for piece in pieces]
    model.layers[0].initialize(X=sample or None)
    return model
