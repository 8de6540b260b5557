"""Sizes: what the thresholds of a measure come to in the case's own units.

A share of the case's figure is an amount of it, a share of its cases a number of them; so many hand-overs
have to be worth so much each if they are to make up the gap. Where a measure stands in no such relation, what
it finds still has to account for the gap to close it alone.
"""

from debate.cards.facts import FactKind
from debate.cards.units import TIMES
from debate.contributions import Interval
from debate.models.offline import stand_ins, wording
from debate.models.offline.case import Case

# From here on a threshold is told without decimals.
_ROUNDED = 100
_NO_PIECES = frozenset(("times", "fold", "×", "%", "percentage points"))
_FEWEST_PIECES = 2


def of_figure(case: Case, measure: str, interval: Interval) -> str:
    """A threshold on a share of the case's figure, in the figure's unit; "" where it is on no such share."""
    figures = case.figures
    if figures is None or interval.unit != "%" or stand_ins.words(case)[stand_ins.OF_NOW] not in measure:
        return ""
    value = (figures.now if figures.lower else figures.gap) * _bound(interval) / 100
    if value >= _ROUNDED:
        return wording.amount(value, figures.gap_unit)
    return wording.exact(round(value, 1), figures.gap_unit)


def told(case: Case, measure: str, if_true: Interval, if_false: Interval) -> str:
    """What the two thresholds mean in the case's figures, as a clause; "" in a case without figures."""
    one, two = (wording.amount(_bound(each), each.unit) for each in (if_true, if_false))
    in_figure = [of_figure(case, measure, each) for each in (if_true, if_false)]
    if all(in_figure):
        return f"{one} would be {in_figure[0]}, {two} only {in_figure[1]}"
    if (whole := _cases_counted(case, measure, if_true)) is not None:
        cases = stand_ins.words(case)["cases"]
        parts = [wording.number(round(whole * _bound(each) / 100)) for each in (if_true, if_false)]
        return f"of {wording.number(whole)} {cases} {one} would be {parts[0]}, {two} only {parts[1]}"
    figures = case.figures
    if figures is None:
        return ""
    gap = wording.amount(figures.gap, figures.gap_unit)
    pieces = if_true.low
    if pieces is not None and pieces >= _FEWEST_PIECES and if_true.unit not in _NO_PIECES | TIMES:
        worth = wording.exact(round(figures.gap / pieces, 1), figures.gap_unit)
        return f"at {wording.amount(pieces, if_true.unit)} each has to be worth {worth} to make up {gap}"
    now = wording.amount(figures.now, figures.unit)
    return f"it closes the gap alone only if it accounts for {gap}{f' of {now}' if figures.lower else ''}"


def _bound(interval: Interval) -> float:
    return interval.low if interval.low is not None else interval.high or 0.0


def _cases_counted(case: Case, measure: str, interval: Interval) -> float | None:
    """How many cases there are, where the measure is a share of them and the case counts them."""
    cases = stand_ins.words(case)["cases"]
    if interval.unit != "%" or f"share of {cases}" not in measure:
        return None
    figures = case.figures
    if figures is not None and figures.unit.partition("/")[0] == cases:
        return figures.now
    counted = (
        quantity.value
        for fact in (*case.of(FactKind.CONTEXT), *case.of(FactKind.CHALLENGE))
        for quantity in fact.quantities
        if quantity.unit.partition("/")[0] == cases
    )
    return max(counted, default=None)
