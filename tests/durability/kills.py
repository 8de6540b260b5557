"""A harness that kills whole debates: `debate run` and `debate resume`, a server of its own, one log.

    python -m tests.durability.kills FOLDER KILLS CONCURRENCY

Debates of eight seats are killed with -9 at random moments and resumed until they are done; new debates are
begun until KILLS are spent. Server and killer append lines to one file, so the kernel puts them in one order:

    request <model> <prompt>   the server has the request     reply <model> <prompt>   it has sent the reply
    witness <debate> <prompt>  the reply is in the debate's journal             debate  another one begins

Prints what came of it as JSON. Debates run in processes forked from here, where everything is imported: a
kill then falls into the debate, not into the imports.
"""

import json
import os
import random
import signal
import sqlite3
import subprocess
import sys
import time
from contextlib import closing
from dataclasses import asdict, dataclass
from hashlib import sha256
from pathlib import Path

import debate.runs  # noqa: F401 - before the first fork
from debate.cli import main as debate_main
from debate.events import CallFinished
from debate.run_names import EVENTS, MANIFEST
from debate.transcripts import ANSWER, TRANSCRIPT, Run
from tests.durability.server import untimed
from tests.test_runs import CARD

LATENCY = 0.03
CALLS = 10  # eight seats, critic and writer
LENSES = (
    "bottleneck-theory,emergence,feedback-loops,geometry-of-dissent,"
    "innovation-cascade,leverage-points,pace-layering,system-boundaries"
)


@dataclass
class Tally:
    """What came of it. `most_lost` is the most requests one kill cost, `again` the requests for replies that
    were there, `double` the replies the ledger has twice, `differ` the debates that ended otherwise than the
    one nobody killed, `gaps` the journals with a number missing.
    """

    kills: int = 0
    debates: int = 0
    most_lost: int = 0
    lost: int = 0
    again: int = 0
    double: int = 0
    differ: int = 0
    gaps: int = 0
    requests: int = 0
    seconds: float = 0.0


@dataclass
class Bench:
    """Where the debates are, whom they ask, and the log."""

    folder: Path
    url: str
    concurrency: int
    log: int

    def debate(self, place: Path) -> int:
        """Begin the debate in `place`, or go on with it; its process id."""
        if any(place.glob(f"*/{MANIFEST}")):
            words = ["resume"]
        else:
            models = ["--model", "llamacpp:m", "--base-url", self.url, "--concurrency", str(self.concurrency)]
            words = ["run", str(self.folder / "card.md"), "--lenses", LENSES, *models]
        pid = os.fork()
        if pid == 0:
            code = 99
            try:
                out = os.open(self.folder / "output", os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
                os.dup2(out, 1)
                os.dup2(out, 2)
                sys.argv = ["debate", *words, "--transcripts", str(place), "-q"]
                debate_main()
            except SystemExit as end:
                code = int(end.code or 0)
            finally:
                sys.stdout.flush()
                os._exit(code)
        return pid

    def output(self) -> str:
        """The end of what all debates said."""
        return (self.folder / "output").read_text(encoding="utf-8")[-3000:]

    def witness(self, place: Path, seen: set[str]) -> None:
        """Note which replies the run has, as its journal tells."""
        for path in place.glob(f"*/{MANIFEST}"):
            for event in Run.load(path.parent).events if (path.parent / EVENTS).exists() else ():
                if isinstance(event, CallFinished):
                    sent = [{"role": m.role, "content": m.content} for m in event.messages]
                    prompt = sha256(json.dumps(sent).encode()).hexdigest()[:16]
                    if prompt not in seen:
                        seen.add(prompt)
                        os.write(self.log, f"witness {place.name} {prompt}\n".encode())


def rows(place: Path, query: str) -> int:
    """A figure from the ledger in `place`."""
    if not (place / "ledger.sqlite3").exists():
        return 0
    with closing(sqlite3.connect(place / "ledger.sqlite3")) as connection:
        try:
            return int(connection.execute(query).fetchone()[0])
        except sqlite3.OperationalError:
            return 0  # killed before the tables were there


SENT = "SELECT count(*) FROM attempts WHERE state = 'sent'"
DOUBLE = (
    "SELECT count(*) FROM (SELECT key FROM attempts WHERE state IN ('received', 'answer')"
    " GROUP BY key HAVING count(*) > 1)"
)


def outcome(place: Path) -> tuple[str, bytes]:
    """Transcript (without times) and answer of the one run in `place`."""
    run = the_run(place)
    assert run.manifest.result is not None
    assert run.manifest.result.status == "done", run.manifest.result
    page = untimed((run.path / TRANSCRIPT).read_text(encoding="utf-8"), run.path.name)
    return page, (run.path / ANSWER).read_bytes()


def the_run(place: Path) -> Run:
    (manifest,) = place.glob(f"*/{MANIFEST}")
    return Run.load(manifest.parent)


def ended(process: int) -> int:
    """Its exit code, or minus the signal that ended it."""
    return os.waitstatus_to_exitcode(os.waitpid(process, 0)[1])


def strike(process: int, log: Path, chance: random.Random) -> int:
    """Kill `process` at a random moment, told by what the server sees and not by the clock, or a busy machine
    would never get further than the imports. Its exit code: it may end before.
    """
    start = log.stat().st_size
    lines = chance.randint(0, 2 * CALLS)
    moment = chance.uniform(0, chance.choice((2 * LATENCY, 0.5)))
    while log.read_bytes()[start:].count(b"\n") < lines:
        done, status = os.waitpid(process, os.WNOHANG)
        if done:
            return os.waitstatus_to_exitcode(status)
        time.sleep(0.002)
    time.sleep(moment)
    os.kill(process, signal.SIGKILL)
    return ended(process)


def soak(bench: Bench, kills: int) -> Tally:
    """Kill debates until `kills` are spent; the last is let live."""
    chance = random.Random(bench.concurrency)
    tally = Tally()
    began = time.monotonic()
    code = ended(bench.debate(bench.folder / "whole"))
    assert code == 0, bench.output()
    wanted = outcome(bench.folder / "whole")
    while tally.kills < kills:
        tally.debates += 1
        place = bench.folder / f"debate-{tally.debates}"
        os.write(bench.log, b"debate - -\n")
        lost = 0
        seen: set[str] = set()
        while True:
            process = bench.debate(place)
            code = strike(process, bench.folder / "log", chance) if tally.kills < kills else ended(process)
            if code != -signal.SIGKILL:
                break
            tally.kills += 1
            lost, before = rows(place, SENT), lost
            tally.most_lost = max(tally.most_lost, lost - before)
            bench.witness(place, seen)
        assert code == 0, bench.output()
        tally.lost += lost
        tally.double += rows(place, DOUBLE)
        tally.differ += outcome(place) != wanted
        numbers = [event.seq for event in the_run(place).events]
        tally.gaps += numbers != list(range(1, len(numbers) + 1))
        tally.seconds = round(time.monotonic() - began, 1)
        print(json.dumps(asdict(tally)), file=sys.stderr, flush=True)  # a long soak may be cut short
    return tally


def read_log(path: Path, tally: Tally) -> None:
    """Requests, and those for replies that were in a journal by then. Each debate has the same prompts."""
    witnessed: set[str] = set()
    for line in path.read_text().splitlines():
        what, _, prompt = line.split(" ")
        if what == "debate":
            witnessed.clear()
        elif what == "witness":
            witnessed.add(prompt)
        elif what == "request":
            tally.requests += 1
            tally.again += prompt in witnessed


def main() -> None:
    folder, kills, concurrency = Path(sys.argv[1]), int(sys.argv[2]), int(sys.argv[3])
    (folder / "card.md").write_text(CARD, encoding="utf-8")
    log = os.open(folder / "log", os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
    port_file = folder / "port"
    words = ["tests.durability.server", str(port_file), str(folder / "log"), str(LATENCY)]
    with subprocess.Popen([sys.executable, "-m", *words]) as server:
        try:
            while not port_file.exists():
                time.sleep(0.01)
            url = f"http://127.0.0.1:{port_file.read_text()}/v1"
            tally = soak(Bench(folder, url, concurrency, log), kills)
        finally:
            server.terminate()
    read_log(folder / "log", tally)
    print(json.dumps(asdict(tally)))


if __name__ == "__main__":
    main()
