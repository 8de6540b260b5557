"""Explanation: does the answer say why what was tried fell short, by a chain of causes, with the case's own
figures?

Three parts: the share of attempts that get a reason (half), sentences that say what leads to what and through
what (capped, a fifth), figures that are the card's or follow from it (three tenths). A part the card gives no
ground for is left out and the others share its weight.

A reason is worth most when it says through what the attempt fell short: in words of its own, which are
neither the attempt's nor those of another reason. One that only says that it brought too little, or points
to another attempt, says nothing of the cause. A cause none of whose words are the case's would explain any
case, so what is not tied to this one keeps the score down.
"""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from debate.cards.quantities import Quantity, find
from debate.judging.case import Attempt, Case, Feature, ceiling
from debate.judging.causes import Chain, carried, chain
from debate.judging.ideas import CAUSAL, WHY, own_tie
from debate.judging.sentences import quote
from debate.judging.sums import begins_in, sums
from debate.judging.text import Answer, Claim
from debate.judging.words import GENERIC, figures, stem

_ATTEMPTS, _CHAIN, _FIGURES = 0.5, 0.2, 0.3
_ENOUGH_CAUSES = 4
_ENOUGH_FIGURES = 4
_BARE_COUNTS = 0.25  # a number without its unit may be there by chance
_DERIVED_COUNTS = 2  # a figure somebody worked out counts as much as two that were copied
_UNEXPLAINED = 0.5  # what is left of an explanation that explains none of the attempts
_MEDIATOR = 2  # words of its own from which on a reason says through what
_BARE, _SHORT, _AGAIN = (
    0.4,
    0.7,
    0.5,
)  # what is left of a reason without such a word, with one, and of a repeat
_SAME = 0.6  # share of a reason's words that another reason has, from which on it is the same
_HEAD = 5  # an attempt among the first words of a claim is what the claim is about

_GOES_ON = re.compile(r"\A\W*(?:they|it|this|that|these|those|both|neither|each)\b", re.IGNORECASE)
_SHORTFALL = re.compile(
    r"""\b(?:still|only|cannot|can't|could\s+not|couldn't|does\s+not|doesn't|do\s+not|don't|did\s+not
    |didn't|never|no\s+more|not\s+the
    |leaves?|left|untouched|unchanged|stays?|stayed|remains?|the\s+same|rather\s+than|but|while|without|yet
    |except|nothing|none|misses|missed
    |instead|already|too\s+(?:much|many|few|little|late))\b""",
    re.IGNORECASE | re.VERBOSE,
)

# Words of a reason that only say how much was brought, or that it was as little as another's.
_AMOUNTS = frozenset(map(stem, ("added", "sum", "percentage", "points", "missing", "sight", "back", "level")))


@dataclass(frozen=True, slots=True)
class _Reason:
    """How well one attempt is explained: 1 in its own right, 0.5 together with others, 0 not at all; where,
    and in which words of the reason's own. `worth` is how far these are a reason.
    """

    attempt: Attempt
    value: float
    claim: str = ""
    words: tuple[str, ...] = ()
    worth: float = 1.0


def explanation(case: Case, answer: Answer) -> Feature:
    """Attempts explained, causes named, figures used; 0 to 1."""
    claims = [c for c in answer.claims if case.on_topic(c)]
    parts: list[tuple[float, float]] = []
    reasons: list[str] = []
    # The name of an attempt ties a claim to the case, however short the claim.
    said = _with_followers(answer.claims)
    explained = _weighed(_best_reason(case, attempt, said) for attempt in case.attempts)
    if explained:
        parts.append((_ATTEMPTS, sum(r.value * r.worth for r in explained) / len(explained)))
        reasons += _told_attempts(explained)
    else:
        reasons.append("The card lists nothing that was tried, so that part is left out.")
    chains = [chain(c.text) for c in claims]
    through = carried(chains, case.field)
    links = sum(
        each is not None or bool(CAUSAL.search(c.text)) for each, c in zip(chains, claims, strict=True)
    )
    parts.append((_CHAIN, min(1.0, (links + len(through)) / _ENOUGH_CAUSES)))
    reasons.append(_told_chains(links, through))
    cited, bare, derived = _figures(case, claims)
    if any(fact.quantities for fact in case.card.facts):
        worth = len(cited) + _BARE_COUNTS * len(bare) + _DERIVED_COUNTS * len(derived)
        parts.append((_FIGURES, min(1.0, worth / _ENOUGH_FIGURES)))
        reasons.append(_told_figures([*cited, *bare], derived))
    value = sum(weight * part for weight, part in parts) / sum(weight for weight, _ in parts)
    if explained and not any(r.value for r in explained):
        value *= _UNEXPLAINED
    tie = own_tie(case, answer)
    if tie < 1:
        reasons.append(f"The causes it names share few words with the case: tied to it by {tie:.2f}.")
    return Feature(value, tuple(reasons), ceiling(tie))


def _told_chains(links: int, through: Sequence[Chain]) -> str:
    example = f", e.g. {quote(through[0].text)}" if through else ""
    told = f"{links} claims say what leads to what"
    return f"{told}, {len(through)} of them through something of the case{example}."


def _with_followers(claims: Sequence[Claim]) -> list[Claim]:
    """The claims, each read on into the next where that goes on about it: "This is why … They only …"."""
    following: list[Claim | None] = [*claims[1:], *([None] if claims else [])]
    return [
        replace(
            claim,
            text=f"{claim.text} {after.text}",
            stems=tuple(dict.fromkeys((*claim.stems, *after.stems))),
        )
        if after is not None and _GOES_ON.match(after.text) and after.lead == claim.lead and not after.top
        else claim
        for claim, after in zip(claims, following, strict=True)
    ]


def _weighed(found: Iterable[_Reason]) -> list[_Reason]:
    """The reasons with their worth, each against those before it."""
    weighed: list[_Reason] = []
    for reason in found:
        words = set(reason.words)
        worth = 1.0 if len(words) >= _MEDIATOR else _SHORT if words else _BARE
        if any(
            len(words & set(other.words)) >= _SAME * len(words | set(other.words))
            for other in weighed
            if words
        ):
            worth *= _AGAIN
        weighed.append(replace(reason, worth=worth))
    return weighed


def _best_reason(case: Case, attempt: Attempt, claims: Sequence[Claim]) -> _Reason:
    best = _Reason(attempt, 0.0)
    others = {*GENERIC, *_AMOUNTS, *(s for other in case.attempts for s in other.stems)}
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
        # Of like ones the one that says most, so that the order of an answer's points decides nothing.
        through = tuple(s for s in claim.stems if s not in others)
        if (value, len(through), claim.text) > (best.value, len(best.words), best.claim):
            best = _Reason(attempt, value, claim.text, through)
    return best


def _told_attempts(explained: Sequence[_Reason]) -> list[str]:
    own = [r for r in explained if r.value == 1]
    shared = [r for r in explained if 0 < r.value < 1]
    missing = [r for r in explained if not r.value]
    total = len(explained)
    told = [f"{len(own)} of {total} attempts explained" + (f", e.g. {quote(own[0].claim)}." if own else ".")]
    if shared:
        told.append(f"{len(shared)} more explained only together with others, e.g. {quote(shared[0].claim)}.")
    thin = [r for r in explained if r.value and r.worth < 1]
    if thin:
        hardly = "says hardly" if len(thin) == 1 else "say hardly"
        told.append(f"{len(thin)} of the reasons {hardly} through what, e.g. {quote(thin[0].claim)}.")
    if missing:
        told.append(f"Not explained: {', '.join(r.attempt.name for r in missing)}.")
    return told


def _figures(case: Case, claims: Sequence[Claim]) -> tuple[list[str], list[str], list[str]]:
    """Texts of distinct figures that stand in the card, of those without their unit, and of those that
    follow from it: its readings, and sums the answer works out from the card's figures.
    """
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
    bare = {n for claim in claims for n in claim.figures if n in case.figures}
    known = {n for text in (*cited.values(), *derived.values()) for n in figures(text)}
    worked = dict.fromkeys(
        each.text for claim in claims for each in sums(claim.text) if begins_in(each, case.figures)
    )
    return list(cited.values()), sorted(bare - known), [*derived.values(), *worked]


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
