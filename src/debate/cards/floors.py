"""Floors: how many may be singled out when a hit rate has a target and the hits a floor.

Of so many raised so many are hits, which is the rate of today; so many hits have to be kept. Floor over
target is then the most that may be raised. Read only where hits over raised is today's rate, and one floor is
stated.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from debate.cards.facts import Fact, FactKind
from debate.cards.figures import Figures
from debate.cards.flows import in_order

_SLACK = 0.05
_OF_WHICH = re.compile(r",? (?:of which|of these|of them) (?P<hits>\d[\d,.]*)", re.IGNORECASE)
_FLOOR = re.compile(
    r"\b(?:at least|no fewer than|not fewer than) (?P<least>\d[\d,]*) of (?:the |our )?(?P<all>\d[\d,]*)\s+"
    r"(?P<noun>[^\W\d_]+)",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Floor:
    """`raised` of `noun` per `period` hold `hits`; `least` of them have to stay, so at most `most` may be
    raised.
    """

    raised: float
    noun: str
    period: str
    hits: float
    least: float
    kept: str
    most: float
    cites: tuple[str, ...]


def floor(facts: Sequence[Fact], f: Figures | None) -> Floor | None:
    """The most that may be raised, or None."""
    if f is None or f.unit != "%" or f.lower or not 0 < f.now < f.target <= 100:
        return None
    ordered = in_order(facts)
    bounds = (fact for fact in ordered if fact.kind is FactKind.CONSTRAINT)
    lows = [(fact, match) for fact in bounds for match in _FLOOR.finditer(fact.text)]
    found = [each for fact in ordered if fact.kind is FactKind.CONTEXT for each in _raised(fact, f)]
    if len(lows) != 1 or len(found) != 1:
        return None
    fact, raised, noun, period, hits = found[0]
    held, low = lows[0]
    least = _value(low["least"])
    if not 0 < least <= hits:
        return None
    most = least / f.target * 100
    cites = (held.id, fact.id, *f.sources["target"][:1])
    return Floor(raised, noun, period, hits, least, low["noun"], most, cites)


def _raised(fact: Fact, f: Figures) -> list[tuple[Fact, float, str, str, float]]:
    """What is raised and what of it is a hit, where their quotient is today's rate."""
    made = []
    for quantity in fact.quantities:
        noun, _, period = quantity.unit.partition("/")
        match = _OF_WHICH.match(fact.text, quantity.end)
        if match and noun and period and quantity.value > 0:
            hits = _value(match["hits"].rstrip(".,"))
            if abs(hits / quantity.value * 100 - f.now) <= _SLACK * f.now:
                made.append((fact, quantity.value, noun, period, hits))
    return made


def _value(text: str) -> float:
    return float(text.replace(",", ""))
