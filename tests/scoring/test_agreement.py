"""The figures are those of the reference scorer, on gold reports spoilt on purpose."""

import importlib.util
import json
import random
from pathlib import Path

import pytest
import spacy

from zh_report_facts.records import to_record
from zh_report_facts.schema import HEADS, LABELS, QUANTITIES, ROLES
from zh_report_facts.scoring.annotation import annotate_doc
from zh_report_facts.scoring.evaluation import VALUE_OF_FOUND, measure
from zh_report_facts.scoring.gold import read_gold
from zh_report_facts.scoring.tally import ROLE_OF_FOUND, compare, new_tallies

ROOT = Path(__file__).parents[2]
SHARED = ROOT.parent / "shared"
REFERENCE = SHARED / "eval" / "score.py"
NAMES = {
    **{label: f"{label} strict" for label in LABELS},
    **{f"{label} overlap": f"{label} overlap" for label in LABELS},
    "entities": "entities strict",
    "program facts exact": "PROGRAM facts strict",
    "program facts": "PROGRAM facts overlap",
    "item facts exact": "ITEM facts strict",
    "item facts": "ITEM facts overlap",
    "facts": "facts overlap",
    "role of found numbers": ROLE_OF_FOUND,
}


@pytest.fixture(scope="module")
def reference():
    if not REFERENCE.exists():
        pytest.skip("needs ../shared/eval/score.py beside the repository")
    spec = importlib.util.spec_from_file_location("reference_score", REFERENCE)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.fixture(scope="module")
def nlp():
    nlp = spacy.blank("zh")
    nlp.add_pipe("quantity")
    return nlp


def wrap(text, rng):
    """The same visible text with other line ends and spaces; where each character went."""
    out, moved = "", []
    for char in text:
        moved.append(len(out))
        if not char.isspace():
            out += char + rng.choice(["", "", "", "", "\n", "  "])
    return out, [*moved, len(out)]


def spoil(nlp, gold, rng):
    """A document whose entities, links and roles differ here and there from the gold report's."""
    text, moved = wrap(gold.report.text, rng)
    doc = nlp.make_doc(text)
    spans, kept, end_before = [], {}, 0
    for index, (start, end, label) in enumerate(gold.report.entities):
        change = rng.random()
        if change < 0.1:
            continue
        if change < 0.25:
            end -= 1
        elif change < 0.35:
            start -= 1
        elif change < 0.45:
            label = rng.choice(LABELS)
        if not end_before <= moved[max(start, 0)] < moved[end - 1] + 1 or start < 0 or end <= start:
            continue
        span = doc.char_span(moved[start], moved[end - 1] + 1, label)
        if span is None or not span.text.strip() or span.text != span.text.strip():
            continue
        spans.append(span)
        end_before = span.end_char
        kept[index] = span
    doc.ents = spans
    nlp.get_pipe("quantity")(doc)
    relations = []
    gold_relations = {relation.quantity: relation for relation in gold.report.relations}
    for index, span in kept.items():
        if span.label_ not in QUANTITIES:
            continue
        relation = gold_relations.get(index)
        heads = [kept[h] for h in relation.heads if h in kept] if relation else []
        heads = [head for head in heads if rng.random() > 0.15]
        if rng.random() < 0.3:
            heads += rng.sample(spans, 1)
        role = relation.role if relation and rng.random() > 0.15 else rng.choice(ROLES)
        heads = sorted({(h.start_char, h.end_char) for h in heads if h.label_ in HEADS})
        relations.append(
            {
                "start": span.start_char,
                "end": span.end_char,
                "role": role,
                "role_score": 0.9,
                "complete_score": 1.0,
                "heads": [{"start": a, "end": b, "score": 0.9} for a, b in heads],
            }
        )
    doc._.relations = relations
    return doc


@pytest.mark.parametrize("seed", range(2))
@pytest.mark.parametrize(
    "folder", [ROOT / "corpus" / "dev", SHARED / "reports"], ids=lambda p: p.name
)
def test_every_figure_is_that_of_the_reference(nlp, reference, tmp_path, capsys, folder, seed):
    rng = random.Random(seed)
    golds = read_gold(folder)
    docs = [spoil(nlp, gold, rng) for gold in golds]
    predictions = tmp_path / "predictions.jsonl"
    predictions.write_text(
        "".join(
            json.dumps(to_record(doc, gold.name)) + "\n"
            for gold, doc in zip(golds, docs, strict=True)
        ),
        encoding="utf-8",
    )

    expected = reference.score(predictions, [gold.report.name for gold in golds])

    tallies = new_tallies()
    for gold, doc in zip(golds, docs, strict=True):
        compare(gold.annotation, annotate_doc(doc), tallies)
    for theirs, ours in NAMES.items():
        a, b = expected.pop(theirs), tallies[ours]
        assert (b.hits, b.gold, b.found) == (a.hits, a.gold, a.pred), ours
        assert (b.p, b.r, b.f) == pytest.approx(a.prf)
    for name in ("entities strict", "PROGRAM overlap", "facts strict", "facts overlap"):
        assert 0 < tallies[name].hits < tallies[name].gold, "too good or too bad to tell anything"
    assert not expected, "the reference counts more than this test compares"

    measured = measure(golds, docs)
    printed = capsys.readouterr().out
    if any(gold.values for gold in golds):
        values = measured[VALUE_OF_FOUND]
        assert f"{values['right']}/{values['found']} = {values['accuracy']:.1%}" in printed
        assert values["found"] > 10
    else:
        assert VALUE_OF_FOUND not in measured and "values of found" not in printed


def test_groups_add_up_to_all_links(nlp):
    golds = read_gold(ROOT / "corpus" / "dev")
    rng = random.Random(7)
    tallies = new_tallies()
    for gold in golds:
        compare(gold.annotation, annotate_doc(spoil(nlp, gold, rng)), tallies)
    total = tallies["facts overlap"]
    groups = [tally for name, tally in tallies.items() if name.startswith("facts overlap: ")]
    for field in ("hits", "gold", "found"):
        # Each link has a role, a sentence relation and a distance.
        assert sum(getattr(tally, field) for tally in groups) == 3 * getattr(total, field)
