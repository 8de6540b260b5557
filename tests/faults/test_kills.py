"""Processes that die lose what is on the wire, and nothing else."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

REPO = Path(__file__).resolve().parents[2]


def harness(folder: Path, *arguments: object) -> dict[str, int]:
    environ = {**os.environ, "PYTHONPATH": f"{REPO / 'src'}{os.pathsep}{REPO}"}
    done = subprocess.run(
        [sys.executable, "-m", "tests.faults.kills", str(folder), *map(str, arguments)],
        capture_output=True,
        text=True,
        check=False,
        timeout=1800,
        env=environ,
        cwd=REPO,
    )
    assert done.returncode == 0, done.stderr
    said: dict[str, int] = json.loads(done.stdout)
    return said


def check(said: dict[str, int], kills: int, concurrency: int) -> None:
    assert said["kills"] == kills
    assert said["bought_again"] == 0
    assert said["witnessed"] == said["answers"] == said["calls"]
    assert said["lost"] <= kills * concurrency
    # Each request was written down before it left; a kill may fall between the two.
    assert said["requests"] <= said["attempts"] <= said["requests"] + kills * concurrency


@pytest.mark.parametrize("concurrency", [1, 2, 8])
def test_a_dozen_kills_buy_nothing_twice(concurrency: int, tmp_path: Path) -> None:
    check(harness(tmp_path, 12, concurrency), 12, concurrency)


@pytest.mark.soak
@pytest.mark.parametrize("concurrency", [1, 2, 8])
def test_two_hundred_kills_buy_nothing_twice(concurrency: int, tmp_path: Path) -> None:
    check(harness(tmp_path, 200, concurrency), 200, concurrency)


def test_the_same_calls_from_six_processes_are_paid_once(tmp_path: Path) -> None:
    said = harness(tmp_path, "together", 6)
    assert said["requests"] == said["attempts"] == said["answers"] == said["calls"]
