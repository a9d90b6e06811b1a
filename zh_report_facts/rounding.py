"""Weights of half precision: `before_to_disk` callback `zh_report_facts.RoundWeights.v1`.

Weights whose last 13 of 23 binary places are zero pack into three fifths of the room: what is left
is what IEEE 754's binary16 holds. In memory they stay 32 bits wide, which processors reckon with.
"""

from collections.abc import Callable

import numpy
from spacy.language import Language
from thinc.api import Model
from thinc.types import FloatsXd


def make_weight_rounding() -> Callable[[Language], Language]:
    """Make the callback for `[training.before_to_disk]` of a config.

    RETURNS (Callable[[Language], Language]): `round_weights`.
    """
    return round_weights


def round_weights(nlp: Language) -> Language:
    """Round the weights of every component.

    nlp (Language): the pipeline, changed in place. Where training keeps averages, spaCy puts these
        into the pipeline while it saves them and takes them out again.
    RETURNS (Language): the same.
    RAISES (ValueError): if a weight is too large for half precision.
    """
    for _, component in nlp.components:
        model = getattr(component, "model", None)
        if isinstance(model, Model):
            for layer in model.walk():
                for name in layer.param_names:
                    if layer.has_param(name):
                        layer.set_param(name, _round(layer.get_param(name)))
    return nlp


def _round(weights: FloatsXd) -> FloatsXd:
    if abs(weights).max() > numpy.finfo("float16").max:
        raise ValueError("A weight is too large for half precision; train at a lower rate")
    return weights.astype("float16").astype(weights.dtype)
