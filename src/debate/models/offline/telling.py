"""Telling: which statements of a case tell most for a claim.

A statement that only gives today's value or the target tells nothing. One tells more that shares rare words
with the claim, the more so when it says who, when, what never happens or what is done instead (`_TELLS`), or
gives a figure of its own. The diagnosis is chosen and the letter quotes the case by this.
"""

from collections.abc import Sequence

from debate.cards.cues import cue
from debate.cards.facts import Fact, FactKind
from debate.contributions import Draft
from debate.models.offline import wording
from debate.models.offline.case import Case
from debate.models.offline.worded import ANY_TRADE
from debate.words import stems

_TELLS = cue(
    "because, nobody, no one, none, only, never, always, after, since, instead, but, although, though, while",
    "every, each, cannot, still, even, stop*, wait*, lie, lies, before, until, without, except, unless",
    "all, same, own, hardly, mostly, nearly, weil, niemand, keiner, nur, nie, immer, nach, seit, aber",
    "obwohl, ohne, erst, bis, jeder, alle, statt",
)
_QUOTABLE = frozenset((FactKind.CONTEXT, FactKind.CHALLENGE))
_MOST_SHARED, _MOST_FACTS = 3, 3
# A statement of the figure that has so many other figures says more than the figure.
_MORE = 2
_MOST_WORDS = 26


def worth(case: Case, claim: Draft, fact: Fact) -> int:
    """How much one statement tells for a claim, 0 to 13."""
    if fact.kind not in _QUOTABLE or restates(case, fact):
        return 0
    shared = len(_content(claim) & stems(fact.text))
    cited = fact.id in claim.cites
    if not shared and not cited:
        return 0
    return (
        3 * min(_MOST_SHARED, shared)
        + 2 * cited
        + (_TELLS.search(fact.text) is not None)
        + bool(fact.quantities)
    )


def bearing(case: Case, claim: Draft) -> int:
    """How much the statements that tell most for a claim tell together."""
    return sum(sorted((worth(case, claim, fact) for fact in case.facts), reverse=True)[:_MOST_FACTS])


def best(case: Case, claim: Draft, most: int) -> list[Fact]:
    """The statements that tell most for a claim and can be quoted whole, in the card's order."""
    found = [(worth(case, claim, fact), -n, fact) for n, fact in enumerate(case.facts)]
    told = sorted(
        (each for each in found if each[0] and whole(each[2])), key=lambda each: each[:2], reverse=True
    )
    return [fact for fact in case.facts if fact in [each[2] for each in told[:most]]]


def restates(case: Case, fact: Fact) -> bool:
    """True when a statement says little more than the figure, its start or its target."""
    figures = case.figures
    if figures is None:
        return False
    known = {figures.now, figures.target, figures.start}
    mine = [q for q in fact.quantities if q.value in known]
    return bool(mine) and len(fact.quantities) - len(mine) < _MORE


def whole(fact: Fact) -> bool:
    """True when a statement can be quoted as it is."""
    return len(_told(fact).split()) <= _MOST_WORDS and not any(mark in _told(fact) for mark in '“”"?!')


def quoted(fact: Fact) -> str:
    """The statement in quotation marks."""
    return f"“{wording.capital(_told(fact))}”"


def _told(fact: Fact) -> str:
    """The statement up to a semicolon: what follows is another one."""
    return " ".join(fact.text.partition(";")[0].split()).rstrip(".:, ")


def listed(facts: Sequence[Fact]) -> str:
    """The statements, each in quotation marks."""
    return wording.listed(map(quoted, facts))


def _content(claim: Draft) -> frozenset[str]:
    said = f"{claim.claim} {claim.prediction.measure} {claim.test} {claim.intervention}"
    return stems(said) - ANY_TRADE
