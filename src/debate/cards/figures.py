"""Figures: the one quantity a problem turns on, where it began, where it is, and where it must get to.

The unit is the one that has both a target and a value today; every figure is given in the unit of today's
value. Today's value is never guessed: where several could be meant and neither a word ("currently",
"average") nor what the target speaks of decides, there are no figures. Gains are the percentages that
attempts are said to have brought; they act one after the other, so they multiply.
"""

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

from debate.cards.facts import Fact, FactKind
from debate.cards.mentions import Mention, aims, current, deadline, mentions, start, tails

#: Working days in what deadlines are given in.
WORKING_DAYS = {"days": 1, "weeks": 5, "months": 21}


@dataclass(frozen=True)
class Gain:
    """One attempt's stated improvement, a share (0.05 for 5 %)."""

    share: float
    fact: str


@dataclass(frozen=True)
class Figures:
    """Values in `unit`; `lower` is True when the value must come down. `sources` maps a field to its fact
    ids.

    `start` is where it began, `tail` a stated percentile (`tail_name`, say "p95"), `deadline` working days;
    each None when the card does not say. `gains` are empty where percentages could mean points (a figure
    that is a percentage).
    """

    now: float
    target: float
    unit: str
    lower: bool
    start: float | None
    tail: float | None
    tail_name: str
    deadline: float | None
    attempts: int
    gains: tuple[Gain, ...]
    sources: Mapping[str, tuple[str, ...]]

    @property
    def gap(self) -> float:
        """What is missing, without sign."""
        return abs(self.now - self.target)

    @property
    def gap_unit(self) -> str:
        """Unit of the gap: between two percentages lie percentage points."""
        return "percentage points" if self.unit == "%" else self.unit

    @property
    def gap_share(self) -> float:
        """The gap in percent of today's value."""
        return self.gap / self.now * 100

    @property
    def halfway(self) -> float:
        """The value with half the gap closed."""
        return (self.now + self.target) / 2

    @cached_property
    def factor(self) -> float:
        """What every past gain once more would multiply the value by; 1 without gains."""
        return compounded(self.gains, lower=self.lower)

    @property
    def repeat(self) -> float | None:
        """The value after every past gain once more, or None without gains."""
        return self.now * self.factor if self.gains else None

    def reached(self, value: float) -> bool:
        """True when `value` meets the target."""
        return value <= self.target if self.lower else value >= self.target


def compounded(gains: Iterable[Gain], *, lower: bool) -> float:
    """The factor of all gains in a row."""
    return math.prod(1 - gain.share if lower else 1 + gain.share for gain in gains)


def gains(facts: Iterable[Fact]) -> tuple[Gain, ...]:
    """Every stated improvement in percent, in the card's order."""
    found = ((fact, fact.effect) for fact in facts if fact.effect is not None)
    return tuple(
        Gain(effect.amount.value / 100, fact.id)
        for fact, effect in found
        if effect.direction == "better" and effect.amount is not None and effect.amount.unit == "%"
        if 0 < effect.amount.value < 100
    )


def figures(facts: Sequence[Fact]) -> Figures | None:
    """The figures of a case, or None when it does not state a value of today and a target in one unit."""
    found = mentions(facts)
    named_tails = tails(found)
    levels = [mention for mention in found if mention not in named_tails]
    for aim in aims(levels):
        today = current(aim, levels)
        if today is None:
            continue
        unit, now = today.quantity.unit, today.quantity.value
        target = aim.value_in(unit)
        if target is None or now <= 0 or target == now or _contradicts(aim, lower=target < now):
            continue
        began = start(today, aim, levels)
        tail = next((mention for mention in named_tails if mention.value_in(unit) is not None), None)
        end = deadline(found, aim)
        return Figures(
            now=now,
            target=target,
            unit=unit,
            lower=target < now,
            start=began.value_in(unit) if began else None,
            tail=tail.value_in(unit) if tail else None,
            tail_name=named_tails[tail] if tail else "",
            deadline=end.quantity.value * WORKING_DAYS[end.quantity.unit] if end else None,
            attempts=sum(fact.kind is FactKind.TRIED for fact in facts),
            gains=() if unit == "%" else gains(facts),
            sources={
                "now": _saying(levels, now, unit, today),
                "target": _saying(levels, target, unit, aim),
                "start": (began.fact.id,) if began else (),
                "tail": (tail.fact.id,) if tail else (),
                "deadline": (end.fact.id,) if end else (),
            },
        )
    return None


def _contradicts(aim: Mention, *, lower: bool) -> bool:
    """True when the target's comparator points the other way: then it is met already, or was read wrongly."""
    return aim.quantity.bound in ((">", ">=") if lower else ("<", "<="))


def _saying(levels: Iterable[Mention], value: float, unit: str, first: Mention) -> tuple[str, ...]:
    """Ids of the facts that state a value, the deciding one first."""
    same = (m.fact.id for m in levels if (said := m.value_in(unit)) is not None and math.isclose(said, value))
    return tuple(dict.fromkeys((first.fact.id, *same)))
