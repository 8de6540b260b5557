"""Flows: what counts per period and spans of time in a card's facts say together.

Two sums, each only where every term is stated and the result is plausible:

    Pile  so many things lie open, so many are dealt with per period: their quotient is the time one waits
          (Little 1961). Read where it meets the time of today; then the target has a pile that goes with it.
    Load  so many things per period, so long for each, so much time there is: how much of it is booked.

A wrong sum is worse than none: what happened once, what is planned, and a second value that would fit as well
leave the sum unread.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from debate.cards.cues import cue
from debate.cards.facts import Fact, FactKind
from debate.cards.figures import Figures
from debate.cards.mentions import Mention, mentions
from debate.cards.quantities import Quantity
from debate.cards.units import CURRENCIES, TIMES, convert, measured
from debate.words import stems

_SLACK = 0.05
_PLAUSIBLE = (0.5, 1.3)
_DAYS = {"day": 1.0, "week": 7.0, "month": 365 / 12, "quarter": 365 / 4, "year": 365.0, "h": 1 / 24}
_OPEN = re.compile(
    r"\b(?:wait|waits|waiting|pending|unfinished|undecided|unanswered|unread|unopened|outstanding|"
    r"in process|in progress|under way|on hand|in stock|in the (?:queue|pile|heap|backlog|system)|"
    r"lie|lies|backlog|queued?|offen|warten|liegen)\b|\bopen\s*\Z",
    re.IGNORECASE,
)
_ADJECTIVE = re.compile(r"\b(?:open|waiting|pending|unfinished|undecided|unanswered|offene)\b", re.IGNORECASE)
PAST = cue(
    "ago, was, were, used to, previously, formerly, originally, last year, früher, war, waren, before the"
)
_TAKES = r"(?:takes?|holds?|needs?|occupies|occupy|blocks?|lasts?|keeps?|uses?|dauert|braucht)"
_EACH = r"(?:each|every|an?|one|per|jede[rs]?|eine?)"
_WINDOW = re.compile(
    r"\b(?:window of|open for|open|shift of|opening hours of|day of|available for)\s*\Z", re.IGNORECASE
)
_LINK = re.compile(r",?\s*(?:of|at|with|taking)?\s*", re.IGNORECASE)
_ONLY = re.compile(r"\b(?:only|single|sole)\s+((?:[^\W\d_]+\s*){1,3})", re.IGNORECASE)
_OWN = (FactKind.CONTEXT, FactKind.CHALLENGE)


@dataclass(frozen=True, slots=True)
class Pile:
    """`count` things of `noun` lie open, `rate` are dealt with per `period`; `time` is their quotient, in the
    unit of the figures. `fitting` is the pile that goes with the target.
    """

    count: float
    noun: str
    rate: float
    period: str
    time: float
    fitting: float
    cites: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Job:
    """`rate` things of `noun` per `period`, each of which takes `each`, as written in its fact."""

    rate: float
    noun: str
    each: Quantity
    cites: tuple[str, ...]

    def taken(self, unit: str) -> float:
        """Time a period's things take together, in `unit`."""
        return self.rate * (convert(self.each.value, self.each.unit, unit) or 0.0)


@dataclass(frozen=True, slots=True)
class Load:
    """What the jobs of one resource take of the time it has in a `period`, both in `unit`. `single` is True
    for one thing with a window on the clock, False for hours that several people or things have together.
    """

    jobs: tuple[Job, ...]
    taken: float
    time: float
    unit: str
    period: str
    single: bool
    cites: tuple[str, ...]

    @property
    def share(self) -> float:
        """Booked time in per cent of all the time there is."""
        return self.taken / self.time * 100


def in_order(facts: Iterable[Fact]) -> list[Fact]:
    """The facts by kind and number, whatever order they came in."""
    return sorted(facts, key=lambda fact: ("CHTKS".index(fact.kind), int(fact.id[1:])))


def of_today(facts: Iterable[Fact]) -> list[Mention]:
    """What context and challenge say of today, in the facts' order."""
    own = [fact for fact in in_order(facts) if fact.kind in _OWN]
    return [m for m in mentions(own) if not PAST.search(m.before) and m.left is None and m.right is None]


def pile(facts: Sequence[Fact], f: Figures | None) -> Pile | None:
    """The pile that is today's time, or None."""
    if f is None or not f.lower or f.unit not in TIMES:
        return None
    said = of_today(facts)
    found = []
    for heap in (m for m in said if _counted(m.quantity.unit) and _lies(m)):
        for flow in said:
            noun, _, period = flow.quantity.unit.partition("/")
            factor = convert_days(period, f.unit)
            if noun != heap.quantity.unit or factor is None or flow.quantity.value <= 0:
                continue
            time = heap.quantity.value / flow.quantity.value * factor
            fitting = flow.quantity.value * f.target / factor
            off = abs(time - f.now) / f.now
            cites = (heap.fact.id, flow.fact.id, *f.sources["now"][:1])
            if off <= _SLACK:
                heaped = Pile(heap.quantity.value, noun, flow.quantity.value, period, time, fitting, cites)
                found.append((off, heaped))
    if len({heaped.count for _, heaped in found}) != 1:
        return None
    return min(found, key=lambda pair: pair[0])[1]


def convert_days(period: str, unit: str) -> float | None:
    """How many `unit` a period has, months and years by their mean; None where it is no period of time."""
    days = _DAYS.get(period)
    one = convert(1.0, "days", unit)
    if days is None:
        return None
    if one is not None:
        return days * one
    months = convert(1.0, "months", unit)
    return days / _DAYS["month"] * months if months is not None else None


def _counted(unit: str) -> bool:
    return bool(unit) and "/" not in unit and not measured(unit) and unit not in CURRENCIES


def _lies(mention: Mention) -> bool:
    text = mention.quantity.text
    return bool(
        _OPEN.search(mention.after) or _OPEN.search(mention.before.strip()) or _ADJECTIVE.search(text)
    )


def load(facts: Sequence[Fact], f: Figures | None) -> Load | None:
    """How much of its time a resource has booked, or None."""
    said = of_today(facts)
    times = list(_times(said))
    if len({(value, unit, period) for value, unit, period, _, _ in times}) != 1:
        return None
    value, unit, period, fact, window = times[0]
    jobs = [job for job in _jobs(said, period, f) if _of_one(job, fact, facts)]
    if not jobs or (window and not all(_single(job, facts) for job in jobs)):
        return None
    shown = jobs[0].each.unit if len(jobs) == 1 else unit
    there = convert(value, unit, shown) or 0.0
    taken = sum(job.taken(shown) for job in jobs)
    if there <= 0 or not _PLAUSIBLE[0] <= taken / there <= _PLAUSIBLE[1]:
        return None
    cites = tuple(dict.fromkeys((*(id_ for job in jobs for id_ in job.cites), fact.id)))
    return Load(tuple(jobs), taken, there, shown, period, window, cites)


def _times(said: Iterable[Mention]) -> Iterator[tuple[float, str, str, Fact, bool]]:
    """Time there is per period, with its unit, its fact, and whether it is a window on the clock."""
    for mention in said:
        unit, _, period = mention.quantity.unit.partition("/")
        if period in _DAYS and unit in TIMES:
            yield mention.quantity.value, unit, period, mention.fact, False
        elif not period and unit in TIMES and _WINDOW.search(mention.before):
            yield mention.quantity.value, unit, "day", mention.fact, True


def _jobs(said: Sequence[Mention], period: str, f: Figures | None) -> Iterator[Job]:
    """Every thing counted per period for which one time is given."""
    rates: dict[str, dict[float, Mention]] = {}
    for mention in said:
        noun, _, by = mention.quantity.unit.partition("/")
        if by == period and _counted(noun):
            rates.setdefault(noun, {}).setdefault(mention.quantity.value, mention)
    for noun, flows in rates.items():
        if len(flows) != 1:
            continue
        flow = next(iter(flows.values()))
        each = {(m.quantity.low, m.quantity.unit): m for m in said if _is_for_one(m, flow, noun, f)}
        if len(each) == 1:
            held = next(iter(each.values()))
            yield Job(flow.quantity.value, noun, held.quantity, (flow.fact.id, held.fact.id))


def _is_for_one(mention: Mention, flow: Mention, noun: str, f: Figures | None) -> bool:
    """True for the time one thing takes of the resource: no time that the case turns on."""
    quantity = mention.quantity
    if convert(quantity.value, quantity.unit, "ms") is None or "/" in quantity.unit:
        return False
    if f is not None and mention.value_in(f.unit) in (f.now, f.target, f.start, f.tail):
        return False
    one = _one(noun)
    if re.search(rf"\b{_EACH}\s+(?:\w+\s+)?{one}\s+{_TAKES}\b", mention.before, re.IGNORECASE):
        return True
    if re.match(rf"\s*(?:on|for|per)\s+(?:{_EACH}\s+)?{one}\b", mention.after, re.IGNORECASE):
        return True
    between = mention.fact.text[flow.quantity.end : quantity.start]
    apart = mention.fact is flow.fact and _LINK.fullmatch(between) is not None
    return apart and re.match(r"\s*(?:each|apiece|je)\b", mention.after, re.IGNORECASE) is not None


def _one(noun: str) -> str:
    if noun.endswith("ies"):
        return re.escape(noun.removesuffix("ies")) + "y"
    return re.escape(noun.removesuffix("es" if noun.endswith(("xes", "ches", "shes", "sses")) else "s"))


def _of_one(job: Job, there: Fact, facts: Iterable[Fact]) -> bool:
    """True when the job and the time there is are told together, or of the same people or thing."""
    if there.id in job.cites:
        return True
    told = " ".join(fact.text for fact in facts if fact.id in job.cites)
    return bool((_named(told) & _named(there.text)) - stems(job.noun) - _UNITS)


def _named(text: str) -> frozenset[str]:
    return stems(re.sub(r"['’]s\b", "", text))


_UNITS = stems("hours hour week day minutes minute month year average each time")


def _single(job: Job, facts: Sequence[Fact]) -> bool:
    """True when there is only one of what the job holds: a window on the clock is then all there is."""
    held = next(fact for fact in facts if fact.id == job.cites[1])
    named = stems(" ".join(found[1] for fact in facts for found in _ONLY.finditer(fact.text)))
    return bool((stems(held.text) & named) - stems(job.noun) - _UNITS)
