"""What the roles say: the typed contributions of a debate, as written by models and as recorded.

A seat writes a `SeatReport`, the critic a `Plan`, the writer a `Letter`. All are pydantic models with
`extra="forbid"`, plain enough to be a wire schema for any OpenAI-compatible server: no number bounds, no
deep nesting, no defaults that a model must know. What holds inside one object is validated here (two
intervals of a prediction share a unit and are disjoint); what needs the card (a cited fact exists, every
constraint has a line) is checked by `debate.contracts`.

Left out on purpose: ids. A model never invents one; code numbers hypotheses `<seat>-<n>`.
"""

import math
from enum import StrEnum
from typing import Self

from pydantic import BaseModel, ConfigDict, Field, model_validator


class Contribution(BaseModel):
    """Base: unknown keys are errors, values do not change after they are made."""

    model_config = ConfigDict(extra="forbid", frozen=True, str_strip_whitespace=True)

    def __hash__(self) -> int:
        return hash(self.model_dump_json())


class Interval(Contribution):
    """A closed range of one quantity. A missing bound is open; at least one bound is given."""

    low: float | None = Field(description="smallest value, or null when open below")
    high: float | None = Field(description="largest value, or null when open above")
    unit: str = Field(description="unit of both bounds, e.g. ms, %, round trips")

    @model_validator(mode="after")
    def _is_a_range(self) -> Self:
        if self.low is None and self.high is None:
            raise ValueError("an interval needs at least one bound")
        if self.low is not None and self.high is not None and self.low > self.high:
            raise ValueError(f"interval runs backwards: {self.low} > {self.high}")
        for bound in (self.low, self.high):
            if bound is not None and not math.isfinite(bound):
                raise ValueError("bounds are finite numbers; use null for an open end")
        return self

    def disjoint(self, other: Self) -> bool:
        """True when no value lies in both."""
        above = self.low is not None and other.high is not None and self.low > other.high
        below = self.high is not None and other.low is not None and self.high < other.low
        return above or below

    def holds(self, value: float) -> bool:
        """True when `value`, in this interval's unit, lies inside."""
        return (self.low is None or value >= self.low) and (self.high is None or value <= self.high)


class Prediction(Contribution):
    """What will be measured, and what each result would mean. What lies between the intervals decides
    nothing.
    """

    measure: str = Field(description="one named quantity")
    now: str = Field(description="its value today with unit, or how to get it")
    if_true: Interval = Field(description="where the value lies if the claim is true")
    if_false: Interval = Field(description="where it lies if the claim is false; must not overlap if_true")

    @model_validator(mode="after")
    def _can_fail(self) -> Self:
        if self.if_true.unit != self.if_false.unit:
            raise ValueError(
                f"units differ: if_true in {self.if_true.unit!r}, if_false in {self.if_false.unit!r}"
            )
        if not self.if_true.disjoint(self.if_false):
            raise ValueError("if_true and if_false overlap: no result could refute the claim")
        return self


class Effort(Contribution):
    """Who does it and how long it takes, in working days."""

    who: str
    days: float


class TriedReason(Contribution):
    """Why one thing that was tried fell short, under one explanation."""

    tried: str = Field(description="fact id of the attempt, e.g. T1")
    because: str


class Draft(Contribution):
    """A hypothesis as a seat writes it."""

    claim: str = Field(description="one sentence that could be wrong")
    mechanism: str = Field(description="cause, mediator, effect, with the case's own figures")
    cites: list[str] = Field(description="ids of the facts and readings it rests on, e.g. C3, R2")
    against: str = Field(description="the sentence of the case that speaks most against it")
    prediction: Prediction
    test: str = Field(description="what to do to get the measure: with what, on what")
    effort: Effort = Field(description="what the test costs")
    intervention: str = Field(description="what to change if the claim holds, within every constraint")
    build: Effort = Field(description="what the intervention costs")
    effect: str = Field(description="what the change is worth, with the arithmetic")
    rival: str = Field(description="best other explanation and what it would predict instead")
    explains: list[TriedReason] = Field(description="for each tried thing this explains: why it fell short")
    confidence: int = Field(description="0 to 100: how likely the claim is true")

    @model_validator(mode="after")
    def _confidence_is_a_percentage(self) -> Self:
        if not 0 <= self.confidence <= 100:
            raise ValueError(f"confidence is 0 to 100, not {self.confidence}")
        return self


class SeatReport(Contribution):
    """What one seat says in one debate: its hypotheses, strongest first."""

    hypotheses: list[Draft]


class Hypothesis(Draft):
    """A draft with the id code gave it and the seat it came from."""

    id: str
    seat: str


class Respect(StrEnum):
    """How a step stands to a constraint."""

    RESPECTS = "respects"
    STRAINS = "strains"
    VIOLATES = "violates"


class ConstraintLine(Contribution):
    """How one step stands to one constraint, and what keeps the protected thing safe."""

    constraint: str = Field(description="fact id, e.g. K2")
    stands: Respect
    because: str


class Decision(Contribution):
    """What is done on either side of the prediction."""

    if_true: str
    if_false: str


class Step(Contribution):
    """One ranked next step."""

    rank: int
    title: str = Field(description="imperative, at most ten words")
    action: str
    hypotheses: list[str] = Field(description="ids of the hypotheses it tests or acts on")
    prediction: Prediction
    decision: Decision
    effort: Effort
    effect: str = Field(description="expected effect on the target, with the arithmetic")
    constraints: list[ConstraintLine] = Field(description="one line for every constraint of the case")


class Dissent(Contribution):
    """Hypotheses that cannot all be right, and the measurement that decides."""

    hypotheses: list[str]
    about: str
    settled_by: str


class Merged(Contribution):
    """A hypothesis that says what another already says."""

    hypothesis: str
    into: str
    because: str


class SetAside(Contribution):
    """A hypothesis that reached no step, and why."""

    hypothesis: str
    because: str


class Waypoint(Contribution):
    """One stretch of the path to the target: what it brings and the arithmetic, assumption marked as such."""

    what: str
    arithmetic: str
    assumption: str = Field(description="what could break it; empty when it is pure arithmetic")


class Plan(Contribution):
    """The critic's record of the debate: one diagnosis, ranked steps, and the fate of every hypothesis."""

    diagnosis: str = Field(description="one sentence that explains every failed attempt")
    because: str = Field(description="the arithmetic and facts that force it")
    cites: list[str] = Field(description="ids of the facts and readings the diagnosis rests on")
    confidence: int = Field(description="0 to 100")
    alternative: str = Field(description="strongest other diagnosis and the first result that would show it")
    tried: list[TriedReason] = Field(description="one entry for every tried thing")
    steps: list[Step] = Field(
        description="ranked: information and effect per day, cheapest splitting check first"
    )
    path: list[Waypoint] = Field(description="from today's value to the target, in numbers")
    dissent: list[Dissent]
    merged: list[Merged]
    set_aside: list[SetAside]
    stop_rule: str = Field(description="when to stop following this plan, and what to do then")


class LetterStep(Contribution):
    """One step as its owner reads it. `if_true` and `if_false` name the threshold and what to do."""

    title: str
    what: str
    who: str
    days: float
    measure: str
    if_true: str
    if_false: str
    effect: str


class Letter(Contribution):
    """The answer: a letter to the problem's owner, written from problem and plan alone.

    No ids, seats or votes; one diagnosis; every figure stands in the problem or the plan.
    """

    diagnosis: str = Field(description="one sentence, first in the letter")
    why: str = Field(description="the arithmetic that forces it, how sure we are, the strongest alternative")
    attempts: list[str] = Field(description="a plain sentence for each failed attempt, in the owner's order")
    rule: str = Field(description="one sentence worth repeating to the team")
    steps: list[LetterStep] = Field(description="five or six, in order")
    path: str = Field(
        description="how the steps add up to the target, with the assumption that could break it"
    )
    safeguards: str = Field(description="where each protected thing stays protected")
    fails_if: str = Field(description="what would make this fail, and the stop rule")
    monday: list[str] = Field(description="two actions for the first day")
