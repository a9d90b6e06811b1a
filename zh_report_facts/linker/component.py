"""Linker of quantities to their heads, with each quantity's role: a trainable pipe."""

from collections.abc import Callable, Iterable
from typing import Any

import numpy
from spacy.language import Language
from spacy.pipeline import TrainablePipe
from spacy.tokens import Doc
from spacy.training import Example, validate_examples, validate_get_examples
from spacy.vocab import Vocab
from thinc.api import Config, Model, set_dropout_rate
from thinc.types import Floats2d

from ..encoder import DEFAULT_TOK2VEC, visible_rows
from ..schema import QUANTITIES, ROLES
from .candidates import Candidates, find_candidates, join_candidates
from .decoding import Scored, decode
from .layout import EntitySpan
from .mentions import add_openings
from .model import Inputs, Logits
from .truth import Truth, entity_spans, find_truth, gold_spans, hide_heads

DEFAULT_CONFIG = """
[model]
@architectures = "zh_report_facts.PairLinker.v1"
hidden_width = 128
window_width = 48
feature_width = 8
feature_rows = 1000

[model.encode]
@architectures = "zh_report_facts.DilatedEncoder.v1"
width = 128
dilations = [1, 2, 4, 8]
maxout_pieces = 3
"""


class FactLinker(TrainablePipe):
    """Link each quantity to the programmes it measures and the items it counts.

    In training every report is seen twice, with its gold entities and with the entities that
    annotating components have set, less some, so that training matches use: a recogniser finds
    nearly all heads of the reports it learns from, and misses some of others. A predicted head
    stands for the gold head that it shares at least half of its characters with.

    vocab (Vocab): the pipeline's vocabulary.
    model (Model[Inputs, Logits]): scores pairs and roles.
    name (str): name of the component instance.
    threshold (float): probability from which on a pair is a link.
    hidden_heads (float): share of the predicted heads that training hides.
    scorer (Callable | None): scoring method, see `spacy.scorer`.
    """

    def __init__(
        self,
        vocab: Vocab,
        model: Model[Inputs, Logits],
        name: str = "fact_linker",
        *,
        threshold: float = 0.5,
        hidden_heads: float = 0.1,
        scorer: Callable | None = None,
    ) -> None:
        self.vocab = vocab
        self.model = model
        self.name = name
        self.scorer = scorer
        self.cfg: dict[str, Any] = {"threshold": threshold, "hidden_heads": hidden_heads}

    @property
    def labels(self) -> tuple[str, ...]:
        """The roles a quantity can play."""
        return ROLES

    @property
    def label_data(self) -> list[str]:
        """The roles, which the guideline fixes."""
        return list(ROLES)

    def add_label(self, label: str) -> int:
        """Refuse a new role: the guideline fixes them."""
        raise ValueError(f"The roles are fixed, {', '.join(ROLES)}: {label} cannot be added")

    def initialize(
        self,
        get_examples: Callable[[], Iterable[Example]],
        *,
        nlp: Language | None = None,
        labels: list[str] | None = None,
    ) -> None:
        """Set the model's shapes.

        get_examples (Callable[[], Iterable[Example]]): gives representative gold data.
        nlp (Language | None): the pipeline.
        labels (list[str] | None): the roles; they must be those of the guideline.
        """
        validate_get_examples(get_examples, "FactLinker.initialize")
        if labels is not None and list(labels) != list(ROLES):
            raise ValueError(f"The roles are fixed, {', '.join(ROLES)}: they cannot be {labels}")
        docs = [example.x for _, example in zip(range(10), get_examples())]
        views: list[tuple[int, list[EntitySpan]]] = [(i, []) for i in range(len(docs))]
        self.model.initialize(X=(docs, join_candidates(self.candidates(docs, views))))

    def candidates(
        self, docs: list[Doc], views: list[tuple[int, list[EntitySpan]]]
    ) -> list[Candidates]:
        """Pair the entities of each view.

        docs (list[Doc]): the batch.
        views (list[tuple[int, list[EntitySpan]]]): the index of a document and its entities.
        RETURNS (list[Candidates]): the pairs of each view.
        """
        sizes = [len(visible_rows(doc)[0]) for doc in docs]
        offsets = numpy.cumsum([0, *sizes])
        return [find_candidates(docs[i], entities, int(offsets[i])) for i, entities in views]

    def predict(self, docs: Iterable[Doc]) -> list[Scored | None]:
        """Score the candidate links of a batch.

        docs (Iterable[Doc]): the documents, with their entities set.
        RETURNS (list[Scored | None]): None for a document without quantities.
        """
        docs = list(docs)
        views = [(i, entity_spans(doc)) for i, doc in enumerate(docs)]
        views = [view for view in views if any(x[2] in QUANTITIES for x in view[1])]
        views = [(i, add_openings(docs[i], entities)) for i, entities in views]
        found: list[Scored | None] = [None] * len(docs)
        if not views:
            return found
        parts = self.candidates(docs, views)
        ops = self.model.ops
        answers = self.get_probabilities(self.model.predict((docs, join_candidates(parts))))
        n_pairs = numpy.cumsum([len(part.pairs) for part in parts])[:-1]
        n_quantities = numpy.cumsum([len(part.quantities) for part in parts])[:-1]
        cuts = (n_pairs, n_quantities, n_quantities)
        own = zip(*(numpy.split(ops.to_numpy(x), cut) for x, cut in zip(answers, cuts)))
        for (i, entities), part, answer in zip(views, parts, own):
            found[i] = Scored(entities, part, *answer)
        return found

    def get_probabilities(self, logits: Logits) -> tuple[Floats2d, Floats2d, Floats2d]:
        """Turn logits into what `Scored` holds: links, roles, completeness."""
        ops = self.model.ops
        pairs, quantities = logits
        roles = ops.softmax(ops.as_contig(quantities[:, :-1]))
        return ops.sigmoid(pairs), roles, ops.sigmoid(ops.as_contig(quantities[:, -1:]))

    def set_annotations(self, docs: Iterable[Doc], scores: list[Scored | None]) -> None:
        """Set `doc._.relations`: one role a quantity, and each head that is likely enough.

        docs (Iterable[Doc]): the documents.
        scores (list[Scored | None]): as `predict` gives them.
        """
        threshold = self.cfg["threshold"]
        for doc, scored in zip(docs, scores):
            doc._.relations = [] if scored is None else decode(doc, scored, threshold)

    def update(
        self,
        examples: Iterable[Example],
        *,
        drop: float = 0.0,
        sgd: Any = None,
        losses: dict[str, float] | None = None,
    ) -> dict[str, float]:
        """Learn from a batch.

        A batch without any pair still runs forward and backward: a shared tok2vec takes the
        gradients of all its listeners when the last of them has given its own.

        examples (Iterable[Example]): the batch.
        drop (float): dropout rate.
        sgd (Any): the optimizer, None to only add up gradients.
        losses (dict[str, float] | None): the loss is added under the component's name.
        RETURNS (dict[str, float]): the losses.
        """
        losses = {} if losses is None else losses
        losses.setdefault(self.name, 0.0)
        examples = list(examples)
        validate_examples(examples, "FactLinker.update")
        if not any(len(example.predicted) for example in examples):
            return losses
        docs = [example.predicted for example in examples]
        views: list[tuple[int, list[EntitySpan]]] = []
        for i, example in enumerate(examples):
            doc = example.predicted
            views.append((i, add_openings(doc, gold_spans(example))))
            if predicted := entity_spans(doc):
                seen = hide_heads(predicted, self.cfg["hidden_heads"])
                views.append((i, add_openings(doc, seen)))
        candidates = join_candidates(self.candidates(docs, views))
        truth = find_truth(examples, views, candidates)
        set_dropout_rate(self.model, drop)
        logits, backprop = self.model.begin_update((docs, candidates))
        loss, gradient = self.get_loss(truth, logits, sum(len(doc) for doc in docs))
        backprop(gradient)
        if sgd is not None:
            self.finish_update(sgd)
        losses[self.name] += loss
        return losses

    def get_loss(self, truth: Truth, logits: Logits, size: int) -> tuple[float, Logits]:
        """Cross-entropy of the three answers, for each token of the batch like the recogniser's.

        truth (Truth): the gold answer.
        logits (Logits): what the model gave.
        size (int): tokens of the batch.
        RETURNS (tuple[float, Logits]): the loss and its gradient.
        """
        ops = self.model.ops
        xp = ops.xp
        gold_links, gold_roles, gold_complete = (ops.asarray2f(answer) for answer in truth)
        links, roles, complete = self.get_probabilities(logits)
        known = gold_roles.sum(axis=1, keepdims=True)
        d_quantities = xp.hstack([roles - gold_roles, complete - gold_complete]) * known
        likely = xp.where(gold_links > 0, links, 1 - links)
        sound = xp.where(gold_complete > 0, complete, 1 - complete)
        loss = -float(
            xp.log(likely + 1e-8).sum()
            + (gold_roles * xp.log(roles + 1e-8)).sum()
            + (known * xp.log(sound + 1e-8)).sum()
        )
        return loss / size, ((links - gold_links) / size, d_quantities / size)


@Language.factory(
    "fact_linker",
    assigns=["doc._.relations"],
    requires=["doc.ents"],
    default_config={
        "model": Config().from_str(DEFAULT_CONFIG + DEFAULT_TOK2VEC)["model"],
        "threshold": 0.5,
        "hidden_heads": 0.1,
        "scorer": {"@scorers": "zh_report_facts.fact_scorer.v1"},
    },
    default_score_weights={"facts_f": 1.0, "facts_p": 0.0, "facts_r": 0.0, "role_acc": 0.0},
)
def make_fact_linker(
    nlp: Language,
    name: str,
    model: Model[Inputs, Logits],
    threshold: float,
    hidden_heads: float,
    scorer: Callable | None,
) -> FactLinker:
    """Construct a linker.

    nlp (Language): the pipeline.
    name (str): name of the component instance.
    model (Model[Inputs, Logits]): scores pairs and roles.
    threshold (float): probability from which on a pair is a link.
    hidden_heads (float): share of the predicted heads that training hides.
    scorer (Callable | None): scoring method.
    RETURNS (FactLinker): the component.
    """
    return FactLinker(
        nlp.vocab, model, name, threshold=threshold, hidden_heads=hidden_heads, scorer=scorer
    )
