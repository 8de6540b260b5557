"""Constraints: how a step stands to each of them, with a reason a reader can check.

By rule: a span of time is compared with the step's days, money with what the step buys, a prohibition with
the words of the change. A check that only measures touches nothing.
"""

import re
from collections.abc import Collection
from dataclasses import dataclass

from debate.cards.facts import Fact, FactKind
from debate.contracts.deadlines import WORKING_DAYS
from debate.contributions import ConstraintLine, Respect
from debate.models.offline import wording
from debate.models.offline.case import Case
from debate.models.offline.time_allowed import working_days
from debate.words import stems

_FORBIDS = re.compile(
    r"\b(?:cannot|can't|can not|must not|mustn't|may not|never|do not|don't|no|not|without)\b", re.IGNORECASE
)
_MONEY = re.compile(
    r"\b(?:budgets?|money|spend\w*|costs?|capital|purchas\w+|infrastructure|headcount|hir(?:e|es|ed|ing)|staff|posts|"
    r"funds?)\b|[€$£]|\bno (?:new|further|extra|additional|more)\b|\bkeine (?:neuen|weiteren)\b",
    re.IGNORECASE,
)
_BUYS = re.compile(r"\b(?:buy|purchase|hire|rent|licen[cs]e|recruit)\b", re.IGNORECASE)


# A shorter stem ("stop", "use") may be shared by chance.
_TELLING = 5
ONLY_MEASURES = "only measures; nothing is changed"
NOTHING_BOUGHT = "nothing is bought and nobody is hired"
NOT_TOUCHED = "not touched by the change"


@dataclass(frozen=True, slots=True)
class Work:
    """What a step asks for: a change or only a measurement, and the working days that have passed when it is
    done.
    """

    title: str
    action: str
    changes: bool
    days_so_far: float


def lines(case: Case, work: Work) -> list[ConstraintLine]:
    """One line for every constraint of the case, in its order."""
    return [_line(case, fact, work) for fact in case.of(FactKind.CONSTRAINT)]


def _line(case: Case, fact: Fact, work: Work) -> ConstraintLine:
    time = working_days(case)
    if time is not None and _sets(fact, time):
        stands = Respect.RESPECTS if work.days_so_far <= time else Respect.STRAINS
        days = f"{wording.number(work.days_so_far)} of {wording.number(time)} working days"
        return _stands(fact, stands, f"the steps take {days}")
    if _MONEY.search(fact.text):
        if _BUYS.search(work.action):
            return _stands(fact, Respect.STRAINS, "asks for something to be bought; settle the price first")
        return _stands(fact, Respect.RESPECTS, NOTHING_BOUGHT)
    if not work.changes:
        return _stands(fact, Respect.RESPECTS, ONLY_MEASURES)
    touched: Collection[str] = stems(fact.text) & stems(work.action)
    touched = {stem for stem in touched if len(stem) >= _TELLING}
    if _FORBIDS.search(fact.text) and len(touched) >= 2:
        near = f"“{work.title}” comes close to it, so agree on the limit before it starts"
        return _stands(fact, Respect.STRAINS, near)
    if touched:
        near = f"“{work.title}” works near it, so it starts with a part that can be taken back"
        return _stands(fact, Respect.RESPECTS, near)
    return _stands(fact, Respect.RESPECTS, NOT_TOUCHED)


def _sets(fact: Fact, time: float) -> bool:
    """True when the fact names this many working days."""
    return any(q.value * WORKING_DAYS.get(q.unit, 0) == time for q in fact.quantities)


def _stands(fact: Fact, stands: Respect, because: str) -> ConstraintLine:
    return ConstraintLine(constraint=fact.id, stands=stands, because=because)
