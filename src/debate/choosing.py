"""Choosing lenses by model: one question to one role, before a panel sits.

The model sees the case as the seats see it, and of each lens its id, what it sees and when it misleads; it
never sees which lenses the card's author expects. By rule, without any model, is `debate.fitting`.
"""

from collections.abc import Mapping, Sequence

from pydantic import BaseModel, ConfigDict

from debate import prompts
from debate.cards.lens import LensCard
from debate.cards.problem import ProblemCard
from debate.cards.role import RoleCard
from debate.turns import Door, Turn

ROLE = "chooser"


class ChosenLens(BaseModel):
    """A lens by id, what it would look at in this case, and the facts that call for it."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    lens: str
    because: str
    cites: tuple[str, ...]


class Choice(BaseModel):
    """Lenses, best first."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    lenses: tuple[ChosenLens, ...]


async def choose_by_model(
    door: Door,
    roles: Mapping[str, RoleCard],
    problem: ProblemCard,
    lenses: Sequence[LensCard],
    *,
    count: int,
    seed: int,
) -> Choice:
    """`count` of `lenses` as the model bound to the role chooses them.

    Raises `ContributionError` when even its repaired answer names other lenses, or facts that do not exist.
    """
    messages = prompts.messages(
        roles["house"],
        roles[ROLE],
        problem=prompts.problem_block(problem, seed),
        library=_library_block(lenses, seed),
        count=str(count),
    )
    ids = {lens.id for lens in lenses}
    facts = {fact.id for fact in problem.facts} | {reading.id for reading in problem.readings}
    return await door.ask(Turn(ROLE, messages, Choice, lambda choice: _faults(choice, ids, facts, count)))


def _library_block(lenses: Sequence[LensCard], seed: int) -> str:
    entries = (f"{lens.id}: {lens.sees} Misleads when {'; '.join(lens.misleads)}." for lens in lenses)
    return prompts.fence("lenses", "\n\n".join(" ".join(entry.split()) for entry in entries), seed)


def _faults(choice: Choice, ids: set[str], facts: set[str], count: int) -> list[str]:
    named = [chosen.lens for chosen in choice.lenses]
    faults = [f"lenses: {len(named)} are named; expected {count}"] * (len(named) != count)
    faults += [f"lens {name!r} is not in the list; use the ids as given" for name in named if name not in ids]
    faults += [f"lens {name!r} is named twice" for name in sorted({n for n in named if named.count(n) > 1})]
    for chosen in choice.lenses:
        unknown = [fact for fact in chosen.cites if fact not in facts]
        faults += [f"{chosen.lens} cites {fact!r}, which is no fact of the case" for fact in unknown]
        if not chosen.cites:
            faults.append(f"{chosen.lens} cites nothing; cite at least one fact that calls for it")
    return faults
