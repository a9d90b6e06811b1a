from __future__ import annotations

import pyarrow as pa
import pytest
from tiny import TEXT

from zh_report_facts.batch.function import extract_batch, load_pipeline
from zh_report_facts.records import to_record
from zh_report_facts.tables.rows import to_rows
from zh_report_facts.tables.schema import SCHEMA, to_batch


def batch(**columns):
    return pa.RecordBatch.from_pydict(columns)


def test_the_rows_are_those_of_each_report_alone(model, trained):
    texts = [TEXT, "没有数字。", TEXT.replace("12家", "13家")]
    facts = extract_batch(batch(id=["a", "b", "c"], text=texts, year=[1, 2, 3]), model)
    assert facts.schema.equals(SCHEMA, check_metadata=True)
    rows = [
        row for name, text in zip("abc", texts) for row in to_rows(to_record(trained(text), name))
    ]
    expected = to_batch(rows)
    for name in SCHEMA.names:
        if name not in ("score", "program_spans", "item_spans"):
            assert facts[name] == expected[name], name
    assert facts["score"].to_pylist() == pytest.approx(expected["score"].to_pylist(), abs=2e-4)


def test_files_are_kept_and_weak_facts_left_out(model):
    reports = batch(id=["a", "b"], text=[TEXT, TEXT], file=["x.txt", None])
    facts = extract_batch(reports, model)
    assert facts["file"].to_pylist() == ["x.txt"] * 6 + [None] * 6
    least = sorted(facts["score"].to_pylist())[4]
    strong = extract_batch(reports, model, min_score=least)
    assert 0 < strong.num_rows < 12
    assert min(strong["score"].to_pylist()) >= least - 1e-4


def test_nulls_empty_texts_repeated_ids_and_numbers_for_ids(model):
    reports = batch(id=[7, 7, None, 8, 9], text=[TEXT, TEXT, TEXT, None, ""])
    facts = extract_batch(reports, model)
    assert facts["report"].to_pylist() == ["7"] * 12 + [""] * 6
    nothing = extract_batch(reports.slice(3), model)
    assert nothing.num_rows == 0
    assert nothing.schema == SCHEMA


def test_the_pipeline_is_loaded_once(model):
    assert load_pipeline(model) is load_pipeline(model)


def test_a_missing_column_is_named(model):
    with pytest.raises(KeyError, match="text"):
        extract_batch(batch(id=["a"], body=[TEXT]), model)


def test_after_an_error_the_pipeline_goes_on(model):
    with pytest.raises(ValueError, match="so it says"):
        extract_batch(batch(id=["a", "b"], text=[TEXT, "RAISE so it says"]), model)
    assert extract_batch(batch(id=["a"], text=[TEXT]), model).num_rows == 6
