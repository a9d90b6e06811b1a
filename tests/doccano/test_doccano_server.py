"""The command that runs a server: what it prints and keeps, where it listens, how it stops."""

import json
import os
import shutil
import signal
import socket
import stat
import subprocess
import sys
import time
from pathlib import Path

import pytest
import requests
from annotator import Annotator
from local_server import ROOT, running, server_command

from zh_report_facts.doccano.access import find_access, make_credentials
from zh_report_facts.doccano.environment import clean_environ, make_environment
from zh_report_facts.files import InputError, OutputError


def answers(url: str) -> bool:
    try:
        return requests.get(f"{url}/v1/me", timeout=60).status_code == 403
    except requests.ConnectionError:
        return False


def gone(url: str, seconds: float = 60) -> bool:
    end = time.monotonic() + seconds
    while answers(url):
        if time.monotonic() > end:
            return False
        time.sleep(0.2)
    return True


@pytest.fixture
def copied(server, tmp_path):
    """Another folder with the data and the password of the running server."""
    for name in ("server-env", "client-env"):
        (tmp_path / name).symlink_to(server.folder / name)
    shutil.copy(server.folder / "credentials.json", tmp_path)
    shutil.copytree(server.folder / "data", tmp_path / "data")
    return tmp_path


def test_the_password_is_printed_once_and_only_the_owner_can_read_it(server):
    path = server.folder / "credentials.json"
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    password = json.loads(path.read_text())["password"]
    assert len(password) >= 16
    assert sum(password in line for line in server.printed) == 1
    assert server.printed[-1] == f"doccano answers at {server.access.url}, user admin"


def test_it_listens_on_this_machine_only(server):
    port = int(server.access.url.rpartition(":")[2])
    table = [line.split() for line in Path("/proc/net/tcp").read_text().splitlines()[1:]]
    listening = {row[1] for row in table if row[3] == "0A" and row[1].endswith(f":{port:04X}")}
    assert listening == {f"0100007F:{port:04X}"}
    # A page elsewhere cannot reach it by a name of its own that leads here.
    header = {"Host": "evil.example"}
    assert requests.get(f"{server.access.url}/v1/me", headers=header, timeout=60).status_code == 400


def test_it_starts_again_with_its_data_and_stops_at_a_signal(server, copied):
    with running(copied) as (process, printed):
        url = find_access(copied).url
        assert answers(url)
        assert [line for line in printed if "password" in line] == []
        assert Annotator(find_access(copied), 0).call("get", "me")["username"] == "admin"
        process.send_signal(signal.SIGTERM)
        assert process.wait(60) == 0
    assert gone(url)


def test_it_ends_with_the_command_that_started_it(copied):
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    # As `spacy project run` does.
    program = f"import subprocess; subprocess.run({server_command(copied, port)!r})"
    parent = subprocess.Popen([sys.executable, "-c", program], cwd=ROOT, stdout=subprocess.PIPE)
    assert parent.stdout is not None
    assert any(b"answers at" in line for line in parent.stdout)
    url = f"http://127.0.0.1:{port}"
    assert answers(url)
    parent.kill()
    parent.wait(20)
    assert gone(url)


def test_a_taken_port_is_named(copied):
    with socket.create_server(("127.0.0.1", 0)) as taken:
        command = server_command(copied, taken.getsockname()[1])
        done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True)
    assert done.returncode == 1
    assert "give another --port" in done.stderr and "Traceback" not in done.stderr


def test_credentials_are_kept(tmp_path):
    first, new = make_credentials(tmp_path / "x", "http://127.0.0.1:1")
    again, known = make_credentials(tmp_path / "x", "http://127.0.0.1:2")
    assert new and not known
    assert first["password"] == again["password"]
    assert find_access(tmp_path / "x") == ("http://127.0.0.1:2", "admin", first["password"])
    assert first["password"] != make_credentials(tmp_path / "y", "")[0]["password"]


def test_another_server_is_named_by_the_environment(tmp_path, monkeypatch):
    with pytest.raises(InputError, match="spacy project run doccano-server"):
        find_access(tmp_path)
    monkeypatch.setenv("DOCCANO_URL", "https://doccano.example/")
    with pytest.raises(InputError, match="DOCCANO_USERNAME"):
        find_access(tmp_path)
    monkeypatch.setenv("DOCCANO_USERNAME", "li")
    monkeypatch.setenv("DOCCANO_PASSWORD", "geheim")
    assert find_access(tmp_path) == ("https://doccano.example", "li", "geheim")


def test_what_the_project_was_installed_with_does_not_reach_the_environments(monkeypatch):
    monkeypatch.setenv("PIP_CONSTRAINT", "/nowhere")
    monkeypatch.setenv("PYTHONPATH", "/nowhere")
    assert not {"PIP_CONSTRAINT", "PYTHONPATH"} & clean_environ().keys()
    assert clean_environ()["PATH"] == os.environ["PATH"]


def test_an_environment_is_made_once(environments, capfd):
    before = (environments / "client-env" / "constraints.txt").stat().st_mtime_ns
    python = make_environment("client", environments)
    assert python.exists() and (python.parents[1] / "constraints.txt").stat().st_mtime_ns == before
    assert capfd.readouterr().err == ""


def test_a_failed_installation_says_so_and_starts_anew(tmp_path, monkeypatch):
    monkeypatch.setenv("PIP_NO_INDEX", "1")
    monkeypatch.setenv("PIP_FIND_LINKS", str(tmp_path))
    with pytest.raises(OutputError, match="run the command again"):
        make_environment("client", tmp_path)
    assert not (tmp_path / "client-env" / "constraints.txt").exists()
