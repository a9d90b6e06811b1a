"""The report tokeniser: its tokens, their attributes, and what it must never lose."""

import pickle
from itertools import chain, zip_longest
from pathlib import Path

import pytest
import spacy
from hypothesis import given, settings
from hypothesis import strategies as st
from timing import shortest_time

from zh_report_facts.corpus import annotated_files, read_reports, report_to_doc
from zh_report_facts.tokenizer.segmenters import JiebaSegmenter
from zh_report_facts.tokenizer.tokenizer import ReportTokenizer, create_tokenizer

CORPUS = Path(__file__).parents[2] / "corpus"
NLP = spacy.blank("zh")
CHARACTERS = ReportTokenizer(NLP.vocab, JiebaSegmenter())
WORDS = ReportTokenizer(NLP.vocab, JiebaSegmenter(), words=True)
BARE = ReportTokenizer(NLP.vocab, None)
ALL = pytest.mark.parametrize(
    "tokenizer", [CHARACTERS, WORDS, BARE], ids=["characters", "words", "bare"]
)
BLANKS = " \n\t\r\v\f\x1c\x1e\x85\xa0\u2003\u2028\u2029\u3000"
# spaCy itself cannot hold lone surrogates.
ANY_TEXT = st.text(st.characters(exclude_categories=["Cs"]))
REPORT_TEXT = st.text(
    st.sampled_from("全年共走访残疾人户万元余个名１２3.5，。、：（）“”%aB①²㎡😀" + BLANKS)
)


def rows(doc):
    return [(t.text, t.whitespace_, t.norm_, t.lemma_, t.tag_) for t in doc]


def words_of(doc):
    """The word each visible character stands in, as the models see it."""
    return [(t.lemma_, t.tag_) for t in doc if not t.is_space for _ in t.text]


def test_tokens_know_their_word():
    assert rows(CHARACTERS("轮椅１２.5万")) == [
        ("轮", "", "轮", "轮椅", "Bn"),
        ("椅", "", "椅", "轮椅", "En"),
        ("１２", "", "12", "12.5", "Bm"),
        (".", "", ".", "12.5", "Im"),
        ("5", "", "5", "12.5", "Em"),
        ("万", "", "万", "万", "Sm"),
    ]


def test_words_are_cut_at_digits_letters_and_punctuation():
    assert [t.text for t in WORDS("配发轮椅12.5万台ABC牌")] == [
        "配发", "轮椅", "12", ".", "5", "万台", "ABC", "牌",
    ]  # fmt: skip


def test_without_a_segmenter_there_are_no_words():
    assert rows(BARE("轮椅1２ 台")) == [
        ("轮", "", "轮", "", ""),
        ("椅", "", "椅", "", ""),
        ("1２", " ", "12", "", ""),
        ("台", "", "台", "", ""),
    ]


def test_single_space_belongs_to_the_token_before_it():
    doc = CHARACTERS(" 共 9  台 ")
    assert [(t.text, t.whitespace_) for t in doc] == [
        (" ", ""),
        ("共", " "),
        ("9", ""),
        ("  ", ""),
        ("台", " "),
    ]


def test_space_cuts_a_number_but_it_stays_one_word():
    assert rows(CHARACTERS("轮\u3000椅12  34台")) == [
        ("轮", "", "轮", "轮椅", "Bn"),
        ("\u3000", "", " ", "", ""),
        ("椅", "", "椅", "轮椅", "En"),
        ("12", "", "12", "1234", "Sm"),
        ("  ", "", " ", "", ""),
        ("34", "", "34", "1234", "Sm"),
        ("台", "", "台", "台", "Sq"),
    ]


def test_norm_tells_paragraphs_from_wraps():
    doc = CHARACTERS("发放轮椅3\n台。\n\n走访老人。\n")
    assert [t.norm_ for t in doc if t.is_space] == [" ", "\n", " "]


@pytest.mark.parametrize(
    ("text", "norms"),
    [
        ("ＡＢ１２，％（）", ["AB", "12", ",", "%", "(", ")"]),
        # An enumerator or exponent must not run into the number beside it.
        ("①12人", ["①", "12", "人"]),
        ("5²", ["5", "²"]),
        ("㎡", ["㎡"]),
        ("⼈", ["人"]),
    ],
)
def test_norm_is_half_width(text, norms):
    assert [t.norm_ for t in CHARACTERS(text)] == norms


@ALL
@pytest.mark.parametrize("text", ["", "\n", " ", "\u3000\n ", "\ufeff", "\x00", "a", "\r\n\r\n"])
def test_text_without_words(tokenizer, text):
    assert tokenizer(text).text == text


@ALL
@given(text=ANY_TEXT | REPORT_TEXT)
@settings(max_examples=150, deadline=None)
def test_any_text_is_kept(tokenizer, text):
    doc = tokenizer(text)
    assert doc.text == text
    for token in doc:
        blanks = [char.isspace() for char in token.text]
        assert all(blanks) or not any(blanks)
        assert token.is_space == all(blanks)
        if token.is_space:
            assert (token.lemma_, token.tag_, token.whitespace_) == ("", "", "")
            assert token.norm_ in (" ", "\n")
        else:
            assert len(token.norm_) == len(token.text) and not token.norm_.isspace()
            assert tokenizer is BARE or token.norm_ in token.lemma_ and token.tag_[0] in "BIES"
    # Runs of white space are whole, and a token that owns a space is followed by visible text.
    for left, right in zip(doc, doc[1:], strict=False):
        assert not (right.is_space and (left.is_space or left.whitespace_))


@given(text=REPORT_TEXT, blanks=st.lists(st.sampled_from(["", " ", "\u3000", "  "]), max_size=9))
@settings(deadline=None)
def test_space_inside_a_paragraph_changes_no_word(text, blanks):
    visible = "".join(text.split())
    spaced = "".join(chain.from_iterable(zip_longest(visible, blanks, fillvalue="")))
    assert words_of(CHARACTERS(spaced)) == words_of(CHARACTERS(visible))


def test_no_gold_span_is_lost():
    nlp = spacy.blank("zh")
    nlp.tokenizer = ReportTokenizer(nlp.vocab, JiebaSegmenter())
    count = 0
    for _, report in read_reports(annotated_files(CORPUS)):
        doc, lost = report_to_doc(nlp, report)
        assert doc.text == report.text
        assert lost == []
        count += len(report.entities)
    assert count > 10_000


@pytest.mark.parametrize(
    "text", ["轮椅12台，", "轮椅12台，\n", " ", "7", "7 ", "中\n", "。”", "\n" + " " * 999 + "x"]
)
def test_time_is_linear(text):
    def seconds(size):
        long = (text * size)[:size]
        assert len(CHARACTERS(long).text) == size
        return shortest_time(lambda: CHARACTERS(long))

    # In quadratic time it would be 64 times as long, in linear time 8 times.
    assert seconds(40_000) < 24 * max(seconds(5_000), 0.01)


@pytest.fixture
def nlp():
    nlp = spacy.blank("zh")
    nlp.tokenizer = create_tokenizer(JiebaSegmenter())(nlp)
    return nlp


@ALL
def test_pickle(tokenizer):
    text = "发放轮椅 12\n台。"
    copy = pickle.loads(pickle.dumps(tokenizer))
    assert rows(copy(text)) == rows(tokenizer(text))


def config(segmenter):
    return {
        "nlp": {
            "lang": "zh",
            "tokenizer": {
                "@tokenizers": "zh_report_facts.ReportTokenizer.v1",
                "segmenter": segmenter,
                "words": False,
            },
        }
    }


@pytest.mark.parametrize("segmenter", [None, {"@misc": "zh_report_facts.JiebaSegmenter.v1"}])
def test_pipeline_is_saved_and_loaded(segmenter, tmp_path):
    nlp = spacy.blank("zh", config=config(segmenter))
    text = "发放轮椅 12\n台。"
    expected = rows(nlp(text))
    nlp.to_disk(tmp_path)
    assert rows(spacy.load(tmp_path)(text)) == expected
    copy = spacy.blank("zh", config=config(segmenter)).from_bytes(nlp.to_bytes())
    assert rows(copy(text)) == expected
    assert rows(pickle.loads(pickle.dumps(nlp))(text)) == expected
    nlp.initialize()
    assert rows(nlp(text)) == expected


def test_pipe_in_processes(nlp):
    nlp.add_pipe("sentencizer")
    texts = [f"发放轮椅{i} 台。\n\n走访老人{i}户。" for i in range(20)]
    docs = list(nlp.pipe(texts, n_process=2, batch_size=5))
    assert [rows(doc) for doc in docs] == [rows(nlp(text)) for text in texts]
