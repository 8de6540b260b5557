"""What a study would ask and use, before anybody is asked.

Every cell is rehearsed as `debate.runs.forecast` rehearses a run: the ledger's replies are used, the offline
reasoner says the others. Calls are told apart by their identity, as the ledger does it: what several arms ask
is counted where it is first asked.
"""

import tempfile
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from debate.calls import CallSpec, Reply
from debate.errors import DebateError
from debate.events import CallFinished, Event, Recorder, SeatSpoke
from debate.ledger import Ledger, SqliteLedger
from debate.ledger.entries import Entry
from debate.ledger.places import LEDGER
from debate.ledger.reports import known_replies
from debate.library import Library
from debate.models.binding import OFFLINE, bind
from debate.models.completions import Usage
from debate.models.prices import Price
from debate.models.wire import Wire
from debate.models.wires import Wires
from debate.runs.desk import bound_models, ledger_path, prices_of
from debate.runs.question import read_question
from debate.runs.rehearsal import Rehearsal
from debate.runs.spec import CallSettings, RunSpec
from debate.studies.arms import NO_LENS
from debate.studies.cells import CHARS_PER_TOKEN, Measured, matched_seats, measured
from debate.studies.plan import Arm, ProblemPlan, StudyPlan
from debate.studies.planning import spec_of
from debate.turns import Door


@dataclass(slots=True)
class Sum:
    """Calls with their tokens and cost; `cost` is None as soon as one is unknown. `roles` counts calls."""

    calls: int = 0
    input_tokens: int = 0
    output_tokens: int = 0
    cost: float | None = 0.0
    roles: dict[str, int] = field(default_factory=dict)

    def add(self, call: "Asked") -> None:
        """Count one call."""
        self.calls += 1
        self.input_tokens += call.sent
        self.output_tokens += call.said
        self.cost = None if self.cost is None or call.cost is None else self.cost + call.cost
        self.roles[call.role] = self.roles.get(call.role, 0) + 1


@dataclass(frozen=True, slots=True)
class Asked:
    """A call of the rehearsal."""

    role: str
    sent: int
    said: int
    cost: float | None
    from_ledger: bool


@dataclass(frozen=True, slots=True)
class StudyForecast:
    """By arm: `alone` is every call its cells make, `new` those that no earlier arm makes and the ledger does
    not know. `trouble` says which cells could not be rehearsed to their end.
    """

    cells: Mapping[str, int]
    alone: Mapping[str, Sum]
    new: Mapping[str, Sum]
    known: int
    total: Sum
    naive: Sum
    trouble: tuple[str, ...]


class _Counting(Rehearsal):
    """A rehearsal that keeps what was asked, in `asked` by identity and in `cell` for the cell at hand."""

    def __init__(self, scratch: Ledger, known: Callable[[str], Entry | None], stand_in: Wire) -> None:
        super().__init__(scratch, known, stand_in)
        self.asked: dict[str, Asked] = {}
        self.cell: list[str] = []
        self.prices: Mapping[str, Price] = {}

    async def call(self, spec: CallSpec) -> Reply:
        """See `Rehearsal.call`."""
        held = await self.known(spec) is not None
        reply = await super().call(spec)
        sent = sum(len(text) for _, text in spec.messages) // CHARS_PER_TOKEN
        said = len(reply.text) // CHARS_PER_TOKEN
        price = self.prices.get(spec.model.name)
        self.cell.append(spec.key)
        cost = price.cost(Usage(sent, said)) if price else None
        self.asked.setdefault(spec.key, Asked(spec.role, sent, said, cost, held))
        return reply


async def forecast_study(plan: StudyPlan, library: Library, calls: CallSettings, base: Path) -> StudyForecast:
    """The forecast of a study whose ledger and runs lie in `base`. Raises `InputError`."""
    first = spec_of(plan, plan.problems[0].name, plan.problems[0].arms[0].settings, calls)
    (offline,) = bind({"everybody": OFFLINE}, Wires())["everybody"]
    counted = _Counted(plan, library, calls)
    with (
        tempfile.TemporaryDirectory(prefix="debate-rehearsal-") as folder,
        known_replies(ledger_path(first, base)) as known,
    ):
        async with SqliteLedger.open(Path(folder) / LEDGER) as scratch:
            caller = _Counting(scratch, known, offline.wire)
            caller.prices = prices_of(first)
            for problem in plan.problems:
                for replicate in range(plan.replicates):
                    await counted.replicate(problem, replicate, caller)
    return counted.result(caller)


class _Counted:
    """The sums of a forecast as they grow."""

    def __init__(self, plan: StudyPlan, library: Library, calls: CallSettings) -> None:
        self._plan, self._library, self._calls = plan, library, calls
        self._cells = dict.fromkeys(plan.arms, 0)
        self._alone = {arm: Sum() for arm in plan.arms}
        self._new = {arm: Sum() for arm in plan.arms}
        self._seen: set[str] = set()
        self._trouble: list[str] = []

    async def replicate(self, problem: ProblemPlan, replicate: int, caller: _Counting) -> None:
        """Rehearse the arms of one problem, those that are matched to others last."""
        used: dict[str, tuple[Measured, int]] = {}
        for arm in sorted(problem.arms, key=lambda arm: arm.matches is not None):
            settings = arm.settings
            if arm.matches in used and NO_LENS in used:
                plain, seats = used[NO_LENS]
                terms = f"none:{matched_seats(used[str(arm.matches)][0], plain, seats)}"
                settings = settings.model_copy(update={"lenses": terms})
            sample = replicate + arm.again * self._plan.replicates
            spec = replace(spec_of(self._plan, problem.name, settings, self._calls), sample=sample)
            caller.cell.clear()
            used[arm.name] = await self._rehearsed(spec, arm, caller)
            self._count(arm.name, caller)

    async def _rehearsed(self, spec: RunSpec, arm: Arm, caller: _Counting) -> tuple[Measured, int]:
        question = read_question(spec, self._library)
        events: list[Event] = []
        recorder = Recorder(events.append)
        door = Door(caller, bound_models(question.spec, question.roles, Wires()), recorder)
        try:
            await question.graph.ainvoke(question.given, context=question.context(door, recorder))
        except DebateError as error:
            self._trouble.append(f"{question.problem.id}, {arm.name}: {error}")
        spoke = sum(isinstance(event, SeatSpoke) for event in events)
        return measured([event for event in events if isinstance(event, CallFinished)]), spoke

    def _count(self, arm: str, caller: _Counting) -> None:
        self._cells[arm] += 1
        for key in dict.fromkeys(caller.cell):
            call = caller.asked[key]
            self._alone[arm].add(call)
            if key not in self._seen and not call.from_ledger:
                self._new[arm].add(call)
            self._seen.add(key)

    def result(self, caller: _Counting) -> StudyForecast:
        """The forecast."""
        total, naive = Sum(), Sum()
        for call in caller.asked.values():
            if not call.from_ledger:
                total.add(call)
        for each in self._alone.values():
            _grow(naive, each)
        known = sum(call.from_ledger for call in caller.asked.values())
        return StudyForecast(
            self._cells, self._alone, self._new, known, total, naive, tuple(dict.fromkeys(self._trouble))
        )


def _grow(total: Sum, part: Sum) -> None:
    total.calls += part.calls
    total.input_tokens += part.input_tokens
    total.output_tokens += part.output_tokens
    total.cost = None if total.cost is None or part.cost is None else total.cost + part.cost
    for role, calls in part.roles.items():
        total.roles[role] = total.roles.get(role, 0) + calls


def forecast_document(found: StudyForecast) -> dict[str, Any]:
    """A forecast as JSON."""

    def numbers(part: Sum) -> dict[str, Any]:
        return {
            "calls": part.calls,
            "input_tokens": part.input_tokens,
            "output_tokens": part.output_tokens,
            "cost": part.cost,
            "roles": dict(part.roles),
        }

    return {
        "schema": 1,
        "arms": [
            {"arm": arm, "cells": cells, "alone": numbers(found.alone[arm]), "new": numbers(found.new[arm])}
            for arm, cells in found.cells.items()
        ],
        "in_ledger": found.known,
        "total": numbers(found.total),
        "naive": numbers(found.naive),
        "trouble": list(found.trouble),
    }
