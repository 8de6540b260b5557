"""How a study is shown: progress while it is held, its table, its forecast, its exit code."""

import asyncio
import signal
from collections.abc import Callable, Coroutine, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import typer

from debate.cli import screen
from debate.cli.dry_run import money
from debate.cli.interrupt import stoppable
from debate.cli.study_report import show_report, write_page
from debate.library import Library
from debate.runs import Brake
from debate.runs.spec import CallSettings
from debate.sanitize import plain
from debate.studies import study
from debate.studies.cells import ArmSummary, Cell, summaries
from debate.studies.forecast import StudyForecast, forecast_document, forecast_study
from debate.studies.plan import StudyPlan, read
from debate.studies.resuming import resuming
from debate.studies.stopping import stop_rule
from debate.studies.stored import load_report
from debate.studies.wording import count
from debate.transcript_page import score_text

DEGRADED = 3


@dataclass(frozen=True, slots=True)
class Place:
    """With which cards, limits and folder a study is held."""

    library: Library
    calls: CallSettings
    base: Path


@dataclass(frozen=True, slots=True)
class Talk:
    """How much is said, and the folders the user named, by flag (for the hint how to go on)."""

    quiet: bool
    as_json: bool
    places: Mapping[str, Path | None]


def hold_new(plan: StudyPlan, place: Place, talk: Talk) -> None:
    """Hold a study and end the command as it ended."""
    _hold(plan, lambda conduct: study.begin(plan, conduct), place, talk)


def hold_again(path: Path, place: Place, talk: Talk) -> None:
    """Go on with a study and end the command as it ended."""
    _hold(read(path).plan, lambda conduct: study.go_on(path, conduct), place, talk)


def _hold(
    plan: StudyPlan,
    begin: Callable[[study.Conduct], Coroutine[Any, Any, study.StudyResult]],
    place: Place,
    talk: Talk,
) -> None:
    brake = Brake()

    def line(id_: str) -> str:
        return f"resume with: {resuming(id_, talk.places)}"

    with watching(quiet=talk.quiet) as listen, stoppable(brake, line):
        conduct = study.Conduct(place.library, place.calls, place.base, listen, brake, stop_rule(plan))
        result = asyncio.run(begin(conduct))
    report = load_report(result.path, talk.places)
    page = write_page(report, result.path)
    if talk.as_json:
        screen.document(study_document(result))
    else:
        show_report(report)
    if not talk.quiet:
        screen.say(f"study: {result.path}  (plan {result.record.sha256[:12]})")
        screen.say(f"page:  {page}")
    if result.error is not None:
        screen.say(f"resume with: {report.resume}")
    if brake.signal is not None:
        raise typer.Exit(128 + (brake.signal or signal.SIGINT))
    if result.error is not None:
        raise result.error
    fine = ("done", "missing") if report.stopped else ("done",)
    if any(cell.state not in fine for cell in result.cells):
        screen.say(f"debate: {trouble(result.cells)}; they are in no mean", "red")
        screen.say(f"resume with: {report.resume}")
        raise typer.Exit(DEGRADED)


@contextmanager
def watching(*, quiet: bool) -> Iterator[study.Listen]:
    """Who hears of a study: on a terminal one line that changes, elsewhere a line for each cell."""
    console = screen.stderr()
    if quiet:
        yield lambda _: None
    elif not console.is_terminal:
        yield lambda news: screen.say(news if isinstance(news, str) else told(news))
    else:
        with console.status("the first cells are held") as status:

            def show(news: study.Progress | str) -> None:
                if isinstance(news, str):
                    console.print(plain(news), style="yellow")
                else:
                    status.update(plain(told(news)))

            yield show


def told(news: study.Progress) -> str:
    """One line about a cell that ended."""
    cell = news.cell
    score = score_text(news.score) if cell.state == "done" else cell.state.upper()
    left = "" if news.left is None or news.done == news.total else f", about {_span(news.left)} left"
    why = f" ({cell.error})" if cell.error else ""
    return f"{news.done} of {news.total} cells{left}: {cell.problem}, {cell.arm}: {score}{why}"


def _span(seconds: float) -> str:
    return f"{seconds:.0f} s" if seconds < 90 else f"{seconds / 60:.0f} min"


def show_study(plan: StudyPlan, cells: Sequence[Cell]) -> None:
    """The table of a study's arms."""
    screen.table(
        ("arm", "n", plan.endpoint, "baseline", "target", "seats", "tokens", "not counted"),
        [_row(each) for each in summaries(plan, cells)],
    )


def _row(arm: ArmSummary) -> tuple[str, ...]:
    lost = ("degraded", "failed", "missing", "unscored")
    left_out = ", ".join(f"{cells} {name}" for name in lost if (cells := getattr(arm, name)))
    mismatch = "" if arm.mismatch is None else f" ({round(100 * arm.mismatch):+d}% of those matched)"
    return (
        arm.arm,
        str(arm.n),
        "–" if arm.mean is None else f"{arm.mean:.2f}",
        score_text(arm.baseline),
        score_text(arm.target),
        "–" if arm.seats is None else f"{arm.seats:g}",
        "–" if arm.tokens is None else f"{arm.tokens:,.0f}{mismatch}",
        left_out,
    )


def trouble(cells: Sequence[Cell]) -> str:
    """How many cells do not count, and why."""
    states = ("degraded", "failed", "missing")
    counts = {state: sum(cell.state == state for cell in cells) for state in states}
    return f"of {len(cells)} cells " + ", ".join(f"{n} are {state}" for state, n in counts.items() if n)


def study_document(result: study.StudyResult) -> dict[str, Any]:
    """A study as one JSON document."""
    return {
        "schema": 1,
        "study": result.record.id,
        "path": str(result.path),
        "sha256": result.record.sha256,
        "error": str(result.error) if result.error else None,
        "plan": result.record.plan.model_dump(mode="json"),
        "arms": [each.model_dump(mode="json") for each in summaries(result.record.plan, result.cells)],
        "cells": [cell.model_dump(mode="json") for cell in result.cells],
    }


def show_forecast(
    plan: StudyPlan, library: Library, calls: CallSettings, base: Path, *, as_json: bool
) -> None:
    """Print what a study would ask: nobody is asked and nothing is written."""
    found = asyncio.run(forecast_study(plan, library, calls, base))
    if as_json:
        screen.document({**forecast_document(found), "plan_sha256": plan.sha256})
        return
    _show_forecast(plan, found)
    for line in found.trouble:
        screen.say(f"could not be rehearsed to its end: {line}", "yellow")
    screen.say("Nobody was asked and nothing was written.")


def _show_forecast(plan: StudyPlan, found: StudyForecast) -> None:
    rows = []
    for arm, cells in found.cells.items():
        alone, new = found.alone[arm], found.new[arm]
        figures = (f"{new.input_tokens:,}", f"{new.output_tokens:,}", money(new.cost))
        rows.append((arm, str(cells), str(alone.calls), str(new.calls), *figures))
    total, naive = found.total, found.naive
    figures = (f"{total.input_tokens:,}", f"{total.output_tokens:,}", money(total.cost))
    rows.append(("all", str(plan.size), str(naive.calls), str(total.calls), *figures))
    screen.table(("arm", "cells", "calls if alone", "calls", "tokens in", "tokens out", "cost"), rows)
    roles = ", ".join(f"{calls} {role}" for role, calls in sorted(total.roles.items()))
    saved = 1 - total.calls / naive.calls if naive.calls else 0.0
    lines = [
        f"{count(plan.size, 'cell')}: {count(len(plan.arms), 'arm')}, "
        f"{count(len(plan.problems), 'problem')}, {count(plan.replicates, 'replicate')}.",
        f"{total.calls} calls ({roles}); cells held one by one would make {naive.calls}: {saved:.0%} saved.",
        "Each call may be asked once more when its reply breaks the agreed form. Tokens are estimates "
        "(characters / 4, answers as long as the offline reasoner's).",
    ]
    if found.known:
        lines.insert(2, f"{found.known} more are in the ledger and cost nothing.")
    if total.cost is None:
        lines.append("The cost is unknown: a price is missing (see --prices).")
    screen.text("\n" + "\n".join(lines))
