"""What tests of the web page share: a server in this process, one in a thread, and one browser a worker."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from starlette.testclient import TestClient

from debate.library import Library
from debate.web.app import app
from tests.web.browser import Chromium, chromium, missing
from tests.web.served import TOKEN, Served, serving

ORIGIN = "http://127.0.0.1:8000"


@pytest.fixture
def runs(tmp_path: Path) -> Path:
    """The folder the user's own runs are in; empty."""
    return tmp_path / "runs"


@pytest.fixture
def stranger(runs: Path) -> Iterator[TestClient]:
    """A client on the server's own address that nobody let in. It follows no redirection."""
    made = app(Library.open().run_folders(runs), TOKEN)
    with TestClient(made, base_url=ORIGIN, follow_redirects=False) as client:
        yield client


@pytest.fixture
def reader(stranger: TestClient) -> TestClient:
    """The client of who was let in."""
    assert stranger.get(f"/?token={TOKEN}").status_code == 303
    return stranger


@pytest.fixture
def served(runs: Path) -> Iterator[Served]:
    """A server on a port of this machine."""
    with serving(runs) as server:
        yield server


@pytest.fixture(scope="session")
def browser() -> Iterator[Chromium]:
    """The browser, shared by all tests of this process."""
    if why := missing():
        pytest.skip(why)
    with chromium() as started:
        yield started
