"""The calls of a run as a table: who was asked, what it took, and whether the ledger knew the answer."""

from collections.abc import Sequence
from typing import Any

from debate.cli import screen
from debate.events import CallFinished
from debate.trail import seat_name
from debate.transcripts import Run

_UNKNOWN = "?"
_FIGURES = ("in", "out", "cost", "ms", "tries")


def calls_of(run: Run, seat: str | None = None) -> list[CallFinished]:
    """The calls since the run was last started, in the order they were answered; of one seat if given."""
    return [call for call in run.of(CallFinished) if seat is None or call.seat == seat]


def call_document(run: Run, call: CallFinished) -> dict[str, Any]:
    """One call as `show --calls --json` prints it; docs/transcripts.md describes it."""
    return {
        "call": call.call,
        "role": call.role,
        "seat": call.seat,
        "lens": _lens(run, call),
        "model": call.model,
        "input_tokens": call.input_tokens,
        "output_tokens": call.output_tokens,
        "cost": call.cost,
        "ms": round(1000 * call.seconds),
        "attempts": call.attempts,
        "from_ledger": call.from_ledger,
        "flags": list(call.flags),
    }


def show_calls(run: Run, calls: Sequence[CallFinished]) -> None:
    """The table and its sums; what a server did not say is unknown, never nought."""
    if not calls:
        screen.say("No call was answered in this run.")
        return
    headers = ("role", "lens", "model", "in", "out", "cost", "ms", "tries", "ledger")
    screen.table(headers, [_row(run, call) for call in calls], right=_FIGURES)
    known = sum(call.from_ledger for call in calls)
    sums = {
        "tokens in": _count(_sum([call.input_tokens for call in calls])),
        "tokens out": _count(_sum([call.output_tokens for call in calls])),
        "cost": _cost(_sum([call.cost for call in calls])),
    }
    told = "; ".join(f"{name}: {'unknown' if value == _UNKNOWN else value}" for name, value in sums.items())
    screen.say(f"{len(calls)} calls, {known} of them from the ledger; {told}", "dim")


def _row(run: Run, call: CallFinished) -> tuple[str, ...]:
    return (
        call.role,
        _lens(run, call) or "",
        call.model,
        _count(call.input_tokens),
        _count(call.output_tokens),
        _cost(call.cost),
        f"{1000 * call.seconds:,.0f}",
        str(call.attempts),
        "yes" if call.from_ledger else "",
    )


def _lens(run: Run, call: CallFinished) -> str | None:
    return seat_name(run, call.seat) if call.seat else None


def _sum(values: Sequence[float | None]) -> float | None:
    return None if None in values else sum(value for value in values if value is not None)


def _count(value: float | None) -> str:
    return _UNKNOWN if value is None else f"{value:,.0f}"


def _cost(value: float | None) -> str:
    return _UNKNOWN if value is None else f"{value:.4f}"
