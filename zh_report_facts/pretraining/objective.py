"""Objective of `spacy pretrain`: give tokens the vectors that a better, slower encoder gives them.

Source: Hinton et al. (2015), "Distilling the Knowledge in a Neural Network"; Romero et al. (2015),
"FitNets: Hints for Thin Deep Nets".
"""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy
from spacy.tokens import Doc
from spacy.vocab import Vocab
from thinc.api import Model, Ops, chain, noop, to_numpy
from thinc.types import Floats2d

from ..scoring.evaluation import load_pipeline

Vectors = list[Floats2d]


def create_teacher_objective(
    teacher: Path, tags: float = 0.3
) -> Callable[[Vocab, Model], Model[list[Doc], Vectors]]:
    """Make the objective for `[pretraining.objective]` of a config.

    teacher (Path): a trained pipeline with the components tok2vec and report_ner, whose token
        vectors are as wide as those that are trained.
    tags (float): share of the loss, 0 to 1, that counts only what the teacher's recogniser sees of
        the vectors.
    RETURNS (Callable[[Vocab, Model], Model]): takes the vocabulary and the encoder to be trained.
    """

    def create(vocab: Vocab, tok2vec: Model) -> Model[list[Doc], Vectors]:
        model: Model[list[Doc], Vectors] = chain(tok2vec, noop())
        model.set_ref("tok2vec", tok2vec)
        model.attrs["loss"] = TeacherLoss(teacher, tags)
        return model

    return create


class TeacherLoss:
    """Squared distance from the teacher's vectors, each side of it set against its variance.

    The variance is that of the first batch with tokens.

    The teacher reads each text once; its vectors are kept, in half precision.

    teacher (Path): a trained pipeline.
    tags (float): share of what the teacher's recogniser sees.
    """

    def __init__(self, teacher: Path, tags: float) -> None:
        self.nlp = load_pipeline(str(teacher))
        self.tags = tags
        self.known: dict[str, numpy.ndarray] = {}
        self.metric: numpy.ndarray | None = None

    def __call__(self, ops: Ops, docs: list[Doc], predictions: Vectors) -> tuple[float, Vectors]:
        """Compare vectors with the teacher's.

        ops (Ops): of the encoder that is trained.
        docs (list[Doc]): the batch.
        predictions (list[Floats2d]): the vectors of its tokens.
        RETURNS (tuple[float, list[Floats2d]]): the loss and its gradient.
        RAISES (ValueError): if the teacher has another number of tokens or another width.
        """
        wanted = [ops.asarray2f(rows.astype("f")) for rows in self.targets(docs)]
        shapes = [rows.shape for rows in predictions], [rows.shape for rows in wanted]
        if shapes[0] != shapes[1]:
            raise ValueError(
                "The teacher's token vectors differ in shape from those that are trained; "
                "give both the same tokenizer and width"
            )
        if not sum(map(len, docs)):
            return 0.0, predictions
        if self.metric is None:
            self.metric = self.measure(numpy.concatenate(self.targets(docs)).astype("f"))
        metric = ops.asarray2f(self.metric)
        size = max(1, sum(map(len, docs)))
        loss, gradient = 0.0, []
        for found, right in zip(predictions, wanted):
            difference = found - right
            step = difference @ metric / size
            loss += float((difference * step).sum())
            gradient.append(ops.asarray2f(step))
        return loss, gradient

    def targets(self, docs: list[Doc]) -> list[numpy.ndarray]:
        """The teacher's vectors of each document."""
        new = [doc.text for doc in docs if doc.text not in self.known]
        if new:
            tok2vec: Any = self.nlp.get_pipe("tok2vec")
            vectors = tok2vec.model.predict([self.nlp.make_doc(text) for text in new])
            self.known.update(zip(new, (to_numpy(rows).astype("float16") for rows in vectors)))
        return [self.known[doc.text] for doc in docs]

    def measure(self, rows: numpy.ndarray) -> numpy.ndarray:
        """Weigh the directions of the vectors.

        rows (numpy.ndarray): vectors of many tokens, shape (tokens, width).
        RETURNS (numpy.ndarray): the metric of the loss, shape (width, width).
        """
        recognizer: Any = self.nlp.get_pipe("report_ner")
        W = to_numpy(recognizer.model.get_ref("output").get_param("W"))
        seen = W.T @ W / (rows @ W.T).var(axis=0).sum()
        whole = numpy.eye(rows.shape[1]) / rows.var(axis=0).sum()
        metric = (1 - self.tags) * whole + self.tags * seen
        return (metric * rows.shape[1]).astype("f")
