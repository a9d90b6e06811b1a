"""The function under Spark, as docs/scale.md shows it."""

from __future__ import annotations

import shutil
import sys

import pytest
from tiny import TEXT

from zh_report_facts.batch.function import extract_batch
from zh_report_facts.tables.schema import SCHEMA

sql = pytest.importorskip("pyspark.sql", reason="Spark is not installed (pip install pyspark)")
pytestmark = pytest.mark.skipif(shutil.which("java") is None, reason="Spark needs Java")


@pytest.fixture(scope="module")
def spark(hazard):
    # local[2,4]: a task whose worker dies is tried four times.
    patch = pytest.MonkeyPatch()
    patch.setenv("PYSPARK_PYTHON", sys.executable)
    session = (
        sql.SparkSession.builder.master("local[2,4]")
        .config("spark.ui.enabled", "false")
        .config("spark.driver.bindAddress", "127.0.0.1")
        .config("spark.executorEnv.OMP_NUM_THREADS", "1")
        .getOrCreate()
    )
    yield session
    session.stop()
    patch.undo()


def extract(session, reports, model):
    from pyspark.sql.pandas.types import from_arrow_schema

    frame = session.createDataFrame(reports, "id string, text string").repartition(4)
    facts = frame.mapInArrow(
        lambda batches: (extract_batch(batch, model) for batch in batches),
        from_arrow_schema(SCHEMA),
    )
    return facts.toArrow().sort_by([("report", "ascending"), ("start", "ascending")])


def test_the_rows_are_those_of_the_function(spark, model, tmp_path):
    import pyarrow as pa

    reports = [(f"{number:02d}", TEXT) for number in range(20)]
    # One of the workers dies; its reports are read again.
    reports[7] = ("07", f"ONCE {tmp_path / 'flag'}\n{TEXT}")
    facts = extract(spark, reports, model)
    assert (tmp_path / "flag").exists()
    ids, texts = zip(*reports)
    expected = extract_batch(pa.RecordBatch.from_pydict({"id": ids, "text": texts}), model)
    assert facts.num_rows == expected.num_rows >= 120
    for name in SCHEMA.names:
        if name not in ("score", "program_spans", "item_spans"):
            assert facts[name].to_pylist() == expected[name].to_pylist(), name
    assert facts["score"].to_pylist() == pytest.approx(expected["score"].to_pylist(), abs=2e-4)
