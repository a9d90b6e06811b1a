"""Encoder that reads each paragraph as if it held no white space.

A hard wrap in the middle of a name, a stray space inside a number or a blank line at a column's end
must not change what is found. Rows of white space are therefore taken out before the embedding and
put back, as zeros, behind the encoder; a window never reaches across a paragraph's end.
"""

from collections.abc import Callable, Iterator
from itertools import accumulate, pairwise
from typing import Any

import numpy
from spacy.attrs import IS_SPACE, LEMMA, NORM, intify_attr
from spacy.tokens import Doc
from thinc.api import HashEmbed, Maxout, Model, NumpyOps, chain, concatenate, with_array
from thinc.types import Floats2d, Ints1d

BREAK = "\n"
# Rows that are encoded at once, which bounds the memory a long text needs. A longer paragraph is
# cut; its rows at the cut lose sight of each other.
PORTION = 10_000


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


def features(doc: Doc, attrs: list[int | str], bigrams: bool) -> tuple[list[numpy.ndarray], Ints1d]:
    """The attributes of a document's visible tokens.

    RETURNS (tuple[list[numpy.ndarray], Ints1d]): an array (tokens, attributes) for each paragraph,
        and the indices of the visible tokens.
    """
    rows, lengths = visible_rows(doc)
    table = doc.to_array(attrs).reshape(len(doc), len(attrs))[rows]
    edges = pairwise(accumulate(lengths, initial=0))
    starts = [start for a, b in edges for start in range(a, b, PORTION)]
    paragraphs = numpy.split(table, starts[1:]) if rows.size else []
    if bigrams:
        paragraphs = [with_bigrams(paragraph) for paragraph in paragraphs]
    return paragraphs, rows


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


def portions(paragraphs: list[Any]) -> Iterator[list[Any]]:
    """Group paragraphs so that a group has at most twice `PORTION` rows."""
    group: list[Any] = []
    size = 0
    for paragraph in paragraphs:
        group.append(paragraph)
        size += len(paragraph)
        if size >= PORTION:
            yield group
            group, size = [], 0
    if group:
        yield group


def forward(
    model: Model[list[Doc], list[Floats2d]], docs: list[Doc], is_train: bool
) -> tuple[list[Floats2d], Callable[[list[Floats2d]], list[Doc]]]:
    inner = model.layers[0]
    width = model.get_dim("nO")
    parts = [features(doc, model.attrs["attrs"], model.attrs["bigrams"]) for doc in docs]
    if is_train:
        for paragraph in (p for ps, _ in parts for p in ps):
            hide_words(paragraph, model.attrs["words"], model.attrs["word_dropout"])
    paragraphs = [model.ops.asarray(p) for ps, _ in parts for p in ps]
    # The layers cannot do with nothing, and a document may be white space alone.
    encoded: list[Floats2d] = []
    backprop_inner: Callable[[list[Floats2d]], Any] = list
    if is_train and paragraphs:
        encoded, backprop_inner = inner.begin_update(paragraphs)
    else:
        for portion in portions(paragraphs):
            encoded += inner.predict(portion)
    outputs, at = [], 0
    for doc, (own, rows) in zip(docs, parts):
        output = model.ops.alloc2f(len(doc), width)
        if own:
            output[rows] = model.ops.xp.concatenate(encoded[at : at + len(own)])
        at += len(own)
        outputs.append(output)

    def backprop(d_outputs: list[Floats2d]) -> list[Doc]:
        gradients: list[Floats2d] = []
        for d_output, (own, rows) in zip(d_outputs, parts):
            if own:
                cuts = numpy.cumsum([len(p) for p in own])[:-1]
                gradients.extend(model.ops.xp.split(d_output[rows], cuts.tolist()))
        backprop_inner(gradients)
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
        sample = [model.ops.asarray(p) for doc in X for p in features(doc, attrs, bigrams)[0]]
    model.layers[0].initialize(X=sample or None)
    return model
