"""Debates that are killed lose what is on the wire, and nothing else."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.durability.kills import CALLS

REPO = Path(__file__).resolve().parents[2]


def harness(folder: Path, kills: int, concurrency: int) -> dict[str, float]:
    environ = {**os.environ, "PYTHONPATH": f"{REPO / 'src'}{os.pathsep}{REPO}"}
    done = subprocess.run(
        [sys.executable, "-m", "tests.durability.kills", str(folder), str(kills), str(concurrency)],
        capture_output=True,
        text=True,
        check=False,
        timeout=1800,
        env=environ,
    )
    assert done.returncode == 0, done.stderr
    said: dict[str, float] = json.loads(done.stdout)
    return said


def check(said: dict[str, float], kills: int, concurrency: int) -> None:
    calls = CALLS * (said["debates"] + 1)  # and those of the debate nobody killed
    assert said["kills"] == kills
    assert (said["again"], said["double"]) == (0, 0)
    assert said["most_lost"] <= concurrency
    # A request is written down before it leaves; a kill may fall between the two.
    assert calls <= said["requests"] <= calls + said["lost"]
    assert (said["differ"], said["gaps"]) == (0, 0)


@pytest.mark.parametrize("concurrency", [1, 2, 8])
def test_a_killed_debate_is_resumed_to_the_transcript_of_one_that_was_not(
    concurrency: int, tmp_path: Path
) -> None:
    check(harness(tmp_path, 3, concurrency), 3, concurrency)


@pytest.mark.soak
@pytest.mark.parametrize("concurrency", [1, 2, 8])
def test_two_hundred_kills_change_no_transcript_and_buy_nothing_twice(
    concurrency: int, tmp_path: Path
) -> None:
    check(harness(tmp_path, 200, concurrency), 200, concurrency)
