"""The doctor: whether debates can be held here, checked from the ground up, each finding with the next step.

First what needs nobody else: packages, cards, folders, ledger. Then each model that is bound: is there a
server, does it take the key, does it know the model, does it answer a tiny question as an object, and does
the largest prompt of the problem fit into its context. An embedding model is asked for two vectors instead. A
model behind a server costs two requests besides the list of models at most; a throwaway ledger takes them, so
that none is answered from memory.
"""

import tempfile
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from pathlib import Path

from debate.calls import Caller, Policy
from debate.doctor import place
from debate.doctor.findings import Finding
from debate.doctor.model import Patient
from debate.errors import DebateError
from debate.ledger import Budget, SqliteLedger
from debate.ledger.places import LEDGER
from debate.library import Library
from debate.models.binding import OFFLINE
from debate.models.roles import EMBEDDINGS
from debate.models.wires import Wires
from debate.runs.desk import bound_models, roles_of
from debate.runs.forecast import ExpectedCall, forecast
from debate.runs.spec import RunSpec

__all__ = ["Finding", "examine"]


async def examine(spec: RunSpec, library: Library) -> AsyncIterator[Finding]:
    """Check after check, in order. Nothing is left on disk."""
    yield place.packages()
    for finding in place.cards(library):
        yield finding
    base = library.transcripts_dir(spec.transcripts)
    yield place.folder(base)
    yield place.ledger(spec.calls.ledger or base / LEDGER)
    largest = None
    try:
        foreseen = await forecast(replace(spec, models=dict.fromkeys(spec.models, OFFLINE)), library)
        largest = foreseen.largest
    except DebateError as error:
        yield Finding("problem", "fail", str(error), "name another problem, or mend the card")
    async for finding in _models(spec, library, largest):
        yield finding


async def _models(spec: RunSpec, library: Library, largest: ExpectedCall | None) -> AsyncIterator[Finding]:
    async with _desk(spec) as (caller, wires):
        seen = set()
        for role, names in spec.models.items():
            embeds = role == EMBEDDINGS
            for name in names.split(","):
                if (name, embeds) in seen:
                    continue
                seen.add((name, embeds))
                try:
                    one = replace(spec, models={role: name})
                    roles = roles_of(library)
                    (model,) = bound_models(one, roles, wires)[role]
                except DebateError as error:
                    yield Finding(name, "fail", str(error))
                    continue
                async for finding in Patient(model, spec, caller, wires, largest, embeds=embeds).findings():
                    yield finding


@asynccontextmanager
async def _desk(spec: RunSpec) -> AsyncIterator[tuple[Caller, Wires]]:
    policy = Policy(deadline=spec.calls.deadline)
    with tempfile.TemporaryDirectory(prefix="debate-doctor-") as folder:
        async with (
            SqliteLedger.open(Path(folder) / LEDGER) as ledger,
            Wires(read=policy.silence, traced=spec.calls.traced) as wires,
            Caller(ledger, budget=Budget("doctor"), policy=policy) as caller,
        ):
            yield caller, wires
