"""Run a pipeline on gold reports, as its users run it, and measure what it finds."""

from collections.abc import Sequence

import spacy
from spacy.language import Language
from spacy.tokens import Doc
from tqdm import tqdm

from ..files import InputError
from ..quantity.parse import Quantity
from .annotation import Place, annotate_doc, raw_offsets, visible_offsets
from .confidence import judge_facts, summarize
from .gold import Gold
from .tally import ROLE_OF_FOUND, Tally, compare, new_tallies
from .values import Reading, compare_values

RECOGNIZER = "report_ner"
LINKER = "fact_linker"
VALUE_OF_FOUND = "value of found numbers"
SCORE = "score of facts"

Figures = dict[str, dict[str, float]]


def load_pipeline(model: str) -> Language:
    """Load a trained pipeline.

    model (str): a folder, or the name of an installed package.
    RETURNS (Language): the pipeline.
    RAISES (InputError): if it cannot be loaded, or finds no facts.
    """
    try:
        nlp = spacy.load(model)
    except Exception as error:
        reason = " ".join(str(error).split())
        raise InputError(
            f"{model}: cannot be loaded; give a trained pipeline's folder or package ({reason})"
        ) from error
    for name in (RECOGNIZER, LINKER):
        if name not in nlp.pipe_names:
            raise InputError(f"{model}: has no component {name}; give a pipeline that finds facts")
    return nlp


def predict(nlp: Language, golds: Sequence[Gold]) -> list[Doc]:
    """Find the facts of reports.

    nlp (Language): the pipeline.
    golds (Sequence[Gold]): the reports.
    RETURNS (list[Doc]): the document of each.
    """
    return list(nlp.pipe(tqdm([gold.text for gold in golds], disable=None, desc="predict")))


def predict_from_gold_entities(nlp: Language, golds: Sequence[Gold]) -> list[Doc]:
    """Find the facts of reports whose entities are given.

    nlp (Language): the pipeline; all but its recogniser is run.
    golds (Sequence[Gold]): the reports.
    RETURNS (list[Doc]): the document of each.
    """
    docs = [_with_gold_entities(nlp, gold) for gold in golds]
    return list(nlp.pipe(tqdm(docs, disable=None, desc="link"), disable=[RECOGNIZER]))


def _with_gold_entities(nlp: Language, gold: Gold) -> Doc:
    doc = nlp.make_doc(gold.text)
    raw = raw_offsets(gold.text)
    spans = [
        doc.char_span(raw[start], raw[end - 1] + 1, label)
        for (start, end), label in gold.annotation.entities.items()
    ]
    doc.ents = [span for span in spans if span is not None]
    return doc


def read_facts(doc: Doc) -> tuple[dict[Place, Quantity], dict[Place, float]]:
    """Read what the facts of a document say beyond its links.

    doc (Doc): a document with `doc._.facts`.
    RETURNS (tuple[dict[Place, Quantity], dict[Place, float]]): for each quantity its normal form
        and the score of its fact.
    """
    at = visible_offsets(doc.text)
    values, scores = {}, {}
    for fact in doc._.facts:
        place = at[fact.quantity.start_char], at[fact.quantity.end_char]
        values[place] = Quantity(fact.value, fact.high, fact.unit, fact.bound)
        scores[place] = fact.score
    return values, scores


def measure(golds: Sequence[Gold], docs: Sequence[Doc]) -> Figures:
    """Measure what was found in a corpus.

    golds (Sequence[Gold]): the reports.
    docs (Sequence[Doc]): the predicted document of each.
    RETURNS (Figures): named figures: precision, recall and F of what `new_tallies` names, with
        counts; the share of right roles and, where values are known, of right values among the
        numbers that were found; and how far the scores of facts can be trusted.
    """
    tallies = new_tallies()
    readings: list[Reading] = []
    judgements = []
    for gold, doc in zip(golds, docs, strict=True):
        right, found = gold.annotation, annotate_doc(doc)
        compare(right, found, tallies)
        values, scores = read_facts(doc)
        readings += compare_values(right, gold.values, values)
        judgements += judge_facts(right, found, scores)
    roles = tallies.pop(ROLE_OF_FOUND)
    known = any(gold.values for gold in golds)
    values_right = sum(reading.gold == reading.found for reading in readings)
    return {
        **{name: _prf(tally) for name, tally in tallies.items()},
        ROLE_OF_FOUND: _accuracy(roles.hits, roles.gold),
        **({VALUE_OF_FOUND: _accuracy(values_right, len(readings))} if known else {}),
        SCORE: summarize(judgements),
    }


def _prf(tally: Tally) -> dict[str, float]:
    shares = {"p": tally.p, "r": tally.r, "f": tally.f}
    return {**shares, "right": tally.hits, "gold": tally.gold, "found": tally.found}


def _accuracy(right: int, found: int) -> dict[str, float]:
    return {"accuracy": right / found if found else 0.0, "right": right, "found": found}


def describe_data(golds: Sequence[Gold]) -> dict[str, int]:
    """Say what a corpus was measured on.

    golds (Sequence[Gold]): the reports.
    RETURNS (dict[str, int]): how many reports there are, how many of them as published, with their
        line wraps, and how many characters.
    """
    return {
        "reports": len(golds),
        "read as published": sum(gold.is_raw for gold in golds),
        "characters": sum(len(gold.text) for gold in golds),
    }
