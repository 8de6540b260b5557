"""Explanation: does the answer say why what was tried fell short, by a chain of causes, with the case's own
figures?

Three parts: the share of attempts that get a reason (half), claims with a causal connective (capped, a
fifth), figures that are the card's or follow from it (three tenths). A part the card gives no ground for is
left out and the others share its weight.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from debate.cards.quantities import Quantity, find
from debate.judging.case import Attempt, Case, Feature
from debate.judging.ideas import CAUSAL, WHY
from debate.judging.sentences import quote
from debate.judging.text import Answer, Claim

_ATTEMPTS, _CHAIN, _FIGURES = 0.5, 0.2, 0.3
_ENOUGH_CAUSES = 4
_ENOUGH_FIGURES = 4
_DERIVED_COUNTS = 2  # a figure somebody worked out counts as much as two that were copied
_UNEXPLAINED = 0.5  # what is left of an explanation that explains none of the attempts
_HEAD = 5  # an attempt among the first words of a claim is what the claim is about

_SHORTFALL = re.compile(
    r"""\b(?:still|only|cannot|can't|could\s+not|couldn't|does\s+not|doesn't|do\s+not|don't|did\s+not
    |didn't|never|no\s+more|not\s+the
    |leaves?|left|untouched|unchanged|stays?|stayed|remains?|the\s+same|rather\s+than|but|while|without|yet
    |except|nothing|none|misses|missed
    |instead|already|too\s+(?:much|many|few|little|late))\b""",
    re.IGNORECASE | re.VERBOSE,
)


@dataclass(frozen=True, slots=True)
class _Reason:
    """How well one attempt is explained: 1 in its own right, 0.5 together with others, 0 not at all; and
    where.
    """

    attempt: Attempt
    value: float
    claim: str = ""


def explanation(case: Case, answer: Answer) -> Feature:
    """Attempts explained, causes named, figures used; 0 to 1."""
    claims = [c for c in answer.claims if case.on_topic(c)]
    parts: list[tuple[float, float]] = []
    reasons: list[str] = []
    # The name of an attempt ties a claim to the case, however short the claim.
    explained = [_best_reason(case, attempt, answer.claims) for attempt in case.attempts]
    if explained:
        parts.append((_ATTEMPTS, sum(r.value for r in explained) / len(explained)))
        reasons += _told_attempts(explained)
    else:
        reasons.append("The card lists nothing that was tried, so that part is left out.")
    causal = [c for c in claims if CAUSAL.search(c.text)]
    parts.append((_CHAIN, min(1.0, len(causal) / _ENOUGH_CAUSES)))
    example = f", e.g. {quote(causal[0].text)}" if causal else ""
    reasons.append(f"{len(causal)} claims say what causes what{example}.")
    cited, derived = _figures(case, claims)
    if any(fact.quantities for fact in case.card.facts):
        parts.append((_FIGURES, min(1.0, (len(cited) + _DERIVED_COUNTS * len(derived)) / _ENOUGH_FIGURES)))
        reasons.append(_told_figures(cited, derived))
    value = sum(weight * part for weight, part in parts) / sum(weight for weight, _ in parts)
    if explained and not any(r.value for r in explained):
        value *= _UNEXPLAINED
    return Feature(value, tuple(reasons))


def _best_reason(case: Case, attempt: Attempt, claims: Sequence[Claim]) -> _Reason:
    best = _Reason(attempt, 0.0)
    for claim in claims:
        if not any(mark in claim.stems for mark in attempt.marks):
            continue
        gives_reason = CAUSAL.search(claim.text) or _SHORTFALL.search(claim.text)
        says_why = WHY.search(claim.lead) and len(claim.stems) > len(attempt.stems)
        if not (gives_reason or says_why):
            continue
        among = sum(any(mark in claim.stems for mark in other.marks) for other in case.attempts)
        own = any(mark in claim.stems[:_HEAD] for mark in attempt.marks) and among <= 2
        value = 1.0 if own and (says_why or among == 1 or CAUSAL.search(claim.text)) else 0.5
        if value > best.value:
            best = _Reason(attempt, value, claim.text)
    return best


def _told_attempts(explained: Sequence[_Reason]) -> list[str]:
    own = [r for r in explained if r.value == 1]
    shared = [r for r in explained if 0 < r.value < 1]
    missing = [r for r in explained if not r.value]
    total = len(explained)
    told = [f"{len(own)} of {total} attempts explained" + (f", e.g. {quote(own[0].claim)}." if own else ".")]
    if shared:
        told.append(f"{len(shared)} more explained only together with others, e.g. {quote(shared[0].claim)}.")
    if missing:
        told.append(f"Not explained: {', '.join(r.attempt.name for r in missing)}.")
    return told


def _figures(case: Case, claims: Sequence[Claim]) -> tuple[list[str], list[str]]:
    """Texts of distinct figures that stand in the card, and of those that follow from it (its readings)."""
    facts = [q for fact in case.card.facts for q in fact.quantities]
    cited: dict[tuple[float, str], str] = {}
    derived: dict[tuple[float, str], str] = {}
    for quantity in (q for claim in claims for q in find(claim.text)):
        if not quantity.unit:
            continue  # bare numbers are mostly ranks and list numbers
        of_facts = [(q.value, q.unit) for q in facts if _same(quantity, q.value, q.unit)]
        of_readings = [(r.value, r.unit) for r in case.card.readings if _same(quantity, r.value, r.unit)]
        if of_facts:
            cited.setdefault(of_facts[0], quantity.text)
        elif of_readings:
            derived.setdefault(of_readings[0], quantity.text)
    return list(cited.values()), list(derived.values())


def _same(quantity: Quantity, value: float, unit: str) -> bool:
    """Equal as rounded for reading: within half a unit, or half a per cent of a large number."""
    return quantity.unit == unit and abs(quantity.value - value) <= max(
        0.5 if value % 1 else 1e-9, abs(value) * 0.005
    )


def _told_figures(cited: Sequence[str], derived: Sequence[str]) -> str:
    def some(texts: Sequence[str]) -> str:
        return f" ({', '.join(texts[:5])}{', …' if len(texts) > 5 else ''})" if texts else ""

    copied, worked_out = f"{len(cited)}{some(cited)}", f"{len(derived)}{some(derived)}"
    return f"Figures of the card used: {copied}; figures that follow from them: {worked_out}."
