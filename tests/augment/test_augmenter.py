import pytest
import spacy
from spacy import registry
from spacy.tokens import Span

from zh_report_facts.augment.augmenter import (
    EDITS,
    LayoutAugmenter,
    create_layout_augmenter,
    doc_to_report,
)
from zh_report_facts.corpus import AnnotatedReports, report_to_doc
from zh_report_facts.notation import parse_report
from zh_report_facts.relations import get_relations

SOURCE = (
    "小结\n[暖阳送餐]{P1}服务[36户]{C>P1,I1}[独居老人]{I1}，明年[40户]{C>P1:TARGET}。\n"
    "[“巧手”编织班]{P1}、[义诊]{P2}共[3期]{C>P1,P2}。\n"
)
KINDS = ["program_names", *EDITS]


@pytest.fixture
def corpus(tmp_path):
    for number in range(8):
        (tmp_path / f"{number}.ann").write_text(f"第{number}号{SOURCE}", encoding="utf-8")
    return tmp_path


def augmented(corpus, levels, seed=0):
    nlp = spacy.blank("zh")
    return list(AnnotatedReports(corpus, augmenter=LayoutAugmenter(levels, seed=seed))(nlp))


def linked(example):
    """The links of an example by the texts of its spans, white space taken out."""
    doc = example.reference
    entities = {(e.start_char, e.end_char): "".join(e.text.split()) for e in doc.ents}
    return [
        (
            entities[relation["start"], relation["end"]],
            relation["role"],
            [entities[head["start"], head["end"]] for head in relation["heads"]],
        )
        for relation in get_relations(doc)
    ]


@pytest.mark.parametrize("levels", [{}, dict.fromkeys(KINDS, 0.0)])
def test_level_zero_changes_nothing(levels):
    nlp = spacy.blank("zh")
    reference, _ = report_to_doc(nlp, parse_report(SOURCE, "r"))
    example = spacy.training.Example(nlp.make_doc(reference.text), reference)
    (same,) = LayoutAugmenter(levels)(nlp, example)
    assert same is example


def test_an_edited_example_is_bare_and_its_reference_follows_the_text(corpus):
    examples = augmented(corpus, {"hard_wraps": 1.0, "stray_spaces": 1.0})
    assert len(examples) == 8
    for example in examples:
        assert not example.predicted.ents and not get_relations(example.predicted)
        assert example.predicted.text == example.reference.text
        assert linked(example) == [
            ("36户", "ACTUAL", ["暖阳送餐", "独居老人"]),
            ("40户", "TARGET", ["暖阳送餐"]),
            ("3期", "ACTUAL", ["“巧手”编织班", "义诊"]),
        ]


def test_all_kinds_together_keep_every_link_on_an_entity(corpus):
    for example in augmented(corpus, dict.fromkeys(KINDS, 0.7)):
        assert all(heads for _, _, heads in linked(example))


def test_changes_are_repeatable_and_differ_from_pass_to_pass(corpus):
    levels = dict.fromkeys(KINDS, 0.5)
    nlp = spacy.blank("zh")
    readers = [AnnotatedReports(corpus, augmenter=LayoutAugmenter(levels)) for _ in range(2)]
    first, second = ([[e.text for e in reader(nlp)] for _ in range(2)] for reader in readers)
    assert first == second
    assert first[0] != first[1]
    assert first[0] != [e.text for e in augmented(corpus, levels, seed=1)]


def test_levels_are_probabilities(corpus):
    original = {e.text for e in augmented(corpus, {})}
    changed = [e.text not in original for e in augmented(corpus, {"crop": 0.5}, seed=1)]
    assert 0 < sum(changed) < 8


def test_a_wrapped_report_stays_as_it_is():
    nlp = spacy.blank("zh")
    doc = nlp.make_doc("暖阳\n送餐")
    doc.ents = [Span(doc, 0, len(doc), "PROGRAM")]
    example = spacy.training.Example(nlp.make_doc(doc.text), doc)
    (same,) = LayoutAugmenter(dict.fromkeys(KINDS, 1.0))(nlp, example)
    assert same is example


def test_what_the_tokeniser_loses_stays_in_the_relations():
    # English tokens end at spaces: 3人 is lost in the first text and could be held in the second.
    nlp = spacy.blank("en")
    reference, lost = report_to_doc(nlp, parse_report("共[3人]{C>P1} [ab]{P1}", "r"))
    assert lost
    example = spacy.training.Example(nlp.make_doc(reference.text), reference)
    (edited,) = LayoutAugmenter({"numbered_paragraphs": 0.0, "wide_digits": 1.0}, seed=0)(
        nlp, example
    )
    assert edited.text == "共３人 ab"
    assert [e.text for e in edited.reference.ents] == ["ab"]
    (relation,) = get_relations(edited.reference)
    assert (relation["start"], relation["end"]) == (1, 3)
    assert relation["heads"] == [{"start": 4, "end": 6, "score": 1.0}]


def test_a_reference_becomes_its_report_again():
    report = parse_report(SOURCE, "")
    doc, _ = report_to_doc(spacy.blank("zh"), report)
    assert doc_to_report(doc) == report


def test_augmenter_is_made_from_a_config(corpus):
    name = "zh_report_facts.LayoutAugmenter.v1"
    config = {
        "reader": {
            "@readers": "zh_report_facts.AnnotatedReports.v1",
            "path": str(corpus),
            "augmenter": {"@augmenters": name, "seed": 3, "levels": {"hard_wraps": 1}},
        }
    }
    assert registry.augmenters.get(name) is create_layout_augmenter
    examples = registry.resolve(config)["reader"](spacy.blank("zh"))
    assert [e.text for e in examples] == [
        e.text for e in augmented(corpus, {"hard_wraps": 1}, seed=3)
    ]


@pytest.mark.parametrize(
    ("levels", "message"),
    [
        ({"wraps": 0.1}, "no edit is called wraps; name one of program_names, crop"),
        ({"crop": 1.5}, "the level of crop is 1.5"),
        ({"crop": float("nan")}, "the level of crop is nan"),
    ],
)
def test_wrong_levels_are_refused(levels, message):
    with pytest.raises(ValueError, match=message):
        LayoutAugmenter(levels)
