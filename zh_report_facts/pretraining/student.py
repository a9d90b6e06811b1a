"""A copy in PyTorch of the encoder that is taught, for the time of its training."""

from typing import NamedTuple

import numpy
import torch
from spacy.tokens import Doc
from thinc.api import Model, to_numpy
from torch import Tensor, nn
from torch.nn import functional

from ..encoder import find_pieces, find_vectors, hide_words
from .layer import MaxoutLayer


class Tokens(NamedTuple):
    """The visible tokens of some documents, as the student sees them.

    ids (Tensor): rows of the embedding tables, shape (tokens, attributes, hashes).
    vectors (Tensor): static vectors, shape (tokens, their width).
    before (Tensor): how many tokens of the paragraph stand before each token.
    behind (Tensor): how many stand behind it.
    """

    ids: Tensor
    vectors: Tensor
    before: Tensor
    behind: Tensor


class Student(nn.Module):
    """Learns what a `ParagraphEncoder` of dilated convolutions is to know.

    encoder (Model): initialised, with static vectors.
    precision (torch.dtype): of the matrices.
    RAISES (ValueError): if it is no such encoder.
    """

    def __init__(self, encoder: Model, precision: torch.dtype = torch.bfloat16) -> None:
        super().__init__()
        embed, mix, encode, *_ = encoder.layers
        project = encoder.maybe_get_ref("project")
        if encode.name != "dilated" or project is None:
            raise ValueError(
                "Only a ParagraphEncoder.v1 with DilatedEncoder.v1 inside and "
                "include_static_vectors = true can be taught"
            )
        self.encoder, self.project, self.precision = encoder, project, precision
        self.tables = [layer for layer in embed.walk() if layer.name == "hashembed"]
        self.maxouts = [layer for layer in (*mix.walk(), *encode.walk()) if layer.name == "maxout"]
        self.norms = [layer for layer in (*mix.walk(), *encode.walk()) if layer.name == "layernorm"]
        self.dilations = [0, *encode.attrs["dilations"]]
        self.E = _parameters(layer.get_param("E") for layer in self.tables)
        # Pieces lie one behind the other here, and beside each other in thinc.
        self.W = _parameters(
            layer.get_param("W").transpose(1, 0, 2).reshape(-1, layer.get_dim("nI"))
            for layer in self.maxouts
        )
        self.b = _parameters(layer.get_param("b").T.reshape(-1) for layer in self.maxouts)
        self.scales = _parameters(layer.get_param("G") for layer in self.norms)
        self.shifts = _parameters(layer.get_param("b") for layer in self.norms)
        self.P = _parameters([project.get_param("W"), project.get_param("b")])

    def read(self, docs: list[Doc], word_dropout: float = 0.0) -> Tokens:
        """Look up what the student sees of documents.

        docs (list[Doc]): documents from the report tokeniser.
        word_dropout (float): share of the words that are hidden, as in `ParagraphEncoder.v1`.
        RETURNS (Tokens): their visible tokens.
        """
        attrs = self.encoder.attrs["attrs"]
        pieces = [
            piece
            for index, doc in enumerate(docs)
            for piece in find_pieces(index, doc, attrs, find_vectors(doc))
        ]
        table = numpy.concatenate([piece.table for piece in pieces])
        hide_words(table, attrs, word_dropout)
        ids = [
            layer.ops.hash(numpy.ascontiguousarray(column), layer.attrs["seed"])
            % layer.get_dim("nV")
            for layer, column in zip(self.tables, table.T)
        ]
        places = [numpy.arange(len(piece.rows)) for piece in pieces]
        return Tokens(
            torch.from_numpy(numpy.stack(ids, axis=1).astype("int64")),
            torch.from_numpy(numpy.concatenate([to_numpy(piece.vectors) for piece in pieces])),
            torch.from_numpy(numpy.concatenate(places)),
            torch.from_numpy(numpy.concatenate([place[::-1] for place in places])),
        )

    def forward(self, tokens: Tokens) -> Tensor:
        """Encode tokens.

        tokens (Tokens): as `read` gives them.
        RETURNS (Tensor): shape (tokens, width).
        """
        parts = [
            functional.embedding_bag(tokens.ids[:, i], E, mode="sum") for i, E in enumerate(self.E)
        ]
        X = torch.cat([*parts, functional.linear(tokens.vectors, *self.P)], dim=1)
        limits = {
            dilation: (
                torch.nonzero(tokens.before < dilation)[:, 0],
                torch.nonzero(tokens.behind < dilation)[:, 0],
            )
            for dilation in set(self.dilations)
        }
        layers = zip(self.W, self.b, self.scales, self.shifts, self.dilations)
        for *parameters, dilation in layers:
            Y = MaxoutLayer.apply(X, *parameters, dilation, limits[dilation], self.precision)
            X = X + Y if dilation else Y
        return X

    def write_back(self) -> None:
        """Set the encoder's parameters to what was learnt."""
        for layer, E in zip(self.tables, self.E):
            layer.set_param("E", _array(E))
        for layer, W, b in zip(self.maxouts, self.W, self.b):
            nO, nP, nI = (layer.get_dim(name) for name in ("nO", "nP", "nI"))
            layer.set_param("W", _array(W).reshape(nP, nO, nI).transpose(1, 0, 2).copy())
            layer.set_param("b", _array(b).reshape(nP, nO).T.copy())
        for layer, scale, shift in zip(self.norms, self.scales, self.shifts):
            layer.set_param("G", _array(scale))
            layer.set_param("b", _array(shift))
        for name, parameter in zip("Wb", self.P):
            self.project.set_param(name, _array(parameter))


def _parameters(arrays) -> nn.ParameterList:  # type: ignore[no-untyped-def]
    return nn.ParameterList(nn.Parameter(torch.tensor(to_numpy(array))) for array in arrays)


def _array(parameter: Tensor) -> numpy.ndarray:
    return parameter.detach().numpy().copy()
