"""Ctrl-C and SIGTERM: nothing new is asked, what is on its way is kept, and the run goes on later."""

import asyncio
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from debate.events import RunFinished, SeatSpoke
from debate.library import Library
from debate.models.roles import ROLES
from debate.runs import Brake, RunSpec, run
from debate.runs.spec import CallSettings
from debate.transcripts import ANSWER, TRANSCRIPT, Run
from debate.turns import PATIENCE
from tests.cli.conftest import Debate
from tests.durability.conftest import FOUR, prompts, the_folder
from tests.durability.server import DebateServer

REPO = Path(__file__).resolve().parents[2]

Start = Callable[..., "subprocess.Popen[str]"]


@pytest.fixture
def start(words: list[str]) -> Start:
    """The debate in a process of its own, four seats at two a time."""

    def begin() -> "subprocess.Popen[str]":
        environ = {**os.environ, "PYTHONPATH": f"{REPO / 'src'}{os.pathsep}{REPO}"}
        more = ["--lenses", FOUR, "--concurrency", "2"]
        return subprocess.Popen(
            [sys.executable, "-m", "debate", *words, *more],
            stdout=subprocess.DEVNULL,
            stderr=subprocess.PIPE,
            text=True,
            env=environ,
        )

    return begin


def until(condition: Callable[[], object]) -> None:
    ends = time.monotonic() + 60
    while not condition():
        assert time.monotonic() < ends, "it never came"
        time.sleep(0.01)


@pytest.mark.parametrize(("number", "code"), [(signal.SIGINT, 130), (signal.SIGTERM, 143)], ids=str)
def test_the_first_signal_keeps_what_is_on_its_way_and_says_how_to_resume(
    *, start: Start, server: DebateServer, debate: Debate, tmp_path: Path, number: int, code: int
) -> None:
    server.latency = 1.0
    with start() as process:
        until(lambda: len(server.requests) == 2)
        process.send_signal(number)
        _, said = process.communicate(timeout=60)
    assert process.returncode == code
    assert "Traceback" not in said
    folder = the_folder(tmp_path / "runs")
    assert f"resume with: debate resume {folder.name} --transcripts runs" in said
    left = Run.load(folder)
    assert [event.status for event in left.of(RunFinished)] == ["interrupted"]
    # Both seats on the wire spoke, and nobody else was asked.
    assert (len(left.of(SeatSpoke)), len(server.requests)) == (2, 2)
    assert "**INTERRUPTED.**" in (folder / TRANSCRIPT).read_text(encoding="utf-8")

    server.latency = 0.0
    done = debate("resume", folder.name, "--transcripts", "runs")
    assert done.code == 0, done.err
    assert (folder / ANSWER).exists()
    assert len(server.requests) == len(set(prompts(server))) == 6


async def test_nobody_waits_longer_than_half_a_minute(
    server: DebateServer, card: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert PATIENCE == 30.0
    monkeypatch.setattr("debate.turns.PATIENCE", 0.3)
    server.latency = 60.0
    models = dict.fromkeys(ROLES, "llamacpp:m")
    spec = RunSpec(
        str(card), models, lenses=FOUR, transcripts=tmp_path / "runs", calls=CallSettings(base_url=server.url)
    )
    brake = Brake()

    async def pull() -> None:
        while len(server.requests) < 4:  # noqa: ASYNC110 - a fact of the server, not an event of ours
            await asyncio.sleep(0.01)
        assert brake.pull(signal.SIGINT)

    pulling = asyncio.create_task(pull())
    result = await asyncio.wait_for(run(spec, Library.open(), lambda event: None, brake), 30)
    await pulling
    assert result.status == "interrupted"
    assert result.run.of(SeatSpoke) == []


def test_the_second_signal_ends_it_at_once(start: Start, server: DebateServer, tmp_path: Path) -> None:
    server.latency = 60.0
    with start() as process:
        until(lambda: len(server.requests) == 2)
        process.send_signal(signal.SIGINT)
        assert process.stderr is not None
        assert any("stopping" in line for line in process.stderr)
        began = time.monotonic()
        process.send_signal(signal.SIGINT)
        rest = process.stderr.read()
        process.wait(30)
    assert process.returncode == 130
    assert time.monotonic() - began < 10
    assert "debate resume" in rest
    assert Run.load(the_folder(tmp_path / "runs")).manifest.result is None
