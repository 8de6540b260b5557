"""Failures: everything that went wrong in a run, also what was got over and left no mark on its summary.

A fatal failure cost the run something (a seat, the judge, a ballot, the whole run); the others cost time or
calls: an attempt that was tried again, a reply that broke its contract and was asked for once more, a reply
that was odd.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from debate.events import (
    CallFailed,
    CallFinished,
    CallRetried,
    Event,
    JudgeFailed,
    Repair,
    RunFinished,
    SeatFailed,
)
from debate.transcripts import Run

# Of how a server counts, not of what it said.
_HARMLESS: Final = frozenset({"usage-unknown", "odd-finish"})


@dataclass(frozen=True, slots=True)
class Failure:
    """One thing that went wrong at the time `at`. `who` is a seat, a call or a role, "" for the whole run."""

    at: datetime
    kind: str
    who: str
    what: str
    fatal: bool


def failures_of(run: Run) -> tuple[Failure, ...]:
    """What went wrong since the run was last started, in order."""
    return tuple(failure for event in run.sitting for failure in _told(event))


def _told(event: Event) -> Iterator[Failure]:
    match event:
        case SeatFailed():
            yield Failure(event.at, "seat failed", event.seat, event.error, fatal=True)
        case JudgeFailed():
            yield Failure(event.at, "judge failed", "judge", event.error, fatal=True)
        case CallFailed():
            yield Failure(event.at, "call came to nothing", event.call, event.error, fatal=True)
        case RunFinished(error=str(error)):
            yield Failure(event.at, f"run {event.status}", "", error, fatal=True)
        case CallRetried():
            what = f"attempt {event.attempt}: {event.fault}: {event.detail}; again after {event.pause:.1f} s"
            yield Failure(event.at, "tried again", event.role, what, fatal=False)
        case Repair():
            yield Failure(event.at, "asked once more", event.call, "; ".join(event.faults), fatal=False)
        case CallFinished():
            for flag in event.flags:
                if flag not in _HARMLESS:
                    yield Failure(event.at, "odd reply", event.call, flag, fatal=False)
