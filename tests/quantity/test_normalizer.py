import pickle
from decimal import Decimal

import pytest
import spacy
from spacy.tokens import Doc, DocBin, Span

from zh_report_facts.quantity.component import QuantityNormalizer
from zh_report_facts.quantity.parse import Quantity

TEXT = "😀 慰问老人 3 0\n户、发放约1.2万余元，覆盖七八成的社区，添置数百册图书。"
ENTITIES = {
    "老人": ("ITEM", None),
    "3 0\n户": ("COUNT", Quantity(Decimal(30), None, "户", "exact")),
    "约1.2万余元": ("MONEY", Quantity(Decimal(12000), None, "CNY", "over")),
    "七八成": ("PERCENT", Quantity(Decimal(70), Decimal(80), "%", "exact")),
    "数百册": ("COUNT", Quantity(None, None, "册", "about")),
}


@spacy.Language.component("test_quantity_entities")
def mark_entities(doc: Doc) -> Doc:
    spans = []
    for text, (label, _) in ENTITIES.items():
        start = doc.text.find(text)
        if start >= 0:
            spans.append(doc.char_span(start, start + len(text), label))
    doc.set_ents(spans)
    return doc


@pytest.fixture
def nlp():
    nlp = spacy.blank("zh")
    nlp.add_pipe("test_quantity_entities")
    nlp.add_pipe("quantity")
    return nlp


def check(doc):
    assert {ent.text: (ent.label_, ent._.quantity) for ent in doc.ents} == ENTITIES


def test_each_quantity_gets_its_normal_form(nlp):
    doc = nlp(TEXT)
    check(doc)
    assert doc._.quantities[1] == {
        "start": TEXT.index("约"),
        "end": TEXT.index("，"),
        "value": "12000",
        "high": None,
        "unit": "CNY",
        "bound": "over",
    }


def test_other_spans_have_no_quantity(nlp):
    doc = nlp(TEXT)
    count = doc.ents[1]
    for start, end in ((count.start, count.end - 1), (count.start - 1, count.end), (0, 1)):
        assert doc[start:end]._.quantity is None
    assert doc[len(doc) - 1 :]._.quantity is None
    assert Span(nlp.make_doc(TEXT), 0, 2)._.quantity is None


@pytest.mark.parametrize("text", ["", "户", "😀", "没有数字。", " \n"])
def test_texts_without_a_quantity(nlp, text):
    assert nlp(text)._.quantities == []


def test_documents_keep_their_quantities(nlp):
    doc = nlp(TEXT)
    check(Doc(nlp.vocab).from_bytes(doc.to_bytes()))
    check(pickle.loads(pickle.dumps(doc)))
    bytes_data = DocBin(store_user_data=True, docs=[doc]).to_bytes()
    check(next(DocBin().from_bytes(bytes_data).get_docs(nlp.vocab)))


def test_quantities_come_back_from_other_processes(nlp):
    for doc in nlp.pipe([TEXT, "", TEXT], n_process=2, batch_size=1):
        if doc.text:
            check(doc)
        else:
            assert doc._.quantities == []


def test_the_pipeline_is_stored_with_its_settings(tmp_path):
    nlp = spacy.blank("zh")
    nlp.add_pipe("test_quantity_entities")
    nlp.add_pipe("quantity", config={"labels": ["MONEY"], "currencies": {"元": "TWD"}})
    nlp.to_disk(tmp_path)
    unchanged = spacy.blank("zh")
    unchanged.add_pipe("test_quantity_entities")
    unchanged.add_pipe("quantity", config={"labels": ["MONEY"], "currencies": {"元": "TWD"}})
    pipelines = [
        nlp,
        spacy.load(tmp_path),
        unchanged.from_bytes(nlp.to_bytes()),
        pickle.loads(pickle.dumps(nlp)),
    ]
    for pipeline in pipelines:
        doc = pipeline(TEXT)
        assert [record["unit"] for record in doc._.quantities] == ["TWD"]
        assert doc.ents[2]._.quantity == Quantity(Decimal(12000), None, "TWD", "over")
        assert doc.ents[1]._.quantity is None


def test_the_factory_names_what_it_needs_and_sets(nlp):
    meta = nlp.get_pipe_meta("quantity")
    assert meta.requires == ["doc.ents"]
    assert set(meta.assigns) == {"doc._.quantities", "span._.quantity"}


@pytest.mark.parametrize(
    ("config", "message"),
    [
        ({"labels": ["ITEM"]}, "cannot parse the label 'ITEM'"),
        ({"currencies": {"贝壳": "shell"}}, "ISO 4217 code such as CNY for the currency '贝壳'"),
    ],
)
def test_wrong_settings_are_named(config, message):
    with pytest.raises(ValueError, match=message):
        spacy.blank("zh").add_pipe("quantity", config=config)


def test_the_component_is_a_plain_pipe(nlp):
    component = nlp.get_pipe("quantity")
    assert isinstance(component, QuantityNormalizer)
    assert component.labels == ("COUNT", "MONEY", "PERCENT")
    assert not component.is_trainable
