"""An outlet: a standard stream that may end before the command does.

The disk is full, or a reader such as `head` has left. The command goes on all the same, so that its work is
kept and its own exit code counts; the rest of its output is dropped, and the outlet remembers why.
"""

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager, redirect_stderr, redirect_stdout
from typing import Any, TextIO, cast


class Outlet:
    """A stream that raises no `OSError`. `failure` is the first there was."""

    def __init__(self, stream: TextIO) -> None:
        self._stream = stream
        self.failure: OSError | None = None

    def write(self, text: str) -> int:
        """Write `text`, or drop it."""
        try:
            return self._stream.write(text)
        except OSError as error:
            self._drop(error)
            return len(text)

    def flush(self) -> None:
        """Send what was written on its way, or drop it."""
        try:
            self._stream.flush()
        except OSError as error:
            self._drop(error)

    def __getattr__(self, name: str) -> Any:
        return getattr(self._stream, name)

    def _drop(self, error: OSError) -> None:
        """Let what is still buffered, and all that follows, go nowhere: the interpreter flushes once more."""
        self.failure = self.failure or error
        nowhere = os.open(os.devnull, os.O_WRONLY)
        os.dup2(nowhere, self._stream.fileno())
        os.close(nowhere)


@contextmanager
def outlets() -> Iterator[Outlet]:
    """Put outlets in the place of both standard streams; gives that of stdout."""
    out, err = Outlet(_open(sys.stdout)), Outlet(_open(sys.stderr))
    with redirect_stdout(cast("TextIO", out)), redirect_stderr(cast("TextIO", err)):
        yield out


def _open(stream: TextIO | None) -> TextIO:
    """The stream; one that was closed before we began (`>&-`) leads nowhere."""
    return stream or open(os.devnull, "w", encoding="utf-8")  # noqa: PTH123 - open to the end of the process
