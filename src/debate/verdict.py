"""The verdict: what a judge says of an answer, criterion by criterion, beside the card's two known answers.

A criterion a judge cannot score is unscored with a reason, never a low score. The headline is the mean of
the scored criteria without Lens Relevance: naming lenses must not pay.
"""

from enum import StrEnum

from pydantic import BaseModel, ConfigDict


class Scored(StrEnum):
    """Whether a criterion has a score, and if not, why not in kind."""

    SCORED = "scored"
    ABSTAINED = "abstained"  # the card's two answers do not separate on this measure
    UNSCORED = "unscored"  # judging failed


class Score(BaseModel):
    """One criterion. Scores are 0 to 10; None where there is none.

    `band` is "0-3", "4-6" or "7-10". `anchors` is "rated" when the card's author rated both known answers
    on this criterion, "assumed" when the middle of the lowest and highest band stand in, "" when nothing
    was scored.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    name: str
    baseline: float | None
    answer: float | None
    target: float | None
    band: str | None
    status: Scored
    anchors: str
    reasons: tuple[str, ...]


class Verdict(BaseModel):
    """What one judge says of one answer. `rubric` is the sha256 of the rubric it judged by."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    judge: str
    rubric: str
    headline: Score
    criteria: tuple[Score, ...]
