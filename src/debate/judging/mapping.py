"""From what a feature measures to a score of 0 to 10, through the card's two known answers.

The baseline's measure is given the baseline's rating, the target's the target's; between and below them lies
a straight line. Above the target the line runs on to 10 at the most the feature can measure, so that answers
better than the target still differ. Where the card does not rate an answer, the middle of the lowest or
highest band stands in. Where the two answers measure alike, or the author rated them alike, there is no line:
the judge abstains.
"""

from dataclasses import dataclass

from debate.cards.problem import ProblemCard

LOWEST, HIGHEST = 1.5, 8.5  # middle of 0-3 and of 7-10
TOP = 10.0


@dataclass(frozen=True, slots=True)
class Anchors:
    """Ratings of baseline and target, whether each was stated, as the verdict's word for it."""

    baseline: float
    target: float
    kind: str  # "rated" or "assumed"
    note: str


@dataclass(frozen=True, slots=True)
class Line:
    """The map of one criterion: (baseline's measure, rating), (target's measure, rating), on to (1, 10)."""

    low: float
    high: float
    anchors: Anchors

    def score(self, value: float) -> float:
        """The score of a measure, 0 to 10; never less for more."""
        a = self.anchors
        if value > self.high:
            room = max(1.0 - self.high, 1e-9)
            return min(TOP, a.target + (TOP - a.target) * (value - self.high) / room)
        slope = (a.target - a.baseline) / (self.high - self.low)
        return max(0.0, a.baseline + slope * (value - self.low))


def anchors(card: ProblemCard, criterion: str) -> Anchors:
    """The two ratings the line goes through."""
    low, high = card.baseline.rating(criterion), card.target.rating(criterion)
    missing = [name for name, rating in (("baseline", low), ("target", high)) if rating is None]
    note = f"The card does not rate {' and '.join(missing)} on this; assumed." if missing else ""
    return Anchors(
        low.value if low else LOWEST, high.value if high else HIGHEST, "assumed" if missing else "rated", note
    )


def line(baseline: float, target: float, given: Anchors, floor: float) -> Line | str:
    """The map, or the reason there is none."""
    if target - baseline < floor:
        measured = f"baseline {baseline:.2f}, target {target:.2f}"
        return f"the card's two answers do not separate on this measure ({measured})"
    if given.target <= given.baseline:
        return (
            f"the card rates its target ({given.target:g}) no higher than its baseline ({given.baseline:g})"
        )
    return Line(baseline, target, given)
