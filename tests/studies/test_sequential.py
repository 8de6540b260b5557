"""The e-process: a fair game under the null, quick under an effect, valid whenever one looks."""

from itertools import product
from math import cosh, exp

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from debate.studies.sequential import STAKES, e_process

points = st.floats(-10, 10)


@given(st.lists(points, max_size=8))
def test_the_evidence_is_the_mean_over_stakes_of_the_products(values: list[float]) -> None:
    products = [np.prod([exp(stake * d) / cosh(stake * d) for d in values]) for stake in STAKES]
    path = e_process(values).path
    assert len(path) == len(values)
    assert (path[-1] if path else 1.0) == pytest.approx(float(np.mean(products)))


@given(st.lists(points, min_size=1, max_size=6))
def test_over_all_patterns_of_signs_the_evidence_is_worth_one_on_average(sizes: list[float]) -> None:
    ends = [
        e_process([s * d for s, d in zip(signs, sizes, strict=True)]).path[-1]
        for signs in product((1, -1), repeat=len(sizes))
    ]
    assert np.mean(ends) == pytest.approx(1.0)


@given(st.lists(points, max_size=8))
def test_harm_counts_as_much_as_help(values: list[float]) -> None:
    assert e_process([-value for value in values]).path == pytest.approx(e_process(values).path)


def test_it_stops_at_the_first_card_with_enough_and_its_p_remembers_the_most() -> None:
    found = e_process([3.0] * 9 + [-3.0] * 9)
    assert found.stopped is not None
    assert found.path[found.stopped - 1] >= 20 > found.path[found.stopped - 2]
    assert found.p == 1 / max(found.path) < 1 / found.path[-1]


@pytest.mark.parametrize("values", [[], [0.0] * 50])
def test_without_differences_there_is_no_evidence(values: list[float]) -> None:
    found = e_process(values)
    assert (found.stopped, found.p) == (None, 1.0)


def test_no_study_stops_before_its_sixth_card() -> None:
    assert e_process([10.0] * 40).stopped == 6


def test_a_thousand_cards_overflow_nothing() -> None:
    found = e_process([10.0] * 3000)
    assert np.isfinite(found.path[-1])
    assert 0 < found.p < 1e-300


@pytest.mark.parametrize("tails", ["normal", "t3", "tenths"])
def test_looking_after_each_of_forty_cards_errs_no_more_often_than_it_says(tails: str) -> None:
    random = np.random.default_rng(7)
    studies = {
        "normal": 1.3 * random.standard_normal((300, 40)),
        "t3": random.standard_t(3, (300, 40)),
        "tenths": np.round(random.standard_normal((300, 40)), 1),
    }[tails]
    stopped = sum(e_process(list(study)).stopped is not None for study in studies)
    assert stopped <= stats.binom.ppf(0.999, 300, 0.05)


@pytest.mark.parametrize(("effect", "cards"), [(1.0, 17), (2.0, 8)])
def test_an_effect_is_found_in_about_as_many_cards_as_known(effect: float, cards: int) -> None:
    random = np.random.default_rng(11)
    stops = [e_process(list(effect + 1.3 * random.standard_normal(120))).stopped or 999 for _ in range(300)]
    assert np.median(stops) == pytest.approx(cards, abs=2)
