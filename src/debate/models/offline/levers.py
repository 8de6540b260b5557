"""Levers: what the case itself names that can be changed, and that bears on the cause.

A day of the week, a timer, an order, a rule, a rating: whoever writes it down can change it on Monday. A
remedy that begins there is the owner's own. A part of the cases is a lever as well, with how many they are.
"""

import re
from collections.abc import Iterator

from debate.cards.cues import cue
from debate.cards.facts import FactKind
from debate.contributions import Hypothesis
from debate.models.offline import stand_ins, telling, wording
from debate.models.offline.case import Case
from debate.models.offline.worded import ANY_TRADE
from debate.words import stems

_STRONG = cue(
    "once a week, once a month, once a day, rated by, paid by, measured by, judged by, bonus, hidden",
    "asks for, printed, are ours, is ours, bundle*, goes round, held in, begin with, begins with",
    "begins again, lapse*, by hand, timer*",
    "fixed, in the settings, wait in, waits in, switched off, by default, passed on",
)
_WEEKDAY = re.compile(r"\b(?:mon|tues|wednes|thurs|fri|satur|sun)days?\b", re.IGNORECASE)
# What one side has and the other has not.
_UNLIKE = re.compile(
    r"\b(?:has|have) .+, (?:the |its |our )?(?:competitors?|rivals?|others)\b", re.IGNORECASE
)
_OURS = re.compile(r"\bthe others\b", re.IGNORECASE)
_SETS = (FactKind.CONTEXT, FactKind.CHALLENGE, FactKind.CONSTRAINT)
_PARTS = re.compile(r"; |: |, which |(?<=[.!?]) ")
_SHARE = re.compile(r"(?<![\d.,])(\d{1,2}(?:\.\d+)?) ?% of (?:the |all )?([^\W\d_]+)")
_FEWEST_WORDS, _MOST_WORDS, _MOST_SHARED = 5, 24, 3
_FREE = re.compile(r"\b(?:is|are) ours\b")
# What every case speaks of ties nothing together.
_USUAL = stems("average time day week month year change work takes number most case without one people")


def sentence(case: Case, lead: Hypothesis) -> str:
    """What the change begins with, in the case's words; "" where the case names no lever that bears on it."""
    found = sorted(_found(case, lead), key=lambda each: -each[0])
    if not found:
        return ""
    text = found[0][1]
    told = f"“{wording.capital(text)}”{_part(case, text)}"
    return f"Begin with {told}."


def _found(case: Case, lead: Hypothesis) -> Iterator[tuple[int, str]]:
    """Levers with how much each bears on the cause."""
    about = _about(case, lead)
    known, unlike = lead.claim.casefold(), _OURS.search(lead.intervention) is not None
    for fact in case.facts:
        if fact.kind not in _SETS or telling.restates(case, fact):
            continue
        # A condition is a lever only where it says what is free.
        bound = fact.kind is FactKind.CONSTRAINT
        for text in (part.strip(" .,") for part in _PARTS.split(fact.text)):
            own = unlike and _UNLIKE.search(text) is not None
            shared = _MOST_SHARED if own else len(stems(text) & about)
            named = own or _STRONG.search(text) or _WEEKDAY.search(text) or _part(case, text)
            told = _tellable(text) and text.casefold() not in known
            if shared and named and told and not (bound and not _FREE.search(text)):
                yield min(_MOST_SHARED, shared), text


def _tellable(text: str) -> bool:
    words = len(text.split())
    return _FEWEST_WORDS <= words <= _MOST_WORDS and not any(mark in text for mark in '“”"?!()')


def _about(case: Case, lead: Hypothesis) -> frozenset[str]:
    """What the cause is about, by the words of its claim and of the facts that carry it."""
    sums = {id_ for reading in case.readings if reading.id in lead.cites[:1] for id_ in reading.cites}
    facts = " ".join(fact.text for fact in case.facts if fact.id in sums)
    said = f"{lead.mechanism} {lead.prediction.measure} {lead.intervention}"
    return (stems(f"{lead.claim} {facts}") - _USUAL) | (stems(said) - ANY_TRADE)


def _part(case: Case, text: str) -> str:
    """How many a share of the cases is, where the case counts all of them by the week or so."""
    share = _SHARE.match(text)
    if share is None or share[2] != stand_ins.words(case)["cases"]:
        return ""
    wholes = {
        (q.value, q.unit)
        for fact in case.of(FactKind.CONTEXT)
        for q in fact.quantities
        if q.unit.partition("/")[0] == share[2] and "/" in q.unit
    }
    if len(wholes) != 1:
        return ""
    whole, unit = wholes.pop()
    part = wording.amount(whole * float(share[1]) / 100, unit)
    return f" (that is {part}: {wording.number(whole)} × {wording.number(float(share[1]))} / 100)"
