"""The pages over the double of the archive and over the sample archive: for Flask's test client, and in a browser."""

from __future__ import annotations

import os
import shutil
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient
from playwright.sync_api import Browser, Error, Page, sync_playwright
from web_double import DoubleKeeper

from indexer import pipeline, upkeep
from search.archive import Archive
from search.keeper import Keeper
from web import create_app, server

SEEDS = Path(__file__).parents[2] / "seeds"

FLAGS = [
    "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
    "--disable-component-update", "--disable-sync",
]


@pytest.fixture
def keeper() -> DoubleKeeper:
    return DoubleKeeper()


@pytest.fixture
def client(keeper: DoubleKeeper) -> FlaskClient:
    return create_app(keeper).test_client()


# ---- in a browser -----------------------------------------------------------------------------------


@pytest.fixture(scope="session")
def address() -> Iterator[str]:
    """The pages over the double of the archive, served by the real server in a thread."""
    with _served(create_app(DoubleKeeper())) as address:
        yield address


@pytest.fixture(scope="session")
def sample_archive(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The sample archive that comes with the program, taken in and indexed; not to be changed."""
    directory = tmp_path_factory.mktemp("sample") / "archive"
    with Archive.open(directory, create=True) as archive:
        for _taken in pipeline.take_in(archive, [SEEDS]):
            pass
        upkeep.ensure_index(archive, None, say=lambda _: None)
    return directory


@pytest.fixture(scope="session")
def sample_address(sample_archive: Path) -> Iterator[str]:
    """The pages over the sample archive, served."""
    with _served(create_app(Keeper(sample_archive))) as address:
        yield address


@contextmanager
def _served(app: Flask) -> Iterator[str]:
    """Where the real server answers, in a thread."""
    stop = threading.Event()
    with server.bind("127.0.0.1", 0) as listening:
        thread = threading.Thread(target=server.run, args=(app, listening, stop.is_set))
        thread.start()
        yield server.address(listening)
        stop.set()
        thread.join()


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    """The browser that is there, else Playwright's own. Where CI is set, none at all is a failure."""
    names = ("chromium", "chromium-browser", "google-chrome")
    found = next((path for path in map(shutil.which, names) if path), None)
    with sync_playwright() as playwright:
        try:
            browser = playwright.chromium.launch(executable_path=found, args=FLAGS)
        except Error as error:
            reason = f"no browser could be started: {error.message.splitlines()[0]}"
            if os.environ.get("CI"):
                pytest.fail(reason)
            pytest.skip(reason)
        yield browser
        browser.close()


@pytest.fixture
def view(chromium: Browser, address: str) -> Iterator[Page]:
    """A page at 1280 px in Japanese."""
    context = chromium.new_context(base_url=address, locale="ja", viewport={"width": 1280, "height": 900})
    yield context.new_page()
    context.close()


@pytest.fixture
def plain_view(chromium: Browser, address: str) -> Iterator[Page]:
    """The same without JavaScript."""
    context = chromium.new_context(
        base_url=address, locale="ja", viewport={"width": 1280, "height": 900}, java_script_enabled=False
    )
    yield context.new_page()
    context.close()
