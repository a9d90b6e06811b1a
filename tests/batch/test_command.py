"""The command, its processes, and what kills them."""

from __future__ import annotations

import datetime
import fcntl
import json
import os
import signal
import struct
import subprocess
import sys
import termios
import time
from contextlib import contextmanager
from ipaddress import ip_address

import psutil
import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from outputs import by_report, command, parts, read_manifest, run_command
from tiny import TEXT
from typer.testing import CliRunner

from zh_report_facts.__main__ import app

SHARDS = 8
WHOLE = {f"a-{number}": 6 for number in range(SHARDS)}


def wait_for(condition, process=None):
    deadline = time.monotonic() + 60
    while not (value := condition()):
        assert time.monotonic() < deadline, "waited in vain"
        assert process is None or process.poll() is None, process.communicate()
        time.sleep(0.05)
    return value


def finished(out):
    """How many shards stand in the manifest; 0 before there is one."""
    try:
        return max(0, len(read_manifest(out)) - 1)
    except (OSError, ValueError):
        return 0


@contextmanager
def started(*arguments):
    """The command, running; ended with all its processes if the block leaves it so."""
    process = subprocess.Popen(
        command(*arguments), stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    )
    children = []
    try:
        yield process
        with_children = psutil.pid_exists(process.pid) and process.poll() is None
        children = psutil.Process(process.pid).children(recursive=True) if with_children else []
    finally:
        for each in [*children, process]:
            each.kill()
        process.communicate()


@pytest.fixture
def slow(tmp_path, model, write_parquet):
    """Arguments of a job of shards that take a while."""
    write_parquet("a.parquet", [f"SLOW\n{TEXT}"] * SHARDS)
    return [tmp_path / "in", tmp_path / "out", "-m", model, "--shard-size", 100]


def test_a_job_of_this_machine(tmp_path, model, write_parquet):
    write_parquet("a.parquet", [TEXT, "没有数字。", TEXT])
    arguments = [tmp_path / "in", tmp_path / "out", "-m", model, "--workers", 1]
    done = run_command(*arguments, "--summary")
    assert done.returncode == 0, done.stderr
    out = tmp_path / "out"
    assert done.stderr == f"3 reports, 12 facts in 1 shards, written to {out}\n"
    assert "邻里食堂" in done.stdout and "TARGET" in done.stdout
    write_parquet("b.parquet", [None])
    again = run_command(*arguments, "--quiet")
    assert again.returncode == 3
    assert again.stdout == ""
    assert again.stderr.endswith(f"1 not read, see {out / 'rejects.jsonl'}\n")


def test_progress_is_shown_on_a_terminal(slow):
    master, terminal = os.openpty()
    fcntl.ioctl(terminal, termios.TIOCSWINSZ, struct.pack("HHHH", 40, 140, 0, 0))
    with subprocess.Popen(
        command(*slow, "--workers", 2), stdout=subprocess.DEVNULL, stderr=terminal
    ) as process:
        os.close(terminal)
        shown = b""
        while True:
            try:
                shown += os.read(master, 4096)
            except OSError:
                break
    os.close(master)
    assert process.returncode == 0
    for part in (b"8/8 [", b"8 reports, 48 facts", b"reports/s", b"<"):
        assert part in shown


def test_the_client_is_killed_and_started_again(slow, tmp_path):
    out = slow[1]
    with started(*slow, "--workers", 2) as process:
        wait_for(lambda: finished(out) >= 3, process)
        workers = psutil.Process(process.pid).children(recursive=True)
        process.send_signal(signal.SIGKILL)
        _, alive = psutil.wait_procs(workers, timeout=20)
        assert not alive
    before = parts(out)
    assert 3 <= finished(out) < SHARDS
    again = run_command(*slow, "--workers", 1)
    assert again.returncode == 0, again.stderr
    assert len(parts(out).items() & before.items()) >= 3
    assert len(parts(out)) == SHARDS
    assert by_report(out) == WHOLE


def test_all_listen_on_this_machine_alone_and_a_worker_is_killed(slow):
    with started(*slow, "--workers", 2) as process:
        wait_for(lambda: finished(slow[1]) >= 2, process)
        client = psutil.Process(process.pid)
        family = client.children(recursive=True)
        listening = [
            connection.laddr.ip
            for each in [client, *family]
            for connection in each.net_connections("inet")
            if connection.status == psutil.CONN_LISTEN
        ]
        assert len(listening) >= 3
        assert set(listening) == {"127.0.0.1"}
        workers = [each for each in family if "spawn_main" in " ".join(each.cmdline())]
        assert len(workers) == 2
        workers[0].send_signal(signal.SIGKILL)
        process.wait(120)
        assert process.returncode == 0
    assert by_report(slow[1]) == WHOLE


def test_the_job_is_asked_to_stop(slow):
    with started(*slow, "--workers", 1) as process:
        wait_for(lambda: finished(slow[1]) >= 1, process)
        workers = psutil.Process(process.pid).children(recursive=True)
        process.send_signal(signal.SIGTERM)
        _, errors = process.communicate(timeout=60)
        assert process.returncode == 128 + signal.SIGTERM
        assert errors == "Stopped; start the same command again to do the rest\n"
        _, alive = psutil.wait_procs(workers, timeout=20)
        assert not alive
    assert 1 <= finished(slow[1]) < SHARDS


@contextmanager
def dask(*arguments):
    """A scheduler or a worker as an administrator starts it."""
    process = subprocess.Popen(
        [sys.executable, "-m", "distributed.cli.dask_" + arguments[0], *map(str, arguments[1:])],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        yield process
    finally:
        process.terminate()
        process.wait(20)


@contextmanager
def cluster(tmp_path, *options, protocol="tcp"):
    """A cluster of one worker, and its address."""
    file = tmp_path / "scheduler.json"
    common = ["--scheduler-file", file, *options]
    scheduler = ["--host", "127.0.0.1", "--port", 0, "--no-dashboard", "--protocol", protocol]
    worker = ["--nthreads", 1, "--no-dashboard", "--host", "127.0.0.1"]
    with dask("scheduler", *scheduler, *common) as process:
        wait_for(file.exists, process)
        with dask("worker", *worker, *common):
            yield process, json.loads(file.read_text())["address"]


def test_the_scheduler_is_killed(slow, tmp_path):
    with cluster(tmp_path) as (scheduler, address):
        with started(*slow, "--scheduler", address) as process:
            wait_for(lambda: finished(slow[1]) >= 2, process)
            scheduler.kill()
            _, errors = process.communicate(timeout=90)
        assert process.returncode == 1
        assert "connection to the scheduler is lost; start the same command again" in errors
        assert errors.count("\n") == 1
    assert 2 <= finished(slow[1]) < SHARDS
    (tmp_path / "scheduler.json").unlink()
    with cluster(tmp_path) as (_, address):
        again = run_command(*slow, "--scheduler", address)
    assert again.returncode == 0, again.stderr
    assert by_report(slow[1]) == WHOLE


def write_certificates(folder):
    """A key and a certificate that signs itself, which the cluster and the client share."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "127.0.0.1")])
    now = datetime.datetime.now(datetime.UTC)
    names = x509.SubjectAlternativeName([x509.IPAddress(ip_address("127.0.0.1"))])
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(now - datetime.timedelta(hours=1))
        .not_valid_after(now + datetime.timedelta(days=1))
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .add_extension(names, critical=False)
        .sign(key, hashes.SHA256())
    )
    encoding, plain = serialization.Encoding.PEM, serialization.NoEncryption()
    (folder / "cert.pem").write_bytes(certificate.public_bytes(encoding))
    (folder / "key.pem").write_bytes(
        key.private_bytes(encoding, serialization.PrivateFormat.PKCS8, plain)
    )
    return [folder / "cert.pem", folder / "cert.pem", folder / "key.pem"]


def test_a_cluster_with_certificates(tmp_path, model, write_parquet):
    write_parquet("a.parquet", [TEXT])
    certificates = write_certificates(tmp_path)
    names = ("--tls-ca-file", "--tls-cert", "--tls-key")
    options = [option for pair in zip(names, certificates) for option in pair]
    arguments = [tmp_path / "in", tmp_path / "out", "-m", model]
    with cluster(tmp_path, *options, protocol="tls") as (_, address):
        assert address.startswith("tls://")
        refused = run_command(*arguments, "--scheduler", address)
        assert refused.returncode == 1
        assert "check address and certificates" in refused.stderr
        assert refused.stderr.count("\n") == 1
        done = run_command(*arguments, "--scheduler", address, *options)
    assert done.returncode == 0, done.stderr
    assert by_report(tmp_path / "out") == {"a-0": 6}


def invoke(*arguments):
    return CliRunner().invoke(app, ["batch", *map(str, arguments)])


def test_options_that_do_not_go_together(tmp_path):
    for options in (["--scheduler", "x", "--workers", "2"], ["--tls-key", "k"]):
        assert invoke(tmp_path, tmp_path, *options).exit_code == 2


def test_what_is_wrong_is_said_in_one_line(tmp_path, write_parquet):
    write_parquet("a.parquet", [TEXT])
    for source, options, message in [
        (tmp_path / "missing", [], "no such file"),
        (tmp_path / "in", ["-m", "no-model"], "no-model"),
    ]:
        done = invoke(source, tmp_path / "out", *options)
        assert done.exit_code == 1
        assert message in done.stderr and done.stderr.count("\n") == 1
    assert not (tmp_path / "out").exists()


def test_without_the_extra_there_is_a_sentence(monkeypatch):
    monkeypatch.setitem(sys.modules, "distributed", None)
    done = invoke("in", "out")
    assert done.exit_code == 1
    assert done.stderr == "batch needs distributed; pip install 'zh_report_facts[dask]'\n"
