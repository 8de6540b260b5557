"""Attribution beyond six lenses: Shapley values from a sample of coalitions, by shapiq.

shapiq asks for scores while it reckons; a study's scores take hours and must outlive a crash. So the
coalitions are drawn first, by a seed, scored as any other cells, and the values reckoned from the table they
fill. Both steps draw the same coalitions because draws never depend on scores.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from importlib import import_module
from typing import Any

from debate.errors import InputError
from debate.studies.plan import ProblemPlan
from debate.studies.shapley import Coalition, Table

#: Coalitions to draw for each player: at 8 the mean error is near a third of leave-one-out's for up to 12.
DRAWS_PER_PLAYER = 8


@dataclass(frozen=True, slots=True)
class Sampled:
    """Shapley values in points by player, and the name of the estimator that gave them."""

    values: Mapping[str, float]
    method: str


def drawn_coalitions(players: Sequence[str], *, budget: int | None = None, seed: int = 0) -> list[Coalition]:
    """The distinct coalitions whose scores `sampled_shapley` will ask for, none and all among them.

    At most `budget` of them, 8 a player unless given. InputError without the extra.
    """
    asked: dict[Coalition, None] = {}

    def nothing(coalition: Coalition) -> float:
        asked[coalition] = None
        return 0.0

    _reckon(players, nothing, budget, seed)
    return list(asked)


def estimated(table: Table, problem: ProblemPlan) -> Sampled:
    """The Shapley values of a problem whose plan drew its sets of lenses.

    InputError without the extra, and where its estimator is another one than the plan's, which would ask for
    other sets; ValueError when a drawn set has no score.
    """
    sample = problem.sample
    if sample is None:
        raise ValueError(f"the plan draws no sets of lenses for {problem.id}")
    if (name := estimator_name()) != sample.method:
        raise InputError(
            f"the sets of lenses of {problem.id} were drawn for {sample.method} of shapiq, and the one "
            f"installed has {name}: report the study with the shapiq it was planned with"
        )
    return sampled_shapley(table, problem.lenses, budget=sample.budget, seed=sample.seed)


def sampled_shapley(
    table: Table, players: Sequence[str], *, budget: int | None = None, seed: int = 0
) -> Sampled:
    """Shapley values from a table that holds at least the drawn coalitions of the same budget and seed.

    By Leverage SHAP (Musco and Witter, 2025) where the installed shapiq has it, which takes Python 3.12;
    else by Kernel SHAP with paired draws (Lundberg and Lee, 2017). InputError without the extra; ValueError
    when a drawn coalition has no score, since none can be put in its place.
    """

    def score(coalition: Coalition) -> float:
        found = table.get(coalition)
        if found is None:
            raise ValueError(f"no score for {' + '.join(sorted(coalition)) or 'no lens'}")
        return found

    return _reckon(players, score, budget, seed)


def _reckon(
    players: Sequence[str], score: Callable[[Coalition], float], budget: int | None, seed: int
) -> Sampled:
    import numpy as np  # noqa: PLC0415 - shapiq brings it along, half a second with it

    def scores(rows: Any) -> Any:  # bool of shape (coalitions, players) → float of shape (coalitions,)
        return np.array(
            [
                score(frozenset(player for player, sits in zip(players, row, strict=True) if sits))
                for row in rows
            ],
            dtype=float,
        )

    estimator = _estimator()
    found = estimator(n=len(players), pairing_trick=True, random_state=seed).approximate(
        budget or DRAWS_PER_PLAYER * len(players), scores
    )
    return Sampled(
        {player: float(found[(place,)]) for place, player in enumerate(players)}, estimator.__name__
    )


def estimator_name() -> str:
    """The estimator the installed shapiq has. InputError without the extra."""
    return str(_estimator().__name__)


def _estimator() -> Any:
    shapiq = _shapiq()
    # 1.4 answers None for names it does not know.
    return getattr(shapiq, "LeverageSHAP", None) or shapiq.KernelSHAP


def _shapiq() -> Any:
    try:
        return import_module("shapiq")  # without types where it is not installed
    except ImportError as error:
        raise InputError(
            "Shapley values of more than six lenses are drawn by shapiq, which is not installed: "
            "pip install 'lens-debate[attribution]', or take --design leave-one-out"
        ) from error
