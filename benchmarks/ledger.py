"""What the ledger carries: durable commits and look-ups, by one process and by several, empty and full.

    python -m benchmarks.ledger [--rounds 3] [--seconds 2] [--processes 4] [--tasks 64] [--rows 1000000]

A commit is one awaited write: that an attempt was sent, or its whole reply of 8 KB. Both are flushed to the
disk, through the ledger's own interface, by many tasks at once in each process. Look-ups are of single keys.
The raw figures beside them, from the same rounds, say what the disk and SQLite can do at all. The big ledger
is made once, by direct SQL, with small bodies; every round works on it and on a new one.
"""

import argparse
import asyncio
import json
import random
import sqlite3
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import asdict, dataclass
from hashlib import sha256
from itertools import count
from pathlib import Path
from statistics import quantiles

from benchmarks.figures import Spread, machine, ratios, table
from debate.ledger import Budget, Opening, Settlement, SqliteLedger

BODY = 8192
_SETTLED = Settlement(
    prompt=1500, completion=500, cached=None, reasoning=None, cost=None, guard_tokens=2000, guard_cost=0.0
)
_BUDGET = Budget("bench")
_LOOKS = 20_000
_LONGEST = 120.0


@dataclass(frozen=True, slots=True)
class Work:
    """What one process is to do: `kind` for `seconds` from the moment `start` (time of day)."""

    kind: str
    path: str
    seconds: float
    start: float
    rows: int
    seed: int
    tasks: int


@dataclass(frozen=True, slots=True)
class Done:
    """Operations a second, and how long they took one by one: 99 of 100 took at most `p99` ms."""

    rate: float
    p99: float


def key_of(number: int) -> str:
    """The key of row `number` of the big ledger."""
    return f"c1-{sha256(str(number).encode()).hexdigest()}"


def fill(path: Path, rows: int) -> float:
    """Put `rows` answers into the ledger at `path` by direct SQL; seconds it took."""
    began = time.perf_counter()
    connection = sqlite3.connect(path, isolation_level=None)
    connection.execute("PRAGMA synchronous = OFF")
    connection.execute("BEGIN")
    connection.executemany(
        "INSERT INTO attempts (id, key, scope, role, model, endpoint, sample, number, sent, ended, state)"
        " VALUES (?, ?, 'filled', 'lens-agent', 'bench', 'bench', 0, 1, 0, 0, 'answer')",
        ((number, key_of(number)) for number in range(1, rows + 1)),
    )
    connection.executemany(
        "INSERT INTO bodies VALUES (?, ?)", ((number, b"{}" * 100) for number in range(1, rows + 1))
    )
    connection.execute("COMMIT")
    connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchall()
    connection.close()
    return time.perf_counter() - began


async def _commits(work: Work) -> Done:
    body, numbers = b"x" * BODY, count()
    took: list[float] = []
    async with SqliteLedger.open(work.path) as ledger:
        await asyncio.sleep(max(0.0, work.start - time.time()))
        end = time.perf_counter() + work.seconds

        async def one() -> None:
            while (began := time.perf_counter()) < end:
                key = key_of(-(work.seed * 1_000_000_000 + next(numbers)))
                opening = Opening(key, "bench", "bench", "lens-agent", 0, 1)
                attempt = await ledger.begin(opening, _BUDGET)
                between = time.perf_counter()
                await ledger.receive(attempt, 200, body)
                took.extend((between - began, time.perf_counter() - between))
                ledger.settle(attempt, _SETTLED)

        began = time.perf_counter()
        await asyncio.gather(*(one() for _ in range(work.tasks)))
        wall = time.perf_counter() - began
    return Done(len(took) / wall, 1000 * quantiles(took, n=100)[-1])


async def _looks(work: Work) -> Done:
    draw = random.Random(work.seed)
    hits = work.kind == "hits"
    keys = [key_of(draw.randint(1, work.rows) * (1 if hits else -1)) for _ in range(_LOOKS)]
    took: list[float] = []
    async with SqliteLedger.open(work.path) as ledger:
        await asyncio.sleep(max(0.0, work.start - time.time()))
        start = time.perf_counter()
        while time.perf_counter() - start < work.seconds:
            for key in keys:
                began = time.perf_counter()
                found = await ledger.find(key)
                took.append(time.perf_counter() - began)
                if (found is not None) is not hits:
                    raise SystemExit(f"the ledger of the benchmark does not hold what it should: {key}")
        wall = time.perf_counter() - start
    return Done(len(took) / wall, 1000 * quantiles(took, n=100)[-1])


def _raw_commits(work: Work) -> Done:
    """SQLite alone: one insert of a reply, one flush, again and again."""
    connection = sqlite3.connect(work.path, isolation_level=None, timeout=30)
    connection.execute("PRAGMA journal_mode = WAL")
    connection.execute("PRAGMA synchronous = FULL")
    connection.execute("CREATE TABLE IF NOT EXISTS bodies (body BLOB)")
    took: list[float] = []
    start = time.perf_counter()
    while (began := time.perf_counter()) - start < work.seconds:
        connection.execute("INSERT INTO bodies VALUES (?)", (b"x" * BODY,))
        took.append(time.perf_counter() - began)
    connection.close()
    return Done(len(took) / sum(took), 1000 * quantiles(took, n=100)[-1])


def together(kind: str, path: Path, processes: int, *, seconds: float, rows: int, tasks: int) -> Done:
    """The same work by several processes at once: rates added, the worst p99."""
    start = time.time() + 1.0  # all have opened the ledger by then
    running = []
    for seed in range(1, processes + 1):
        work = Work(kind, str(path), seconds, start, rows, seed + int(start), tasks)
        process = subprocess.Popen(
            [sys.executable, "-m", "benchmarks.ledger", "--work"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        assert process.stdin is not None
        process.stdin.write(json.dumps(asdict(work)))
        process.stdin.close()
        process.stdin = None
        running.append(process)
    found = []
    try:
        for process in running:
            out, _ = process.communicate(timeout=_LONGEST)
            if process.returncode:
                raise SystemExit(f"a worker of the benchmark ended with {process.returncode}")
            found.append(Done(**json.loads(out)))
    finally:
        for process in running:
            process.kill()
    return Done(sum(done.rate for done in found), max(done.p99 for done in found))


def _work(work: Work) -> Done:
    if work.kind == "raw":
        return _raw_commits(work)
    return asyncio.run(_commits(work) if work.kind == "commits" else _looks(work))


def _places(folder: Path, big: Path, rows: int) -> Iterator[tuple[str, Path, int]]:
    small = folder / f"small-{time.time_ns()}.sqlite3"
    _made(small, 1000)
    yield "1,000 rows", small, 1000
    yield f"{rows:,} rows", big, rows


def _made(path: Path, rows: int) -> float:
    asyncio.run(SqliteLedger.open(path).close())
    return fill(path, rows)


def _rows(
    done: dict[tuple[str, str, int], list[Done]], raw: Sequence[Done]
) -> Iterable[tuple[str, str, str]]:
    yield "raw SQLite commits a second, 1 process", f"{Spread.of(d.rate for d in raw):,.0f}", ""
    for (kind, size, processes), found in done.items():
        name = f"{kind} a second, {processes} process{'es' * (processes > 1)}, {size}"
        goal = kind == "commits" and processes > 1
        yield name, f"{Spread.of(d.rate for d in found):,.0f}", ">= 10,000" if goal else ""
        yield "  p99, ms", f"{Spread.of(d.p99 for d in found):.2f}", "<= 2" if goal else ""
        if kind == "commits":
            against = ratios([d.rate for d in found], [d.rate for d in raw])
            yield "  against raw SQLite", f"{against:.2f} x", ""


def main() -> None:
    """Run all rounds, then print; or, with --work, be one of the processes."""
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    options.add_argument("--rounds", type=int, default=3)
    options.add_argument("--seconds", type=float, default=2.0)
    options.add_argument("--processes", type=int, default=4)
    options.add_argument("--tasks", type=int, default=64)
    options.add_argument("--rows", type=int, default=1_000_000)
    options.add_argument("--work", action="store_true", help=argparse.SUPPRESS)
    given = options.parse_args()
    if given.work:
        print(json.dumps(asdict(_work(Work(**json.load(sys.stdin))))))
        return
    print(f"{machine()}; {given.rounds} rounds, {given.tasks} tasks a process, replies of {BODY:,} bytes")
    done: dict[tuple[str, str, int], list[Done]] = {}
    raw: list[Done] = []
    with tempfile.TemporaryDirectory(prefix="debate-bench-") as name:
        folder = Path(name)
        big = folder / "big.sqlite3"
        print(f"made the big ledger in {_made(big, given.rows):.0f} s", flush=True)
        for _ in range(given.rounds):
            raw.append(together("raw", folder / "raw.sqlite3", 1, seconds=given.seconds, rows=0, tasks=1))
            for size, path, rows in _places(folder, big, given.rows):
                for kind in ("commits", "hits", "misses"):
                    for processes in (1, given.processes):
                        found = together(
                            kind, path, processes, seconds=given.seconds, rows=rows, tasks=given.tasks
                        )
                        done.setdefault((kind, size, processes), []).append(found)
    table("Ledger", list(_rows(done, raw)))


if __name__ == "__main__":
    main()
