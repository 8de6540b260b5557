"""Run folders to look at, made by hand: small debates that keep every contract."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from debate.events import (
    CallFailed,
    CallFinished,
    CallRetried,
    CallStarted,
    Event,
    JudgeFailed,
    LetterWritten,
    Message,
    Note,
    PlanMade,
    Recorder,
    Repair,
    RunFinished,
    RunStarted,
    SeatFailed,
    SeatSpoke,
    SeatStarted,
    VerdictGiven,
)
from debate.manifest import CardRef, Manifest, Result, SeatRef
from debate.run_names import MANIFEST
from debate.transcripts import RunFolder
from debate.verdict import Score, Scored, Verdict
from tests.builders import a_letter, a_plan, some_hypotheses

NOON = datetime(2026, 11, 23, 12, 0, 5, tzinfo=UTC)
SEATS = (
    SeatRef(id="bottleneck-theory", lens="bottleneck-theory", name="Bottleneck Theory"),
    SeatRef(id="pace-layering", lens="pace-layering", name="Pace Layering"),
)


def a_manifest(id_: str, **changes: Any) -> Manifest:
    """The manifest of a run on the clinic's problem."""

    def ref(name: str) -> CardRef:
        return CardRef(id=name, path=f"x/{name}.md", origin="built-in", sha256="0" * 64)

    fields: dict[str, Any] = {
        "schema": 1,
        "id": id_,
        "created": NOON,
        "debate": "0.1.0",
        "python": "3.11.7",
        "problem": ref("care_waiting-stuck"),
        "terms": "high",
        "seats": SEATS,
        "lenses": tuple(ref(seat.id) for seat in SEATS),
        "roles": (ref("critic"),),
        "protocol": ref("panel"),
        "models": {"lens-agent": "offline", "critic": "offline", "writer": "offline", "judge": "checks"},
        "seed": 0,
        "settings": {},
        "versions": {"langgraph": "1.2"},
        "result": Result(status="done", headline=7.2, baseline=2.5, hypotheses=4, steps=5, seconds=12.5),
    }
    return Manifest(**{**fields, **changes})


def a_score(name: str, answer: float | None = 7.2, **changes: Any) -> Score:
    """A criterion with its reasons; the quote in them stands in `a_letter`."""
    fields: dict[str, Any] = {
        "name": name,
        "baseline": 2.5,
        "answer": answer,
        "target": 8.5,
        "band": None if answer is None else "7-10",
        "status": Scored.UNSCORED if answer is None else Scored.SCORED,
        "anchors": "rated",
        "reasons": (
            "It names the crowd, and says why the desk is not the cause: “Both attempts made the desk …”.",
        ),
    }
    return Score(**{**fields, **changes})


def a_verdict(**changes: Any) -> Verdict:
    """By rule: one criterion scored, one not."""
    fields: dict[str, Any] = {
        "judge": "checks",
        "rubric": "0" * 64,
        "headline": a_score("Headline"),
        "criteria": (a_score("Originality"), a_score("Lens Relevance", None)),
        "stamps": ("self-judged: the model judged itself",),
    }
    return Verdict(**{**fields, **changes})


def a_call(call: str, role: str, seat: str | None = None, **changes: Any) -> CallFinished:
    """A call that was answered."""
    fields: dict[str, Any] = {
        "call": call,
        "role": role,
        "seat": seat,
        "messages": (Message(role="user", content="What do you see?"),),
        "reply": "{}",
        "reasoning": "First I weigh the facts.",
        "model": "offline",
        "input_tokens": 1200,
        "output_tokens": 300,
        "cost": 0.01,
        "attempts": 1,
        "flags": ("cut",),
        "seconds": 1.5,
    }
    return CallFinished(**{**fields, **changes})


def events() -> list[Event]:
    """A whole debate, with everything in it that can go wrong and still leaves an answer."""
    hypotheses = some_hypotheses()
    one, two = (seat.id for seat in SEATS)
    return [
        RunStarted(manifest="0" * 64),
        Note(text="A card of yours hides a built-in one."),
        SeatStarted(seat=one),
        CallStarted(call=f"{one}-1", role="lens-agent", seat=one),
        SeatStarted(seat=two),
        CallStarted(call=f"{two}-1", role="lens-agent", seat=two),
        CallRetried(
            role="lens-agent", model="offline", attempt=1, fault="rate limit", detail="too fast", pause=0.5
        ),
        a_call(f"{one}-1", "lens-agent", one),
        Repair(call=f"{one}-1", role="lens-agent", faults=("H9 is no fact of the card.",)),
        SeatSpoke(seat=one, hypotheses=tuple(hypotheses[:2])),
        a_call(f"{two}-1", "lens-agent", two),
        SeatSpoke(seat=two, hypotheses=tuple(hypotheses[2:])),
        CallStarted(call="critic", role="critic"),
        a_call("critic", "critic"),
        PlanMade(plan=a_plan()),
        CallStarted(call="writer", role="writer"),
        a_call("writer", "writer"),
        LetterWritten(letter=a_letter()),
        CallFailed(call="ballot-3", role="judge", error="no ballot in the reply"),
        VerdictGiven(verdict=a_verdict()),
        RunFinished(status="done"),
    ]


def a_run(
    base: Path,
    said: Sequence[Event] | None = None,
    *,
    ago: timedelta = timedelta(),
    problem: str = "care_waiting-stuck",
    **changes: Any,
) -> Path:
    """Write a run folder and give its path. `changes` are fields of the manifest."""
    began = NOON - ago
    folder = RunFolder.create(base, problem, lambda: began)
    clock = iter(began + timedelta(seconds=n) for n in range(10_000))
    folder.write(MANIFEST, a_manifest(folder.id, created=began, **changes).text())
    recorder = Recorder(folder.append, clock=lambda: next(clock))
    for event in events() if said is None else said:
        recorder.emit(event)
    folder.close()
    return folder.path


def failures() -> list[Event]:
    """A debate in which a seat and the judge failed."""
    one, two = (seat.id for seat in SEATS)
    return [
        RunStarted(manifest="0" * 64),
        SeatStarted(seat=one),
        SeatStarted(seat=two),
        SeatSpoke(seat=one, hypotheses=tuple(some_hypotheses()[:2])),
        SeatFailed(seat=two, error="the server did not answer"),
        JudgeFailed(error="no ballot came back"),
        RunFinished(status="failed", error="too few seats spoke"),
    ]
