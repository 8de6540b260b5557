"""The rubric of a card: its criteria with what each band looks like, and the hash that stands in every
verdict.

A card without a rubric table is judged by the default one. Two rubrics are one when their canonical JSON is:
criteria in order, bands as text.
"""

import hashlib
import json
from collections.abc import Sequence

from debate.cards.problem import ProblemCard, RubricRow

#: Judged when a card has no rubric of its own.
DEFAULT = (
    RubricRow("Originality", "more of the same tactics", "hints at another view", "turns the question round"),
    RubricRow("Lens Relevance", "no lens", "a lens is mentioned", "a lens is applied to this case"),
    RubricRow(
        "Explanation", "no reason given", "reasons for some of it", "says why what was tried fell short"
    ),
    RubricRow("Actionability", "vague advice", "some specifics", "clear steps that can be tested"),
    RubricRow("Novelty", "what everybody says", "a slight turn", "an insight that is not obvious"),
)

_BANDS = ((3.5, "0-3"), (6.5, "4-6"))


def rows(card: ProblemCard) -> tuple[RubricRow, ...]:
    """The card's rubric, or the default."""
    return card.rubric or DEFAULT


def digest(rubric: Sequence[RubricRow]) -> str:
    """sha256 of the rubric's canonical JSON."""
    plain = [{"criterion": r.criterion, "0-3": r.low, "4-6": r.middle, "7-10": r.high} for r in rubric]
    text = json.dumps(plain, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()


def band(score: float) -> str:
    """The band a score lies in; halves between two bands go up."""
    return next((name for below, name in _BANDS if score < below), "7-10")
