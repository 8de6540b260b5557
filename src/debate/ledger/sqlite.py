"""The ledger in one SQLite file, shared by all processes of a machine.

Write-ahead log, every commit flushed to disk (`synchronous=FULL`), writes through a `Writer`, reads on a
connection of their own that no writer ever holds up. Bodies lie in a table apart, so that figures are summed
without touching them.
"""

import sqlite3
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any, Final, Self

from debate.errors import SettingsError
from debate.ledger import places
from debate.ledger.claims import Held, claims_at
from debate.ledger.entries import Budget, Entry, Failure, LedgerError, Opening, Settlement, Spend
from debate.ledger.writer import Writer

SCHEMA: Final = 1
"""Goes into the file's `user_version`; a file with a higher one is left alone."""

_BUSY: Final = 30_000  # ms; a dozen processes at once waited 0.6 s at worst
_APPLICATION: Final = 0x6C656E73  # "lens", so that `file` and we can tell it from any other database

_TABLES = """
CREATE TABLE attempts (
    id INTEGER PRIMARY KEY,
    key TEXT NOT NULL,
    scope TEXT NOT NULL,
    role TEXT NOT NULL,
    model TEXT NOT NULL,
    endpoint TEXT NOT NULL,
    sample INTEGER NOT NULL,
    number INTEGER NOT NULL,
    sent REAL NOT NULL,
    ended REAL,
    state TEXT NOT NULL CHECK (state IN ('sent', 'received', 'answer', 'failed')),
    status INTEGER,
    request_id TEXT,
    fault TEXT,
    detail TEXT,
    prompt_tokens INTEGER,
    completion_tokens INTEGER,
    cached_tokens INTEGER,
    reasoning_tokens INTEGER,
    cost REAL
);
CREATE INDEX replies ON attempts (key) WHERE state IN ('received', 'answer');
CREATE INDEX attempts_of_scope ON attempts (scope);
CREATE TABLE bodies (attempt INTEGER PRIMARY KEY, body BLOB NOT NULL);
CREATE TABLE spend (
    scope TEXT PRIMARY KEY, calls INTEGER NOT NULL, tokens INTEGER NOT NULL, cost REAL NOT NULL
) WITHOUT ROWID;
CREATE TABLE manners (
    endpoint TEXT NOT NULL, model TEXT NOT NULL, manner TEXT NOT NULL, PRIMARY KEY (endpoint, model)
) WITHOUT ROWID;
"""


class SqliteLedger:
    """See `debate.ledger.Ledger`. Open with `SqliteLedger.open`, close with `close` or `async with`."""

    def __init__(self, path: Path) -> None:
        self.path = path
        locks = path.with_name(f"{path.name}-locks")
        self._claims = claims_at(locks)
        self._reader = connect(path)
        self._writer = Writer(connect(path), locks, f"the ledger {path}")

    @classmethod
    def open(cls, path: Path | str) -> Self:
        """The ledger at `path`, made if it is not there.

        It is written to at once, so that a full disk or a read-only folder shows before the first call.
        Raises `SettingsError` when the place or the file cannot be used, `LedgerError` when it cannot be
        written.
        """
        path = places.prepare(Path(path))
        try:
            _establish(path)
        except sqlite3.DatabaseError as error:
            if isinstance(error, sqlite3.OperationalError):
                raise LedgerError(f"the ledger {path} cannot be written: {error}") from None
            raise SettingsError(f"--ledger {path}: not a ledger ({error}); name another file") from None
        return cls(path)

    async def find(self, key: str) -> Entry | None:
        """See `Ledger.find`. A look-up takes microseconds: it runs where it is asked for."""
        return find_reply(self._reader, key)

    async def try_claim(self, key: str) -> Held | None:
        """See `Ledger.try_claim`."""
        try:
            return self._claims.try_claim(key)
        except OSError as error:
            raise LedgerError(f"the locks beside {self.path}: {error.strerror or error}") from None

    async def begin(self, opening: Opening, budget: Budget) -> int:
        """See `Ledger.begin`."""

        def change(connection: sqlite3.Connection) -> int:
            budget.check(read_spend(connection, budget.scope))
            _count(connection, budget.scope, calls=1)
            cursor = connection.execute(
                "INSERT INTO attempts (key, scope, role, model, endpoint, sample, number, sent, state)"
                " VALUES (?, ?, ?, ?, ?, ?, ?, ?, 'sent')",
                (
                    *(opening.key, budget.scope, opening.role, opening.model),
                    *(opening.endpoint, opening.sample, opening.number, time.time()),
                ),
            )
            assert cursor.lastrowid is not None
            return cursor.lastrowid

        return await self._writer.run(change)

    async def receive(self, attempt: int, status: int, body: bytes, request_id: str = "") -> None:
        """See `Ledger.receive`."""

        def change(connection: sqlite3.Connection) -> None:
            connection.execute(
                "UPDATE attempts SET state = 'received', ended = ?, status = ?, request_id = ? WHERE id = ?",
                (time.time(), status, request_id or None, attempt),
            )
            connection.execute("INSERT INTO bodies VALUES (?, ?)", (attempt, body))

        await self._writer.run(change)

    def settle(self, attempt: int, settlement: Settlement) -> None:
        """See `Ledger.settle`. Settling twice counts once."""

        def change(connection: sqlite3.Connection) -> None:
            settled = connection.execute(
                "UPDATE attempts SET state = 'answer', prompt_tokens = ?, completion_tokens = ?,"
                " cached_tokens = ?, reasoning_tokens = ?, cost = ?"
                " WHERE id = ? AND state = 'received' RETURNING scope",
                (
                    *(settlement.prompt, settlement.completion, settlement.cached),
                    *(settlement.reasoning, settlement.cost, attempt),
                ),
            ).fetchone()
            if settled:
                _count(connection, settled[0], tokens=settlement.guard_tokens, cost=settlement.guard_cost)

        self._writer.note(change)

    def fail(self, attempt: int, failure: Failure) -> None:
        """See `Ledger.fail`. What arrived stays as evidence and is never served."""

        def change(connection: sqlite3.Connection) -> None:
            failed = connection.execute(
                "UPDATE attempts SET state = 'failed', ended = ?, status = coalesce(?, status), fault = ?,"
                " detail = ? WHERE id = ? AND state IN ('sent', 'received') RETURNING scope",
                (time.time(), failure.status, failure.fault, failure.detail, attempt),
            ).fetchone()
            if failed:
                _count(connection, failed[0], tokens=failure.guard_tokens, cost=failure.guard_cost)
                if failure.part:
                    connection.execute("INSERT OR IGNORE INTO bodies VALUES (?, ?)", (attempt, failure.part))

        self._writer.note(change)

    async def manner(self, endpoint: str, model: str) -> str | None:
        """See `Ledger.manner`."""
        row = _read(
            self._reader, "SELECT manner FROM manners WHERE endpoint = ? AND model = ?", endpoint, model
        )
        return None if row is None else str(row[0])

    def remember(self, endpoint: str, model: str, manner: str) -> None:
        """See `Ledger.remember`."""

        def change(connection: sqlite3.Connection) -> None:
            connection.execute("INSERT OR REPLACE INTO manners VALUES (?, ?, ?)", (endpoint, model, manner))

        self._writer.note(change)

    async def spend(self, scope: str) -> Spend:
        """See `Ledger.spend`."""
        return read_spend(self._reader, scope)

    async def close(self) -> None:
        """See `Ledger.close`."""
        self._writer.close()
        self._reader.close()
        self._claims.close()

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.close()


def connect(path: Path) -> sqlite3.Connection:
    """A connection with our settings; transactions are written out. Raises sqlite3.DatabaseError for other
    files.
    """
    connection = sqlite3.connect(path, isolation_level=None, check_same_thread=False, timeout=_BUSY / 1000)
    try:
        connection.execute("PRAGMA synchronous = FULL")
    except BaseException:
        connection.close()
        raise
    return connection


def find_reply(connection: sqlite3.Connection, key: str) -> Entry | None:
    """The first reply to a call. Raises `LedgerError`."""
    row = _read(
        connection,
        "SELECT id, body, state = 'answer', cost FROM attempts JOIN bodies ON attempt = id"
        " WHERE key = ? AND state IN ('received', 'answer') ORDER BY id LIMIT 1",
        key,
    )
    return None if row is None else Entry(row[0], row[1], bool(row[2]), row[3])


def _establish(path: Path) -> None:
    """Tables in a new file, a look at the version of an old one, and a first write."""
    connection = connect(path)
    try:
        _locked(connection, lambda: connection.execute("PRAGMA journal_mode = WAL").fetchone())
        connection.execute("BEGIN IMMEDIATE")
        version = connection.execute("PRAGMA user_version").fetchone()[0]
        tables = connection.execute("SELECT count(*) FROM sqlite_schema").fetchone()[0]
        if version > SCHEMA:
            raise SettingsError(
                f"--ledger {path}: written by a newer version of debate (format {version};"
                f" this one knows {SCHEMA})"
            )
        if version == 0 and tables:
            raise SettingsError(f"--ledger {path}: a database, but not a ledger; name another file")
        if version == 0:
            for statement in _TABLES.split(";\n"):
                connection.execute(statement)
            connection.execute(f"PRAGMA application_id = {_APPLICATION}")
        # Also in an old file: only a write shows that there is room for one.
        connection.execute(f"PRAGMA user_version = {SCHEMA}")
        connection.execute("COMMIT")
    finally:
        connection.close()


def _locked(connection: sqlite3.Connection, change: Callable[[], object]) -> None:
    """Try until a lock is free: switching to the write-ahead log does not wait by itself when others do the
    same.
    """
    until = time.monotonic() + _BUSY / 1000
    while True:
        try:
            change()
            return
        except sqlite3.OperationalError as error:
            if "locked" not in str(error) or time.monotonic() > until:
                raise
            time.sleep(0.01)


def _read(connection: sqlite3.Connection, query: str, *values: object) -> tuple[Any, ...] | None:
    try:
        row: tuple[Any, ...] | None = connection.execute(query, values).fetchone()
    except sqlite3.Error as error:
        raise LedgerError(f"the ledger cannot be read: {error}") from None
    return row


def read_spend(connection: sqlite3.Connection, scope: str) -> Spend:
    """What was counted under this scope so far."""
    row = _read(connection, "SELECT calls, tokens, cost FROM spend WHERE scope = ?", scope)
    return Spend(*row) if row else Spend()


def _count(
    connection: sqlite3.Connection, scope: str, *, calls: int = 0, tokens: int = 0, cost: float = 0.0
) -> None:
    connection.execute(
        "INSERT INTO spend VALUES (?, ?, ?, ?) ON CONFLICT (scope) DO UPDATE SET"
        " calls = calls + excluded.calls, tokens = tokens + excluded.tokens, cost = cost + excluded.cost",
        (scope, calls, tokens, cost),
    )
