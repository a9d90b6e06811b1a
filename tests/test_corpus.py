import logging

import pytest
import spacy
from spacy import registry
from spacy.tokens import DocBin
from thinc.api import Config

from zh_report_facts.corpus import (
    AnnotatedReports,
    annotated_files,
    corpus_files,
    load_tokenizer,
    make_annotated_reports,
    report_to_doc,
)
from zh_report_facts.files import InputError
from zh_report_facts.notation import NotationError, parse_report
from zh_report_facts.relations import get_relations
from zh_report_facts.report import Entity
from zh_report_facts.tokenizer.segmenters import JiebaSegmenter
from zh_report_facts.tokenizer.tokenizer import ReportTokenizer

SOURCE = (
    "# 自拟\n小结\n[暖阳送餐]{P1}服务[36户]{C>P1,I1}[独居老人]{I1}，明年[40户]{C>P1:TARGET}。\n"
)


@pytest.fixture
def corpus(tmp_path):
    """Four reports in a folder: one of them has no text."""
    folder = tmp_path / "corpus"
    (folder / "more").mkdir(parents=True)
    (folder / "a.ann").write_text(SOURCE, encoding="utf-8")
    (folder / "b.ann").write_text("共[3人]{C}。\n", encoding="utf-8")
    (folder / "empty.ann").write_text("# 没有正文\n", encoding="utf-8")
    (folder / "more" / "c.ann").write_text("没有数字。\n", encoding="utf-8")
    (folder / "notes.txt").write_text("x", encoding="utf-8")
    return folder


def texts(examples):
    return [example.reference.text[:2] for example in examples]


def test_example_is_a_bare_document_and_its_annotated_reference(corpus):
    example = next(AnnotatedReports(corpus)(spacy.blank("zh")))
    assert not example.predicted.ents
    assert get_relations(example.predicted) == []
    assert example.predicted.text == example.reference.text
    reference = example.reference
    assert [(span.text, span.label_) for span in reference.ents] == [
        ("暖阳送餐", "PROGRAM"),
        ("36户", "COUNT"),
        ("独居老人", "ITEM"),
        ("40户", "COUNT"),
    ]
    assert reference._.relations == [
        {
            "start": 9,
            "end": 12,
            "role": "ACTUAL",
            "role_score": 1.0,
            "complete_score": 1.0,
            "heads": [
                {"start": 3, "end": 7, "score": 1.0},
                {"start": 12, "end": 16, "score": 1.0},
            ],
        },
        {
            "start": 19,
            "end": 22,
            "role": "TARGET",
            "role_score": 1.0,
            "complete_score": 1.0,
            "heads": [{"start": 3, "end": 7, "score": 1.0}],
        },
    ]


def test_a_bare_copy_is_what_the_tokeniser_gives(corpus):
    nlp = spacy.blank("zh")
    nlp.tokenizer = ReportTokenizer(nlp.vocab, JiebaSegmenter())
    example = next(AnnotatedReports(corpus)(nlp))
    fresh = nlp.make_doc(example.reference.text)
    assert example.predicted.to_bytes() == fresh.to_bytes()
    assert example.reference.ents and get_relations(example.reference)


def test_reports_come_in_order_of_their_names_without_empty_ones(corpus):
    nlp = spacy.blank("zh")
    assert texts(AnnotatedReports(corpus)(nlp)) == ["小结", "共3", "没有"]
    assert texts(AnnotatedReports(corpus, limit=2)(nlp)) == ["小结", "共3"]
    assert texts(AnnotatedReports(corpus / "b.ann")(nlp)) == ["共3"]


def test_shuffling_is_repeatable_and_differs_from_pass_to_pass(tmp_path):
    for number in range(20):
        (tmp_path / f"{number:02}.ann").write_text(f"{number:02}\n", encoding="utf-8")
    nlp = spacy.blank("zh")
    first, second = (AnnotatedReports(tmp_path, shuffle=True, seed=5) for _ in range(2))
    passes = [texts(first(nlp)), texts(first(nlp))]
    assert passes == [texts(second(nlp)), texts(second(nlp))]
    assert passes[0] != passes[1]
    assert sorted(passes[0]) == texts(AnnotatedReports(tmp_path)(nlp))


def test_hidden_folders_hold_no_reports(corpus):
    files = corpus_files(corpus)
    for hidden in (corpus / ".ipynb_checkpoints", corpus / "part" / ".trash"):
        hidden.mkdir(parents=True)
        (hidden / "copy.ann").write_text(SOURCE, encoding="utf-8")
    (corpus / ".copy.ann").write_text(SOURCE, encoding="utf-8")
    assert corpus_files(corpus) == files


def test_binary_files_give_the_same_examples(corpus, tmp_path):
    nlp = spacy.blank("zh")
    expected = list(AnnotatedReports(corpus)(nlp))
    binary = DocBin(store_user_data=True, docs=[example.reference for example in expected])
    binary.to_disk(tmp_path / "corpus.spacy")
    for path in (tmp_path / "corpus.spacy", tmp_path):
        if path == tmp_path:
            for file in corpus.rglob("*.ann"):
                file.unlink()
        examples = list(AnnotatedReports(path)(nlp))
        assert [e.to_dict() for e in examples] == [e.to_dict() for e in expected]
        for example, same in zip(examples, expected, strict=True):
            assert example.reference._.relations == same.reference._.relations


def test_reader_is_made_from_a_config(corpus):
    config = {
        "reader": {
            "@readers": "zh_report_facts.AnnotatedReports.v1",
            "path": str(corpus),
            "limit": 1,
            "shuffle": True,
            "seed": 3,
        }
    }
    assert registry.readers.get("zh_report_facts.AnnotatedReports.v1") is make_annotated_reports
    assert len(list(registry.resolve(config)["reader"](spacy.blank("zh")))) == 1


def test_examples_go_through_the_augmenter(corpus):
    def twice(nlp, example):
        yield example
        yield example

    reader = make_annotated_reports(corpus, augmenter=twice)
    assert texts(reader(spacy.blank("zh"))) == ["小结", "小结", "共3", "共3", "没有", "没有"]


def test_spans_that_the_tokeniser_cannot_hold_are_given_back(tmp_path, caplog):
    # English tokens end at spaces, so the whole line is one token.
    nlp = spacy.blank("en")
    report = parse_report("共ab[3人]{C>I1}[老人]{I1} [ab]{P1}", "r")
    doc, lost = report_to_doc(nlp, report)
    assert lost == [Entity(3, 5, "COUNT"), Entity(5, 7, "ITEM")]
    assert [span.text for span in doc.ents] == ["ab"]
    assert get_relations(doc)[0]["heads"] == [{"start": 5, "end": 7, "score": 1.0}]

    (tmp_path / "r.ann").write_text("# 自拟\n共ab[3人]{C>I1}[老人]{I1} [ab]{P1}", encoding="utf-8")
    reader = AnnotatedReports(tmp_path)
    with caplog.at_level(logging.WARNING):
        list(reader(nlp))
        list(reader(nlp))
    path = tmp_path / "r.ann"
    assert [record.message for record in caplog.records] == [
        f"{path}:2:5: lost COUNT '3人': its edges are no token edges",
        f"{path}:2:15: lost ITEM '老人': its edges are no token edges",
    ]


def test_a_corpus_that_cannot_be_read(corpus, tmp_path):
    nlp = spacy.blank("zh")
    empty = tmp_path / "empty"
    empty.mkdir()
    with pytest.raises(InputError, match="no such file or folder"):
        corpus_files(tmp_path / "none")
    with pytest.raises(InputError, match="holds no .ann and no .spacy"):
        corpus_files(empty)
    (corpus / "broken.spacy").write_bytes(b"\0\1")
    with pytest.raises(InputError, match="both"):
        corpus_files(corpus)
    with pytest.raises(InputError, match="holds no .ann file"):
        annotated_files(corpus / "broken.spacy")
    with pytest.raises(InputError, match=r"broken\.spacy: is no spaCy DocBin"):
        list(AnnotatedReports(corpus / "broken.spacy")(nlp))
    (corpus / "b.ann").write_text("共[3人]{C", encoding="utf-8")
    with pytest.raises(NotationError, match=r"b\.ann:1:5: "):
        list(AnnotatedReports(corpus / "b.ann")(nlp))


def test_tokeniser_is_made_from_a_config_without_its_components(tmp_path):
    tokenizer = {
        "@tokenizers": "zh_report_facts.ReportTokenizer.v1",
        "segmenter": {"@misc": "zh_report_facts.JiebaSegmenter.v1"},
        "words": True,
    }
    nlp = spacy.blank("zh", config={"nlp": {"tokenizer": tokenizer}})
    nlp.add_pipe("ner")
    # Word vectors that are not made yet are none of its business.
    nlp.config["initialize"]["vectors"] = str(tmp_path / "vectors")
    config = tmp_path / "config.cfg"
    Config(nlp.config).to_disk(config)
    loaded = load_tokenizer(config)
    assert loaded.pipe_names == []
    assert [t.text for t in loaded("残疾人服务")] == [t.text for t in nlp.make_doc("残疾人服务")]
    assert len(loaded("残疾人服务")) < 5


@pytest.mark.parametrize("text", [None, "[nlp]\n", "no config", '[nlp]\nlang = "qq"\n'])
def test_a_config_that_gives_no_tokeniser(tmp_path, text):
    config = tmp_path / "config.cfg"
    if text is not None:
        config.write_text(text, encoding="utf-8")
    with pytest.raises(InputError, match="gives no tokeniser") as error:
        load_tokenizer(config)
    assert "\n" not in str(error.value)
