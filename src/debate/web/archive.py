"""The archive: the runs and studies there are, found by id.

An id in an address is compared with the names of what lies in the folders. It is never joined to a path, so
no address leads anywhere else.
"""

import os
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from debate.errors import UnknownName
from debate.run_index import Page, Wanted, select
from debate.run_names import Named
from debate.transcripts import Run


@dataclass(frozen=True)
class Archive:
    """The runs in `bases`, folders of runs, the user's own first."""

    bases: tuple[Path, ...]

    @property
    def own(self) -> Path:
        """The user's own folder of runs; their studies lie in it too."""
        return self.bases[0]

    def select(self, wanted: Wanted, *, limit: int, offset: int) -> Page:
        """The runs that fit, newest first."""
        return select(self.bases, wanted, limit=limit, offset=offset)

    def folder(self, id_: str) -> Path:
        """The folder of the run with exactly this id. Raises `UnknownName`."""
        for base in self.bases:
            with suppress(FileNotFoundError, NotADirectoryError):
                names = os.listdir(base)  # noqa: PTH208 - names; a hundred thousand paths take long to make
                if id_ in names and Named(id_, base / id_).begun:
                    return base / id_
        raise UnknownName("run", id_, ())

    def run(self, id_: str) -> Run:
        """The run with exactly this id. Raises `UnknownName`, `TranscriptError` when it is unreadable."""
        return Run.load(self.folder(id_))
