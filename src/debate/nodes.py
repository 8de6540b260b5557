"""Nodes: the verbs of a debate, for protocols to wire.

Each takes the state, reaches for what it needs in the context, and returns a small update. A seat that
fails is recorded and the debate goes on while a quorum spoke (two thirds of the seats, at least two of them
unless fewer sit); below that `criticise` stops the run.
"""

import asyncio
from collections.abc import Awaitable, Sequence
from math import ceil

from langgraph.runtime import Runtime
from langgraph.types import Send

from debate import events, prompts
from debate.calls import StopError
from debate.contracts import letter_faults, plan_faults, report_faults
from debate.contributions import Draft, Hypothesis, Letter, Plan, SeatReport
from debate.errors import DebateError, InputError, QuorumError
from debate.jury.trial import beside, broken
from debate.letters import letter_markdown
from debate.panel import Seat
from debate.state import Context, DebateState, SeatInput, Spoken
from debate.turns import Turn
from debate.verdict import Verdict

Update = dict[str, object]

NEUTRAL_DRAWS = 10_000
"""More neutral seats than a panel can have: so far apart are the samples of two replicates."""


def route_seats(state: DebateState) -> list[Send | str]:
    """One blind `propose` for each seat; straight to the critic where nobody sits."""
    return [Send("propose", SeatInput(seat=seat)) for seat in state["seats"]] or ["criticise"]


async def propose(state: SeatInput, runtime: Runtime[Context]) -> Update:
    """One seat says what its lens (or plain thought, in a neutral seat) makes visible."""
    context = runtime.context
    seat = context.seats[state["seat"]]
    problem = prompts.problem_block(context.problem, context.seed)
    house = context.roles["house"]
    if seat.lens is None:
        role = "solo"
        messages = prompts.messages(
            house,
            context.roles[role],
            problem=problem,
            lenses=prompts.lenses_block((), context.problem.domain, context.seed),
        )
    else:
        role = "lens-agent"
        messages = prompts.messages(
            house,
            context.roles[role],
            problem=problem,
            lens=prompts.lens_block(seat.lens, context.problem.domain, context.seed),
            lens_name=seat.lens.name,
        )
    return await _spoken(context, seat, role, messages)


async def think_alone(state: DebateState, runtime: Runtime[Context]) -> Update:
    """The control arm: one agent, given all lens texts of the panel at once (none for a neutral panel)."""
    context = runtime.context
    seats = [context.seats[id_] for id_ in state["seats"]]
    lenses = [seat.lens for seat in seats if seat.lens is not None]
    messages = prompts.messages(
        context.roles["house"],
        context.roles["solo"],
        problem=prompts.problem_block(context.problem, context.seed),
        lenses=prompts.lenses_block(lenses, context.problem.domain, context.seed),
    )
    return await _spoken(context, Seat(id="solo", lens=None, number=0), "solo", messages)


async def _spoken(context: Context, seat: Seat, role: str, messages: Sequence[prompts.Message]) -> Update:
    context.recorder.emit(events.SeatStarted(seat=seat.id))
    turn = Turn(
        role=role,
        messages=messages,
        schema=SeatReport,
        check=lambda report: report_faults(report, context.problem),
        seat=seat.id,
        lens=seat.lens.id if seat.lens else None,
        number=seat.number,
        sample=_sample(context, seat),
    )
    try:
        report = await context.door.ask(turn)
    except InputError:
        raise  # the user's to mend, and the same for every seat
    except StopError:
        # No other seat can be asked either, and the first to raise takes the others down: those whose reply
        # is on its way speak first.
        await context.door.drain()
        raise
    except DebateError as error:
        context.recorder.emit(events.SeatFailed(seat=seat.id, error=str(error)))
        return {"spoken": [Spoken(seat=seat.id, error=str(error))]}
    hypotheses = tuple(_numbered(seat.id, n, draft) for n, draft in enumerate(report.hypotheses, 1))
    context.recorder.emit(events.SeatSpoke(seat=seat.id, hypotheses=hypotheses))
    return {"spoken": [Spoken(seat=seat.id, hypotheses=hypotheses)]}


def _sample(context: Context, seat: Seat) -> int:
    """Neutral seats get the same words: each has a sample of its own, the same wherever it sits."""
    if seat.lens is not None:
        return context.sample
    return context.sample * NEUTRAL_DRAWS + int(seat.id.rpartition("-")[2] if seat.number else 0)


def _numbered(seat: str, number: int, draft: Draft) -> Hypothesis:
    fields = {name: getattr(draft, name) for name in Draft.model_fields}
    return Hypothesis(id=f"{seat}-{number}", seat=seat, **fields)


def quorum(seats: int) -> int:
    """How many of `seats` must speak: two thirds, at least two where two or more sit."""
    return max(min(2, seats), ceil(2 * seats / 3))


def hypotheses_of(state: DebateState) -> list[Hypothesis]:
    """All hypotheses, seat by seat in the panel's order."""
    return [hypothesis for spoken in state.get("spoken", []) for hypothesis in spoken.hypotheses]


async def criticise(state: DebateState, runtime: Runtime[Context]) -> Update:
    """Merge the seats' hypotheses into one ranked plan. Raises `QuorumError` when too few seats spoke."""
    context = runtime.context
    failed = [spoken.seat for spoken in state.get("spoken", []) if spoken.error is not None]
    seats = len(state.get("spoken", []))
    if seats - len(failed) < quorum(seats):
        raise QuorumError(
            f"only {seats - len(failed)} of {seats} seats spoke, {quorum(seats)} are needed; "
            f"failed: {', '.join(failed)}. What was said is kept in the transcript."
        )
    hypotheses = hypotheses_of(state)
    messages = prompts.messages(
        context.roles["house"],
        context.roles["critic"],
        problem=prompts.problem_block(context.problem, context.seed),
        hypotheses=prompts.hypotheses_block(hypotheses, context.seed),
        missing=prompts.missing_line(failed, seats),
    )
    plan = await context.door.ask(
        Turn(
            "critic",
            messages,
            Plan,
            lambda plan: plan_faults(plan, context.problem, hypotheses),
            sample=context.sample,
        )
    )
    context.recorder.emit(events.PlanMade(plan=plan))
    return {"plan": plan}


async def write(state: DebateState, runtime: Runtime[Context]) -> Update:
    """Write the answer, from problem and plan alone."""
    context, plan = runtime.context, state["plan"]
    messages = prompts.messages(
        context.roles["house"],
        context.roles["writer"],
        problem=prompts.problem_block(context.problem, context.seed),
        plan=prompts.plan_block(plan, context.seed),
    )
    names = [seat.lens.name for seat in context.seats.values() if seat.lens is not None]
    letter = await context.door.ask(
        Turn(
            "writer",
            messages,
            Letter,
            lambda letter: letter_faults(letter, plan, context.problem, names),
            sample=context.sample,
        )
    )
    context.recorder.emit(events.LetterWritten(letter=letter))
    return {"letter": letter, "answer": letter_markdown(letter, context.problem)}


async def judge(state: DebateState, runtime: Runtime[Context]) -> Update:
    """Score the answer against the baseline pattern: by rule, and by the jury when models judge.

    A judge that breaks down takes nothing else with it: the answer is paid for, and stands without its
    verdict. When the run has to stop while the jury sits, the verdict by rule is kept as well.
    """
    context, answer = runtime.context, state["answer"]
    checks = await _verdict(context, asyncio.to_thread(context.judge, answer))
    try:
        jury = await _verdict(context, context.jury(answer)) if context.jury is not None else None
    except StopError:
        if checks is not None:
            context.recorder.emit(events.VerdictGiven(verdict=checks))
        raise
    if jury is not None and (why := broken(jury)):
        context.recorder.emit(events.JudgeFailed(error=f"the jury gave no headline: {why}"))
    if checks is not None and jury is not None:
        checks, jury = beside(checks, jury)
    for verdict in (jury, checks):
        if verdict is not None:
            context.recorder.emit(events.VerdictGiven(verdict=verdict))
    return {"verdict": checks} if checks is not None else {}


async def _verdict(context: Context, asked: Awaitable[Verdict]) -> Verdict | None:
    try:
        return await asked
    except StopError:
        raise
    except Exception as error:  # noqa: BLE001 - whatever the judge's bug is, the answer is not at fault
        context.recorder.emit(events.JudgeFailed(error=f"{type(error).__name__}: {error}"))
        return None
