"""The run index: what a list of runs shows and filters by, kept beside the runs so that none need be read.

    <transcripts>/.index/runs.sqlite3

The folders are the truth; the index is made from them and held against them before each question. The time
stamp of the folder of runs says whether runs came or went (then names are compared), and the manifests of
runs that are not done are looked at for a new time stamp. A run that is done is not written again by this
program; who changes its manifest by hand asks for `rebuild`. The index lies in a folder of its own, or making
it would change the time stamp it is held against.

An index that is missing, torn or of another version is made anew. Where none can be kept (a folder that
cannot be written, a disk that is full, somebody who writes it and does not end) the question is answered from
the folders all the same, only slower. One process at a time writes it, under a lock that ends with it.
"""

import fcntl
import os
import sqlite3
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Final, TypeVar

from debate.run_glance import Indexed, glance
from debate.run_names import MANIFEST, run_names

__all__ = ["FILE", "FOLDER", "Indexed", "Page", "Wanted", "rebuild", "select"]

FOLDER: Final = ".index"
FILE: Final = "runs.sqlite3"

_VERSION: Final = 1  # as _TABLES says
# A folder's time stamp moves in ticks (2 s at the coarsest): a run that came within the tick of the last look
# would not move it.
_TICK: Final = 2_000_000_000
_PATIENCE: Final = 60.0  # seconds for another process to write the index
_SEPARATOR: Final = "\n"
_COLUMNS: Final = "id, problem, terms, lenses, models, status, headline, baseline, study, began"
_TABLES: Final = """
    CREATE TABLE runs (
        id TEXT PRIMARY KEY, problem TEXT, terms TEXT, lenses TEXT, models TEXT, status TEXT,
        headline REAL, baseline REAL, study TEXT, began REAL, stamp TEXT
    ) WITHOUT ROWID;
    CREATE INDEX open_runs ON runs (id, stamp) WHERE status != 'done';
    CREATE TABLE listed (folder INTEGER, at INTEGER);
    INSERT INTO listed VALUES (0, 0);
    PRAGMA user_version = 1;
"""

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which runs are wanted; None is no matter. Of names a part is enough, in capitals or not.

    `status` is one of `debate.run_glance.STATUSES`, `at_least` a headline score; `since` and `until` bound
    the begin, both with a time zone, both included; `text` are words that must all stand in id, problem,
    terms, lenses, models, status or study.
    """

    problem: str | None = None
    lens: str | None = None
    model: str | None = None
    status: str | None = None
    study: str | None = None
    at_least: float | None = None
    since: datetime | None = None
    until: datetime | None = None
    text: str | None = None


@dataclass(frozen=True, slots=True)
class Page:
    """Some of the runs that are wanted, and how many there are in all."""

    rows: tuple[Indexed, ...]
    total: int


def select(bases: Sequence[Path], wanted: Wanted, *, limit: int | None = None, offset: int = 0) -> Page:
    """Own runs in the first of `bases`, then examples in the others, each newest first.

    Only the first has an index; examples are few. Raises `InputError` or `TranscriptError` when a folder
    cannot be listed.
    """
    rows: list[Indexed] = []
    total = 0
    for number, base in enumerate(dict.fromkeys(base.resolve() for base in bases)):
        left = -1 if limit is None else max(0, limit - len(rows))
        found, count = _answer(base, _question(wanted, left, max(0, offset - total)), kept=number == 0)
        rows += (_indexed(row, base, example=number > 0) for row in found)
        total += count
    return Page(tuple(rows), total)


def rebuild(base: Path) -> int:
    """Make the index of `base` anew; gives the number of runs. Raises `OSError` where none can be kept."""
    base = base.resolve()
    try:
        _renew(base, anew=True)
        with closing(_opened(base, "ro")) as index:
            return int(index.execute("SELECT count(*) FROM runs").fetchone()[0])
    except sqlite3.Error as error:
        raise OSError(None, str(error)) from error


@dataclass(frozen=True, slots=True)
class _Changes:
    """What an index does not know that last looked at `since`: runs to `read` (again), and runs that are
    `gone`; `folder` is the folder's time stamp when it was looked at, `at`. Times in ns.
    """

    read: tuple[str, ...]
    gone: tuple[str, ...]
    folder: int
    at: int
    since: int


def _answer(base: Path, ask: Callable[[sqlite3.Connection], T], *, kept: bool) -> T:
    """What `ask` makes of the index of `base`; of one in memory where none is `kept`, or can be."""
    if kept and os.path.isdir(base):  # noqa: PTH112 - raises nothing, unlike its namesake
        for anew in (False, True):
            with suppress(sqlite3.Error, OSError):
                if anew or not _exists(base):
                    _renew(base, anew=anew)
                with closing(_opened(base, "ro")) as index:
                    changes = _changes(index, base)
                    if changes is None:
                        return ask(index)
                _renew(base, changes)
                with closing(_opened(base, "ro")) as index:
                    return ask(index)
    with closing(sqlite3.connect(":memory:")) as index:
        index.executescript(_TABLES)
        _apply(index, base, _changes(index, base))
        return ask(index)


def _exists(base: Path) -> bool:
    if not (base / FOLDER / FILE).is_file():
        return False
    with closing(_opened(base, "ro")) as index:
        return _version(index) == _VERSION


def _renew(base: Path, seen: _Changes | None = None, *, anew: bool = False) -> None:
    """Bring the index up to date, by the changes that were `seen` if nobody else did so meanwhile; from
    nothing when it is `anew`. Raises `OSError`, `sqlite3.Error`.
    """
    (base / FOLDER).mkdir(mode=0o700, exist_ok=True)
    with _writing(base):
        if anew:
            for leftover in (base / FOLDER).glob(f"{FILE}*"):
                leftover.unlink()
        with closing(_opened(base, "rwc")) as index, index:
            if _version(index) != _VERSION:
                _drop(index)
                index.executescript(_TABLES)
            index.execute("BEGIN IMMEDIATE")
            known = index.execute("SELECT at FROM listed").fetchone()[0]
            _apply(index, base, seen if seen and seen.since == known else _changes(index, base))


@contextmanager
def _writing(base: Path) -> Iterator[None]:
    """The right to write the index, which ends with the process. Raises `TimeoutError`, an `OSError`."""
    lock = os.open(base / FOLDER / "lock", os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    try:
        until = time.monotonic() + _PATIENCE
        while True:
            try:
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
                break
            except BlockingIOError:
                if time.monotonic() > until:
                    raise TimeoutError from None
                time.sleep(0.02)
        yield
    finally:
        os.close(lock)


def _opened(base: Path, mode: str) -> sqlite3.Connection:
    file = base / FOLDER / FILE
    # Manual transactions: what is asked and what is written in one is one.
    return sqlite3.connect(f"{file.as_uri()}?mode={mode}", uri=True, timeout=10, isolation_level=None)


def _version(index: sqlite3.Connection) -> int:
    return int(index.execute("PRAGMA user_version").fetchone()[0])


def _drop(index: sqlite3.Connection) -> None:
    tables = index.execute("SELECT name FROM sqlite_master WHERE type = 'table'").fetchall()
    for (name,) in tables:
        index.execute(f'DROP TABLE "{name}"')


def _changes(index: sqlite3.Connection, base: Path) -> _Changes | None:
    """What has changed since the folders were last looked at; None when nothing has."""
    folder, at = _stamp_of(base), time.time_ns()
    known_folder, known_at = index.execute("SELECT folder, at FROM listed").fetchone()
    open_runs = index.execute("SELECT id, stamp FROM runs WHERE status != 'done'")
    again = tuple(name for name, stamp in open_runs if stamp != _stamp(base / name))
    if folder == known_folder and known_at - folder > _TICK:
        return _Changes(again, (), folder, known_at, known_at) if again else None
    there = dict.fromkeys(run_names(base))
    known = {name for (name,) in index.execute("SELECT id FROM runs")}
    new = tuple(name for name in there if name not in known)
    gone = tuple(known.difference(there))
    if not (new or gone or again) and at - folder <= _TICK:
        return None  # too early to be sure of it: look at the names once more next time
    return _Changes((*new, *(name for name in again if name in there)), gone, folder, at, known_at)


def _apply(index: sqlite3.Connection, base: Path, changes: _Changes | None) -> None:
    if changes is None:
        return
    index.executemany("DELETE FROM runs WHERE id = ?", [(name,) for name in changes.gone])
    index.executemany(
        "INSERT OR REPLACE INTO runs VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)", _rows(base, changes.read)
    )
    index.execute("UPDATE listed SET folder = ?, at = ?", (changes.folder, changes.at))


def _rows(base: Path, names: Iterable[str]) -> Iterator[tuple[object, ...]]:
    for name in names:
        stamp = _stamp(base / name)  # before the reading: what changes meanwhile is read again
        run = glance(base / name)
        yield (
            *(run.id, run.problem, run.terms, _SEPARATOR.join(run.lenses), _SEPARATOR.join(run.models)),
            *(run.status, run.headline, run.baseline, run.study, run.began.timestamp(), stamp),
        )


def _stamp_of(base: Path) -> int:
    try:
        return base.stat().st_mtime_ns
    except OSError:
        return 0  # why, the listing says


def _stamp(run: Path) -> str:
    """Changes whenever the manifest is replaced."""
    try:
        found = (run / MANIFEST).stat()
    except OSError:
        return ""
    return f"{found.st_mtime_ns}-{found.st_ino}-{found.st_size}"


def _question(
    wanted: Wanted, limit: int, offset: int
) -> Callable[[sqlite3.Connection], tuple[list[tuple[object, ...]], int]]:
    where, values = _conditions(wanted)

    # Columns and conditions are written in this module; what a user wrote is bound.
    count = f"SELECT count(*) FROM runs WHERE {where}"  # noqa: S608 - see above
    rows = f"SELECT {_COLUMNS} FROM runs WHERE {where} ORDER BY id DESC LIMIT ? OFFSET ?"  # noqa: S608

    def ask(index: sqlite3.Connection) -> tuple[list[tuple[object, ...]], int]:
        found = index.execute(rows, (*values, limit, offset)).fetchall()
        if (limit < 0 or len(found) < limit) and (found or not offset):
            return found, offset + len(found)  # the last page: nothing is left to count
        return found, int(index.execute(count, values).fetchone()[0])

    return ask


def _conditions(wanted: Wanted) -> tuple[str, list[object]]:
    """The filter as SQL and what stands for its question marks."""
    found: list[tuple[str, object]] = []
    lens = wanted.lens and "-".join(wanted.lens.split())
    for column, part in {
        "problem": wanted.problem,
        "lenses": lens,
        "models": wanted.model,
        "study": wanted.study,
    }.items():
        if part is not None:
            found.append((f"instr(lower({column}), ?)", part.lower()))
    if wanted.status is not None:
        found.append(("status = ?", wanted.status))
    if wanted.at_least is not None:
        found.append(("headline >= ?", wanted.at_least))
    if wanted.since is not None:
        found.append(("began >= ?", wanted.since.timestamp()))
    if wanted.until is not None:
        found.append(("began <= ?", wanted.until.timestamp()))
    everything = (
        "lower(id || ' ' || problem || ' ' || terms || ' ' || lenses || ' ' || models || ' ' || status"
    )
    for word in (wanted.text or "").split():
        found.append((f"instr({everything} || ' ' || ifnull(study, '')), ?)", word.lower()))
    return " AND ".join(condition for condition, _ in found) or "1", [value for _, value in found]


def _indexed(row: tuple[object, ...], base: Path, *, example: bool) -> Indexed:
    id_, problem, terms, lenses, models, status, headline, baseline, study, at = row
    return Indexed(
        id=str(id_),
        path=base / str(id_),
        problem=str(problem),
        terms=str(terms),
        lenses=tuple(filter(None, str(lenses).split(_SEPARATOR))),
        models=tuple(filter(None, str(models).split(_SEPARATOR))),
        status=str(status),
        headline=_score(headline),
        baseline=_score(baseline),
        study=None if study is None else str(study),
        began=datetime.fromtimestamp(float(str(at)), UTC),
        example=example,
    )


def _score(value: object) -> float | None:
    return None if value is None else float(str(value))
