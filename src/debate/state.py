"""The three types of a debate: what the user gave, what changes, and what the nodes need.

Input is small and JSON-able, state holds only contributions, context holds everything that has to be
reached for.
"""

import operator
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from typing import Annotated, TypedDict

from pydantic import BaseModel, ConfigDict

from debate.cards.problem import ProblemCard
from debate.cards.role import RoleCard
from debate.contributions import Hypothesis, Letter, Plan
from debate.events import Recorder
from debate.panel import Seat
from debate.turns import Door
from debate.verdict import Verdict


class Spoken(BaseModel):
    """What became of one seat: its hypotheses, or the error it failed with."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    seat: str
    hypotheses: tuple[Hypothesis, ...] = ()
    error: str | None = None


class DebateInput(TypedDict):
    """Who sits: ids of seats that the context knows."""

    seats: list[str]


class SeatInput(TypedDict):
    """What one seat is sent; it sees nothing of the others."""

    seat: str


class DebateState(TypedDict, total=False):
    """What changes in the course of a debate. `spoken` keeps the order of the seats, not of their
    finishing.
    """

    seats: list[str]
    spoken: Annotated[list[Spoken], operator.add]
    plan: Plan
    letter: Letter
    answer: str
    verdict: Verdict


@dataclass(frozen=True, slots=True)
class Context:
    """What the nodes of one run reach for. `judge` turns an answer (Markdown) into a verdict by rule,
    `jury` into one by models; None when no model judges. `sample` tells replicates of the run apart.
    """

    problem: ProblemCard
    seats: Mapping[str, Seat]
    roles: Mapping[str, RoleCard]
    door: Door
    recorder: Recorder
    judge: Callable[[str], Verdict]
    jury: Callable[[str], Awaitable[Verdict]] | None = None
    seed: int = 0
    sample: int = 0
