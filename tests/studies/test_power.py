"""What so many cards can show: figures from independent simulation, and from theory."""

from itertools import pairwise

import pytest
from scipy import stats

from debate.studies.power import cards_needed, fewest_cards, minimum_detectable_effect


@pytest.mark.parametrize(("family", "cards"), [(1, 6), (5, 8), (20, 10)])
def test_significance_takes_a_number_of_cards_that_grows_with_the_family(family: int, cards: int) -> None:
    assert fewest_cards(family=family) == cards
    assert family * 2.0 ** (1 - cards) < 0.05 <= family * 2.0 ** (2 - cards)


def test_a_p_equal_to_alpha_is_not_below_it() -> None:
    assert fewest_cards(alpha=1 / 16) == 6  # log2(2 / alpha) is 5, and 5 cards reach exactly 1/16


@pytest.mark.parametrize(("alpha", "family"), [(0.0, 1), (1.0, 1), (0.05, 0)])
def test_a_test_that_cannot_be_is_refused(alpha: float, family: int) -> None:
    with pytest.raises(ValueError, match="no test"):
        fewest_cards(alpha=alpha, family=family)


# Cards, family, effect in standard deviations: simulated apart from this code.
DETECTABLE = [
    (6, 1, 1.43), (8, 1, 1.16), (10, 1, 1.00), (12, 1, 0.89), (20, 1, 0.66), (30, 1, 0.53),
    (8, 5, 1.60), (10, 5, 1.33), (12, 5, 1.17), (20, 5, 0.84), (30, 5, 0.66),
]  # fmt: skip


@pytest.mark.parametrize(("cards", "family", "effect"), DETECTABLE)
def test_the_detectable_effect_is_as_simulated(cards: int, family: int, effect: float) -> None:
    assert minimum_detectable_effect(cards, 1.0, family=family) == pytest.approx(effect, abs=0.01)
    assert minimum_detectable_effect(cards, 1.3, family=family) == pytest.approx(1.3 * effect, abs=0.02)


@pytest.mark.parametrize(("cards", "sd", "family"), [(5, 1.0, 1), (7, 1.0, 5), (0, 1.0, 1), (12, 0.0, 1)])
def test_nothing_can_be_detected_below_the_fewest_cards_or_without_a_spread(
    cards: int, sd: float, family: int
) -> None:
    assert minimum_detectable_effect(cards, sd, family=family) is None


def test_the_detectable_effect_is_found_by_t_with_the_power_it_says() -> None:
    effect = minimum_detectable_effect(12, 1.3, family=3)
    assert effect is not None
    bar = stats.t.ppf(1 - 0.05 / 6, 11)
    assert stats.nct.sf(bar, 11, effect / 1.3 * 12**0.5) == pytest.approx(0.8, abs=1e-6)


# The equivalence test is what asks for most cards here: sd, margin, cards.
EQUIVALENT = [(0.8, 0.5, 24), (1.0, 0.5, 36), (1.3, 0.5, 60), (0.8, 1.0, 8), (1.0, 1.0, 11), (1.3, 1.0, 16)]


@pytest.mark.parametrize(("sd", "margin", "cards"), EQUIVALENT)
def test_the_cards_needed_are_as_simulated(sd: float, margin: float, cards: int) -> None:
    assert cards_needed(sd, margin) == cards


def test_more_cards_are_needed_for_less_effect_more_spread_and_more_lenses() -> None:
    for series in (
        [cards_needed(1.3, effect) for effect in (2.0, 1.0, 0.5, 0.1)],
        [cards_needed(sd, 0.5) for sd in (0.3, 0.6, 1.3, 2.6)],
        [cards_needed(1.3, 0.5, family=family) for family in (1, 3, 6, 20)],
    ):
        numbers = [number for number in series if number is not None]
        assert len(numbers) == 4
        assert all(one <= other for one, other in pairwise(numbers))
        assert numbers[0] < numbers[-1]


def test_no_number_of_cards_is_named_that_no_study_has() -> None:
    assert cards_needed(3.0, 0.001) is None


def test_without_a_spread_the_fewest_cards_are_named() -> None:
    assert cards_needed(0.0, 0.5, family=5) == 8
