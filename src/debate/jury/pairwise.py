"""Pairwise: the answer beside the baseline, in both orders.

A confirmer of a difference in scores, never a score. Judges lean to a side (Zheng et al., "Judging
LLM-as-a-Judge", 2023), so the question is asked twice with the places changed; two replies that do not name
the same answer are a tie.
"""

import asyncio
from collections.abc import Mapping
from enum import StrEnum
from typing import Literal

from pydantic import BaseModel, ConfigDict

from debate import prompts
from debate.cards.problem import ProblemCard
from debate.cards.role import RoleCard
from debate.jury.juror import SEED, Juror
from debate.models.roles import JUDGE
from debate.turns import Turn

CARD = "pairwise"


class Better(StrEnum):
    """Which of two candidates a juror prefers."""

    FIRST = "first"
    SECOND = "second"
    NEITHER = "neither"


class Preference(BaseModel):
    """The reason comes first, so that the choice follows from it."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    reason: str
    better: Better


async def preferred(
    juror: Juror, answer: str, baseline: str, labels: tuple[str, str] = ("answer", "baseline")
) -> Literal["answer", "baseline", "tie"] | None:
    """What one juror prefers, None when it could not be asked twice. Both texts are candidates as shown;
    `labels` name them in the journal alone.
    """
    one, two = await asyncio.gather(
        _asked(juror, answer, baseline, labels), _asked(juror, baseline, answer, labels[::-1])
    )
    if one is None or two is None:
        return None
    if (one, two) == (Better.FIRST, Better.SECOND):
        return "answer"
    if (one, two) == (Better.SECOND, Better.FIRST):
        return "baseline"
    return "tie"


async def _asked(juror: Juror, first: str, second: str, labels: tuple[str, ...]) -> Better | None:
    turn = Turn(
        JUDGE,
        pair_messages(juror.roles, juror.problem, first, second),
        Preference,
        lambda _: (),
        number=juror.number,
        about=f"{juror.number}/{'-before-'.join(labels)}",
    )
    said = await juror.asked(turn)
    return None if said is None else said[0].better


def pair_messages(
    roles: Mapping[str, RoleCard], problem: ProblemCard, first: str, second: str
) -> list[prompts.Message]:
    """The prompt of one comparison."""
    return prompts.messages(
        roles["house"],
        roles[CARD],
        problem=prompts.problem_block(problem, SEED),
        first=prompts.fence("first", first, SEED),
        second=prompts.fence("second", second, SEED),
    )
