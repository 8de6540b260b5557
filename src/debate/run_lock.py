"""Run locks: one process at a time writes a run folder.

The lock is the kernel's, on a file in the folder that says who holds it; it ends with its holder, so a killed
process leaves the file but no lock. The holder removes the file before it lets go; who locked a file that was
removed meanwhile holds nothing and tries again.
"""

import fcntl
import os
import re
import socket
from pathlib import Path

from debate.errors import InputError

LOCK = ".lock"
_LONGEST = 200  # characters of who holds it
_HOLDER = re.compile(r"process (?P<process>[1-9]\d{0,9}) on (?P<host>\S+)")


def being_written(folder: Path) -> bool:
    """Whether a living process writes the run in `folder`, as far as its lock's file tells.

    The lock itself is left alone: to try it, even for a moment, could turn away a process that comes to
    write. A holder on another machine is believed to live.
    """
    try:
        found = _HOLDER.fullmatch((folder / LOCK).read_text(encoding="utf-8", errors="replace").strip())
    except OSError:
        return False
    if found is None:
        return False
    return found["host"] != socket.gethostname() or _lives(int(found["process"]))


def _lives(process: int) -> bool:
    try:
        os.kill(process, 0)
    except (ProcessLookupError, OverflowError):
        return False
    except PermissionError:
        return True  # somebody else's
    return True


class RunLock:
    """The lock on a run folder, held from the start. Raises `InputError` when another process has it."""

    def __init__(self, folder: Path) -> None:
        self._path = folder / LOCK
        while True:
            held = os.open(self._path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
            try:
                fcntl.flock(held, fcntl.LOCK_EX | fcntl.LOCK_NB)
                if self._still_there(held):
                    break
            except BlockingIOError:
                holder = os.pread(held, _LONGEST, 0).decode(errors="replace").strip() or "another process"
                os.close(held)
                raise InputError(
                    f"the run {folder.name} is being written by {holder}; wait until it is done, or stop it"
                ) from None
            except BaseException:
                os.close(held)
                raise
            os.close(held)
        self._held: int | None = held
        os.ftruncate(held, 0)
        os.pwrite(held, f"process {os.getpid()} on {socket.gethostname()}\n".encode(), 0)

    def _still_there(self, held: int) -> bool:
        try:
            return os.path.samestat(self._path.stat(), os.fstat(held))
        except FileNotFoundError:
            return False

    def release(self) -> None:
        """Let go. Safe to call twice."""
        if self._held is not None:
            held, self._held = self._held, None
            self._path.unlink(missing_ok=True)
            os.close(held)
