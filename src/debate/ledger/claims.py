"""Claims: one process at a time sends a given call.

A claim is an advisory lock on a file named after the call. The kernel takes it back when its holder dies, so
nothing is ever left locked. The file is removed while the lock is held; who locked a file that was removed
meanwhile holds nothing and tries again, so at any time one file of that name counts.
"""

import fcntl
import os
from pathlib import Path


class FileClaim:
    """A held lock."""

    def __init__(self, path: Path, descriptor: int) -> None:
        self._path = path
        self._descriptor: int | None = descriptor

    def release(self) -> None:
        """Remove the file, then unlock it."""
        if self._descriptor is not None:
            descriptor, self._descriptor = self._descriptor, None
            self._path.unlink(missing_ok=True)
            os.close(descriptor)


def try_claim(folder: Path, key: str) -> FileClaim | None:
    """The claim on `key`, or None while somebody else holds it, here or elsewhere. Raises OSError."""
    path = folder / key
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
            return FileClaim(path, descriptor)
        os.close(descriptor)


def _still_there(path: Path, descriptor: int) -> bool:
    try:
        return os.path.samestat(path.stat(), os.fstat(descriptor))
    except FileNotFoundError:
        return False


def sweep(folder: Path) -> int:
    """Remove the files dead holders left; how many."""
    swept = 0
    for path in folder.iterdir() if folder.is_dir() else ():
        if (claim := try_claim(folder, path.name)) is not None:
            claim.release()
            swept += 1
    return swept
