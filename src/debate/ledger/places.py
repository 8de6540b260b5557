"""Where a ledger file may lie, and who may read it.

SQLite's write-ahead log needs shared memory and working locks: over a network file system it corrupts
quietly. Such a place is refused. Files are for their owner alone: replies may hold what nobody else should
read.
"""

import os
from pathlib import Path
from typing import Final

from debate.errors import SettingsError

LEDGER: Final = "ledger.sqlite3"
"""The usual name, beside the runs."""

_NETWORK = frozenset(
    {
        *(
            "nfs",
            "nfs4",
            "cifs",
            "smb3",
            "smbfs",
            "9p",
            "afs",
            "ncpfs",
            "ceph",
            "glusterfs",
            "lustre",
            "gpfs",
            "beegfs",
        ),
        *(
            "fuse.sshfs",
            "fuse.s3fs",
            "fuse.rclone",
            "fuse.gcsfuse",
            "fuse.glusterfs",
            "davfs",
            "virtiofs",
            "prl_fs",
        ),
    }
)
_MOUNTS = Path("/proc/self/mounts")


def prepare(path: Path) -> Path:
    """`path` made absolute, with its folder (0700) and an empty file (0600) there if they were not.

    Raises `SettingsError` when the place cannot hold a ledger; the message names `--ledger`.
    """
    path = path.expanduser().absolute()
    try:
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        if kind := network_file_system(path.parent.resolve()):
            raise SettingsError(
                f"--ledger {path}: this is a network file system ({kind}), where SQLite loses data; "
                "name a file on a local disk"
            )
        os.close(os.open(path, os.O_RDWR | os.O_CREAT | getattr(os, "O_CLOEXEC", 0), 0o600))
    except OSError as error:
        raise SettingsError(
            f"--ledger {path}: {error.strerror or error}; name a file in a writable folder"
        ) from None
    return path


def network_file_system(folder: Path, mounts: Path = _MOUNTS) -> str:
    """The kind of network file system `folder` (resolved) lies on; "" for a local one, or where nobody
    says.
    """
    try:
        lines = mounts.read_text(errors="replace").splitlines()
    except OSError:
        return ""
    best, kind = -1, ""
    for line in lines:
        fields = line.split(" ")
        if len(fields) < 3:
            continue
        point = Path(fields[1].replace("\\040", " "))
        # The deepest mount counts, and of several on one point the last.
        if folder.is_relative_to(point) and len(point.parts) >= best:
            best, kind = len(point.parts), fields[2]
    return kind if kind in _NETWORK else ""
