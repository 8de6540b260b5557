"""Cells: what became of one arm on one problem in one replicate.

A cell is `done`, `degraded` (it has an answer, but a seat or the judge failed), `failed`, or `missing` (it
was never held to its end: stopped, out of budget). Only done cells have a score that counts; the others are
counted and named, never averaged in.
"""

import json
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from statistics import fmean
from typing import Final, Literal

from pydantic import BaseModel, ConfigDict, ValidationError

from debate.calls import StopError
from debate.events import CallFinished, SeatSpoke, VerdictGiven
from debate.runs import RunResult
from debate.studies.plan import StudyPlan
from debate.transcripts import Run, write_whole
from debate.verdict import Verdict

CELLS: Final = "cells.jsonl"
CHARS_PER_TOKEN: Final = 4
#: So much of a call's identity, its tag with it, tells it from a million others.
KEY_CHARS: Final = 19

State = Literal["done", "degraded", "failed", "missing"]
Key = tuple[str, str, int]
"""Problem, arm, replicate."""


class _Record(BaseModel):
    """Part of a cell."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class Points(_Record):
    """A score of the answer beside those of the card's two known answers."""

    answer: float | None
    baseline: float | None
    target: float | None


class Measured(_Record):
    """What the calls of a run used, those the ledger answered as well: as if it had been held alone.

    `seat_tokens` is what one seat more would use: its prompt, its reply, and the reply once more in the
    critic's prompt. Tokens are estimated (characters / 4) where a server does not count them. `keys` tell
    the calls apart: what two cells ask alike has one key.
    """

    calls: int = 0
    from_ledger: int = 0
    input_tokens: int = 0
    output_tokens: int = 0
    estimated: bool = False
    seat_tokens: float = 0.0
    cost: float | None = None
    keys: tuple[str, ...] = ()

    @property
    def tokens(self) -> int:
        """In and out, reasoning included."""
        return self.input_tokens + self.output_tokens


class Cell(_Record):
    """See the module. `scores` is by endpoint: "headline", a criterion, "jury", "jury: <criterion>".

    `seats` is how many spoke; `mismatch` is by how much the tokens of a matched arm miss those they were
    matched to, as a share; `error` says why there is no answer.
    """

    problem: str
    arm: str
    replicate: int
    state: State
    run: str | None = None
    scores: Mapping[str, Points] = {}
    used: Measured = Measured()
    seats: int = 0
    seconds: float = 0.0
    mismatch: float | None = None
    error: str | None = None

    @property
    def key(self) -> Key:
        """Which cell it is."""
        return (self.problem, self.arm, self.replicate)

    def score(self, endpoint: str) -> float | None:
        """The answer's score; None for a cell that is not done, or was not scored."""
        points = self.scores.get(endpoint)
        return points.answer if points is not None and self.state == "done" else None


class ArmSummary(_Record):
    """An arm in figures. `n` cells are done and scored; means are over them, None without any."""

    arm: str
    n: int
    degraded: int
    failed: int
    missing: int
    unscored: int
    mean: float | None
    baseline: float | None
    target: float | None
    tokens: float | None
    seats: float | None
    mismatch: float | None


def cell_of(key: Key, result: RunResult) -> Cell:
    """The cell of a run that was held."""
    stopped = result.status == "interrupted" or isinstance(result.error, StopError)
    state: State = (
        result.status if result.status in ("done", "degraded") else "missing" if stopped else "failed"
    )
    done = result.run.manifest.result
    return Cell(
        problem=key[0],
        arm=key[1],
        replicate=key[2],
        state=state,
        run=result.run.manifest.id,
        scores=scores_of(result.run),
        used=measured(result.run.of(CallFinished)),
        seats=len(result.run.of(SeatSpoke)),
        seconds=done.seconds if done else 0.0,
        error=str(result.error) if result.error else None,
    )


def scores_of(run: Run) -> dict[str, Points]:
    """All scores of a run, by endpoint."""
    found: dict[str, Points] = {}
    for event in run.of(VerdictGiven):
        found |= _points(event.verdict)
    return found


def _points(verdict: Verdict) -> dict[str, Points]:
    jury = verdict.kind == "model"
    rows = {"jury" if jury else "headline": verdict.headline}
    rows |= {f"jury: {each.name}" if jury else each.name: each for each in verdict.criteria}
    return {
        name: Points(answer=each.answer, baseline=each.baseline, target=each.target)
        for name, each in rows.items()
    }


def measured(calls: Sequence[CallFinished]) -> Measured:
    """What these calls used."""
    tokens = [_tokens(call) for call in calls]
    seats = [(sent, said) for (sent, said), call in zip(tokens, calls, strict=True) if call.seat is not None]
    costs = [call.cost for call in calls]
    return Measured(
        calls=len(calls),
        from_ledger=sum(call.from_ledger for call in calls),
        input_tokens=sum(sent for sent, _ in tokens),
        output_tokens=sum(said for _, said in tokens),
        estimated=any(None in (call.input_tokens, call.output_tokens) for call in calls),
        seat_tokens=fmean(sent + 2 * said for sent, said in seats) if seats else 0.0,
        cost=None if None in costs or not costs else sum(cost for cost in costs if cost is not None),
        keys=tuple(call.key[:KEY_CHARS] for call in calls if call.key),
    )


def _tokens(call: CallFinished) -> tuple[int, int]:
    sent = sum(len(message.content) for message in call.messages) // CHARS_PER_TOKEN
    said = (len(call.reply) + len(call.reasoning or "")) // CHARS_PER_TOKEN
    return (
        sent if call.input_tokens is None else call.input_tokens,
        said if call.output_tokens is None else call.output_tokens,
    )


def matched_seats(full: Measured, plain: Measured, seats: int) -> int:
    """How many agents without a lens use the tokens of `full`, when `seats` of them used those of `plain`.

    At most eight times as many, at least one: where that does not reach, the mismatch says so.
    """
    if not plain.seat_tokens:
        return seats
    more = (full.tokens - plain.tokens) / plain.seat_tokens
    return max(1, min(8 * seats, round(seats + more)))


def every_key(plan: StudyPlan) -> list[Key]:
    """All cells of a plan: problem by problem, replicate by replicate, so that what is stopped early is a
    smaller study of the same kind.
    """
    return [
        (problem.id, arm.name, replicate)
        for problem in plan.problems
        for replicate in range(plan.replicates)
        for arm in problem.arms
    ]


def complete(plan: StudyPlan, cells: Iterable[Cell]) -> list[Cell]:
    """The cells in the plan's order; those nobody held are missing."""
    known = {cell.key: cell for cell in cells}
    return [
        known.get(key, Cell(problem=key[0], arm=key[1], replicate=key[2], state="missing"))
        for key in every_key(plan)
    ]


def write_cells(folder: Path, cells: Iterable[Cell]) -> None:
    """Replace the cells of a study, one JSON object a line."""
    write_whole(folder / CELLS, "".join(f"{cell.model_dump_json()}\n" for cell in cells))


def read_cells(folder: Path) -> list[Cell]:
    """The cells of a study so far; of a cell held again the last. A torn last line is passed over."""
    try:
        lines = (folder / CELLS).read_text(encoding="utf-8").split("\n")
    except FileNotFoundError:
        return []
    found: dict[Key, Cell] = {}
    for line in filter(None, lines):
        try:
            cell = Cell.model_validate(json.loads(line))
        except (ValueError, ValidationError):
            continue  # its process died in the middle of the line; its run is found by its tag
        found[cell.key] = cell
    return list(found.values())


def summaries(plan: StudyPlan, cells: Sequence[Cell]) -> list[ArmSummary]:
    """Every arm in figures, in the plan's order. Replicates are averaged inside a card first."""
    return [_summary(arm, [cell for cell in cells if cell.arm == arm], plan.endpoint) for arm in plan.arms]


def _summary(arm: str, cells: Sequence[Cell], endpoint: str) -> ArmSummary:
    done = [cell for cell in cells if cell.state == "done"]
    scored = [cell for cell in done if cell.score(endpoint) is not None]
    misses = [cell.mismatch for cell in scored if cell.mismatch is not None]
    counts = {
        state: sum(cell.state == state for cell in cells) for state in ("degraded", "failed", "missing")
    }
    return ArmSummary(
        arm=arm,
        n=len(scored),
        **counts,
        unscored=len(done) - len(scored),
        mean=by_card(scored, {cell.key: cell.scores[endpoint].answer for cell in scored}),
        baseline=by_card(scored, {cell.key: cell.scores[endpoint].baseline for cell in scored}),
        target=by_card(scored, {cell.key: cell.scores[endpoint].target for cell in scored}),
        tokens=by_card(scored, {cell.key: float(cell.used.tokens) for cell in scored}),
        seats=by_card(scored, {cell.key: float(cell.seats) for cell in scored}),
        mismatch=fmean(misses) if misses else None,
    )


def by_card(cells: Sequence[Cell], values: Mapping[Key, float | None]) -> float | None:
    """The mean over cards of the mean over replicates; None where nothing is known."""
    cards: dict[str, list[float]] = {}
    for cell in cells:
        if (value := values[cell.key]) is not None:
            cards.setdefault(cell.problem, []).append(value)
    return fmean(fmean(each) for each in cards.values()) if cards else None
