"""Jobs on a cluster that is there; what is started and killed is in test_command.py."""

from __future__ import annotations

import os
import shutil
from pathlib import Path

import dask
import pytest
from distributed import LocalCluster
from outputs import by_report, parts, read_facts, read_manifest, read_rejects
from tiny import TEXT

from zh_report_facts.batch.cluster import LOCAL, ClusterError
from zh_report_facts.batch.job import locked, run
from zh_report_facts.batch.sources import Columns
from zh_report_facts.files import InputError, OutputError


@pytest.fixture(scope="module")
def scheduler(hazard):
    """Address of a cluster of two workers."""
    with (
        dask.config.set(LOCAL),
        LocalCluster(
            n_workers=2, threads_per_worker=1, host="127.0.0.1", dashboard_address="127.0.0.1:0"
        ) as cluster,
    ):
        yield cluster.scheduler_address


@pytest.fixture
def start(tmp_path, model, scheduler):
    """Runs a job from `in` to `out`, in shards of about one report."""

    def start(source="in", **options):
        notes = []
        options = {"model": model, "scheduler": scheduler, "shard_size": 100} | options
        manifest = run(tmp_path / source, tmp_path / "out", on_note=notes.append, **options)
        return manifest, notes

    return start


def test_all_kinds_of_files_become_one_table(start, tmp_path, write_parquet, write_lines):
    write_parquet("2023/a.parquet", [TEXT, "没有数字。", TEXT], group=2)
    write_lines("2024/b.jsonl", *({"id": f"b-{i}", "text": TEXT} for i in range(3)))
    (tmp_path / "in" / "c.txt").write_text(TEXT, encoding="utf-8")
    manifest, notes = start()
    out = tmp_path / "out"
    assert notes == []
    assert by_report(out) == dict.fromkeys(["a-0", "a-2", "b-0", "b-1", "b-2", "c"], 6)
    assert {row["file"] for row in read_facts(out)} == {
        str(tmp_path / "in" / name) for name in ("2023/a.parquet", "2024/b.jsonl", "c.txt")
    }
    header, *entries = read_manifest(out)
    assert header["complete"] and header["reports"] == 7 and header["facts"] == 36
    assert len(entries) == header["shards"] == len(manifest.entries) >= 7
    assert {out / entry["part"] for entry in entries} == set(parts(out))
    assert not (out / "rejects.jsonl").exists()


def test_again_nothing_is_done_and_then_only_what_is_new(start, tmp_path, write_parquet):
    write_parquet("a.parquet", [TEXT] * 3)
    out = tmp_path / "out"
    start()
    before, rows = parts(out), read_facts(out)
    # Not even a cluster is needed.
    _, notes = start(scheduler="tcp://127.0.0.1:1")
    assert notes == []
    assert parts(out) == before and read_facts(out) == rows
    write_parquet("0.parquet", [TEXT])
    start()
    assert parts(out).items() > before.items()
    assert by_report(out) == dict.fromkeys(["a-0", "a-1", "a-2", "0-0"], 6)
    assert [entry["pieces"][0][0] for entry in read_manifest(out)[1:]][0] == "0.parquet"


def test_changed_touched_lost_and_vanished_shards(start, tmp_path, write_parquet):
    for name in ("a", "b", "c", "d"):
        write_parquet(f"{name}.parquet", [TEXT, TEXT])
    out = tmp_path / "out"
    start()
    before = parts(out)
    write_parquet("a.parquet", [TEXT])
    os.utime(tmp_path / "in" / "b.parquet")
    (tmp_path / "in" / "c.parquet").unlink()
    _, notes = start()
    assert notes == [
        "Shards made anew as files of theirs are gone: 2",
        "Shards made anew as files of theirs have changed: 2",
        "Shards compared as files of theirs have a new date: 2",
    ]
    assert by_report(out) == dict.fromkeys(["a-0", "b-0", "b-1", "d-0", "d-1"], 6)
    after = parts(out)
    assert len(after) == 5 and len(after.items() & before.items()) == 4
    assert start()[1] == []
    next(iter(after)).write_bytes(b"")
    assert start()[1] == ["Shards made anew as their facts are lost or damaged: 1"]
    assert by_report(out) == dict.fromkeys(["a-0", "b-0", "b-1", "d-0", "d-1"], 6)


def test_a_changed_text_of_the_same_length_is_noticed(start, tmp_path, write_lines):
    write_lines("a.jsonl", {"id": "a", "text": TEXT}, {"id": "b", "text": TEXT})
    out = tmp_path / "out"
    start(shard_size=10_000)
    write_lines("a.jsonl", {"id": "a", "text": TEXT}, {"id": "b", "text": TEXT[::-1]})
    start(shard_size=10_000)
    assert by_report(out)["a"] == 6
    assert read_manifest(out)[0]["reports"] == 2
    assert len(parts(out)) == 1
    texts = {row["sentence"] for row in read_facts(out) if row["report"] == "b"}
    assert texts.isdisjoint(row["sentence"] for row in read_facts(out) if row["report"] == "a")


def test_another_model_is_noticed(start, tmp_path, model, write_parquet):
    write_parquet("a.parquet", [TEXT])
    start()
    other = shutil.copytree(model, tmp_path / "model")
    meta = (other / "meta.json").read_text(encoding="utf-8")
    (other / "meta.json").write_text(meta.replace('"0.0.0"', '"0.0.1"'), encoding="utf-8")
    rows = read_facts(tmp_path / "out")
    for options in ({"model": str(other)}, {"min_score": 0.5}, {"columns": Columns("id", "x")}):
        with pytest.raises(InputError, match="make all anew with --fresh"):
            start(**options)
    assert read_facts(tmp_path / "out") == rows
    start(model=str(other), fresh=True)
    assert read_manifest(tmp_path / "out")[0]["version"] == "0.0.1"
    assert read_facts(tmp_path / "out") == rows


def test_reports_that_kill_are_rejected_and_all_others_read(start, tmp_path, write_parquet):
    texts = [TEXT, "KILL", TEXT, "RAISE broken", TEXT, None, "", TEXT]
    write_parquet("a.parquet", texts)
    write_parquet("b.parquet", [TEXT] * 8)
    out = tmp_path / "out"
    start(shard_size=1500)
    expected = ["a-0", "a-2", "a-4", "a-7", *(f"b-{i}" for i in range(8))]
    assert by_report(out) == dict.fromkeys(expected, 6)
    rejects = read_rejects(out)
    assert [(reject["id"], reject["at"]) for reject in rejects] == [
        ("a-1", 1),
        ("a-3", 3),
        ("a-5", 5),
    ]
    assert "killed by SIGKILL" in rejects[0]["reason"]
    assert rejects[0]["file"] == "a.parquet"
    assert read_manifest(out)[0]["rejects"] == 3


def test_a_worker_killed_once_costs_nothing(start, tmp_path, write_parquet):
    texts = [TEXT, f"ONCE {tmp_path / 'flag'}\n{TEXT}", TEXT, TEXT]
    write_parquet("a.parquet", texts)
    start()
    assert (tmp_path / "flag").exists()
    disturbed = read_facts(tmp_path / "out")
    shutil.rmtree(tmp_path / "out")
    start()
    assert read_facts(tmp_path / "out") == disturbed
    assert len(by_report(tmp_path / "out")) == 4


def test_repeated_ids_are_both_kept(start, tmp_path, write_parquet):
    write_parquet("a.parquet", [TEXT, TEXT], id=["x", "x"])
    write_parquet("b.parquet", [TEXT], id=["x"])
    start()
    assert by_report(tmp_path / "out") == {"x": 18}
    assert read_manifest(tmp_path / "out")[0]["reports"] == 3


def test_a_file_that_cannot_be_read_is_rejected(start, tmp_path, write_parquet):
    write_parquet("a.parquet", [TEXT])
    (tmp_path / "in" / "b.parquet").write_bytes(b"broken")
    (tmp_path / "in" / "c.txt").touch()
    start()
    assert by_report(tmp_path / "out") == {"a-0": 6}
    assert [reject["id"] for reject in read_rejects(tmp_path / "out")] == ["b.parquet", "c.txt"]
    assert start()[1] == []
    assert start(retry=True)[1] == ["Shards made anew to try again what was rejected: 2"]
    (tmp_path / "in" / "c.txt").unlink()
    write_parquet("b.parquet", [TEXT])
    start()
    assert not (tmp_path / "out" / "rejects.jsonl").exists()


def test_two_jobs_do_not_write_to_one_folder(start, tmp_path, write_parquet):
    write_parquet("a.parquet", [TEXT])
    with (
        locked(tmp_path / "out"),
        pytest.raises(InputError, match="another job is writing there"),
    ):
        start()
    start()


def test_one_file_is_input_enough(start, tmp_path, write_parquet):
    write_parquet("a.parquet", [TEXT])
    write_parquet("b.parquet", [TEXT])
    start("in/b.parquet")
    assert by_report(tmp_path / "out") == {"b-0": 6}


def test_what_cannot_begin_is_said(start, tmp_path, model, write_parquet):
    path = write_parquet("a.parquet", [TEXT])
    with (
        dask.config.set({"distributed.comm.timeouts.connect": "1s"}),
        pytest.raises(ClusterError, match="no scheduler answers"),
    ):
        start(scheduler="tcp://127.0.0.1:1")
    with pytest.raises(InputError, match="lies in the folder that is read"):
        run(tmp_path / "in", tmp_path / "in" / "out", model=model)
    path.unlink()
    with pytest.raises(InputError, match="holds no reports"):
        start()


def test_an_output_that_cannot_be_written_stops_the_job(start, tmp_path, write_parquet):
    write_parquet("a.parquet", [TEXT])
    out = tmp_path / "out"
    out.mkdir()
    (out / "manifest.jsonl").mkdir()
    with pytest.raises(InputError, match="is a folder"):
        start()
    (out / "manifest.jsonl").rmdir()
    start()
    write_parquet("b.parquet", [TEXT])
    shutil.move(out / "facts", tmp_path / "kept")
    Path(out / "facts").write_text("in the way")
    with pytest.raises(OutputError, match="cannot be written"):
        start()
    (out / "facts").unlink()
    shutil.move(tmp_path / "kept", out / "facts")
    start()
    assert by_report(out) == {"a-0": 6, "b-0": 6}
