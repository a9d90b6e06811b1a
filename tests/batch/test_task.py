from __future__ import annotations

import hashlib
import resource
import signal
from collections import Counter

import pyarrow.parquet as pq
import pytest
from tiny import TEXT

from zh_report_facts.batch.function import load_pipeline
from zh_report_facts.batch.sources import Columns, Piece, find_sources
from zh_report_facts.batch.task import Job, describe_model, process
from zh_report_facts.batch.watch import KILLS, process_watched
from zh_report_facts.files import InputError, OutputError
from zh_report_facts.tables.schema import SCHEMA


@pytest.fixture
def make_job(tmp_path, model):
    def make(*pieces, **changes):
        root, sources = find_sources(tmp_path / "in")
        return Job(
            root=str(root),
            shown="in",
            out=str(tmp_path / "out"),
            part="facts/000000-00000000.parquet",
            model=model,
            settings=describe_model(model, 0.0, Columns()),
            pieces=pieces or tuple(Piece(source.path) for source in sources),
            sources=tuple(sources),
        )._replace(**changes)

    return make


def test_a_shard_becomes_a_file_and_a_line(make_job, tmp_path, write_parquet, write_lines):
    write_parquet("a.parquet", [TEXT, "", "没有数字。", TEXT])
    write_lines("b.jsonl", {"id": "x", "text": TEXT}, {"id": "y", "text": None})
    entry = process(make_job())
    part = tmp_path / "out" / entry.part
    facts = pq.read_table(part)
    assert facts.schema.equals(SCHEMA)
    assert facts.schema.metadata[b"model"] == b"zh_pipeline"
    reports = ["a-0"] * 6 + ["a-3"] * 6 + ["x"] * 6
    assert facts["report"].to_pylist() == reports
    assert facts["file"].to_pylist() == ["in/a.parquet"] * 12 + ["in/b.jsonl"] * 6
    assert (entry.reports, entry.facts, entry.characters) == (5, 18, 3 * len(TEXT) + 5)
    assert entry.size == part.stat().st_size
    assert entry.sha256 == hashlib.sha256(part.read_bytes()).hexdigest()
    [reject] = entry.rejects
    assert (reject.id, reject.file, reject.reason) == ("y", "b.jsonl", "has no text (null)")
    assert list(part.parent.iterdir()) == [part]
    assert process(make_job()) == entry


def test_the_same_reports_are_known_again(make_job, tmp_path, write_parquet):
    path = write_parquet("a.parquet", [TEXT, "没有数字。"])
    entry = process(make_job())
    assert process(make_job(known=entry.digest)) is None
    write_parquet("a.parquet", [TEXT, "没有数字！"])
    changed = process(make_job(known=entry.digest))
    assert changed is not None and changed.digest != entry.digest
    path.unlink()


def test_reports_that_raise_are_rejected_and_the_others_read(make_job, write_parquet):
    texts = [TEXT, "RAISE on purpose", TEXT, "RAISE again", TEXT]
    write_parquet("a.parquet", texts)
    entry = process(make_job())
    assert (entry.reports, entry.facts) == (3, 18)
    assert [(reject.id, reject.at, reject.reason) for reject in entry.rejects] == [
        ("a-1", 1, "ValueError: on purpose"),
        ("a-3", 3, "ValueError: again"),
    ]


def test_reports_that_kill_are_found_and_the_others_read(make_job, write_parquet, tmp_path):
    once = f"ONCE {tmp_path / 'flag'}"
    write_parquet("a.parquet", [TEXT, "KILL", once, "RAISE so it says", TEXT])
    entry = process_watched(make_job())
    assert entry.reports == 3
    facts = Counter(pq.read_table(tmp_path / "out" / entry.part)["report"].to_pylist())
    assert facts["a-0"] == facts["a-4"] == 6
    killed, raised = entry.rejects
    assert (killed.id, killed.at) == ("a-1", 1)
    assert killed.reason == f"the process that read it was killed by SIGKILL, {KILLS} times"
    assert (raised.id, raised.reason) == ("a-3", "ValueError: so it says")


def test_what_stops_the_process_stops_the_worker(make_job, write_parquet, tmp_path):
    write_parquet("a.parquet", [TEXT])
    (tmp_path / "out").write_text("no folder")
    with pytest.raises(OutputError, match="cannot be written"):
        process_watched(make_job())


def test_another_model_at_the_worker_is_refused(make_job, write_parquet):
    write_parquet("a.parquet", [TEXT])
    settings = make_job().settings._replace(version="9.9")
    with pytest.raises(InputError, match="install the same on all"):
        process(make_job(settings=settings))


def test_the_digest_is_that_of_the_model(model, trained, tmp_path):
    described = describe_model(model, 0.0, Columns())
    assert load_pipeline(model).path is not None
    trained.to_disk(tmp_path / "other")
    assert describe_model(str(tmp_path / "other"), 0.0, Columns()).digest != described.digest
    with pytest.raises(OSError, match="no-model"):
        describe_model("no-model", 0.0, Columns())


def test_a_full_disk_leaves_nothing_half_written(make_job, write_parquet, tmp_path):
    write_parquet("a.parquet", [TEXT])
    limits = resource.getrlimit(resource.RLIMIT_FSIZE)
    before = signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    resource.setrlimit(resource.RLIMIT_FSIZE, (1000, limits[1]))
    try:
        with pytest.raises(OutputError, match="file too large"):
            process(make_job())
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, limits)
        signal.signal(signal.SIGXFSZ, before)
    assert list((tmp_path / "out" / "facts").iterdir()) == []
    assert process(make_job()).facts == 6
