from __future__ import annotations

import shutil
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from annotator import Server
from local_server import ROOT, running

from zh_report_facts.doccano.access import find_access
from zh_report_facts.doccano.environment import make_environment
from zh_report_facts.files import OutputError

FLAGS = (
    "--headless=new --no-sandbox --disable-gpu --disable-quic --no-first-run "
    "--disable-background-networking --disable-component-update --disable-sync --lang=en "
    "--window-size=1280,900"
)
NEEDS = "needs a browser: apt-get install chromium chromium-driver; pip install selenium"


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


@pytest.fixture(scope="session")
def chromium(tmp_path_factory):
    """A real browser without a window, one for all tests."""
    webdriver = pytest.importorskip("selenium.webdriver", reason=NEEDS)
    binary, driver = shutil.which("chromium"), shutil.which("chromedriver")
    if not binary or not driver:
        pytest.skip(NEEDS)
    options = webdriver.ChromeOptions()
    options.binary_location = binary
    for flag in FLAGS.split():
        options.add_argument(flag)
    options.add_argument(f"--user-data-dir={tmp_path_factory.mktemp('profile')}")
    browser = webdriver.Chrome(options, webdriver.ChromeService(driver))
    yield browser
    browser.quit()
