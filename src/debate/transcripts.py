"""Transcripts: the folder a run leaves behind, and reading it back.

    <transcripts>/20261123-184500-code_performance-stuck-3f2a/
        run.json        the manifest, written before the first call; `result` is added at the end
        events.jsonl    what happened, one event a line, only ever appended to
        transcript.md   the whole debate to read
        answer.md       the answer alone

A run is its folder: its id is the folder's name, sorts by time, and is unique because making the folder is
what claims it. One process at a time writes it, and holds `debate.run_lock` while it does. Whole files are
replaced by rename; a journal line is one write, so that a process that dies can tear the last line at most.
A torn last line is passed over with a note; a bad line elsewhere means the file was changed, and is refused
with its number. The journal is flushed to the disk when the run ends: what a machine that dies takes with it
before, resuming makes again from the ledger.

A run that was resumed has been held more than once. Its journal keeps every sitting, each beginning with a
`RunStarted`; pages and results are made from the last, which says again what was said before.

Files are for their owner (0600, folders 0700): they hold whole prompts and replies.
"""

import os
import re
import secrets
import shutil
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import TypeVar

from pydantic import ValidationError

from debate.errors import InputError, TranscriptError
from debate.events import Event, RunFinished, RunStarted, now, parse_event
from debate.manifest import Manifest
from debate.run_lock import RunLock
from debate.run_names import EVENTS, MANIFEST, Named, no_folder, run_named, run_names

TRANSCRIPT = "transcript.md"
ANSWER = "answer.md"

E = TypeVar("E", bound=Event)


class RunFolder:
    """A run folder being written, by this process alone. Listens to the run's recorder.

    Raises `InputError` when another process writes it, `TranscriptError` when it cannot be written.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        try:
            self._lock = RunLock(path)
            try:
                self._journal = _open_journal(path / EVENTS)
            except BaseException:
                self._lock.release()
                raise
        except OSError as error:
            raise TranscriptError(f"cannot write in {path}: {error.strerror}") from error

    @classmethod
    def create(cls, base: Path, problem: str, clock: Callable[[], datetime] = now) -> "RunFolder":
        """Claim a new folder under `base` for a run on `problem`. Raises `InputError`, `TranscriptError`."""
        stamp = clock().astimezone(UTC).strftime("%Y%m%d-%H%M%S")
        name = re.sub(r"[^a-z0-9_-]+", "-", problem.casefold()).strip("-")[:64] or "problem"
        try:
            base.mkdir(parents=True, exist_ok=True, mode=0o700)
            while True:
                path = base / f"{stamp}-{name}-{secrets.token_hex(2)}"
                try:
                    path.mkdir(mode=0o700)
                except FileExistsError:
                    continue
                return cls(path)
        except (FileExistsError, NotADirectoryError) as error:
            raise no_folder(base) from error
        except OSError as error:
            raise TranscriptError(
                f"cannot make a run folder in {base}: {error.strerror}; name another with --transcripts DIR"
            ) from error

    @property
    def id(self) -> str:
        """The run's id: its folder's name."""
        return self.path.name

    def append(self, event: Event) -> None:
        """Write one event to the journal, whole or not at all; the last one brings all of them to the disk.

        Before that a flush each would hold up every debate of the process, for what resuming makes again from
        the ledger. Raises `TranscriptError`.
        """
        line = event.model_dump_json().encode() + b"\n"
        try:
            written = os.write(self._journal, line)
            if isinstance(event, RunFinished):
                os.fsync(self._journal)
        except OSError as error:
            raise TranscriptError(f"cannot write {self.path / EVENTS}: {error.strerror}") from error
        if written != len(line):
            whole = os.fstat(self._journal).st_size - written
            os.ftruncate(self._journal, whole)  # the next line must not join this one
            raise TranscriptError(f"cannot write {self.path / EVENTS}: the disk took only part of a line")

    def write(self, name: str, text: str) -> None:
        """Replace the file `name` by `text`, whole or not at all."""
        write_whole(self.path / name, text)
        if name == MANIFEST:  # written first and last: it makes the names of the others durable too
            _sync_folder(self.path)

    def discard(self) -> None:
        """Take the folder away again: nothing has happened in it."""
        for path in self.path.iterdir():
            path.unlink()
        self.path.rmdir()

    def close(self) -> None:
        """Close the journal and let go of the folder."""
        os.close(self._journal)
        self._lock.release()


@dataclass(frozen=True, slots=True)
class Run:
    """A run read back. `notes` say what reading had to pass over."""

    path: Path
    manifest: Manifest
    events: tuple[Event, ...]
    notes: tuple[str, ...] = ()

    @classmethod
    def load(cls, path: Path) -> "Run":
        """Read the folder at `path`. Raises `TranscriptError` naming file and line."""
        if path.is_dir() and not Named(path.name, path).begun:
            raise TranscriptError(
                f"the run {path.name} has not begun, nothing was asked; if it was stopped there: "
                f"debate transcripts rm {path.name}"
            )
        manifest = read_manifest(path)
        try:
            data = (path / EVENTS).read_bytes()
        except OSError as error:
            raise TranscriptError(f"cannot read {path / EVENTS}: {error.strerror}") from error
        events, notes = _read_journal(path / EVENTS, data)
        return cls(path, manifest, events, notes)

    @classmethod
    def named(cls, name: str, folders: Sequence[Path]) -> "Run":
        """The run an id, a part of one, or `last` stands for in `folders`: where own runs go first, then
        where the examples are. Raises `InputError`, `TranscriptError`.
        """
        return cls.load(run_named(name, folders).path)

    @property
    def sitting(self) -> tuple[Event, ...]:
        """The events since the run was last started."""
        starts = (n for n in reversed(range(len(self.events))) if isinstance(self.events[n], RunStarted))
        return self.events[next(starts, 0) :]

    def of(self, kind: type[E]) -> list[E]:
        """The events of one type in the last sitting, in order."""
        return [event for event in self.sitting if isinstance(event, kind)]


@dataclass(frozen=True, slots=True)
class Listed:
    """A run folder and its manifest, None where that cannot be read."""

    path: Path
    manifest: Manifest | None


def list_runs(base: Path, since: str = "") -> list[Listed]:
    """Run folders in `base` from time stamp `since` on, newest first; `debate.run_index` reads fewer."""
    return [_list_one(base / name) for name in run_names(base, since)]


def removable(run: Named) -> None:
    """Raises `InputError` for a run that is not to be removed: an example, or a link to somewhere else."""
    if run.example:
        raise InputError(f"{run.id} is an example that comes with the program, and stays")
    if run.path.is_symlink():
        raise InputError(f"{run.path} is a link to {run.path.readlink()}; take the link away yourself")


def remove_run(run: Named) -> None:
    """Remove the folder of a run nobody writes. Raises `InputError`, `TranscriptError`.

    It is renamed first, so that a removal that is cut short leaves no half of a run in the list.
    """
    removable(run)
    hidden = run.path.with_name(f".{run.id}.removed")
    try:
        lock = RunLock(run.path)
        try:
            run.path.rename(hidden)
        finally:
            lock.release()
        shutil.rmtree(hidden)
    except OSError as error:
        raise TranscriptError(f"cannot remove {run.path}: {error.strerror}") from error


def write_whole(target: Path, text: str) -> None:
    """Replace the file `target` by `text`, whole or not at all. Raises `TranscriptError`."""
    part = target.with_name(f".{target.name}.part")
    try:
        with os.fdopen(os.open(part, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as stream:
            stream.write(text.encode())
            stream.flush()
            os.fsync(stream.fileno())
        part.replace(target)
    except OSError as error:
        raise TranscriptError(f"cannot write {target}: {error.strerror}") from error


def _list_one(path: Path) -> Listed:
    try:
        return Listed(path, read_manifest(path))
    except TranscriptError:
        return Listed(path, None)


def read_manifest(path: Path) -> Manifest:
    """The manifest in the run folder `path`. Raises `TranscriptError`."""
    file = path / MANIFEST
    try:
        return Manifest.model_validate_json(file.read_bytes())
    except OSError as error:
        raise TranscriptError(f"cannot read {file}: {error.strerror}") from error
    except ValidationError as error:
        raise TranscriptError(f"{file} is no manifest of this version: {_first(error)}") from error


def _read_journal(path: Path, data: bytes) -> tuple[tuple[Event, ...], tuple[str, ...]]:
    *whole, tail = data.split(b"\n")
    events: list[Event] = []
    notes: list[str] = []
    for number, line in enumerate(whole, 1):
        try:
            events.append(parse_event(line))
        except ValidationError as error:
            raise TranscriptError(f"{path}:{number}: not an event: {_first(error)}") from error
    if tail:
        try:
            events.append(parse_event(tail))
        except ValidationError:
            notes.append(f"{path.name}:{len(whole) + 1}: the last line is torn and was passed over")
    return tuple(events), tuple(notes)


def _first(error: ValidationError) -> str:
    """What is wrong, without the input: it may be a whole prompt."""
    fault = error.errors(include_url=False, include_context=False, include_input=False)[0]
    where = ".".join(str(part) for part in fault["loc"])
    return f"{where}: {fault['msg']}" if where else str(fault["msg"])


def _open_journal(path: Path) -> int:
    """A descriptor to append to `path` with; a torn last line is mended first, or the next would join it."""
    journal = os.open(path, os.O_RDWR | os.O_APPEND | os.O_CREAT, 0o600)
    tail = path.read_bytes().rpartition(b"\n")[2]
    if tail:
        try:
            parse_event(tail)
        except ValidationError:
            os.ftruncate(journal, path.stat().st_size - len(tail))
        else:
            os.write(journal, b"\n")
    return journal


def _sync_folder(path: Path) -> None:
    """Make new names in `path` durable."""
    folder = os.open(path, os.O_RDONLY)
    try:
        os.fsync(folder)
    except OSError as error:
        raise TranscriptError(f"cannot write in {path}: {error.strerror}") from error
    finally:
        os.close(folder)
