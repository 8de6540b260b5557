"""What a study takes beyond its model calls: all sets of six lenses on several cards.

    python -m benchmarks.study [--cards 16] [--at-once 8] [--latency 0.05]

Sixteen cards make 1,024 debates. The offline reasoner holds the study first, so that a server can say the
same; then the study is held on that server in a fresh process. Printed are wall time against the bound (calls
/ calls at once x latency), CPU and peak memory, and, for panels of 4 to 8 lenses held whole and with each
lens left out, the share of all prompts that stands in a prefix an earlier prompt had.
"""

import argparse
import asyncio
import multiprocessing
import os
import tempfile
import time
from collections.abc import Sequence
from dataclasses import dataclass
from os.path import commonprefix
from pathlib import Path

from benchmarks.figures import machine, table
from benchmarks.server import Canned, serving
from debate.events import CallFinished
from debate.library import Library
from debate.models.roles import ROLES
from debate.runs.spec import CallSettings
from debate.studies.plan import StudyPlan
from debate.studies.planning import plan_study
from debate.studies.request import StudyRequest
from debate.studies.study import Conduct, StudyResult, begin
from debate.transcripts import Run

SIX = "bottleneck-theory,emergence,feedback-loops,leverage-points,pace-layering,system-boundaries"
_SCHEMAS = {"lens-agent": "SeatReport", "critic": "Plan", "writer": "Letter"}
_GIVEN = {"lens-agent": "lens", "critic": "hypotheses", "writer": "plan"}


@dataclass(frozen=True, slots=True)
class Measured:
    """A study that was held: cells done, seconds of wall and CPU, peak memory in MB."""

    done: int
    wall: float
    cpu: float
    peak: float


def planned(cards: int, model: str, *, lenses: str = SIX, design: str = "subsets") -> StudyPlan:
    """The study on the first shipped cards, without controls."""
    library = Library.open(None)
    names = [entry.id for entry in library.problems() if entry.card][:cards]
    request = StudyRequest(
        problems=tuple(names),
        models=dict.fromkeys(ROLES, model),
        designs=(design,),
        lenses=lenses,
        controls=(),
        game="removal",
    )
    return plan_study(request, library).plan


def held(plan: StudyPlan, calls: CallSettings, folder: Path) -> StudyResult:
    """Hold it, here and now."""
    return asyncio.run(begin(plan, Conduct(Library.open(None), calls, folder, lambda _: None)))


def calls_of(result: StudyResult, folder: Path) -> list[CallFinished]:
    """The calls of a study, those that several runs made once."""
    runs = (Run.load(folder / cell.run) for cell in result.cells if cell.run)
    calls = [call for run in runs for call in run.of(CallFinished)]
    return list({_text(call): call for call in calls}.values())


def canned(calls: Sequence[CallFinished]) -> list[Canned]:
    """The replies of a server. Lenses are told apart by card and lens, the others by what they are given."""
    return [Canned(_SCHEMAS[call.role], _marker(call), call.reply) for call in calls]


def _marker(call: CallFinished) -> str:
    """What stands in this prompt of its role and in no other: from the end of the problem, whose tag is the
    card's, to the tag of what the role is given. By itself that would not do: a lens sits on every card, and
    no hypotheses at all are the same on each.
    """
    body = call.messages[-1].content
    begin, given = body.index("</problem-"), body.index(f"<{_GIVEN[call.role]}-")
    return body[begin : body.index("\n", given)]


def _text(call: CallFinished) -> str:
    return "\n".join(message.content for message in call.messages)


def _child(
    plan: StudyPlan, calls: CallSettings, folder: str, answers: "multiprocessing.Queue[Measured]"
) -> None:
    began, before = time.perf_counter(), time.process_time()
    result = held(plan, calls, Path(folder))
    done = sum(cell.state == "done" for cell in result.cells)
    answers.put(Measured(done, time.perf_counter() - began, time.process_time() - before, _peak()))


def _peak() -> float:
    """The most memory this process had, in MB; what getrusage says counts the process that started it too."""
    status = Path("/proc/self/status").read_text(encoding="ascii")
    return int(status.partition("VmHWM:")[2].split()[0]) / 1024


def measure(plan: StudyPlan, calls: CallSettings) -> Measured:
    """Hold the study in a fresh process."""
    spawn = multiprocessing.get_context("spawn")
    answers: multiprocessing.Queue[Measured] = spawn.Queue()
    with tempfile.TemporaryDirectory(prefix="debate-bench-") as folder:
        process = spawn.Process(target=_child, args=(plan, calls, folder, answers))
        process.start()
        found = answers.get(timeout=3600)
        process.join(60)
    return found


def shared(texts: Sequence[str]) -> float:
    """The share of all characters that stands in a prefix an earlier text had."""
    common = sum(
        max((len(commonprefix([text, earlier])) for earlier in texts[:place]), default=0)  # noqa: RUF071 - texts
        for place, text in enumerate(texts)
    )
    return common / sum(map(len, texts))


def prefixes(lenses: int) -> dict[str, float]:
    """Shares by role, and of all calls, in a study that leaves out each of so many lenses."""
    pool = [*SIX.split(","), "second-order-effects", "path-dependence"]
    plan = planned(1, "offline", lenses=",".join(pool[:lenses]), design="leave-one-out")
    with tempfile.TemporaryDirectory(prefix="debate-bench-") as folder:
        calls = calls_of(held(plan, CallSettings(), Path(folder)), Path(folder))
    shares = {role: shared([_text(call) for call in calls if call.role == role]) for role in _SCHEMAS}
    return {**shares, "all": shared([_text(call) for call in calls])}


def main() -> None:
    """Hold the study and print."""
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    options.add_argument("--cards", type=int, default=16)
    options.add_argument("--at-once", type=int, default=8)
    options.add_argument("--latency", type=float, default=0.05)
    given = options.parse_args()
    print(machine())
    rows = [(str(k), *(f"{share:.0%}" for share in prefixes(k).values())) for k in range(4, 9)]
    print("share of prompts in a prefix seen before: lenses, seats, critic, writer, all")
    for row in rows:
        print("  ".join(row))
    with tempfile.TemporaryDirectory(prefix="debate-bench-") as folder:
        began = time.perf_counter()
        offline = held(planned(given.cards, "offline"), CallSettings(), Path(folder))
        calls = calls_of(offline, Path(folder))
    print(f"offline: {time.perf_counter() - began:.1f} s, {len(calls)} distinct calls")
    for cell in offline.cells:
        if cell.state != "done":
            print(f"{cell.state}: {cell.problem}, {cell.arm}: {cell.error}")
    with serving(canned(calls), latency=given.latency, most=2 * len(calls), seconds=3600.0) as server:
        settings = CallSettings(base_url=server.url, concurrency=given.at_once)
        load = os.getloadavg()[0]
        found = measure(planned(given.cards, "llamacpp:"), settings)
    bound = len(calls) / given.at_once * given.latency
    table(
        f"{found.done} debates, {given.at_once} calls at once, {given.latency:g} s a call, load {load:.1f}",
        [
            ("requests the server saw", f"{server.requests}", f"= {len(calls)}"),
            ("wall", f"{found.wall:.1f} s", ""),
            ("wall against the bound", f"{found.wall / bound:.2f} x {bound:.1f} s", ""),
            ("CPU a debate", f"{1000 * found.cpu / max(1, found.done):.0f} ms", ""),
            ("peak memory", f"{found.peak:.0f} MB", ""),
        ],
    )


if __name__ == "__main__":
    main()
