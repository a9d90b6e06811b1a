"""Words of like meaning in the place of others, by the vectors of the vocabulary.

There are few reports; with other words in them they show a model many more. Source: Jiao et al.
(2020), "TinyBERT: Distilling BERT for Natural Language Understanding".
"""

from random import Random

import numpy
from spacy.tokens import Doc
from spacy.vocab import Vocab
from thinc.api import to_numpy

from ..augment.replacement import Replacement

NEIGHBOURS = 16
# Words are compared with all others so many at once, which bounds the memory.
PORTION = 500
LONG_ENOUGH = 2


class Neighbours:
    """The words whose static vectors lie next to a word's.

    vocab (Vocab): holds the vectors.
    RAISES (ValueError): if it holds none of words.
    """

    def __init__(self, vocab: Vocab) -> None:
        keys = numpy.array(sorted(vocab.vectors.key2row), dtype="uint64")
        names = [vocab.strings[key] for key in keys.tolist()]
        able = [len(name) >= LONG_ENOUGH and name.isalpha() for name in names]
        self.words = [name for name, yes in zip(names, able) if yes]
        if not self.words:
            raise ValueError(
                "Words give way to others by their vectors, and the vocabulary has none: name a "
                "table in initialize.vectors, or set swapped = 0"
            )
        rows = [vocab.vectors.key2row[key] for key in keys[able].tolist()]
        table = to_numpy(vocab.vectors.data)[rows]
        self.table = table / numpy.maximum(numpy.linalg.norm(table, axis=1, keepdims=True), 1e-8)
        self.places = {word: place for place, word in enumerate(self.words)}
        self.known: dict[str, list[str]] = {}

    def find(self, words: set[str]) -> None:
        """Look up the neighbours of words, in `known`.

        words (set[str]): the words; those without a vector have no neighbours.
        """
        new = sorted(word for word in words - self.known.keys() if word in self.places)
        for start in range(0, len(new), PORTION):
            part = new[start : start + PORTION]
            near = self.table[[self.places[word] for word in part]] @ self.table.T
            best = numpy.argpartition(-near, min(NEIGHBOURS, near.shape[1] - 1))
            for word, row in zip(part, best[:, : NEIGHBOURS + 1].tolist()):
                self.known[word] = sorted({self.words[place] for place in row} - {word})

    def __call__(self, doc: Doc, share: float, random: Random) -> list[Replacement]:
        """Choose other words for some words of a document, the same one wherever a word stands.

        doc (Doc): a document whose tokens know their word (LEMMA).
        share (float): probability that a word gives way, 0 to 1.
        random (Random): draws the words.
        RETURNS (list[Replacement]): in the order of the text.
        """
        text, spans = doc.text, word_spans(doc)
        words = dict.fromkeys(text[start:end] for start, end in spans)
        self.find(set(words))
        others = {
            word: random.choice(self.known[word])
            for word in words
            if self.known.get(word) and random.random() < share
        }
        return [
            Replacement(start, end, others[word])
            for start, end in spans
            if (word := text[start:end]) in others
        ]


def word_spans(doc: Doc) -> list[tuple[int, int]]:
    """Find the words of several characters that stand in one piece.

    doc (Doc): a document whose tokens know their word (LEMMA).
    RETURNS (list[tuple[int, int]]): start and end character of each, in order.
    """
    text, spans, at = doc.text, [], 0
    for token in doc:
        word = token.lemma_
        if token.idx >= at and len(word) >= LONG_ENOUGH and text.startswith(word, token.idx):
            at = token.idx + len(word)
            spans.append((token.idx, at))
    return spans
