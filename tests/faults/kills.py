"""A harness that kills: processes making calls, a server in a process of its own, and one log of what
happened when.

    python -m tests.faults.kills FOLDER KILLS CONCURRENCY      kill -9 at random times until KILLS are spent
    python -m tests.faults.kills FOLDER together PROCESSES     the same calls from several processes at once

Server, workers and killer append lines to one file, so the kernel puts what they did in one order:

    request <call>   the server has the request       reply <call>     the server has sent the whole reply
    witness <call>   a worker has its answer          kill             a worker is dead

Prints what the log says as JSON. Workers are forked from here, where everything is imported: a kill then
falls into the calls, not into the imports.
"""

import asyncio
import json
import os
import random
import signal
import sqlite3
import subprocess
import sys
import time
from collections import Counter
from contextlib import closing
from pathlib import Path

from debate.calls import Caller, CallSpec, EndpointLimits, Policy
from debate.ledger import Budget, SqliteLedger
from debate.models.endpoint import read_model
from debate.models.wires import Wires
from tests.faults.conftest import SCHEMA

CALLS = 24
LATENCY = 0.02


async def work(folder: Path, url: str, calls: list[str], concurrency: int, log: int) -> None:
    """Make all `calls`; say so when each has its answer."""
    async with SqliteLedger.open(folder / "ledger.sqlite3") as ledger, Wires() as wires:
        caller = Caller(
            ledger,
            budget=Budget("kills"),
            policy=Policy(first_pause=0.05, longest_pause=0.2, poll=0.005),
            usual_limits=EndpointLimits(concurrency=concurrency),
        )

        async def one(name: str) -> None:
            wire = wires.wire(read_model(f"llamacpp:{name}", base_url=url, environ={}))
            reply = await caller.call(CallSpec("lens", wire, [("user", "?")], SCHEMA))
            assert reply.value is not None
            os.write(log, f"witness {name} -\n".encode())

        await asyncio.gather(*(one(name) for name in calls))
        await caller.close()


def fork(folder: Path, url: str, calls: list[str], concurrency: int, log: int) -> int:
    """A worker's process id."""
    pid = os.fork()
    if pid == 0:
        code = 1
        try:
            asyncio.run(work(folder, url, calls, concurrency, log))
            code = 0
        finally:
            os._exit(code)
    return pid


def kill_at_random(folder: Path, url: str, kills: int, concurrency: int, log: int) -> int:
    """Kill workers, each in the middle of its calls; how many calls were there in all."""
    chance = random.Random(concurrency)
    # What a worker needs when nobody kills it, roughly: later kills would find it done.
    whole = 0.02 + CALLS * (LATENCY + 0.006) / concurrency
    sets, killed = 0, 0
    while killed < kills:
        sets += 1
        calls = [f"ok#{sets}-{i}" for i in range(CALLS)]
        while True:
            worker = fork(folder, url, calls, concurrency, log)
            if killed < kills:
                time.sleep(chance.uniform(0, whole))
                os.kill(worker, signal.SIGKILL)
            _, status = os.waitpid(worker, 0)
            if os.WIFSIGNALED(status):
                killed += 1
                os.write(log, b"kill - -\n")
                continue
            assert os.waitstatus_to_exitcode(status) == 0
            break
    return sets * CALLS


def together(folder: Path, url: str, processes: int, log: int) -> int:
    """The same calls from several processes at once; how many calls."""
    calls = [f"ok#same-{i}" for i in range(CALLS)]
    workers = [fork(folder, url, calls, 4, log) for _ in range(processes)]
    assert all(os.waitstatus_to_exitcode(os.waitpid(worker, 0)[1]) == 0 for worker in workers)
    return len(calls)


def verdict(folder: Path, calls: int) -> dict[str, int]:
    """What the log and the ledger say."""
    requests: Counter[str] = Counter()
    witnessed: set[str] = set()
    bought_again = kills = 0
    for line in (folder / "log").read_text().splitlines():
        what, call, _ = line.split(" ")
        if what == "request":
            bought_again += call in witnessed
            requests[call] += 1
        elif what == "witness":
            witnessed.add(call)
        kills += what == "kill"
    with closing(sqlite3.connect(folder / "ledger.sqlite3")) as connection:
        attempts = connection.execute("SELECT count(*) FROM attempts").fetchone()[0]
        answers = connection.execute("SELECT count(*) FROM attempts WHERE state = 'answer'").fetchone()[0]
    return {
        "calls": calls,
        "kills": kills,
        "witnessed": len(witnessed),
        "requests": requests.total(),
        "bought_again": bought_again,
        "lost": requests.total() - calls,
        "attempts": attempts,
        "answers": answers,
    }


def main() -> None:
    folder, mode, number = Path(sys.argv[1]), sys.argv[2], int(sys.argv[3])
    log = os.open(folder / "log", os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
    port_file = folder / "port"
    command = [sys.executable, "-m", "tests.faults.server", str(port_file), str(folder / "log"), str(LATENCY)]
    with subprocess.Popen(command) as server:
        try:
            while not port_file.exists():
                time.sleep(0.01)
            url = f"http://127.0.0.1:{port_file.read_text()}/v1"
            if mode == "together":
                calls = together(folder, url, number, log)
            else:
                calls = kill_at_random(folder, url, int(mode), number, log)
        finally:
            server.terminate()
    print(json.dumps(verdict(folder, calls)))


if __name__ == "__main__":
    main()
