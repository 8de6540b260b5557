"""Power: what so many cards can show, and how many it takes.

Sizes are worked out from Student's t, the sign-flip test's near twin. Close to the fewest cards at which that
test can reject at all they promise too much: at 6 cards its power is about 0.6 where t's is 0.8.

Effects, margins and standard deviations are in points of the score; `family` is how many lenses are tested
together, each then held to alpha / family, as Holm holds the first.
"""

from collections.abc import Callable
from math import sqrt
from typing import Final

POWER: Final = 0.8
#: No study here has more; a number of cards beyond it is no advice.
MOST_CARDS: Final = 100_000


def fewest_cards(*, alpha: float = 0.05, family: int = 1) -> int:
    """The fewest cards at which the two-sided sign-flip test can be significant after Holm.

    Its smallest p is 2 / 2^n, and family times that must lie below alpha: ceil(log2(2 family / alpha)) cards
    (one more where that is a whole number). ValueError unless 0 < alpha < 1 and family is 1 or more.
    """
    if not 0 < alpha < 1 or family < 1:
        raise ValueError(f"no test has alpha {alpha} over {family} lenses")
    cards = 1
    while family * 2.0 ** (1 - cards) >= alpha:
        cards += 1
    return cards


def minimum_detectable_effect(
    cards: int, sd: float, *, alpha: float = 0.05, family: int = 1, power: float = POWER
) -> float | None:
    """The smallest true mean difference, in points, that `cards` cards find with this power (Cohen, 1988).

    `sd` is that of the differences between cards. None where no effect can be significant: below the fewest
    cards, or where no spread was seen.
    """
    from scipy.special import nctdtrinc  # noqa: PLC0415 - loads when a study reports

    if cards < fewest_cards(alpha=alpha, family=family) or not sd > 0:
        return None
    shift = float(nctdtrinc(cards - 1, 1 - power, _bar(cards, alpha / (2 * family))))
    return shift / sqrt(cards) * sd


def cards_needed(
    sd: float, effect: float, *, alpha: float = 0.05, family: int = 1, power: float = POWER
) -> int | None:
    """Cards that settle it either way with this power, given the sd seen between cards so far.

    Enough both to find a true difference of `effect` points and, where there is none, to show by two
    one-sided tests that it lies inside -effect … +effect (Schuirmann, 1987). None when more than 100,000.
    Without a spread (sd 0) the fewest at which anything can be significant.
    """
    fewest = fewest_cards(alpha=alpha, family=family)
    if not sd > 0:
        return fewest

    def enough(cards: int) -> bool:
        shift = effect / sd * sqrt(cards)
        found = _above(cards, shift, alpha / (2 * family))
        return found >= power and 2 * _above(cards, shift, alpha) - 1 >= power

    return _first(enough, fewest)


def _bar(cards: int, tail: float) -> float:
    """The t that a share `tail` of null studies exceeds."""
    from scipy.special import stdtrit  # noqa: PLC0415 - loads when a study reports

    return float(stdtrit(cards - 1, 1 - tail))


def _above(cards: int, shift: float, tail: float) -> float:
    """Power of one side: the share of studies whose t, shifted by `shift` standard errors, passes the bar."""
    from scipy.special import nctdtr  # noqa: PLC0415 - loads when a study reports

    return 1 - float(nctdtr(cards - 1, shift, _bar(cards, tail)))


def _first(enough: Callable[[int], bool], low: int) -> int | None:
    """The smallest number from `low` on that is enough; whatever is above one that is enough is so too."""
    high = low
    while not enough(high):
        low, high = high + 1, high * 2
        if high > MOST_CARDS:
            return None
    while low < high:
        middle = (low + high) // 2
        low, high = (low, middle) if enough(middle) else (middle + 1, high)
    return low
