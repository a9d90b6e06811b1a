from __future__ import annotations

import pytest
from spacy.language import Language
from tiny import initialize, make_pipeline, train


@pytest.fixture(scope="session")
def trained() -> Language:
    """The tiny pipeline, trained; one for all tests, which must not change it."""
    return train(initialize(make_pipeline()))


@pytest.fixture
def initialized() -> Language:
    """The tiny pipeline, initialised; the test's own."""
    return initialize(make_pipeline())
