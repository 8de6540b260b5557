"""Figures: whether a number with its unit can be traced to where it came from.

A figure is traced when it stands in a known text, or when its sentence says that it is assumed, or when it
follows by one step of plain arithmetic: a sum or difference, a share, a percentage of something, a double, a
half. Bare numbers are not looked at (they name, number or date things), but serve as factors beside a figure.
What is counted may be named by another noun ("users", "people"); only its number must be given.
The check is generous on purpose: with many known figures one step reaches many numbers. It catches the
invented input, not the wrong sum.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import permutations
from math import isfinite
from typing import NamedTuple, Self

from debate.cards.facts import Fact, FactKind, Reading
from debate.cards.problem import ProblemCard
from debate.cards.quantities import Quantity, find
from debate.cards.units import CURRENCIES, convert, measured
from debate.contributions import Interval, Prediction
from debate.words import sentences

ASSUMED = re.compile(
    r"\b(?:assum\w*|suppos\w*|say|estimate[ds]?|estimates|estimating|target of)\b", re.IGNORECASE
)
PERCENT, TIMES_AS_MUCH = "%", "×"
_BASES = ("ms", "months", "B")
_ROUGH = 0.05
_WORKING_WEEK = 5
# "Three quarters of it" is a share in words, no span of nine months.
_FRACTION = re.compile(r"(?:one|two|three)[ -]quarters?", re.IGNORECASE)
_SPELT = ("one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve")
_SPELT_NUMBER = re.compile(rf"\b({'|'.join(_SPELT)})\b", re.IGNORECASE)


class Figure(NamedTuple):
    """A size in a unit, times and sizes of data scaled to one unit each; a fall of 5 % is a figure of 5 %."""

    value: float
    unit: str

    @classmethod
    def of(cls, value: float, unit: str) -> Self:
        """The figure for `value` in a unit of `debate.cards.units`."""
        base, factor = _base(unit)
        return cls(abs(value * factor), base)


@lru_cache(maxsize=1024)
def _base(unit: str) -> tuple[str, float]:
    """The unit figures in `unit` are scaled to, and by how much."""
    top, slash, by = unit.partition("/")
    if top == "percentage points":
        return PERCENT, 1.0
    for base in _BASES:
        if (factor := convert(1.0, top, base)) is not None:
            return f"{base}{slash}{by}", factor
    return unit, 1.0


@dataclass(frozen=True, slots=True)
class Figures:
    """The figures known so far; adding gives a new object."""

    known: tuple[Figure, ...]

    @classmethod
    def of_card(cls, card: ProblemCard) -> Self:
        """Every figure an agent may see on the card, and how many things were tried."""
        return cls(_on_card(card.title, card.question, card.facts, card.readings))

    def with_texts(self, *texts: str) -> Self:
        """These and every figure that stands in `texts`; small counts may be spelt out."""
        return self.with_figures(_in_texts(texts))

    def with_count(self, count: int) -> Self:
        """These and so many of anything."""
        return self.with_figures([Figure(float(count), "")])

    def with_prediction(self, prediction: Prediction) -> Self:
        """These and the figures of one prediction."""
        bounds = (*bounds_of(prediction.if_true), *bounds_of(prediction.if_false))
        return self.with_figures((*bounds, *_in_texts([prediction.measure, prediction.now])))

    def with_days(self, *days: float) -> Self:
        """These and so many working days each."""
        return self.with_figures(Figure.of(each, "days") for each in days)

    def with_figures(self, figures: Iterable[Figure]) -> Self:
        """These and `figures`."""
        return type(self)(tuple(dict.fromkeys((*self.known, *figures))))

    def traces(
        self, quantity: Quantity, operands: Sequence[Figure] = (), factors: Sequence[float] = ()
    ) -> bool:
        """True when each end of `quantity` is known or one step of arithmetic away from `operands`."""
        return all(
            any(_same(wanted, figure, slack) for figure in self.known)
            or any(
                abs(wanted.value - value) <= slack and isfinite(value)
                for value in _derived(wanted.unit, operands, factors)
            )
            for end in dict.fromkeys((quantity.low, quantity.high))
            for wanted, slack in [(Figure.of(end, quantity.unit), _slack(quantity, end))]
        )

    def untraced(self, text: str, *, derive: bool) -> list[Quantity]:
        """The figures of `text` that cannot be traced, in order.

        What was accepted in a sentence may be built on later in it. With `derive` all known figures may be
        combined; without, only those that stand in the same sentence: then the reader has the arithmetic
        beside the result.
        """
        missing: list[Quantity] = []
        so_far = self
        for sentence in sentences(text):
            beside: list[Figure] = []
            found = [quantity for quantity in find(sentence) if not _FRACTION.fullmatch(quantity.text)]
            assumed = ASSUMED.search(sentence) is not None
            for quantity in found:
                factors = [figure.value for other in found if other is not quantity for figure in ends(other)]
                operands = (*so_far.known, *beside) if derive else tuple(beside)
                if quantity.unit and not assumed and not so_far.traces(quantity, operands, factors):
                    missing.append(quantity)
                else:
                    beside += ends(quantity)
            if beside:
                so_far = so_far.with_figures(beside)
        return missing


def ends(quantity: Quantity) -> list[Figure]:
    """Both ends of a range, or the one value of a plain number."""
    return [Figure.of(value, quantity.unit) for value in dict.fromkeys((quantity.low, quantity.high))]


def bounds_of(interval: Interval) -> list[Figure]:
    """The bounds an interval gives, in the unit its words would be read as."""
    unit = _read_as(interval.unit)
    return [Figure.of(bound, unit) for bound in (interval.low, interval.high) if bound is not None]


@lru_cache(maxsize=1024)
def _read_as(unit: str) -> str:
    """The unit that a number with these words behind it is read in."""
    read = find(f"1 {unit}")
    return read[0].unit if read and read[0].unit else unit


def figure_fault(where: str, quantity: Quantity) -> str:
    """The sentence for a figure that cannot be traced."""
    return (
        f"{where}: {quantity.text.strip()!r} stands in no fact, reading or prediction and does not "
        "follow from them in one step; use a given figure, or mark it in the same sentence "
        '("assume", "say", "estimated", "target of")'
    )


@lru_cache(maxsize=64)
def _on_card(
    title: str, question: str, facts: Sequence[Fact], readings: Sequence[Reading]
) -> tuple[Figure, ...]:
    """What `Figures.of_card` says. All seats of all debates on a card are held against the same."""
    texts = [title, question, *(fact.text for fact in facts), *(reading.text for reading in readings)]
    tried = sum(fact.kind is FactKind.TRIED for fact in facts)
    figures = (
        *(figure for fact in facts for quantity in fact.quantities for figure in _given(quantity)),
        *(Figure.of(reading.value, reading.unit) for reading in readings),
        *_in_texts(texts),
        Figure(float(tried), ""),
    )
    return tuple(dict.fromkeys(figures))


def _in_texts(texts: Iterable[str]) -> list[Figure]:
    """Every figure that stands in `texts`, then small counts that are spelt out."""
    texts = list(texts)
    spelt = (_SPELT.index(word.casefold()) + 1 for text in texts for word in _SPELT_NUMBER.findall(text))
    read = (figure for text in texts for quantity in find(text) for figure in _given(quantity))
    return [*read, *(Figure(float(number), "") for number in spelt)]


def _given(quantity: Quantity) -> list[Figure]:
    """The figures a known text gives: its own, and weeks as working days too."""
    weeks = (quantity.low, quantity.high) if quantity.unit == "weeks" else ()
    return [*ends(quantity), *(Figure.of(_WORKING_WEEK * value, "days") for value in weeks)]


def _slack(quantity: Quantity, value: float) -> float:
    """How far a figure may be off: half of its last written digit, or a twentieth of it after "about"."""
    decimals = len(f"{value:.6f}".rstrip("0").partition(".")[2])
    last = Figure.of(0.5 * 10.0**-decimals, quantity.unit).value * (1 + 1e-9)
    return max(last, _ROUGH * Figure.of(value, quantity.unit).value) if quantity.bound == "~" else last


def _same(wanted: Figure, other: Figure, slack: float) -> bool:
    return (
        abs(wanted.value - other.value) <= slack and isfinite(other.value) and _kin(wanted.unit, other.unit)
    )


def _kin(one: str, other: str) -> bool:
    """True for one unit, for an amount and its rate, and for any two counts."""
    (top, slash, _), (other_top, other_slash, _) = one.partition("/"), other.partition("/")
    if one == other or (top == other_top and not (slash and other_slash)):
        return True
    return _counted(top) and _counted(other_top)


def _counted(unit: str) -> bool:
    return not measured(unit) and unit not in CURRENCIES


def _derived(unit: str, operands: Sequence[Figure], factors: Sequence[float]) -> Iterator[float]:
    """The values in `unit` that one step of arithmetic makes of `operands`."""
    alike = tuple(dict.fromkeys(figure.value for figure in operands if _kin(figure.unit, unit)))
    shares = tuple(dict.fromkeys(figure.value for figure in operands if figure.unit == PERCENT))
    for a in alike:
        yield from (a / 2, a * 2)
        yield from (a * share / 100 for share in shares)
        yield from (a * (1 - share / 100) for share in shares)
        yield from (a * factor for factor in factors)
        yield from (a / factor for factor in factors if factor)
    for a, b in permutations(alike, 2):
        yield from (a + b, a - b)
    if unit == PERCENT:
        yield from (100 - share for share in shares)
        for share in _ratios(operands):
            yield from (100 * share, 100 * (1 - share))
    elif unit == TIMES_AS_MUCH:
        yield from _ratios(operands)
    yield from (sum(alike[-n:]) for n in range(3, len(alike) + 1))


def _ratios(operands: Sequence[Figure]) -> Iterator[float]:
    pairs = permutations(dict.fromkeys(figure for figure in operands if figure.unit not in {"", PERCENT}), 2)
    for part, whole in pairs:
        if part.unit == whole.unit and whole.value:
            yield part.value / whole.value
