"""Recogniser of the entities of a report: a trainable pipe over a conditional random field."""

from collections.abc import Callable, Iterable
from typing import Any

import numpy
from spacy.language import Language
from spacy.pipeline import TrainablePipe
from spacy.tokens import Doc, Span
from spacy.training import Example, validate_examples, validate_get_examples
from spacy.vocab import Vocab
from thinc.api import Config, Model

from .. import relations  # noqa: F401  registers span._.score
from ..encoder import DEFAULT_TOK2VEC, visible_rows
from .crf import Steps, forward_backward, sequence_gradient, viterbi
from .model import Scores

DEFAULT_CONFIG = """
[model]
@architectures = "zh_report_facts.CrfRecognizer.v1"
"""

# A sequence longer than this is cut, so that a text without any line end costs no more than others.
LONGEST = 2000
FULL_STOP = "。"


def sequence_lengths(doc: Doc) -> tuple[numpy.ndarray, list[int]]:
    """Cut a document's visible tokens at paragraphs and full stops, and at the latest at LONGEST.

    doc (Doc): a document from the report tokeniser.
    RETURNS (tuple[numpy.ndarray, list[int]]): indices of the visible tokens, and the length of
        each sequence of them.
    """
    rows, paragraphs = visible_rows(doc)
    if not rows.size:
        return rows, []
    ends = doc.to_array("NORM")[rows] == doc.vocab.strings[FULL_STOP]
    ends[numpy.cumsum(paragraphs) - 1] = True
    cuts = numpy.flatnonzero(ends) + 1
    lengths = []
    for length in numpy.diff(cuts, prepend=0).tolist():
        lengths += [LONGEST] * (length // LONGEST) + [length % LONGEST] * (length % LONGEST > 0)
    return rows, lengths


class ReportRecognizer(TrainablePipe):
    """Find flat, labelled spans and the probability of each.

    vocab (Vocab): the pipeline's vocabulary.
    model (Model[list[Doc], Scores]): scores tags and transitions.
    name (str): name of the component instance.
    scorer (Callable | None): scoring method, see `spacy.scorer`.
    """

    def __init__(
        self,
        vocab: Vocab,
        model: Model[list[Doc], Scores],
        name: str = "report_ner",
        *,
        scorer: Callable | None = None,
    ) -> None:
        self.vocab = vocab
        self.model = model
        self.name = name
        self.scorer = scorer
        self.cfg: dict[str, Any] = {"labels": []}

    @property
    def labels(self) -> tuple[str, ...]:
        """The labels of the entities."""
        return tuple(self.cfg["labels"])

    @property
    def label_data(self) -> list[str]:
        """The labels, for `[initialize.components]`."""
        return list(self.labels)

    def add_label(self, label: str) -> int:
        """Add a label; only before the model is initialised.

        label (str): the label.
        RETURNS (int): 1 if it is new, 0 if not.
        """
        if label in self.labels:
            return 0
        if self.model.get_ref("output").has_dim("nO"):
            raise ValueError(f"The model is initialised: the label {label} cannot be added")
        self.cfg["labels"] = sorted([*self.labels, label])
        return 1

    def initialize(
        self,
        get_examples: Callable[[], Iterable[Example]],
        *,
        nlp: Language | None = None,
        labels: list[str] | None = None,
    ) -> None:
        """Read the labels and set the model's shapes.

        get_examples (Callable[[], Iterable[Example]]): gives representative gold data.
        nlp (Language | None): the pipeline.
        labels (list[str] | None): the labels; by default those of the examples.
        """
        validate_get_examples(get_examples, "ReportRecognizer.initialize")
        sample: list[Doc] = []
        found = set(labels or [])
        for example in get_examples():
            if labels is None:
                found.update(ent.label_ for ent in example.reference.ents)
            if len(sample) < 10:
                sample.append(example.x)
        for label in sorted(found):
            self.add_label(label)
        tags = 1 + 4 * len(self.labels)
        self.model.get_ref("output").set_dim("nO", tags)
        self.model.get_ref("transitions").set_dim("nO", tags)
        self.model.initialize(X=sample)

    def predict(self, docs: Iterable[Doc]) -> list[list[tuple[int, int, str, float]]]:
        """Find the entities of a batch.

        The probability of an entity leaves its edges aside: it is the mean over its tokens of the
        probability that an entity of its label covers the token.

        docs (Iterable[Doc]): the documents.
        RETURNS (list[list[tuple[int, int, str, float]]]): for each document its entities: start
            and end token, label, probability.
        """
        docs = list(docs)
        cut = [sequence_lengths(doc) for doc in docs]
        if not any(lengths for _, lengths in cut) or not self.labels:
            return [[] for _ in docs]
        emissions, transitions = self.model.predict(docs)
        ops = self.model.ops
        steps = Steps.of([n for _, lengths in cut for n in lengths])
        flat = numpy.concatenate(
            [ops.to_numpy(scores)[rows] for scores, (rows, _) in zip(emissions, cut)]
        )
        moves = ops.to_numpy(transitions)
        tags = viterbi(flat, moves, steps)
        post = forward_backward(flat, moves, steps)
        belongs = (
            (post.alpha * post.beta)[:, 1:].reshape(len(tags), len(self.labels), 4).sum(axis=2)
        )
        sums = numpy.append(0.0, numpy.cumsum(belongs[numpy.arange(len(tags)), (tags - 1) // 4]))
        entities, at = [], 0
        for rows, _ in cut:
            found = []
            first = at
            for i in range(at, at + len(rows)):
                label, kind = divmod(tags[i] - 1, 4)
                if tags[i] == 0:
                    continue
                if kind in (0, 3):
                    first = i
                if kind in (2, 3):
                    score = min(1.0, float(sums[i + 1] - sums[first]) / (i + 1 - first))
                    found.append((rows[first - at], rows[i - at] + 1, self.labels[label], score))
            entities.append(found)
            at += len(rows)
        return entities

    def set_annotations(
        self, docs: Iterable[Doc], entities: list[list[tuple[int, int, str, float]]]
    ) -> None:
        """Set `doc.ents` and the probability of each, `span._.score`.

        docs (Iterable[Doc]): the documents.
        entities (list[list[tuple[int, int, str, float]]]): as `predict` gives them.
        """
        for doc, found in zip(docs, entities):
            spans = [Span(doc, start, end, label=label) for start, end, label, _ in found]
            doc.set_ents(spans)
            for span, (*_, score) in zip(spans, found):
                span._.score = score

    def get_loss(self, examples: Iterable[Example], scores: Scores) -> tuple[float, Scores]:
        """Negative log-likelihood of the gold tags, for each token of the batch.

        examples (Iterable[Example]): the batch.
        scores (Scores): what the model gave for it.
        RETURNS (tuple[float, Scores]): the loss and its gradient.
        """
        examples = list(examples)
        validate_examples(examples, "ReportRecognizer.get_loss")
        emissions, transitions = scores
        cut = [sequence_lengths(example.predicted) for example in examples]
        steps = Steps.of([n for _, lengths in cut for n in lengths])
        gold = [self.gold_tags(example)[rows] for example, (rows, _) in zip(examples, cut)]
        ops = self.model.ops
        flat = numpy.concatenate(
            [ops.to_numpy(emission)[rows] for emission, (rows, _) in zip(emissions, cut)]
        )
        loss, d_flat, d_transitions = sequence_gradient(
            flat, ops.to_numpy(transitions), numpy.concatenate(gold), steps
        )
        size = max(1, len(flat))
        d_emissions, at = [], 0
        for emission, (rows, _) in zip(emissions, cut):
            d_emission = ops.alloc2f(*emission.shape)
            d_emission[rows] = ops.asarray(d_flat[at : at + len(rows)] / size)
            d_emissions.append(d_emission)
            at += len(rows)
        return loss / size, (d_emissions, ops.asarray2f(d_transitions / size))

    def gold_tags(self, example: Example) -> numpy.ndarray:
        """The gold tag of each token of the predicted document.

        example (Example): a gold document, aligned by its characters.
        RETURNS (numpy.ndarray): tag indices, shape (tokens,); white space inside a span is part
            of it.
        """
        doc = example.predicted
        tags, sequence = numpy.zeros((2, len(doc)), dtype="int64")
        rows, lengths = sequence_lengths(doc)
        sequence[rows] = numpy.repeat(numpy.arange(len(lengths)), lengths)
        for ent in example.reference.ents:
            span = doc.char_span(ent.start_char, ent.end_char)
            if span is None or ent.label_ not in self.labels:
                continue
            # No path holds an entity that is cut, as by a wrap taken for the end of a paragraph.
            if sequence[span.start] != sequence[span.end - 1]:
                continue
            begin = 1 + 4 * self.labels.index(ent.label_)
            if len(span) == 1:
                tags[span.start] = begin + 3
            else:
                tags[span.start : span.end] = begin + 1
                tags[span.start] = begin
                tags[span.end - 1] = begin + 2
        return tags


@Language.factory(
    "report_ner",
    assigns=["doc.ents", "span._.score"],
    default_config={
        "model": Config().from_str(DEFAULT_CONFIG + DEFAULT_TOK2VEC)["model"],
        "scorer": {"@scorers": "spacy.ner_scorer.v1"},
    },
    default_score_weights={"ents_f": 1.0, "ents_p": 0.0, "ents_r": 0.0, "ents_per_type": None},
)
def make_report_ner(
    nlp: Language, name: str, model: Model[list[Doc], Scores], scorer: Callable | None
) -> ReportRecognizer:
    """Construct a recogniser.

    nlp (Language): the pipeline.
    name (str): name of the component instance.
    model (Model[list[Doc], Scores]): scores tags and transitions.
    scorer (Callable | None): scoring method.
    RETURNS (ReportRecognizer): the component.
    """
    return ReportRecognizer(nlp.vocab, model, name, scorer=scorer)
