"""The choice of lenses for a problem: by the model bound to the role, or by rule where none is.

Asking happens before a run has a folder; the reply is in the ledger like any other, so asking again costs
nothing. A run that was told `auto` is then held with the lenses that were chosen, by id: its manifest says
who sat, and resuming it asks nobody again.
"""

import re
from collections.abc import Sequence
from contextlib import AsyncExitStack
from dataclasses import dataclass, replace

from debate.cards.lens import LensCard
from debate.cards.problem import ProblemCard
from debate.choosing import ROLE, choose_by_model
from debate.errors import DebateError, InputError
from debate.events import Recorder
from debate.fitting import Fit, ranked
from debate.library import Library
from debate.models.binding import OFFLINE
from debate.panel import AUTO_SEATS
from debate.runs.desk import ledger_of, opened, roles_of
from debate.runs.spec import RunSpec
from debate.turns import Door

_AUTO = re.compile(r"\+?auto(?::(?P<count>[0-9]{1,4}))?\Z", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Suggestion:
    """A lens for a problem, why, and the facts that call for it. `score` is None where a model chose."""

    lens: LensCard
    because: str
    facts: tuple[str, ...]
    score: float | None


def by_rule(problem: ProblemCard, lenses: Sequence[LensCard]) -> list[Suggestion]:
    """All lenses, best first, each with the three things that speak most for it."""
    return [_of_fit(fit) for fit in ranked(problem.facts, lenses, problem.domain)]


async def suggest(spec: RunSpec, library: Library, count: int) -> list[Suggestion]:
    """The `count` best lenses for the problem of `spec`. Raises `InputError`, or a failed call's error."""
    problem = library.problem(spec.problem)
    return await _chosen(spec, library, problem, _readable(library), count)


async def settled(spec: RunSpec, library: Library) -> RunSpec:
    """`spec` with every `auto` among its terms replaced by the lenses a model chooses; itself where none
    does.
    """
    terms = [term.strip() for term in spec.lenses.split(",")]
    autos = [match for term in terms if (match := _AUTO.match(term))]
    if not autos or spec.models.get(ROLE, OFFLINE) == OFFLINE:
        return spec
    problem = library.problem(spec.problem)
    named = {lens.id for term in terms if (lens := _lens(library, term.lstrip("+-"))) is not None}
    pool = [lens for lens in _readable(library) if lens.id not in named]
    wanted = [int(match["count"] or AUTO_SEATS) for match in autos]
    found = [each.lens.id for each in await _chosen(spec, library, problem, pool, sum(wanted))]
    told = []
    for term in terms:
        take = wanted.pop(0) if _AUTO.match(term) else 0
        told += found[:take] if take else [term]
        found = found[take:]
    return replace(spec, lenses=",".join(told))


async def _chosen(
    spec: RunSpec, library: Library, problem: ProblemCard, pool: Sequence[LensCard], count: int
) -> list[Suggestion]:
    if not 1 <= count <= len(pool):
        raise InputError(f"{count} lenses are asked for; the library has {len(pool)} to choose from")
    if spec.models.get(ROLE, OFFLINE) == OFFLINE:
        return by_rule(problem, pool)[:count]
    roles = roles_of(library)
    by_id = {lens.id: lens for lens in pool}
    recorder = Recorder()
    async with AsyncExitStack() as stack:
        ledger = await stack.enter_async_context(ledger_of(spec, library.transcripts_dir(spec.transcripts)))
        desk = await stack.enter_async_context(opened(spec, roles, ledger, f"choice-{problem.id}", recorder))
        door = Door(desk.caller, desk.models, recorder)
        choice = await choose_by_model(door, roles, problem, pool, count=count, seed=spec.seed)
    return [Suggestion(by_id[each.lens], each.because, each.cites, None) for each in choice.lenses]


def _of_fit(fit: Fit) -> Suggestion:
    best = fit.reasons[:3]
    facts = tuple(dict.fromkeys(id_ for reason in best for id_ in reason.facts))
    return Suggestion(fit.lens, "; ".join(reason.text for reason in best), facts, fit.score)


def _readable(library: Library) -> list[LensCard]:
    """What may be chosen: a placebo never is."""
    return [entry.card for entry in library.lenses() if entry.card and not entry.card.is_placebo]


def _lens(library: Library, name: str) -> LensCard | None:
    try:
        return library.lens(name)
    except DebateError:
        return None
