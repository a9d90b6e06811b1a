"""Facts in a notebook: a pandas DataFrame with one row a fact."""

from collections.abc import Iterable
from typing import TYPE_CHECKING

from spacy.tokens import Doc

from ..records import to_record
from .rows import COLUMNS, to_rows

if TYPE_CHECKING:
    import pandas


def to_frame(docs: Doc | Iterable[Doc], names: Iterable[str] | None = None) -> "pandas.DataFrame":
    """Give the facts of documents as a table.

    docs (Doc | Iterable[Doc]): documents that have gone through the pipeline.
    names (Iterable[str] | None): the report each is; by default its place among them, from 0.
    RETURNS (pandas.DataFrame): one row a fact, in the columns of `rows.Row`; `value` and `high`
        hold exact `Decimal` numbers.
    RAISES (ImportError): if pandas is not installed.
    """
    try:
        import pandas
    except ModuleNotFoundError as error:
        raise ImportError(
            f"A table of facts needs {error.name}; pip install 'zh_report_facts[tables]'"
        ) from error
    docs = [docs] if isinstance(docs, Doc) else list(docs)
    names = map(str, range(len(docs))) if names is None else names
    rows = [
        row for doc, name in zip(docs, names, strict=True) for row in to_rows(to_record(doc, name))
    ]
    frame = pandas.DataFrame.from_records(rows, columns=COLUMNS).astype(object)
    whole = ["page", "paragraph", "start", "end", "sentence_start"]
    return frame.astype({**dict.fromkeys(whole, "Int64"), "score": float})
