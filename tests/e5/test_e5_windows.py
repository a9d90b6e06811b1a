from __future__ import annotations

import pytest
import spacy

from zh_report_facts.e5.windows import find_windows
from zh_report_facts.tokenizer.segmenters import JiebaSegmenter
from zh_report_facts.tokenizer.tokenizer import ReportTokenizer

TEXTS = ["发放补贴。\n办讲座36场。\n共12家。", " \n ", "", "补" * 25]


@pytest.fixture(scope="module")
def docs():
    tokenizer = ReportTokenizer(spacy.blank("zh").vocab, JiebaSegmenter())
    return [tokenizer(text) for text in TEXTS]


def characters(text):
    """One piece a character, named by it."""
    return [ord(character) for character in text], list(range(len(text)))


@pytest.mark.parametrize("size", [1, 4, 10, 100])
def test_every_visible_token_stands_once_at_its_first_piece(docs, size):
    seen = []
    for window in find_windows(docs, characters, size):
        assert 0 < len(window.pieces) <= size
        for token, place in zip(window.tokens, window.places, strict=True):
            assert chr(window.pieces[place]) == docs[window.doc][token].text[0]
            seen.append((window.doc, token))
    assert sorted(seen) == [
        (index, token.i) for index, doc in enumerate(docs) for token in doc if not token.is_space
    ]


def test_paragraphs_share_a_window_while_they_fit(docs):
    windows = find_windows(docs[:1], characters, 12)
    assert ["".join(map(chr, window.pieces)) for window in windows] == [
        "发放补贴。办讲座36场。",
        "共12家。",
    ]
