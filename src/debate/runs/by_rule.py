"""The judge by rule at work: by words, or with the vectors of the embedding model that a run names.

The texts of the card's ladder are the same in every run on the card and make calls of their own, so they are
paid for once; only what an answer says besides is asked for anew.
"""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from debate.calls import CallError, StopError
from debate.cards.lens import LensCard
from debate.cards.problem import ProblemCard
from debate.judging.certified import certified
from debate.judging.checks import judge
from debate.judging.distance import LEXICAL, Distance
from debate.judging.embedded import Embedded, ladder_texts, texts_of
from debate.turns import Door
from debate.verdict import Verdict

_BY_WORDS: Final = "no embeddings were to be had, so Novelty and Originality are measured by words"


@dataclass(frozen=True, slots=True)
class ByRule:
    """The judge by rule of one problem. `foreign` is an answer to another problem, which it is tried on;
    `model` names the embedding model that `door` reaches, "" for none.
    """

    problem: ProblemCard
    lenses: tuple[LensCard, ...]
    foreign: str
    door: Door | None = None
    model: str = ""

    async def distance(self, answer: str = "") -> Distance:
        """How like two claims of the card and the answer are. Raises `CallError` when no vectors come."""
        if self.door is None or not self.model:
            return LEXICAL
        ladder = ladder_texts(self.problem, self.foreign)
        own = texts_of(self.problem, self.lenses, [answer]) - ladder
        return Embedded(self.model, await self.door.embedded({"card": ladder, "answer": own}))

    async def verdict(self, answer: str) -> Verdict:
        """The verdict on an answer, with the judge's certificate. Raises as `distance` does."""
        return await asyncio.to_thread(self._verdict, answer, await self.distance(answer))

    async def verdict_anyhow(self, answer: str, lost: Callable[[CallError], None]) -> Verdict:
        """The verdict by words, and stamped so, where no vectors come; `lost` is told why."""
        try:
            return await self.verdict(answer)
        except StopError:
            raise
        except CallError as error:
            lost(error)
            verdict = await asyncio.to_thread(self._verdict, answer, LEXICAL)
            return verdict.model_copy(update={"stamps": (*verdict.stamps, _BY_WORDS)})

    def _verdict(self, answer: str, distance: Distance) -> Verdict:
        verdict = judge(self.problem, answer, self.lenses, distance)
        return verdict.model_copy(update={"certificate": certified(self.problem, self.foreign, distance)})
