"""The verdict: what a judge says of an answer, criterion by criterion, beside the card's two known answers.

A criterion a judge cannot score is unscored with a reason, never a low score. The headline is the mean of
the scored criteria without Lens Relevance: naming lenses must not pay.
"""

from enum import StrEnum
from typing import Literal

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
    was scored. `spread` is the standard deviation over repeats and judges, in points, None where there was
    one; `disputed` when the judge by rule and the model differ by more than is usual between judges.
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
    spread: float | None = None
    disputed: bool = False


class Trust(StrEnum):
    """What a calibration of this judge on this card has shown."""

    ADMISSIBLE = "admissible"
    INADMISSIBLE = "inadmissible"
    UNVALIDATED = "unvalidated"  # never calibrated, or something changed since


class Certified(BaseModel):
    """The state of a judge's certificate for one card. `why` says what failed, what changed, or what to
    run.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    state: Trust
    why: str
    id: str | None = None


class Verdict(BaseModel):
    """What one judge says of one answer. `rubric` is the sha256 of the rubric it judged by.

    `kind` is "checks" for the judge by rule and "model" for a jury of models, `models` its members.
    `stamps` are sentences a reader must see beside the scores ("self-judged: …"). `preferred` is what a
    comparison of answer and baseline in both orders gave ("tie" when the two orders disagree), None where
    there was none.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    judge: str
    rubric: str
    headline: Score
    criteria: tuple[Score, ...]
    kind: Literal["checks", "model"] = "checks"
    models: tuple[str, ...] = ()
    stamps: tuple[str, ...] = ()
    preferred: Literal["answer", "baseline", "tie"] | None = None
    certificate: Certified | None = None
