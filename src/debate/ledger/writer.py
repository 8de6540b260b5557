"""The writer: all changes of a ledger file, through one thread that shares each disk flush among many.

A flush costs the same for one change and for a hundred. Jobs that arrive while one batch is flushed form the
next batch, so a lone job waits for one flush and a crowd for two. Jobs run in the order in which they were
given. A job that nobody waits for rides along with the next that somebody does, or leaves after a moment on
its own.
"""

import asyncio
import fcntl
import os
import sqlite3
import threading
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Final, TypeVar

from debate.errors import RunError
from debate.ledger.entries import LedgerError

T = TypeVar("T")
Change = Callable[[sqlite3.Connection], T]

_LARGEST_BATCH: Final = 512
_PATIENCE: Final = 0.1
"""Seconds a job nobody waits for may lie before it is written."""


@dataclass(slots=True)
class _Job:
    change: Change[object]
    future: asyncio.Future[object] | None
    outcome: object = None
    error: Exception | None = None


class Writer:
    """Owns `connection` from now on. `what` names the ledger in errors.

    Processes take turns by a lock of the kernel on `queue`, a file or folder that is there: it wakes the next
    at once, where SQLite by itself would look again after up to a tenth of a second.
    """

    def __init__(self, connection: sqlite3.Connection, queue: Path, what: str) -> None:
        self._connection, self._what = connection, what
        self._queue = os.open(queue, os.O_RDONLY | os.O_CLOEXEC)
        self._jobs: deque[_Job] = deque()
        self._awaited = 0
        self._closing = False
        self._wake = threading.Condition()
        self._failed: LedgerError | None = None
        self._thread = threading.Thread(target=self._work, name="debate-ledger", daemon=True)
        self._thread.start()

    async def run(self, change: Change[T]) -> T:
        """Make a change; its result once it is durable. Raises what `change` raises, or `LedgerError`."""
        future: asyncio.Future[object] = asyncio.get_running_loop().create_future()
        self._put(_Job(change, future))
        return await future  # type: ignore[return-value]  # a future of T in all but its declaration

    def note(self, change: Change[None]) -> None:
        """Make a change soon. If it cannot be written, the next `run` says so."""
        self._put(_Job(change, None))

    def _put(self, job: _Job) -> None:
        with self._wake:
            if self._closing:
                raise LedgerError(f"{self._what} is closed")
            self._jobs.append(job)
            self._awaited += job.future is not None
            # A note alone wakes the thread too: it starts its patience.
            self._wake.notify()

    def close(self) -> None:
        """Write everything pending, then end the thread. Blocks; safe to call twice."""
        with self._wake:
            self._closing = True
            self._wake.notify()
        self._thread.join()

    def _work(self) -> None:
        while batch := self._next_batch():
            self._commit(self._connection, batch)
            _deliver(batch)
        self._connection.close()
        os.close(self._queue)

    def _next_batch(self) -> list[_Job]:
        """The next jobs, in order; empty when there will be none."""
        with self._wake:
            while not self._jobs and not self._closing:
                self._wake.wait()
            if not self._awaited and not self._closing:
                self._wake.wait_for(lambda: self._awaited or self._closing, timeout=_PATIENCE)
            batch = [self._jobs.popleft() for _ in range(min(len(self._jobs), _LARGEST_BATCH))]
            self._awaited -= sum(job.future is not None for job in batch)
            return batch

    def _commit(self, connection: sqlite3.Connection, batch: list[_Job]) -> None:
        """All of `batch` in one transaction. A job may refuse (before it changes anything); the others go
        on.
        """
        try:
            if self._failed is not None:
                raise self._failed
            fcntl.flock(self._queue, fcntl.LOCK_EX)
            connection.execute("BEGIN IMMEDIATE")
            for job in batch:
                try:
                    job.outcome = job.change(connection)
                except RunError as refusal:
                    job.error = refusal
            connection.execute("COMMIT")
        except (sqlite3.Error, OSError, LedgerError) as error:
            if connection.in_transaction:
                connection.rollback()
            failure = LedgerError(f"{self._what} cannot be written: {error}")
            for job in batch:
                job.error = job.error or failure
            # Nobody heard of a lost note. Later decisions would miss what it said, so the next who waits is
            # told.
            self._failed = failure if all(job.future is None for job in batch) else None
        finally:
            fcntl.flock(self._queue, fcntl.LOCK_UN)


def _deliver(batch: list[_Job]) -> None:
    """Wake everybody who waits, once per event loop."""
    by_loop: dict[asyncio.AbstractEventLoop, list[_Job]] = {}
    for job in batch:
        if job.future is not None:
            by_loop.setdefault(job.future.get_loop(), []).append(job)
    for loop, jobs in by_loop.items():
        if not loop.is_closed():
            try:
                loop.call_soon_threadsafe(_resolve, jobs)
            except RuntimeError:
                continue  # the loop closed in between: nobody waits any more


def _resolve(jobs: list[_Job]) -> None:
    for job in jobs:
        if job.future is None or job.future.done():
            continue
        if job.error is not None:
            job.future.set_exception(job.error)
        else:
            job.future.set_result(job.outcome)
