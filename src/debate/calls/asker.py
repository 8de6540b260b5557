"""Askers: what a run needs of a caller, so that many runs can share one."""

import asyncio
from typing import Protocol

from debate.calls.errors import StopError
from debate.calls.reply import Reply
from debate.calls.spec import CallSpec


class Asker(Protocol):
    """Makes calls for one run; `debate.calls` says what is promised."""

    async def call(self, spec: CallSpec) -> Reply:
        """The reply to `spec`. Raises `CallError`."""
        ...

    async def known(self, spec: CallSpec) -> Reply | None:
        """The reply the ledger holds; nobody is asked. Raises as `call` does."""
        ...

    def halt(self, reason: str = "interrupted") -> None:
        """Send nothing any more for this run."""
        ...

    async def drain(self, seconds: float) -> int:
        """Wait so long for requests of this run on the wire; how many are still there."""
        ...


class Guest:
    """An asker for one of several runs that share `host`: what it halts and waits for is its own."""

    def __init__(self, host: Asker) -> None:
        self._host = host
        self._asked: set[asyncio.Task[Reply]] = set()
        self._halted: str | None = None

    async def call(self, spec: CallSpec) -> Reply:
        """See `Asker.call`."""
        if self._halted is not None:
            raise StopError(self._halted, "halted")
        task = asyncio.create_task(self._host.call(spec), name=f"guest {spec.role}")
        self._asked.add(task)
        task.add_done_callback(self._answered)
        return await asyncio.shield(task)

    async def known(self, spec: CallSpec) -> Reply | None:
        """See `Asker.known`."""
        return await self._host.known(spec)

    def halt(self, reason: str = "interrupted") -> None:
        """See `Asker.halt`. The other guests go on."""
        self._halted = self._halted or reason

    async def drain(self, seconds: float) -> int:
        """See `Asker.drain`."""
        if self._asked:
            await asyncio.wait(self._asked, timeout=seconds)
        return len(self._asked)

    def _answered(self, task: asyncio.Task[Reply]) -> None:
        self._asked.discard(task)
        if not task.cancelled():
            task.exception()  # whoever waited may be gone; that is no reason for a warning
