from __future__ import annotations

import pyarrow.parquet as pq
import pytest
from hypothesis import given
from hypothesis import strategies as st

from zh_report_facts.batch.shards import OPENING, SHORTEST, plan_shards
from zh_report_facts.batch.sources import Piece, Source, find_sources


def plan(folder, size, done=()):
    root, sources = find_sources(folder)
    return [shard.pieces for shard in plan_shards(root, sources, done, size)]


def test_small_files_are_put_together(tmp_path):
    for number in range(10):
        (tmp_path / f"{number}.txt").write_bytes(b"x" * 100)
    shards = plan(tmp_path, 3 * (100 + OPENING))
    assert [len(shard) for shard in shards] == [3, 3, 3, 1]
    pieces = [piece for shard in shards for piece in shard]
    assert pieces == [Piece(f"{number}.txt") for number in range(10)]


def test_large_files_are_split_evenly(tmp_path, write_parquet):
    write_parquet("a.parquet", ["没有数字。" * 100] * 50 + ["x"] * 50)
    size = pq.read_metadata(tmp_path / "in/a.parquet").row_group(0).total_byte_size
    size = max(size, 100 * SHORTEST)
    assert plan(tmp_path / "in", size) == [(Piece("a.parquet"),)]
    shards = plan(tmp_path / "in", size // 4 + 1)
    assert shards == [(Piece("a.parquet", at, at + 25),) for at in (0, 25, 50, 75)]
    assert len(plan(tmp_path / "in", 1)) == 100


def test_equal_texts_do_not_make_a_shard_endless(tmp_path, write_parquet):
    write_parquet("a.parquet", ["没有数字。"] * 10_000)
    assert len(plan(tmp_path / "in", 1000 * SHORTEST)) == 10


def test_a_long_text_file_stays_whole(tmp_path):
    (tmp_path / "a.txt").write_bytes(b"x" * 10_000)
    assert plan(tmp_path, 100) == [(Piece("a.txt"),)]


def test_a_broken_file_is_left_to_its_reader(tmp_path):
    (tmp_path / "a.parquet").write_bytes(b"x" * 10_000)
    (tmp_path / "b.jsonl").touch()
    assert plan(tmp_path, 100) == [(Piece("a.parquet"),), (Piece("b.jsonl"),)]


@pytest.mark.parametrize("size", [1, 3, 50])
@given(st.lists(st.tuples(st.integers(0, 99), st.integers(1, 40))), st.integers(1, 100))
def test_what_is_done_is_not_done_again(tmp_path_factory, size, spans, length):
    path = tmp_path_factory.mktemp("in") / "a.jsonl"
    path.write_bytes(b"x" * length)
    taken: set[int] = set()
    done = []
    for start, count in spans:
        span = set(range(start, min(length, start + count)))
        if span and not span & taken:
            taken |= span
            done.append(Piece("a.jsonl", start, start + len(span)))
    pieces = [piece for shard in plan(path.parent, size, done) for piece in shard]
    missing = [
        at
        for piece in pieces
        for at in range(piece.start, length if piece.stop is None else piece.stop)
    ]
    assert sorted([*missing, *taken]) == list(range(length))
    assert missing == sorted(missing)


def test_a_whole_file_that_is_done_is_left_out(tmp_path):
    for name in ("a.txt", "b.txt"):
        (tmp_path / name).write_text("x")
    assert plan(tmp_path, 100, [Piece("a.txt")]) == [(Piece("b.txt"),)]


def test_a_hundred_thousand_files_are_planned_in_seconds(tmp_path):
    sources = [Source(f"{number:06d}.txt", 200, 0) for number in range(100_000)]
    shards = list(plan_shards(tmp_path, sources, (), 2_000_000))
    assert sum(len(shard.pieces) for shard in shards) == 100_000
    assert len(shards) < 250
