"""Time: how many working days the case allows."""

from functools import lru_cache
from typing import cast

from debate.cards.problem import ProblemCard
from debate.contracts.deadlines import deadline
from debate.models.offline.case import Case


@lru_cache(maxsize=64)
def working_days(case: Case) -> float | None:
    """The working days until results have to be there; None when the case sets no time."""
    # The contract asks a card for its facts by kind, and a case tells these as a card does.
    stated = deadline(cast("ProblemCard", case))
    if stated is not None:
        return stated[0]
    return case.figures.deadline if case.figures is not None else None
