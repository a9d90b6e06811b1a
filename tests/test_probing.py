"""Training what stands above an encoder first."""

import numpy
import pytest
from spacy.language import Language
from spacy.training.loop import train
from thinc.api import to_numpy

from tests.tiny import REPORTS, make_examples
from zh_report_facts.probing import make_training_above, train_above

ABOVE = {"@callbacks": "zh_report_facts.TrainAbove.v1", "component": "tok2vec", "steps": 12}


@pytest.fixture
def ready(initialized, tmp_path) -> Language:
    """The tiny pipeline, initialised, with a corpus and `[training]` of its own."""
    for i, report in enumerate(REPORTS):
        (tmp_path / f"r-{i}.ann").write_text(f"# 自拟\n{report}", encoding="utf-8")
    reader = {"@readers": "zh_report_facts.AnnotatedReports.v1", "path": str(tmp_path)}
    initialized.config["corpora"] = {"train": reader, "dev": reader}
    initialized.config["training"] |= {
        "annotating_components": ["tok2vec", "report_ner"],
        "max_steps": 2,
        "eval_frequency": 1,
        "before_update": ABOVE,
    }
    initialized.config["training"]["optimizer"]["learn_rate"] = 0.02
    return initialized


def weights(nlp: Language, component: str) -> list[numpy.ndarray]:
    layers = nlp.get_pipe(component).model.walk()
    return [
        to_numpy(layer.get_param(name)).copy()
        for layer in layers
        for name in layer.param_names
        if layer.has_param(name)
    ]


def same(first: list[numpy.ndarray], second: list[numpy.ndarray]) -> bool:
    return all((a == b).all() for a, b in zip(first, second, strict=True))


def test_what_stands_above_learns_and_the_encoder_stays(ready):
    before = {name: weights(ready, name) for name in ("tok2vec", "report_ner", "fact_linker")}
    assert ready.evaluate(make_examples(ready))["ents_f"] == 0.0
    train_above(ready, "tok2vec", 12)
    assert same(weights(ready, "tok2vec"), before["tok2vec"])
    assert not same(weights(ready, "report_ner"), before["report_ner"])
    assert not same(weights(ready, "fact_linker"), before["fact_linker"])
    assert ready.evaluate(make_examples(ready))["ents_f"] > 0.2


def test_training_does_it_once_and_then_trains_all(ready, monkeypatch):
    before, seen = weights(ready, "tok2vec"), []
    update = ready.update

    def watch(*args, **kwargs):
        seen.append(kwargs["exclude"])
        return update(*args, **kwargs)

    monkeypatch.setattr(ready, "update", watch)
    train(ready)
    # spaCy counts from 0 and stops behind `max_steps`.
    assert seen == [["tok2vec"]] * 12 + [[]] * 3
    assert not same(weights(ready, "tok2vec"), before)


def test_the_learn_rate_falls_within_its_steps(ready, monkeypatch):
    ready.config["training"]["optimizer"]["learn_rate"] = {
        "@schedules": "warmup_linear.v1",
        "initial_rate": 0.01,
        "warmup_steps": 1,
        "total_steps": "${training.max_steps}",
    }
    rates = []
    monkeypatch.setattr(
        ready, "update", lambda *args, sgd, **kwargs: rates.append(float(sgd.learn_rate))
    )
    make_training_above("tok2vec", 5)(ready, {"step": 0, "epoch": 0})
    assert rates == pytest.approx([0.0, 0.01, 0.0075, 0.005, 0.0025])
    make_training_above("tok2vec", 5)(ready, {"step": 1, "epoch": 0})
    assert len(rates) == 5


def test_other_frozen_components_stay_too(ready):
    ready.config["training"]["frozen_components"] = ["fact_linker"]
    before = weights(ready, "fact_linker")
    train_above(ready, "tok2vec", 2)
    assert same(weights(ready, "fact_linker"), before)


def test_a_component_that_sets_nothing_for_those_above(ready):
    with pytest.raises(ValueError, match="name fact_linker there, or set training.before_update"):
        train_above(ready, "fact_linker", 1)
