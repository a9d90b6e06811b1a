"""The core of every job over many reports: a table of reports in, a table of facts out."""

from contextlib import closing
from functools import cache
from threading import Lock

import pyarrow as pa
import spacy
from spacy.language import Language

from ..bounded import pipe_bounded
from ..records import to_record
from ..tables.rows import to_rows
from ..tables.schema import to_batch

# A pipeline serves one thread at a time, and a worker of a cluster may have several.
_LOCK = Lock()


@cache
def load_pipeline(model: str) -> Language:
    """Load a pipeline, once a process.

    model (str): installed pipeline, or folder of a trained one.
    RETURNS (Language): the pipeline.
    """
    return spacy.load(model)


def extract_batch(
    batch: pa.RecordBatch, model: str = "zh_report_facts", min_score: float = 0.0
) -> pa.RecordBatch:
    """Extract the facts of a table of reports.

    It depends on nothing but its arguments and takes memory for some 50,000 characters at a time,
    so that Dask, a process pool or Spark's `mapInArrow` can call it:

        frame.mapInArrow(lambda batches: map(extract_batch, batches), schema)

    batch (pa.RecordBatch): a report a row, in the columns `id` and `text` and, if there is one,
        `file`; others are ignored. A null text has no facts, a null id is empty.
    model (str): installed pipeline, or folder of a trained one, as the worker sees it.
    min_score (float): facts with a lower score are left out.
    RETURNS (pa.RecordBatch): a fact a row, in the columns of `tables.schema.SCHEMA`.
    RAISES (KeyError): if a column is missing.
    """
    nlp = load_pipeline(model)
    ids, texts = (_strings(batch, name) for name in ("id", "text"))
    files = _strings(batch, "file") if "file" in batch.schema.names else [None] * batch.num_rows
    rows = []
    with _LOCK, closing(pipe_bounded(nlp, (text or "" for text in texts))) as docs:
        for doc, name, file in zip(docs, ids, files, strict=True):
            rows += to_rows(to_record(doc, name or "", file=file, min_score=min_score))
    return to_batch(rows)


def _strings(batch: pa.RecordBatch, name: str) -> list[str | None]:
    return batch.column(name).cast(pa.large_string()).to_pylist()
