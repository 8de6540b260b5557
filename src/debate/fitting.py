"""Fitting: which lenses of a library speak to a problem, and why, by rule.

A lens is held against the card's visible facts in three ways: the shapes of trouble it names and code finds
in them (`debate.cards.signals`), the words of its signals and moves, and how much of its own vocabulary the
facts share. A lens that words its moves for the case's domain is at home there, and that counts too. What few
lenses listen for counts more than what all do (inverse document frequency, Spärck
Jones 1972), and the second word of one signal less than the first. Nothing of the card's answer key is
read, least of all the lenses it expects.
"""

import math
import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from debate.cards.facts import Fact
from debate.cards.lens import LensCard
from debate.cards.moves import listed
from debate.cards.signals import find_signals
from debate.words import stems

# Set on the textbook cases and on half of the shipped problems: see benchmarks/choice.py and docs/lenses.md.
_SHAPE, _SPOKEN, _MOVE, _VOCABULARY, _AT_HOME = 1.0, 1.0, 0.35, 6.0, 1.0
_SHARE_OF_NEXT = 0.5  # what each further word of one signal counts of the one before it


@dataclass(frozen=True, slots=True)
class Reason:
    """One thing that speaks for a lens: what it is, the facts that show it, and how much it counts."""

    text: str
    facts: tuple[str, ...]
    weight: float


@dataclass(frozen=True, slots=True)
class Fit:
    """How well a lens fits a problem. `score` orders lenses of one library and means nothing beyond."""

    lens: LensCard
    score: float
    reasons: tuple[Reason, ...]


def ranked(facts: Sequence[Fact], lenses: Sequence[LensCard], domain: str = "") -> list[Fit]:
    """All lenses, best first; equals by id. `domain` is the case's, "" where the card names none."""
    rarity = _Rarity(lenses)
    shapes = {shape.name: shape.facts for shape in find_signals(facts)}
    said = [(fact.id, fact.text.casefold()) for fact in facts]
    spoken = _content(fact.text for fact in facts)
    fits = [_fit(lens, shapes, said, spoken, rarity, domain=domain) for lens in lenses]
    return sorted(fits, key=lambda fit: (-fit.score, fit.lens.id))


class _Rarity:
    """How rare each word and shape is among the lenses: 1 for what one of many has, near 0 for what all
    have.
    """

    def __init__(self, lenses: Sequence[LensCard]) -> None:
        self._lenses = max(len(lenses), 1)
        self._words = Counter(word for lens in lenses for word in _words_of(lens))
        self._shapes = Counter(name for lens in lenses for name in _shapes_of(lens))
        self._stems = Counter(stem for lens in lenses for stem in vocabulary(lens))

    def word(self, word: str) -> float:
        return self._of(self._words[word.casefold()])

    def shape(self, name: str) -> float:
        return self._of(self._shapes[name])

    def stem(self, stem: str) -> float:
        return self._of(self._stems[stem])

    def _of(self, count: int) -> float:
        return math.log((self._lenses + 1) / (count + 0.5)) / math.log((self._lenses + 1) / 0.5)


def vocabulary(lens: LensCard) -> frozenset[str]:
    """Stems of what the lens says of itself: what it sees, when it applies, what it asks."""
    return stems(" ".join((lens.sees, *lens.applies, *lens.questions)))


def _fit(
    lens: LensCard,
    shapes: Mapping[str, tuple[str, ...]],
    said: Sequence[tuple[str, str]],
    spoken: frozenset[str],
    rarity: _Rarity,
    *,
    domain: str,
) -> Fit:
    reasons = [
        Reason(name, shapes[name], _SHAPE * rarity.shape(name)) for name in _shapes_of(lens) if name in shapes
    ]
    for signal in lens.signals:
        reasons += _heard(signal.name, signal.words, said, rarity, _SPOKEN)
    for move in lens.moves:
        reasons += _heard(move.name, listed(move.within(domain).get("words", "")), said, rarity, _MOVE)
    own = vocabulary(lens)
    shared = own & spoken
    total = sum(rarity.stem(stem) for stem in own) or 1.0
    overlap = sum(rarity.stem(stem) for stem in shared) / total
    score = (
        sum(reason.weight for reason in reasons) + _VOCABULARY * overlap + _AT_HOME * _at_home(lens, domain)
    )
    return Fit(lens, round(score, 4), tuple(sorted(reasons, key=lambda reason: -reason.weight)))


def _at_home(lens: LensCard, domain: str) -> float:
    """Share of the lens's moves that are worded for the domain."""
    worded = sum(move.within(domain) != move.slots for move in lens.moves)
    return worded / max(len(lens.moves), 1)


def _heard(
    name: str, words: Iterable[str], said: Sequence[tuple[str, str]], rarity: _Rarity, weight: float
) -> list[Reason]:
    """The reason that some of `words` start a word in the facts; none when they do not."""
    hits: dict[str, list[str]] = {}
    for word in words:
        pattern = re.compile(rf"(?<!\w){re.escape(word.casefold())}")
        if facts := [id_ for id_, text in said if pattern.search(text)]:
            hits[word] = facts
    if not hits:
        return []
    counts = sorted((rarity.word(word) for word in hits), reverse=True)
    value = sum(count * _SHARE_OF_NEXT**n for n, count in enumerate(counts))
    shown = tuple(dict.fromkeys(id_ for ids in hits.values() for id_ in ids))
    return [Reason(f"{name} ({', '.join(hits)})", shown, weight * value)]


def _content(texts: Iterable[str]) -> frozenset[str]:
    return stems(" ".join(texts))


def _words_of(lens: LensCard) -> frozenset[str]:
    moves = (listed(move.slots.get("words", "")) for move in lens.moves)
    return frozenset(
        word.casefold() for words in (*(signal.words for signal in lens.signals), *moves) for word in words
    )


def _shapes_of(lens: LensCard) -> list[str]:
    """Names of shapes that the lens's signals or moves name, each once."""
    named = [signal.name.casefold() for signal in lens.signals]
    named += [name for move in lens.moves for name in listed(move.slots.get("signals", ""))]
    return list(dict.fromkeys(named))
