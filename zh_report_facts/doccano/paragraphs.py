"""Reports cut into the paragraphs that annotators see, with the model's guesses."""

import hashlib
import re
import sys
from bisect import bisect_left
from collections import Counter
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import NamedTuple

from spacy.language import Language
from spacy.tokens import Doc
from tqdm import tqdm

from ..corpus import annotated_files, read_reports, visible_files
from ..extract import report_names
from ..files import InputError, shown
from ..readers.documents import find_files, read_document
from ..relations import get_relations
from ..report import Entity, Relation, Report
from ..tokenizer.layout import GAP, LINE_END


class Paragraph(NamedTuple):
    """A paragraph of a report.

    report (str): name of the report.
    number (int): its place in the report, from 1.
    annotation (Report): the paragraph as a report of its own.
    key (str): by which it is known again at the next push; empty if a person added it on the page.
    certainty (float): how sure the model is of its facts, 0 to 1; 1.0 for gold.
    """

    report: str
    number: int
    annotation: Report
    key: str = ""
    certainty: float = 1.0


def read_paragraphs(paths: Iterable[Path], nlp: Language) -> list[Paragraph]:
    """Read reports and annotate the raw ones.

    paths (Iterable[Path]): raw reports in any format of `readers`, annotated ones (`.ann`), or
        folders of either; annotated reports keep their annotation.
    nlp (Language): the pipeline that annotates.
    RETURNS (list[Paragraph]): in order of reports and text.
    RAISES (InputError): if a report cannot be read or there is none.
    """
    raw: list[Path] = []
    annotated: list[Path] = []
    for path in paths:
        files = [] if path.suffix == ".ann" else list(find_files([path], _skip))
        if path.suffix == ".ann" or any(file.suffix == ".ann" for file in visible_files(path)):
            if files:
                raise InputError(
                    f"{shown(path)}: holds raw and annotated reports; keep them in folders apart"
                )
            annotated += annotated_files(path)
        raw += files
    if not raw and not annotated:
        raise InputError("There is no report in the given folders; name files or other folders")
    names = dict(zip([*raw, *annotated], report_names([*raw, *annotated]), strict=True))
    texts = [(path, number, text) for path in raw for number, text in read_raw(path)]
    progress = tqdm(texts, unit="paragraph", disable=None)
    docs = nlp.pipe(text for _, _, text in progress)
    pieces = [
        (path, number, annotate(doc), certainty(doc))
        for (path, number, _), doc in zip(texts, docs, strict=True)
    ]
    for path, (_, report) in zip(annotated, read_reports(annotated), strict=True):
        pieces += [(path, n, piece, 1.0) for n, piece in enumerate(split_report(report), 1)]
    keys = make_keys([(path.stem, piece.text) for path, _, piece, _ in pieces])
    return [
        Paragraph(names[path], number, piece, key, score)
        for (path, number, piece, score), key in zip(pieces, keys, strict=True)
    ]


def _skip(sentence: str) -> None:
    print(sentence, file=sys.stderr)


def read_raw(path: Path) -> Iterator[tuple[int, str]]:
    """Read the paragraphs of a raw report.

    path (Path): the report.
    YIELDS (tuple[int, str]): number and text of each; a wrapped paragraph is on one line.
    RAISES (InputError): if it cannot be read.
    """
    document = read_document(path)
    for number, paragraph in enumerate(document.paragraphs, 1):
        yield number, unwrap(document.text[paragraph.start : paragraph.end])


def unwrap(text: str) -> str:
    """Put a wrapped paragraph on one line.

    text (str): a paragraph.
    RETURNS (str): without line ends; a space stays where two Latin words would grow together.
    """

    def join(gap: re.Match[str]) -> str:
        if not LINE_END.search(gap[0]):
            return gap[0]
        edges = text[gap.start() - 1 : gap.start()] + text[gap.end() : gap.end() + 1]
        return " " if edges.isascii() and not edges.isdigit() else ""

    return GAP.sub(join, text)


def annotate(doc: Doc) -> Report:
    """Read what a pipeline found in a paragraph.

    doc (Doc): the paragraph, gone through the pipeline.
    RETURNS (Report): its annotation.
    """
    entities = tuple(Entity(e.start_char, e.end_char, e.label_) for e in doc.ents)
    index = {(entity.start, entity.end): i for i, entity in enumerate(entities)}
    relations = []
    for relation in get_relations(doc):
        heads = sorted(index[head["start"], head["end"]] for head in relation["heads"])
        quantity = index[relation["start"], relation["end"]]
        relations.append(Relation(quantity, relation["role"], tuple(heads)))
    return Report("", doc.text, entities, tuple(relations))


def certainty(doc: Doc) -> float:
    """How sure the pipeline is of a paragraph: the score of its least certain fact.

    A number linked to nothing counts as 0. In the corpus 96 % of the numbers have a head, so such a
    number is likely to stand where a programme was missed, and its score does not know that.

    doc (Doc): the paragraph, gone through the pipeline.
    RETURNS (float): 0 to 1; 1.0 without a number.
    """
    return min((fact.score if fact.links else 0.0 for fact in doc._.facts), default=1.0)


def split_report(report: Report) -> Iterator[Report]:
    """Cut an annotated report into its paragraphs.

    report (Report): the report.
    YIELDS (Report): each paragraph, with offsets of its own.
    """
    starts = [entity.start for entity in report.entities]
    relations = {relation.quantity: relation for relation in report.relations}
    for start, end in report.paragraphs:
        first, last = bisect_left(starts, start), bisect_left(starts, end)
        yield Report(
            report.name,
            report.text[start:end],
            tuple(
                Entity(a - start, b - start, label) for a, b, label in report.entities[first:last]
            ),
            tuple(
                Relation(i - first, r.role, tuple(head - first for head in r.heads))
                for i in range(first, last)
                if (r := relations.get(i))
            ),
        )


def make_keys(sources: Iterable[tuple[str, str]]) -> list[str]:
    """Name paragraphs so that they are known again at the next push.

    sources (Iterable[tuple[str, str]]): the name of the report's file and the text of each.
    RETURNS (list[str]): a key for each, made of both and of how often both came before; it stays
        when other paragraphs are added or the file is moved.
    """
    seen: Counter[str] = Counter()
    keys = []
    for source in sources:
        digest = hashlib.sha256("\n".join(source).encode("utf-8", "surrogatepass")).hexdigest()[:16]
        seen[digest] += 1
        keys.append(f"{digest}-{seen[digest]}")
    return keys
