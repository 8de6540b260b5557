"""The document of a run: what `debate run --json` prints, as `docs/run.schema.json` describes it."""

from collections.abc import Sequence
from typing import Any, Final

from debate.events import CallFinished, Event, PlanMade, SeatFailed, SeatSpoke, SeatStarted, VerdictGiven
from debate.manifest import Usage
from debate.transcripts import Run
from debate.verdict import Score, Verdict

SCHEMA: Final = 1


def usage_of(events: Sequence[Event]) -> Usage:
    """What the calls used; a sum is None when one part of it is unknown."""
    calls = [event for event in events if isinstance(event, CallFinished)]
    tokens_in, tokens_out = [call.input_tokens for call in calls], [call.output_tokens for call in calls]
    costs = [call.cost for call in calls]
    return Usage(
        calls=len(calls),
        from_ledger=sum(call.from_ledger for call in calls),
        input_tokens=None if None in tokens_in else sum(n for n in tokens_in if n is not None),
        output_tokens=None if None in tokens_out else sum(n for n in tokens_out if n is not None),
        cost=None if None in costs or not costs else sum(c for c in costs if c is not None),
    )


def document(run_: Run, answer: str | None) -> dict[str, Any]:
    """The run as the one document `debate run --json` prints; `docs/run.schema.json` describes it."""
    manifest, result = run_.manifest, run_.manifest.result
    plans, verdicts = (
        run_.of(PlanMade),
        {event.verdict.kind: event.verdict for event in run_.of(VerdictGiven)},
    )
    return {
        "schema": SCHEMA,
        "run": manifest.id,
        "status": result.status if result else "failed",
        "problem": manifest.problem.id,
        "protocol": manifest.protocol.id,
        "models": dict(manifest.models),
        "seats": _seats(run_),
        "plan": plans[-1].plan.model_dump(mode="json") if plans else None,
        "answer": answer,
        "verdict": verdict_document(verdicts.get("checks")),
        "jury": verdict_document(verdicts.get("model")),
        "usage": usage_of(run_.sitting).model_dump(mode="json"),
        "path": str(run_.path),
    }


def _seats(run_: Run) -> list[dict[str, Any]]:
    """The seats that took part, in the panel's order; all of the panel, silent, when none began."""
    lenses = {seat.id: seat.lens for seat in run_.manifest.seats}
    began = {event.seat for event in run_.of(SeatStarted)}
    spoke = {event.seat: len(event.hypotheses) for event in run_.of(SeatSpoke)}
    failed = {event.seat for event in run_.of(SeatFailed)}
    order = [seat for seat in lenses if seat in began or not began] + sorted(began - set(lenses))
    return [
        {
            "lens": lenses.get(seat),
            "status": "failed" if seat in failed else "spoke" if seat in spoke else "silent",
            "hypotheses": spoke.get(seat, 0),
        }
        for seat in order
    ]


def verdict_document(verdict: Verdict | None) -> dict[str, Any] | None:
    """A verdict as every command prints it; None when there is none."""
    if verdict is None:
        return None
    beside = {"judge", "kind", "rubric", "models", "stamps", "preferred", "certificate"}
    return {
        **verdict.model_dump(mode="json", include=beside),
        "headline": _score(verdict.headline),
        "criteria": [_score(score) for score in verdict.criteria],
    }


def _score(score: Score) -> dict[str, Any]:
    fields = {"name", "baseline", "answer", "target", "band", "status", "reasons", "spread", "disputed"}
    return score.model_dump(mode="json", include=fields)
