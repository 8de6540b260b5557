"""Debates as a user holds them: the command line in this process, against a house server in a thread."""

import json
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

import pytest

from debate.calls import Policy
from debate.run_names import EVENTS
from debate.transcripts import ANSWER, TRANSCRIPT, Run
from tests.bookshelf import problem_text
from tests.cli.conftest import Debate, Done, debate
from tests.debates.house_server import PANEL, HouseServer

__all__ = ["debate"]

LEDGER = "ledger.sqlite3"


@dataclass(frozen=True)
class Held:
    """What a debate left behind: exit code, screen, the document of `--json`, and its folder."""

    done: Done
    runs: Path

    @property
    def code(self) -> int:
        return self.done.code

    @property
    def err(self) -> str:
        return self.done.err

    @property
    def document(self) -> dict[str, Any]:
        document: dict[str, Any] = json.loads(self.done.out)
        return document

    @property
    def folder(self) -> Path:
        return max(journal.parent for journal in self.runs.glob(f"*/{EVENTS}"))

    @property
    def run(self) -> Run:
        return Run.load(self.folder)

    @property
    def page(self) -> str:
        return (self.folder / TRANSCRIPT).read_text(encoding="utf-8")

    @property
    def answer(self) -> str:
        return (self.folder / ANSWER).read_text(encoding="utf-8")

    @property
    def seats(self) -> dict[str, str]:
        """What became of each lens."""
        return {seat["lens"]: seat["status"] for seat in self.document["seats"]}

    def rows(self, sql: str) -> list[tuple[Any, ...]]:
        """What the ledger's file holds, read behind its back."""
        with closing(sqlite3.connect(self.runs / LEDGER)) as connection:
            return connection.execute(sql).fetchall()

    @property
    def attempts(self) -> int:
        (count,) = self.rows("SELECT count(*) FROM attempts")[0]
        return int(count)


Hold = Callable[..., Held]


@pytest.fixture
def house() -> Iterator[HouseServer]:
    """A server on which every debate succeeds, until the test says otherwise."""
    with HouseServer() as server:
        yield server


@pytest.fixture
def card(tmp_path: Path) -> Path:
    """A problem nobody has heard of."""
    path = tmp_path / "shop_queue.md"
    path.write_text(problem_text(), encoding="utf-8")
    return path


@pytest.fixture
def hold(
    debate: Debate, house: HouseServer, card: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Hold:
    """`hold(…flags)` puts four lenses on the problem, with every model on the house server.

    Pauses between attempts are short; how long they are is the business of other tests.
    """
    monkeypatch.setattr("debate.runs.desk.Policy", partial(Policy, first_pause=0.01, longest_pause=0.02))
    runs = tmp_path / "runs"

    def call(*flags: str, json: bool = True) -> Held:
        server = ("--model", "llamacpp:", "--base-url", house.url)
        places = ("--lenses", ",".join(PANEL), "--transcripts", str(runs))
        return Held(debate("run", str(card), *server, *places, *(("--json",) if json else ()), *flags), runs)

    return call
