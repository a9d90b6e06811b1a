"""Architecture of the recogniser: emissions of a token encoder, and learned tag transitions."""

from collections.abc import Callable

import numpy
from spacy.tokens import Doc
from thinc.api import Linear, Model, chain, with_array, zero_init
from thinc.types import Floats2d

from .crf import FORBIDDEN

Scores = tuple[list[Floats2d], Floats2d]


def allowed_transitions(n_labels: int) -> numpy.ndarray:
    """Which steps between the tags O and, for each label, B I L U can be taken.

    n_labels (int): number of labels.
    RETURNS (numpy.ndarray): booleans of shape (tags + 2, tags); the last rows are for the first
        and the last tag of a sequence.
    """
    kind = numpy.array([-1, *([0, 1, 2, 3] * n_labels)])
    label = numpy.array([-1, *numpy.repeat(numpy.arange(n_labels), 4)])
    opens, closes = numpy.isin(kind, [-1, 0, 3]), numpy.isin(kind, [-1, 2, 3])
    allowed = closes[:, None] & opens[None, :]
    inside = numpy.isin(kind, [0, 1])[:, None] & numpy.isin(kind, [1, 2])[None, :]
    allowed |= inside & (label[:, None] == label[None, :])
    return numpy.vstack([allowed, opens, closes])


def build_crf_recognizer(
    tok2vec: Model[list[Doc], list[Floats2d]],
) -> Model[list[Doc], Scores]:
    """Score the tags of each token and the steps between them.

    tok2vec (Model[list[Doc], list[Floats2d]]): gives each token a vector.
    RETURNS (Model[list[Doc], Scores]): for each document an array (tokens, tags), and the
        transitions (tags + 2, tags). The number of tags is set on the reference "output".
    """
    width = tok2vec.get_dim("nO") if tok2vec.has_dim("nO") else None
    output = Linear(None, width, init_W=zero_init)
    model = chain(tok2vec, with_array(output), tag_transitions())
    model.set_ref("tok2vec", tok2vec)
    model.set_ref("output", output)
    model.set_ref("transitions", model.layers[-1])
    return model


def tag_transitions() -> Model[list[Floats2d], Scores]:
    """Lay learned transition scores beside the emissions; impossible steps are ruled out."""
    return Model("transitions", forward, init=init, params={"T": None}, dims={"nO": None})


def forward(
    model: Model[list[Floats2d], Scores], emissions: list[Floats2d], is_train: bool
) -> tuple[Scores, Callable[[Scores], list[Floats2d]]]:
    transitions = model.get_param("T")
    allowed = model.ops.asarray(allowed_transitions((transitions.shape[1] - 1) // 4))

    def backprop(gradients: Scores) -> list[Floats2d]:
        d_emissions, d_transitions = gradients
        model.inc_grad("T", d_transitions * allowed)
        return d_emissions

    scores = model.ops.xp.where(allowed, transitions, FORBIDDEN).astype("f")
    return (emissions, scores), backprop


def init(
    model: Model[list[Floats2d], Scores],
    X: list[Floats2d] | None = None,
    Y: Scores | None = None,
) -> Model[list[Floats2d], Scores]:
    tags = model.get_dim("nO")
    model.set_param("T", model.ops.alloc2f(tags + 2, tags))
    return model
