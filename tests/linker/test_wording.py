from __future__ import annotations

import numpy
import pytest
import spacy

from zh_report_facts.corpus import report_to_doc
from zh_report_facts.linker.candidates import find_candidates
from zh_report_facts.linker.layout import lay_out
from zh_report_facts.linker.truth import entity_spans
from zh_report_facts.linker.wording import (
    COMMON,
    N_WORDING_FEATURES,
    describe_wording,
    find_bigrams,
    highest_other,
)
from zh_report_facts.notation import parse_report
from zh_report_facts.tokenizer.tokenizer import ReportTokenizer

NLP = spacy.blank("zh")
NLP.tokenizer = ReportTokenizer(NLP.vocab, None)


def read(source):
    """Layout and candidates of a text with marks."""
    doc, _ = report_to_doc(NLP, parse_report(source, "marked"))
    entities = entity_spans(doc)
    return lay_out(doc, entities), find_candidates(doc, entities)


def describe(source):
    """What the linker sees of the wording of each head of a text, first to last."""
    candidates = read(source)[1]
    order = candidates.pairs[:, 0].argsort()
    return candidates.features[order, -N_WORDING_FEATURES:].tolist()


@pytest.mark.parametrize("words", ["儿童", "康复", "童康"])
def test_a_word_that_is_said_again_shows_beside_its_head(words):
    head, other = describe(f"[儿童康复]{{P1}}和[家长培训]{{P2}}，在训{words}[60名]{{C>P1}}。")
    assert head != other
    alike = describe("[儿童康复]{P1}和[家长培训]{P2}，在训的[60名]{C>P1}。")
    assert alike[0] == alike[1]


def test_more_words_and_those_of_a_rival_show():
    one = describe("[儿童康复]{P1}和[家长培训]{P2}，儿童[60名]{C>P1}。")
    two = describe("[儿童康复]{P1}和[家长培训]{P2}，儿童康复[60名]{C>P1}。")
    assert one[0] != two[0] and one[1] != two[1]
    # An item is no rival of programmes.
    alone = describe("[儿童康复]{P1}和[家长培训]{I2}，儿童[60名]{C>P1}。")
    assert alone[0] != describe("[儿童康复]{P1}和[儿童培训]{P2}，儿童[60名]{C>P1}。")[0]
    assert alone[0] == describe("[儿童康复]{P1}和[儿童培训]{I2}，儿童[60名]{C>P1}。")[0]


@pytest.mark.parametrize(
    ("text", "clause", "sentence"),
    [
        # A head does not repeat itself, nor does 残疾人 tell anything.
        ("[儿童康复]{P1}[60名]{C>P1}。", False, False),
        ("[残疾人康复]{P1}，残疾人[60名]{C>P1}。", False, False),
        # The clause behind the quantity belongs to its clause, a clause before to its sentence.
        ("[儿童康复]{P1}，有[60名]{C>P1}儿童。", True, True),
        ("[儿童康复]{P1}，儿童多，有[60名]{C>P1}。", False, True),
        ("[儿童康复]{P1}，有[60名]{C>P1}，多为儿童。", False, True),
        ("[儿童康复]{P1}，儿童多" + "，有事" * 60 + "，有[60名]{C>P1}。", False, True),
        # What stands in another sentence or paragraph is far.
        ("[儿童康复]{P1}。儿童多。有[60名]{C>P1}。", False, False),
        ("[儿童康复]{P1}，有[60名]{C>P1}\n儿童多。", False, False),
        # A head of one token.
        ("[课]{P1}，课有[60名]{C>P1}。", False, False),
    ],
)
def test_the_clause_and_the_sentence_of_the_quantity_are_read(text, clause, sentence):
    ((first, second),) = describe(text)
    # Five values of the rival and four kinds of pair lie below what is shared.
    assert (first >= 20, second >= 20) == (clause, sentence)


def test_pairs_of_tokens_have_numbers_of_their_own():
    layout, _ = read("康复和康复，残疾人的残。")
    numbers = find_bigrams(layout).tolist()
    assert len(numbers) == len(layout.norms)
    assert numbers[0] == numbers[3] > 0
    assert len({*numbers[:3], *numbers[4:6]}) == 5
    told = [number > 0 for number in numbers]
    text = "康复和康复，残疾人的残。"
    assert told == [not {a, b} <= {*COMMON} for a, b in zip(text, text[1:])] + [False]


def test_the_highest_of_the_others_is_that_of_a_loop():
    random = numpy.random.default_rng(0)
    for size in (1, 2, 30):
        values, groups = random.integers(0, 4, (2, size))
        wanted = [
            max((v for j, v in enumerate(values) if j != i and groups[j] == groups[i]), default=0)
            for i in range(size)
        ]
        assert highest_other(values, groups).tolist() == wanted


@pytest.mark.parametrize("text", ["。", "[儿童康复]{P1}。", "有[60名]{C}。"])
def test_a_text_without_pairs_has_no_features(text):
    layout, candidates = read(text)
    nothing = numpy.zeros((N_WORDING_FEATURES, 0, 2), dtype="int64")
    found = describe_wording(layout, candidates.pairs, nothing)
    assert found.shape == (0, N_WORDING_FEATURES)
