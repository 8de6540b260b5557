"""The desk: what all calls of one caller share: ledger, budget, prices, what was learnt of servers, and
whether to go on.
"""

import asyncio
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from debate.calls.errors import CallError, StopError
from debate.errors import SettingsError
from debate.ledger.entries import Budget, Ledger, LedgerError, Opening
from debate.ledger.reports import rescue
from debate.models.prices import Price
from debate.models.wire import Manner, Received, Wire


@dataclass(frozen=True, slots=True)
class Policy:
    """How long and how often a call is tried. Seconds, but for `attempts` and `billed_attempts` (requests).

    `billed_attempts` holds where the server may charge for what it did not deliver. `poll` is how often to
    look whether the process that makes the same call has its reply.
    """

    attempts: int = 4
    billed_attempts: int = 2
    first_pause: float = 0.5
    longest_pause: float = 8.0
    deadline: float = 900.0
    poll: float = 0.02

    @property
    def silence(self) -> float:
        """Seconds a server may be silent, which without streaming is how long it may think: as long as leaves
        room for every request it may bill.
        """
        return self.deadline / self.billed_attempts


@dataclass(frozen=True, slots=True)
class Setback:
    """An attempt that failed and will be followed by another after `pause` seconds, for whoever shows
    progress.
    """

    role: str
    model: str
    number: int
    fault: str
    detail: str
    pause: float


@dataclass(eq=False)
class Desk:
    """See the module. `budget.scope` names the run or study all attempts are counted under."""

    ledger: Ledger
    budget: Budget
    prices: Mapping[str, Price]
    policy: Policy
    listen: Callable[[Setback], None]
    _manners: dict[tuple[str, str], Manner] = field(default_factory=dict)
    _stopped: StopError | None = None
    _bell: asyncio.Event = field(default_factory=asyncio.Event)
    _rescued: Path | None = None

    def stop(self, error: StopError) -> None:
        """Send nothing any more. The first reason counts."""
        self._stopped = self._stopped or error
        self._bell.set()

    def refuse_if_stopped(self) -> None:
        """Raises `StopError` once calls are stopped."""
        if (reason := self._stopped) is not None:
            # A fresh one each time: one object raised in many tasks would collect all their tracebacks.
            raise StopError(str(reason), reason.kind)

    async def pause(self, seconds: float) -> None:
        """Wait, unless calls are stopped: then raise."""
        try:
            await asyncio.wait_for(self._bell.wait(), seconds)
        except TimeoutError:
            return
        self.refuse_if_stopped()

    def price(self, wire: Wire) -> Price | None:
        """What the model costs, if the user said so. Raises `SettingsError` when a limit on cost could not
        be kept.
        """
        price = self.prices.get(wire.name)
        if price is None and self.budget.max_cost is not None:
            raise SettingsError(
                f"--max-cost cannot be kept: no price is known for {wire.name}; "
                "add one, or use --max-tokens or --max-calls"
            )
        return price

    async def manner(self, wire: Wire) -> Manner:
        """How to ask, as far as is known."""
        place = (wire.endpoint, wire.model)
        if place not in self._manners:
            self._manners[place] = await self._remembered(wire) or wire.manner
        return self._manners[place]

    async def _remembered(self, wire: Wire) -> Manner | None:
        text = await self.ledger.manner(wire.endpoint, wire.model)
        try:
            return None if text is None else Manner.load(text)
        except (ValueError, KeyError, TypeError):
            return None  # an older form: learn again

    def learn(self, wire: Wire, was: Manner, now: Manner) -> None:
        """`was` did not do, `now` may. Calls that failed side by side learn one thing, once."""
        place = (wire.endpoint, wire.model)
        if self._manners.get(place) == was:
            self._manners[place] = now

    def confirm(self, wire: Wire, manner: Manner) -> None:
        """`manner` brought an answer: later processes start with it."""
        if manner != wire.manner:
            self.ledger.remember(wire.endpoint, wire.model, manner.dump())

    async def keep(self, attempt: int, opening: Opening, received: Received) -> None:
        """Make a reply durable. If the ledger cannot, put it elsewhere, stop all calls and raise."""
        try:
            request_id = received.headers.get("x-request-id", "")[:100]
            await self.ledger.receive(attempt, received.status, received.body, request_id)
        except LedgerError as error:
            self._rescued = rescue(opening, self.budget.scope, received.status, received.body, self._rescued)
            saved = (
                f"the reply is in {self._rescued}: make room, then `debate ledger adopt {self._rescued}`"
                if self._rescued
                else "the reply could not be written anywhere and is lost"
            )
            stopped = StopError(f"{error}; {saved}", "ledger")
            self.stop(stopped)
            raise stopped from None

    def judge(self, error: CallError) -> CallError:
        """`error`, after stopping everything if it says so."""
        if isinstance(error, StopError):
            self.stop(error)
        return error
