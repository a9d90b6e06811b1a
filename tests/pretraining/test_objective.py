from __future__ import annotations

import numpy
import pytest
from spacy.training.pretrain import make_update
from thinc.api import Adam, NumpyOps
from tiny import REPORTS, TEXT

from zh_report_facts.dilated import build_dilated_encoder
from zh_report_facts.encoder import build_paragraph_encoder
from zh_report_facts.pretraining.objective import TeacherLoss, create_teacher_objective

OPS = NumpyOps()


@pytest.fixture(scope="module")
def teacher(trained, tmp_path_factory):
    folder = tmp_path_factory.mktemp("teacher")
    trained.to_disk(folder)
    return folder


@pytest.fixture(scope="module")
def docs(trained):
    return [trained.make_doc(text) for text in [TEXT, *REPORTS]]


def make_student(width=24):
    model = build_paragraph_encoder(
        width,
        ["NORM", "LEMMA", "TAG", "SHAPE"],
        [300, 300, 100, 100],
        build_dilated_encoder(width, dilations=[1, 2], maxout_pieces=2),
    )
    model.initialize()
    return model


def test_the_teacher_has_nothing_to_learn(teacher, trained, docs):
    loss = TeacherLoss(teacher, tags=0.3)
    value, gradient = loss(OPS, docs, trained.get_pipe("tok2vec").model.predict(docs))
    # Its vectors are kept in half precision.
    assert value < 1e-4
    assert max(float(numpy.abs(rows).max()) for rows in gradient) < 1e-3


def test_gradient_is_that_of_the_loss(teacher, docs):
    loss = TeacherLoss(teacher, tags=0.5)
    predictions = make_student().predict(docs)
    value, gradient = loss(OPS, docs, predictions)
    step = 1e-3
    moved = [rows - step * d_rows for rows, d_rows in zip(predictions, gradient)]
    below, _ = loss(OPS, docs, moved)
    # The loss is quadratic: its gradient is twice what is given, as in thinc's own losses.
    expected = 2 * step * sum(float((d_rows**2).sum()) for d_rows in gradient)
    assert value - below == pytest.approx(expected, rel=0.05)


def test_a_student_comes_near_its_teacher(teacher, trained, docs):
    student = make_student()
    model = create_teacher_objective(teacher)(trained.vocab, student)
    assert model.get_ref("tok2vec") is student
    losses = [make_update(model, docs, Adam(0.01), model.attrs["loss"]) for _ in range(60)]
    assert losses[-1] < losses[0] * 0.3


def test_the_teacher_reads_a_text_once(teacher, docs, monkeypatch):
    loss = TeacherLoss(teacher, tags=0.0)
    predictions = make_student().predict(docs)
    first = loss(OPS, docs, predictions)
    monkeypatch.setattr(loss.nlp, "make_doc", None)
    assert loss(OPS, docs, predictions)[0] == first[0]


def test_a_first_batch_without_text_spoils_nothing(teacher, trained, docs):
    loss, student = TeacherLoss(teacher, tags=0.3), make_student()
    nothing = [trained.make_doc("")]
    value, gradient = loss(OPS, nothing, student.predict(nothing))
    assert value == 0.0
    assert [rows.shape for rows in gradient] == [(0, 24)]
    assert loss(OPS, docs, student.predict(docs))[0] > 0


def test_other_widths_are_refused(teacher, docs):
    with pytest.raises(ValueError, match="same tokenizer and width"):
        TeacherLoss(teacher, tags=0.3)(OPS, docs, make_student(width=8).predict(docs))
