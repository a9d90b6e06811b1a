"""What a process does: loads the pipeline once, then reads file after file."""

import os
from collections.abc import Callable, Iterator
from contextlib import closing
from functools import partial
from pathlib import Path
from typing import NamedTuple

import spacy
from spacy.language import Language

from ..bounded import pipe_bounded
from ..files import InputError, shown
from ..readers.documents import read_document
from ..records import Record, to_record
from .pool import Limit

# To read a file, or to find the facts of a short text.
SECONDS = 30.0
# Even of texts made to be slow, and on a busy machine, more characters are done in a second.
SLOWEST = 1_000


class Report(NamedTuple):
    """A file to read.

    path (Path): the file.
    name (str): the report's id.
    """

    path: Path
    name: str


def start(model: str, min_score: float) -> Callable[[Report], Iterator[Limit | Record | str]]:
    """Load a pipeline.

    model (str): name of an installed pipeline, or folder of a trained one.
    min_score (float): facts with a lower score are left out.
    RETURNS (Callable[[Report], Iterator[Limit | Record | str]]): `read_facts` with this pipeline.
    RAISES (OSError): if there is no such pipeline.
    """
    return partial(read_facts, spacy.load(model), min_score=min_score)


def read_facts(
    nlp: Language, report: Report, *, min_score: float = 0.0
) -> Iterator[Limit | Record | str]:
    """Read a file and find its facts.

    nlp (Language): the pipeline.
    report (Report): the file.
    min_score (float): facts with a lower score are left out.
    YIELDS (Limit | Record | str): how long each step may take, then the record, or a sentence that
        says why there is none.
    """
    path = report.path
    yield Limit(SECONDS)
    try:
        source = read_document(path)
        if len(source.text) > nlp.max_length:
            raise InputError(
                f"{shown(path)}: has {len(source.text):,} characters, "
                f"more than {nlp.max_length:,}; split it"
            )
        yield Limit(SECONDS + len(source.text) / SLOWEST)
        with closing(pipe_bounded(nlp, [source.text])) as docs:
            record = to_record(
                next(docs), report.name, source=source, file=os.fspath(path), min_score=min_score
            )
    except InputError as error:
        yield str(error)
    except MemoryError:
        yield f"{shown(path)}: takes too much memory; split it"
    # One odd file must not end the run over a thousand others.
    except Exception as error:
        yield f"{shown(path)}: fails with {error!r}; send it to the authors of the pipeline"
    else:
        yield record
