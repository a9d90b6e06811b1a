from __future__ import annotations

import re

import numpy
import pytest
import spacy
from gradients import check_gradients, shuffle_parameters
from spacy.vectors import Vectors
from tiny import TEXT, found, scores

from zh_report_facts import encoder as encoder_module
from zh_report_facts.dilated import build_dilated_encoder
from zh_report_facts.encoder import build_paragraph_encoder, find_vectors, visible_rows
from zh_report_facts.tokenizer.segmenters import JiebaSegmenter
from zh_report_facts.tokenizer.tokenizer import ReportTokenizer

FIRST, SECOND = TEXT.split("\n")
# A column of 15 characters: names, numbers and units are broken.
COLUMN = re.sub("(.{15})", r"\1\n", FIRST * 3)
SPACED = (
    FIRST.replace("邻里", "邻 里").replace("85.6万", "85 .\u3000 6 万").replace("就餐", "\t就餐")
)


@pytest.fixture(scope="module")
def tokenizer():
    return ReportTokenizer(spacy.blank("zh").vocab, JiebaSegmenter())


def make_encoder(width=6, word_dropout=0.0, sample=None):
    """An encoder; with static vectors where a sample has a vocabulary that holds some."""
    encode = build_dilated_encoder(width, dilations=[1, 2], maxout_pieces=2)
    model = build_paragraph_encoder(
        width,
        ["NORM", "LEMMA", "TAG", "SHAPE"],
        [30, 30, 20, 20],
        encode,
        word_dropout,
        include_static_vectors=sample is not None,
    )
    model.initialize(X=sample)
    shuffle_parameters(model)
    return model


@pytest.fixture(scope="module")
def informed():
    """A tokeniser whose vocabulary holds a vector for a word, for a character, and for a digit."""
    vocab = spacy.blank("zh").vocab
    vocab.reset_vectors(width=3)
    for number, key in enumerate(["邻里", "就", "8", "邻"]):
        vocab.set_vector(key, numpy.arange(3, dtype="f") + number + 1)
    return ReportTokenizer(vocab, JiebaSegmenter())


@pytest.fixture(scope="module")
def encoder():
    return make_encoder()


def visible_vectors(encoder, doc):
    return encoder.predict([doc])[0][visible_rows(doc)[0]]


def check_same(a, b):
    numpy.testing.assert_allclose(a, b, atol=1e-4)


def test_a_token_has_a_row_and_white_space_has_zeros(encoder, tokenizer):
    doc = tokenizer(f" \n{TEXT}\n\n")
    (vectors,) = encoder.predict([doc])
    assert vectors.shape == (len(doc), 6)
    assert [not vector.any() for vector in vectors] == [token.is_space for token in doc]


@pytest.mark.parametrize(
    ("text", "lengths"),
    [
        ("", []),
        (" \n\n ", []),
        ("甲", [1]),
        ("甲乙。\n丙", [3, 1]),
        ("\n\n甲乙。\n\n\n丙丁。\n", [3, 3]),
        ("甲 乙\u3000丙", [3]),
    ],
)
def test_paragraphs_are_counted_in_visible_tokens(tokenizer, text, lengths):
    doc = tokenizer(text)
    rows, found_lengths = visible_rows(doc)
    assert found_lengths == lengths
    assert [doc[i].text for i in rows] == [token.text for token in doc if not token.is_space]


@pytest.mark.parametrize("text", [COLUMN, SPACED, f"\n\n  {FIRST}\n"])
def test_white_space_changes_no_vector(encoder, tokenizer, text):
    plain = tokenizer("".join(text.split()))
    doc = tokenizer(text)
    assert len(doc) > len(plain)
    check_same(visible_vectors(encoder, doc), visible_vectors(encoder, plain))


@pytest.mark.parametrize(
    "text", [COLUMN, SPACED, f"{COLUMN}\n{SECOND}", TEXT.replace("\n", "\n\n")]
)
def test_white_space_changes_nothing_that_is_found(trained, text):
    paragraphs = [FIRST * 3 if text.startswith(COLUMN) else FIRST]
    if SECOND in text:
        paragraphs.append(SECOND)
    doc, plain = trained(text), trained("\n".join(paragraphs))
    assert found(doc) == found(plain)
    assert scores(doc) == pytest.approx(scores(plain), abs=1e-4)
    assert len(doc.ents) >= 5


def test_a_paragraph_does_not_see_its_neighbours(encoder, tokenizer):
    alone = visible_vectors(encoder, tokenizer(SECOND))
    for before in (FIRST, FIRST[::-1]):
        check_same(visible_vectors(encoder, tokenizer(f"{before}\n{SECOND}"))[-len(alone) :], alone)


def test_a_document_does_not_see_its_batch(encoder, tokenizer):
    docs = [tokenizer(text) for text in (FIRST, "", "\n", SECOND, "甲")]
    batch = encoder.predict(docs)
    assert [len(vectors) for vectors in batch] == [len(doc) for doc in docs]
    for doc, vectors in zip(docs, batch, strict=True):
        check_same(encoder.predict([doc])[0], vectors)


@pytest.mark.parametrize("portion", [1, 7, 40])
def test_long_texts_are_encoded_in_portions(encoder, tokenizer, monkeypatch, portion):
    """Only rows at a cut inside a paragraph, here of five tokens, change."""
    doc = tokenizer("甲乙丙丁。\n" * 20)
    (whole,) = encoder.predict([doc])
    for limit in ("LONGEST", "PORTION"):
        monkeypatch.setattr(encoder_module, limit, portion)
    (cut,) = encoder.predict([doc])
    (trained,), _ = encoder.begin_update([doc])
    check_same(cut, trained)
    if portion >= 5:
        check_same(cut, whole)
    else:
        assert abs(cut - whole).max() > 0.1


@pytest.mark.parametrize("texts", [[], [""], ["", " ", "\n\n"]])
def test_nothing_to_encode(encoder, tokenizer, texts):
    docs = [tokenizer(text) for text in texts]
    vectors, backprop = encoder.begin_update(docs)
    assert [v.shape for v in vectors] == [(len(doc), 6) for doc in docs]
    assert backprop([numpy.ones_like(v) for v in vectors]) == docs


@pytest.mark.parametrize("static", [False, True])
def test_gradients(tokenizer, informed, static):
    texts = (f" 甲乙 丙\n\n{SECOND[:9]}", "", "\n", SPACED[:12])
    docs = [(informed if static else tokenizer)(text) for text in texts]
    check_gradients(make_encoder(sample=docs if static else None), docs)


def test_a_token_has_the_vector_of_its_word_or_else_of_itself(informed):
    doc = informed("邻里就餐。")
    assert [token.lemma_ for token in doc][:3] == ["邻里", "邻里", "就餐"]
    vectors = find_vectors(doc)
    word, own = doc.vocab["邻里"].vector.tolist(), doc.vocab["就"].vector.tolist()
    assert vectors.tolist() == [word, word, own, [0, 0, 0], [0, 0, 0]]


def test_static_vectors_tell_words_apart(informed):
    docs = [informed(TEXT)]
    model = make_encoder(sample=docs)
    (before,) = model.predict(docs)
    table = informed.vocab.vectors.data.copy()
    informed.vocab.vectors.data[:] = -table
    (after,) = model.predict(docs)
    informed.vocab.vectors.data[:] = table
    assert abs(after - before).max() > 0.1
    check_same(model.predict(docs)[0], before)


def test_static_vectors_need_a_table(tokenizer):
    with pytest.raises(ValueError, match="no vectors: name a table in initialize.vectors"):
        make_encoder(sample=[tokenizer(TEXT)])


def test_words_are_hidden_in_training_only(tokenizer):
    docs = [tokenizer(TEXT)]
    plain, hiding = make_encoder(), make_encoder(word_dropout=1.0)
    (before,), (predicted,) = plain.predict(docs), hiding.predict(docs)
    (trained,), _ = hiding.begin_update(docs)
    check_same(before, predicted)
    assert abs(predicted - trained).max() > 0.1
    # What is left is what a text of other words with the same characters would show.
    doc = tokenizer(TEXT)
    for token in doc:
        token.lemma = 0
    check_same(trained, hiding.predict([doc])[0])


def test_words_are_hidden_as_the_config_says_whatever_the_weights_were_made_with(tokenizer):
    docs = [tokenizer(TEXT)]
    plain = make_encoder().from_bytes(make_encoder(word_dropout=1.0).to_bytes())
    (trained,), _ = plain.begin_update(docs)
    check_same(trained, plain.predict(docs)[0])


def test_initialisation_from_a_sample_and_without(tokenizer):
    docs = [tokenizer(TEXT), tokenizer("")]
    for sample in (docs, docs[1:], None):
        model = make_encoder().initialize(X=sample)
        assert model.predict(docs)[0].any()


def test_bytes_give_the_same_vectors(encoder, tokenizer):
    doc = tokenizer(TEXT)
    other = make_encoder()
    shuffle_parameters(other, seed=1)
    assert not numpy.allclose(encoder.predict([doc])[0], other.predict([doc])[0])
    other.from_bytes(encoder.to_bytes())
    assert (encoder.predict([doc])[0] == other.predict([doc])[0]).all()


def test_floret_vectors_are_refused(tokenizer):
    vocab = spacy.blank("zh").vocab
    vocab.vectors = Vectors(
        strings=vocab.strings, mode="floret", data=numpy.ones((9, 6), dtype="f"), hash_count=2
    )
    doc = ReportTokenizer(vocab, None)("食堂")
    with pytest.raises(ValueError, match="Floret vectors have no row for a word"):
        make_encoder(sample=[doc])


def test_an_attribute_must_exist():
    with pytest.raises(ValueError, match="POSS is no attribute of a token"):
        build_paragraph_encoder(6, ["NORM", "POSS"], [9, 9], build_dilated_encoder(6, [1, 2], 2))


def test_each_attribute_needs_its_rows():
    with pytest.raises(ValueError, match="attrs and rows differ in length: 2 and 1"):
        build_paragraph_encoder(6, ["NORM", "TAG"], [30], build_dilated_encoder(6, [1, 2], 2))
