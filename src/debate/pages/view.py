"""The view of a run: everything its page shows, as plain data, so that the template only lays it out.

Made from the last sitting of the run, whatever there is of it: a run that failed, was stopped or still goes
has None and empty parts, and the page says so in their places. Nothing is escaped here; the template does it.
"""

from dataclasses import dataclass
from datetime import UTC
from typing import Final

from debate.contributions import Dissent, Hypothesis, Plan, Step
from debate.events import (
    CallFinished,
    LetterWritten,
    Note,
    PlanMade,
    RunFinished,
    RunStarted,
    SeatFailed,
    SeatSpoke,
    VerdictGiven,
)
from debate.letters import days_text, interval_text
from debate.manifest import Manifest, Usage
from debate.models.binding import OFFLINE
from debate.models.roles import CHECKS
from debate.pages.answer import Answer, answer_of
from debate.pages.ballots import ballot_passages
from debate.pages.case import Case, case_of
from debate.pages.marks import Marker, quotes_of
from debate.pages.merge_picture import MergePicture, merge_picture, seat_order
from debate.pages.scores import VerdictView, verdict_views
from debate.pages.time_line import TimeLine, time_line
from debate.pages.troubles import Trouble, troubles_of
from debate.trail import Fate, Sentence, case_sentences, fate_of, hypotheses_of, seat_name
from debate.transcripts import Run

UNFINISHED: Final = "unfinished"


@dataclass(frozen=True, slots=True)
class HypothesisView:
    """A hypothesis with its seat's name, its place on the page and its fate; `dropped` when it reached no
    step and was merged into none.
    """

    said: Hypothesis
    anchor: str
    seat: str
    cites: tuple[Sentence, ...]
    if_true: str
    if_false: str
    test_effort: str
    build_effort: str
    fate: Fate
    dropped: bool


@dataclass(frozen=True, slots=True)
class SeatView:
    """A seat and what it said; `error` when it failed. `state` is spoke, failed or silent."""

    id: str
    name: str
    lens: str | None
    state: str
    error: str
    hypotheses: tuple[HypothesisView, ...]


@dataclass(frozen=True, slots=True)
class StepView:
    """A ranked step, the lenses that raised it and the sentences its hypotheses rest on."""

    step: Step
    anchor: str
    lenses: tuple[str, ...]
    hypotheses: tuple[HypothesisView, ...]
    cites: tuple[Sentence, ...]
    if_true: str
    if_false: str
    effort: str


@dataclass(frozen=True, slots=True)
class CallView:
    """A call as the table shows it."""

    call: str
    model: str
    input_tokens: int | None
    output_tokens: int | None
    cost: float | None
    seconds: float
    from_ledger: bool
    attempts: int
    flags: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class RunView:
    """A run as its page shows it.

    `status` is done, degraded, failed, interrupted or unfinished; `sittings` how often it was begun;
    `offline` when no language model spoke. `anchors` gives the place of each hypothesis on the page, `marked`
    the kinds of judges whose quotes are marked in the answer.
    """

    id: str
    manifest: Manifest
    status: str
    began: str
    sittings: int
    offline: bool
    models: tuple[str, ...]
    case: Case
    sentences: dict[str, str]
    troubles: tuple[Trouble, ...]
    notes: tuple[str, ...]
    seats: tuple[SeatView, ...]
    plan: Plan | None
    diagnosis_cites: tuple[Sentence, ...]
    steps: tuple[StepView, ...]
    anchors: dict[str, str]
    hypotheses: tuple[HypothesisView, ...]
    dropped: tuple[HypothesisView, ...]
    merged: tuple[HypothesisView, ...]
    dissent: tuple[Dissent, ...]
    answer: Answer | None
    marked: tuple[str, ...]
    verdicts: tuple[VerdictView, ...]
    merge: MergePicture | None
    time_line: TimeLine | None
    calls: tuple[CallView, ...]
    usage: Usage
    seconds: float | None


def run_view(run: Run) -> RunView:
    """Everything the page of `run` shows."""
    manifest, sentences = run.manifest, case_sentences(run)
    plans, letters, finished = run.of(PlanMade), run.of(LetterWritten), run.of(RunFinished)
    plan = plans[-1].plan if plans else None
    hypotheses = _hypotheses(run, sentences, plan)
    by_id = {each.said.id: each for each in hypotheses}
    verdicts = list({event.verdict.kind: event.verdict for event in run.of(VerdictGiven)}.values())
    verdicts.sort(key=lambda verdict: verdict.kind)
    quotes = quotes_of(verdicts, ballot_passages(run))
    marker = Marker(quotes)
    answer = answer_of(letters[-1].letter, marker) if letters else None
    steps = tuple(_step(step, by_id, sentences) for step in plan.steps) if plan else ()
    named = dict.fromkeys(each for name in manifest.models.values() for each in name.split(","))
    models = tuple(each for each in named if each != CHECKS)
    asked = {call.model for call in run.of(CallFinished)} or set(models)
    return RunView(
        id=manifest.id,
        manifest=manifest,
        status=finished[-1].status if finished else UNFINISHED,
        began=f"{manifest.created.astimezone(UTC):%Y-%m-%d %H:%M} UTC",
        sittings=sum(isinstance(event, RunStarted) for event in run.events),
        offline=asked <= {OFFLINE},
        models=models,
        case=case_of(run),
        sentences=sentences,
        troubles=troubles_of(run),
        notes=tuple(note.text for note in run.of(Note)),
        seats=_seats(run, hypotheses),
        plan=plan,
        diagnosis_cites=_sentences(plan.cites if plan else (), sentences),
        steps=steps,
        anchors={id_: each.anchor for id_, each in by_id.items()},
        hypotheses=hypotheses,
        dropped=tuple(each for each in hypotheses if each.dropped),
        merged=tuple(each for each in hypotheses if each.fate.into),
        dissent=tuple(plan.dissent) if plan else (),
        answer=answer,
        marked=tuple(sorted({quote.judge for quote in quotes if quote.number in marker.marked})),
        verdicts=verdict_views(verdicts, quotes, marker.marked),
        merge=merge_picture(run, plan) if plan and hypotheses else None,
        time_line=time_line(run),
        calls=_calls(run),
        usage=_usage(run),
        seconds=manifest.result.seconds if manifest.result else None,
    )


def _hypotheses(run: Run, sentences: dict[str, str], plan: Plan | None) -> tuple[HypothesisView, ...]:
    found = []
    for number, (id_, said) in enumerate(hypotheses_of(run).items(), 1):
        fate = fate_of(run, id_)
        found.append(
            HypothesisView(
                said=said,
                anchor=f"hypothesis-{number}",
                seat=seat_name(run, said.seat),
                cites=_sentences(said.cites, sentences),
                if_true=interval_text(said.prediction.if_true),
                if_false=interval_text(said.prediction.if_false),
                test_effort=f"{said.effort.who}, {days_text(said.effort.days)}",
                build_effort=f"{said.build.who}, {days_text(said.build.days)}",
                fate=fate,
                dropped=plan is not None and not fate.steps and fate.into is None,
            )
        )
    return tuple(found)


def _sentences(ids: list[str] | tuple[str, ...], sentences: dict[str, str]) -> tuple[Sentence, ...]:
    return tuple(Sentence(id_, sentences.get(id_)) for id_ in dict.fromkeys(ids))


def _step(step: Step, by_id: dict[str, HypothesisView], sentences: dict[str, str]) -> StepView:
    behind = tuple(by_id[id_] for id_ in step.hypotheses if id_ in by_id)
    prediction = step.prediction
    return StepView(
        step=step,
        anchor=f"step-{step.rank}",
        lenses=tuple(dict.fromkeys(each.seat for each in behind)),
        hypotheses=behind,
        cites=_sentences([id_ for each in behind for id_ in each.said.cites], sentences),
        if_true=interval_text(prediction.if_true),
        if_false=interval_text(prediction.if_false),
        effort=f"{step.effort.who}, {days_text(step.effort.days)}",
    )


def _seats(run: Run, hypotheses: tuple[HypothesisView, ...]) -> tuple[SeatView, ...]:
    """The panel in its order, then seats that only the journal knows."""
    spoke = {event.seat for event in run.of(SeatSpoke)}
    failed = {event.seat: event.error for event in run.of(SeatFailed)}
    panel = {seat.id: seat for seat in run.manifest.seats}
    views = []
    for id_ in seat_order(run):
        views.append(
            SeatView(
                id=id_,
                name=seat_name(run, id_),
                lens=panel[id_].lens if id_ in panel else None,
                state="failed" if id_ in failed else "spoke" if id_ in spoke else "silent",
                error=failed.get(id_, ""),
                hypotheses=tuple(each for each in hypotheses if each.said.seat == id_),
            )
        )
    return tuple(views)


def _calls(run: Run) -> tuple[CallView, ...]:
    return tuple(
        CallView(
            call=call.call,
            model=call.model,
            input_tokens=call.input_tokens,
            output_tokens=call.output_tokens,
            cost=call.cost,
            seconds=call.seconds,
            from_ledger=call.from_ledger,
            attempts=call.attempts,
            flags=call.flags,
        )
        for call in run.of(CallFinished)
    )


def _usage(run: Run) -> Usage:
    """What the result says; of a run without one, the sum of its calls so far, None where a part is."""
    if run.manifest.result:
        return run.manifest.result.usage
    calls = run.of(CallFinished)
    into = [call.input_tokens for call in calls if call.input_tokens is not None]
    out = [call.output_tokens for call in calls if call.output_tokens is not None]
    costs = [call.cost for call in calls if call.cost is not None]
    return Usage(
        calls=len(calls),
        from_ledger=sum(call.from_ledger for call in calls),
        input_tokens=sum(into) if len(into) == len(calls) else None,
        output_tokens=sum(out) if len(out) == len(calls) else None,
        cost=sum(costs) if costs and len(costs) == len(calls) else None,
    )
