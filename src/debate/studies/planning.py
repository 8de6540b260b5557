"""Planning: from a request to a plan, with everything checked that can be before the first call."""

import hashlib
from collections import Counter
from dataclasses import dataclass, replace

from debate.cards.problem import ProblemCard
from debate.errors import InputError, UnknownName
from debate.judging.rubric import compiled
from debate.library import Library
from debate.models.binding import OFFLINE
from debate.models.roles import JUDGE
from debate.models.wire import Sampling
from debate.runs.question import Question, read_question
from debate.runs.spec import CallSettings, RunSpec
from debate.studies.arms import Base, base_of, check_designs, designed, distinct, players, sample_of
from debate.studies.controls import controls
from debate.studies.plan import Arm, ArmSettings, ProblemPlan, Sample, StudyPlan
from debate.studies.request import GAMES, StudyRequest

_USUAL = CallSettings()


@dataclass(frozen=True, slots=True)
class Planned:
    """A plan, and sentences on what the user should know of it."""

    plan: StudyPlan
    notes: tuple[str, ...]


def plan_study(request: StudyRequest, library: Library) -> Planned:
    """The plan of a study. Raises `InputError` for whatever a run of it would stumble over at its start."""
    check_designs(request)
    if not request.problems:
        raise InputError("name one problem or more: debate ablate PROBLEM… (see: debate problems list)")
    problems: dict[str, ProblemPlan] = {}
    notes: list[str] = []
    for name in dict.fromkeys(request.problems):
        card = library.problem(name)
        if card.id in problems:
            raise InputError(f"{name!r} and {problems[card.id].name!r} are one problem, {card.id}")
        base = base_of(request, card, library)
        arms = designed(base)
        extra, told = controls(arms[0], base)
        arms = distinct([*arms, *extra])
        _refuse_twins(arms)
        _refuse_endpoint(request, card)
        notes += told
        sample = sample_of(base)
        if sample:
            notes.append(_drawn(sample, base))
        problems[card.id] = ProblemPlan(
            id=card.id,
            name=name,
            sha256=card.sha256,
            lenses=players(arms, base),
            arms=tuple(arms),
            sample=sample,
        )
    if set(request.models.values()) == {OFFLINE} and (request.replicates > 1 or "a/a" in request.controls):
        notes.append("the offline reasoner says the same each time: replicates and a/a cannot differ")
    plan = StudyPlan(
        problems=tuple(problems.values()),
        designs=request.designs,
        controls=request.controls,
        games=GAMES[request.game],
        replicates=request.replicates,
        endpoint=request.endpoint,
        margin=request.margin,
        alpha=request.alpha,
        stop="" if request.stop == "none" else request.stop,
        seed=request.seed,
        allow_adhoc=request.allow_adhoc,
        judge_repeats=request.judge_repeats,
        sampling=request.sampling,
    )
    cards = cards_of(plan, library)
    return Planned(plan.model_copy(update={"cards": cards}), tuple(dict.fromkeys(notes)))


def cards_of(plan: StudyPlan, library: Library) -> dict[str, str]:
    """The sha256 of every card and protocol the runs of a plan use, as they are now, by kind and name."""
    cards: dict[str, str] = {}
    for problem in plan.problems:
        for arm in problem.arms:
            cards |= _cards(read_question(spec_of(plan, problem.name, arm.settings), library))
    return dict(sorted(cards.items()))


def refuse_changes(plan: StudyPlan, library: Library) -> None:
    """Raises `InputError` when a card is not as it was: the rest of the study would be another one."""
    now = cards_of(plan, library)
    if changed := [name for name, sha256 in plan.cards.items() if now.get(name) != sha256]:
        raise InputError(
            f"changed since the study was planned: {', '.join(changed)}. The rest would be another study: "
            "put the files back, or begin a new one (what the ledger has costs nothing)"
        )


def spec_of(plan: StudyPlan, problem: str, settings: ArmSettings, calls: CallSettings = _USUAL) -> RunSpec:
    """What a run of an arm is told; `calls` say how it asks, but for the plan's sampling."""
    sampling = {role: Sampling(**dict(drawn)) for role, drawn in plan.sampling.items()}  # type: ignore[arg-type]
    return RunSpec(
        problem=problem,
        models=settings.models,
        lenses=settings.lenses,
        protocol=settings.protocol,
        seed=plan.seed,
        allow_adhoc=plan.allow_adhoc,
        judge_repeats=plan.judge_repeats,
        calls=replace(calls, sampling=sampling),
        roles=settings.roles,
        definitions=settings.definitions,
    )


def _cards(question: Question) -> dict[str, str]:
    problem, protocol = question.problem, question.protocol
    lenses = (seat.lens for seat in question.panel.seats if seat.lens)
    return {
        f"problem {problem.id}": problem.sha256,
        **{f"lens {lens.id}": lens.sha256 for lens in lenses},
        **{f"role {_file(card.path, role)}": card.sha256 for role, card in question.roles.items()},
        f"protocol {protocol.stem}": hashlib.sha256(protocol.read_bytes()).hexdigest(),
    }


def _file(path: object, role: str) -> str:
    """A role and the file that stands for it: arms may have different ones."""
    return f"{role} ({path})" if not str(path).endswith(f"{role}.md") else role


def _refuse_endpoint(request: StudyRequest, card: ProblemCard) -> None:
    """Raises `UnknownName` for an endpoint that no judge of this problem gives."""
    criteria = [criterion.name for criterion in compiled(card).criteria]
    known = ["headline", *criteria]
    if JUDGE in request.models:
        known += ["jury", *(f"jury: {name}" for name in criteria)]
    if request.endpoint not in known:
        hint = (
            "jury needs a model that judges: --model judge=…" if request.endpoint.startswith("jury") else ""
        )
        raise UnknownName("endpoint", request.endpoint, known, hint or f"{card.path} has {', '.join(known)}")


def _drawn(sample: Sample, base: Base) -> str:
    lenses = len(base.lenses)
    return (
        f"{base.problem.id}: {lenses} lenses make {2**lenses:,} panels; {sample.sets} were drawn by seed "
        f"{sample.seed}, and Shapley values will be estimates by {sample.method}"
    )


def _refuse_twins(arms: list[Arm]) -> None:
    twins = [name for name, count in Counter(arm.name for arm in arms).items() if count > 1]
    if twins:
        raise InputError(f"two arms are called {twins[0]!r}; give yours another name")
