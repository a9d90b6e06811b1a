"""Runs the command, and reads what stands in the folder it writes to."""

from __future__ import annotations

import json
import subprocess
import sys
from collections import Counter

import pyarrow.parquet as pq


def read_facts(out):
    """All rows of a folder of facts, in an order that does not depend on the shards."""
    files = sorted((out / "facts").iterdir())
    rows = [row for file in files for row in pq.read_table(file).to_pylist()]
    return sorted(rows, key=lambda row: (row["file"], row["report"], row["start"]))


def parts(out):
    """The files of facts and when they were written."""
    return {path: path.stat().st_mtime_ns for path in (out / "facts").iterdir()}


def by_report(out):
    """How many facts each report has."""
    return Counter(row["report"] for row in read_facts(out))


def read_manifest(out):
    return [json.loads(line) for line in (out / "manifest.jsonl").read_bytes().splitlines()]


def read_rejects(out):
    return [json.loads(line) for line in (out / "rejects.jsonl").read_bytes().splitlines()]


def command(*arguments):
    return [sys.executable, "-m", "zh_report_facts", "batch", *map(str, arguments)]


def run_command(*arguments, **options):
    return subprocess.run(
        command(*arguments), capture_output=True, text=True, check=False, timeout=300, **options
    )
