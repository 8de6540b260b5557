"""Troubles: what went wrong in a run, for the top of its page, worst first."""

from dataclasses import dataclass

from debate.events import CallFailed, JudgeFailed, Repair, RunFinished, SeatFailed, VerdictGiven
from debate.trail import seat_name
from debate.transcripts import Run
from debate.verdict import Scored


@dataclass(frozen=True, slots=True)
class Trouble:
    """One thing a reader must not miss. `grave` when something is missing from the result because of it."""

    what: str
    why: str
    grave: bool = True


def troubles_of(run: Run) -> tuple[Trouble, ...]:
    """Everything that went wrong, failures before what was mended."""
    return (*_ending(run), *_seats(run), *_judging(run), *_mended(run))


def _ending(run: Run) -> list[Trouble]:
    finished = run.of(RunFinished)
    if not finished:
        why = "It is still going, or was killed. Below is what it left so far."
        return [Trouble("This run has not come to its end", why, False)]
    words = {
        "failed": "This run failed",
        "interrupted": "This run was interrupted",
        "degraded": "This run is degraded: a part of it is missing",
    }
    what = words.get(finished[-1].status)
    return [Trouble(what, finished[-1].error or "")] if what else []


def _seats(run: Run) -> list[Trouble]:
    order = {seat.id: place for place, seat in enumerate(run.manifest.seats)}
    failed = sorted(run.of(SeatFailed), key=lambda event: order.get(event.seat, len(order)))
    return [
        Trouble(f"{seat_name(run, event.seat)} said nothing: the seat failed", event.error)
        for event in failed
    ]


def _judging(run: Run) -> list[Trouble]:
    found = [Trouble("Not judged: the judge failed", event.error) for event in run.of(JudgeFailed)]
    for verdict in (event.verdict for event in run.of(VerdictGiven)):
        names = [score.name for score in verdict.criteria if score.status is Scored.UNSCORED]
        if verdict.headline.status is not Scored.SCORED:
            found.append(Trouble("No headline score", " ".join(verdict.headline.reasons)))
        if names:
            judge = "the judge by rule" if verdict.kind == "checks" else "the jury"
            found.append(
                Trouble(f"Unscored by {judge}: {', '.join(names)}", "The reasons stand in the verdict.")
            )
    return found


def _mended(run: Run) -> list[Trouble]:
    lost = [Trouble(f"{call.call} came to nothing", call.error, False) for call in run.of(CallFailed)]
    asked = [
        Trouble(f"{repair.call} was asked once more", "; ".join(repair.faults), False)
        for repair in run.of(Repair)
    ]
    notes = [Trouble("While reading the record", note, False) for note in run.notes]
    return [*lost, *asked, *notes]
