"""Changes that real reports show, made at random in training: `zh_report_facts.LayoutAugmenter.v1`.

[corpora.train.augmenter]
@augmenters = "zh_report_facts.LayoutAugmenter.v1"
seed = 0

[corpora.train.augmenter.levels]
half_width = 0.2
hard_wraps = 0.3
"""

from collections.abc import Callable, Iterator
from random import Random

from spacy.language import Language
from spacy.tokens import Doc
from spacy.training import Example

from ..corpus import bare_copy, report_to_doc
from ..relations import get_relations
from ..report import Entity, Relation, Report
from .characters import (
    chinese_numerals,
    full_width,
    half_width,
    joined_quantities,
    mistaken_commas,
    stray_spaces,
    wide_digits,
)
from .names import ProgramNames
from .paragraphs import (
    crop,
    hard_wraps,
    joined_headings,
    missing_full_stops,
    numbered_paragraphs,
)
from .replacement import Replacement, replace

Edit = Callable[[Report, Random], list[Replacement]]

# In the order in which they are made: paragraphs are known as long as no line is wrapped.
EDITS: dict[str, Edit] = {
    edit.__name__: edit
    for edit in (
        crop,
        missing_full_stops,
        joined_headings,
        numbered_paragraphs,
        chinese_numerals,
        joined_quantities,
        half_width,
        full_width,
        mistaken_commas,
        wide_digits,
        stray_spaces,
        hard_wraps,
    )
}


def create_layout_augmenter(
    levels: dict[str, float], seed: int = 0
) -> Callable[[Language, Example], Iterator[Example]]:
    """Make an augmenter for `[corpora.train.augmenter]`.

    levels (dict[str, float]): how probable each kind of edit is in a report, 0 to 1. The kinds are
        `program_names` and those of `EDITS`; one that is not named is never made.
    seed (int): makes the changes repeatable.
    RETURNS (Callable[[Language, Example], Iterator[Example]]): the augmenter.
    """
    return LayoutAugmenter(levels, seed=seed)


class LayoutAugmenter:
    """Yield each example once, as it is or with some edits of its text.

    levels (dict[str, float]): how probable each kind of edit is.
    seed (int): makes the changes repeatable.
    RAISES (ValueError): if there is no such kind of edit or a level is no probability.
    """

    def __init__(self, levels: dict[str, float], *, seed: int = 0) -> None:
        self.random = Random(seed)
        self.names = ProgramNames(self.random)
        self.edits: dict[str, Edit] = {"program_names": self.names, **EDITS}
        for kind, level in levels.items():
            if kind not in self.edits:
                raise ValueError(f"no edit is called {kind}; name one of {', '.join(self.edits)}")
            if not 0 <= level <= 1:
                raise ValueError(f"the level of {kind} is {level}; give a probability, 0 to 1")
        self.levels = levels

    def __call__(self, nlp: Language, example: Example) -> Iterator[Example]:
        """Augment an example; one with a line end inside an entity stays as it is.

        nlp (Language): gives the tokeniser.
        example (Example): its reference has its links in `doc._.relations`.
        YIELDS (Example): one, with a bare document and its annotated reference.
        """
        report = doc_to_report(example.reference)
        edited = report
        if not any("\n" in report.span_text(e) for e in report.entities):
            for kind, edit in self.edits.items():
                level = self.levels.get(kind, 0)
                if level and self.random.random() < level:
                    edited = replace(edited, edit(edited, self.random))
            self.names.learn(report)
        if edited.text == report.text:
            yield example
        else:
            reference, _ = report_to_doc(nlp, edited)
            # What the tokeniser lost before has no label and stays lost.
            reference.ents = [span for span in reference.ents if span.label_]
            yield Example(bare_copy(reference), reference)


def doc_to_report(doc: Doc) -> Report:
    """Turn a reference document back into an annotated report.

    doc (Doc): entities in `doc.ents`, links in `doc._.relations`.
    RETURNS (Report): the report; an entity that only the relations know has the label "".
    """
    labels = {(span.start_char, span.end_char): span.label_ for span in doc.ents}
    relations = get_relations(doc)
    for relation in relations:
        for place in (relation, *relation["heads"]):
            labels.setdefault((place["start"], place["end"]), "")
    entities = [Entity(start, end, labels[start, end]) for start, end in sorted(labels)]
    places = {(entity.start, entity.end): index for index, entity in enumerate(entities)}
    return Report(
        "",
        doc.text,
        tuple(entities),
        tuple(
            Relation(
                places[relation["start"], relation["end"]],
                relation["role"],
                tuple(places[head["start"], head["end"]] for head in relation["heads"]),
            )
            for relation in relations
        ),
    )
