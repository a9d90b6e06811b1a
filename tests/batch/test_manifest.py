from __future__ import annotations

import json

import pytest

from zh_report_facts.batch.manifest import Entry, Manifest, Reject, Settings
from zh_report_facts.batch.resume import compare, name_part, next_number
from zh_report_facts.batch.sources import Columns, Piece, Source
from zh_report_facts.files import InputError

SETTINGS = Settings("1.0", "zh_tiny", "0.1", "abc", 0.0, Columns())
SOURCE = Source("a.parquet", 100, 5)


def entry(start=0, stop=10, reports=10, source=SOURCE, number=0, **changes):
    return Entry(
        part=f"facts/{number:06d}-00000000.parquet",
        pieces=(Piece(source.path, start, stop),),
        sources=(source,),
        digest="d",
        reports=reports,
        characters=50,
        facts=7,
        size=0,
        sha256="s",
        rejects=(),
    )._replace(**changes)


def open_manifest(folder, settings=SETTINGS, **options):
    return Manifest(folder, settings, "in", **options)


def test_what_is_written_is_read_again(tmp_path):
    manifest = open_manifest(tmp_path)
    manifest.replace([], complete=False)
    late = entry(10, 20, rejects=(Reject("x", "a.parquet", 12, "broken"),))
    odd = entry(source=Source("\udcff.txt", 3, 4))
    for added in (late, entry(), odd):
        manifest.add(added)
    assert open_manifest(tmp_path).entries == [late, entry(), odd]
    manifest.replace(manifest.entries, complete=True)
    again = open_manifest(tmp_path)
    assert again.entries == [entry(), late, odd]
    header = json.loads(manifest.path.read_bytes().splitlines()[0])
    assert header["complete"] is True
    assert header["model"] == "zh_tiny" and header["version"] == "0.1"
    assert (header["reports"], header["facts"], header["shards"]) == (30, 21, 3)
    assert header["rejects"] == 1


def test_a_line_cut_off_is_forgotten(tmp_path):
    manifest = open_manifest(tmp_path)
    manifest.replace([entry()], complete=False)
    manifest.add(entry(10, 20))
    manifest.path.write_bytes(manifest.path.read_bytes()[:-5])
    again = open_manifest(tmp_path)
    assert again.entries == [entry()]
    again.replace(again.entries, complete=False)
    again.add(entry(10, 20))
    assert open_manifest(tmp_path).entries == [entry(), entry(10, 20)]


def test_the_last_of_two_lines_with_the_same_pieces_counts(tmp_path):
    manifest = open_manifest(tmp_path)
    manifest.replace([entry()], complete=False)
    manifest.add(entry(reports=9))
    assert open_manifest(tmp_path).entries == [entry(reports=9)]


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"version": "0.2"}, r"another version \(0.1, now 0.2\)"),
        ({"digest": "abd"}, "another digest"),
        ({"min_score": 0.5}, "another min_score"),
        ({"columns": Columns("id", "body")}, r"another columns \(id, text, now id, body\)"),
    ],
)
def test_other_settings_are_refused(tmp_path, change, message):
    open_manifest(tmp_path).replace([entry()], complete=True)
    changed = SETTINGS._replace(**change)
    with pytest.raises(InputError, match=message):
        open_manifest(tmp_path, changed)
    assert open_manifest(tmp_path, changed, fresh=True).entries == []


@pytest.mark.parametrize("data", [b"", b"{}\n", b'{"format": 99}\n', b"[]\n", b"\xff\n", b"x\n"])
def test_what_is_no_manifest_is_refused(tmp_path, data):
    (tmp_path / "manifest.jsonl").write_bytes(data)
    with pytest.raises(InputError, match="is no manifest of this version"):
        open_manifest(tmp_path)


def test_a_folder_with_other_files_is_refused(tmp_path):
    (tmp_path / "thesis.docx").touch()
    for fresh in (False, True):
        with pytest.raises(InputError, match="holds other files than facts"):
            open_manifest(tmp_path, fresh=fresh)


def test_the_input_is_called_as_it_was_first(tmp_path):
    open_manifest(tmp_path).replace([], complete=True)
    assert Manifest(tmp_path, SETTINGS, "/elsewhere/in").source == "in"


def test_shards_are_compared_with_what_is_there(tmp_path):
    (tmp_path / "facts").mkdir()
    sources = {name: Source(name, 100, 5) for name in ("same", "touched", "longer", "gone", "bad")}
    entries = {
        name: entry(source=source, number=number)
        for number, (name, source) in enumerate(sources.items())
    }
    entries["bad"] = entries["bad"]._replace(rejects=(Reject("x", "bad", 0, "broken"),))
    entries["lost"] = entry(source=sources["same"], number=9)
    for each in entries.values():
        (tmp_path / each.part).touch()
    (tmp_path / entries["lost"].part).unlink()
    now = [
        sources["same"],
        sources["touched"]._replace(modified=6),
        sources["longer"]._replace(size=101),
        sources["bad"],
    ]
    before = compare(entries.values(), now, tmp_path)
    assert before.done == [entries["same"], entries["bad"]]
    assert before.doubtful == [entries["touched"]]
    assert before.notes == [
        "Shards made anew as their facts are lost or damaged: 1",
        "Shards made anew as files of theirs are gone: 1",
        "Shards made anew as files of theirs have changed: 1",
        "Shards compared as files of theirs have a new date: 1",
    ]
    assert compare(entries.values(), now, tmp_path, retry=True).done == [entries["same"]]


def test_parts_are_numbered_on_and_named_by_their_content():
    assert next_number([]) == 0
    assert next_number([entry(number=4), entry(number=2)]) == 5
    assert name_part(5, SETTINGS, SOURCE) == name_part(5, SETTINGS, SOURCE)
    assert name_part(5, SETTINGS, SOURCE) != name_part(5, SETTINGS, SOURCE._replace(modified=6))
    assert next_number([entry(part=name_part(7, SETTINGS))]) == 8
