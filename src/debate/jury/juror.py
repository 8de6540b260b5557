"""Jurors: one model, asked criterion by criterion, candidate by candidate, several times over.

Each question shows one candidate and nothing of who wrote it, so a known answer looks like any other. Each
repeat is a reply of its own and turns the order of the items. Anchors are asked with the same words in
every run on a card, so the ledger pays for them once. Which model answers to a name is what its server says
in each reply: a certificate is for that model, and what another one said before is asked anew.
"""

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
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
    """What one juror said of one candidate on one criterion: a count for each repeat that gave a ballot, how
    many gave none, and what the server calls the models they are of.
    """

    counts: tuple[Count, ...]
    missing: int
    served: frozenset[str] = frozenset()

    @property
    def scores(self) -> tuple[float, ...]:
        """Raw scores, 0 to 10."""
        return tuple(each.score for each in self.counts)


@dataclass(frozen=True, slots=True)
class Juror:
    """A model on the bench, called `name`. `number` is its place among the models of the role, from 1;
    `expects` are the models that are known to answer to the name, none where nothing is known.
    """

    door: Door
    roles: Mapping[str, RoleCard]
    problem: ProblemCard
    number: int
    name: str
    repeats: int
    expects: frozenset[str] = frozenset()

    async def met(self) -> "Juror":
        """The juror, expecting whoever answers to its name now. Raises `StopError` when the run cannot go
        on.
        """
        try:
            served = await self.door.served(JUDGE, self.number)
        except StopError:
            raise
        except CallError:
            return self  # whoever gives no name gives no ballots either, and that is counted
        return replace(self, expects=frozenset({served} if served else ()))

    async def ballots(
        self, criterion: Criterion, shown: str, lenses: Sequence[LensCard], label: str
    ) -> Ballots:
        """All repeats on one candidate, as it is shown. A failed one is missing, never a low score. `label`
        names the candidate in the journal and is not shown.
        """
        asked = (self._ballot(criterion, shown, lenses, label, repeat) for repeat in range(self.repeats))
        given = [each for each in await asyncio.gather(*asked) if each is not None]
        served = frozenset(name for _, name in given if name)
        return Ballots(tuple(each for each, _ in given), self.repeats - len(given), served)

    async def _ballot(
        self, criterion: Criterion, shown: str, lenses: Sequence[LensCard], label: str, repeat: int
    ) -> tuple[Count, str] | None:
        turn = Turn(
            JUDGE,
            ballot_messages(self.roles, self.problem, criterion, shown, lenses=lenses, repeat=repeat),
            Ballot,
            lambda ballot: ballot_faults(ballot, criterion),
            number=self.number,
            about=f"{self.number}/{label}/{criterion.name}",
            sample=repeat,
        )
        said = await self.asked(turn)
        return None if said is None else (count(said[0], criterion, shown), said[1])

    async def asked(self, turn: Turn[T]) -> tuple[T, str] | None:
        """What the model says and what its server calls it, None when there is nothing that can be read: the
        journal tells why. Raises `StopError` when the run cannot go on.
        """
        try:
            return await self.door.answered(replace(turn, expects=self.expects))
        except StopError:
            raise
        except (CallError, ContributionError) as error:
            self.door.lost(turn, error)
            return None


def ballot_messages(
    roles: Mapping[str, RoleCard],
    problem: ProblemCard,
    criterion: Criterion,
    shown: str,
    *,
    lenses: Sequence[LensCard] = (),
    repeat: int = 0,
) -> list[prompts.Message]:
    """The prompt of one ballot."""
    return prompts.messages(
        roles["house"],
        roles[JUDGE],
        problem=prompts.problem_block(problem, SEED),
        criterion=criterion.name,
        items=items_block(criterion, lenses, repeat),
        candidate=prompts.fence("candidate", shown, SEED),
    )


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
