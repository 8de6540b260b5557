"""Games: what the lenses of a study did, in replacement or in removal, and the verdict on each.

A verdict rests on one basis that the plan fixes: the Shapley value where the design holds all sets of lenses,
else what is lost when the lens leaves (or gained when it comes alone, for the design add-one-in). The bracket
of the two cheap ends is there in any case.
"""

from collections.abc import Mapping
from statistics import fmean
from typing import Literal

from debate.studies.effects import (
    Cells,
    Effect,
    Record,
    difference,
    pair_effects,
    shapley_effects,
    table_arms,
)
from debate.studies.plan import Arm, Game, ProblemPlan, StudyPlan
from debate.studies.sequential import e_process
from debate.studies.statistics import known
from debate.studies.verdicts import Differences, LensVerdict, Standing, verdicts

Basis = Literal["Shapley value", "leave-one-out", "add-one-in"]


class _Figures(Record):
    """What a lens is worth by each way of telling, over the same cards."""

    leave_one_out: Effect
    add_one_in: Effect
    shapley: Effect | None

    def of(self, basis: Basis) -> Effect:
        """The figure a verdict on this basis is about."""
        if basis == "Shapley value" and self.shapley is not None:
            return self.shapley
        return self.add_one_in if basis == "add-one-in" else self.leave_one_out


class LensReport(_Figures):
    """A lens in one game. `basis` says which figure the verdict is about. `p`, `adjusted` (after Holm) and
    `equivalence` are None where there is nothing to test; `evidence` is the e-process after each card, for
    studies that stop by it. The others are as in `debate.studies.verdicts.LensVerdict`.
    """

    lens: str
    name: str
    basis: Basis
    standing: Standing
    p: float | None
    adjusted: float | None
    equivalence: float | None
    detectable: float | None
    fewest: int
    more: int | None
    why: str
    evidence: tuple[float, ...] | None

    @property
    def measured(self) -> Effect:
        """What the verdict is about."""
        return self.of(self.basis)


class CoalitionFigure(Record):
    """The score of one set of lenses on one card; None where no replicate is done."""

    card: str
    lenses: tuple[str, ...]
    arm: str
    score: float | None
    runs: tuple[str, ...]


class GameReport(Record):
    """What the lenses of a study did in one game. `placebo` is what a placebo lens brings to its seat, None
    without one; `unsound` says why no verdict here stands, "" when nothing is known against them. `drawn`
    says which sets Shapley values were estimated from, "" where they are exact.
    """

    game: Game
    primary: bool
    lenses: tuple[LensReport, ...]
    pairs: tuple[Effect, ...]
    coalitions: tuple[CoalitionFigure, ...]
    placebo: Effect | None
    unsound: str
    drawn: str = ""


def _basis(plan: StudyPlan) -> Basis:
    """What the verdicts of a study rest on: its plan says so, not its data."""
    if {"subsets", "shapley"} & {*plan.designs}:
        return "Shapley value"
    return "leave-one-out" if "leave-one-out" in plan.designs else "add-one-in"


def game_report(
    game: Game, plan: StudyPlan, cells: Cells, names: Mapping[str, str], placebo: Effect | None
) -> GameReport:
    """What the lenses of the plan did in one game. `placebo` is what a placebo lens brings to its seat."""
    basis = _basis(plan)
    shapley = shapley_effects(game, cells, plan) if basis == "Shapley value" else {}
    players = dict.fromkeys(lens for problem in plan.problems for lens in problem.lenses)
    figures = {lens: _figures(lens, shapley.get(lens), game, plan, cells) for lens in players}
    measured: dict[str, Differences] = {lens: each.of(basis).by_card for lens, each in figures.items()}
    found = verdicts(
        measured,
        margin=plan.margin,
        alpha=plan.alpha,
        placebos={placebo.what: placebo.by_card} if placebo else {},
        sequential=bool(plan.stop),
        seed=plan.seed,
    )
    lenses = [_lens(found.lenses[lens], names[lens], basis, figures[lens], plan) for lens in players]
    return GameReport(
        game=game,
        primary=game == plan.games[0],
        lenses=tuple(sorted(lenses, key=lambda lens: -(lens.measured.mean or 0.0))),
        pairs=tuple(pair_effects(game, cells, plan)) if shapley else (),
        coalitions=tuple(_coalitions(game, plan, cells)),
        placebo=placebo,
        unsound=found.unsound,
        drawn="; ".join(dict.fromkeys(map(drawn_from, plan.problems))).strip("; "),
    )


def drawn_from(problem: ProblemPlan) -> str:
    """Which sets a problem's Shapley values are estimated from; "" where they are exact."""
    sample = problem.sample
    return f"{sample.method} from {sample.sets} of {2 ** len(problem.lenses):,} sets" if sample else ""


def _figures(lens: str, shapley: Effect | None, game: Game, plan: StudyPlan, cells: Cells) -> _Figures:
    out: dict[str, tuple[Arm, Arm]] = {}
    alone: dict[str, tuple[Arm, Arm]] = {}
    for problem in plan.problems:
        arms, players = table_arms(problem, game), frozenset(problem.lenses)
        if lens in players:
            out[problem.id] = (arms[players], arms[players - {lens}])
            alone[problem.id] = (arms[frozenset({lens})], arms[frozenset()])
    return _Figures(
        leave_one_out=difference("leave-one-out", out, cells, plan),
        add_one_in=difference("add-one-in", alone, cells, plan),
        shapley=shapley,
    )


def _lens(verdict: LensVerdict, name: str, basis: Basis, figures: _Figures, plan: StudyPlan) -> LensReport:
    values = known(figures.of(basis).by_card)
    return LensReport(
        lens=verdict.lens,
        name=name,
        basis=basis,
        leave_one_out=figures.leave_one_out,
        add_one_in=figures.add_one_in,
        shapley=figures.shapley,
        standing=verdict.standing,
        p=verdict.p if len(values) > 1 else None,
        adjusted=verdict.holm if len(values) > 1 else None,
        equivalence=verdict.equivalence,
        detectable=verdict.detectable,
        fewest=verdict.fewest,
        more=verdict.more,
        why=verdict.why,
        evidence=e_process(values).path if plan.stop else None,
    )


def _coalitions(game: Game, plan: StudyPlan, cells: Cells) -> list[CoalitionFigure]:
    found = []
    for problem in plan.problems:
        for sitting, arm in table_arms(problem, game).items():
            held = [cells[problem.id, arm.name, n] for n in range(plan.replicates)]
            scores = {cell.run: s for cell in held if (s := cell.score(plan.endpoint)) is not None}
            found.append(
                CoalitionFigure(
                    card=problem.id,
                    lenses=tuple(sorted(sitting)),
                    arm=arm.name,
                    score=fmean(scores.values()) if scores else None,
                    runs=tuple(run for run in scores if run),
                )
            )
    return found
