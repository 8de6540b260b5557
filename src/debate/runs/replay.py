"""Replay: a run held again from its own record.

Nobody is asked, nothing is written into the run: its prompts are made again from the cards as they are now,
each is answered as it was then, and what comes out is compared byte for byte. Contributions, plan, answer and
verdict hold no times, so all of them must be the same. No ledger and no key is needed: all that was said
stands in `events.jsonl`.
"""

import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from difflib import unified_diff
from pathlib import Path
from typing import Any, Final

from pydantic import BaseModel

from debate.calls import Caller, StopError
from debate.errors import InputError, RunError
from debate.events import (
    CallFinished,
    Event,
    LetterWritten,
    PlanMade,
    Recorder,
    SeatFailed,
    SeatSpoke,
    VerdictGiven,
)
from debate.ledger import Budget, SqliteLedger
from debate.letters import letter_markdown
from debate.library import Library
from debate.models.binding import OFFLINE, BoundModel
from debate.models.faults import FaultKind
from debate.models.recorded import REPLAY, RecordedWire
from debate.models.roles import SEATED
from debate.runs.manifests import make_manifest
from debate.runs.past import changes, spec_of
from debate.runs.question import Question, read_question
from debate.runs.record import recorded
from debate.runs.spec import CallSettings
from debate.transcripts import ANSWER, Run
from debate.turns import Door

_WHOLE: Final = ("done", "degraded")
_NOT_AGAIN: Final = "the run cannot be held again from its record:"


@dataclass(frozen=True, slots=True)
class Replay:
    """What came of it. `parts` has a diff (record to replay) for each thing that was compared, "" where it
    came out the same; `changed` says what is not as it was when the run was held.
    """

    parts: Mapping[str, str]
    changed: tuple[str, ...]

    @property
    def identical(self) -> bool:
        """Everything came out as it was."""
        return not any(self.parts.values())


async def replay(past: Run, library: Library) -> Replay:
    """Hold `past` again from its record.

    Raises `InputError` for a run that did not come to its end, `RunError` when a prompt is not in the record.
    """
    result = past.manifest.result
    if result is None or result.status not in _WHOLE:
        raise InputError(
            f"the run {past.manifest.id} did not come to its end, so there is nothing to compare; "
            f"first: debate resume {past.manifest.id}"
        )
    spec = spec_of(past.manifest, past.path.parent, {})
    # Who answered is no matter now, and must not ask for a key.
    quiet = replace(spec, models=dict.fromkeys(spec.models, OFFLINE), calls=CallSettings())
    question = read_question(quiet, library)
    changed = tuple(changes(past.manifest, make_manifest(past.manifest.id, question, library)))
    if [seat.id for seat in question.panel.seats] != [seat.id for seat in past.manifest.seats]:
        raise RunError("\n".join([_NOT_AGAIN, *changed]))
    events: list[Event] = []
    try:
        await _hold(past, question, list(spec.models), events)
    except StopError as stop:
        if stop.kind != FaultKind.NOT_RECORDED:
            raise
        raise RunError("\n".join([_NOT_AGAIN, str(stop), *changed])) from None
    again = Run(past.path, past.manifest, tuple(events))
    answer = past.path / ANSWER
    then = {**_parts(past), "answer": answer.read_text(encoding="utf-8") if answer.exists() else ""}
    letters = again.of(LetterWritten)
    now = {
        **_parts(again),
        "answer": letter_markdown(letters[-1].letter, question.problem) if letters else "",
    }
    return Replay({part: _diff(then[part], now[part]) for part in then}, changed)


async def _hold(past: Run, question: Question, roles: Sequence[str], events: list[Event]) -> None:
    """The debate, in memory."""
    recorder = Recorder(events.append)
    with tempfile.TemporaryDirectory(prefix="debate-replay-") as folder:
        async with (
            SqliteLedger.open(Path(folder) / "ledger.sqlite3") as ledger,
            Caller(ledger, budget=Budget(past.manifest.id)) as caller,
        ):
            door = Door(caller, _models(past, question, roles), recorder)
            await question.graph.ainvoke(question.given, context=question.context(door, recorder))


def _models(past: Run, question: Question, roles: Sequence[str]) -> dict[str, tuple[BoundModel, ...]]:
    """For each seat a model that knows what this seat was told: seats without a lens are asked in the same
    words, and differ in what they said.
    """
    seats = question.panel.seats
    failed = {event.seat: event.error for event in past.of(SeatFailed)}
    known = {seat.id for seat in seats}
    models: dict[str, tuple[BoundModel, ...]] = {}
    for role in roles:
        calls = [call for call in past.of(CallFinished) if call.role == role]
        if role not in SEATED:
            models[role] = (_bound(past, role, calls, ""),)
            continue
        models[role] = tuple(
            _bound(
                past,
                f"{role}-{seat.id}",
                [call for call in calls if call.seat == seat.id or call.seat not in known],
                next((error for who, error in failed.items() if who in (seat.id, "solo")), ""),
            )
            for seat in seats
        )
    return models


def _bound(past: Run, who: str, calls: Sequence[CallFinished], broken: str) -> BoundModel:
    name = f"{REPLAY}:{past.manifest.id}"
    return BoundModel(name, RecordedWire(name, who, [recorded(call) for call in calls], broken))


def _parts(run: Run) -> dict[str, str]:
    """What is compared, as text; the answer comes besides."""
    order = {seat.id: place for place, seat in enumerate(run.manifest.seats)}
    spoke = sorted(run.of(SeatSpoke), key=lambda event: order.get(event.seat, len(order)))
    return {
        "seats": "\n".join(_text(hypothesis) for event in spoke for hypothesis in event.hypotheses),
        "plan": "\n".join(_text(event.plan) for event in run.of(PlanMade)),
        "answer": "",
        "verdict": "\n".join(_text(event.verdict) for event in run.of(VerdictGiven)),
    }


def _text(model: BaseModel) -> str:
    return model.model_dump_json(indent=2)


def _diff(then: str, now: str) -> str:
    lines: Any = unified_diff(then.splitlines(), now.splitlines(), "record", "replay", lineterm="", n=1)
    return "\n".join(lines) if then != now else ""
