"""The desk of a run: its models and the caller that goes between them and the ledger."""

from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

from debate.calls import Caller, EndpointLimits, Policy, Setback
from debate.cards.role import RoleCard
from debate.events import CallRetried, Recorder
from debate.ledger import Budget, Ledger, SqliteLedger
from debate.ledger.places import LEDGER
from debate.models.binding import BoundModel, bind, overlaid
from debate.models.wire import Sampling
from debate.models.wires import Wires
from debate.runs.record import record_wires
from debate.runs.spec import CallSettings, RunSpec


def ledger_of(spec: RunSpec, base: Path) -> SqliteLedger:
    """The ledger of a run that lies in `base`. Raises `SettingsError` or `LedgerError`."""
    return SqliteLedger.open(spec.calls.ledger or base / LEDGER)


@dataclass(frozen=True, slots=True)
class Desk:
    """What a debate asks its questions through."""

    caller: Caller
    models: Mapping[str, tuple[BoundModel, ...]]


def bound_models(
    spec: RunSpec, roles: Mapping[str, RoleCard], wires: Wires
) -> dict[str, tuple[BoundModel, ...]]:
    """The models of a run, each with its role card's sampling under what the user set.

    Raises `SettingsError` before anything is asked.
    """
    sampling = {
        role: overlaid(
            _of_card(roles[role]) if role in roles else Sampling(), spec.calls.sampling.get(role, Sampling())
        )
        for role in spec.models
    }
    return bind(spec.models, wires, base_url=spec.calls.base_url, sampling=sampling, ready=record_wires(spec))


@asynccontextmanager
async def opened(
    spec: RunSpec, roles: Mapping[str, RoleCard], ledger: Ledger, scope: str, recorder: Recorder
) -> AsyncIterator[Desk]:
    """The desk of run `scope`."""
    settings = spec.calls

    def retried(setback: Setback) -> None:
        recorder.emit(
            CallRetried(
                role=setback.role,
                model=setback.model,
                attempt=setback.number,
                fault=setback.fault,
                detail=setback.detail,
                pause=setback.pause,
            )
        )

    async with (
        Wires(traced=settings.traced) as wires,
        Caller(
            ledger,
            budget=_budget(scope, settings),
            prices=settings.prices,
            policy=Policy(deadline=settings.deadline),
            usual_limits=EndpointLimits(settings.concurrency, settings.per_minute),
            listen=retried,
        ) as caller,
    ):
        yield Desk(caller, bound_models(spec, roles, wires))


def _of_card(role: RoleCard) -> Sampling:
    given = role.sampling
    return Sampling(
        temperature=_number(given.get("temperature")),
        top_p=_number(given.get("top_p")),
        max_tokens=_whole(given.get("max_tokens")),
        seed=_whole(given.get("seed")),
    )


def _number(value: float | int | str | None) -> float | None:
    return None if value is None else float(value)


def _whole(value: float | int | str | None) -> int | None:
    return None if value is None else int(value)


def _budget(scope: str, settings: CallSettings) -> Budget:
    return Budget(scope, settings.max_calls, settings.max_tokens, settings.max_cost)
