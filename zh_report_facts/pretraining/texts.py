"""Texts to pretrain on, without their marks: `zh_report_facts.PretrainingTexts.v1`."""

import random
from collections.abc import Callable, Iterator
from pathlib import Path

from spacy.language import Language
from spacy.tokens import Doc

from ..augment.replacement import replace
from ..bounded import cut
from ..corpus import annotated_files, read_reports
from ..readers.documents import find_files, read_document
from ..report import Report
from .neighbours import Neighbours

# About as long as a report of the corpus: other reports are cut to so many characters at most.
LENGTH = 1_200


def make_pretraining_texts(
    corpus: Path, reports: Path | None = None, seed: int = 0, swapped: float = 0.0
) -> Callable[[Language], Iterator[Doc]]:
    """Make a corpus reader for `[corpora.pretrain]` of a config.

    corpus (Path): an `.ann` file or a folder of them, of which only the text is read.
    reports (Path | None): a file that `extract` can read, or a folder of them; none by default.
    seed (int): makes the order repeatable, which is another at each pass.
    swapped (float): share of the words, 0 to 1, that give way to words of like meaning in the text
        that loses most of them; others lose any share below. It needs a table in
        `initialize.vectors`.
    RETURNS (Callable[[Language], Iterator[Doc]]): the reader.
    """
    return PretrainingTexts(corpus, reports, seed, swapped)


class PretrainingTexts:
    """Yield each text as a document; those of other reports are cut where a paragraph begins.

    corpus (Path): annotated reports.
    reports (Path | None): other reports.
    seed (int): makes the order and the words repeatable.
    swapped (float): share of the words that give way, at most.
    """

    def __init__(self, corpus: Path, reports: Path | None, seed: int, swapped: float) -> None:
        self.corpus = corpus
        self.reports = reports
        self.random = random.Random(seed)
        self.swapped = swapped
        self.texts: list[str] = []
        self.neighbours: Neighbours | None = None

    def __call__(self, nlp: Language) -> Iterator[Doc]:
        """Read the texts.

        nlp (Language): gives the tokeniser.
        YIELDS (Doc): the documents, in random order.
        RAISES (InputError): if there is nothing to read.
        """
        if not self.texts:
            sources = read_reports(annotated_files(self.corpus))
            self.texts = [report.text for _, report in sources]
            for path in find_files([self.reports] if self.reports else []):
                text = read_document(path).text
                parts = (text[start:end] for start, end in cut(text, LENGTH))
                self.texts += filter(str.strip, parts)
        self.random.shuffle(self.texts)
        if self.swapped and self.neighbours is None:
            self.neighbours = Neighbours(nlp.vocab)
        for text in self.texts:
            doc = nlp.make_doc(text)
            if self.neighbours:
                share = self.random.random() * self.swapped
                others = self.neighbours(doc, share, self.random)
                doc = nlp.make_doc(replace(Report("", text, (), ()), others).text)
            yield doc
