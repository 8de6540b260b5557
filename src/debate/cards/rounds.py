"""Rounds: how often a case comes up or passes, read together with time.

    Rounds  a case comes up in so many of what is held so often: their quotient is the time between them.
    Rest    spans that are stated leave most of today's value unnamed, and one statement says how often a case
            is passed on meanwhile.

Read only where one choice of terms fits; a wrong sum is worse than none.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from debate.cards.facts import Fact, FactKind
from debate.cards.figures import Figures
from debate.cards.flows import PAST, convert_days, in_order
from debate.cards.quantities import NUMBER_WORDS
from debate.cards.stages import spans
from debate.cards.units import TIMES
from debate.words import stems

_NUMBER = rf"(?P<n>\d{{1,2}}|{'|'.join(NUMBER_WORDS)})"
_BEFORE_DONE = re.compile(
    rf"\b(?:in|through|needs|takes|over|after) {_NUMBER} (?P<noun>[a-z]+s) (?:before|until|to be|till)\b",
    re.IGNORECASE,
)
_HELD = re.compile(
    rf"\b{_NUMBER} (?:[a-z]+ )?(?P<noun>[a-z]+s) (?:a|per|each|every) (?P<period>day|week|month)\b",
    re.IGNORECASE,
)
_OFTEN = re.compile(rf"\b{_NUMBER} times\b(?! as\b)", re.IGNORECASE)
_PASSED = re.compile(r"\b(?:passed|passes|goes|sent|approv\w*|sign\w*|check\w*|handed|read)\b", re.IGNORECASE)
# Less than this of today's value explains too little; more than all of it was not meant so.
_LEAST, _MOST = 0.4, 1.05
_STATED = 0.5


@dataclass(frozen=True, slots=True)
class Rounds:
    """A case comes up in `each` of `noun`, `rate` of which are held per `period`; `time` lies between them,
    in the figure's unit.
    """

    each: float
    noun: str
    rate: float
    period: str
    time: float
    cites: tuple[str, ...]

    @property
    def one(self) -> float:
        """The time from one to the next, in the figure's unit."""
        return self.time / self.each


@dataclass(frozen=True, slots=True)
class Rest:
    """Of today's value `stated` is named in `terms`; `rest` is not, while a case is passed on `times` times
    (`words`).
    """

    terms: tuple[float, ...]
    rest: float
    times: float
    words: str
    cites: tuple[str, ...]

    @property
    def stated(self) -> float:
        """What is named, in the figure's unit."""
        return sum(self.terms)

    @property
    def each(self) -> float:
        """What is left for one time, in the figure's unit."""
        return self.rest / self.times


def rounds(facts: Sequence[Fact], f: Figures | None) -> Rounds | None:
    """The rounds that make up most of today's value, or None."""
    if f is None or not f.lower or f.unit not in TIMES:
        return None
    own = list(_today(facts))
    found = []
    for fact in own:
        for each in _BEFORE_DONE.finditer(fact.text):
            for other in own:
                for held in _HELD.finditer(other.text):
                    factor = convert_days(held["period"].casefold(), f.unit)
                    if factor is None or stems(held["noun"]) != stems(each["noun"]):
                        continue
                    times, rate = _value(each["n"]), _value(held["n"])
                    time = times / rate * factor
                    if _LEAST * f.now <= time <= _MOST * f.now:
                        cites = tuple(dict.fromkeys((fact.id, other.id, *f.sources["now"][:1])))
                        period = held["period"].casefold()
                        found.append(Rounds(times, each["noun"].casefold(), rate, period, time, cites))
    return found[0] if len(found) == 1 else None


def rest(facts: Sequence[Fact], f: Figures | None) -> Rest | None:
    """What of today's value is in no stated span, or None."""
    if f is None or not f.lower or f.unit not in TIMES:
        return None
    stated = spans(facts, f)
    total = sum(value for _, value in stated)
    often = [
        (fact, _value(match["n"]))
        for fact in _today(facts)
        for match in _OFTEN.finditer(fact.text)
        if _PASSED.search(fact.text) and fact.id not in {id_ for id_, _ in stated}
    ]
    often = [(fact, times) for fact, times in often if times >= 2]
    if not stated or total > _STATED * f.now or len(often) != 1:
        return None
    fact, times = often[0]
    words = re.split(r"[:;(]", fact.text)[0].strip(" .")
    cites = tuple(dict.fromkeys((fact.id, *(id_ for id_, _ in stated), *f.sources["now"][:1])))
    return Rest(tuple(value for _, value in stated), f.now - total, times, words, cites)


def _today(facts: Sequence[Fact]) -> Iterator[Fact]:
    own = (fact for fact in in_order(facts) if fact.kind is FactKind.CONTEXT)
    return (fact for fact in own if not PAST.search(fact.text))


def _value(text: str) -> float:
    return float(text) if text.isdigit() else float(NUMBER_WORDS[text.casefold()])
