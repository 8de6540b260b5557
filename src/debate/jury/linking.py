"""Linking: from what a juror counts to the scale of the card.

Every juror has a scale of its own, so the card's two known answers are judged blind beside the candidate:
what the baseline gets is its author's rating of it, what the target gets the target's, and between and
beyond lies a straight line (two-point linear linking, Kolen and Brennan, *Test Equating, Scaling, and
Linking*, 2014). With a single ballot on each anchor the slope would be noise, so only the offset is taken.
A juror that sees no difference between the two answers has no scale and abstains.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from statistics import fmean

from debate.judging.mapping import Anchors

#: Smallest difference of raw means, on 0 to 10, between target and baseline that is a scale.
FLOOR = 0.5


@dataclass(frozen=True, slots=True)
class Link:
    """The map of one juror on one criterion. `says` ends a sentence about the juror: why there is no map when
    `slope` is None, what limits it otherwise; "" where there is nothing to say.
    """

    slope: float | None
    offset: float
    says: str = ""

    def score(self, raw: float) -> float | None:
        """A raw score on the card's scale, 0 to 10; None without a scale."""
        if self.slope is None:
            return None
        return min(10.0, max(0.0, self.offset + self.slope * raw))


def link(baseline: Sequence[float], target: Sequence[float], given: Anchors) -> Link:
    """The map that sends the means of the raw scores of the two known answers to their ratings."""
    if not baseline or not target:
        which = "baseline" if not baseline else "target"
        return Link(None, 0.0, f"gave no ballot on the card's {which}")
    low, high = fmean(baseline), fmean(target)
    if given.target <= given.baseline:
        rated = f"the card rates its target ({given.target:g}) no higher than its baseline"
        return Link(None, 0.0, f"has no scale: {rated} ({given.baseline:g})")
    if high - low < FLOOR:
        measured = f"baseline {low:.1f}, target {high:.1f}"
        return Link(None, 0.0, f"does not separate the card's two answers ({measured})")
    if min(len(baseline), len(target)) < 2:
        says = "has one ballot on a known answer: that gives where its scale lies, and not how wide it is"
        return Link(1.0, fmean((given.baseline - low, given.target - high)), says)
    slope = (given.target - given.baseline) / (high - low)
    return Link(slope, given.baseline - slope * low)
