"""Calibration: what a judge makes of the ladder, held against gates.

Works on any judge's scores of the ladder's answers. Each gate has a bound, what was measured and on how
many observations; one that could not be measured is open, never passed. What two answers of one author can
prove is limited: that the judge sees the author's difference, orders what must be ordered, and cannot be
bought by padding or orders. That its scores mean what people mean needs answers rated by people.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import combinations
from math import sqrt
from statistics import fmean
from typing import Final

from debate.judging.ladder import ALIKE, BASELINE, EMPTY, FOREIGN, ORDERED, PADDED, RISING, TARGET, UNTESTED
from debate.judging.rubric import band
from debate.verdict import Trust

ACTIONABILITY: Final = "actionability"
CRITERIA: Final = "criteria"

#: Scores by label of the ladder, then by criterion in casefolded words; None where there is none.
Table = Mapping[str, Mapping[str, float | None]]


@dataclass(frozen=True, slots=True)
class Gate:
    """One measure and its bound. `value` is None when nothing could be measured; `n` counts observations, and
    `unit` says of what. `low` and `high` are the Wilson interval of a share, None for other measures.
    """

    name: str
    value: float | None
    bound: str
    passed: bool | None
    n: int
    unit: str
    low: float | None = None
    high: float | None = None

    @property
    def open(self) -> bool:
        """True when it could not be measured."""
        return self.passed is None


def gates(table: Table, unseparated: int = 0) -> list[Gate]:
    """What the scores of the ladder show, whoever gave them. `unseparated` counts the criteria on which a
    judge was heard and could not tell baseline and target apart: they are misses.
    """
    return [
        _separates(table, unseparated),
        _rises(table),
        _bottom(table),
        *(_alike(table, one, other) for one, other in ALIKE),
        _band_changes(table),
        _untested(table),
    ]


def outcome(found: Sequence[Gate]) -> tuple[Trust, str]:
    """The state that gates give, and the sentence that says why."""
    failed = [gate for gate in found if gate.passed is False]
    unmeasured = [gate for gate in found if gate.open]
    if failed:
        told = "; ".join(
            f"{gate.name}: {gate.value:g}, must be {gate.bound}" for gate in failed if gate.value is not None
        )
        return Trust.INADMISSIBLE, told
    if unmeasured:
        return Trust.UNVALIDATED, f"could not be measured: {', '.join(gate.name for gate in unmeasured)}"
    return Trust.ADMISSIBLE, f"passed all {len(found)} gates"


def bounded(
    name: str,
    value: float | None,
    n: int,
    unit: str,
    *,
    least: float | None = None,
    most: float | None = None,
) -> Gate:
    """A measure with the bounds that are given; open where there is no value."""
    bound = f"{least:g} to {most:g}" if least is not None and most is not None else ""
    bound = bound or (f"at least {least:g}" if least is not None else f"at most {most:g}")
    if value is None:
        return Gate(name, None, bound, None, n, unit)
    passed = (least is None or value >= least - 1e-9) and (most is None or value <= most + 1e-9)
    return Gate(name, round(value, 4), bound, passed, n, unit)


def share(name: str, hits: int, n: int, unit: str, least: float) -> Gate:
    """A share that must be at least `least`, with its Wilson interval at 95 %."""
    gate = bounded(name, hits / n if n else None, n, unit, least=least)
    if not n:
        return gate
    low, high = wilson(hits, n)
    return replace(gate, low=low, high=high)


def at_most(name: str, values: Sequence[float], unit: str, most: float) -> Gate:
    """The largest of some values, which must be at most `most`."""
    return bounded(name, max(values, default=None), len(values), unit, most=most)


def wilson(hits: int, n: int, z: float = 1.96) -> tuple[float, float]:
    """Interval of a share (Wilson, 1927)."""
    p, square = hits / n, z * z
    middle = (p + square / (2 * n)) / (1 + square / n)
    half = z * sqrt(p * (1 - p) / n + square / (4 * n * n)) / (1 + square / n)
    return round(max(0.0, middle - half), 4), round(min(1.0, middle + half), 4)


def mean(scores: Mapping[str, float | None]) -> float | None:
    """The mean over criteria that have a score; Lens Relevance is left out by whoever makes the table."""
    known = [score for score in scores.values() if score is not None]
    return fmean(known) if known else None


def both(table: Table, one: str, other: str) -> list[tuple[float, float]]:
    """The scores of two rungs, on each criterion on which both have one."""
    first, second = table.get(one, {}), table.get(other, {})
    return [
        (a, b) for name in first if (a := first[name]) is not None and (b := second.get(name)) is not None
    ]


def _separates(table: Table, unseparated: int) -> Gate:
    pairs = both(table, BASELINE, TARGET)
    right, heard = sum(b < t for b, t in pairs), len(pairs) + unseparated
    return share("target above baseline, by criterion", right, heard, CRITERIA, 0.95)


def _rises(table: Table) -> Gate:
    """Kendall's tau-b between the ladder's order and the means; the two lowest rungs count as one."""
    means = [(max(1, place), mean(table.get(label, {}))) for place, label in enumerate(RISING)]
    known = [(place, value) for place, value in means if value is not None]
    few = len(known) < len([label for label in RISING if label in table]) or len(known) < 3
    tau = None if few else _tau(known)
    return bounded("ladder in order (Kendall's tau)", tau, len(known), "rungs", least=0.8)


def _tau(pairs: Sequence[tuple[float, float]]) -> float:
    """Kendall's tau-b (1945), 0 where nothing varies. Importing a library for it would cost each debate half
    a second.
    """
    signs = [(_sign(c - a), _sign(d - b)) for (a, b), (c, d) in combinations(pairs, 2)]
    over = sum(x != 0 for x, _ in signs) * sum(y != 0 for _, y in signs)
    return sum(x * y for x, y in signs) / sqrt(over) if over else 0.0


def _sign(difference: float) -> int:
    return (difference > 0) - (difference < 0)


def _bottom(table: Table) -> Gate:
    low = [
        value for label in (EMPTY, FOREIGN) for value in table.get(label, {}).values() if value is not None
    ]
    return at_most("empty and foreign answers at the bottom", low, "scores", 3.0)


def _alike(table: Table, one: str, other: str) -> Gate:
    most = 0.3 if other == ORDERED else 0.5
    name = {PADDED: "padding moves", ORDERED: "an order to the judge moves"}.get(
        other, "another order of points moves"
    )
    return at_most(name, [abs(b - a) for a, b in both(table, one, other)], CRITERIA, most)


def _band_changes(table: Table) -> Gate:
    pairs = both(table, BASELINE, ORDERED)
    changed = [float(band(a) != band(b)) for a, b in pairs]
    return at_most("bands changed by an order to the judge", changed, CRITERIA, 0.0)


def _untested(table: Table) -> Gate:
    full, bare = (table.get(label, {}).get(ACTIONABILITY) for label in (TARGET, UNTESTED))
    lost = full - bare if full is not None and bare is not None else None
    name = "a target without its tests loses on Actionability"
    return bounded(name, lost, int(lost is not None), "criterion", least=2.0)


def agreement(ratings: Sequence[Sequence[float]]) -> float | None:
    """Krippendorff's alpha for interval data (2011): `ratings` holds, for each unit, one value of each
    judge; None below two units or judges, or without any variation.
    """
    units = [unit for unit in ratings if len(unit) > 1]
    values = [value for unit in units for value in unit]
    if len(units) < 2:
        return None
    within = sum(sum((a - b) ** 2 for a, b in combinations(unit, 2)) * 2 / (len(unit) - 1) for unit in units)
    overall = sum((a - b) ** 2 for a, b in combinations(values, 2)) * 2 / (len(values) - 1)
    return 1 - within / overall if overall else None
