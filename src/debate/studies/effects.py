"""Effects: what a study measured, card by card, each figure with the runs it comes from.

A card's figure is the mean over the replicates that have every score it takes; a replicate that lacks one is
lost, never filled in. Cards are then the unit: mean, interval and test are over cards. All in points.
"""

from collections.abc import Callable, Mapping, Sequence
from functools import partial
from itertools import combinations
from statistics import fmean

from pydantic import BaseModel, ConfigDict

from debate.studies.cells import Cell, Key
from debate.studies.plan import Arm, Game, ProblemPlan, StudyPlan
from debate.studies.sampled_shapley import drawn_coalitions, estimated
from debate.studies.shapley import Coalition, coalitions, shapley_interactions, shapley_values
from debate.studies.statistics import estimate

Cells = Mapping[Key, Cell]


class Record(BaseModel):
    """Part of a report."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class CardFigure(Record):
    """One card's figure: `value` is None where no replicate has all it takes, `lost` counts those without."""

    card: str
    value: float | None
    runs: tuple[str, ...]
    lost: int = 0


class Effect(Record):
    """A figure over cards. `low` and `high` are Student's interval, `boot_low` and `boot_high` the
    studentised bootstrap's; they and `sd` are None where cards are too few to see a spread. `p` is the
    sign-flip test's and not corrected for how many effects are looked at.
    """

    what: str
    n: int
    mean: float | None
    sd: float | None
    low: float | None
    high: float | None
    boot_low: float | None
    boot_high: float | None
    p: float | None
    cards: tuple[CardFigure, ...]

    @property
    def runs(self) -> tuple[str, ...]:
        """The runs all of its cards come from."""
        return tuple(dict.fromkeys(run for card in self.cards for run in card.runs))

    @property
    def by_card(self) -> dict[str, float | None]:
        """What the verdicts are made from."""
        return {card.card: card.value for card in self.cards}

    @property
    def lost(self) -> int:
        """Replicates that lack a score, over all cards."""
        return sum(card.lost for card in self.cards)


def effect(what: str, cards: Sequence[CardFigure], plan: StudyPlan) -> Effect:
    """The effect over these cards."""
    found = estimate({card.card: card.value for card in cards}, alpha=plan.alpha, seed=plan.seed)
    low, high = found.interval or (None, None)
    boot_low, boot_high = found.bootstrap or (None, None)
    return Effect(
        what=what,
        n=found.n,
        mean=found.mean,
        sd=found.sd,
        low=low,
        high=high,
        boot_low=boot_low,
        boot_high=boot_high,
        p=found.p if found.n > 1 else None,
        cards=tuple(cards),
    )


def difference(what: str, pairs: Mapping[str, tuple[Arm, Arm]], cells: Cells, plan: StudyPlan) -> Effect:
    """The first arm minus the second of every card in `pairs`, replicate by replicate."""
    return effect(
        what,
        [
            _figure(card, [[cells[card, arm.name, n] for arm in pair] for n in range(plan.replicates)],
                    lambda scores: scores[0] - scores[1], plan.endpoint)
            for card, pair in pairs.items()
        ],
        plan,
    )  # fmt: skip


def scaled(found: Effect, what: str, factors: Mapping[str, float], plan: StudyPlan) -> Effect:
    """`found` with each card's value times its factor."""
    cards = [
        card.model_copy(update={"value": None if card.value is None else card.value * factors[card.card]})
        for card in found.cards
    ]
    return effect(what, cards, plan)


def table_arms(problem: ProblemPlan, game: Game) -> dict[Coalition, Arm]:
    """The arms of one game on one card, by the lenses that sit."""
    return {
        frozenset(arm.coalition): arm
        for arm in problem.arms
        if arm.coalition is not None and (arm.kind == "full" or arm.game == game)
    }


def whole_table(problem: ProblemPlan, game: Game) -> bool:
    """Whether the plan holds every set of the card's lenses."""
    arms = table_arms(problem, game)
    return bool(problem.lenses) and all(each in arms for each in coalitions(problem.lenses))


def shapley_effects(game: Game, cells: Cells, plan: StudyPlan) -> dict[str, Effect]:
    """The Shapley value of each lens over the cards whose plan holds every set of lenses, or drew some.

    Raises `InputError` for drawn sets where shapiq is not installed.
    """
    lenses = dict.fromkeys(lens for problem in plan.problems for lens in problem.lenses)
    return {lens: _of_tables((lens,), game, cells, plan) for lens in lenses}


def pair_effects(game: Game, cells: Cells, plan: StudyPlan) -> list[Effect]:
    """The interaction of each two lenses that sit on one card together, over such cards."""
    whole = [problem for problem in plan.problems if whole_table(problem, game)]
    pairs = dict.fromkeys(pair for problem in whole for pair in combinations(problem.lenses, 2))
    return [_of_tables(pair, game, cells, plan) for pair in pairs]


def _of_tables(together: tuple[str, ...], game: Game, cells: Cells, plan: StudyPlan) -> Effect:
    """What a lens, or a pair beyond its two, is worth on each card that holds every set of its lenses; a lens
    also on each card whose plan drew some.
    """
    figures = []
    for problem in plan.problems:
        sets = _sets(problem, game, alone=len(together) == 1)
        if not (sets and {*together} <= {*problem.lenses}):
            continue
        arms = table_arms(problem, game)
        rows = [[cells[problem.id, arms[each].name, n] for each in sets] for n in range(plan.replicates)]
        worth = partial(_worth, sets, problem, together)
        figures.append(_figure(problem.id, rows, worth, plan.endpoint))
    return effect(" × ".join(together), figures, plan)


def _sets(problem: ProblemPlan, game: Game, *, alone: bool) -> list[Coalition]:
    """The sets of lenses a value is reckoned from: all, or those drawn; none where it cannot be."""
    if problem.sample and alone:
        return drawn_coalitions(problem.lenses, budget=problem.sample.budget, seed=problem.sample.seed)
    return list(coalitions(problem.lenses)) if whole_table(problem, game) else []


def _worth(
    sets: Sequence[Coalition], problem: ProblemPlan, together: tuple[str, ...], scores: Sequence[float]
) -> float:
    table = dict(zip(sets, scores, strict=True))
    if len(together) > 1:
        return shapley_interactions(table, problem.lenses).pairs[frozenset(together)]
    values = estimated(table, problem).values if problem.sample else shapley_values(table, problem.lenses)
    return values[together[0]]


def _figure(
    card: str, rows: Sequence[Sequence[Cell]], reckon: Callable[[Sequence[float]], float], endpoint: str
) -> CardFigure:
    """The mean over replicates, one a row, of what is reckoned from the scores of a row's cells."""
    values: list[float] = []
    runs: dict[str, None] = {}
    for row in rows:
        scores = [score for cell in row if (score := cell.score(endpoint)) is not None]
        if len(scores) == len(row):
            values.append(reckon(scores))
            runs |= dict.fromkeys(cell.run for cell in row if cell.run)
    return CardFigure(
        card=card, value=fmean(values) if values else None, runs=tuple(runs), lost=len(rows) - len(values)
    )
