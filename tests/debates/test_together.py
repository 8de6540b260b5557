"""What several processes ask at once is paid once."""

import json
import os
import sqlite3
import subprocess
import sys
from contextlib import closing
from pathlib import Path

from tests.debates.conftest import LEDGER
from tests.debates.house_server import PANEL, HouseServer, distinct

PROCESSES = 6


def test_one_debate_in_six_processes_sends_each_prompt_once(
    house: HouseServer, card: Path, tmp_path: Path, repo: Path
) -> None:
    house.latency = 0.1  # long enough for all six to want the same reply
    runs = tmp_path / "runs"
    command = [sys.executable, "-m", "tests.debates.together"]
    arguments = [str(card), str(runs), house.url, ",".join(PANEL), str(PROCESSES)]
    environ = {**os.environ, "PYTHONPATH": f"{repo / 'src'}{os.pathsep}{repo}"}
    done = subprocess.run(
        [*command, *arguments], capture_output=True, text=True, timeout=120, env=environ, check=False
    )
    assert done.returncode == 0, done.stderr
    ended = json.loads(done.stdout)
    assert [each["error"] for each in ended] == [None] * PROCESSES
    assert {each["status"] for each in ended} == {"done"}
    assert len({each["answer"] for each in ended}) == 1
    assert len(house.requests) == distinct(house.requests) == len(PANEL) + 2
    assert sum(each["asked"] for each in ended) == len(house.requests)
    assert len(list(runs.glob("*/answer.md"))) == PROCESSES
    with closing(sqlite3.connect(runs / LEDGER)) as connection:
        assert connection.execute("SELECT count(*) FROM attempts").fetchone() == (len(house.requests),)
