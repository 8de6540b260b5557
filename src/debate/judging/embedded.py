"""Likeness by embeddings: what an embedding model places side by side is the same idea, in whatever words.

The judge by rule asks for likeness while it measures, so all texts it may ask about are known beforehand:
those of a card's ladder, by which it is certified, and those of an answer.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from operator import mul
from typing import Final

from debate.cards.lens import LensCard
from debate.cards.problem import ProblemCard
from debate.judging.case import prepare
from debate.judging.ladder import rungs
from debate.judging.text import Claim, read

#: Characters of a claim that are compared: small embedding models read no more.
LONGEST: Final = 800


@dataclass(frozen=True, slots=True)
class Embedded:
    """Likeness as the cosine of vectors. `model` is the name people know it by, `vectors` are of length 1,
    by text as `plain` writes it.
    """

    model: str
    vectors: Mapping[str, Sequence[float]]

    @property
    def note(self) -> str:
        """See `Distance`."""
        return f"Measured by the embeddings of {self.model}: the same idea in other words counts as the same."

    def similarity(self, claim: Claim, known: Claim, familiar: Callable[[str], bool]) -> float:
        """See `Distance`; words make no difference. What has no letter is like nothing."""
        one, other = (self.vectors.get(plain(each.text)) for each in (claim, known))
        if one is None or other is None:
            assert not (plain(claim.text) and plain(known.text)), "a text nobody asked about"
            return 0.0
        cosine: float = sum(map(mul, one, other))
        return min(1.0, max(0.0, cosine))


def plain(text: str) -> str:
    """A text as it is compared: one line, not too long."""
    return " ".join(text.split())[:LONGEST].rstrip()


def texts_of(card: ProblemCard, lenses: Sequence[LensCard], answers: Iterable[str]) -> frozenset[str]:
    """All texts whose likeness the judge may ask about when it judges these answers beside the known ones."""
    case = prepare(card, lenses)
    claims = [*case.baseline.claims, *case.target.claims]
    claims += [claim for answer in answers for claim in read(answer).claims]
    found = {plain(text) for claim in claims for text in (claim.text, case.unnamed(claim).text)}
    found |= {plain(attempt.name) for attempt in case.attempts}
    return frozenset(text for text in found if text)


def ladder_texts(card: ProblemCard, foreign: str) -> frozenset[str]:
    """The texts of a card's ladder, the same for every answer; none for a card without two answers."""
    if not (card.baseline.text.strip() and card.target.text.strip()):
        return frozenset()
    return texts_of(card, (), (rung.text for rung in rungs(card, foreign)))
