"""Encoder that reads each paragraph as if it held no white space.

A hard wrap in the middle of a name, a stray space inside a number or a blank line at a column's end
must not change what is found. Rows of white space are therefore taken out before the embedding and
put back, as zeros, behind the encoder; a window never reaches across a paragraph's end.
"""

from collections.abc import Callable, Iterable, Iterator
from functools import partial
from itertools import accumulate, pairwise
from typing import Any, NamedTuple

import numpy
from spacy.attrs import IS_SPACE, LEMMA, NORM, intify_attr
from spacy.tokens import Doc
from thinc.api import HashEmbed, Linear, Maxout, Model, NumpyOps, concatenate, to_numpy
from thinc.types import Floats2d, Ints1d

BREAK = "\n"
# A longer paragraph is cut, which bounds the memory it needs; rows at the cut lose sight of each
# other.
LONGEST = 4_000
# Rows that are encoded at once, few enough for what lies between two layers to stay in the
# processor's cache.
PORTION = 1_000

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
    contextual: Model[list[Doc], list[Floats2d]] | None = None,
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
    contextual (Model[list[Doc], list[Floats2d]] | None): gives each token a vector in the place of
        a static one, such as zh_report_facts.E5Encoder.v1.
    RETURNS (Model[list[Doc], list[Floats2d]]): one row a token, zeros for white space.
    """
    if len(attrs) != len(rows):
        raise ValueError(f"attrs and rows differ in length: {len(attrs)} and {len(rows)}")
    embed = concatenate(
        *[HashEmbed(width, n, column=i, seed=8 + i, dropout=0.0) for i, n in enumerate(rows)]
    )
    if include_static_vectors and contextual:
        raise ValueError("A token has one vector: set include_static_vectors = false")
    vectors = [Linear(width)] if include_static_vectors or contextual else []
    mix = Maxout(width, width * (len(rows) + len(vectors)), nP=3, dropout=0.0, normalize=True)
    ids = [intify_attr(attr) for attr in attrs]
    if None in ids:
        raise ValueError(f"{attrs[ids.index(None)]} is no attribute of a token: see spacy.attrs")
    model: Model[list[Doc], list[Floats2d]] = Model(
        "paragraphs",
        # An attribute would come back with the weights that training starts from.
        partial(forward, word_dropout),
        init=init,
        layers=[embed, mix, encode, *vectors, *([contextual] if contextual else [])],
        dims={"nO": width},
        refs={"project": vectors[0] if vectors else None, "contextual": contextual},
        attrs={"attrs": ids},
    )
    use_numpy_gemm(model)
    return model


def use_numpy_gemm(model: Model) -> None:
    """Let a model on the CPU multiply matrices by numpy's BLAS, 2 to 4 times as fast as blis.

    A copy that `nlp.replace_listeners` makes does so once it has been saved and loaded.

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
    vectors (Floats2d): of its tokens, shape (tokens, width of the vectors), 0 wide without.
    """

    doc: int
    rows: Ints1d
    table: numpy.ndarray
    vectors: Floats2d


def find_pieces(index: int, doc: Doc, attrs: list[int | str], vectors: Floats2d) -> list[Piece]:
    """Cut a document's visible tokens into paragraphs, and describe each token.

    index (int): the document's place in the batch.
    doc (Doc): a document from the report tokeniser.
    attrs (list[int | str]): the token attributes to take.
    vectors (Floats2d): those of its tokens, white space included.
    RETURNS (list[Piece]): the paragraphs, long ones in parts.
    """
    rows, lengths = visible_rows(doc)
    if not rows.size:
        return []
    table = doc.to_array(attrs).reshape(len(doc), len(attrs))[rows]
    edges = pairwise(accumulate(lengths, initial=0))
    cuts = [start for a, b in edges for start in range(a, b, LONGEST)][1:]
    parts = zip(*(numpy.split(whole, cuts) for whole in (rows, table, vectors[rows])))
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
    """Group pieces in their order; a group is full once it has `PORTION` rows."""
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
    word_dropout: float, model: Model[list[Doc], list[Floats2d]], docs: list[Doc], is_train: bool
) -> tuple[list[Floats2d], Callable[[list[Floats2d]], list[Doc]]]:
    ops = model.ops
    attrs, contextual = model.attrs["attrs"], model.maybe_get_ref("contextual")
    backprop_contextual: Callable[[list[Floats2d]], Any] | None = None
    vectors: Iterable[Floats2d]
    if contextual:
        vectors, backprop_contextual = contextual(docs, is_train)
    elif model.maybe_get_ref("project"):
        # Those of a long text are large: one document's at a time.
        vectors = map(find_vectors, docs)
    else:
        vectors = (ops.alloc2f(len(doc), 0) for doc in docs)
    pieces = [
        piece
        for i, (doc, rows) in enumerate(zip(docs, vectors))
        for piece in find_pieces(i, doc, attrs, rows)
    ]
    if is_train:
        for piece in pieces:
            hide_words(piece.table, attrs, word_dropout)
    outputs = [ops.alloc2f(len(doc), model.get_dim("nO")) for doc in docs]
    backprop_group: Callable[[list[Floats2d]], Any] = list
    # The layers cannot do with nothing, and a document may be white space alone.
    for group in [pieces] if is_train and pieces else portions(pieces):
        encoded, backprop_group = encode_pieces(model, group, is_train)
        for piece, output in zip(group, encoded):
            outputs[piece.doc][piece.rows] = output

    def backprop(d_outputs: list[Floats2d]) -> list[Doc]:
        d_pieces = backprop_group([d_outputs[piece.doc][piece.rows] for piece in pieces])
        if backprop_contextual:
            d_vectors = [ops.alloc2f(*rows.shape) for rows in vectors]
            for piece, d_piece in zip(pieces, d_pieces):
                d_vectors[piece.doc][piece.rows] = d_piece
            backprop_contextual(d_vectors)
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
    embed, mix, encode, *_ = model.layers
    project = model.maybe_get_ref("project")
    ops = model.ops
    table = ops.asarray(numpy.concatenate([piece.table for piece in pieces]))
    X, backprop_embed = embed(table, is_train)
    parts, ways = [X], [backprop_embed]
    if project:
        vectors = ops.asarray2f(numpy.concatenate([piece.vectors for piece in pieces]))
        P, backprop_project = project(vectors, is_train)
        parts.append(P)
        ways.append(backprop_project)
    mixed, backprop_mix = mix(ops.xp.hstack(parts), is_train)
    cuts = numpy.cumsum([len(piece.rows) for piece in pieces])[:-1].tolist()
    encoded, backprop_encode = encode(ops.xp.split(mixed, cuts), is_train)

    def backprop(d_encoded: list[Floats2d]) -> list[Floats2d]:
        d_mixed = backprop_mix(ops.xp.concatenate(backprop_encode(d_encoded)))
        d_parts = ops.xp.split(d_mixed, [X.shape[1]], axis=1)
        *_, d_vectors = [way(ops.as_contig(d_part)) for way, d_part in zip(ways, d_parts)]
        return ops.xp.split(d_vectors, cuts) if project else []

    return encoded, backprop


def init(
    model: Model[list[Doc], list[Floats2d]],
    X: list[Doc] | None = None,
    Y: list[Floats2d] | None = None,
) -> Model[list[Doc], list[Floats2d]]:
    embed, mix, encode, *_ = model.layers
    project, contextual = model.maybe_get_ref("project"), model.maybe_get_ref("contextual")
    if project and contextual:
        contextual.initialize(X=X)
        project.set_dim("nI", contextual.get_dim("nO"))
    elif project:
        vectors = X[0].vocab.vectors if X else None
        if vectors is not None and vectors.mode != "default":
            raise ValueError("Floret vectors have no row for a word: name another table")
        width = vectors.shape[1] if vectors is not None else 0
        if not width:
            raise ValueError(
                "The vocabulary has no vectors: name a table in initialize.vectors, "
                "or set include_static_vectors = false"
            )
        project.set_dim("nI", width)
    for layer in filter(None, (embed, mix, project)):
        layer.initialize()
    encode.initialize(X=[model.ops.alloc2f(1, model.get_dim("nO"))])
    return model
