"""Runs of every kind, made of the small debate of `tests.builders`, and a text that tries everything."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any, Final, TypeVar

from pydantic import BaseModel

from debate.contributions import Hypothesis, Letter, Plan
from debate.events import (
    CallFailed,
    CallStarted,
    Event,
    JudgeFailed,
    LetterWritten,
    Message,
    Note,
    PlanMade,
    Repair,
    RunFinished,
    RunStarted,
    SeatFailed,
    SeatSpoke,
    SeatStarted,
    Status,
    VerdictGiven,
)
from debate.jury.ballot import Answered, Ballot, ItemAnswer, Quoted
from debate.manifest import Result, SeatRef, Usage
from debate.prompts import problem_block
from debate.transcripts import Run
from debate.verdict import Certified, Trust, Verdict
from tests.builders import a_card, a_letter, a_plan, some_hypotheses
from tests.runs import SEATS, a_call, a_run, a_score, a_verdict

NAMES: Final = {seat.id: seat.name for seat in SEATS}
HOSTILE: Final = (
    " \x1b[31mred\x9b1m <script>alert(1)</script><img src=x onerror=alert(1)> "
    "</style></script></textarea></title><base href='https://evil.example/'> "
    "<meta http-equiv=refresh content='0;url=https://evil.example'> \" onmouseover=\"alert(1) ' "
    "{{ 7*7 }} {% raw %} [x](javascript:alert(1)) \u202etxet\u2066 zero\u200bwidth \U000e0041tag "
    "<svg onload=alert(1)><a href=https://evil.example>x</a> &lt;b&gt; ]]> <!-- "
)
# What is no free text but a word of the program's own.
_FIXED: Final = {"status", "band", "kind", "state", "stands", "preferred", "anchors", "type", "rubric"}

M = TypeVar("M", bound=BaseModel)


def poisoned(model: M) -> M:
    """The model with the hostile text behind every text in it, ids and references too."""
    return type(model).model_validate(_poison(model.model_dump()))


def _poison(value: Any) -> Any:
    if isinstance(value, str):
        return value + HOSTILE
    if isinstance(value, dict):
        return {key: each if key in _FIXED else _poison(each) for key, each in value.items()}
    return [_poison(each) for each in value] if isinstance(value, list | tuple) else value


def by_rule() -> Verdict:
    """The judge by rule, certified."""
    return a_verdict(
        criteria=tuple(map(a_score, ("Originality", "Lens Relevance", "Novelty"))),
        certificate=Certified(state=Trust.ADMISSIBLE, why="passed all 8 gates"),
        stamps=(),
    )


def jury() -> Verdict:
    """Two models: a criterion they dispute with the judge by rule, and one they leave unscored."""
    return a_verdict(
        judge="jury",
        kind="model",
        models=("one-model", "another-model"),
        criteria=(
            a_score("Originality", 9.0, disputed=True, spread=0.5),
            a_score("Novelty", None, reasons=("All ballots are missing.",)),
        ),
        stamps=("self-judged: one-model wrote the answer it judges",),
        preferred="answer",
        certificate=Certified(state=Trust.UNVALIDATED, why="never calibrated on this card"),
    )


def ballots() -> list[Event]:
    """What the jury's scores rest on: of three passages one stands in no answer, and one item was refused."""
    said = (
        ("cause", "yes", "only the way people arrive is large enough to hold that much"),
        ("cost", "no", "No new staff is needed, for the nurses on duty do the stamping."),
        ("other", "yes", "a passage that nobody ever wrote in any letter"),
    )
    ballot = Ballot(
        quotes=tuple(Quoted(item=item, passage=passage) for item, _, passage in said),
        answers=tuple(ItemAnswer(item=item, answer=Answered(answer)) for item, answer, _ in said),
        reason="It says what holds the wait.",
    )
    reply = f"```json\n{ballot.model_dump_json()}\n```"
    return [
        *asked("judge/1/answer/Originality", "judge", reply="not yet", model="one-model"),
        Repair(call="judge/1/answer/Originality", role="judge", faults=("no object in the reply",)),
        *asked("judge/1/answer/Originality/repair", "judge", reply=reply, model="one-model"),
        *asked("judge/2/answer/Originality/1", "judge", reply=reply, model="another-model"),
        *asked(
            "judge/1/baseline/Originality",
            "judge",
            reply=reply.replace("only the way", "the way"),
            model="one-model",
        ),
    ]


def asked(call: str, role: str, seat: str | None = None, **changes: Any) -> list[Event]:
    """Started and finished, with the case in its prompt."""
    fields: dict[str, Any] = {
        "messages": (Message(role="user", content=f"{problem_block(a_card(), 7)}\n\nNow think."),),
        "model": "some-model",
        "flags": (),
    }
    return [CallStarted(call=call, role=role, seat=seat), a_call(call, role, seat, **{**fields, **changes})]


def seats(hypotheses: Sequence[Hypothesis], failed: Sequence[str] = ()) -> list[Event]:
    """Every seat asked; those that failed say so, the others speak."""
    events: list[Event] = []
    for seat in dict.fromkeys([*(each.seat for each in hypotheses), *failed]):
        events.append(SeatStarted(seat=seat))
        events += asked(f"lens-agent/{seat}", "lens-agent", seat)
        if seat in failed:
            events.append(SeatFailed(seat=seat, error="the server answered 500 four times"))
        else:
            own = tuple(each for each in hypotheses if each.seat == seat)
            events.append(SeatSpoke(seat=seat, hypotheses=own))
    return events


def outcome(
    plan: Plan | None = None, letter: Letter | None = None, verdicts: Sequence[Verdict] | None = None
) -> list[Event]:
    """Plan, letter and verdicts."""
    given = [by_rule()] if verdicts is None else verdicts
    return [
        *asked("critic", "critic"),
        PlanMade(plan=plan or a_plan()),
        *asked("writer", "writer"),
        LetterWritten(letter=letter or a_letter()),
        *(VerdictGiven(verdict=verdict) for verdict in given),
    ]


def write(base: Path, events: Sequence[Event], *, status: Status | None = None, **manifest: Any) -> Run:
    """A folder with these events, a second apart, read back. `status` ends the run."""
    whole: list[Event] = [RunStarted(manifest="0" * 64), *events]
    result = None
    if status:
        error = None if status == "done" else "seat Pace Layering failed"
        whole.append(RunFinished(status=status, error=error))
        usage = Usage(calls=4, from_ledger=1, input_tokens=4800, output_tokens=1200, cost=None)
        result = Result(status=status, headline=7.2, baseline=2.5, seconds=12.5, usage=usage, error=error)
    models = {"lens-agent": "some-model", "critic": "some-model", "judge": "checks"}
    return Run.load(a_run(base, whole, **{"result": result, "models": models, **manifest}))


def done(base: Path, **parts: Any) -> Run:
    return write(base, [*seats(some_hypotheses()), *outcome(**parts)], status="done")


def degraded(base: Path) -> Run:
    own = [each for each in some_hypotheses() if each.seat == "bottleneck-theory"]
    repair = Repair(call="lens-agent/bottleneck-theory", role="lens-agent", faults=("C99 is no fact",))
    note = Note(text="the lens Pace Layering shadows a built-in one")
    lost = CallFailed(call="judge/novelty", role="judge", error="no ballot came")
    plan = a_plan(dissent=[], set_aside=[])
    events = [note, *seats(own, ["pace-layering"]), repair, lost, *outcome(plan, verdicts=())]
    return write(base, [*events, JudgeFailed(error="the jury broke down")], status="degraded")


def failed(base: Path) -> Run:
    return write(base, seats((), list(NAMES)), status="failed")


def interrupted(base: Path) -> Run:
    return write(base, seats(some_hypotheses()), status="interrupted")


def running(base: Path) -> Run:
    asked = CallStarted(call="critic", role="critic")
    return write(base, [*seats(some_hypotheses()), asked])


def empty(base: Path) -> Run:
    return write(base, [])


def resumed(base: Path) -> Run:
    first = [*seats(some_hypotheses()), RunFinished(status="interrupted", error="stopped")]
    again = [RunStarted(manifest="0" * 64), *seats(some_hypotheses()), *outcome()]
    return write(base, [*first, *again], status="done")


def judged_twice(base: Path) -> Run:
    """By rule and by a jury, whose ballots are in the record."""
    said = [*seats(some_hypotheses()), *outcome(verdicts=[by_rule(), jury()]), *ballots()]
    return write(base, said, status="done")


def merged_away(base: Path) -> Run:
    """One hypothesis merged into another, and none dropped."""
    merged = {
        "hypothesis": "pace-layering-2",
        "into": "pace-layering-1",
        "because": "the same in other words",
    }
    return done(base, plan=a_plan(set_aside=[], merged=[merged]))


def hostile(base: Path) -> Run:
    """Everything a model or a card may write, poisoned."""
    said = [poisoned(each) for each in some_hypotheses()]
    parts = outcome(poisoned(a_plan()), poisoned(a_letter()), [poisoned(by_rule()), poisoned(jury())])
    told = [
        Note(text=HOSTILE),
        Repair(call=f"x{HOSTILE}", role="critic", faults=(HOSTILE,)),
        CallFailed(call=f"y{HOSTILE}", role="judge", error=HOSTILE),
        SeatFailed(seat=f"z{HOSTILE}", error=HOSTILE),
        *asked(f"w{HOSTILE}", f"role{HOSTILE}", None, model=f"model{HOSTILE}", flags=(HOSTILE,)),
    ]
    card = a_card(title=f"Title{HOSTILE}".replace("\n", " "), domain=f"care{HOSTILE}", question=HOSTILE)
    message = Message(role="user", content=problem_block(card, 7))
    first = asked("first", "lens-agent", messages=(message,))
    chairs = tuple(SeatRef(id=s + HOSTILE, lens=s, name=n + HOSTILE) for s, n in NAMES.items())
    return write(
        base,
        [*first, *seats(said), *parts, *told],
        status="done",
        seats=chairs,
        terms=HOSTILE,
        models={f"critic{HOSTILE}": HOSTILE},
        settings={f"set{HOSTILE}": HOSTILE},
    )


KINDS: Final = (
    done, degraded, failed, interrupted, running, empty, resumed, judged_twice, merged_away, hostile
)  # fmt: skip
