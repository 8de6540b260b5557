"""The desk of a run: its models and the caller that goes between them and the ledger.

A run has a caller of its own, or is one of many that share one: then budget and pace are those of all.
"""

from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

from debate.calls import Asker, Caller, EndpointLimits, Guest, Policy, Setback
from debate.cards.role import RoleCard
from debate.errors import SettingsError
from debate.events import CallRetried, Recorder
from debate.ledger import Budget, Ledger, SqliteLedger
from debate.ledger.places import LEDGER
from debate.library import Library
from debate.models.binding import OFFLINE, BoundModel, bind, overlaid
from debate.models.prices import Price
from debate.models.wire import Sampling
from debate.models.wires import Wires
from debate.runs.record import record_wires
from debate.runs.spec import CallSettings, RunSpec


def ledger_path(spec: RunSpec, base: Path) -> Path:
    """Where the ledger of a run is that lies in `base`."""
    return spec.calls.ledger or base / LEDGER


def ledger_of(spec: RunSpec, base: Path) -> SqliteLedger:
    """The ledger of a run that lies in `base`. Raises `SettingsError` or `LedgerError`."""
    return SqliteLedger.open(ledger_path(spec, base))


@dataclass(frozen=True, slots=True)
class Desk:
    """What a debate asks its questions through."""

    caller: Asker
    models: Mapping[str, tuple[BoundModel, ...]]


def prices_of(spec: RunSpec) -> dict[str, Price]:
    """Prices by model: those the user gave; whatever asks no server costs nothing."""
    free = dict.fromkeys([OFFLINE, *spec.records], Price(0.0, 0.0))
    return {**free, **spec.calls.prices}


def roles_of(library: Library) -> dict[str, RoleCard]:
    """All role cards by id."""
    return {entry.id: library.role(entry.id) for entry in library.roles()}


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
    base_url, ready = spec.calls.base_url, record_wires(spec)
    bound = bind(spec.models, wires, base_url=base_url, sampling=sampling, ready=ready)
    if spec.calls.max_cost is not None:
        _require_prices(spec, bound)
    return bound


@asynccontextmanager
async def opened(
    spec: RunSpec, roles: Mapping[str, RoleCard], ledger: Ledger, scope: str, recorder: Recorder
) -> AsyncIterator[Desk]:
    """The desk of run `scope`."""

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

    async with sharing(spec, ledger, scope, retried) as shared:
        yield Desk(shared.caller, bound_models(spec, roles, shared.wires))


@dataclass(frozen=True, slots=True)
class Shared:
    """What many runs use together: one ledger, one budget, one pace at each server."""

    caller: Caller
    wires: Wires

    def desk(self, spec: RunSpec, roles: Mapping[str, RoleCard]) -> Desk:
        """The desk of one of the runs: what ends it does not end the others."""
        return Desk(Guest(self.caller), bound_models(spec, roles, self.wires))


@asynccontextmanager
async def sharing(
    spec: RunSpec, ledger: Ledger, scope: str, listen: Callable[[Setback], None]
) -> AsyncIterator[Shared]:
    """A caller whose attempts count under `scope`, as the call settings of `spec` say."""
    settings = spec.calls
    policy = Policy(deadline=settings.deadline)
    async with (
        Wires(read=policy.silence, traced=settings.traced) as wires,
        Caller(
            ledger,
            budget=_budget(scope, settings),
            prices=prices_of(spec),
            policy=policy,
            usual_limits=EndpointLimits(settings.concurrency, settings.per_minute),
            listen=listen,
        ) as caller,
    ):
        yield Shared(caller, wires)


def _require_prices(spec: RunSpec, bound: Mapping[str, Sequence[BoundModel]]) -> None:
    """Raises `SettingsError` when a limit on cost could not be kept."""
    prices = prices_of(spec)
    names = dict.fromkeys(model.wire.name for models in bound.values() for model in models)
    if unknown := [name for name in names if name not in prices]:
        raise SettingsError(
            f"--max-cost cannot be kept: no price is known for {', '.join(unknown)}; "
            "give --prices FILE, or use --max-tokens or --max-calls"
        )


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
