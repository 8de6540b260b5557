"""Stopping early: evidence that may be looked at after every card.

A p that is looked at after each card, until it pleases, errs far more often than it says. An e-process does
not: whatever the rule by which one stops, under the null it ever reaches 1 / alpha with a probability of at
most alpha (Ville, 1939).
"""

from collections.abc import Sequence
from dataclasses import dataclass
from math import exp, log, log1p
from typing import Final

#: Evidence at which a study may stop: 1 / 0.05.
ENOUGH: Final = 20.0
# Stakes per point of difference, both ways. Between 0.1 and 2 one of them suits any spread that scores of 0
# to 10 can have; a bad guess costs cards, never validity.
STAKES: Final = tuple(sign * size for size in (0.1, 0.2, 0.5, 1.0, 2.0) for sign in (1, -1))
#: The log of evidence is cut off here, short of where a double overflows.
LARGEST: Final = 700.0


@dataclass(frozen=True, slots=True)
class EProcess:
    """`path` is the evidence after each card; `stopped` the 1-based card at which it was first enough."""

    path: tuple[float, ...]
    stopped: int | None

    @property
    def p(self) -> float:
        """Valid whenever one looks: one over the most evidence there ever was."""
        return min(1.0, 1 / max(self.path, default=1.0))


def e_process(values: Sequence[float], *, enough: float = ENOUGH) -> EProcess:
    """Evidence against differences that lie symmetrically about zero (Vovk and Wang, 2024).

    `values` has one difference a card, in points, in an order fixed before any was seen. The evidence is the
    mean over stakes l of prod exp(l d) / cosh(l d), which starts at 1 and, each sign being as likely as the
    other, grows on average by nothing. With each card
    half of the stakes can at most double, so no study stops at 20 before its sixth card.
    """
    logs = [0.0] * len(STAKES)
    path: list[float] = []
    for value in values:
        logs = [so_far + _gain(stake * value) for so_far, stake in zip(logs, STAKES, strict=True)]
        path.append(sum(exp(min(so_far, LARGEST)) for so_far in logs) / len(logs))
    stopped = next((card for card, evidence in enumerate(path, start=1) if evidence >= enough), None)
    return EProcess(tuple(path), stopped)


def _gain(x: float) -> float:
    """log(exp(x) / cosh(x)), without the overflow."""
    return log(2) - (log1p(exp(-2 * x)) if x > 0 else log1p(exp(2 * x)) - 2 * x)
