"""Holding a run under the eyes of the user: progress, and what Ctrl-C and SIGTERM do.

The first of them stops the run: nothing new is asked, replies on their way are waited for, the pages are
written. The second ends the program where it stands: what was received is on disk by then.
"""

import os
import signal
import threading
from collections.abc import Callable, Coroutine, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from types import FrameType
from typing import TYPE_CHECKING, Any

from debate.cli import screen
from debate.cli.outcome import resume_line

if TYPE_CHECKING:
    from debate.events import Listener
    from debate.runs import Brake, RunResult

SIGNALS = (signal.SIGINT, signal.SIGTERM)


@dataclass(frozen=True, slots=True)
class Held:
    """How a run ended, and the signal that stopped it."""

    result: "RunResult"
    signal: int | None


def held(
    begin: "Callable[[Listener, Brake], Coroutine[Any, Any, RunResult]]",
    transcripts: Path | None,
    *,
    quiet: bool,
) -> Held:
    """Hold the run that `begin` starts."""
    import asyncio  # noqa: PLC0415 - see debate.cli

    from debate.cli.progress import watching  # noqa: PLC0415 - see debate.cli
    from debate.runs import Brake  # noqa: PLC0415 - loads LangGraph, which only runs need

    brake = Brake()
    with watching(quiet=quiet) as listen, stoppable(brake, lambda run: resume_line(run, transcripts)):
        result = asyncio.run(begin(listen, brake))
    return Held(result, brake.signal)


@contextmanager
def stoppable(brake: "Brake", line: Callable[[str], str]) -> Iterator[None]:
    """Let signals pull `brake`; `line` says how to go on with what it stops."""

    def stop(number: int, _frame: FrameType | None) -> None:
        if brake.signal is None and brake.pull(number):
            return
        if brake.run:
            _leave(f"debate: ended at once; {line(brake.run)}", 128 + number)
        _leave("debate: interrupted before anything was asked", 128 + number)

    if threading.current_thread() is not threading.main_thread():
        yield  # only the main thread may listen to signals
        return
    before = {number: signal.signal(number, stop) for number in SIGNALS}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


def _leave(words: str, code: int) -> None:
    """End the process now. Nothing is lost: replies and events are on disk before anybody uses them."""
    screen.stderr().show_cursor(True)
    screen.say(words, "yellow")
    os._exit(code)
