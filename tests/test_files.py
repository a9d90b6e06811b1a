import os

import pytest

from zh_report_facts.files import InputError, OutputError, read_text, replacing


def test_file_is_replaced_when_the_block_ends(tmp_path):
    target = tmp_path / "new" / "facts.jsonl"
    with replacing(target) as file:
        file.write("甲".encode())
        assert not target.exists()
    assert target.read_text(encoding="utf-8") == "甲"
    assert os.listdir(target.parent) == ["facts.jsonl"]


def test_nothing_half_written_remains_after_an_error(tmp_path):
    target = tmp_path / "facts.jsonl"
    target.write_text("old")
    with pytest.raises(RuntimeError), replacing(target) as file:
        file.write(b"half")
        raise RuntimeError
    assert target.read_text() == "old"
    assert os.listdir(tmp_path) == ["facts.jsonl"]


def test_new_file_has_the_usual_mode(tmp_path):
    with replacing(tmp_path / "mine") as file:
        file.write(b"")
    (tmp_path / "plain").write_bytes(b"")
    assert (tmp_path / "mine").stat().st_mode == (tmp_path / "plain").stat().st_mode


@pytest.mark.parametrize("make", ["folder", "file as parent"])
def test_target_that_cannot_be_written_gets_one_sentence(tmp_path, make):
    target = tmp_path / "target"
    if make == "folder":
        target.mkdir()
    else:
        target.write_text("")
        target = target / "facts.jsonl"
    with pytest.raises(OutputError, match="cannot be written") as error, replacing(target):
        pass
    assert str(error.value).startswith(f"{target}: ")
    assert "\n" not in str(error.value)


def test_files_that_are_no_text(tmp_path):
    cases = {
        "gbk.txt": ("补贴".encode("gb18030"), "not UTF-8 .*offset 0.*iconv -f GB18030"),
        "utf16.txt": ("补贴".encode("utf-16"), "not UTF-8 .*offset 0.*iconv -f UTF-16"),
        "cut.txt": ("共三人".encode()[:-1], "not UTF-8 .*offset 6"),
        "image.txt": (b"\x89PNG\0\0", "binary file .*offset 4"),
    }
    for name, (data, what) in cases.items():
        (tmp_path / name).write_bytes(data)
        with pytest.raises(InputError, match=what) as error:
            read_text(tmp_path / name)
        assert str(error.value).startswith(f"{tmp_path / name}: ")
    with pytest.raises(InputError, match="no such file"):
        read_text(tmp_path / "none.txt")
    with pytest.raises(InputError, match="is a folder"):
        read_text(tmp_path)
