"""Claims: one process at a time sends a given call.

A claim is an advisory lock of the kernel, which takes it back when its holder dies, so nothing is ever left
locked. Linux can lock one byte of a file for one opener of it: all claims are bytes of one empty file, at a
place the call's key gives (`RangeClaims`, microseconds each). Elsewhere each claim is a file of its own
(`FileClaims`).
"""

import errno
import fcntl
import os
import struct
import sys
from pathlib import Path
from typing import Final, Protocol

_HEX_DIGITS: Final = 15  # of the key: 60 bits, as many as a file offset has room for


class Claims(Protocol):
    """The claims one ledger object makes. Within a process a key is claimed once, too."""

    def try_claim(self, key: str) -> "Held | None":
        """The claim on `key`, or None while somebody else holds it, here or elsewhere. Raises OSError."""
        ...

    def close(self) -> None:
        """Give all back."""
        ...


class Held(Protocol):
    """A claim that is held."""

    def release(self) -> None:
        """Give it back. Safe to call twice."""
        ...


def claims_at(path: Path) -> Claims:
    """The claims at this path, which is made. Raises OSError."""
    return RangeClaims(path) if sys.platform == "linux" else FileClaims(path)


class RangeClaims:
    """Locks on single bytes of the file at `path`, owned by our opening of it."""

    def __init__(self, path: Path) -> None:
        self._descriptor = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        self._held: set[int] = set()

    def try_claim(self, key: str) -> "_Byte | None":
        """See `Claims`."""
        place = int(key[-_HEX_DIGITS:], 16)
        if place in self._held:
            return None  # the kernel would grant it again: it is ours
        try:
            self._set(fcntl.F_WRLCK, place)
        except OSError as error:
            if error.errno in {errno.EAGAIN, errno.EACCES}:
                return None
            raise
        self._held.add(place)
        return _Byte(self, place)

    def give_back(self, place: int) -> None:
        """Unlock a byte, if it is locked."""
        if place in self._held:
            self._held.remove(place)
            self._set(fcntl.F_UNLCK, place)

    def _set(self, kind: int, place: int) -> None:
        # struct flock: type, whence, start, length, pid (0, as the kernel demands for locks of an opening)
        request = struct.pack("hhqqi4x", kind, os.SEEK_SET, place, 1, 0)
        fcntl.fcntl(self._descriptor, fcntl.F_OFD_SETLK, request)

    def close(self) -> None:
        """See `Claims`; the kernel unlocks what is still held."""
        self._held.clear()
        if self._descriptor >= 0:
            os.close(self._descriptor)
            self._descriptor = -1


class _Byte:
    def __init__(self, claims: RangeClaims, place: int) -> None:
        self._claims, self._place = claims, place

    def release(self) -> None:
        self._claims.give_back(self._place)


class FileClaims:
    """A file for each claim, in the folder `path`.

    The file is removed while its lock is held; who locked a file that was removed meanwhile holds nothing and
    tries again, so at any time one file of that name counts.
    """

    def __init__(self, path: Path) -> None:
        path.mkdir(mode=0o700, exist_ok=True)
        self._folder = path

    def try_claim(self, key: str) -> "_File | None":
        """See `Claims`."""
        path = self._folder / key
        while True:
            descriptor = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
            try:
                fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                os.close(descriptor)
                return None
            except BaseException:
                os.close(descriptor)
                raise
            if _still_there(path, descriptor):
                return _File(path, descriptor)
            os.close(descriptor)

    def close(self) -> None:
        """See `Claims`; each claim is its holder's to release."""


class _File:
    def __init__(self, path: Path, descriptor: int) -> None:
        self._path = path
        self._descriptor: int | None = descriptor

    def release(self) -> None:
        if self._descriptor is not None:
            descriptor, self._descriptor = self._descriptor, None
            self._path.unlink(missing_ok=True)
            os.close(descriptor)


def _still_there(path: Path, descriptor: int) -> bool:
    try:
        return os.path.samestat(path.stat(), os.fstat(descriptor))
    except FileNotFoundError:
        return False
