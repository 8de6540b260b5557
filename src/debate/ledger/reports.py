"""What a person does with a ledger: look at it, take a copy, bring replies back, throw old ones away.

All of it works on the file itself, beside running debates. An export is JSON Lines, one attempt a line;
`adopt` reads such lines back, and those that a run wrote down elsewhere because its disk was full.
"""

import json
import os
import sqlite3
import tempfile
import time
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from debate.errors import InputError, SettingsError
from debate.ledger.entries import Entry, LedgerError, Opening, Spend
from debate.ledger.sqlite import connect, find_reply, read_spend

FORMAT: Final = "debate-ledger/1"
"""Stands in every exported line."""


@dataclass(frozen=True, slots=True)
class ModelStats:
    """Figures of one model at one endpoint. `cost` sums the known ones; `cost_unknown` counts the answers
    without one.
    """

    model: str
    endpoint: str
    attempts: int
    answers: int
    failed: int
    unanswered: int
    prompt_tokens: int
    completion_tokens: int
    tokens_unknown: int
    cost: float
    cost_unknown: int


@dataclass(frozen=True, slots=True)
class Stats:
    """A ledger in figures. `faults` counts failed attempts by fault; `size` is in bytes with all parts of the
    file.

    `unanswered` attempts are in flight now, or were when their process died: they may have been billed.
    """

    models: tuple[ModelStats, ...]
    faults: Mapping[str, int]
    size: int


_STATS = """
SELECT model, endpoint, count(*),
    sum(state IN ('received', 'answer')), sum(state = 'failed'), sum(state = 'sent'),
    coalesce(sum(prompt_tokens), 0), coalesce(sum(completion_tokens), 0),
    sum(state = 'answer' AND (prompt_tokens IS NULL OR completion_tokens IS NULL)),
    coalesce(sum(cost), 0.0), sum(state = 'answer' AND cost IS NULL)
FROM attempts GROUP BY model, endpoint ORDER BY model, endpoint
"""


def stats(path: Path) -> Stats:
    """The figures of the ledger at `path`."""
    with closing(_existing(path)) as connection:
        models = tuple(ModelStats(*row) for row in connection.execute(_STATS))
        faults = dict(
            connection.execute(
                "SELECT fault, count(*) FROM attempts WHERE state = 'failed'"
                " GROUP BY fault ORDER BY 2 DESC, 1"
            ).fetchall()
        )
    return Stats(models, faults, _size(path))


def spent(path: Path, scope: str) -> Spend | None:
    """What was sent under this scope; None where there is no ledger."""
    if not path.exists():
        return None
    with closing(_existing(path)) as connection:
        return read_spend(connection, scope)


def _size(path: Path) -> int:
    return sum(part.stat().st_size for part in path.parent.glob(f"{path.name}*") if part.is_file())


_COLUMNS: Final = (
    *(
        "id",
        "key",
        "scope",
        "role",
        "model",
        "endpoint",
        "sample",
        "number",
        "sent",
        "ended",
        "state",
        "status",
    ),
    *(
        "request_id",
        "fault",
        "detail",
        "prompt_tokens",
        "completion_tokens",
        "cached_tokens",
        "reasoning_tokens",
    ),
    "cost",
)


def export(path: Path, *, bodies: bool = True) -> Iterator[str]:
    """Every attempt as a line of JSON, oldest first, with the reply's body as text unless `bodies` is
    False.
    """
    with closing(_existing(path)) as connection:
        columns = ", ".join(_COLUMNS)
        rows = connection.execute(
            f"SELECT {columns}, body FROM attempts LEFT JOIN bodies ON attempt = id ORDER BY id"  # noqa: S608 - our own columns
        )
        for *values, body in rows:
            line: dict[str, object] = {"format": FORMAT, **dict(zip(_COLUMNS, values, strict=True))}
            if bodies and body is not None:
                line["body"] = body.decode("utf-8", errors="replace")
            yield json.dumps(line)  # ASCII: lossless, and nothing in it can steer a terminal


@dataclass(frozen=True, slots=True)
class Adopted:
    """How many replies were taken in, and how many were there already."""

    taken: int
    known: int


def adopt(path: Path, lines: Iterable[str], where: str) -> Adopted:
    """Take the replies of exported or rescued `lines` into the ledger at `path`; failed attempts stay behind.

    All or nothing. Raises `InputError` naming `where` and the line that cannot be read.
    """
    taken = known = 0
    with closing(_existing(path)) as connection:
        connection.execute("BEGIN IMMEDIATE")
        for number, line in enumerate(lines, 1):
            if not line.strip():
                continue
            record = _reply(line, f"{where}:{number}")
            if record is None:
                continue
            if connection.execute(
                "SELECT 1 FROM attempts WHERE key = ? AND state IN ('received', 'answer')", (record["key"],)
            ).fetchone():
                known += 1
                continue
            _insert(connection, record)
            taken += 1
        connection.execute("COMMIT")
    return Adopted(taken, known)


def _reply(line: str, where: str) -> dict[str, object] | None:
    """The record in a line, None when it holds no reply."""
    try:
        record = json.loads(line)
        if record["format"] != FORMAT:
            raise KeyError("format")
        if record["state"] not in {"received", "answer"} or "body" not in record:
            return None
        for name in ("key", "scope", "role", "model", "endpoint", "body"):
            if not isinstance(record[name], str):
                raise TypeError(name)
    except (ValueError, KeyError, TypeError, RecursionError) as error:
        raise InputError(
            f"{where}: not a line of an exported ledger ({type(error).__name__}: {error})"
        ) from None
    return dict(record)


def _insert(connection: sqlite3.Connection, record: Mapping[str, object]) -> None:
    columns = [name for name in _COLUMNS if name != "id" and record.get(name) is not None]
    try:
        cursor = connection.execute(
            f"INSERT INTO attempts ({', '.join(columns)}) VALUES ({', '.join('?' * len(columns))})",  # noqa: S608 - our own columns
            [record[name] for name in columns],
        )
    except sqlite3.Error as error:
        raise InputError(f"a reply of {record['model']} cannot be taken in: {error}") from None
    body = str(record["body"]).encode("utf-8", errors="replace")
    connection.execute("INSERT INTO bodies VALUES (?, ?)", (cursor.lastrowid, body))


@dataclass(frozen=True, slots=True)
class Pruned:
    """What was thrown away: attempts, of them replies; and bytes of disk given back."""

    attempts: int
    replies: int
    freed: int


_FITS = """
FROM attempts WHERE (:before IS NULL OR sent < :before) AND (:model IS NULL OR model = :model)
    AND (NOT :failed OR state IN ('failed', 'sent'))
"""


def prunable(
    path: Path, *, before: float | None = None, failed: bool = False, model: str | None = None
) -> tuple[int, int]:
    """How many attempts `prune` would throw away now, and how many of them are replies."""
    values = _chosen(before, failed, model)
    with closing(_existing(path)) as connection:
        attempts, replies = connection.execute(
            f"SELECT count(*), coalesce(sum(state IN ('received', 'answer')), 0) {_FITS}",
            values,
        ).fetchone()
    return attempts, replies


def _chosen(before: float | None, failed: bool, model: str | None) -> dict[str, object]:
    if before is None and not failed and model is None:
        raise SettingsError("debate ledger prune: say what goes: --before, --failed or --model")
    return {"before": before, "failed": failed, "model": model}


def prune(
    path: Path, *, before: float | None = None, failed: bool = False, model: str | None = None
) -> Pruned:
    """Throw away attempts that fit all of the given: sent `before` (epoch seconds), `failed` or unanswered,
    of `model`.

    A reply thrown away is paid for again when it is next needed. Raises `SettingsError` when nothing is
    given: a ledger is emptied by deleting its file.
    """
    values = _chosen(before, failed, model)
    size = _size(path)
    with closing(_existing(path)) as connection:
        connection.execute("BEGIN IMMEDIATE")
        connection.execute(f"CREATE TEMP TABLE gone AS SELECT id {_FITS}", values)
        attempts, replies = connection.execute(
            "SELECT count(*), coalesce(sum(state IN ('received', 'answer')), 0)"
            " FROM attempts WHERE id IN (SELECT id FROM gone)"
        ).fetchone()
        connection.execute("DELETE FROM bodies WHERE attempt IN (SELECT id FROM gone)")
        connection.execute("DELETE FROM attempts WHERE id IN (SELECT id FROM gone)")
        connection.execute("COMMIT")
        connection.execute("VACUUM")
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    return Pruned(attempts, replies, max(0, size - _size(path)))


def rescue(opening: Opening, scope: str, status: int, body: bytes, into: Path | None = None) -> Path | None:
    """Write down elsewhere a reply its ledger could not take, in a form `adopt` reads; where.

    Appends to `into`, else makes a file in the system's folder for such. None when nothing can be written.
    """
    line = {
        **{
            "format": FORMAT,
            "key": opening.key,
            "scope": scope,
            "role": opening.role,
            "model": opening.model,
        },
        **{
            "endpoint": opening.endpoint,
            "sample": opening.sample,
            "number": opening.number,
            "sent": time.time(),
        },
        **{"state": "received", "status": status, "body": body.decode("utf-8", errors="replace")},
    }
    try:
        if into is None:
            descriptor, name = tempfile.mkstemp(prefix="debate-rescued-", suffix=".jsonl")
            into = Path(name)
        else:
            descriptor = os.open(into, os.O_WRONLY | os.O_APPEND)
        with os.fdopen(descriptor, "ab") as file:
            file.write((json.dumps(line) + "\n").encode("ascii"))
            file.flush()
            os.fsync(descriptor)
    except OSError:
        return None
    return into


@contextmanager
def known_replies(path: Path) -> Iterator[Callable[[str], Entry | None]]:
    """A look-up by the identity of a call that leaves no trace. Where there is no ledger nothing is known."""
    if not path.exists():
        yield lambda _: None
        return
    with closing(_existing(path)) as connection:
        yield lambda key: find_reply(connection, key)


def _existing(path: Path) -> sqlite3.Connection:
    """A connection to a ledger that is there. Raises `SettingsError` when there is none."""
    if not path.is_file():
        raise SettingsError(f"--ledger {path}: there is no ledger")
    try:
        connection = connect(path)
        try:
            connection.execute("SELECT 1 FROM attempts LIMIT 1")
        except BaseException:
            connection.close()
            raise
    except sqlite3.DatabaseError as error:
        if isinstance(error, sqlite3.OperationalError) and "no such table" not in str(error):
            raise LedgerError(f"the ledger {path} cannot be read: {error}") from None
        raise SettingsError(f"--ledger {path}: not a ledger; name another file") from None
    return connection
