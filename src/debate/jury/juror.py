"""Jurors: one model, asked criterion by criterion, candidate by candidate, several times over.

Each question shows one candidate and nothing of who wrote it, so a known answer looks like any other. Each
repeat is a reply of its own and turns the order of the items. Anchors are asked with the same words in
every run on a card, so the ledger pays for them once.
"""

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final, TypeVar

from pydantic import BaseModel

from debate import prompts
from debate.calls import CallError, StopError
from debate.cards.lens import LensCard
from debate.cards.problem import ProblemCard
from debate.cards.role import RoleCard
from debate.errors import ContributionError
from debate.judging.rubric import Criterion
from debate.judging.scores import is_lens_relevance
from debate.jury.ballot import Ballot, Count, ballot_faults, count
from debate.models.roles import JUDGE
from debate.turns import Door, Turn

T = TypeVar("T", bound=BaseModel)

REPEATS: Final = 3
#: Of the fences in a jury's prompts: the same in every run, or each seed paid for the known answers anew.
SEED: Final = 0


@dataclass(frozen=True, slots=True)
class Ballots:
    """What one juror said of one candidate on one criterion: a count for each repeat that gave a ballot, and
    how many gave none.
    """

    counts: tuple[Count, ...]
    missing: int

    @property
    def scores(self) -> tuple[float, ...]:
        """Raw scores, 0 to 10."""
        return tuple(each.score for each in self.counts)


@dataclass(frozen=True, slots=True)
class Juror:
    """A model on the bench, called `name`. `number` is its place among the models of the role, from 1."""

    door: Door
    roles: Mapping[str, RoleCard]
    problem: ProblemCard
    number: int
    name: str
    repeats: int

    async def ballots(
        self, criterion: Criterion, shown: str, lenses: Sequence[LensCard], label: str
    ) -> Ballots:
        """All repeats on one candidate, as it is shown. A failed one is missing, never a low score. `label`
        names the candidate in the journal and is not shown.
        """
        asked = (self._ballot(criterion, shown, lenses, label, repeat) for repeat in range(self.repeats))
        counts = tuple(each for each in await asyncio.gather(*asked) if each is not None)
        return Ballots(counts, self.repeats - len(counts))

    def messages(
        self, criterion: Criterion, shown: str, lenses: Sequence[LensCard], repeat: int
    ) -> list[prompts.Message]:
        """The prompt of one ballot."""
        return prompts.messages(
            self.roles["house"],
            self.roles[JUDGE],
            problem=prompts.problem_block(self.problem, SEED),
            criterion=criterion.name,
            items=items_block(criterion, lenses, repeat),
            candidate=prompts.fence("candidate", shown, SEED),
        )

    async def _ballot(
        self, criterion: Criterion, shown: str, lenses: Sequence[LensCard], label: str, repeat: int
    ) -> Count | None:
        turn = Turn(
            JUDGE,
            self.messages(criterion, shown, lenses, repeat),
            Ballot,
            lambda ballot: ballot_faults(ballot, criterion),
            number=self.number,
            about=f"{self.number}/{label}/{criterion.name}",
            sample=repeat,
        )
        ballot = await self.asked(turn)
        return None if ballot is None else count(ballot, criterion, shown)

    async def asked(self, turn: Turn[T]) -> T | None:
        """What the model says, None when there is nothing that can be read: the journal tells why. Raises
        `StopError` when the run cannot go on.
        """
        try:
            return await self.door.ask(turn)
        except StopError:
            raise
        except (CallError, ContributionError) as error:
            self.door.lost(turn, error)
            return None


def items_block(criterion: Criterion, lenses: Sequence[LensCard], repeat: int) -> str:
    """Bands, rated examples and items of a criterion; the items begin at another place with each repeat.
    The texts of the lenses stand only where the criterion asks for them.
    """
    turn = repeat % len(criterion.items)
    items = (*criterion.items[turn:], *criterion.items[:turn])
    bands = (("0-3", criterion.low), ("4-6", criterion.middle), ("7-10", criterion.high))
    parts = ["Bands: " + "; ".join(f"{name}: {text}" for name, text in bands if text) + "."]
    if criterion.examples:
        parts.append("Answers to this case were rated: " + "; ".join(criterion.examples) + ".")
    if is_lens_relevance(criterion.name) and lenses:
        parts.append("The ways of looking that were given:")
        parts += [prompts.fence("lens", f"{lens.name}: {lens.sees}", SEED) for lens in lenses]
    parts.append("Items:\n" + "\n".join(f"- `{item.id}`: {item.asks}" for item in items))
    return "\n\n".join(parts)
