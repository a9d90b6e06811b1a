"""Files made to do harm, and processes that are killed, through the whole command."""

import json
import os
import signal
import subprocess
import sys
import time
import zipfile
from pathlib import Path

import pytest
from reportlab.lib.pdfencrypt import StandardEncryption
from reportlab.pdfgen.canvas import Canvas
from tiny import TEXT

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="needs POSIX files and signals")


@pytest.fixture(scope="module")
def command(trained, tmp_path_factory):
    folder = tmp_path_factory.mktemp("model")
    trained.to_disk(folder)
    return [sys.executable, "-m", "zh_report_facts", "extract", "-m", folder, "--jobs", "2"]


def write_hostile(folder, write_pdf):
    with zipfile.ZipFile(folder / "bomb.docx", "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("word/document.xml", b" " * 2**25)
    with open(folder / "large.txt", "wb") as file:
        file.truncate(500 * 2**20)
    canvas = Canvas(str(folder / "locked.pdf"), encrypt=StandardEncryption("secret"))
    canvas.drawString(9, 9, "text")
    canvas.save()
    (folder / "cut.pdf").write_bytes(write_pdf().read_bytes()[:-500])
    (folder / "deep.html").write_text("<div>" * 10**6 + "共3人")
    (folder / "loop.txt").symlink_to("loop.txt")
    (folder / "below").mkdir()
    (folder / "below" / "up").symlink_to(folder)
    os.mkfifo(folder / "pipe.txt")
    (folder / "a\nb.txt").write_bytes(b"\0")


SENTENCES = [
    r"loop.txt: skipped, it is not a file",
    r"pipe.txt: skipped, it is not a file",
    r"below/up: folder skipped",
    r"a\nb.txt: is a binary file",
    r"bomb.docx: unpacks to 33,554,432 bytes",
    r"cut.pdf: is cut off",
    r"deep.html: has tags nested more than",
    r"large.txt: has 524,288,000 bytes",
    r"locked.pdf: is locked with a password",
]


def test_each_hostile_file_gets_a_sentence_and_the_others_are_read(command, tmp_path, write_pdf):
    folder, output = tmp_path / "reports", tmp_path / "out" / "facts.jsonl"
    folder.mkdir()
    write_hostile(folder, write_pdf)
    for name in ("0.txt", "z.txt", "a\nz.txt"):
        (folder / name).write_text(TEXT, encoding="utf-8")
    before = {path for path in tmp_path.rglob("*") if "up" not in path.parts}
    # Named, they are read as well as found in their folder.
    named = [folder / "pipe.txt", folder / "loop.txt"]
    done = subprocess.run(
        [*command, folder, *named, "-o", output], capture_output=True, text=True, timeout=300
    )
    assert done.returncode == 1
    assert done.stdout == ""
    sentences = done.stderr.splitlines()
    for sentence in (
        *SENTENCES,
        "pipe.txt: is no regular file",
        "loop.txt: cannot be read (too many levels",
    ):
        assert sum(sentence in line for line in sentences) == 1, sentence
    assert sentences[-1] == f"3 reports, 18 facts, written to {output}"
    assert len(sentences) == len(SENTENCES) + 3
    lines = output.read_text(encoding="utf-8").splitlines()
    assert [json.loads(line)["id"] for line in lines] == ["0", "a\nz", "z"]
    after = {path for path in tmp_path.rglob("*") if "up" not in path.parts}
    assert after - before == {output.parent, output}


def workers(parent):
    """The processes that read: those below the command that lead a group of their own."""
    parents = {}
    for entry in Path("/proc").iterdir():
        if entry.name.isdecimal():
            try:
                fields = (entry / "stat").read_text().rpartition(")")[2].split()
            except OSError:
                continue
            parents[int(entry.name)] = int(fields[1]), int(fields[2])
    below = {parent}
    while new := {pid for pid, (above, _) in parents.items() if above in below} - below:
        below |= new
    return sorted(pid for pid in below - {parent} if parents[pid][1] == pid)


@pytest.mark.skipif(not Path("/proc/self/stat").exists(), reason="finds the processes in /proc")
def test_killed_processes_change_no_byte(command, tmp_path):
    folder = tmp_path / "reports"
    folder.mkdir()
    for name in range(30):
        (folder / f"{name}.txt").write_text(TEXT * (5 + name), encoding="utf-8")
    outputs = tmp_path / "calm.jsonl", tmp_path / "killed.jsonl"
    subprocess.run([*command, folder, "-o", outputs[0]], check=True, capture_output=True)
    kills = 0
    arguments = [*command, folder, "-o", outputs[1]]
    with subprocess.Popen(arguments, stderr=subprocess.PIPE, text=True) as process:
        while process.poll() is None:
            # Once it writes, one may die twice at the same file only by rare chance.
            if kills < 2 and any(name.startswith(".killed") for name in os.listdir(tmp_path)):
                for pid in workers(process.pid)[:1]:
                    os.kill(pid, signal.SIGKILL)
                    kills += 1
            time.sleep(0.1)
        assert process.stderr is not None
        assert process.stderr.read().startswith("30 reports, ")
    assert kills >= 1
    assert outputs[0].read_bytes() == outputs[1].read_bytes()
