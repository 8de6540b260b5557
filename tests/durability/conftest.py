"""A server to debate with, in a thread of the test, and the program as a user calls it."""

import asyncio
import threading
from collections.abc import Iterator
from concurrent.futures import Future
from pathlib import Path

import pytest

from tests.cli.conftest import debate
from tests.durability.server import DebateServer
from tests.test_runs import CARD

__all__ = ["debate"]

TWO = "bottleneck-theory,pace-layering"
FOUR = f"{TWO},emergence,feedback-loops"


@pytest.fixture
def server() -> Iterator[DebateServer]:
    """Answers at once unless the test sets its `latency`."""
    loop, started = asyncio.new_event_loop(), Future[DebateServer]()

    def serve() -> None:
        serving = DebateServer()
        loop.run_until_complete(serving.start())
        started.set_result(serving)
        loop.run_forever()

    thread = threading.Thread(target=serve, daemon=True)
    thread.start()
    serving = started.result(30)
    yield serving
    asyncio.run_coroutine_threadsafe(serving.stop(), loop).result(30)
    loop.call_soon_threadsafe(loop.stop)
    thread.join(30)
    loop.close()


@pytest.fixture
def card(tmp_path: Path) -> Path:
    path = tmp_path / "care_waiting-stuck.md"
    path.write_text(CARD, encoding="utf-8")
    return path


@pytest.fixture
def words(server: DebateServer, card: Path) -> list[str]:
    """`debate` with these words holds a debate of two seats in `runs`."""
    model = ["--model", "llamacpp:m", "--base-url", server.url]
    return ["run", str(card), "--lenses", TWO, "--transcripts", "runs", *model]


def the_folder(base: Path) -> Path:
    """The one run in `base`."""
    (manifest,) = base.glob("*/run.json")
    return manifest.parent


def prompts(server: DebateServer) -> list[str]:
    """What the server was asked, request by request."""
    return [str(exchange.asked["messages"]) for exchange in server.requests]
