"""Counts: what a case counts, whole and part, then and now.

    Census  parts of one kind that add up to the whole: one of them lies idle.
    InStep  the figure and something else have grown together: so much of the one for each of the other.
    Once    before a change that is named the figure was as good as wanted, or nearly.

Read only where the figures agree within rounding and nothing else fits as well.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from debate.cards.cues import cue
from debate.cards.facts import Fact, FactKind
from debate.cards.figures import Figures
from debate.cards.flows import in_order
from debate.cards.quantities import Quantity
from debate.cards.units import CURRENCIES, measured

_IDLE = cue("idle, unused, empty, unsold, lying, not in use, out of use, spare, standing still, brach")
_THEN = re.compile(r"\b(?:ago|earlier|back then|used to|at first|in (?:19|20)\d\d)\b", re.IGNORECASE)
_CLAUSE = re.compile(r"[;:]|,\s|\band\s*\Z")
_BEFORE = re.compile(r"\bbefore (?P<what>(?:there (?:was|were) )?(?:the|a|an|we|any)\b)", re.IGNORECASE)
_SLACK = 0.03
_GREW = 1.2
# So much of the gap was closed then.
_NEARLY = 0.75
_FEWEST_PARTS = 2


@dataclass(frozen=True, slots=True)
class Census:
    """Of `whole` things of `noun`, which `parts` add up to, `idle` lie idle; `words` are the card's own."""

    whole: float
    noun: str
    idle: float
    words: str
    parts: tuple[float, ...]
    cites: tuple[str, ...]

    @property
    def share(self) -> float:
        """The idle ones, in per cent of all."""
        return self.idle / self.whole * 100


@dataclass(frozen=True, slots=True)
class InStep:
    """The figure went from `before` to `now` while `noun` went from `then` to `count`."""

    now: float
    before: float
    count: float
    then: float
    noun: str
    cites: tuple[str, ...]

    @property
    def each(self) -> float:
        """How much of the figure goes with one."""
        return self.now / self.count


@dataclass(frozen=True, slots=True)
class Once:
    """Before a change (`words` are the card's own) the figure stood at `value`."""

    value: float
    words: str
    cites: tuple[str, ...]


def census(facts: Sequence[Fact], f: Figures | None) -> Census | None:
    """A whole that is stated, and its parts with an idle one; or None."""
    found = []
    own = [fact for fact in in_order(facts) if fact.kind in (FactKind.CONTEXT, FactKind.CHALLENGE)]
    for fact in own:
        by_noun: dict[str, list[Quantity]] = {}
        for quantity in fact.quantities:
            if _counted(quantity.unit):
                by_noun.setdefault(quantity.unit, []).append(quantity)
        for noun, parts in by_noun.items():
            told = [_told(fact, part) for part in parts]
            idle = [(part, words) for part, words in zip(parts, told, strict=True) if _IDLE.search(words)]
            total = sum(part.value for part in parts)
            whole = next((o for o in own if o is not fact and _states(o, total, noun)), None)
            if len(parts) >= _FEWEST_PARTS and len(idle) == 1 and whole is not None:
                values = tuple(part.value for part in parts)
                ((part, words),) = idle
                found.append(Census(total, noun, part.value, words, values, (fact.id, whole.id)))
    return found[0] if len(found) == 1 and f is not None else None


def in_step(facts: Sequence[Fact], f: Figures | None) -> InStep | None:
    """What has grown in step with the figure, or None."""
    if f is None or not f.lower or "/" not in f.unit:
        return None
    pairs = [pair for fact in in_order(facts) if fact.kind is FactKind.CONTEXT for pair in _pairs(fact)]
    figure = [(now, then, fact) for now, then, fact in pairs if now.unit == f.unit and now.value == f.now]
    found = []
    for now, then, fact in figure:
        for count, earlier, other in pairs:
            same = count.unit == now.unit or not _counted(count.unit) or min(then.value, earlier.value) <= 0
            if same or now.value < _GREW * then.value:
                continue
            ratio = (now.value / count.value) / (then.value / earlier.value)
            if abs(ratio - 1) <= _SLACK:
                cites = tuple(dict.fromkeys((other.id, fact.id)))
                found.append(InStep(now.value, then.value, count.value, earlier.value, count.unit, cites))
    return found[0] if len(found) == 1 else None


def once(facts: Sequence[Fact], f: Figures | None) -> Once | None:
    """The value before a change that is named, where it was good or nearly so; or None."""
    if f is None:
        return None
    found = []
    for fact in in_order(facts):
        before = _BEFORE.search(fact.text) if fact.kind is FactKind.CONTEXT else None
        if before is None:
            continue
        for quantity in fact.quantities:
            if quantity.start < before.end() or quantity.unit not in ("", f.unit):
                continue
            won = (f.now - quantity.value) if f.lower else (quantity.value - f.now)
            if _NEARLY * f.gap <= won and quantity.value > 0:
                words = re.split(r"[;.]", fact.text[before.start() :])[0].strip()
                found.append(Once(quantity.value, words, (fact.id, *f.sources["now"][:1])))
    return found[0] if len(found) == 1 else None


def _counted(unit: str) -> bool:
    return bool(unit) and "/" not in unit and not measured(unit) and unit not in CURRENCIES


def _told(fact: Fact, quantity: Quantity) -> str:
    """The quantity with what stands behind it in its clause, up to the next one."""
    later = (q.start for q in fact.quantities if q.start > quantity.start)
    return _CLAUSE.split(fact.text[quantity.start : next(later, None)])[0].strip(" .")


def _states(fact: Fact, total: float, noun: str) -> bool:
    return any(q.value == total and q.unit == noun for q in fact.quantities)


def _pairs(fact: Fact) -> Iterator[tuple[Quantity, Quantity, Fact]]:
    """Two amounts of one kind in a fact, one of today and one of then."""
    by_unit: dict[str, list[Quantity]] = {}
    for quantity in fact.quantities:
        by_unit.setdefault(quantity.unit, []).append(quantity)
    for two in by_unit.values():
        if len(two) != 2:
            continue
        split = max(fact.text.rfind(mark, two[0].end, two[1].start) for mark in (";", ","))
        if split < 0:
            continue
        first, second = fact.text[:split], fact.text[split:]
        if bool(_THEN.search(first)) != bool(_THEN.search(second)):
            now, then = (two[1], two[0]) if _THEN.search(first) else (two[0], two[1])
            yield now, then, fact
