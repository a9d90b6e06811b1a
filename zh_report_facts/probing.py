"""Train first what stands above an encoder: callback `zh_report_facts.TrainAbove.v1`.

What stands above an encoder that was taught begins at random, and its first gradients would undo
some of what the encoder knows. Source: Kumar et al. (2022), "Fine-Tuning can Distort Pretrained
Features and Underperform Out-of-Distribution".
"""

from collections.abc import Callable
from typing import Any

from spacy.language import Language
from spacy.schemas import ConfigSchemaTraining
from spacy.training.loop import create_train_batches
from spacy.util import registry, resolve_dot_names
from tqdm import tqdm

BeforeUpdate = Callable[[Language, dict[str, Any]], None]


def make_training_above(component: str, steps: int) -> BeforeUpdate:
    """Make the callback for `[training.before_update]` of a config.

    component (str): name of the component that stays as it is.
    steps (int): number of batches.
    RETURNS (BeforeUpdate): calls `train_above` before the first update.
    """

    def before_update(nlp: Language, args: dict[str, Any]) -> None:
        if args["step"] == 0:
            train_above(nlp, component, steps)

    return before_update


def train_above(nlp: Language, component: str, steps: int) -> None:
    """Train all components but one, as the pipeline's `[training]` says.

    nlp (Language): the pipeline, just initialised; changed in place.
    component (str): name of the component that stays as it is. It must be one of the annotating
        components, for those above read what it sets.
    steps (int): number of batches; `training.max_steps` is as many here, so that a learn rate that
        falls to the end of training falls within these.
    RAISES (ValueError): if the component does not annotate in training.
    """
    config = nlp.config.copy()
    config["training"]["max_steps"] = steps
    config = config.interpolate()
    training = registry.resolve(config["training"], schema=ConfigSchemaTraining)
    annotating = training["annotating_components"]
    if component not in annotating:
        raise ValueError(
            f"training.annotating_components are {annotating}: name {component} there, or set "
            "training.before_update to null"
        )
    (corpus,) = resolve_dot_names(config, [training["train_corpus"]])
    batches = create_train_batches(nlp, corpus, training["batcher"], training["max_epochs"])
    optimizer, dropout = training["optimizer"], training["dropout"]
    kept = [component, *training["frozen_components"]]
    for _, (_, batch) in zip(tqdm(range(steps), disable=None, desc=f"above {component}"), batches):
        nlp.update(batch, drop=dropout, sgd=optimizer, exclude=kept, annotates=annotating)
        optimizer.step_schedules()
