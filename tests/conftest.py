from __future__ import annotations

import shutil

import pytest
from spacy.language import Language
from tiny import initialize, make_pipeline, train

FLAGS = (
    "--headless=new --no-sandbox --disable-gpu --disable-quic --no-first-run "
    "--disable-background-networking --disable-component-update --disable-sync --lang=en "
    "--window-size=1280,900"
)
NEEDS = "needs a browser: apt-get install chromium chromium-driver; pip install selenium"


@pytest.fixture(scope="session")
def trained() -> Language:
    """The tiny pipeline, trained; one for all tests, which must not change it."""
    return train(initialize(make_pipeline()))


@pytest.fixture
def initialized() -> Language:
    """The tiny pipeline, initialised; the test's own."""
    return initialize(make_pipeline())


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
    options.set_capability("goog:loggingPrefs", {"browser": "ALL", "performance": "ALL"})
    browser = webdriver.Chrome(options, webdriver.ChromeService(driver))
    yield browser
    browser.quit()
