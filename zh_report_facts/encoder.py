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
from thinc.api import HashEmbed, Linear, Maxout, Model, NumpyOps, concatenate, to_numpy
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
    encode: Model[list[Floats2d], list[Floats2d]],
    word_dropout: float = 0.0,
    include_static_vectors: bool = False,
) -> Model[list[Doc], list[Floats2d]]:
    """Embed token attributes and encode each paragraph.

    width (int): width of each embedding table and of the mixed embedding.
    attrs (list[str]): token attributes to embed, such as NORM, LEMMA, TAG, SHAPE.
    rows (list[int]): rows of each attribute's hash table.
    encode (Model[list[Floats2d], list[Floats2d]]): gives each row its context, such as
        spacy.MaxoutWindowEncoder.v2 of the same width.
    word_dropout (float): share of the words (LEMMA) that training hides, so that names are known by
        their place and not only by heart; static vectors stay.
    include_static_vectors (bool): whether to add the vocabulary's vector of each token's word
        (LEMMA), or else of the token (NORM); `initialize.vectors` must then name a table.
    RETURNS (Model[list[Doc], list[Floats2d]]): one row a token, zeros for white space.
    """
    if len(attrs) != len(rows):
        raise ValueError(f"attrs and rows differ in length: {len(attrs)} and {len(rows)}")
    embed = concatenate(
        *[HashEmbed(width, n, column=i, seed=8 + i, dropout=0.0) for i, n in enumerate(rows)]
    )
    inputs = len(rows) + include_static_vectors
    mix = Maxout(width, width * inputs, nP=3, dropout=0.0, normalize=True)
    ids = [intify_attr(attr) for attr in attrs]
    model: Model[list[Doc], list[Floats2d]] = Model(
        "paragraphs",
        forward,
        init=init,
        layers=[embed, mix, encode, *([Linear(width)] if include_static_vectors else [])],
        dims={"nO": width},
        attrs={"attrs": ids, "word_dropout": word_dropout},
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
    vectors (Floats2d): its static vectors, shape (tokens, width of the vectors), 0 wide without.
    """

    doc: int
    rows: Ints1d
    table: numpy.ndarray
    vectors: Floats2d


def find_pieces(index: int, doc: Doc, attrs: list[int | str], static: bool) -> list[Piece]:
    """Cut a document's visible tokens into paragraphs, and describe each token.

    index (int): the document's place in the batch.
    doc (Doc): a document from the report tokeniser.
    attrs (list[int | str]): the token attributes to take.
    static (bool): whether to look up static vectors.
    RETURNS (list[Piece]): the paragraphs, long ones in parts.
    """
    rows, lengths = visible_rows(doc)
    if not rows.size:
        return []
    table = doc.to_array(attrs).reshape(len(doc), len(attrs))[rows]
    edges = pairwise(accumulate(lengths, initial=0))
    cuts = [start for a, b in edges for start in range(a, b, PORTION)][1:]
    vectors = find_vectors(doc)[rows] if static else numpy.zeros((len(rows), 0), dtype="f")
    parts = zip(*(numpy.split(whole, cuts) for whole in (rows, table, vectors)))
    return [Piece(index, *part) for part in parts]


def find_vectors(doc: Doc) -> Floats2d:
    """Look up the static vector of each token's word, or else of the token.

    doc (Doc): a document from the report tokeniser.
    RETURNS (Floats2d): shape (tokens, width of the vectors); zeros where there is none.
    """
    vectors = doc.vocab.vectors
    keys, inverse = numpy.unique(doc.to_array([LEMMA, NORM]), return_inverse=True)
    known = numpy.array([vectors.key2row.get(key, -1) for key in keys.tolist()], dtype="int64")
    words, tokens = known[inverse].reshape(-1, 2).T
    rows = numpy.where(words >= 0, words, tokens)
    found = to_numpy(vectors.data)[rows]
    found[rows < 0] = 0
    return found


def hide_words(table: numpy.ndarray, attrs: list[int | str], share: float) -> None:
    """Set a share of the words to 0, the value of nothing known, in place."""
    if share and LEMMA in attrs:
        table[numpy.random.random(len(table)) < share, attrs.index(LEMMA)] = 0


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
    ops = model.ops
    attrs, static = model.attrs["attrs"], len(model.layers) > 3
    pieces = [piece for i, doc in enumerate(docs) for piece in find_pieces(i, doc, attrs, static)]
    if is_train:
        for piece in pieces:
            hide_words(piece.table, attrs, model.attrs["word_dropout"])
    outputs = [ops.alloc2f(len(doc), model.get_dim("nO")) for doc in docs]
    backprop_group: Callable[[list[Floats2d]], Any] = list
    # The layers cannot do with nothing, and a document may be white space alone.
    for group in [pieces] if is_train and pieces else portions(pieces):
        encoded, backprop_group = encode_pieces(model, group, is_train)
        for piece, vectors in zip(group, encoded):
            outputs[piece.doc][piece.rows] = vectors

    def backprop(d_outputs: list[Floats2d]) -> list[Doc]:
        backprop_group([d_outputs[piece.doc][piece.rows] for piece in pieces])
        return docs

    return outputs, backprop


def encode_pieces(
    model: Model, pieces: list[Piece], is_train: bool
) -> tuple[list[Floats2d], Callable[[list[Floats2d]], Any]]:
    """Embed and encode pieces, of which there is at least one.

    model (Model): the encoder.
    pieces (list[Piece]): the pieces.
    is_train (bool): whether the way back will be called.
    RETURNS (tuple[list[Floats2d], Callable]): the rows of each piece, and the way back.
    """
    embed, mix, encode, *project = model.layers
    ops = model.ops
    table = ops.asarray(numpy.concatenate([piece.table for piece in pieces]))
    X, backprop_embed = embed(table, is_train)
    parts, ways = [X], [backprop_embed]
    for layer in project:
        static = ops.asarray2f(numpy.concatenate([piece.vectors for piece in pieces]))
        S, backprop_static = layer(static, is_train)
        parts.append(S)
        ways.append(backprop_static)
    mixed, backprop_mix = mix(ops.xp.hstack(parts), is_train)
    cuts = numpy.cumsum([len(piece.rows) for piece in pieces])[:-1].tolist()
    encoded, backprop_encode = encode(ops.xp.split(mixed, cuts), is_train)

    def backprop(d_encoded: list[Floats2d]) -> None:
        d_mixed = backprop_mix(ops.xp.concatenate(backprop_encode(d_encoded)))
        for way, d_part in zip(ways, ops.xp.split(d_mixed, [X.shape[1]], axis=1)):
            way(ops.as_contig(d_part))

    return encoded, backprop


def init(
    model: Model[list[Doc], list[Floats2d]],
    X: list[Doc] | None = None,
    Y: list[Floats2d] | None = None,
) -> Model[list[Doc], list[Floats2d]]:
    embed, mix, encode, *project = model.layers
    for layer in project:
        width = X[0].vocab.vectors_length if X else 0
        if not width:
            raise ValueError(
                "The vocabulary has no vectors: name a table in initialize.vectors, "
                "or set include_static_vectors = false"
            )
        layer.set_dim("nI", width)
    for layer in (embed, mix, *project):
        layer.initialize()
    encode.initialize(X=[model.ops.alloc2f(1, model.get_dim("nO"))])
    return model
