"""Tokeniser for raw report text: characters that know the word they stand in.

A token is one character, or one run of digits or Latin letters, so that no annotated span can be
lost. What a word segmenter knows reaches the models as token attributes: LEMMA is the word the
token belongs to, TAG its place in that word (B, I, E, S) and the word's part of speech, NORM the
token in half-width form. White space is never part of a token; the NORM of a white space token is
"\\n" between paragraphs and " " inside one, where a hard wrap may split a word or a number.
"""

import re
import unicodedata
from bisect import bisect_right
from collections.abc import Callable, Iterable, Iterator
from functools import lru_cache
from itertools import accumulate, pairwise
from pathlib import Path
from typing import Any, NamedTuple

import numpy
from spacy.attrs import LEMMA, NORM, TAG
from spacy.language import Language
from spacy.tokens import Doc
from spacy.training import Example
from spacy.vocab import Vocab

from .layout import find_newlines
from .segmenters import Segmenter, StoredSegmenter

CHARACTER = re.compile(r"\d+|[A-Za-z]+|.", re.DOTALL)
WORD = re.compile(r"\d+|[A-Za-z]+|[^\W\dA-Za-z_]+|.", re.DOTALL)
SPACES = re.compile(r"\s+")
# ① and ² are no digits of the number beside them.
SMALL = ("<circle>", "<super>", "<sub>")
BREAK = "\n"

Attributes = tuple[str, str, str]  # NORM, LEMMA, TAG
Token = tuple[str, str, str, str]  # its text, NORM, LEMMA, TAG


class Gap(NamedTuple):
    """White space in a text.

    at (int): how many visible characters stand before it.
    space (str): the white space itself.
    norm (str): "\\n" between paragraphs, " " inside one.
    """

    at: int
    space: str
    norm: str


class HalfWidth(dict[int, str]):
    """Translation table that folds full-width forms without changing a text's length."""

    def __missing__(self, code: int) -> str:
        char = chr(code)
        folded = unicodedata.normalize("NFKC", char)
        if len(folded) > 1 or unicodedata.decomposition(char).startswith(SMALL):
            folded = char
        self[code] = folded
        return folded


HALF_WIDTH = HalfWidth()


@lru_cache(maxsize=1 << 16)
def cut_word(pattern: re.Pattern[str], word: str, pos: str) -> list[Attributes]:
    """Cut a word into tokens that know their place in it.

    pattern (re.Pattern[str]): matches a token.
    word (str): the word.
    pos (str): its part of speech.
    RETURNS (list[Attributes]): shared by all callers, not to be changed.
    """
    norms = pattern.findall(word)
    places = f"B{'I' * (len(norms) - 2)}E" if len(norms) > 1 else "S"
    return [(norm, word, place + pos) for norm, place in zip(norms, places, strict=True)]


def split_gaps(text: str) -> tuple[str, list[Gap]]:
    """Take the white space out of a text.

    text (str): raw text.
    RETURNS (tuple[str, list[Gap]]): the visible characters, and the white space between them.
    """
    breaks = {newline.start for newline in find_newlines(text) if newline.is_break}
    gaps, hidden = [], 0
    for match in SPACES.finditer(text):
        gaps.append(
            Gap(match.start() - hidden, match[0], BREAK if match.start() in breaks else " ")
        )
        hidden += len(match[0])
    return "".join(text.split()), gaps


class ReportTokenizer:
    """Split raw report text into tokens and paragraphs.

    vocab (Vocab): the pipeline's vocabulary.
    segmenter (Segmenter | None): gives the words of a text; None for bare characters.
    words (bool): whether a token is a word instead of a character. Words are cut at digits,
        letters and punctuation, but an annotated span may still start or end inside one.
    """

    def __init__(self, vocab: Vocab, segmenter: Segmenter | None, words: bool = False) -> None:
        self.vocab = vocab
        self.segmenter = segmenter
        self.pattern = WORD if words else CHARACTER

    def __call__(self, text: str) -> Doc:
        """Tokenise a text.

        text (str): raw text, with line wraps and stray spaces as they come.
        RETURNS (Doc): its text is `text`, character for character.
        """
        tokens, spaced = self.tokens(text)
        spaces = [False] * len(tokens)
        for index in spaced:
            spaces[index] = True
        doc = Doc(self.vocab, words=[token[0] for token in tokens], spaces=spaces)
        if tokens:
            _, *columns = zip(*tokens, strict=True)
            ids = {string: self.vocab.strings.add(string) for string in set().union(*columns)}
            rows = [[ids[string] for string in column] for column in columns]
            array: Any = numpy.ascontiguousarray(numpy.array(rows, dtype="uint64").T)
            doc.from_array([NORM, LEMMA, TAG], array)
        return doc

    def tokens(self, text: str) -> tuple[list[Token], list[int]]:
        """Cut a text into tokens that cover it without a gap.

        text (str): raw text.
        RETURNS (tuple[list[Token], list[int]]): the tokens, white space included, and the indices
            of those that own the single space behind them.
        """
        visible, gaps = split_gaps(text)
        folded = visible.translate(HALF_WIDTH)
        edges = [0, *(gap.at for gap in gaps if gap.norm == BREAK), len(visible)]
        pieces = [piece for a, b in pairwise(edges) for piece in self.paragraph(folded[a:b])]
        ends = list(accumulate(len(norm) for norm, _, _ in pieces))
        tokens: list[Token] = []
        spaced: list[int] = []
        done = at = 0
        for gap in [*gaps, Gap(len(visible), "", "")]:
            before = bisect_right(ends, gap.at, done)
            for end, (_, lemma, tag) in zip(ends[done:before], pieces[done:before], strict=True):
                tokens.append((visible[at:end], folded[at:end], lemma, tag))
                at = end
            done = before
            if at < gap.at:
                # White space cuts a run of digits in two, but leaves it one word to the models.
                _, lemma, tag = pieces[done]
                tokens.append((visible[at : gap.at], folded[at : gap.at], lemma, tag))
                at = gap.at
            # A single space behind a token is the token's own, as everywhere in spaCy.
            if gap.space == " " and tokens:
                spaced.append(len(tokens) - 1)
            elif gap.space:
                tokens.append((gap.space, gap.norm, "", ""))
        return tokens, spaced

    def paragraph(self, text: str) -> Iterator[Attributes]:
        """Cut a paragraph into tokens.

        text (str): the paragraph in half-width form, without white space.
        YIELDS (Attributes): one a token; their NORMs joined give the text.
        """
        if self.segmenter is None:
            for norm in self.pattern.findall(text):
                yield norm, "", ""
        else:
            for word, pos in self.segmenter(text):
                yield from cut_word(self.pattern, word, pos)

    def initialize(
        self,
        get_examples: Callable[[], Iterable[Example]],
        *,
        nlp: Language | None = None,
        pkuseg_model: str | None = None,
        pkuseg_user_dict: str | None = "default",
    ) -> None:
        """Hand the settings of `[initialize.tokenizer]`, which are spaCy's, to a pkuseg segmenter.

        get_examples (Callable[[], Iterable[Example]]): gives representative gold data.
        nlp (Language | None): the pipeline.
        pkuseg_model (str | None): folder of a trained pkuseg model.
        pkuseg_user_dict (str | None): file of words that are never cut, "default" for none.
        """
        if isinstance(self.segmenter, StoredSegmenter):
            self.segmenter.initialize(
                get_examples, nlp=nlp, pkuseg_model=pkuseg_model, pkuseg_user_dict=pkuseg_user_dict
            )

    def to_bytes(self, **kwargs: Any) -> bytes:
        if isinstance(self.segmenter, StoredSegmenter):
            return self.segmenter.to_bytes(**kwargs)
        return b""

    def from_bytes(self, data: bytes, **kwargs: Any) -> "ReportTokenizer":
        if isinstance(self.segmenter, StoredSegmenter):
            self.segmenter.from_bytes(data, **kwargs)
        return self

    def to_disk(self, path: str | Path, **kwargs: Any) -> None:
        if isinstance(self.segmenter, StoredSegmenter):
            self.segmenter.to_disk(path, **kwargs)

    def from_disk(self, path: str | Path, **kwargs: Any) -> "ReportTokenizer":
        if isinstance(self.segmenter, StoredSegmenter):
            self.segmenter.from_disk(path, **kwargs)
        return self


def create_tokenizer(
    segmenter: Segmenter | None, words: bool = False
) -> Callable[[Language], ReportTokenizer]:
    """Construct a report tokeniser, for `[nlp.tokenizer]`.

    segmenter (Segmenter | None): gives the words of a text; None for bare characters.
    words (bool): whether a token is a word instead of a character.
    RETURNS (Callable[[Language], ReportTokenizer]): makes the tokeniser of a pipeline.
    """

    def make_tokenizer(nlp: Language) -> ReportTokenizer:
        return ReportTokenizer(nlp.vocab, segmenter, words)

    return make_tokenizer
