"""The archive: the runs and studies there are, found by id.

An id in an address is compared with the names of what lies in the folders. It is never joined to a path, so
no address leads anywhere else.
"""

import os
from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from debate.errors import DebateError, UnknownName
from debate.library import Library
from debate.run_index import Page, Wanted, select
from debate.transcripts import Run


@dataclass(frozen=True)
class Archive:
    """The runs in `bases`, folders of runs, the user's own first."""

    library: Library
    bases: tuple[Path, ...]

    def select(self, wanted: Wanted, *, limit: int, offset: int) -> Page:
        """The runs that fit, newest first."""
        return select(self.bases, wanted, limit=limit, offset=offset)

    def folder(self, id_: str) -> Path:
        """The folder of the run with exactly this id. Raises `UnknownName`."""
        return _named("run", id_, self.bases)

    def run(self, id_: str) -> Run:
        """The run with exactly this id. Raises `UnknownName`, `TranscriptError` when it is unreadable."""
        return Run.load(self.folder(id_))

    def has(self, id_: str) -> bool:
        """Whether there is a run with exactly this id."""
        try:
            self.folder(id_)
        except DebateError:
            return False
        return True


def run_folders(library: Library, folder: Path | None) -> list[Path]:
    """Where runs are: own ones in `folder` (None: where they go), then the examples of the library."""
    examples = (root.path / "transcripts" / "examples" for root in library.roots)
    return [library.transcripts_dir(folder), *examples]


def _named(kind: str, id_: str, bases: Sequence[Path]) -> Path:
    found = (path for base in bases for name, path in _entries(base) if name == id_ and path.is_dir())
    path = next(found, None)
    if path is None:
        raise UnknownName(kind, id_, ())
    return path


def _entries(base: Path) -> Iterator[tuple[str, Path]]:
    with suppress(FileNotFoundError, NotADirectoryError), os.scandir(base) as entries:
        yield from ((entry.name, Path(entry.path)) for entry in entries)
