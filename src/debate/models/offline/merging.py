"""Merging: which hypotheses say the same, which cannot both be right, which one explains most.

All rules look at fields, not at who spoke: two hypotheses agree when they would be measured alike; two
contest each other when what one names as its rival is what the other claims.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from debate.contributions import Hypothesis
from debate.models.offline import decisive, outcomes, telling, wording
from debate.models.offline.case import Case
from debate.models.offline.seat import is_plain
from debate.models.offline.speaking import OPENS
from debate.words import stems

_SAME_MEASURE = 0.6
_SAME_CLAIM = 0.5
_CONTESTED = 0.4
_PLAIN = 40
# What the owner's own words add: more where they show a shape of trouble than where a word is shared.
_QUOTED = ((": “", 10), (OPENS, 4))
# More attempts than this add nothing to what a claim rests on.
_MOST_COUNTED = 4
# What the statements bear that share the claim's words tells more than how many share any word with it.
_BEARING, _CONFIDENCE = 1.5, 0.7
# What the sum among the facts adds to its own hypothesis, and by degree to those that agree with it.
_STATED, _AGREEING = 60, 8
# What each attempt adds that the claim explains, and does not only tell the effect of.
_EXPLAINS = 5


@dataclass(frozen=True, slots=True)
class Group:
    """Hypotheses that say the same: the strongest speaks for all."""

    lead: Hypothesis
    others: tuple[Hypothesis, ...] = ()

    @property
    def seats(self) -> int:
        """How many different seats say it; what several say in the same words they have from one source."""
        all_ = (self.lead, *self.others)
        return min(len({h.seat for h in all_}), len({h.claim for h in all_}))


def grouped(hypotheses: Sequence[Hypothesis], fewest: int) -> list[Group]:
    """Groups in order of their first member. Those that are only alike stay apart where there would be fewer
    than `fewest` groups.
    """
    groups = _grouped(hypotheses, alike=True)
    return groups if len(groups) >= fewest else _grouped(hypotheses, alike=False)


def _grouped(hypotheses: Sequence[Hypothesis], *, alike: bool) -> list[Group]:
    groups: list[Group] = []
    for hypothesis in hypotheses:
        for n, group in enumerate(groups):
            if _same(group.lead, hypothesis) or (alike and _agree(group.lead, hypothesis)):
                groups[n] = _joined(group, hypothesis)
                break
        else:
            groups.append(Group(hypothesis))
    return groups


def _same(one: Hypothesis, other: Hypothesis) -> bool:
    return one.claim == other.claim or wording.title(one.test) == wording.title(other.test)


def _agree(one: Hypothesis, other: Hypothesis) -> bool:
    same_unit = one.prediction.if_true.unit == other.prediction.if_true.unit
    measured = wording.alike(one.prediction.measure, other.prediction.measure)
    return (same_unit and measured >= _SAME_MEASURE) or wording.alike(one.claim, other.claim) >= _SAME_CLAIM


def _joined(group: Group, hypothesis: Hypothesis) -> Group:
    if hypothesis.confidence > group.lead.confidence:
        return Group(hypothesis, (group.lead, *group.others))
    return replace(group, others=(*group.others, hypothesis))


def contest(one: Hypothesis, other: Hypothesis) -> bool:
    """True when what one seat names as the rival of its claim is what another seat claims.

    Two shares of one total are no contest by themselves: different cuts of a total may overlap.
    """
    if one.seat == other.seat:
        return False
    return max(_covers(one.rival, other.claim), _covers(other.rival, one.claim)) >= _CONTESTED


def _covers(rival: str, claim: str) -> float:
    """Share of the rival's content words that the claim uses; its prediction ("then …") is left out."""
    words = stems(rival.partition(";")[0])
    return len(words & stems(claim)) / len(words) if words else 0.0


def binds(case: Case, hypothesis: Hypothesis) -> bool:
    """True when the claim stands or falls with the arithmetic: it needs exactly the share that must go."""
    share = case.share
    low = hypothesis.prediction.if_true.low
    return (
        share is not None
        and low is not None
        and hypothesis.prediction.if_true.unit == "%"
        and abs(low - share) < 1
    )


def strength(case: Case, group: Group) -> int:
    """How much speaks for a group as the one diagnosis: arithmetic, agreement of seats, attempts and facts
    it rests on. What plain thought says of any case counts less than what a lens says of this one.
    """
    lead = group.lead
    attempts = sum(cited.startswith("T") for cited in lead.cites)
    rests_on = min(attempts, _MOST_COUNTED) + _BEARING * telling.bearing(case, lead)
    plain = _PLAIN if is_plain(lead.test) else 0
    quoted = next((worth for mark, worth in _QUOTED if mark in lead.mechanism), 0)
    explained = sum(not outcomes.alone(each.because) for each in lead.explains)
    by_sum = _STATED if decisive.states(case, lead) else _AGREEING * decisive.agreement(case, lead)
    return round(
        _CONFIDENCE * lead.confidence
        + 10 * binds(case, lead)
        + 8 * (group.seats - 1)
        + rests_on
        + _EXPLAINS * explained
        + quoted
        + by_sum
        - plain
    )


def information(hypothesis: Hypothesis, all_: Sequence[Hypothesis]) -> float:
    """What a day spent on its test tells: its own doubt, and that of every hypothesis it would settle with
    it.
    """
    p = hypothesis.confidence / 100
    settles = 1 + sum(contest(hypothesis, other) for other in all_)
    return 4 * p * (1 - p) * settles / hypothesis.effort.days
