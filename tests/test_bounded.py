from __future__ import annotations

import pytest
from tiny import TEXT, found

from zh_report_facts import bounded
from zh_report_facts.bounded import cut, pipe_bounded
from zh_report_facts.facts import get_facts

LONG = "\n".join([TEXT] * 12)


@pytest.mark.parametrize("longest", [1, 7, 40, 60, 10_000])
@pytest.mark.parametrize("text", [LONG, LONG.replace("\n", ""), "字" * 100, "\n" * 100, ""])
def test_slices_cover_a_text_and_are_short(text, longest):
    slices = cut(text, longest)
    assert "".join(text[start:end] for start, end in slices) == text
    assert all(end - start <= longest for start, end in slices)
    assert len(text) > longest or slices == [(0, len(text))]


def test_slices_end_with_paragraphs_or_else_with_sentences():
    line = TEXT.index("\n") + 1
    assert cut(TEXT, line + 5) == [(0, line), (line, len(TEXT))]
    sentences = "一句话。又一句话。"
    assert cut(sentences, 6) == [(0, 4), (4, 9)]


def test_a_long_text_reads_as_in_one_piece(trained, monkeypatch):
    monkeypatch.setattr(bounded, "LONGEST", 100)
    monkeypatch.setattr(cut, "__defaults__", (100,))
    whole = trained(LONG)
    for doc in pipe_bounded(trained, [LONG]):
        assert doc.text == LONG
        # A role may depend on the paragraphs before, which may stand in another slice.
        (entities, links, values), expected = found(doc).values(), found(whole)
        assert (entities, values) == (expected["entities"], expected["values"])
        assert [(*quantity, head) for *quantity, _, head in links] == [
            (*quantity, head) for *quantity, _, head in expected["links"]
        ]
        expected = [entity._.score for entity in whole.ents]
        assert [entity._.score for entity in doc.ents] == pytest.approx(expected, abs=1e-4)
        facts, expected = get_facts(doc), get_facts(whole)
        assert len(facts) == len(expected) == 72
        assert [(f.value, f.unit) for f in facts] == [(f.value, f.unit) for f in expected]


def test_texts_come_back_in_their_order_whatever_their_length(trained, monkeypatch):
    monkeypatch.setattr(bounded, "LONGEST", 100)
    monkeypatch.setattr(bounded, "TOGETHER", 80)
    texts = ["", "没有数字。", LONG, TEXT, "", TEXT, LONG, "\n"]
    assert [doc.text for doc in pipe_bounded(trained, texts)] == texts
    assert list(pipe_bounded(trained, [])) == []


def test_a_text_beyond_the_limit_of_spacy_is_read(trained, monkeypatch):
    monkeypatch.setattr(trained, "max_length", 100_000)
    text = "邻里食堂新开12家供餐点。\n" * 8_000
    assert len(text) > trained.max_length
    assert [len(doc.ents) > 8_000 for doc in pipe_bounded(trained, [text])] == [True]


def test_the_vocabulary_forgets_what_it_has_read(trained):
    before = len(trained.vocab.strings)
    for doc in pipe_bounded(trained, [f"新开{number}家。" for number in range(9_000, 9_500)]):
        assert doc.vocab is trained.vocab
    assert len(trained.vocab.strings) == before
