"""Lens Relevance: is a lens at work in the answer, or only named?

A lens's *own words* are the ones its card keeps coming back to and the problem does not use. A claim applies
a lens when it is about the case and uses such words; what a placebo lens about bees would get the same way
is taken off, and an answer whose own ideas are not tied to the case applies nothing to it. Naming a lens
counts, but an answer that only names one stays below the top band. Where no lens card is given, the lenses
the problem card names are known by name and gloss alone.
"""

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from debate.cards.lens import LensCard
from debate.judging.case import Case, Feature
from debate.judging.ideas import own_tie
from debate.judging.sentences import quote
from debate.judging.text import Answer, Claim
from debate.judging.words import GENERIC, content, fold, stems

_OFTEN = 2  # how much more often than in the other lenses a word comes that is a lens's own
_NAMED = 0.45
_ENOUGH_APPLIED, _ENOUGH_WORDS = 5, 3
_ONE_WORD = 0.5  # what a claim counts that has one own word, which may be chance
_APPLIED = 1.5  # claims from which on a lens is applied, not only named
_NAMED_ONLY_CEILING = 6.0
# In the manner of a lens card, about keeping bees.
_PLACEBO = """
A hive keeps its brood at one warmth all winter. Bees huddle in a cluster, and those at its rim move inward in
turn. Suspect the honey stores are too far from the cluster, because bees that are cold cannot climb to a full
comb. Weigh the hive in autumn and at the first blossom; a swarm in spring means the queen had too little
room. Move two frames of stores beside the brood and close the entrance to a finger's breadth. Who: one
beekeeper. Rival: mites weaken the colony, and then even a heavy hive dies.
"""
_STAND_IN = re.compile(r"\[[^\]]*\]")


@dataclass(frozen=True, slots=True)
class _Voice:
    """A lens as the judge can hear it: the names people use for it, folded, and its own words."""

    name: str
    names: re.Pattern[str]
    words: frozenset[str]


def lens_relevance(case: Case, answer: Answer) -> Feature:
    """Named (under a half) plus applied (the rest), 0 to 1."""
    voices = _voices(case)
    if not voices:
        return Feature(0.0, ("No lens was given and the card names none.",))
    claims = [c for c in answer.claims if case.on_topic(c)]
    texts = [fold(c.text) for c in claims]
    named = [v for v in voices if any(v.names.search(text) for text in texts)]
    applied = [(c, v, own) for c in claims for v, own in [_speaks(case, c, voices)] if v is not None]
    applied.sort(key=lambda each: -len(each[2]))
    # What a lens that does not fit would get by chance is no application, nor is speaking of something else.
    chance = _weight(own for c in claims for _, own in [_speaks(case, c, (_placebo(case),))])
    weight = max(0.0, _weight(own for _, _, own in applied) - chance) * own_tie(case, answer)
    used = {word for _, _, own in applied for word in own}
    share = min(1.0, weight / _ENOUGH_APPLIED) * min(1.0, len(used) / _ENOUGH_WORDS)
    value = (_NAMED if named else 0.0) + (1 - _NAMED) * share
    only_named = weight < _APPLIED
    reasons = [
        f"Named: {', '.join(v.name for v in named)}." if named else "No lens is named.",
        f"{len(applied)} claims use a lens's own words"
        + (f", e.g. {_told(*applied[0])}." if applied else "."),
    ]
    if named and only_named:
        reasons.append("Naming a lens without applying it stays below the top band.")
    if not case.lenses:
        reasons.append(
            "No lens card was given: lenses are known only by the names and glosses in the problem card."
        )
    return Feature(value, tuple(reasons), _NAMED_ONLY_CEILING if only_named else None)


def _weight(own_words: Iterable[tuple[str, ...]]) -> float:
    return sum(1.0 if len(own) > 1 else _ONE_WORD for own in own_words if own)


def _placebo(case: Case) -> _Voice:
    """A lens that fits no case, for comparison; words the case has itself are left out."""
    return _Voice("placebo", _any_of(), frozenset(content(_PLACEBO)) - case.field)


def _voices(case: Case) -> tuple[_Voice, ...]:
    if not case.lenses:
        return tuple(
            _Voice(r.lens, _any_of(r.lens), frozenset(content(f"{r.lens} {r.gloss}")) - case.core)
            for r in case.card.relevance
            if r.level != "low"
        )
    counts = [_counts(lens, case) for lens in case.lenses]
    return tuple(
        _voice(lens, own, [other for other in counts if other is not own], case)
        for lens, own in zip(case.lenses, counts, strict=True)
    )


def _counts(lens: LensCard, case: Case) -> Counter[str]:
    """How often a lens's card uses each specific word that the problem does not use; stand-ins left out."""
    texts = [lens.name, *lens.aliases, lens.sees, *lens.applies, *lens.questions]
    texts += [word for signal in lens.signals for word in signal.words]
    for move in lens.moves:
        texts += [
            move.name,
            *(move.slots.get(slot, "") for slot in ("suspect", "because", "change", "rival")),
        ]
    words = (s for text in texts for s in stems(_STAND_IN.sub(" ", text)))
    return Counter(s for s in words if s not in case.core and s not in GENERIC)


def _voice(lens: LensCard, counts: Counter[str], others: Sequence[Counter[str]], case: Case) -> _Voice:
    """The lens with its own words: those that come clearly more often than in the other lenses on average."""
    usual = {s: sum(other[s] for other in others) / max(1, len(others)) for s in counts}
    own = [s for s, n in counts.items() if n - usual[s] >= _OFTEN]
    own += [s for s in content(lens.name) if s not in case.core]
    return _Voice(lens.name, _any_of(lens.name, *lens.aliases), frozenset(own))


def _any_of(*names: str) -> re.Pattern[str]:
    known = "|".join(re.escape(fold(name)) for name in names if name.strip())
    return re.compile(rf"(?<!\w)(?:{known or '(?!)'})(?!\w)")


def _speaks(case: Case, claim: Claim, voices: Sequence[_Voice]) -> tuple[_Voice | None, tuple[str, ...]]:
    """The voice that claim speaks with most and the own words used, names taken out; None without any."""
    words = tuple(dict.fromkeys(stems(case.unnamed(claim).text)))
    best: tuple[_Voice | None, tuple[str, ...]] = (None, ())
    for voice in voices:
        own = tuple(s for s in words if s in voice.words)
        if len(own) > len(best[1]):
            best = (voice, own)
    return best


def _told(claim: Claim, voice: _Voice, own: tuple[str, ...]) -> str:
    return f"{quote(claim.text, 70)} ({voice.name}: {', '.join(own[:4])})"
