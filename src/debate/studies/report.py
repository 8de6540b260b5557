"""The report of a study: everything it shows, as data, from plan, cells and runs alone.

Pure: the same plan, cells and runs give the same report. Every figure names the runs it comes from; what is
missing is listed and in no mean. How it reads is the business of others (`summary`, `sheets`, `page`).
"""

from collections.abc import Mapping, Sequence
from pathlib import Path
from types import MappingProxyType
from typing import Final

from pydantic import AwareDatetime

from debate.ledger.entries import Spend
from debate.models.binding import OFFLINE
from debate.studies.arms import NO_LENS
from debate.studies.cells import ArmSummary, Cell, State, by_card, complete, summaries
from debate.studies.contrasts import Contrast, Soundness, contrasts, placebo_effect, soundness
from debate.studies.effects import Record
from debate.studies.games import GameReport, game_report
from debate.studies.plan import Game, Kind, StudyPlan, StudyRecord
from debate.studies.resuming import resume_command, where
from debate.studies.spending import Spent, spent
from debate.studies.stopping import settled
from debate.studies.survival import OracleGap, Survival, oracle_gaps, survival
from debate.transcripts import Run

SCHEMA: Final = 1
NOWHERE: Final[Mapping[str, Path | None]] = MappingProxyType({})


class CellFigure(Record):
    """A cell as it is counted and plotted. `tokens` are in and out, as if the run had been held alone."""

    card: str
    arm: str
    replicate: int
    state: State
    score: float | None
    baseline: float | None
    target: float | None
    seats: int
    tokens: int
    estimated: bool
    cost: float | None
    calls: int
    from_ledger: int
    mismatch: float | None
    run: str | None
    error: str | None


class ArmReport(Record):
    """An arm over the `cards` it has scores on; `cost` is that of one run on average, None where it is not
    known of each.
    """

    kind: Kind
    game: Game | None
    summary: ArmSummary
    cost: float | None
    cards: tuple[str, ...]
    runs: tuple[str, ...]

    @property
    def is_control(self) -> bool:
        """The panel without lenses is one also where it is an end of a game."""
        return self.kind == "control" or self.summary.arm == NO_LENS


class StudyReport(Record):
    """See the module. `offline` says that the built-in rules spoke, and no model; `stopped` says why the
    study could end before its last card, "" when it did not; `resume` is the command that goes on with it,
    `where` the flags any command takes to find it.
    """

    schema_version: int = SCHEMA
    study: str
    created: AwareDatetime
    sha256: str
    cards: tuple[str, ...]
    designs: tuple[str, ...]
    controls: tuple[str, ...]
    replicates: int
    endpoint: str
    margin: float
    alpha: float
    stop: str
    models: tuple[str, ...]
    offline: bool
    stopped: str
    names: Mapping[str, str]
    soundness: Soundness
    games: tuple[GameReport, ...]
    contrasts: tuple[Contrast, ...]
    arms: tuple[ArmReport, ...]
    survival: Survival
    gaps: tuple[OracleGap, ...]
    cells: tuple[CellFigure, ...]
    spent: Spent
    resume: str
    where: str

    @property
    def trouble(self) -> tuple[CellFigure, ...]:
        """The cells that are in no figure."""
        return tuple(cell for cell in self.cells if cell.state != "done" or cell.score is None)


def study_report(
    record: StudyRecord,
    cells: Sequence[Cell],
    runs: Mapping[str, Run],
    sent: Spend | None = None,
    places: Mapping[str, Path | None] = NOWHERE,
) -> StudyReport:
    """The report of a study from its plan, its cells and, by id, those of its runs that can be read.

    Runs are asked for ideas and the names of lenses only; without them these are left out. `sent` is what the
    ledger counted under the study, None where there is none. `places` are the folders it takes to find the
    study, by flag.
    """
    plan = record.plan
    listed = complete(plan, cells)
    by_key = {cell.key: cell for cell in listed}
    names = {seat.lens: seat.name for run in runs.values() for seat in run.manifest.seats if seat.lens}
    lenses = dict.fromkeys(lens for problem in plan.problems for lens in problem.lenses)
    names = {lens: names.get(lens, lens.replace("-", " ").capitalize()) for lens in {**lenses, **names}}
    held = contrasts(plan, by_key)
    placebo = placebo_effect(plan, by_key)
    games = [game_report(game, plan, by_key, names, placebo) for game in plan.games if lenses]
    full = {arm.name for problem in plan.problems for arm in problem.arms if arm.kind == "full"}
    panels = {run: runs[run] for cell in listed if cell.arm in full and (run := cell.run) and run in runs}
    unsound = next((game.unsound for game in games if game.unsound), "")
    return StudyReport(
        study=record.id,
        created=record.created,
        sha256=record.sha256,
        cards=tuple(problem.id for problem in plan.problems),
        designs=plan.designs,
        controls=plan.controls,
        replicates=plan.replicates,
        endpoint=plan.endpoint,
        margin=plan.margin,
        alpha=plan.alpha,
        stop=plan.stop,
        models=plan.models,
        offline=set(plan.models) == {OFFLINE},
        stopped=(settled(plan, listed) or "") if any(cell.state == "missing" for cell in listed) else "",
        names=names,
        soundness=soundness(unsound, placebo, held, plan),
        games=tuple(games),
        contrasts=tuple(held),
        arms=tuple(_arm(summary, plan, listed) for summary in summaries(plan, listed)),
        survival=survival(panels),
        gaps=tuple(oracle_gaps(plan, listed)),
        cells=tuple(_cell(cell, plan.endpoint) for cell in listed),
        spent=spent(listed, sent),
        resume=resume_command(record, listed, sent, places),
        where=where(places),
    )


def _arm(summary: ArmSummary, plan: StudyPlan, cells: Sequence[Cell]) -> ArmReport:
    arms = (arm for problem in plan.problems for arm in problem.arms)
    arm = next(arm for arm in arms if arm.name == summary.arm)
    held = [c for c in cells if c.arm == arm.name and c.score(plan.endpoint) is not None]
    costs = {cell.key: cell.used.cost for cell in held}
    return ArmReport(
        kind=arm.kind,
        game=arm.game,
        summary=summary,
        cost=None if None in costs.values() else by_card(held, costs),
        cards=tuple(dict.fromkeys(cell.problem for cell in held)),
        runs=tuple(cell.run for cell in held if cell.run),
    )


def _cell(cell: Cell, endpoint: str) -> CellFigure:
    points = cell.scores.get(endpoint)
    return CellFigure(
        card=cell.problem,
        arm=cell.arm,
        replicate=cell.replicate,
        state=cell.state,
        score=cell.score(endpoint),
        baseline=points.baseline if points else None,
        target=points.target if points else None,
        seats=cell.seats,
        tokens=cell.used.tokens,
        estimated=cell.used.estimated,
        cost=cell.used.cost,
        calls=cell.used.calls,
        from_ledger=cell.used.from_ledger,
        mismatch=cell.mismatch,
        run=cell.run,
        error=cell.error,
    )
