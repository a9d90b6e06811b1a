from __future__ import annotations

import numpy
import pytest
from tiny import REPORTS, TEXT

from zh_report_facts.encoder import visible_rows
from zh_report_facts.files import InputError
from zh_report_facts.pretraining.teacher import Teacher


@pytest.fixture(scope="module")
def teacher(trained, tmp_path_factory):
    folder = tmp_path_factory.mktemp("teacher")
    trained.to_disk(folder)
    return Teacher(folder)


@pytest.fixture(scope="module")
def docs(trained):
    return [trained.make_doc(text) for text in [TEXT, " \n", *REPORTS]]


def test_visible_tokens_have_vectors(teacher, trained, docs):
    vectors = teacher.vectors(docs)
    sizes = [len(visible_rows(doc)[0]) for doc in docs]
    assert vectors.shape == (sum(sizes), 24)
    (first,) = trained.get_pipe("tok2vec").model.predict(docs[:1])
    numpy.testing.assert_allclose(vectors[: sizes[0]], first[visible_rows(docs[0])[0]], atol=1e-4)


@pytest.mark.parametrize("tags", [0.0, 0.3, 1.0])
def test_who_knows_only_the_mean_is_one_off(teacher, docs, tags):
    vectors = teacher.vectors(docs)
    off = vectors - vectors.mean(axis=0)
    distances = ((off @ teacher.weigh(vectors, tags)) * off).sum(axis=1)
    assert distances.mean() == pytest.approx(1, rel=1e-3)


def test_tags_see_what_the_recogniser_sees(teacher, docs):
    vectors = teacher.vectors(docs)
    unseen = numpy.linalg.svd(teacher.seen)[2][-1]
    only_tags, whole = (teacher.weigh(vectors, tags) for tags in (1.0, 0.0))
    assert unseen @ only_tags @ unseen < 1e-3 * (unseen @ whole @ unseen)


def test_a_teacher_that_cannot_be_loaded(tmp_path):
    with pytest.raises(InputError, match="cannot be loaded"):
        Teacher(tmp_path)
