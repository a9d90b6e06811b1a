"""The faults of spaCy's public relation tutorial are absent here, each with its test.

The tutorial: explosion/projects, tutorials/rel_component, as run with spaCy 3.8.
"""

from __future__ import annotations

import pickle
import subprocess
import sys
from pathlib import Path

import numpy
import pytest
import spacy
from gradients import check_gradients, numeric_gradient, shuffle_parameters
from spacy.tokens import Doc, DocBin
from spacy.training import Example
from spacy.util import load_config, load_model_from_config
from thinc.api import Adam, Config
from tiny import CONFIG, REPORTS, TEXT, found, make_examples, make_pipeline, scores

from zh_report_facts.linker.candidates import find_candidates
from zh_report_facts.linker.truth import Truth, entity_spans
from zh_report_facts.schema import HEADS, ROLES

ANNOTATING = ["tok2vec", "report_ner"]
UNPAIRED = "全年举行各类会议。\n[邻里食堂]{P1}开张，[供餐点]{I1}热闹。\n投入[85.6万元]{M}。"


def parameters(component):
    return {
        (node.id, name): node.get_param(name).copy()
        for node in component.model.walk()
        for name in node.param_names
    }


def changed(before, component):
    return any((before[key] != value).any() for key, value in parameters(component).items())


def test_1_settings_are_valid_with_and_without_optional_ones():
    nlp = load_model_from_config(Config().from_str(CONFIG), auto_fill=True, validate=True)
    again = load_model_from_config(Config().from_str(nlp.config.to_str()), validate=True)
    assert again.pipe_names == nlp.pipe_names
    bare = spacy.blank("zh")
    for name in ("report_ner", "quantity", "fact_linker"):
        bare.add_pipe(name)
    load_model_from_config(Config().from_str(bare.config.to_str()), validate=True)


def test_2_the_gradient_of_an_entity_in_many_pairs_is_right(initialized):
    linker = initialized.get_pipe("fact_linker")
    doc = make_examples(initialized, REPORTS[:1])[0].reference
    initialized.get_pipe("tok2vec")(doc)
    candidates = find_candidates(doc, entity_spans(doc))
    heads = candidates.pairs[:, 0].tolist()
    assert max(heads.count(head) for head in heads) == 3
    shuffle_parameters(linker.model)
    check_gradients(linker.model, ([doc], candidates))


@pytest.mark.parametrize(
    "text",
    [
        "",
        " ",
        "\n\n",
        "甲",
        "🙂",
        "各类会议。",
        "邻里食堂开张。",
        "投入85.6万元。",
        "85.6万元\n食堂",
    ],
)
def test_3_texts_without_a_pair_pass(trained, text):
    assert trained(text).text == text
    docs = list(trained.pipe([text, TEXT, text]))
    assert [doc.text for doc in docs] == [text, TEXT, text]
    assert found(docs[1]) == found(trained(TEXT))
    assert list(trained.pipe([])) == []


@pytest.mark.parametrize("source", [UNPAIRED, REPORTS[-1], "\\[各类\\]", "投入[85.6万元]{M}。"])
def test_4_a_batch_without_pairs_keeps_the_gradient_of_the_recogniser(initialized, source):
    tok2vec, recognizer, linker = (
        initialized.get_pipe(name) for name in ("tok2vec", "report_ner", "fact_linker")
    )
    # From zeros no gradient would reach the encoder at first.
    shuffle_parameters(recognizer.model)
    examples = make_examples(initialized, [source])
    assert not len(
        find_candidates(examples[0].reference, entity_spans(examples[0].reference)).pairs
    )
    before = parameters(tok2vec)
    tok2vec.update(examples)
    recognizer.update(examples)
    linker.update(examples)
    tok2vec.finish_update(Adam(0.01))
    assert changed(before, tok2vec)


def test_4_joint_training_goes_on_in_batches_without_pairs(initialized):
    examples = make_examples(initialized, [UNPAIRED])
    optimizer = Adam(0.02)
    before = parameters(initialized.get_pipe("tok2vec"))
    losses = [initialized.update(examples, sgd=optimizer, annotates=ANNOTATING) for _ in range(25)]
    assert changed(before, initialized.get_pipe("tok2vec"))
    assert losses[-1]["report_ner"] < 0.1 * losses[0]["report_ner"]
    assert found(initialized(examples[0].text)) == found(examples[0].reference) | {
        "values": [("856000", None, "CNY", "exact")]
    }


def test_5_gold_entities_do_not_leak_into_what_is_predicted(initialized):
    examples = make_examples(initialized)
    before = [example.reference.to_bytes() for example in examples]
    # Nothing is learnt: the parameters stay.
    initialized.update(examples, sgd=False, annotates=ANNOTATING)
    assert all(example.predicted.ents == () for example in examples)
    assert [example.reference.to_bytes() for example in examples] == before
    # A recogniser that knows nothing scores nothing.
    result = initialized.evaluate(examples)
    assert result["ents_f"] == 0.0
    assert result["facts_r"] == 0.0


def test_6_the_linker_learns_from_the_encoder_and_from_predicted_entities(trained, monkeypatch):
    config = load_config(Path(__file__).parents[1] / "configs" / "default.cfg")
    assert config["training"]["annotating_components"] == ANNOTATING
    seen = []
    linker = trained.get_pipe("fact_linker")

    def update(examples, **_):
        seen.extend(
            (example.predicted, found(example.predicted)["entities"]) for example in examples
        )

    monkeypatch.setattr(linker, "update", update)
    examples = make_examples(trained)
    trained.update(examples, sgd=False, annotates=ANNOTATING)
    for (doc, entities), example in zip(seen, examples, strict=True):
        assert doc.tensor.any()
        assert entities == found(example.reference)["entities"]


def test_7_links_of_an_entity_that_was_missed_count_as_missed(trained):
    linker = trained.get_pipe("fact_linker")
    (example,) = make_examples(trained, REPORTS[:1])
    doc = example.predicted = trained(example.reference.text)
    doc.ents = [ent for ent in doc.ents if ent.text != "85.6万元" and ent.text != "供餐点"]
    kept = {(ent.start_char, ent.end_char) for ent in doc.ents}
    doc._.relations = [
        {**relation, "heads": [x for x in relation["heads"] if (x["start"], x["end"]) in kept]}
        for relation in doc._.relations
        if (relation["start"], relation["end"]) in kept
    ]
    result = linker.score([example])
    assert result["facts_p"] == 1.0
    assert result["facts_r"] == pytest.approx(2 / 4)
    example.predicted = linker(trained.make_doc(doc.text))
    result = linker.score([example])
    assert (result["facts_p"], result["facts_r"], result["facts_f"]) == (0.0, 0.0, 0.0)


def check_stored(doc, stored):
    assert found(stored) == found(doc)
    assert scores(stored) == scores(doc)
    assert [fact.to_dict() for fact in stored._.facts] == [fact.to_dict() for fact in doc._.facts]
    assert doc._.facts


def test_8_documents_come_back_whole_from_storage(trained):
    doc = trained(TEXT)
    check_stored(doc, Doc(trained.vocab).from_bytes(doc.to_bytes()))
    check_stored(doc, pickle.loads(pickle.dumps(doc)))
    data = DocBin(store_user_data=True, docs=[doc, doc]).to_bytes()
    for stored in DocBin().from_bytes(data).get_docs(trained.vocab):
        check_stored(doc, stored)


def test_8_worker_processes_find_the_same(trained):
    texts = [TEXT, "", TEXT[:30], "\n", "没有。", TEXT]
    single = list(trained.pipe(texts))
    double = list(trained.pipe(texts, n_process=2, batch_size=2))
    assert [doc.text for doc in double] == texts
    for one, two in zip(single, double, strict=True):
        assert found(one) == found(two)
        assert scores(one) == pytest.approx(scores(two), abs=1e-5)


@pytest.mark.parametrize("way", ["disk", "bytes", "pickle"])
def test_8_pipelines_come_back_whole_from_storage(trained, way, tmp_path):
    if way == "disk":
        trained.to_disk(tmp_path)
        stored = spacy.load(tmp_path)
    elif way == "bytes":
        stored = make_pipeline().from_bytes(trained.to_bytes())
    else:
        # spaCy cannot pickle listeners that were trained in this process.
        loaded = make_pipeline().from_bytes(trained.to_bytes())
        stored = pickle.loads(pickle.dumps(loaded))
    for text in (TEXT, "", "去年技能夜校招收学员80名，发放7.5万元。"):
        one, two = trained(text), stored(text)
        assert found(one) == found(two)
        assert scores(one) == scores(two)


def test_10_the_gradient_of_the_linker_is_that_of_its_loss_and_does_not_vanish(trained):
    linker = trained.get_pipe("fact_linker")
    random = numpy.random.default_rng(0)
    links, quantities = random.normal(0, 3, (6, 1)), random.normal(0, 3, (4, len(ROLES) + 1))
    links[0] = -12.0
    truth = Truth(
        numpy.array([[1], [0], [0], [1], [0], [0]], dtype="f"),
        numpy.eye(len(ROLES), dtype="f")[[0, 3, 1, 4]],
        numpy.array([[1], [0], [0], [1]], dtype="f"),
    )
    truth.roles[2] = 0  # a quantity that is none in the gold data
    _, gradients = linker.get_loss(truth, (links, quantities), 7)
    for array, gradient in zip((links, quantities), gradients, strict=True):
        expected = numeric_gradient(
            lambda: linker.get_loss(truth, (links, quantities), 7)[0],
            array,
            numpy.arange(array.size),
        )
        numpy.testing.assert_allclose(gradient.reshape(-1), expected, atol=2e-3)
    assert gradients[0][0] == pytest.approx(-1 / 7, rel=1e-3)
    assert not gradients[1][2].any()


def test_11_candidates_are_a_head_and_a_quantity_of_one_paragraph(trained):
    doc = trained("\n".join([TEXT] * 2))
    entities = entity_spans(doc)
    candidates = find_candidates(doc, entities)
    for head, quantity in candidates.pairs:
        assert entities[head][2] in HEADS
        assert entities[quantity][2] not in HEADS
        start, end = sorted((entities[head][0], entities[quantity][0]))
        assert "\n" not in {token.norm_ for token in doc[start:end]}
    n = len(entities)
    assert 0 < len(candidates.pairs) < 0.2 * n * (n - 1)


def test_12_initialisation_needs_no_pair_in_the_sample():
    nlp = make_pipeline()
    nlp.initialize(lambda: make_examples(nlp, [REPORTS[-1]]))
    assert nlp.get_pipe("fact_linker").label_data == list(ROLES)
    doc = nlp.make_doc(TEXT)
    doc.ents = make_examples(nlp, ["\n".join(REPORTS[:2])])[0].reference.ents
    for name in ("tok2vec", "fact_linker"):
        doc = nlp.get_pipe(name)(doc)
    assert len(doc._.relations) == 6


def test_12_labels_do_not_depend_on_the_order_of_the_examples():
    labels = []
    for sources in (REPORTS, REPORTS[::-1]):
        nlp = make_pipeline()
        nlp.initialize(lambda nlp=nlp, sources=sources: make_examples(nlp, sources))
        labels.append(nlp.get_pipe("report_ner").labels)
    assert labels[0] == labels[1] == tuple(sorted(labels[0]))


def test_13_components_need_no_import_and_bear_one():
    program = (
        "import spacy; nlp = spacy.blank('zh'); nlp.add_pipe('fact_linker');"
        "import zh_report_facts.linker.component, zh_report_facts.recognizer.component;"
        "nlp.add_pipe('report_ner', first=True); print(nlp.pipe_names)"
    )
    result = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=True
    )
    assert result.stdout.strip() == "['report_ner', 'fact_linker']"


def test_an_example_whose_reference_is_its_prediction_is_scored_full(trained):
    doc = trained(TEXT)
    result = trained.get_pipe("fact_linker").score([Example(doc, doc.copy())])
    assert result["facts_f"] == 1.0
