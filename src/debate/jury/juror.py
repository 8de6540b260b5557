"""Jurors: one model, asked criterion by criterion, candidate by candidate, several times over.

Each question shows one candidate and nothing of who wrote it, so a known answer looks like any other. Each
repeat is a reply of its own and turns the order of the items. Anchors are asked with the same words in
every run on a card, so the ledger pays for them once.
"""

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

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

REPEATS: Final = 3


@dataclass(frozen=True, slots=True)
class Ballots:
    """What one juror said of one candidate on one criterion: a count for each repeat that gave one, and why
    the others did not.
    """

    counts: tuple[Count, ...]
    missing: tuple[str, ...]

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
    seed: int

    async def ballots(
        self, criterion: Criterion, shown: str, lenses: Sequence[LensCard], label: str
    ) -> Ballots:
        """All repeats on one candidate, as it is shown. A failed one is missing, never a low score. `label`
        names the candidate in the journal and is not shown.
        """
        asked = (self._ballot(criterion, shown, lenses, label, repeat) for repeat in range(self.repeats))
        given = await asyncio.gather(*asked)
        return Ballots(
            counts=tuple(each for each in given if isinstance(each, Count)),
            missing=tuple(each for each in given if isinstance(each, str)),
        )

    def messages(
        self, criterion: Criterion, shown: str, lenses: Sequence[LensCard], repeat: int
    ) -> list[prompts.Message]:
        """The prompt of one ballot."""
        return prompts.messages(
            self.roles["house"],
            self.roles[JUDGE],
            problem=prompts.problem_block(self.problem, self.seed),
            criterion=criterion.name,
            items=items_block(criterion, lenses, repeat, self.seed),
            candidate=prompts.fence("candidate", shown, self.seed),
        )

    async def _ballot(
        self, criterion: Criterion, shown: str, lenses: Sequence[LensCard], label: str, repeat: int
    ) -> Count | str:
        turn = Turn(
            JUDGE,
            self.messages(criterion, shown, lenses, repeat),
            Ballot,
            lambda ballot: ballot_faults(ballot, criterion),
            number=self.number,
            about=f"{label}/{criterion.name}/{self.number}",
            sample=repeat,
        )
        try:
            return count(await self.door.ask(turn), criterion, shown)
        except StopError:
            raise
        except (CallError, ContributionError) as error:
            return str(error)


def items_block(criterion: Criterion, lenses: Sequence[LensCard], repeat: int, seed: int) -> str:
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
        parts += [prompts.fence("lens", f"{lens.name}: {lens.sees}", seed) for lens in lenses]
    parts.append("Items:\n" + "\n".join(f"- `{item.id}`: {item.asks}" for item in items))
    return "\n\n".join(parts)
