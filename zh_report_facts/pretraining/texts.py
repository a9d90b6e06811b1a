"""Texts to pretrain on, without their marks: `zh_report_facts.PretrainingTexts.v1`."""

import random
from collections.abc import Callable, Iterator
from pathlib import Path

from spacy.language import Language
from spacy.tokens import Doc

from ..bounded import cut
from ..corpus import annotated_files, read_reports
from ..readers.documents import find_files, read_document

# About as long as a report of the corpus: other reports are cut to so many characters at most.
LENGTH = 1_200


def make_pretraining_texts(
    corpus: Path, reports: Path | None = None, seed: int = 0
) -> Callable[[Language], Iterator[Doc]]:
    """Make a corpus reader for `[corpora.pretrain]` of a config.

    corpus (Path): an `.ann` file or a folder of them, of which only the text is read.
    reports (Path | None): a file that `extract` can read, or a folder of them; none by default.
    seed (int): makes the order repeatable, which is another at each pass.
    RETURNS (Callable[[Language], Iterator[Doc]]): the reader.
    """
    return PretrainingTexts(corpus, reports, seed)


class PretrainingTexts:
    """Yield each text as a document; those of other reports are cut where a paragraph begins.

    corpus (Path): annotated reports.
    reports (Path | None): other reports.
    seed (int): makes the order repeatable.
    """

    def __init__(self, corpus: Path, reports: Path | None, seed: int) -> None:
        self.corpus = corpus
        self.reports = reports
        self.random = random.Random(seed)
        self.texts: list[str] = []

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
        yield from map(nlp.make_doc, self.texts)
