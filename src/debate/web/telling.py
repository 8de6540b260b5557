"""Telling: an event of a run as one line for somebody who watches.

Whole prompts and replies stay in the journal; a line says who did what, and what came of it. Text of cards
and models is made plain here and travels as data; the page sets it as text.
"""

from dataclasses import dataclass
from functools import singledispatch
from typing import Final

from debate.events import (
    CallFailed,
    CallFinished,
    CallRetried,
    CallStarted,
    Event,
    JudgeFailed,
    LetterWritten,
    Note,
    PlanMade,
    Repair,
    RunFinished,
    RunStarted,
    SeatFailed,
    SeatSpoke,
    SeatStarted,
    VerdictGiven,
)
from debate.manifest import Manifest
from debate.sanitize import plain

_ROLES: Final = {"lens-agent": "A seat", "solo": "An agent"}


@dataclass(frozen=True)
class Told:
    """One line. `place` is the seat or role it is about, `state` what that place is at from now on
    ("thinking", "done", "failed"; "" leaves it); `tone` is "good", "bad", "warn" or "", `items` stand below.
    """

    at: str
    what: str
    place: str = ""
    who: str = ""
    state: str = ""
    tone: str = ""
    items: tuple[str, ...] = ()
    calls: int = 0
    tokens: int = 0
    begins: bool = False


@dataclass(frozen=True)
class _Line:
    """A line without who and when."""

    what: str
    place: str = ""
    state: str = ""
    tone: str = ""
    items: tuple[str, ...] = ()
    calls: int = 0
    tokens: int = 0


def told(event: Event, manifest: Manifest) -> Told | None:
    """The line for an event; None for one that says nothing to a watcher."""
    line = _line(event)
    if line is None:
        return None
    names = {seat.id: seat.name for seat in manifest.seats}
    return Told(
        at=event.at.astimezone().strftime("%H:%M:%S"),
        what=plain(line.what),
        place=line.place,
        who=plain(names.get(line.place) or _ROLES.get(line.place, line.place.capitalize())),
        state=line.state,
        tone=line.tone,
        items=tuple(map(plain, line.items)),
        calls=line.calls,
        tokens=line.tokens,
        begins=isinstance(event, RunStarted),
    )


@singledispatch
def _line(_event: Event) -> _Line | None:
    return None


@_line.register
def _(_event: RunStarted) -> _Line:
    return _Line("The debate begins.")


@_line.register
def _(event: SeatStarted) -> _Line:
    return _Line("begins to think", event.seat, "thinking")


@_line.register
def _(event: CallStarted) -> _Line | None:
    # A seat has begun before its call does.
    return None if event.seat else _Line("is asked", event.role, "thinking")


@_line.register
def _(event: CallFinished) -> _Line:
    known = [count for count in (event.input_tokens, event.output_tokens) if count is not None]
    source = "answered from the ledger" if event.from_ledger else f"answered in {event.seconds:.1f} s"
    size = f", {sum(known):,} tokens" if known else ""
    return _Line(source + size, event.seat or event.role, calls=1, tokens=sum(known))


@_line.register
def _(event: CallRetried) -> _Line:
    return _Line(
        f"{event.model}: {event.fault}; asked again in {event.pause:.1f} s",
        event.role,
        tone="warn",
        items=(event.detail,),
    )


@_line.register
def _(event: CallFailed) -> _Line:
    return _Line(f"one question came to nothing: {event.error}", event.role, tone="bad")


@_line.register
def _(event: Repair) -> _Line:
    return _Line("is asked once more, because:", event.role, tone="warn", items=event.faults)


@_line.register
def _(event: SeatSpoke) -> _Line:
    count = len(event.hypotheses)
    return _Line(
        f"has {count} hypothes{'i' if count == 1 else 'e'}s",
        event.seat,
        "done",
        "good",
        tuple(each.claim for each in event.hypotheses),
    )


@_line.register
def _(event: SeatFailed) -> _Line:
    return _Line(f"failed: {event.error}", event.seat, "failed", "bad")


@_line.register
def _(event: PlanMade) -> _Line:
    steps = tuple(f"{step.rank}. {step.title}" for step in event.plan.steps)
    return _Line(event.plan.diagnosis, "critic", "done", "good", steps)


@_line.register
def _(event: LetterWritten) -> _Line:
    return _Line("has written the answer", "writer", "done", "good")


@_line.register
def _(event: VerdictGiven) -> _Line:
    score = event.verdict.headline
    if score.answer is None:
        return _Line("gives no score: " + " ".join(score.reasons), "judge", "done", "warn")
    beside = "" if score.baseline is None else f"; the answer everybody gives has {score.baseline:.1f}"
    return _Line(f"scores the answer {score.answer:.1f}{beside}", "judge", "done", "good")


@_line.register
def _(event: JudgeFailed) -> _Line:
    return _Line(f"failed: {event.error}", "judge", "failed", "bad")


@_line.register
def _(event: Note) -> _Line:
    return _Line(event.text)


@_line.register
def _(event: RunFinished) -> _Line:
    tones = {"done": "good", "degraded": "warn"}
    return _Line(
        f"The debate is {event.status}." + (f" {event.error}" if event.error else ""),
        tone=tones.get(event.status, "bad"),
    )
