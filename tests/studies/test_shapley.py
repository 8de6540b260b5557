"""Attribution: the axioms that single the values out, games worked by hand, shapiq as a second opinion."""

import sys
from collections.abc import Mapping, Sequence
from importlib import import_module
from importlib.util import find_spec
from itertools import permutations
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from debate.errors import InputError
from debate.studies.sampled_shapley import drawn_coalitions, sampled_shapley
from debate.studies.shapley import (
    Coalition,
    banzhaf_values,
    brackets,
    coalitions,
    missing_coalitions,
    shapley_interactions,
    shapley_values,
)

Game = dict[Coalition, float]
LENSES = ("dams", "markets", "music", "pace", "roots", "tides")

needs_shapiq = pytest.mark.skipif(
    find_spec("shapiq") is None, reason="shapiq, the extra `attribution`, is not installed"
)


@st.composite
def games(draw: st.DrawFn, most: int = 5) -> tuple[Game, tuple[str, ...]]:
    players = LENSES[: draw(st.integers(1, most))]
    scores = draw(st.lists(st.floats(0, 10), min_size=2 ** len(players), max_size=2 ** len(players)))
    return dict(zip(coalitions(players), scores, strict=True)), players


def gain(game: Game, players: Sequence[str]) -> float:
    return game[frozenset(players)] - game[frozenset()]


@given(games())
def test_the_values_share_out_the_whole_gain(drawn: tuple[Game, tuple[str, ...]]) -> None:
    game, players = drawn
    assert sum(shapley_values(game, players).values()) == pytest.approx(gain(game, players), abs=1e-9)


@given(games())
def test_main_effects_and_pairs_share_out_the_whole_gain(drawn: tuple[Game, tuple[str, ...]]) -> None:
    game, players = drawn
    found = shapley_interactions(game, players)
    assert sum([*found.main.values(), *found.pairs.values()]) == pytest.approx(gain(game, players), abs=1e-9)


@given(games())
def test_the_shapley_value_is_the_mean_over_all_orders_of_arrival(
    drawn: tuple[Game, tuple[str, ...]],
) -> None:
    game, players = drawn
    orders = list(permutations(players))
    for player, value in shapley_values(game, players).items():
        added = [
            game[frozenset(order[: order.index(player) + 1])] - game[frozenset(order[: order.index(player)])]
            for order in orders
        ]
        assert value == pytest.approx(sum(added) / len(orders), abs=1e-9)


@given(games())
def test_players_that_add_the_same_everywhere_get_the_same(drawn: tuple[Game, tuple[str, ...]]) -> None:
    game, players = drawn
    twins = {  # a game that cannot tell the first player from a newcomer
        coalition: game[frozenset(p if p != "twin" else players[0] for p in coalition)]
        for coalition in coalitions((*players, "twin"))
    }
    for values in (shapley_values, banzhaf_values):
        found = values(twins, (*players, "twin"))
        assert found["twin"] == pytest.approx(found[players[0]], abs=1e-9)


@given(games(), st.floats(-3, 3))
def test_a_player_that_always_adds_the_same_gets_that_and_changes_no_other(
    drawn: tuple[Game, tuple[str, ...]], worth: float
) -> None:
    game, players = drawn
    wider = {
        coalition: game[coalition - {"extra"}] + (worth if "extra" in coalition else 0.0)
        for coalition in coalitions((*players, "extra"))
    }
    for values in (shapley_values, banzhaf_values):
        before, after = values(game, players), values(wider, (*players, "extra"))
        assert after.pop("extra") == pytest.approx(worth, abs=1e-9)
        assert after == pytest.approx(before, abs=1e-9)
    pairs = shapley_interactions(wider, (*players, "extra")).pairs
    assert [effect for pair, effect in pairs.items() if "extra" in pair] == pytest.approx(
        [0.0] * len(players), abs=1e-9
    )


@given(games(most=4), st.permutations(LENSES[:4]))
def test_the_order_of_players_does_not_matter(drawn: tuple[Game, tuple[str, ...]], order: list[str]) -> None:
    game, players = drawn
    shuffled = [player for player in order if player in players]
    assert shapley_values(game, shuffled) == pytest.approx(shapley_values(game, players))
    assert shapley_interactions(game, shuffled).pairs == pytest.approx(
        shapley_interactions(game, players).pairs
    )


def known(coalition: Coalition) -> float:
    """dams and tides say the same, worth 2; pace needs roots, worth 1; markets harms; music idles."""
    return (
        4.0
        + 2.0 * bool(coalition & {"dams", "tides"})
        + 1.0 * (coalition >= {"pace", "roots"})
        - 0.5 * ("markets" in coalition)
    )


KNOWN = {coalition: known(coalition) for coalition in coalitions(LENSES)}


def test_values_of_a_known_panel_are_recovered() -> None:
    expected = {"dams": 1.0, "tides": 1.0, "pace": 0.5, "roots": 0.5, "markets": -0.5, "music": 0.0}
    assert shapley_values(KNOWN, LENSES) == pytest.approx(expected)
    assert banzhaf_values(KNOWN, LENSES) == pytest.approx(expected)


def test_interactions_tell_lenses_that_repeat_each_other_from_lenses_that_need_each_other() -> None:
    found = shapley_interactions(KNOWN, LENSES)
    pairs = {pair: effect for pair, effect in found.pairs.items() if abs(effect) > 1e-12}
    assert pairs == pytest.approx({frozenset({"dams", "tides"}): -2.0, frozenset({"pace", "roots"}): 1.0})
    assert found.main == pytest.approx(
        {"dams": 2.0, "tides": 2.0, "pace": 0.0, "roots": 0.0, "markets": -0.5, "music": 0.0}
    )


def test_leave_one_out_alone_would_miss_what_the_bracket_holds() -> None:
    found = brackets(KNOWN, LENSES)
    assert (found["dams"].leave_one_out, found["dams"].add_one_in) == (0.0, 2.0)
    assert (found["pace"].leave_one_out, found["pace"].add_one_in) == (1.0, 0.0)
    for lens, value in shapley_values(KNOWN, LENSES).items():
        low, high = sorted((found[lens].leave_one_out or 0.0, found[lens].add_one_in or 0.0))
        assert low - 1e-9 <= value <= high + 1e-9


def test_a_bracket_takes_only_its_own_coalitions() -> None:
    everyone = frozenset(LENSES)
    few: Mapping[Coalition, float | None] = {
        everyone: 6.5,
        everyone - {"dams"}: 6.0,
        everyone - {"music"}: None,
    }
    found = brackets(few, LENSES)
    assert (found["dams"].leave_one_out, found["dams"].add_one_in) == (0.5, None)
    assert found["music"].leave_one_out is None


@pytest.mark.parametrize("values", [shapley_values, banzhaf_values, shapley_interactions])
@pytest.mark.parametrize("hole", [None, float("nan")])
def test_an_incomplete_table_is_refused_and_its_holes_can_be_asked_for(
    values: Any, hole: float | None
) -> None:
    holed: dict[Coalition, float | None] = {**KNOWN, frozenset({"dams", "pace"}): hole}
    with pytest.raises(ValueError, match=r"1 of 64 coalitions have no score \(the first: dams \+ pace\)"):
        values(holed, LENSES)
    assert missing_coalitions({**KNOWN, frozenset({"pace"}): None}, LENSES) == (frozenset({"pace"}),)
    assert missing_coalitions({}, LENSES[:2]) == tuple(coalitions(LENSES[:2]))


def test_a_player_sits_once() -> None:
    with pytest.raises(ValueError, match="sits twice"):
        shapley_values(KNOWN, ("dams", "dams"))


def test_ten_players_are_no_burden() -> None:
    players = [f"lens {n}" for n in range(10)]
    game = {coalition: float(len(coalition) ** 2) for coalition in coalitions(players)}
    assert shapley_values(game, players) == pytest.approx(dict.fromkeys(players, 10.0))
    pairs = shapley_interactions(game, players).pairs
    assert len(pairs) == 45
    assert list(pairs.values()) == pytest.approx([2.0] * 45)


@needs_shapiq
@pytest.mark.parametrize("k", [2, 3, 4, 6, 8, 10])
def test_shapiq_finds_the_same_to_nine_places(k: int) -> None:
    shapiq: Any = import_module("shapiq")

    players = [f"lens {n}" for n in range(k)]
    random = np.random.default_rng(k)
    game = {coalition: float(random.uniform(0, 10)) for coalition in coalitions(players)}

    def scores(rows: Any) -> Any:
        named = ([p for p, sits in zip(players, row, strict=True) if sits] for row in rows)
        return np.array([game[frozenset(names)] for names in named])

    exact = shapiq.ExactComputer(game=scores, n_players=k)
    for index, mine in (("SV", shapley_values), ("BV", banzhaf_values)):
        theirs = exact(index, 1)
        for place, player in enumerate(players):
            assert abs(mine(game, players)[player] - float(theirs[(place,)])) < 1e-9, index
    pairs = exact("k-SII", 2)
    found = shapley_interactions(game, players)
    for place, player in enumerate(players):
        assert abs(found.main[player] - float(pairs[(place,)])) < 1e-9
        for other in range(place + 1, k):
            assert abs(found.pairs[frozenset({player, players[other]})] - float(pairs[(place, other)])) < 1e-9


@needs_shapiq
def test_a_sample_is_drawn_first_filled_later_and_never_asks_for_more() -> None:
    players = [f"lens {n}" for n in range(9)]
    drawn = drawn_coalitions(players, seed=5)
    assert len(drawn) == len(set(drawn)) <= 8 * 9
    assert {frozenset[str](), frozenset(players)} <= set(drawn)
    assert drawn == drawn_coalitions(players, seed=5) != drawn_coalitions(players, seed=6)
    worth = {player: place / 10 for place, player in enumerate(players)}
    table = {coalition: 3 + sum(worth[player] for player in coalition) for coalition in drawn}
    found = sampled_shapley(table, players, seed=5)
    assert found.values == pytest.approx(worth, abs=1e-6)
    assert found.method in {"LeverageSHAP", "KernelSHAP"}
    with pytest.raises(ValueError, match="no score for no lens"):
        sampled_shapley({c: v for c, v in table.items() if c}, players, seed=5)


@needs_shapiq
def test_a_sample_comes_near_the_exact_values_where_lenses_overlap() -> None:
    players = [f"lens {n}" for n in range(8)]
    game = {coalition: 10.0 * (1 - 0.7 ** len(coalition)) for coalition in coalitions(players)}
    exact = shapley_values(game, players)
    found, cheap = sampled_shapley(game, players, seed=1).values, brackets(game, players)
    errors = [abs(found[player] - exact[player]) for player in players]
    cheap_errors = [abs((cheap[player].leave_one_out or 0.0) - exact[player]) for player in players]
    assert sum(errors) < sum(cheap_errors) / 3


def test_without_the_extra_the_error_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "shapiq", None)
    with pytest.raises(InputError, match=r"pip install 'lens-debate\[attribution\]'"):
        drawn_coalitions(LENSES)
