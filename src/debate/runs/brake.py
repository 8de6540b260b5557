"""The brake: how a user stops a run from outside."""

import asyncio
from collections.abc import Callable


class Brake:
    """Pulled once, it stops new requests; those on their way may end.

    `signal` is what pulled it, `run` the id of the run it stops.
    """

    def __init__(self) -> None:
        self.signal: int | None = None
        self.run = ""
        self._loop: asyncio.AbstractEventLoop | None = None
        self._halt: Callable[[], None] = lambda: None
        self._pulled = asyncio.Event()

    def attach(self, run: str, halt: Callable[[], None]) -> None:
        """From now on pulling it calls `halt`, in the event loop that runs now."""
        self._loop, self._halt, self.run = asyncio.get_running_loop(), halt, run

    def detach(self) -> None:
        """There is nothing left to stop."""
        self._loop = None

    def pull(self, signal: int) -> bool:
        """Stop the run, from any thread or signal handler. False when there is none to stop."""
        if self._loop is None:
            return False
        self.signal = signal
        self._loop.call_soon_threadsafe(self._stop)
        return True

    def _stop(self) -> None:
        self._halt()
        self._pulled.set()

    async def pulled(self) -> None:
        """Wait until it is pulled."""
        await self._pulled.wait()
