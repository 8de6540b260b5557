"""Causes: what a sentence says leads to what, and through what.

A *link* is a cause and an effect with a connective between them ("a fuller deck takes longer to load, so the
next crossing begins later"). A link is *carried* when it says through what: one sentence goes from a cause by
way of something in the middle to an effect, or the effect of one is in the cause of another. What is in the
middle must be of the case: a lack of alignment can stand in the middle of anything.
"""

import re
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from functools import lru_cache

from debate.judging.words import GENERIC, stems

# Connectives with the effect after them, then those with the cause after them.
_FORWARD = re.compile(
    r"""\s*(?:[,;:–—]\s*(?:and\s+)?so\b(?!\s+(?:far|on|as|called|much|many)\b)|\btherefore\b|\bthus\b|\bhence\b|\bthen\b
    |\bwhich\s+(?:is\s+(?:also\s+)?why|means|makes|forces|keeps|leaves|brings)\b
    |\b(?:that|this|here)(?:'s|\s+is)\s+(?:also\s+)?why\b|\b(?:means|meaning)\s+that\b
    |\bleads?\s+to\b|\bresults?\s+in\b|\bcauses?\b|\bforces?\b|\bproduces?\b|\bmakes?\b|\bkeeps?\b|\bdecides?\b|\bdetermines?\b
    |\bsets?\s+the\b|\bfeeds?\b|\blimits?\b|\beats?\b)\s*""",
    re.IGNORECASE | re.VERBOSE,
)
_BACKWARD = re.compile(
    r"\s*[,;]?\s*\b(?:because(?:\s+of)?|due\s+to|caused\s+by|driven\s+by|comes?\s+from|depends?\s+on|since\s+(?:the|each|every|they|it|no))\s*",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Chain:
    """The parts of one sentence from cause to effect, each as its stems, and the sentence."""

    parts: tuple[tuple[str, ...], ...]
    text: str

    @property
    def cause(self) -> frozenset[str]:
        """Stems of the first part."""
        return frozenset(self.parts[0])

    @property
    def effect(self) -> frozenset[str]:
        """Stems of the last part."""
        return frozenset(self.parts[-1])


@lru_cache(maxsize=4096)
def chain(text: str) -> Chain | None:
    """The chain a sentence states; None where it states none, or one side of it says nothing."""
    pieces: list[str] = []
    for piece in _FORWARD.split(text):
        turned = _BACKWARD.split(piece)  # "A because B because C" is C, B, A
        pieces += reversed(turned)
    parts = tuple(found for piece in pieces if (found := _telling(piece)))
    return Chain(parts, text) if len(parts) > 1 else None


def carried(chains: Sequence[Chain | None], case: Collection[str]) -> tuple[Chain, ...]:
    """The chains, that go through something of the case."""
    found, known = [], set(case)
    for place, each in enumerate(chains):
        if each is None:
            continue
        inside = any(known.intersection(part) for part in each.parts[1:-1])
        others = (other for n, other in enumerate(chains) if other is not None and n != place)
        if inside or any(each.effect & other.cause & known for other in others):
            found.append(each)
    return tuple(found)


def _telling(piece: str) -> tuple[str, ...]:
    return tuple(dict.fromkeys(s for s in stems(piece) if s not in GENERIC))
