from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pyarrow.parquet as pq
import pytest

from scripts.benchmark_batch import measure, write_reports

CORPUS = Path(__file__).parents[2] / "corpus" / "test"


def test_reports_have_the_length_and_the_files_that_are_asked_for(tmp_path):
    write_reports(CORPUS, tmp_path / "in", 10, 200, 3)
    tables = [pq.read_table(path) for path in sorted((tmp_path / "in").iterdir())]
    assert [table.num_rows for table in tables] == [3, 3, 4]
    reports = [report for table in tables for report in table.to_pylist()]
    assert [report["id"] for report in reports] == [str(number) for number in range(10)]
    assert {len(report["text"]) for report in reports} == {200}
    assert len({report["text"] for report in reports}) == 10


def test_time_and_memory_of_a_command_and_its_children_are_measured():
    child = "import time; data = b'x' * 100_000_000; time.sleep(1.2); sum(range(10_000_000))"
    usage = measure(
        [
            sys.executable,
            "-c",
            f"import subprocess, sys; subprocess.run([sys.executable, '-c', {child!r}])",
        ]
    )
    assert usage.seconds > 1.2
    assert usage.cpu > 0.1
    assert usage.peak > 95
    with pytest.raises(subprocess.CalledProcessError):
        measure([sys.executable, "-c", "raise SystemExit(2)"])
