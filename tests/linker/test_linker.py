from __future__ import annotations

import numpy
import pytest
import spacy
from gradients import shuffle_parameters
from spacy.tokens import Span
from spacy.training import Example
from spacy.util import load_model_from_config
from thinc.api import Config
from tiny import (
    CONFIG,
    REPORTS,
    TEXT,
    found,
    initialize,
    make_examples,
    make_pipeline,
    scores,
    train,
)

from zh_report_facts.linker import model as linker_model
from zh_report_facts.linker.candidates import join_candidates
from zh_report_facts.linker.truth import entity_spans, find_truth, gold_spans, hide_heads
from zh_report_facts.relations import get_relations
from zh_report_facts.schema import ROLES


@pytest.fixture
def linker(initialized):
    return initialized.get_pipe("fact_linker")


def make_threshold(trained, threshold):
    config = Config().from_str(CONFIG)
    config["components"]["fact_linker"]["threshold"] = threshold
    return load_model_from_config(config, auto_fill=True).from_bytes(
        trained.to_bytes(exclude=["fact_linker"])
    )


def test_the_roles_are_those_of_the_guideline(linker):
    assert linker.labels == ROLES
    assert linker.label_data == list(ROLES)


def test_roles_can_be_given_but_not_changed():
    nlp = make_pipeline()
    nlp.config["initialize"]["components"] = {"fact_linker": {"labels": list(ROLES)}}
    initialize(nlp)
    for wrong in (["ACTUAL"], list(ROLES)[::-1], [*ROLES, "PLAN"]):
        nlp.config["initialize"]["components"] = {"fact_linker": {"labels": wrong}}
        with pytest.raises(ValueError, match="The roles are fixed, ACTUAL, TARGET"):
            initialize(nlp)


def test_a_role_cannot_be_added(linker):
    with pytest.raises(ValueError, match="fixed, .*: PLAN cannot be added"):
        linker.add_label("PLAN")
    assert linker.labels == ROLES


def test_a_wrong_role_in_the_gold_data_is_named(initialized):
    examples = make_examples(initialized, REPORTS[:1])
    examples[0].reference._.relations[0]["role"] = "PLAN"
    with pytest.raises(ValueError, match="The roles are fixed, ACTUAL, .*: mend PLAN"):
        initialized.update(examples)


def test_gold_entities_are_aligned_by_characters(trained):
    example = make_examples(trained, REPORTS[:1])[0]
    reference = spacy.blank("zh").make_doc(example.text)
    reference.ents = [
        reference.char_span(ent.start_char, ent.end_char, ent.label_)
        for ent in example.reference.ents
    ]
    assert len(reference) > len(example.predicted)
    spans = gold_spans(Example(example.predicted, reference))
    assert spans == entity_spans(example.reference)


def test_a_predicted_head_stands_for_the_gold_head_it_overlaps(trained):
    linker = trained.get_pipe("fact_linker")
    (example,) = make_examples(trained, ["[社区邻里食堂]{P1}投入[85.6万元]{M>P1}，[会议]{I1}。"])
    doc = example.predicted
    program, amount, meeting = gold_spans(example)
    heads = [
        (program[0], program[0] + 2, "PROGRAM"),
        (program[0] + 2, program[1], "ITEM"),
        amount,
        meeting,
    ]
    views = [(0, heads), (0, gold_spans(example))]
    candidates = join_candidates(linker.candidates([doc], views))
    truth = find_truth([example], views, candidates)
    linked = [tuple(pair) for pair, link in zip(candidates.pairs, truth.links, strict=True) if link]
    assert sorted(linked) == [(1, 2), (4, 5)]
    assert truth.roles.tolist() == [[1, 0, 0, 0, 0]] * 2
    assert truth.complete.tolist() == [[1], [1]]


def test_hidden_heads_leave_a_quantity_incomplete(trained):
    linker = trained.get_pipe("fact_linker")
    (example,) = make_examples(
        trained, ["[邻里食堂]{P1}收到[30册]{C>P1,I1}[图书]{I1}，又[9元]{M}。"]
    )
    spans = gold_spans(example)
    assert hide_heads(spans, 0) == spans
    quantities = hide_heads(spans, 1)
    assert [label for *_, label in quantities] == ["COUNT", "MONEY"]
    views = [(0, spans), (0, spans[:-2] + spans[-1:]), (0, quantities)]
    candidates = join_candidates(linker.candidates([example.predicted], views))
    truth = find_truth([example], views, candidates)
    assert truth.complete.tolist() == [[1], [1], [0], [1], [0], [1]]


def test_a_quantity_whose_head_is_missing_is_less_sure():
    nlp = initialize(make_pipeline())
    nlp.get_pipe("fact_linker").cfg["hidden_heads"] = 0.5
    train(nlp, steps=60)
    linker = nlp.get_pipe("fact_linker")
    means = []
    for share in (0, 1):
        scores = []
        for example in make_examples(nlp):
            doc = example.predicted.copy()
            doc.ents = [Span(doc, *span) for span in hide_heads(gold_spans(example), share)]
            scores += [relation["complete_score"] for relation in get_relations(linker(doc))]
        means.append(numpy.mean(scores))
    assert means[1] < means[0] / 2


def test_a_quantity_that_is_none_in_the_gold_data_teaches_no_role_and_no_link(trained):
    linker = trained.get_pipe("fact_linker")
    (example,) = make_examples(trained, ["[邻里食堂]{P1}投入[85.6万元]{M>P1:TARGET}。"])
    program, (start, end, label) = gold_spans(example)
    views = [(0, [program, (start + 1, end, label)])]
    candidates = join_candidates(linker.candidates([example.predicted], views))
    truth = find_truth([example], views, candidates)
    assert truth.links.tolist() == [[0.0]]
    assert not truth.roles.any()


@pytest.mark.parametrize("texts", [[], [""], ["", "\n", "🙂"], ["没有", "投入3万元"]])
def test_batches_with_nothing_to_link(initialized, linker, texts):
    examples = [Example(initialized.make_doc(text), initialized.make_doc(text)) for text in texts]
    losses = initialized.update(examples, annotates=["tok2vec", "report_ner"])
    assert numpy.isfinite(losses.get("fact_linker", 0.0))
    assert linker.predict([]) == []
    linker.set_annotations([], [])
    for text in texts:
        assert get_relations(linker(initialized.make_doc(text))) == []


def test_relations_of_before_are_replaced(trained):
    doc = trained(TEXT)
    doc.ents = []
    assert get_relations(trained.get_pipe("fact_linker")(doc)) == []


def test_every_quantity_has_one_relation_in_text_order(trained):
    doc = trained(TEXT)
    quantities = [e for e in doc.ents if e.label_ in ("COUNT", "MONEY", "PERCENT")]
    relations = get_relations(doc)
    assert [(r["start"], r["end"]) for r in relations] == [
        (e.start_char, e.end_char) for e in quantities
    ]
    for relation in relations:
        assert relation["role"] in ROLES
        starts = [head["start"] for head in relation["heads"]]
        assert starts == sorted(starts)


def test_the_threshold_decides(trained):
    linker = trained.get_pipe("fact_linker")
    everything = len(linker.predict([trained(TEXT)])[0].candidates.pairs)
    counts = []
    for threshold in (0.0, 0.5, 1.1):
        nlp = make_threshold(trained, threshold)
        nlp.get_pipe("fact_linker").model.from_bytes(linker.model.to_bytes())
        heads = [head for r in get_relations(nlp(TEXT)) for head in r["heads"]]
        assert all(head["score"] >= threshold for head in heads)
        counts.append(len(heads))
    assert counts == [everything, 9, 0]
    assert everything > 9


def test_dropout_changes_what_is_learnt_and_is_gone_after(initialized, linker):
    examples = make_examples(initialized)
    shuffle_parameters(linker.model)
    # The shared encoder's vectors, once for all.
    initialized.update(examples, drop=0.0, sgd=False)
    before, dropped, after = (
        linker.update(examples, drop=drop)["fact_linker"] for drop in (0.0, 0.5, 0.0)
    )
    assert before == pytest.approx(after)
    assert before != pytest.approx(dropped)


def test_learns_and_loads_and_scores_the_same(trained, tmp_path):
    before = trained.evaluate(make_examples(trained))
    assert before["facts_f"] == before["role_acc"] == before["ents_f"] == 1.0
    trained.to_disk(tmp_path)
    other = spacy.load(tmp_path)
    one, two = trained(TEXT), other(TEXT)
    assert found(one) == found(two)
    assert scores(one) == scores(two)
    after = other.evaluate(make_examples(other))
    assert after["facts_f"] == 1.0


def test_a_linker_without_a_shared_encoder_works():
    nlp = make_pipeline()
    for name in nlp.pipe_names:
        nlp.remove_pipe(name)
    nlp.add_pipe("fact_linker")
    initialize(nlp)
    doc = nlp.make_doc(TEXT)
    doc.ents = [Span(doc, 2, 6, "PROGRAM"), doc.char_span(8, 11, "COUNT")]
    (relation,) = get_relations(nlp.get_pipe("fact_linker")(doc))
    assert relation["role"] in ROLES
    losses = [nlp.update(make_examples(nlp))["fact_linker"] for _ in range(3)]
    assert losses[2] < losses[0]


def test_a_heading_reaches_the_numbers_below(trained):
    docs = [trained(f"{heading}\n{TEXT}") for heading in ("下年计划", "上年完成")]
    assert found(docs[0])["entities"] == found(docs[1])["entities"]
    assert scores(docs[0]) != pytest.approx(scores(docs[1]), abs=1e-5)


def test_a_batch_is_scored_in_parts_to_the_same_end(trained, monkeypatch):
    texts = [TEXT, *TEXT.split("\n"), TEXT]
    whole = list(trained.pipe(texts, batch_size=len(texts)))
    # A paragraph of TEXT holds three quantities.
    monkeypatch.setattr(linker_model, "PORTION", 3)
    for one, other in zip(whole, trained.pipe(texts, batch_size=len(texts)), strict=True):
        assert found(one) == found(other)
        assert scores(one) == pytest.approx(scores(other), abs=1e-5)
