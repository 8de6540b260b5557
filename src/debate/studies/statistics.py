"""Statistics for few cards: what differences between two arms can and cannot show.

The unit is the card. Replicates are averaged inside it, so that asking one card ten times is not ten pieces
of evidence. A score that is missing is None: it is counted and never filled in. With about ten cards the
usual bootstrap of means claims effects that are not there twice as often as it says; tests here flip signs
exactly, and intervals are studentised.

All differences, means and ends of intervals are in points of the score (0 to 10); a p is a probability.
numpy and scipy load in the functions that need them: they take half a second a look-up can do without.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import ceil, inf, isfinite, sqrt
from statistics import fmean, stdev
from typing import Final, Literal, NamedTuple

#: Up to here all 2^n patterns of signs are looked at (a million sums); beyond, some are drawn.
MOST_FOR_EXACT: Final = 20
FLIPS: Final = 19_999
RESAMPLES: Final = 4_999
# Sums that differ by less than this share of their terms are ties: 0.1 + 0.2 - 0.3 is nothing.
TIE: Final = 1e-9


class Interval(NamedTuple):
    """From `low` to `high`, in points."""

    low: float
    high: float


@dataclass(frozen=True, slots=True)
class Paired:
    """Differences of two arms, one a card: `cards` maps each card to its difference in points or None.

    `pairs` counts replicates that both arms have, `lost` those that one of them lacks.
    """

    cards: Mapping[str, float | None]
    pairs: int
    lost: int


@dataclass(frozen=True, slots=True)
class SignFlip:
    """A p and how it was found: `exact` over all patterns of signs, else over `flips` drawn ones."""

    p: float
    exact: bool
    flips: int


@dataclass(frozen=True, slots=True)
class Estimate:
    """One comparison over its cards, in points. `n` cards have a difference, `missing` have none.

    `interval` is Student's, `bootstrap` the studentised bootstrap's; both None where there is too little to
    see a spread, as is `sd` with fewer than two cards. `p` is None without a card.
    """

    n: int
    missing: tuple[str, ...]
    mean: float | None
    sd: float | None
    interval: Interval | None
    bootstrap: Interval | None
    p: float | None
    exact: bool


def paired_differences(
    treated: Mapping[str, Sequence[float | None]], control: Mapping[str, Sequence[float | None]]
) -> Paired:
    """Treated minus control, replicate by replicate, averaged inside each card (Miller, 2024).

    Both map a card to its scores by replicate; replicate i of one arm is paired with replicate i of the
    other. A pair with a None in it is lost; a card with no pair left has None. A card that only one arm has
    is missing too. ValueError when a score is not finite.
    """
    cards: dict[str, float | None] = {}
    pairs = lost = 0
    for card in dict.fromkeys([*treated, *control]):
        ours, theirs = treated.get(card, ()), control.get(card, ())
        whole = [a - b for a, b in zip(ours, theirs, strict=False) if a is not None and b is not None]
        _refuse_nonsense(whole)
        cards[card] = fmean(whole) if whole else None
        pairs += len(whole)
        lost += max(len(ours), len(theirs)) - len(whole)
    return Paired(cards, pairs, lost)


def known(cards: Mapping[str, float | None]) -> tuple[float, ...]:
    """The differences that are there, in the order of the cards. ValueError when one is not finite."""
    values = tuple(value for value in cards.values() if value is not None)
    _refuse_nonsense(values)
    return values


def estimate(cards: Mapping[str, float | None], *, alpha: float = 0.05, seed: int = 0) -> Estimate:
    """Everything this module says of one comparison: `cards` maps a card to its difference or None.

    Also for comparisons that carry no verdict, such as an arm against itself (A/A).
    """
    values = known(cards)
    test = sign_flip(values, seed=seed) if values else None
    return Estimate(
        n=len(values),
        missing=tuple(card for card, value in cards.items() if value is None),
        mean=fmean(values) if values else None,
        sd=stdev(values) if len(values) > 1 else None,
        interval=t_interval(values, alpha=alpha),
        bootstrap=bootstrap_interval(values, alpha=alpha, seed=seed),
        p=test.p if test else None,
        exact=test is not None and test.exact,
    )


def sign_flip(
    values: Sequence[float], *, alternative: Literal["two-sided", "greater"] = "two-sided", seed: int = 0
) -> SignFlip:
    """Randomisation test that differences lie symmetrically about zero (Fisher, 1935).

    `values` has one difference a card. "greater" asks only whether they lie above zero. Up to 20 cards every
    pattern of signs is counted, so the p is exact; beyond, 19,999 patterns drawn by `seed`, the observed one
    counted among them (Phipson and Smyth, 2010). Mean and t order the patterns alike, so this is also the
    exact test of t. ValueError without values.
    """
    import numpy as np  # noqa: PLC0415 - see the module's first lines

    if not values:
        raise ValueError("nothing to test: no card has a difference")
    _refuse_nonsense(values)
    two_sided = alternative == "two-sided"
    observed = abs(sum(values)) if two_sided else sum(values)
    bar = observed - TIE * sum(map(abs, values))
    if len(values) <= MOST_FOR_EXACT:
        sums = np.zeros(1)
        for value in values:
            sums = np.concatenate([sums + value, sums - value])
        reached = int(np.count_nonzero((np.abs(sums) if two_sided else sums) >= bar))
        return SignFlip(reached / len(sums), exact=True, flips=len(sums))
    random = np.random.default_rng(seed)
    row = np.asarray(values, dtype=float)
    reached = 1
    for start in range(0, FLIPS, 5_000):  # in portions: all at once would take 8 bytes a flip and card
        signs = 2 * random.integers(0, 2, (min(5_000, FLIPS - start), len(row)), dtype=np.int8) - 1
        sums = signs.astype(float) @ row  # of one type, for speed
        reached += int(np.count_nonzero((np.abs(sums) if two_sided else sums) >= bar))
    return SignFlip(reached / (FLIPS + 1), exact=False, flips=FLIPS)


def t_interval(values: Sequence[float], *, alpha: float = 0.05) -> Interval | None:
    """Interval of level 1 - alpha for the mean of `values`, one a card (Student, 1908).

    None with fewer than two values. A single point where all values are equal.
    """
    from scipy.special import stdtrit  # noqa: PLC0415 - see the module's first lines

    if len(values) < 2:
        return None
    half = float(stdtrit(len(values) - 1, 1 - alpha / 2)) * stdev(values) / sqrt(len(values))
    return Interval(fmean(values) - half, fmean(values) + half)


def bootstrap_interval(values: Sequence[float], *, alpha: float = 0.05, seed: int = 0) -> Interval | None:
    """Symmetric studentised bootstrap interval of level 1 - alpha for the mean of `values` (Hall, 1988).

    Cards are drawn anew, 4,999 times by `seed`. None where so few values differ that more than alpha of the
    draws have no spread at all: then no interval can be had this way (always with fewer than four).
    """
    import numpy as np  # noqa: PLC0415 - see the module's first lines

    n = len(values)
    if n < 2 or stdev(values) == 0:
        return None
    row = np.asarray(values, dtype=float)
    drawn = row[np.random.default_rng(seed).integers(0, n, (RESAMPLES, n))]
    away = np.abs(drawn.mean(axis=1) - row.mean())
    errors = drawn.std(axis=1, ddof=1) / sqrt(n)
    flat = errors <= TIE * np.abs(row).max()
    ratios = np.where(flat, np.inf, away / np.where(flat, 1.0, errors))
    ratio = float(np.sort(ratios)[ceil((1 - alpha) * (RESAMPLES + 1)) - 1])
    if ratio == inf:
        return None
    half = ratio * stdev(values) / sqrt(n)
    return Interval(fmean(values) - half, fmean(values) + half)


def holm(ps: Mapping[str, float | None]) -> dict[str, float | None]:
    """p adjusted for a family of tests, by name, in the order given (Holm, 1979).

    Rejecting what lies below alpha errs anywhere in the family with a probability of at most alpha. A test
    that could not be made is None: it stays None and still counts, since the family was fixed beforehand.
    """
    made = sorted((p, name) for name, p in ps.items() if p is not None)
    adjusted: dict[str, float | None] = dict.fromkeys(ps)
    highest = 0.0
    for rank, (p, name) in enumerate(made):
        highest = max(highest, min(1.0, (len(ps) - rank) * p))
        adjusted[name] = highest
    return adjusted


def tost(values: Sequence[float], *, margin: float, seed: int = 0) -> float | None:
    """p of two one-sided tests that the mean lies inside -margin … +margin points (Schuirmann, 1987).

    Each side is tested by t and by flipping signs, and the larger p stands: t alone calls two equal
    differences proof, where flipping needs five cards for a p below 0.05. None with fewer than two values.
    ValueError when the margin is not above zero.
    """
    if not 0 < margin < inf:
        raise ValueError(f"a margin of {margin} points leaves nothing to lie inside of")
    if len(values) < 2:
        return None
    sides = ([margin + value for value in values], [margin - value for value in values])
    return max(max(_t_above(side), sign_flip(side, alternative="greater", seed=seed).p) for side in sides)


def _t_above(values: Sequence[float]) -> float:
    """One-sided p of t that the mean lies above zero; without any spread it is plain to see."""
    from scipy.special import stdtr  # noqa: PLC0415 - see the module's first lines

    error = stdev(values) / sqrt(len(values))
    if error == 0:
        return 0.0 if fmean(values) > 0 else 1.0
    return float(stdtr(len(values) - 1, -fmean(values) / error))


def _refuse_nonsense(values: Sequence[float]) -> None:
    if not all(map(isfinite, values)):
        raise ValueError("a difference that is no finite number; what is missing is None")
