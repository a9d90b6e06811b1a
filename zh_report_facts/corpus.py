"""Annotated reports as spaCy training data, registered as `zh_report_facts.AnnotatedReports.v1`."""

import logging
import random
from collections.abc import Callable, Iterable, Iterator
from itertools import islice
from pathlib import Path

from spacy.language import Language
from spacy.tokens import Doc, DocBin
from spacy.training import Example, dont_augment
from spacy.util import load_config, load_model_from_config
from thinc.api import Config

from .files import InputError, read_text
from .notation import cite, parse_report
from .relations import RelationData, get_relations
from .report import Entity, Report

logger = logging.getLogger(__name__)

Augmenter = Callable[[Language, Example], Iterator[Example]]


def make_annotated_reports(
    path: Path,
    limit: int = 0,
    shuffle: bool = False,
    seed: int = 0,
    augmenter: Augmenter | None = None,
) -> Callable[[Language], Iterator[Example]]:
    """Make a corpus reader for `[corpora]` of a training config.

    path (Path): an `.ann` or `.spacy` file, or a folder with files of one of the two kinds.
    limit (int): read so many reports at most; 0 for all.
    shuffle (bool): whether to give the reports in random order, another one at each pass.
    seed (int): makes that order repeatable.
    augmenter (Augmenter | None): what every example goes through, e.g. a registered one.
    RETURNS (Callable[[Language], Iterator[Example]]): the reader.
    """
    return AnnotatedReports(path, limit=limit, shuffle=shuffle, seed=seed, augmenter=augmenter)


class AnnotatedReports:
    """Yield each report as an example: the bare document and its annotated reference.

    The reference holds the entities in `doc.ents` and the links in `doc._.relations`.

    path (str | Path): an `.ann` or `.spacy` file, or a folder with files of one of the two kinds.
    limit (int): read so many reports at most; 0 for all.
    shuffle (bool): whether to give the reports in random order, another one at each pass.
    seed (int): makes that order repeatable.
    augmenter (Augmenter | None): what every example goes through.
    """

    def __init__(
        self,
        path: str | Path,
        *,
        limit: int = 0,
        shuffle: bool = False,
        seed: int = 0,
        augmenter: Augmenter | None = None,
    ) -> None:
        self.path = Path(path)
        self.limit = limit
        self.shuffle = shuffle
        self.random = random.Random(seed)
        self.augmenter = augmenter or dont_augment
        self.warned: set[str] = set()

    def __call__(self, nlp: Language) -> Iterator[Example]:
        """Read the corpus.

        nlp (Language): gives the tokeniser and the vocabulary.
        YIELDS (Example): one a report, in order of file names unless shuffled, or what the
            augmenter makes of it.
        RAISES (InputError): if there is nothing to read.
        """
        files = corpus_files(self.path)
        binary = files[0].suffix == ".spacy"
        docs = self._stored(nlp, files) if binary else self._annotated(nlp, files)
        docs = islice((doc for doc in docs if len(doc)), self.limit or None)
        if self.shuffle:
            shuffled = list(docs)
            self.random.shuffle(shuffled)
            docs = iter(shuffled)
        for doc in docs:
            predicted = nlp.make_doc(doc.text) if binary else bare_copy(doc)
            yield from self.augmenter(nlp, Example(predicted, doc))

    def _annotated(self, nlp: Language, files: list[Path]) -> Iterator[Doc]:
        for source, report in read_reports(files):
            doc, lost = report_to_doc(nlp, report)
            for entity in lost:
                self._warn(cite_lost(source, report, entity))
            yield doc

    def _stored(self, nlp: Language, files: list[Path]) -> Iterator[Doc]:
        for file in files:
            try:
                docs = list(DocBin().from_disk(file).get_docs(nlp.vocab))
            except Exception as error:
                raise InputError(
                    f"{file}: is no spaCy DocBin; build it again with scripts/convert.py"
                ) from error
            for doc in docs:
                doc._.relations = get_relations(doc)
                yield doc

    def _warn(self, message: str) -> None:
        # The dev corpus is read at every evaluation; once is enough.
        if message not in self.warned:
            self.warned.add(message)
            logger.warning(message)


def corpus_files(path: str | Path) -> list[Path]:
    """List the files of a corpus, sorted.

    path (str | Path): an `.ann` or `.spacy` file, or a folder with files of one of the two kinds.
    RETURNS (list[Path]): at least one file, all of one kind.
    RAISES (InputError): if there is no such file, or both kinds.
    """
    path = Path(path)
    if not path.exists():
        raise InputError(f"{path}: there is no such file or folder; check the name")
    candidates = visible_files(path) if path.is_dir() else [path]
    files = sorted(file for file in candidates if file.suffix in (".ann", ".spacy"))
    kinds = {file.suffix for file in files}
    if not kinds:
        raise InputError(f"{path}: holds no .ann and no .spacy file; give one or a folder of them")
    if len(kinds) > 1:
        raise InputError(f"{path}: holds both .ann and .spacy files; keep them in folders apart")
    return files


def visible_files(folder: Path) -> Iterator[Path]:
    """Find all below a folder that is not hidden, as an editor's copies are.

    folder (Path): the folder, which may be hidden itself.
    YIELDS (Path): files and folders.
    """
    for path in folder.rglob("*"):
        if not any(part.startswith(".") for part in path.relative_to(folder).parts):
            yield path


def annotated_files(path: str | Path) -> list[Path]:
    """List the `.ann` files of a corpus, sorted.

    path (str | Path): an `.ann` file, or a folder with such files.
    RETURNS (list[Path]): at least one file.
    RAISES (InputError): if there is none.
    """
    files = corpus_files(path)
    if files[0].suffix != ".ann":
        raise InputError(f"{path}: holds no .ann file; give the annotated reports")
    return files


def read_reports(files: Iterable[Path]) -> Iterator[tuple[str, Report]]:
    """Read annotated reports with their sources.

    files (Iterable[Path]): `.ann` files.
    YIELDS (tuple[str, Report]): the source and the report parsed from it.
    RAISES (InputError): at the first faulty report.
    """
    for file in files:
        source = read_text(file)
        yield source, parse_report(source, str(file))


def report_to_doc(nlp: Language, report: Report) -> tuple[Doc, list[Entity]]:
    """Turn an annotated report into a reference document.

    nlp (Language): gives the tokeniser.
    report (Report): the report.
    RETURNS (tuple[Doc, list[Entity]]): the document with `doc.ents` and `doc._.relations`, and the
        entities whose edges are no token edges. Those are missing in `doc.ents`; the relations
        keep all of them, so that what cannot be found still counts as missed.
    """
    doc = nlp.make_doc(report.text)
    spans = [doc.char_span(e.start, e.end, e.label) for e in report.entities]
    doc.ents = [span for span in spans if span is not None]
    doc._.relations = report_relations(report)
    return doc, [e for e, span in zip(report.entities, spans, strict=True) if span is None]


def bare_copy(doc: Doc) -> Doc:
    """Copy a document as the tokeniser gave it, a hundred times as fast as tokenising it again.

    doc (Doc): with entities and links, as `report_to_doc` gives it.
    RETURNS (Doc): without them.
    """
    bare = doc.copy()
    bare.set_ents([], default="missing")
    bare.user_data = {}
    return bare


def report_relations(report: Report) -> list[RelationData]:
    """Give a report's relations in the form of `doc._.relations`.

    report (Report): the report.
    RETURNS (list[RelationData]): one for each quantity, in text order, with scores of 1.0.
    """
    relations: list[RelationData] = []
    for relation in report.relations:
        quantity = report.entities[relation.quantity]
        heads = [report.entities[head] for head in relation.heads]
        relations.append(
            {
                "start": quantity.start,
                "end": quantity.end,
                "role": relation.role,
                "role_score": 1.0,
                "complete_score": 1.0,
                "heads": [{"start": h.start, "end": h.end, "score": 1.0} for h in heads],
            }
        )
    return relations


def cite_lost(source: str, report: Report, entity: Entity) -> str:
    """Say which entity the tokeniser cannot hold.

    source (str): what the report was parsed from.
    report (Report): the report.
    entity (Entity): an entity that `report_to_doc` gave back.
    RETURNS (str): one line: place, label and text.
    """
    place = cite(source, report, entity.start)
    return (
        f"{place}: lost {entity.label} '{report.span_text(entity)}': its edges are no token edges"
    )


def load_tokenizer(config_path: str | Path) -> Language:
    """Make the tokeniser of a training config as `spacy train` makes it, without the components.

    config_path (str | Path): the training config.
    RETURNS (Language): an initialised pipeline without components.
    RAISES (InputError): if the config cannot be read or its tokeniser cannot be made.
    """
    try:
        config = load_config(config_path, interpolate=True)
        # The tokeniser needs neither the word vectors nor the encoder, which may not be there yet.
        initialize = {"tokenizer": config.get("initialize", {}).get("tokenizer", {})}
        nlp_settings = {**config["nlp"], "pipeline": [], "disabled": []}
        nlp = load_model_from_config(
            Config({"nlp": nlp_settings, "initialize": initialize}), auto_fill=True
        )
        nlp.initialize()
    except Exception as error:
        reason = " ".join(str(error).split())
        raise InputError(
            f"{config_path}: gives no tokeniser; mend the config ({reason})"
        ) from error
    return nlp
