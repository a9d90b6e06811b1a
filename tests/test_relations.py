import pickle

import pytest
import spacy
from spacy.tokens import Doc, DocBin
from spacy.training import Example

from zh_report_facts.relations import get_relations

RELATIONS = [
    {
        "start": 2,
        "end": 5,
        "role": "TARGET",
        "role_score": 1.0,
        "complete_score": 1.0,
        "heads": [{"start": 5, "end": 7, "score": 1.0}, {"start": 7, "end": 9, "score": 0.5}],
    },
    {
        "start": 9,
        "end": 11,
        "role": "ACTUAL",
        "role_score": 0.75,
        "complete_score": 0.5,
        "heads": [],
    },
]


@pytest.fixture
def doc():
    doc = spacy.blank("zh").make_doc("计划60场义诊宣讲2台")
    doc._.relations = RELATIONS
    return doc


def test_a_document_has_no_relations_at_first():
    first, second = (spacy.blank("zh").make_doc("甲") for _ in range(2))
    first._.relations.append(RELATIONS[0])
    assert get_relations(second) == []


@pytest.mark.parametrize("way", ["bytes", "DocBin", "pickle", "copy", "disk"])
def test_relations_survive_storage(doc, way, tmp_path):
    if way == "bytes":
        stored = Doc(doc.vocab).from_bytes(doc.to_bytes())
    elif way == "DocBin":
        data = DocBin(store_user_data=True, docs=[doc]).to_bytes()
        stored = next(DocBin().from_bytes(data).get_docs(doc.vocab))
    elif way == "pickle":
        stored = pickle.loads(pickle.dumps(doc))
    elif way == "copy":
        stored = doc.copy()
    else:
        doc.to_disk(tmp_path / "doc")
        stored = Doc(doc.vocab).from_disk(tmp_path / "doc")
    assert get_relations(stored) == RELATIONS
    assert isinstance(get_relations(stored)[0]["heads"], list)


def test_relations_are_exported_to_json(doc):
    assert doc.to_json(underscore=["relations"])["_"]["relations"] == RELATIONS


def test_evaluation_sees_the_relations_of_the_reference(doc):
    nlp = spacy.blank("zh")
    seen = []

    def score(examples, **_):
        seen.extend(get_relations(example.reference) for example in examples)
        return {}

    nlp.add_pipe("sentencizer").scorer = score
    nlp.evaluate([Example(nlp.make_doc(doc.text), doc)])
    assert seen == [RELATIONS]
