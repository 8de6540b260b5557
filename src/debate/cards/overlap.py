"""Overlap: lenses that say the same.

A lens is its moves. Two moves are twins when most content words of what they suspect, measure and test are
the same; two cards that have most of their moves as twins are one lens under two names.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import combinations

from debate.cards.lens import LensCard
from debate.cards.moves import Move
from debate.words import stems

#: Share of words two moves have in common from which on they say the same.
SAME = 0.5
_SAYING = ("suspect", "because", "measure", "test", "change")


@dataclass(frozen=True, slots=True)
class Twins:
    """Moves of two lenses that say the same: pairs of names, and whether they make the lenses one."""

    one: LensCard
    other: LensCard
    moves: tuple[tuple[Move, Move], ...]

    @property
    def same_lens(self) -> bool:
        """True when at least half of the moves of the card that has fewer are said by the other as well."""
        return 2 * len(self.moves) >= min(len(self.one.moves), len(self.other.moves))


def twins(lenses: Sequence[LensCard]) -> list[Twins]:
    """Every pair of lenses with a move in common, in the order of the lenses."""
    said = {id(move): stems(_said(move)) for lens in lenses for move in lens.moves}
    found = []
    for one, other in combinations(lenses, 2):
        pairs = tuple(_pairs(one, other, said))
        if pairs:
            found.append(Twins(one, other, pairs))
    return found


def _pairs(one: LensCard, other: LensCard, said: dict[int, frozenset[str]]) -> Iterator[tuple[Move, Move]]:
    for move in one.moves:
        for theirs in other.moves:
            words, their_words = said[id(move)], said[id(theirs)]
            union = words | their_words
            if union and len(words & their_words) / len(union) >= SAME:
                yield move, theirs


def _said(move: Move) -> str:
    return " ".join(move.slots.get(slot, "") for slot in _SAYING)
