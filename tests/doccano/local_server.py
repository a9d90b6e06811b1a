"""A doccano of the tests' own, run by the command."""

from __future__ import annotations

import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]


@contextmanager
def running(folder: Path) -> Iterator[tuple[subprocess.Popen[str], list[str]]]:
    """Run the command, and stop it as a shell does."""
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    process = subprocess.Popen(
        server_command(folder, port), cwd=ROOT, text=True, stdout=subprocess.PIPE
    )
    printed: list[str] = []
    try:
        assert process.stdout is not None
        for line in process.stdout:
            printed.append(line.strip())
            if "answers at" in line:
                break
        else:
            pytest.fail(f"the server did not start: {printed}")
        yield process, printed
    finally:
        process.send_signal(signal.SIGTERM)
        process.wait(60)


def server_command(folder: Path, port: int) -> list[str]:
    script = str(ROOT / "scripts" / "doccano_server.py")
    return [sys.executable, script, "--folder", str(folder), "--port", str(port)]
