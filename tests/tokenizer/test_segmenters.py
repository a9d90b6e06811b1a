"""The word segmenters, and pipelines that keep a pkuseg model inside."""

from __future__ import annotations

import pickle
import shutil

import pytest
import spacy
from hypothesis import given, settings
from hypothesis import strategies as st
from spacy.language import Language
from spacy.util import load_model_from_config
from thinc.api import Config

from scripts.train_pkuseg import train_pkuseg
from zh_report_facts.tokenizer.segmenters import (
    JiebaSegmenter,
    PkusegSegmenter,
    Segmenter,
    StoredSegmenter,
)

PARAGRAPHS = [
    "[家电维修]{P1}服务[12万元]{M>P1}，[老人]{I1}[36户]{C>P1,I1}。",
    "[家电维修]{P1}投入[35.6万元]{M>P1}，走访[老人]{I1}[120户]{C>P1,I1}。",
    "今年发放[图书]{I1}[3000册]{C>I1}，惠及[村（社区）]{I2}[48个]{C>I2}。",
] * 8
TEXT = "今年家电维修投入 48万\n元，走访老人３６户。\n发放图书120册。"
CONFIG = """
[nlp]
lang = "zh"
pipeline = []

[nlp.tokenizer]
@tokenizers = "zh_report_facts.ReportTokenizer.v1"
words = false

[nlp.tokenizer.segmenter]
@misc = "zh_report_facts.JiebaSegmenter.v1"

[initialize]

[initialize.tokenizer]
pkuseg_model = null
"""


def make_pipeline(**overrides) -> Language:
    """A pipeline from the config above, as spaCy's commands make it from their overrides."""
    config = Config().from_str(CONFIG, overrides=overrides)
    return load_model_from_config(config, auto_fill=True)


def make_pkuseg_pipeline(model) -> Language:
    return make_pipeline(
        **{
            "nlp.tokenizer.segmenter.@misc": "zh_report_facts.PkusegSegmenter.v1",
            "initialize.tokenizer.pkuseg_model": model and str(model),
        }
    )


def rows(doc):
    return [(t.text, t.norm_, t.lemma_, t.tag_) for t in doc]


@pytest.fixture(scope="module")
def model(tmp_path_factory):
    """The folder of a tiny pkuseg model."""
    pytest.importorskip("spacy_pkuseg", reason="spacy-pkuseg is not installed")
    folder = tmp_path_factory.mktemp("pkuseg")
    (folder / "reports.ann").write_text("\n".join(PARAGRAPHS), encoding="utf-8")
    train_pkuseg(folder / "reports.ann", folder / "model")
    return folder / "model"


@pytest.fixture(scope="module")
def nlp(model):
    """A pipeline that keeps it; for all tests, which must not change it."""
    nlp = make_pkuseg_pipeline(model)
    nlp.initialize()
    return nlp


def test_jieba_gives_words_and_parts_of_speech():
    assert JiebaSegmenter()("配发轮椅") == [("配发", "v"), ("轮椅", "n")]


@given(st.text(st.characters(exclude_categories=["Cs"])))
@settings(deadline=None)
def test_jieba_loses_nothing(text):
    visible = "".join(text.split())
    assert "".join(word for word, _ in JiebaSegmenter()(visible)) == visible


def test_protocols():
    assert isinstance(JiebaSegmenter(), Segmenter)
    assert not isinstance(JiebaSegmenter(), StoredSegmenter)
    assert isinstance(PkusegSegmenter(), StoredSegmenter)
    assert not isinstance(None, Segmenter)


def test_pkuseg_cuts_at_the_edges_of_spans(nlp):
    words = [word for word, _ in nlp.tokenizer.segmenter("家电维修投入48万元，老人120户。")]
    assert "".join(words) == "家电维修投入48万元，老人120户。"
    assert {"投入", "老人"} <= set(words)
    assert all(token.tag_ in "BIES" for token in nlp(TEXT) if not token.is_space)


@given(text=st.text(st.characters(exclude_categories=["Cs"])))
@settings(deadline=None, max_examples=200)
def test_pkuseg_loses_nothing(nlp, text):
    visible = "".join(text.split())
    assert "".join(word for word, _ in nlp.tokenizer.segmenter(visible)) == visible


def test_pkuseg_pipeline_needs_no_source_files(nlp, model, tmp_path):
    copied = tmp_path / "source"
    shutil.copytree(model, copied)
    other = make_pkuseg_pipeline(copied)
    other.initialize()
    expected = rows(other(TEXT))
    assert expected == rows(nlp(TEXT))
    other.to_disk(tmp_path / "pipeline")
    data = other.to_bytes()
    shutil.rmtree(copied)

    loaded = spacy.load(tmp_path / "pipeline")
    assert rows(loaded(TEXT)) == expected
    assert rows(make_pkuseg_pipeline(copied).from_bytes(data)(TEXT)) == expected
    assert rows(pickle.loads(pickle.dumps(loaded.tokenizer))(TEXT)) == expected
    # Without a new model to load, the loaded one is kept.
    loaded.config["initialize"]["tokenizer"]["pkuseg_model"] = None
    loaded.initialize()
    assert rows(loaded(TEXT)) == expected


def test_pkuseg_pipeline_in_processes(nlp):
    expected = rows(nlp(TEXT))
    assert all(rows(doc) == expected for doc in nlp.pipe([TEXT] * 8, n_process=2, batch_size=2))


def test_pkuseg_without_a_model_says_how_to_get_one(tmp_path):
    nlp = make_pkuseg_pipeline(None)
    with pytest.raises(ValueError, match="train_pkuseg.py"):
        nlp.initialize()
    with pytest.raises(ValueError, match="pkuseg_model"):
        nlp("轮椅")
    # As such it can be saved and loaded, to be initialised later.
    nlp.to_disk(tmp_path)
    assert isinstance(spacy.load(tmp_path).tokenizer.segmenter, PkusegSegmenter)


def test_pkuseg_model_that_is_not_there(tmp_path):
    pytest.importorskip("spacy_pkuseg", reason="spacy-pkuseg is not installed")
    with pytest.raises(ValueError, match="holds no pkuseg model.*train_pkuseg.py"):
        make_pkuseg_pipeline(tmp_path).initialize()
