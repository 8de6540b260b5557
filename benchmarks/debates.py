"""What a debate costs beyond its model calls, against raw `AsyncOpenAI` making the same calls.

    python -m benchmarks.debates [--rounds 5] [--debates 200] [--at-once 64]

Four seats at once, then critic, then writer; the judge is code. Every figure is taken in every round, one
client after the other in fresh processes, against one server at a time; ratios are formed within a round.
"""

import argparse
import asyncio
import json
import re
import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from pydantic import BaseModel

from benchmarks.clients import CLIENTS, LENSES, PROBLEM, Job, Prompt, Report, measure
from benchmarks.figures import Spread, flush_ms, machine, ratios, table
from benchmarks.server import VARIED, Canned, serving
from debate.contributions import Letter, Plan, SeatReport
from debate.events import CallFinished
from debate.library import Library
from debate.models.wire import Rung, Schema, response_format
from debate.runs import RunSpec, run

SENTENCE = 8  # words from which on a text of a reply is one
STEPS = 3  # of the critical path: seats, critic, writer
_SCHEMAS: Mapping[str, type[BaseModel]] = {"lens-agent": SeatReport, "critic": Plan, "writer": Letter}
_GOALS = {"median": "<= 12 ms", "first": "<= 60 ms"}


@dataclass
class Series:
    """The reports of one measurement, by client, one a round."""

    name: str
    latency: float
    debates: int
    at_once: int
    reports: dict[str, list[Report]] = field(default_factory=lambda: {client: [] for client in CLIENTS})

    def add(self, prompts: Sequence[Prompt], canned: Sequence[Canned]) -> None:
        """One round: every client does the same."""
        most = len(CLIENTS) * len(prompts) * (self.debates + 1)
        with serving(canned, latency=self.latency, most=most, seconds=600.0) as server:
            for client in CLIENTS:
                job = Job(client, server.url, self.debates, self.at_once, prompts)
                self.reports[client].append(measure(job))
        calls = sum(reports[-1].calls for reports in self.reports.values())
        if server.requests != calls:
            raise SystemExit(f"{calls} calls were made, but the server saw {server.requests} requests")


def recorded() -> tuple[list[Prompt], list[Canned]]:
    """The prompts of one debate and valid replies to them, from the model that works by rule."""
    library = Library.open(None)
    models = dict.fromkeys(("lens-agent", "solo", "critic", "writer"), "offline")
    with tempfile.TemporaryDirectory(prefix="debate-bench-") as folder:
        spec = RunSpec(problem=PROBLEM, models=models, lenses=LENSES, transcripts=Path(folder))
        result = asyncio.run(run(spec, library, lambda _: None))
    if result.status != "done":
        raise SystemExit(f"no replies to serve: the offline debate ended {result.status}: {result.error}")
    prompts, canned = [], []
    for call in result.run.of(CallFinished):
        schema = Schema.of(_SCHEMAS[call.role])
        lens = next((lens.name for lens in map(library.lens, [call.seat or ""] if call.seat else [])), "")
        messages = [message.model_dump() for message in call.messages]
        prompts.append(Prompt(call.role, messages, response_format(schema, Rung.JSON_SCHEMA)))
        reply = json.dumps(_varied(json.loads(call.reply)))
        canned.append(Canned(schema.name, f"# {lens}\n" if lens else "", reply))
    return prompts, canned


def _varied(value: object) -> object:
    """`value` with a word in each sentence without figures that is another in each reply of the server.

    It takes the place of the last word, so that lengths stay as they are.
    """
    if isinstance(value, dict):
        return {key: _varied(item) for key, item in value.items()}
    if isinstance(value, list):
        return [_varied(item) for item in value]
    if isinstance(value, str) and len(value.split()) >= SENTENCE and not re.search(r"[0-9]", value):
        before, _, last = value.rpartition(" ")
        return f"{before} {VARIED}." if last.rstrip(".").isalpha() else value
    return value


def show_alone(series: Series) -> None:
    """One debate at a time: what it takes beyond its critical path, in milliseconds."""
    ideal = STEPS * series.latency
    rows = []
    for client, reports in series.reports.items():
        first = Spread.of(1000 * (report.first - ideal) for report in reports)
        usual = Spread.of(1000 * (Spread.of(report.each).middle - ideal) for report in reports)
        goals: Mapping[str, str] = _GOALS if client == "study" else {}
        rows.append((f"{client}: median", f"{usual:.1f}", goals.get("median", "")))
        rows.append((f"{client}: first", f"{first:.1f}", goals.get("first", "")))
    table(f"Overhead of one debate over {ideal:g} s ({series.name}), ms", rows)


def show_crowd(series: Series) -> None:
    """Many debates at once: CPU, throughput, memory."""
    title = f"{series.debates} debates, {series.at_once} at once ({series.name})"
    calls = series.debates * 6
    cpu = {client: [1000 * r.cpu / calls for r in reports] for client, reports in series.reports.items()}
    wall = {client: [r.wall for r in reports] for client, reports in series.reports.items()}
    rows = []
    for client in CLIENTS:
        goal = client == "study"
        rate = Spread.of(series.debates / seconds for seconds in wall[client])
        peak = Spread.of(report.peak for report in series.reports[client])
        rows.append((f"{client}: CPU ms a call", f"{Spread.of(cpu[client]):.2f}", "<= 1.2" if goal else ""))
        if client != "raw":
            against = ratios(cpu[client], cpu["raw"])
            rows.append((f"{client}: CPU against raw", f"{against:.2f} x", "<= 0.55 x" if goal else ""))
        fast = goal and not series.latency
        rows.append((f"{client}: debates a second", f"{rate:.0f}", ">= 130" if fast else ""))
        rows.append((f"{client}: peak MB", f"{peak:.0f}", "<= 150" if goal else ""))
    table(title, rows)


def show_ideal(series: Series) -> None:
    """Wall time of a crowd against what latency alone would take."""
    ideal = STEPS * series.latency * series.debates / series.at_once
    rows = [
        (
            client,
            f"{Spread.of(r.wall / ideal for r in reports):.3f} x",
            "<= 1.06 x" if client == "study" else "",
        )
        for client, reports in series.reports.items()
    ]
    table(f"{series.debates} debates, {series.at_once} at once, against the ideal {ideal:g} s", rows)


def main() -> None:
    """Run all rounds, then print."""
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    options.add_argument("--rounds", type=int, default=5)
    options.add_argument("--debates", type=int, default=200)
    options.add_argument("--at-once", type=int, default=64)
    given = options.parse_args()
    prompts, canned = recorded()
    chars = sum(len(message["content"]) for prompt in prompts for message in prompt.messages)
    print(machine())
    print(f"{given.rounds} rounds; 6 calls a debate, {chars // len(prompts):,} characters of prompt a call")
    alone = [Series("50 ms", 0.05, 20, 1), Series("1 s", 1.0, 3, 1)]
    crowd = [Series(name, s, given.debates, given.at_once) for name, s in (("0 ms", 0.0), ("50 ms", 0.05))]
    ideal = Series("1 s", 1.0, 3 * given.at_once, given.at_once)
    flushes: list[float] = []
    for _ in range(given.rounds):
        with tempfile.TemporaryDirectory(prefix="debate-bench-") as folder:
            flushes.append(flush_ms(Path(folder)))
        for series in (*alone, *crowd, ideal):
            series.add(prompts, canned)
    print(f"one flush of this disk: {Spread.of(flushes):.2f} ms; a call waits for two, one after the other")
    for series in alone:
        show_alone(series)
    for series in crowd:
        show_crowd(series)
    show_ideal(ideal)


if __name__ == "__main__":
    main()
