from __future__ import annotations

from itertools import product

import numpy
import pytest
import spacy
from gradients import numeric_gradient, shuffle_parameters
from spacy.tokens import Doc, Span
from spacy.training import Example
from spacy.util import fix_random_seed
from test_crf import score_path
from thinc.api import Adam
from tiny import REPORTS, TEXT, found, make_examples, make_pipeline, scores, train

from zh_report_facts.recognizer.component import LONGEST, sequence_lengths

LABELS = ("COUNT", "ITEM", "MONEY", "PERCENT", "PROGRAM")
MODEL = {
    "@architectures": "zh_report_facts.CrfRecognizer.v1",
    "tok2vec": {
        "@architectures": "zh_report_facts.ParagraphEncoder.v1",
        "width": 16,
        "attrs": ["NORM", "LEMMA"],
        "rows": [200, 200],
        "encode": {
            "@architectures": "spacy.MaxoutWindowEncoder.v2",
            "width": 16,
            "window_size": 1,
            "maxout_pieces": 2,
            "depth": 2,
        },
    },
}


@pytest.fixture
def nlp():
    """A pipeline of nothing but a recogniser."""
    fix_random_seed(0)
    nlp = make_pipeline()
    for name in nlp.pipe_names:
        nlp.remove_pipe(name)
    nlp.add_pipe("report_ner", config={"model": MODEL})
    return nlp


@pytest.fixture
def recognizer(nlp):
    return nlp.get_pipe("report_ner")


def initialize(nlp, labels=None):
    settings = {} if labels is None else {"report_ner": {"labels": labels}}
    nlp.config["initialize"]["components"] = settings
    return nlp.initialize(lambda: make_examples(nlp))


def test_labels_are_found_in_the_examples(nlp, recognizer):
    initialize(nlp)
    assert recognizer.labels == LABELS
    assert recognizer.label_data == list(LABELS)


def test_labels_can_be_given(nlp, recognizer):
    initialize(nlp, ["MONEY", "COUNT"])
    assert recognizer.labels == ("COUNT", "MONEY")
    optimizer = Adam(0.02)
    for _ in range(20):
        nlp.update(make_examples(nlp), sgd=optimizer)
    assert {ent.label_ for ent in nlp(TEXT).ents} == {"COUNT", "MONEY"}


def test_label_data_initialises_the_same(nlp, recognizer):
    initialize(nlp)
    data = recognizer.label_data
    initialize(nlp, data)
    assert recognizer.labels == LABELS


def test_labels_are_added_before_initialisation_only(nlp, recognizer):
    assert recognizer.add_label("PLACE") == 1
    assert recognizer.add_label("PLACE") == 0
    initialize(nlp, ["COUNT"])
    assert recognizer.labels == ("COUNT", "PLACE")
    assert recognizer.add_label("PLACE") == 0
    with pytest.raises(ValueError, match="initialised: the label DATE cannot be added"):
        recognizer.add_label("DATE")
    assert recognizer.labels == ("COUNT", "PLACE")


def test_without_labels_nothing_is_found(nlp, recognizer):
    bare = [Example(nlp.make_doc(TEXT), nlp.make_doc(TEXT))]
    nlp.initialize(lambda: bare)
    assert recognizer.labels == ()
    assert nlp(TEXT).ents == ()
    assert nlp.update(bare)["report_ner"] == 0.0


@pytest.mark.parametrize(
    ("text", "lengths"),
    [
        ("", []),
        (" \n", []),
        ("甲乙", [2]),
        ("甲。乙丙。\n丁", [2, 3, 1]),
        ("甲。\n\n乙", [2, 1]),
        ("。。", [1, 1]),
        ("甲" * (LONGEST + 3), [LONGEST, 3]),
        ("甲" * (2 * LONGEST), [LONGEST, LONGEST]),
    ],
)
def test_sequences_end_with_sentences_and_paragraphs(nlp, text, lengths):
    rows, found_lengths = sequence_lengths(nlp.make_doc(text))
    assert found_lengths == lengths
    assert len(rows) == sum(lengths)


@pytest.mark.parametrize("texts", [[], [""], ["", " ", "\n\n"], ["甲"], ["。"], ["🙂"]])
def test_texts_with_nothing_to_find(nlp, texts):
    initialize(nlp)
    examples = [Example(nlp.make_doc(text), nlp.make_doc(text)) for text in texts]
    losses = nlp.update(examples)
    assert numpy.isfinite(losses.get("report_ner", 0.0))
    assert [doc.text for doc in nlp.pipe(texts)] == texts


def test_probability_of_an_entity_is_the_mean_of_all_paths_that_cover_its_tokens(nlp, recognizer):
    initialize(nlp, ["COUNT"])
    texts = ["", "甲乙\n丙。丁戊 己。", "子丑寅卯"]
    compared = 0
    for seed in range(6):
        shuffle_parameters(recognizer.model, seed)
        docs = list(nlp.pipe(texts))
        emissions, transitions = recognizer.model.predict(docs)
        for doc, emission in zip(docs, emissions, strict=True):
            rows, lengths = sequence_lengths(doc)
            edges = numpy.cumsum([0, *lengths])
            for ent in doc.ents:
                at = numpy.flatnonzero((rows >= ent.start) & (rows < ent.end))
                part = numpy.searchsorted(edges, at[0], side="right") - 1
                own = emission[rows[edges[part] : edges[part + 1]]].astype("float64")
                inside = total = 0.0
                for path in product(range(5), repeat=len(own)):
                    weight = numpy.exp(score_path(own, transitions, path))
                    total += weight
                    inside += weight * numpy.mean([path[i - edges[part]] > 0 for i in at])
                assert ent._.score == pytest.approx(inside / total, rel=1e-3)
                compared += 1
    assert compared >= 12


def test_probabilities_hold_in_a_batch(trained):
    texts = [TEXT, "", "\n", "河道清理出动约80人次。", TEXT[:20]]
    recognizer = trained.get_pipe("report_ner")
    docs = [trained.get_pipe("tok2vec")(trained.make_doc(text)) for text in texts]
    together = recognizer.predict(docs)
    for doc, entities in zip(docs, together, strict=True):
        (alone,) = recognizer.predict([doc])
        assert [entity[:3] for entity in alone] == [entity[:3] for entity in entities]
        assert [e[3] for e in alone] == pytest.approx([e[3] for e in entities], rel=1e-4)
        assert all(0 < entity[3] <= 1 for entity in entities)


def test_loss_has_the_gradient_it_gives(nlp, recognizer):
    initialize(nlp)
    examples = [*make_examples(nlp, REPORTS[:1]), Example(nlp.make_doc("\n"), nlp.make_doc("\n"))]
    random = numpy.random.default_rng(0)
    emissions, transitions = recognizer.model.predict([eg.predicted for eg in examples])
    emissions = [random.normal(size=e.shape) for e in emissions]
    transitions = transitions.astype("float64")
    _, (d_emissions, d_transitions) = recognizer.get_loss(examples, (emissions, transitions))
    for array, gradient in [(emissions[0], d_emissions[0]), (transitions, d_transitions)]:
        entries = random.integers(0, array.size, 60)
        expected = numeric_gradient(
            lambda: recognizer.get_loss(examples, (emissions, transitions))[0], array, entries
        )
        numpy.testing.assert_allclose(gradient.reshape(-1)[entries], expected, atol=1e-6)
    assert d_emissions[1].shape == emissions[1].shape
    assert not d_emissions[1].any()


@pytest.mark.parametrize(
    ("text", "entity"),
    [
        ("建成供餐点。\n\n志愿者到场。", "供餐点。\n\n志愿者"),
        ("新开供餐点\n\n第二批志愿者", "供餐点\n\n第二批"),
        ("建成2。5台供餐点", "2。5台"),
        ("建成2500台供餐点", "500台"),
    ],
)
def test_an_entity_that_cannot_be_tagged_is_passed_over(nlp, recognizer, text, entity):
    initialize(nlp)
    reference = Doc(nlp.vocab, words=list(text), spaces=[False] * len(text))
    start = text.index(entity)
    reference.ents = [Span(reference, start, start + len(entity), "COUNT")]
    example = Example(nlp.make_doc(text), reference)
    assert not recognizer.gold_tags(example).any()
    assert nlp.update([example])["report_ner"] < 10


def test_white_space_inside_an_entity_belongs_to_it(nlp, recognizer):
    initialize(nlp)
    doc = nlp.make_doc("建成3 \n台。")
    reference = doc.copy()
    reference.ents = [reference.char_span(2, 6, "COUNT")]
    tags = recognizer.gold_tags(Example(doc, reference))
    begin = 1 + 4 * LABELS.index("COUNT")
    assert [tags[token.i] for token in doc if not token.is_space] == [0, 0, begin, begin + 2, 0]


def test_a_text_without_line_ends_or_full_stops(nlp):
    initialize(nlp)
    text = "建成供餐点12家，" * 700
    doc = nlp.make_doc(text)
    reference = doc.copy()
    reference.ents = [Span(reference, 0, 2, "ITEM")]
    losses = nlp.update([Example(doc, reference)])
    assert 0 < losses["report_ner"] < 10
    assert nlp(text).text == text


def test_a_hundred_kilobytes_of_text(trained):
    text = "\n".join([TEXT] * 700)
    assert len(text.encode()) > 100_000
    doc = trained(text)
    assert doc.text == text
    assert len(doc.ents) == 700 * len(trained(TEXT).ents)


def test_predicted_entities_replace_those_of_before(trained):
    doc = trained(TEXT)
    again = trained(TEXT)
    again.ents = [Span(again, 0, 1, "MONEY")]
    again = trained.get_pipe("report_ner")(again)
    assert found(again)["entities"] == found(doc)["entities"]
    assert all(token.ent_iob != 0 for token in again)


def test_learns_and_loads_and_scores_the_same(nlp, tmp_path):
    initialize(nlp)
    optimizer = Adam(0.02)
    losses = [nlp.update(make_examples(nlp), sgd=optimizer)["report_ner"] for _ in range(40)]
    assert losses[-1] < 0.02 * losses[0]
    before = nlp.evaluate(make_examples(nlp))
    assert before["ents_f"] == 1.0
    assert set(before["ents_per_type"]) == set(LABELS)
    doc = nlp(TEXT)
    nlp.to_disk(tmp_path)
    other = spacy.load(tmp_path)
    assert other.get_pipe("report_ner").labels == LABELS
    assert found(other(TEXT)) == found(doc)
    assert [e._.score for e in other(TEXT).ents] == [e._.score for e in doc.ents]
    after = other.evaluate(make_examples(other))
    assert {k: v for k, v in after.items() if k != "speed"} == {
        k: v for k, v in before.items() if k != "speed"
    }


def test_scores_are_probabilities(initialized):
    values = scores(train(initialized, steps=12)(TEXT))
    assert values and all(0 < value <= 1 and isinstance(value, float) for value in values)
    assert min(values) < 0.999
