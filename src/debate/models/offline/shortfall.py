"""Shortfall: why each attempt fell short, under the one diagnosis.

The claim itself says it where it can; other seats' reasons belong to other theories. Where it says nothing,
the attempt's own effect does.
"""

from debate.cards.facts import FactKind
from debate.contributions import Hypothesis, TriedReason
from debate.models.offline.case import Case
from debate.models.offline.outcomes import Outcomes


def reasons(case: Case, lead: Hypothesis) -> list[TriedReason]:
    """One reason for each attempt, in the card's order."""
    said = {each.tried: each.because for each in lead.explains}
    effects = Outcomes(case)
    return [
        TriedReason(tried=fact.id, because=said.get(fact.id) or effects.told(fact))
        for fact in case.of(FactKind.TRIED)
    ]
