"""Distances: how like two claims are.

The judge asks one object for this, so that another measure can take the place of the lexical one. That one
goes by words, which makes it paraphrase-blind: the same idea in other words looks new, and its note says so
in every verdict.
"""

import math
from collections import Counter
from collections.abc import Callable
from functools import lru_cache
from typing import Final, Protocol

from debate.judging.text import Claim
from debate.judging.words import GENERIC

_ONE_WORD = 0.5  # how far one shared word tells that an idea is the same


class Distance(Protocol):
    """A measure of likeness. `note` is told beside every score that rests on it."""

    @property
    def note(self) -> str:
        """What a reader must know of it."""
        ...

    def similarity(self, claim: Claim, known: Claim, familiar: Callable[[str], bool]) -> float:
        """How much of `known` is in `claim`, 0 to 1. Words that are `familiar` are the problem's own."""
        ...


class Lexical:
    """By shared stems, shared letter triples, or one claim's telling words being in the other."""

    note: Final = "Measured by words, so paraphrase-blind: the same idea in other words counts as new."

    def similarity(self, claim: Claim, known: Claim, familiar: Callable[[str], bool]) -> float:
        """See `similarity`."""
        return similarity(claim, known, familiar)


LEXICAL: Final = Lexical()


def similarity(claim: Claim, known: Claim, familiar: Callable[[str], bool] = GENERIC.__contains__) -> float:
    """How much of `known` is in `claim`, 0 to 1: by shared stems, shared letter triples, or `known` being
    contained.

    Words that are `familiar` (the problem's own) do not count as containing an idea.
    """
    shared = sum(s in known.stems for s in claim.stems)
    cosine = shared / math.sqrt(len(claim.stems) * len(known.stems)) if shared else 0.0
    telling = [s for s in known.stems if not familiar(s)]
    contained = sum(s in claim.stems for s in telling) / len(telling) if telling else 0.0
    if len(telling) == 1:
        contained *= _ONE_WORD
    return max(cosine, contained, _triples(claim, known))


def _triples(one: Claim, other: Claim) -> float:
    a, b = _letters(one.stems), _letters(other.stems)
    dot = sum(n * b[t] for t, n in a.items())
    norm = math.sqrt(sum(n * n for n in a.values()) * sum(n * n for n in b.values()))
    return dot / norm if norm else 0.0


@lru_cache(maxsize=4096)
def _letters(words: tuple[str, ...]) -> Counter[str]:
    return Counter(f" {w} "[i : i + 3] for w in words for i in range(len(w)))
