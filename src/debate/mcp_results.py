"""What tools tell a client: the typed results of `debate.mcp_server`.

Short by design: a client reads them into a model's context. Whole prompts and replies stay in the run folder.
"""

from pydantic import BaseModel

from debate.events import PlanMade, SeatFailed, SeatSpoke, VerdictGiven
from debate.sanitize import plain
from debate.transcripts import Run
from debate.verdict import Score, Verdict


class ToldScore(BaseModel):
    """A score from 0 to 10, beside those of the card's two known answers; null where there is none."""

    name: str
    baseline: float | None
    answer: float | None
    target: float | None
    reasons: list[str]


class ToldHypothesis(BaseModel):
    """What a seat said, by its claim and what that rests on."""

    id: str
    claim: str
    cites: list[str]
    confidence: int


class ToldSeat(BaseModel):
    """A seat, and what became of it; `error` says why it failed."""

    id: str
    lens: str | None
    hypotheses: list[ToldHypothesis]
    error: str | None


class ToldStep(BaseModel):
    """One step of the plan, and the hypotheses it tests."""

    rank: int
    title: str
    measure: str
    hypotheses: list[str]


class ToldRun(BaseModel):
    """A debate: its answer in Markdown, the plan's steps, and the verdict by rule."""

    run: str
    status: str
    problem: str
    models: dict[str, str]
    answer: str | None
    headline: ToldScore | None
    criteria: list[ToldScore]
    certificate: str | None
    steps: list[ToldStep]
    seats: list[ToldSeat]
    error: str | None


class ToldLens(BaseModel):
    """A lens; `because` says why it fits the problem that was asked about."""

    id: str
    name: str
    family: str
    because: str | None = None


class ToldLenses(BaseModel):
    """Lenses: all by name, or those for one problem, best first."""

    lenses: list[ToldLens]


class ToldProblem(BaseModel):
    """A problem card."""

    id: str
    title: str
    domain: str


class ToldProblems(BaseModel):
    """The problems of the library."""

    problems: list[ToldProblem]


def told(held: Run, answer: str | None) -> ToldRun:
    """What a client is told of a run; `answer` is its letter in Markdown."""
    manifest, plans = held.manifest, held.of(PlanMade)
    verdict = next((e.verdict for e in reversed(held.of(VerdictGiven)) if e.verdict.kind == "checks"), None)
    said = {event.seat: event.hypotheses for event in held.of(SeatSpoke)}
    failed = {event.seat: plain(event.error) for event in held.of(SeatFailed)}
    lenses = {seat.id: seat.lens for seat in manifest.seats}
    return ToldRun(
        run=manifest.id,
        status=manifest.result.status if manifest.result else "unfinished",
        problem=manifest.problem.id,
        models=dict(manifest.models),
        answer=None if answer is None else plain(answer),
        headline=_score(verdict.headline) if verdict else None,
        criteria=[_score(score) for score in verdict.criteria] if verdict else [],
        certificate=_certificate(verdict),
        steps=[
            ToldStep(
                rank=step.rank,
                title=plain(step.title),
                measure=plain(step.prediction.measure),
                hypotheses=step.hypotheses,
            )
            for step in (plans[-1].plan.steps if plans else ())
        ],
        seats=[
            ToldSeat(
                id=seat,
                lens=lenses.get(seat),
                hypotheses=[
                    ToldHypothesis(id=h.id, claim=plain(h.claim), cites=h.cites, confidence=h.confidence)
                    for h in said.get(seat, ())
                ],
                error=failed.get(seat),
            )
            for seat in dict.fromkeys((*lenses, *said, *failed))
        ],
        error=plain(manifest.result.error) if manifest.result and manifest.result.error else None,
    )


def _certificate(verdict: Verdict | None) -> str | None:
    held = verdict.certificate if verdict else None
    return f"{held.state}: {plain(held.why)}" if held else None


def _score(score: Score) -> ToldScore:
    reasons = [plain(reason) for reason in score.reasons]
    return ToldScore(
        name=score.name, baseline=score.baseline, answer=score.answer, target=score.target, reasons=reasons
    )
