"""Writes .jsonl: one report a line, with its text, entities, facts and warnings."""

import json
from typing import BinaryIO

from ..records import Record

# Some readers take these for the end of a line; in JSON they only stand in strings.
LINE_ENDS = {ord(char): f"\\u{ord(char):04x}" for char in "\x85\u2028\u2029"}


class LineWriter:
    """Write reports as JSON Lines.

    stream (BinaryIO): where they go; stays open.
    """

    def __init__(self, stream: BinaryIO) -> None:
        self.stream = stream

    def write(self, record: Record) -> None:
        """Add a report.

        record (Record): the report.
        """
        line = json.dumps(record, ensure_ascii=False).translate(LINE_ENDS)
        self.stream.write(line.encode() + b"\n")

    def close(self) -> None:
        """Nothing is left to write."""
