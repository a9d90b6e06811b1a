"""The pipeline that an encoder is to see like, and what counts of its vectors."""

from pathlib import Path
from typing import Any

import numpy
from spacy.tokens import Doc
from thinc.api import to_numpy

from ..encoder import visible_rows
from ..scoring.evaluation import load_pipeline


class Teacher:
    """Gives the tokens of texts their vectors.

    path (Path): a trained pipeline with the components tok2vec and report_ner.
    RAISES (InputError): if it cannot be loaded.
    """

    def __init__(self, path: Path) -> None:
        self.nlp = load_pipeline(str(path))
        tok2vec: Any = self.nlp.get_pipe("tok2vec")
        recognizer: Any = self.nlp.get_pipe("report_ner")
        self.encoder = tok2vec.model
        self.seen = to_numpy(recognizer.model.get_ref("output").get_param("W"))

    def vectors(self, docs: list[Doc]) -> numpy.ndarray:
        """Read texts.

        docs (list[Doc]): of any pipeline with the same tokenizer.
        RETURNS (numpy.ndarray): the vectors of the visible tokens of all, shape (tokens, width).
        """
        read = [self.nlp.make_doc(doc.text) for doc in docs]
        vectors = self.encoder.predict(read)
        return numpy.concatenate(
            [to_numpy(rows)[visible_rows(doc)[0]] for doc, rows in zip(read, vectors)]
        )

    def weigh(self, vectors: numpy.ndarray, tags: float) -> numpy.ndarray:
        """Weigh the directions of the vectors, so that a token counts 1 whose vector is the mean.

        vectors (numpy.ndarray): of many tokens, shape (tokens, width).
        tags (float): share, 0 to 1, of what the teacher's recogniser sees of them.
        RETURNS (numpy.ndarray): the metric of squared distances, shape (width, width).
        """
        whole = numpy.eye(vectors.shape[1]) / vectors.var(axis=0).sum()
        seen = self.seen.T @ self.seen / (vectors @ self.seen.T).var(axis=0).sum()
        return ((1 - tags) * whole + tags * seen).astype("f")
