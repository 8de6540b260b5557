"""The caller: takes questions, looks them up, and has each that is new asked once."""

import asyncio
import time
from collections.abc import Awaitable, Callable, Mapping
from typing import TypeVar

from debate.calls.asking import Asking
from debate.calls.desk import Desk, Policy, Setback
from debate.calls.errors import CallError, StopError
from debate.calls.gate import EndpointLimits, Gate
from debate.calls.reply import Reply
from debate.calls.spec import CallSpec
from debate.ledger.entries import Budget, Ledger, LedgerError
from debate.models.prices import Price

R = TypeVar("R")

_USUAL = EndpointLimits()


class Caller:
    """Makes calls for one run or study; see `debate.calls` for what it promises.

    `limits` holds for endpoints by base URL, `usual_limits` for the others. With `replay` nothing is ever
    sent: a call the ledger does not know is a `StopError`. `listen` hears of every attempt that will be
    followed by another. One event loop, any number of tasks.
    """

    def __init__(
        self,
        ledger: Ledger,
        *,
        budget: Budget,
        prices: Mapping[str, Price] | None = None,
        policy: Policy | None = None,
        limits: Mapping[str, EndpointLimits] | None = None,
        usual_limits: EndpointLimits = _USUAL,
        replay: bool = False,
        listen: Callable[[Setback], None] = lambda _: None,
    ) -> None:
        self._desk = Desk(ledger, budget, prices or {}, policy or Policy(), listen)
        self._limits, self._usual_limits = limits or {}, usual_limits
        self._replay = replay
        self._gates: dict[str, Gate] = {}
        self._flights: dict[str, asyncio.Task[Reply]] = {}

    async def call(self, spec: CallSpec) -> Reply:
        """The reply to `spec`. Raises `CallError`, and `SettingsError` where a limit on cost could not be
        kept.
        """
        key = spec.key
        flight = self._flights.get(key)
        if flight is None:
            flight = asyncio.create_task(self._fly(spec, key), name=f"call {spec.role}")
            self._flights[key] = flight
            flight.add_done_callback(lambda done: self._landed(key, done))
        return await asyncio.shield(flight)

    async def known(self, spec: CallSpec) -> Reply | None:
        """The reply to `spec` the ledger holds; nobody is asked. Raises as `call` does."""
        key = spec.key
        asking = Asking(spec, key, self._desk, self._gate(spec.model.endpoint))
        return await self._reading(self._look_up(asking, key))

    def _landed(self, key: str, flight: asyncio.Task[Reply]) -> None:
        del self._flights[key]
        if not flight.cancelled():
            flight.exception()  # whoever waited may be gone; that is no reason for a warning

    async def _fly(self, spec: CallSpec, key: str) -> Reply:
        """Look up, and ask when there is nothing."""
        return await self._reading(self._find_or_ask(spec, key))

    async def _reading(self, found: Awaitable[R]) -> R:
        """What is `found`. Without a ledger no call can succeed."""
        try:
            return await found
        except LedgerError as broken:
            raise self._desk.judge(StopError(str(broken), "ledger")) from None

    async def _find_or_ask(self, spec: CallSpec, key: str) -> Reply:
        """The ledger's reply or a new one; of all processes one asks."""
        desk = self._desk
        gate = self._gate(spec.model.endpoint)
        asking = Asking(spec, key, desk, gate)
        if reply := await self._look_up(asking, key):
            return reply
        desk.refuse_if_stopped()
        if self._replay:
            raise StopError(
                f"{spec.role}: this call is not in the ledger, and a replay asks nobody", "replay"
            )
        waiting_since = None
        while True:
            async with gate.places:
                desk.refuse_if_stopped()
                if claim := await desk.ledger.try_claim(key):
                    try:
                        return await self._look_up(asking, key) or await asking.answer()
                    finally:
                        claim.release()
            # Another process makes this very call. Nobody's place is taken up by waiting for it.
            waiting_since = waiting_since or time.monotonic()
            if time.monotonic() - waiting_since > desk.policy.deadline:
                raise CallError(
                    f"{spec.role}: another process has been making this call for too long", "busy-elsewhere"
                )
            await desk.pause(desk.policy.poll)
            if reply := await self._look_up(asking, key):
                return reply

    async def _look_up(self, asking: Asking, key: str) -> Reply | None:
        entry = await self._desk.ledger.find(key)
        return None if entry is None else await asking.remembered(entry)

    def _gate(self, endpoint: str) -> Gate:
        if endpoint not in self._gates:
            self._gates[endpoint] = Gate(self._limits.get(endpoint, self._usual_limits))
        return self._gates[endpoint]

    @property
    def in_flight(self) -> int:
        """Calls that are being made or wait for their turn."""
        return len(self._flights)

    def halt(self, reason: str = "interrupted") -> None:
        """Send nothing any more: calls that wait end with `StopError`, requests on the wire go on to their
        reply.
        """
        self._desk.stop(StopError(reason, "halted"))

    async def drain(self, seconds: float) -> int:
        """Wait so long for requests on the wire; how many are still there."""
        if self._flights:
            await asyncio.wait(self._flights.values(), timeout=seconds)
        return len(self._flights)

    async def close(self) -> None:
        """Give up what is still in flight."""
        flights = list(self._flights.values())
        for flight in flights:
            flight.cancel()
        await asyncio.gather(*flights, return_exceptions=True)

    async def __aenter__(self) -> "Caller":
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.close()
