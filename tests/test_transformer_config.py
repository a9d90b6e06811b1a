"""The transformer variant: its config trains, and what it trains loads without the hub."""

from __future__ import annotations

import re
from pathlib import Path

import numpy
import pytest
import spacy
from spacy.training.initialize import init_nlp
from spacy.training.loop import train
from spacy.util import load_config, load_model_from_config

REASON = 'needs pip install "zh_report_facts[transformers]"'
pytest.importorskip("spacy_curated_transformers", reason=REASON)
transformers = pytest.importorskip("transformers", reason=REASON)
torch = pytest.importorskip("torch", reason=REASON)
# Threads of the parent would be missing in the forked worker processes, which then wait for ever.
torch.set_num_threads(1)

CONFIG = Path(__file__).parents[1] / "configs" / "transformer.cfg"
SIZES = {
    "hidden_width": 32,
    "intermediate_width": 64,
    "num_attention_heads": 2,
    "num_hidden_layers": 2,
}
# Half precision needs a GPU.
MODEL = {**SIZES, "mixed_precision": False}
REPORTS = [
    "今年[邻里食堂]{P1}新开[12家]{C>P1,I1}[供餐点]{I1}，投入[85.6万元]{M>P1}。\n",
    "[银发讲堂]{P1}办了[36场]{C>P1,I1}[讲座]{I1}，到课率[92%]{R>P1}，明年办[40场]{C>P1:TARGET}。\n",
    "[河道清理]{P1}出动[300人次]{C>P1,I1}[志愿者]{I1}，比去年多[15%]{R>P1:CHANGE}。\n",
]
TEXT = "今年邻里食堂新开12家供餐点，投入85.6万元。银发讲堂办了36场讲座，到课率92%。"


@pytest.fixture(scope="module")
def bert(tmp_path_factory):
    """A tiny BERT with random weights, in the files that a model on the hub has."""
    folder = tmp_path_factory.mktemp("bert")
    characters = sorted({c for report in REPORTS for c in report if not c.isspace()})
    special = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]"]
    pieces = [*special, *characters, *(f"##{digit}" for digit in range(10))]
    (folder / "vocab.txt").write_text("\n".join(pieces), encoding="utf-8")
    config = transformers.BertConfig(
        vocab_size=len(pieces),
        hidden_size=SIZES["hidden_width"],
        intermediate_size=SIZES["intermediate_width"],
        num_attention_heads=SIZES["num_attention_heads"],
        num_hidden_layers=SIZES["num_hidden_layers"],
    )
    torch.manual_seed(0)
    transformers.BertModel(config).save_pretrained(folder)
    return folder


@pytest.fixture(scope="module")
def initialized(tmp_path_factory, bert):
    """Make the pipeline of the config, at the size of the tiny BERT, on three reports."""
    corpus = tmp_path_factory.mktemp("corpus")
    for i, report in enumerate(REPORTS):
        (corpus / f"{i}.ann").write_text(report, encoding="utf-8")
    model = {**MODEL, "vocab_size": len(transformers.AutoTokenizer.from_pretrained(bert))}
    overrides = {f"components.transformer.model.{name}": value for name, value in model.items()}
    overrides |= {
        "paths.train": str(corpus),
        "paths.dev": str(corpus),
        "paths.transformer": str(bert),
        "training.max_steps": 40,
        "training.eval_frequency": 20,
        "training.optimizer.learn_rate.warmup_steps": 5,
        "training.optimizer.learn_rate.initial_rate": 0.01,
    }
    return lambda: init_nlp(load_config(CONFIG, overrides), use_gpu=-1)


@pytest.fixture(scope="module")
def trained(tmp_path_factory, initialized):
    """The pipeline after some steps of training, and the folder it was saved in."""
    return train(initialized(), tmp_path_factory.mktemp("training"), use_gpu=-1)


def found(doc):
    """All that a pipeline says of a document, with offsets among its visible characters."""
    place = numpy.cumsum([0, *(not c.isspace() for c in doc.text)])
    entities = [(place[ent.start_char], place[ent.end_char], ent.label_) for ent in doc.ents]
    links = [
        (place[r["start"]], r["role"], [place[head["start"]] for head in r["heads"]])
        for r in doc._.relations
    ]
    values = [(q["value"], q["unit"], q["bound"]) for q in doc._.quantities]
    return entities, links, values


def transform(nlp, text):
    """Run the transformer alone: the document, and the lengths and vectors of its pieces."""
    doc = nlp.get_pipe("transformer")(nlp.make_doc(text))
    output = doc._.trf_data.last_hidden_layer_state
    return doc, output.lengths.tolist(), output.dataXd


def test_config_needs_no_network_to_fill():
    config = load_config(CONFIG)
    nlp = load_model_from_config(config, auto_fill=True)
    default = load_config(CONFIG.with_name("default.cfg"))
    assert nlp.pipe_names[1:-1] == default["nlp"]["pipeline"][1:]
    assert nlp.get_pipe("transformer").listening_components == ["report_ner", "fact_linker"]


def test_starts_from_the_pretrained_model(initialized, bert):
    _, lengths, vectors = transform(initialized(), TEXT)
    pieces = transformers.AutoTokenizer.from_pretrained(bert)(TEXT, return_tensors="pt")
    with torch.no_grad():
        expected = transformers.AutoModel.from_pretrained(bert)(**pieces).last_hidden_state
    assert sum(lengths) == len(vectors)
    numpy.testing.assert_allclose(vectors, expected[0, 1:-1].numpy(), atol=1e-5)


def test_learns_and_loads_the_same_without_the_pretrained_model(trained, monkeypatch):
    nlp, path = trained
    before = nlp(TEXT)
    entities, links, _ = found(before)
    assert [label for *_, label in entities].count("COUNT") == 2
    assert any(heads for *_, heads in links)
    monkeypatch.setattr(transformers.AutoModel, "from_pretrained", None)
    monkeypatch.setattr(transformers.AutoTokenizer, "from_pretrained", None)
    after = spacy.load(path)(TEXT)
    assert found(after) == found(before)
    assert [ent._.score for ent in after.ents] == [ent._.score for ent in before.ents]


def test_training_reaches_the_transformer(initialized, trained):
    nlp, _ = trained
    change = transform(nlp, TEXT)[2] - transform(initialized(), TEXT)[2]
    assert numpy.abs(change).mean() > 0.1


def test_wrapped_text_reads_as_unwrapped(trained):
    nlp, _ = trained
    text = TEXT * 4
    wrapped = re.sub("(.{15})", r"\1\n", text)
    doc, lengths, _ = transform(nlp, wrapped)
    assert [n == 0 for n in lengths] == [token.is_space for token in doc]
    assert found(nlp(wrapped)) == found(nlp(text))
    assert any("\n" in ent.text for ent in nlp(wrapped).ents)


def test_reads_reports_longer_than_the_model(trained):
    nlp, _ = trained
    text = TEXT * 40
    doc, lengths, vectors = transform(nlp, text)
    assert min(lengths) > 0
    assert len(lengths) == len(doc) > 512
    assert vectors.any(axis=1).all()
    assert nlp(text).ents[-1].end_char > len(text) - len(TEXT)


@pytest.mark.parametrize("text", ["", "\n", "邻", "🙂"])
def test_short_and_strange_texts(trained, text):
    nlp, _ = trained
    assert nlp(text).text == text
    assert [doc.text for doc in nlp.pipe([text, TEXT])] == [text, TEXT]


def test_worker_processes_find_the_same(trained):
    nlp, _ = trained
    doc = nlp(TEXT)
    assert doc._.trf_data is None
    assert [found(d) for d in nlp.pipe([TEXT, TEXT], n_process=2)] == [found(doc)] * 2
