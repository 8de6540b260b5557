"""Tests and intervals for few cards: exact against brute force, honest about level, never filling in."""

from dataclasses import replace
from itertools import pairwise, product
from math import sqrt
from statistics import fmean, stdev

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from debate.studies.statistics import (
    bootstrap_interval,
    estimate,
    holm,
    paired_differences,
    sign_flip,
    t_interval,
    tost,
)

# Scores are given in tenths, so differences are; sums of tenths in floats are where ties go wrong.
tenths = st.integers(-100, 100).map(lambda n: n / 10)
few = st.lists(tenths, min_size=1, max_size=9)
DRUGS = (
    1.9,
    0.8,
    1.1,
    0.1,
    -0.1,
    4.4,
    5.5,
    1.6,
    4.6,
    3.4,
)  # Cushny and Peebles' hours of sleep, in Student (1908)


def by_hand(values: list[float], *, two_sided: bool) -> float:
    whole = [round(value * 10) for value in values]
    sums = [
        sum(s * v for s, v in zip(signs, whole, strict=True)) for signs in product((1, -1), repeat=len(whole))
    ]
    seen = sum(whole)
    return sum(abs(s) >= abs(seen) if two_sided else s >= seen for s in sums) / len(sums)


@given(few)
def test_the_exact_p_is_the_share_of_all_sign_patterns_at_least_as_extreme(values: list[float]) -> None:
    assert sign_flip(values).p == by_hand(values, two_sided=True)
    assert sign_flip(values, alternative="greater").p == by_hand(values, two_sided=False)


@given(few)
def test_the_p_knows_no_direction_order_or_unit(values: list[float]) -> None:
    p = sign_flip(values).p
    assert sign_flip([-value for value in values]).p == p
    assert sign_flip(values[::-1]).p == p
    assert sign_flip([value * 7.3 for value in values]).p == p


def test_the_exact_p_agrees_with_scipys_permutation_test() -> None:
    found = stats.permutation_test([DRUGS], np.mean, permutation_type="samples", n_resamples=10_000, axis=0)
    assert sign_flip(DRUGS).p == pytest.approx(found.pvalue, abs=1e-12)


def test_twenty_cards_are_flipped_exactly_and_more_by_a_seeded_draw() -> None:
    twenty = [*DRUGS, *(-value for value in DRUGS)]
    assert sign_flip(twenty).exact
    assert sign_flip(twenty).flips == 2**20
    more = sign_flip([*twenty, 1.0, 0.5], seed=3)
    assert not more.exact
    assert more == sign_flip([*twenty, 1.0, 0.5], seed=3)
    assert more.p != sign_flip([*twenty, 1.0, 0.5], seed=4).p


def test_a_drawn_p_lies_near_the_exact_one_and_is_never_zero() -> None:
    values = [*DRUGS, -3.0, -2.0, 0.4, -1.5, 2.5, -0.7, 0.2, 0.3, -1.1, 0.9]
    padded = [*values, 0.0]  # a card without a difference changes no p and makes it 21
    assert not sign_flip(padded).exact
    assert sign_flip(padded).p == pytest.approx(sign_flip(values).p, abs=0.006)
    assert 0 < sign_flip([1.0] * 30).p < 1e-4


def test_no_difference_at_all_is_no_evidence() -> None:
    assert sign_flip([0.0] * 8).p == 1.0


def test_the_t_interval_is_scipys() -> None:
    found = stats.ttest_1samp(DRUGS, 0).confidence_interval(0.95)
    assert t_interval(DRUGS) == pytest.approx((found.low, found.high), abs=1e-12)


@pytest.mark.parametrize("interval", [t_interval, bootstrap_interval])
def test_an_interval_moves_and_stretches_with_its_values(interval: object) -> None:
    assert callable(interval)
    low, high = interval(DRUGS)
    assert low < fmean(DRUGS) < high
    assert interval([3 * value + 2 for value in DRUGS]) == pytest.approx((3 * low + 2, 3 * high + 2))
    assert interval([-value for value in DRUGS]) == pytest.approx((-high, -low))
    wide = interval(DRUGS, alpha=0.01)
    assert wide[0] < low < high < wide[1]


def test_the_bootstrap_is_repeated_by_its_seed() -> None:
    assert bootstrap_interval(DRUGS, seed=1) == bootstrap_interval(DRUGS, seed=1)
    assert bootstrap_interval(DRUGS, seed=1) != bootstrap_interval(DRUGS, seed=2)


@pytest.mark.parametrize(
    "values", [[], [1.0], [1.0, 2.0], [1.0, 2.0, 4.0], [0.5] * 9, [0.1] * 11, [0.0] * 7 + [1.0]], ids=len
)
def test_the_bootstrap_gives_no_interval_where_it_sees_no_spread(values: list[float]) -> None:
    assert bootstrap_interval(values) is None


def test_one_value_has_no_interval_and_equal_values_have_a_point() -> None:
    assert t_interval([1.0]) is None
    assert t_interval([1.0, 1.0]) == (1.0, 1.0)


# Worked by hand: 4 tests, sorted p times 4, 3, 2, 1, each at least as large as the one before it.
HOLM = [
    ({"a": 0.01, "b": 0.04, "c": 0.03, "d": 0.005}, {"a": 0.03, "b": 0.06, "c": 0.06, "d": 0.02}),
    ({"a": 0.5, "b": 0.6}, {"a": 1.0, "b": 1.0}),
    ({"a": 0.02}, {"a": 0.02}),
    ({"a": 0.02, "b": 0.02}, {"a": 0.04, "b": 0.04}),
    ({"a": 0.01, "b": None, "c": 0.02}, {"a": 0.03, "b": None, "c": 0.04}),
    ({}, {}),
]


@pytest.mark.parametrize(("given_", "expected"), HOLM)
def test_holm_is_as_worked_by_hand(
    given_: dict[str, float | None], expected: dict[str, float | None]
) -> None:
    found = holm(given_)
    assert list(found) == list(expected)
    for name, p in expected.items():
        assert found[name] == (p if p is None else pytest.approx(p))


@given(st.dictionaries(st.text(max_size=3), st.floats(0, 1), min_size=1, max_size=8))
def test_holm_keeps_the_order_and_never_lowers_a_p(ps: dict[str, float]) -> None:
    found = holm(ps)
    adjusted = [p for name in sorted(ps, key=lambda name: ps[name]) if (p := found[name]) is not None]
    assert len(adjusted) == len(ps)
    assert all(one <= other for one, other in pairwise(adjusted))
    assert all((found[name] or 0) >= p for name, p in ps.items())
    assert min(adjusted) == pytest.approx(min(1, len(ps) * min(ps.values())))


def test_tost_takes_the_larger_p_of_t_and_of_the_flips_on_both_sides() -> None:
    values = [0.3, -0.4, 0.1, 0.2, -0.3, 0.0, 0.25, -0.1]
    t = max(
        stats.ttest_1samp(values, -0.5, alternative="greater").pvalue,
        stats.ttest_1samp(values, 0.5, alternative="less").pvalue,
    )
    flips = max(by_hand([round(0.5 + s * v, 2) * 10 for v in values], two_sided=False) for s in (1, -1))
    assert tost(values, margin=0.5) == pytest.approx(max(t, flips))


@pytest.mark.parametrize(("n", "shown"), [(2, False), (4, False), (5, True), (8, True)])
def test_equal_differences_are_no_proof_of_nothing_below_five_cards(n: int, shown: bool) -> None:
    p = tost([0.0] * n, margin=0.5)
    assert p == 2.0**-n
    assert (p < 0.05) is shown


@pytest.mark.parametrize("shift", [0.5, 0.8, -0.5, -3.0])
def test_what_lies_on_or_beyond_the_margin_is_never_equivalent(shift: float) -> None:
    p = tost([shift + value for value in (0.1, -0.1, 0.2, -0.2, 0.05, -0.05, 0.3, -0.3)], margin=0.5)
    assert p is not None
    assert p >= 0.5


def test_too_little_is_no_equivalence_and_no_margin_is_an_error() -> None:
    assert tost([0.0], margin=0.5) is None
    with pytest.raises(ValueError, match="margin"):
        tost([0.0, 0.1], margin=0.0)


def test_replicates_are_paired_and_averaged_inside_the_card() -> None:
    found = paired_differences(
        {"a": [5.0, 7.0], "b": [4.0, None], "c": [None, 2.0], "d": [1.0]},
        {"a": [4.0, 4.0], "b": [3.0, 9.0], "c": [1.0, None], "e": [2.0, 3.0]},
    )
    assert found.cards == {"a": 2.0, "b": 1.0, "c": None, "d": None, "e": None}
    assert (found.pairs, found.lost) == (3, 1 + 2 + 1 + 2)


def test_ten_replicates_of_one_card_are_one_value() -> None:
    found = paired_differences({"a": [5.0] * 10}, {"a": [4.0] * 10})
    assert estimate(found.cards).n == 1
    assert estimate(found.cards).p == 1.0


def test_what_is_missing_is_counted_and_changes_nothing() -> None:
    cards: dict[str, float | None] = {f"card {n}": value for n, value in enumerate(DRUGS)}
    whole = estimate(cards)
    holed = estimate({"gone": None, **cards, "lost": None})
    assert holed.missing == ("gone", "lost")
    assert replace(holed, missing=()) == whole
    assert whole.mean == pytest.approx(fmean(DRUGS))
    assert whole.sd == pytest.approx(stdev(DRUGS))


def test_nothing_known_is_said_as_nothing() -> None:
    found = estimate({"a": None})
    assert (found.n, found.missing) == (0, ("a",))
    assert (found.mean, found.sd, found.interval, found.bootstrap, found.p) == (None,) * 5


@pytest.mark.parametrize("nonsense", [float("nan"), float("inf")])
def test_a_score_that_is_no_number_is_refused(nonsense: float) -> None:
    with pytest.raises(ValueError, match="finite"):
        estimate({"a": 1.0, "b": nonsense})
    with pytest.raises(ValueError, match="finite"):
        paired_differences({"a": [nonsense]}, {"a": [1.0]})
    with pytest.raises(ValueError, match="finite"):
        sign_flip([nonsense])


def covered(interval: object, n: int, studies: int, seed: int) -> int:
    """How many 95 % intervals of studies with `n` cards hold the true mean, 0.4."""
    assert callable(interval)
    random = np.random.default_rng(seed)
    held = 0
    for _ in range(studies):
        found = interval(list(0.4 + 1.3 * random.standard_normal(n)))
        held += found is not None and found[0] <= 0.4 <= found[1]
    return held


@pytest.mark.parametrize("n", [8, 12])
def test_student_s_interval_covers_as_often_as_it_says(n: int) -> None:
    low, high = stats.binom.interval(0.999, 400, 0.95)
    assert low <= covered(t_interval, n, 400, seed=n) <= high


@pytest.mark.soak
@pytest.mark.parametrize("n", [8, 12])
def test_the_bootstrap_interval_covers_nearly_as_often_as_it_says(n: int) -> None:
    held = covered(bootstrap_interval, n, 2000, seed=n)
    print(f"{n} cards: bootstrap covers {held} of 2000")
    assert 0.94 * 2000 <= held <= 0.98 * 2000


def test_a_plain_normal_interval_would_not_do() -> None:
    """The reason for the trouble: 1.96 standard errors miss far too often at 8 cards."""
    random = np.random.default_rng(8)
    rows = random.standard_normal((4000, 8))
    missed = np.abs(rows.mean(axis=1)) > 1.96 * rows.std(axis=1, ddof=1) / sqrt(8)
    assert missed.mean() > 0.07
