"""Attribution: what each lens contributes, from the scores of panels that hold it and panels that do not.

A game is a table from coalitions (frozensets of lenses) to a score in points, None where it is missing. Which
game it is, the reader must know: in *replacement* an absent lens leaves a neutral agent in its seat, in
*removal* the seat is gone; the two have different values.

Leave-one-out finds nothing in two lenses that say the same, each being covered by the other; add-one-in
credits both in full. The Shapley value lies between and shares the sum out without remainder, but takes all
2^k coalitions. Values are of one card; cards are then the unit of the tests in `statistics`.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import chain, combinations
from math import factorial, fsum, isfinite

Coalition = frozenset[str]
Table = Mapping[Coalition, float | None]


@dataclass(frozen=True, slots=True)
class Bracket:
    """One lens between its two cheap estimates, in points; None where a coalition it takes is missing."""

    leave_one_out: float | None
    add_one_in: float | None


@dataclass(frozen=True, slots=True)
class Interactions:
    """Main effects by lens and effects of pairs, in points: all of them add up to what the panel gains.

    A pair above zero works only, or better, together; one below zero says the same thing twice.
    """

    main: Mapping[str, float]
    pairs: Mapping[frozenset[str], float]


def coalitions(players: Sequence[str]) -> Iterator[Coalition]:
    """All 2^k sets of players, small ones first."""
    return (
        frozenset(chosen) for chosen in chain.from_iterable(combinations(players, k) for k in _sizes(players))
    )


def missing_coalitions(table: Table, players: Sequence[str]) -> tuple[Coalition, ...]:
    """The coalitions without a score; exact values can be had when there are none."""
    return tuple(coalition for coalition in coalitions(players) if table.get(coalition) is None)


def shapley_values(table: Table, players: Sequence[str]) -> dict[str, float]:
    """Each player's mean contribution over all orders of arrival, in points (Shapley, 1953).

    They add up to the score of all players less that of none. ValueError unless all 2^k scores are there.
    """
    scores, k = _complete(table, players), len(players)

    def weight(size: int) -> float:
        return factorial(size) * factorial(k - size - 1) / factorial(k)

    return {player: _index(scores, players, (player,), weight) for player in players}


def banzhaf_values(table: Table, players: Sequence[str]) -> dict[str, float]:
    """Each player's mean contribution over all coalitions of the others, in points (Banzhaf, 1965).

    They need not add up, and bear noisy scores better than Shapley values. ValueError unless all 2^k scores
    are there.
    """
    scores, share = _complete(table, players), 0.5 ** (len(players) - 1)
    return {player: _index(scores, players, (player,), lambda _: share) for player in players}


def shapley_interactions(table: Table, players: Sequence[str]) -> Interactions:
    """Shapley interactions of pairs and what is left for each player alone, in points.

    Pairs are the interaction index (Grabisch and Roubens, 1999); half of each is taken from both players'
    Shapley values, so that main effects and pairs add up: k-SII of order 2 (Lundberg et al., 2020; Bordt and
    von Luxburg, 2023). ValueError unless all 2^k scores are there.
    """
    scores, k = _complete(table, players), len(players)

    def weight(size: int) -> float:
        return factorial(size) * factorial(k - size - 2) / factorial(k - 1)

    pairs = {frozenset(pair): _index(scores, players, pair, weight) for pair in combinations(players, 2)}
    main = {
        player: value - fsum(effect for pair, effect in pairs.items() if player in pair) / 2
        for player, value in shapley_values(table, players).items()
    }
    return Interactions(main, pairs)


def brackets(table: Table, players: Sequence[str]) -> dict[str, Bracket]:
    """Leave-one-out and add-one-in of each player, in points, from as few as 2k + 2 coalitions.

    Where lenses only overlap the first is the lower end and the second the upper one; where they need one
    another it is the other way round.
    """
    everyone, nobody = frozenset(players), frozenset[str]()
    return {
        player: Bracket(
            leave_one_out=_less(table.get(everyone), table.get(everyone - {player})),
            add_one_in=_less(table.get(frozenset({player})), table.get(nobody)),
        )
        for player in players
    }


def _sizes(players: Sequence[str]) -> range:
    return range(len(players) + 1)


def _less(whole: float | None, part: float | None) -> float | None:
    return None if whole is None or part is None else whole - part


def _complete(table: Table, players: Sequence[str]) -> dict[Coalition, float]:
    """The table without its Nones, which it must not have."""
    if len(set(players)) < len(players):
        raise ValueError(f"a player sits twice: {', '.join(players)}")
    scores = {
        coalition: score
        for coalition in coalitions(players)
        if (score := table.get(coalition)) is not None and isfinite(score)
    }
    lacking = [coalition for coalition in coalitions(players) if coalition not in scores]
    if lacking:
        first = " + ".join(sorted(lacking[0])) or "no lens"
        raise ValueError(
            f"{len(lacking)} of {2 ** len(players)} coalitions have no score (the first: {first}); "
            "exact values take all of them"
        )
    return scores


def _index(
    scores: Mapping[Coalition, float],
    players: Sequence[str],
    together: tuple[str, ...],
    weight: Callable[[int], float],
) -> float:
    """The weighted mean, over coalitions of the others, of what `together` add beyond their parts."""
    others = [player for player in players if player not in together]
    parts = [(part, (-1) ** (len(together) - len(part))) for part in coalitions(together)]
    return fsum(
        weight(len(coalition)) * sign * scores[coalition | part]
        for coalition in coalitions(others)
        for part, sign in parts
    )
