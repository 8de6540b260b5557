"""Studies made by hand: every set of lenses has a score by a rule, every cell a run of its own."""

from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from itertools import combinations
from typing import Any

from debate.models.roles import ROLES
from debate.studies.cells import Cell, Measured, Points
from debate.studies.plan import Arm, ArmSettings, Game, ProblemPlan, StudyPlan, StudyRecord

LENSES = ("echo", "harm", "key", "lock", "twin")
Score = Callable[[frozenset[str], int], float]
"""Of the lenses that sit, on the card of this number."""


def worth(sitting: frozenset[str], card: int = 0) -> float:
    """`echo` and `twin` say the same, `harm` harms, `key` works only with `lock`; cards differ in level."""
    both, opened = bool(sitting & {"echo", "twin"}), {"key", "lock"} <= sitting
    return 4.0 + 0.1 * (card % 3) + 1.0 * both - 0.8 * ("harm" in sitting) + 1.2 * opened


def settings(lenses: str, model: str = "offline") -> ArmSettings:
    return ArmSettings(lenses=lenses or "none:5", protocol="panel", models=dict.fromkeys(ROLES, model))


def game_arms(lenses: tuple[str, ...], sets: str, game: Game = "replacement") -> Iterator[Arm]:
    """The full panel and the arms of `shapley` or `leave-one-out`."""
    yield Arm(name="full", kind="full", settings=settings(",".join(lenses)), coalition=lenses)
    for size in range(len(lenses) - 1, -1, -1):
        if sets == "shapley" or size in (0, 1, len(lenses) - 1):
            for sitting in combinations(lenses, size):
                name = "no-lens" if not sitting and game == "replacement" else f"{game}: {'+'.join(sitting)}"
                seats = settings(",".join(sitting))
                yield Arm(name=name, kind="coalition", settings=seats, game=game, coalition=sitting)


def control(name: str, lenses: str, **more: Any) -> Arm:
    return Arm(name=name, kind="control", settings=settings(lenses), **more)


def a_study(
    cards: int = 1,
    *,
    lenses: tuple[str, ...] = LENSES,
    design: str = "shapley",
    replicates: int = 1,
    score: Score = worth,
    placebo: float = 0.0,
    again: float = 0.0,
    jitter: float = 0.0,
    card: str = "card",
    **plan: Any,
) -> tuple[StudyRecord, list[Cell]]:
    """A study of which all cells are done; `placebo` and `again` are what those arms add to what they should
    score, with `jitter` more and less by turns of the card.
    """
    arms = (
        *game_arms(lenses, design),
        control("token-matched", "none:7", matches="full"),
        control("placebo", "x,y"),
        control("a/a", ",".join(lenses), again=1),
    )
    problems = tuple(
        ProblemPlan(id=f"{card}-{n}", name=f"{card}-{n}", sha256="0", lenses=lenses, arms=arms)
        for n in range(cards)
    )
    usual: dict[str, Any] = {
        "problems": problems, "designs": (design,), "controls": ("token-matched", "placebo", "a/a"),
        "games": ("replacement",), "replicates": replicates, "endpoint": "headline", "margin": 0.5,
        "alpha": 0.05,
    }  # fmt: skip
    made = StudyPlan(**{**usual, **plan})
    record = StudyRecord(
        schema=1, id="20261124-010203-made", created=datetime(2026, 11, 24, tzinfo=UTC),
        sha256=made.sha256, plan=made,
    )  # fmt: skip

    def of(arm: Arm, number: int) -> float:
        wobble: float = jitter * (-1) ** number * (1 + number % 4)
        if arm.name == "placebo":
            return score(frozenset(), number) + placebo + wobble
        if arm.name == "a/a":
            return score(frozenset(lenses), number) + again + wobble
        return score(frozenset(arm.coalition or ()), number)

    return record, [
        a_cell(problem.id, arm.name, replicate, of(arm, number))
        for number, problem in enumerate(made.problems)
        for replicate in range(replicates)
        for arm in problem.arms
    ]


def a_cell(card: str, arm: str, replicate: int, score: float | None, **more: Any) -> Cell:
    """A done cell with a run named after it."""
    usual: dict[str, Any] = {
        "state": "done",
        "run": f"run {card} {arm} {replicate}",
        "scores": {"headline": Points(answer=score, baseline=2.0, target=8.0)},
        "used": Measured(calls=7, from_ledger=2, input_tokens=900, output_tokens=100, cost=0.01),
        "seats": 5,
        "mismatch": 0.04 if arm == "token-matched" else None,
    }
    return Cell(problem=card, arm=arm, replicate=replicate, **{**usual, **more})
