"""Scores: how criteria become a headline, and what stands where there is no score. Both judges use this."""

from collections.abc import Sequence
from statistics import fmean
from typing import Final

from debate.judging.rubric import band
from debate.verdict import Score, Scored

LENS_RELEVANCE: Final = "Lens Relevance"
HEADLINE: Final = "headline"


def is_lens_relevance(criterion: str) -> bool:
    """True for the criterion that is about lenses: only there may a judge know them."""
    return " ".join(criterion.split()).casefold() == LENS_RELEVANCE.casefold()


def unscored(name: str, status: Scored, reasons: Sequence[str]) -> Score:
    """A criterion without a score, and why."""
    return Score(
        name=name,
        baseline=None,
        answer=None,
        target=None,
        band=None,
        status=status,
        anchors="",
        reasons=tuple(reasons),
    )


def headline(scores: Sequence[Score], notes: Sequence[str] = ()) -> Score:
    """Mean of what was scored, without Lens Relevance."""
    counted = [s for s in scores if s.status is Scored.SCORED and not is_lens_relevance(s.name)]
    if not counted:
        return unscored(
            HEADLINE, Scored.ABSTAINED, ("No criterion besides Lens Relevance was scored.", *notes)
        )
    baseline, answer, target = (
        round(fmean(value for s in counted if (value := getattr(s, column)) is not None), 2)
        for column in ("baseline", "answer", "target")
    )
    names = ", ".join(s.name for s in counted)
    return Score(
        name=HEADLINE,
        baseline=baseline,
        answer=answer,
        target=target,
        band=band(answer),
        status=Scored.SCORED,
        anchors="rated" if all(s.anchors == "rated" for s in counted) else "assumed",
        reasons=(f"Mean of {names}. Lens Relevance is left out: naming lenses must not pay.", *notes),
    )
