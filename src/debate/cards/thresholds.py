"""Thresholds: the intervals of a move, as lens cards write them.

    at least 20 round trips          20 round trips or more
    at most [half gap share]         1 conversion or less (or fewer)
    between 10 and 20 %              and any of them with a fallback: ", else 50 %", ", else 10 and 20 %"

A bound is a number or a stand-in in square brackets. A stand-in brings its own unit; one written after it
must be that one. The part after `else` holds where the case has no such figure. Two thresholds can decide
something only when they have one unit and no value in common: `decide` gives such a pair or None, never one
half from the case's figures and the other from a fallback.
"""

import math
import re
from collections.abc import Mapping
from dataclasses import dataclass

#: Smallest value, largest value (None: open on that side; never both), and the unit of both.
Range = tuple[float | None, float | None, str]

_BOUND = r"(?:\[[^\[\]]+\]|-?\d+(?:,\d{3})*(?:\.\d+)?)"
_UNIT = r"[^\d\s\[\],;.-][^\[\],;]*?"
_TAIL = rf"(?:\s*(?P<unit>{_UNIT}))?\s*\Z"
_SHAPES = tuple(
    re.compile(shape, re.IGNORECASE)
    for shape in (
        # Before the others: "X unit or more" would else be read as a unit called "unit or more".
        rf"(?P<x>{_BOUND})(?:\s*(?P<unit>{_UNIT}))?\s+or\s+(?P<side>more|less|fewer)\Z",
        rf"at\s+(?P<side>least|most)\s+(?P<x>{_BOUND}){_TAIL}",
        rf"between\s+(?P<x>{_BOUND})\s+and\s+(?P<y>{_BOUND}){_TAIL}",
    )
)
_ELSE = re.compile(r",\s*else\s+", re.IGNORECASE)
_ELSE_ONE = re.compile(rf"(?P<x>{_BOUND}){_TAIL}")
_ELSE_TWO = re.compile(rf"(?P<x>{_BOUND})\s+and\s+(?P<y>{_BOUND}){_TAIL}", re.IGNORECASE)
FORMS = "'at least X unit', 'at most X unit', 'between A and B unit', 'X unit or more', 'X unit or less'"

#: Figures of two imaginary cases, one to be brought down and one to be brought up. A pair of thresholds must
#: be able to decide one of them: "at most [halfway]" against "at least [now]" is for figures to bring down.
SAMPLES: tuple[Mapping[str, tuple[float, str]], ...] = tuple(
    {
        "now": (now, "ms"),
        "target": (target, "ms"),
        "start": (start, "ms"),
        "gap": (200.0, "ms"),
        "half gap": (100.0, "ms"),
        "gap share": (57.0, "%"),
        "half gap share": (28.0, "%"),
        "repeat": (repeat, "ms"),
        "halfway": (250.0, "ms"),
        "attempts": (5.0, "attempts"),
        "deadline": (10.0, "days"),
    }
    for now, target, start, repeat in ((350.0, 150.0, 500.0, 256.0), (150.0, 350.0, 100.0, 200.0))
)


@dataclass(frozen=True, slots=True)
class Bound:
    """One end of a threshold: a number, or the name of a stand-in ("" when it is a number)."""

    number: float
    stand_in: str = ""

    def value(self, values: Mapping[str, tuple[float, str]], unit: str) -> tuple[float, str] | None:
        """Number and unit, or None when the case has no such figure or has it in another unit."""
        if not self.stand_in:
            return self.number, unit
        if self.stand_in not in values:
            return None
        number, brought = values[self.stand_in]
        return (number, brought) if not unit or unit == brought else None


@dataclass(frozen=True, slots=True)
class Threshold:
    """A range of one quantity as a card writes it. A missing bound is open; `fallback` is plain numbers."""

    low: Bound | None
    high: Bound | None
    unit: str
    fallback: Range | None = None

    @property
    def bounds(self) -> tuple[Bound, ...]:
        """The bounds that are given, smaller first."""
        return tuple(bound for bound in (self.low, self.high) if bound is not None)

    @property
    def stand_ins(self) -> tuple[str, ...]:
        """Names of the case's figures it needs."""
        return tuple(bound.stand_in for bound in self.bounds if bound.stand_in)

    def resolve(self, values: Mapping[str, tuple[float, str]]) -> Range | None:
        """The range with the case's figures (number and unit by stand-in), else the fallback, else None."""
        return self.stated(values) or self.fallback

    def stated(self, values: Mapping[str, tuple[float, str]]) -> Range | None:
        """The range with the case's figures alone; None where one is missing or the two bounds do not fit."""
        found = [bound.value(values, self.unit) for bound in self.bounds]
        units = {each[1] for each in found if each}
        if None in found or len(units) != 1:
            return None
        low = self.low.value(values, self.unit) if self.low else None
        high = self.high.value(values, self.unit) if self.high else None
        if low and high and low[0] > high[0]:
            return None
        return (low[0] if low else None, high[0] if high else None, units.pop())


def parse_threshold(text: str) -> Threshold:
    """Read one threshold. Raises ValueError with a sentence that says what was expected."""
    stated, *rest = _ELSE.split(text.strip())
    if len(rest) > 1:
        raise ValueError(f"{text!r} has more than one 'else'")
    match = next((found for shape in _SHAPES if (found := shape.match(stated))), None)
    if match is None:
        raise ValueError(
            f"{text!r} is not an interval; expected {FORMS}, X a number or a stand-in like [gap share]"
        )
    parts = match.groupdict()
    x, y, unit = _bound(parts["x"]), parts.get("y"), " ".join((parts["unit"] or "").split())
    low: Bound | None = x
    high: Bound | None = None
    if y:
        high = _bound(y)
    elif parts["side"].casefold() in ("most", "less", "fewer"):
        low, high = None, x
    threshold = Threshold(low, high, unit)
    if len(threshold.stand_ins) < len(threshold.bounds) and not unit:
        raise ValueError(f"{text!r} has no unit; write what is counted, such as ms, % or round trips")
    if low is not None and high is not None and low.number > high.number:
        raise ValueError(f"{text!r} runs backwards: the smaller number comes first")
    fallback = _fallback(rest[0], threshold, text) if rest else None
    return Threshold(low, high, unit, fallback)


def decide(
    if_true: Threshold, if_false: Threshold, values: Mapping[str, tuple[float, str]]
) -> tuple[Range, Range] | None:
    """Two ranges of one unit with no value in common, from the case's figures or else the fallbacks."""
    for true, false in (_stated(if_true, if_false, values), _plain(if_true, if_false)):
        if true and false and true[2] == false[2] and disjoint(true, false):
            return true, false
    return None


def pair_faults(if_true: Threshold, if_false: Threshold) -> list[str]:
    """Sentences on why the two could not tell a true claim from a false one; empty when they can.

    Looked at with sample figures and, apart from that, with the fallbacks: a card must hold with either.
    """
    faults = []
    plain = _plain(if_true, if_false)
    if None in plain and (if_true.fallback or if_false.fallback):
        faults.append("one of 'True if' and 'False if' has an 'else', so the other needs one too")
    for pairs in ([_stated(if_true, if_false, sample) for sample in SAMPLES], [plain]):
        known = [(true, false) for true, false in pairs if true and false]
        unlike = next(((t, f) for t, f in known if t[2] != f[2]), None)
        if unlike:
            true, false = unlike
            faults.append(f"'True if' ({show(true)}) and 'False if' ({show(false)}) have different units")
        elif known and not any(disjoint(true, false) for true, false in known):
            true, false = known[0]
            faults.append(
                f"'True if' ({show(true)}) and 'False if' ({show(false)}) overlap: nothing could refute it"
            )
    return list(dict.fromkeys(faults))


def disjoint(one: Range, other: Range) -> bool:
    """True when no number lies in both; units are not looked at."""
    low, high, _ = one
    other_low, other_high, _ = other
    above = low is not None and other_high is not None and low > other_high
    below = high is not None and other_low is not None and high < other_low
    return above or below


def show(found: Range) -> str:
    """A range in the words of the grammar."""
    low, high, unit = found
    if low is None:
        return f"at most {high:,g} {unit}"
    if high is None:
        return f"at least {low:,g} {unit}"
    return f"between {low:,g} and {high:,g} {unit}"


_Pair = tuple[Range | None, Range | None]


def _stated(if_true: Threshold, if_false: Threshold, values: Mapping[str, tuple[float, str]]) -> _Pair:
    return if_true.stated(values), if_false.stated(values)


def _plain(if_true: Threshold, if_false: Threshold) -> _Pair:
    return if_true.fallback or if_true.stated({}), if_false.fallback or if_false.stated({})


def _bound(text: str) -> Bound:
    if text.startswith("["):
        name = " ".join(text.strip("[]").casefold().split())
        if name not in SAMPLES[0]:
            raise ValueError(f"{text} does not stand for a figure; figures are {', '.join(SAMPLES[0])}")
        return Bound(math.nan, name)
    number = float(text.replace(",", ""))
    if not math.isfinite(number):
        raise ValueError(f"{text[:20]}… is too large a number")
    return Bound(number)


def _fallback(text: str, threshold: Threshold, whole: str) -> Range:
    """The plain numbers after `else`: one for a one-sided threshold, two after `between`."""
    both = len(threshold.bounds) == 2
    match = (_ELSE_TWO if both else _ELSE_ONE).match(text.strip())
    if match is None or "[" in text or not match["unit"]:
        wanted = "two numbers joined by 'and'" if both else "one number"
        raise ValueError(f"{whole!r}: expected {wanted} with a unit after 'else'")
    unit = " ".join(match["unit"].split())
    x = _bound(match["x"]).number
    if both:
        y = _bound(match["y"]).number
        if x > y:
            raise ValueError(f"{whole!r}: the numbers after else run backwards")
        return x, y, unit
    return (x, None, unit) if threshold.low else (None, x, unit)
