"""`nlp.pipe` for any number of texts of any length, in bounded memory."""

from bisect import bisect_right
from collections.abc import Generator, Iterable, Iterator
from typing import Any

import numpy
from spacy.language import Language
from spacy.tokens import Doc

from .report import SENTENCE_ENDS
from .tokenizer.layout import find_paragraphs

# Characters read at once: more is no faster and takes 2 kB each.
TOGETHER = 20_000
# A longer text is read in slices. No link leaves its paragraph; all that a cut between two costs is
# that the entities beside it do not know each other as neighbours.
LONGEST = 50_000


def pipe_bounded(nlp: Language, texts: Iterable[str]) -> Generator[Doc]:
    """Read texts.

    What the vocabulary learns from a text is forgotten with it, so a document must not be used any
    more once the next is asked for.

    nlp (Language): the pipeline.
    texts (Iterable[str]): texts of any length, also beyond `nlp.max_length`.
    YIELDS (Doc): one a text, in their order; a long one is without its tensor.
    """
    for group in _group(texts):
        with nlp.memory_zone():
            if len(group[0]) > LONGEST:
                yield _read_slices(nlp, group[0])
            else:
                yield from nlp.pipe(group, batch_size=len(group))


def cut(text: str, longest: int = LONGEST) -> list[tuple[int, int]]:
    """Cut a text into slices that cover it.

    text (str): the text.
    longest (int): characters a slice may have.
    RETURNS (list[tuple[int, int]]): start and end of each; they end where a paragraph begins, or
        else behind a sentence, or else anywhere.
    """
    starts = [start for start, _ in find_paragraphs(text)]
    slices, at = [], 0
    while len(text) - at > longest:
        end = at + longest
        paragraph = bisect_right(starts, end) - 1
        if paragraph >= 0 and starts[paragraph] > at:
            end = starts[paragraph]
        else:
            end = max(text.rfind(mark, at, end) for mark in SENTENCE_ENDS) + 1 or end
        slices.append((at, end))
        at = end
    return [*slices, (at, len(text))]


def _group(texts: Iterable[str]) -> Iterator[list[str]]:
    group: list[str] = []
    size = 0
    for text in texts:
        if group and size + len(text) > TOGETHER:
            yield group
            group, size = [], 0
        group.append(text)
        size += len(text)
    if group:
        yield group


def _read_slices(nlp: Language, text: str) -> Doc:
    docs: list[Doc] = []
    user_data: Any = {}
    for start, end in cut(text):
        doc = nlp(text[start:end])
        doc.tensor = numpy.zeros((0,), dtype="float32")
        data: Any = doc.user_data
        for (kind, name, first, last), value in data.items():
            if first is None:
                user_data.setdefault((kind, name, None, None), []).extend(_shift(value, start))
            else:
                user_data[kind, name, first + start, last + start] = value
        doc.user_data = {}
        docs.append(doc)
    # The stub of spaCy does not know the last argument.
    merged = Doc.from_docs(docs, ensure_whitespace=False, exclude=["tensor"])  # type: ignore[call-arg]
    assert merged is not None, "a text has at least one slice"
    merged.user_data = user_data
    return merged


def _shift(data: Any, by: int) -> Any:
    """Move the offsets in the plain data of an extension attribute."""
    if isinstance(data, list):
        return [_shift(item, by) for item in data]
    if isinstance(data, dict):
        return {
            key: value + by if key in ("start", "end") else _shift(value, by)
            for key, value in data.items()
        }
    return data
