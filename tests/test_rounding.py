"""Rounding of weights that are saved."""

import copy
import zlib
from collections.abc import Iterator

import numpy
import pytest
import spacy
from spacy.language import Language
from thinc.api import Model, to_numpy

from tests.tiny import TEXT, found
from zh_report_facts import PIPELINE
from zh_report_facts.rounding import round_weights


def parameters(nlp: Language) -> Iterator[tuple[Model, str]]:
    for _, pipe in nlp.components:
        if isinstance(getattr(pipe, "model", None), Model):
            for layer in pipe.model.walk():
                yield from ((layer, name) for name in layer.param_names if layer.has_param(name))


def weights(nlp: Language) -> list[numpy.ndarray]:
    return [to_numpy(layer.get_param(name)) for layer, name in parameters(nlp)]


def packed(nlp: Language) -> int:
    return len(zlib.compress(b"".join(w.tobytes() for w in weights(nlp))))


def are_halves(nlp: Language) -> bool:
    return all((w == w.astype("float16")).all() for w in weights(nlp))


@pytest.fixture
def copied(trained, tmp_path) -> Language:
    trained.to_disk(tmp_path / "trained")
    return spacy.load(tmp_path / "trained")


def test_weights_become_those_of_half_precision(copied):
    before = copy.deepcopy(weights(copied))
    assert not are_halves(copied)
    assert round_weights(copied) is copied
    assert are_halves(copied)
    for old, after in zip(before, weights(copied), strict=True):
        numpy.testing.assert_allclose(after, old, rtol=1e-3, atol=1e-7)
        assert after.dtype == "float32"


def test_the_same_is_found_and_takes_less_room(copied):
    room, wanted = packed(copied), found(copied(TEXT))
    round_weights(copied)
    assert found(copied(TEXT)) == wanted
    assert packed(copied) < 0.7 * room


def test_averages_are_saved_and_training_keeps_its_weights(copied):
    before = copy.deepcopy(weights(copied))
    averages = {(layer.id, name): layer.get_param(name) / 3 for layer, name in parameters(copied)}
    with copied.use_params(averages):
        round_weights(copied)
        assert are_halves(copied)
    for old, after in zip(before, weights(copied), strict=True):
        assert (after == old).all()


def test_a_weight_that_is_too_large(copied):
    layer, name = next(parameters(copied))
    layer.set_param(name, layer.get_param(name) + 1e6)
    with pytest.raises(ValueError, match="too large for half precision"):
        round_weights(copied)


@pytest.mark.skipif(not PIPELINE.exists(), reason="no packaged pipeline")
def test_the_packaged_pipeline_is_rounded():
    assert are_halves(spacy.load("zh_report_facts"))
