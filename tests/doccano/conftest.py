from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from annotator import Server
from local_server import ROOT, running

from zh_report_facts.doccano.access import find_access
from zh_report_facts.doccano.environment import make_environment
from zh_report_facts.files import OutputError


@pytest.fixture(scope="session")
def environments() -> Path:
    """The folder with both environments, as the commands make them; kept for the next run."""
    folder = ROOT / ".doccano"
    try:
        with ThreadPoolExecutor() as pool:
            list(pool.map(lambda kind: make_environment(kind, folder), ("server", "client")))
    except OutputError as error:
        pytest.skip(f"doccano cannot be installed here: {error}")
    return folder


@pytest.fixture(scope="session")
def server(environments: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """A real doccano, started by the command, with data of its own."""
    folder = tmp_path_factory.mktemp("doccano")
    for kind in ("server", "client"):
        (folder / f"{kind}-env").symlink_to(environments / f"{kind}-env")
    with running(folder) as (_, printed):
        yield Server(find_access(folder), folder, printed)
