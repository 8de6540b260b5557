"""Lines: how long one waits for a single place that is so full, and at what hold the target is reached.

For arrivals at random and a hold that is always as long the wait is booked / (2 × free) × hold (Pollaczek
1930, Khinchine 1932). Cases that come in bursts wait longer, cases by appointment less: a sum to be checked,
not a finding. Read only where today's value has room for hold and wait, and the rest stays as it is.
"""

from dataclasses import dataclass

from debate.cards.figures import Figures
from debate.cards.flows import Load
from debate.cards.units import TIMES, convert

_FINEST = 20


@dataclass(frozen=True, slots=True)
class Line:
    """Today's value is `hold` + `wait` + `rest`; at a hold of `shorter`, with `shorter_wait`, the target is
    reached. All in the figure's unit.
    """

    hold: float
    wait: float
    rest: float
    shorter: float
    shorter_wait: float


def line(found: Load, f: Figures) -> Line | None:
    """The line before a single place with one kind of job, or None."""
    if not found.single or len(found.jobs) != 1 or not f.lower or f.unit not in TIMES:
        return None
    each = found.jobs[0].each
    hold = convert(each.value, each.unit, f.unit)
    if hold is None or not 0 < found.taken < found.time:
        return None
    full = found.taken / found.time
    wait = _wait(full, hold)
    rest = f.now - hold - wait
    if rest < 0:
        return None
    # Of holds a twentieth apart the longest that reaches the target, rounded down to what can be told.
    for part in range(_FINEST - 1, 0, -1):
        shorter = hold * part / _FINEST
        shorter = float(int(shorter)) if shorter >= 2 else shorter
        then = _wait(full * shorter / hold, shorter)
        if rest + shorter + then <= f.target * 1.005:
            return Line(hold, wait, rest, shorter, then)
    return None


def _wait(full: float, hold: float) -> float:
    return full / (2 * (1 - full)) * hold
