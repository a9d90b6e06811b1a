"""Writes .parquet: one fact a row, exact decimals, in the schema of `schema.SCHEMA`."""

from collections.abc import Mapping
from typing import BinaryIO

import pyarrow.parquet

from ..records import Record
from .rows import Row, to_rows
from .schema import SCHEMA, to_batch

GROUP = 5_000


class ParquetWriter:
    """Write facts as Parquet.

    stream (BinaryIO): where they go; stays open.
    metadata (Mapping[str, str]): kept in the schema's metadata.
    """

    def __init__(self, stream: BinaryIO, metadata: Mapping[str, str]) -> None:
        schema = SCHEMA.with_metadata(dict(metadata)) if metadata else SCHEMA
        self.file = pyarrow.parquet.ParquetWriter(stream, schema, compression="zstd")
        self.rows: list[Row] = []

    def write(self, record: Record) -> None:
        """Add the facts of a report.

        record (Record): the report.
        """
        self.rows += to_rows(record)
        while len(self.rows) >= GROUP:
            self._write_group()

    def close(self) -> None:
        """Write what is left and the end of the file."""
        if self.rows:
            self._write_group()
        self.file.close()

    def __del__(self) -> None:
        # What was not closed is thrown away; it must not be finished in a stream that is closed.
        self.file.is_open = False

    def _write_group(self) -> None:
        batch = to_batch(self.rows[:GROUP]).replace_schema_metadata(self.file.schema.metadata)
        self.file.write_batch(batch)
        del self.rows[:GROUP]
