from __future__ import annotations

import numpy
import pytest

torch = pytest.importorskip("torch", reason='needs pip install -e ".[e5]"')
import spacy  # noqa: E402
from tiny import REPORTS, TEXT  # noqa: E402

from zh_report_facts.dilated import build_dilated_encoder  # noqa: E402
from zh_report_facts.encoder import build_paragraph_encoder, visible_rows  # noqa: E402
from zh_report_facts.pretraining.student import Student  # noqa: E402
from zh_report_facts.tokenizer.segmenters import JiebaSegmenter  # noqa: E402
from zh_report_facts.tokenizer.tokenizer import ReportTokenizer  # noqa: E402

WIDTH = 12


@pytest.fixture(scope="module")
def docs():
    vocab = spacy.blank("zh").vocab
    vocab.reset_vectors(width=3)
    for number, word in enumerate(["食堂", "讲座", "志愿者", "新"]):
        vocab.set_vector(word, numpy.arange(3, dtype="f") - number)
    tokenizer = ReportTokenizer(vocab, JiebaSegmenter())
    return [tokenizer(text) for text in [TEXT, *REPORTS, " \n"]]


@pytest.fixture
def encoder(docs):
    torch.manual_seed(0)
    model = make_encoder()
    model.initialize(X=docs)
    return model


def make_encoder(static=True):
    return build_paragraph_encoder(
        WIDTH,
        ["NORM", "LEMMA", "TAG", "SHAPE"],
        [300, 300, 100, 100],
        build_dilated_encoder(WIDTH, dilations=[1, 2, 1], maxout_pieces=2),
        include_static_vectors=static,
    )


def visible(encoder, docs):
    vectors = zip(docs, encoder.predict(docs), strict=True)
    return numpy.concatenate([rows[visible_rows(doc)[0]] for doc, rows in vectors])


def test_it_sees_what_the_encoder_sees(encoder, docs):
    student = Student(encoder, precision=torch.float32)
    found = student(student.read(docs)).detach()
    numpy.testing.assert_allclose(found, visible(encoder, docs), atol=1e-5)


def test_what_it_learns_is_written_back(encoder, docs):
    student = Student(encoder, precision=torch.float32)
    before = visible(encoder, docs)
    optimizer = torch.optim.Adam(student.parameters(), 0.01)
    wanted = torch.from_numpy(numpy.random.default_rng(0).normal(size=before.shape).astype("f"))
    tokens = student.read(docs)
    losses = []
    for _ in range(60):
        loss = (student(tokens) - wanted).square().mean()
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        losses.append(float(loss.detach()))
    assert losses[-1] < 0.5 * losses[0]
    assert all(parameter.grad.any() for parameter in student.parameters())
    assert (visible(encoder, docs) == before).all()
    student.write_back()
    numpy.testing.assert_allclose(
        visible(encoder, docs), student(tokens).detach().numpy(), atol=1e-4
    )


def test_words_are_hidden(encoder, docs):
    student = Student(encoder)
    plain, hidden = student.read(docs), student.read(docs, word_dropout=1.0)
    changed = (plain.ids != hidden.ids).flatten(2).any(2).any(0)
    assert changed.tolist() == [False, True, False, False]
    assert len(hidden.ids[:, 1].unique(dim=0)) == 1


def test_only_its_own_kind_can_be_taught(docs):
    other = make_encoder(static=False)
    other.initialize(X=docs)
    with pytest.raises(ValueError, match="include_static_vectors = true can be taught"):
        Student(other)
