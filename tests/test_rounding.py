"""Rounding of weights that are saved."""

import copy
import zlib

import numpy
import pytest
import spacy
from spacy.language import Language
from thinc.api import Model, to_numpy

from tests.tiny import TEXT, found
from zh_report_facts import PIPELINE
from zh_report_facts.rounding import round_weights


def weights(nlp: Language) -> dict[tuple[str, int, str], numpy.ndarray]:
    return {
        (component, number, name): to_numpy(layer.get_param(name))
        for component, pipe in nlp.components
        if isinstance(getattr(pipe, "model", None), Model)
        for number, layer in enumerate(pipe.model.walk())
        for name in layer.param_names
        if layer.has_param(name)
    }


def are_halves(nlp: Language) -> bool:
    return all((w == w.astype("float16")).all() for w in weights(nlp).values())


@pytest.fixture
def copied(trained, tmp_path) -> Language:
    trained.to_disk(tmp_path / "trained")
    return spacy.load(tmp_path / "trained")


def test_weights_become_those_of_half_precision(copied):
    before = copy.deepcopy(weights(copied))
    assert not are_halves(copied)
    assert round_weights(copied) is copied
    assert are_halves(copied)
    for key, after in weights(copied).items():
        numpy.testing.assert_allclose(after, before[key], rtol=1e-3, atol=1e-7)
        assert after.dtype == "float32"


def test_the_same_is_found_and_takes_less_room(copied):
    packed = len(zlib.compress(b"".join(w.tobytes() for w in weights(copied).values())))
    wanted = found(copied(TEXT))
    round_weights(copied)
    assert found(copied(TEXT)) == wanted
    assert (
        len(zlib.compress(b"".join(w.tobytes() for w in weights(copied).values()))) < 0.7 * packed
    )


def test_averages_are_saved_and_training_keeps_its_weights(copied):
    before = copy.deepcopy(weights(copied))
    layers = [
        layer
        for _, pipe in copied.components
        if hasattr(pipe, "model")
        for layer in pipe.model.walk()
    ]
    averages = {
        (layer.id, name): layer.get_param(name) / 3
        for layer in layers
        for name in layer.param_names
        if layer.has_param(name)
    }
    with copied.use_params(averages):
        round_weights(copied)
        assert are_halves(copied)
    for key, after in weights(copied).items():
        assert (after == before[key]).all()


def test_a_weight_that_is_too_large(copied):
    layer = next(node for node in copied.get_pipe("tok2vec").model.walk() if node.has_param("W"))
    layer.set_param("W", layer.get_param("W") + 1e6)
    with pytest.raises(ValueError, match="too large for half precision"):
        round_weights(copied)


@pytest.mark.skipif(not PIPELINE.exists(), reason="no packaged pipeline")
def test_the_packaged_pipeline_is_rounded():
    assert are_halves(spacy.load("zh_report_facts"))
