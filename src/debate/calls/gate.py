"""Gates: how many requests an endpoint gets at once, how often, and when it wants to be left alone."""

import asyncio
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class EndpointLimits:
    """Requests at once, and requests a minute (None: as many as fit). For one process; a server sees the sum
    of all.
    """

    concurrency: int = 8
    per_minute: float | None = None


class Gate:
    """In front of one endpoint."""

    def __init__(self, limits: EndpointLimits) -> None:
        self.places = asyncio.Semaphore(limits.concurrency)
        self._interval = 60 / limits.per_minute if limits.per_minute else 0.0
        self._next = 0.0
        self._not_before = 0.0

    def hold(self, seconds: float) -> None:
        """No request for so long: a server that asks one caller to wait asks all of them."""
        self._not_before = max(self._not_before, time.monotonic() + seconds)

    async def admit(self, pause: Callable[[float], Awaitable[None]]) -> None:
        """Wait, by means of `pause`, until the next request may be sent."""
        while (wait := self._not_before - time.monotonic()) > 0:
            await pause(wait)
        if self._interval:
            now = time.monotonic()
            turn = max(now, self._next)
            self._next = turn + self._interval
            if turn > now:
                await pause(turn - now)
