"""The ledger file: what it keeps, who may read it, where it may lie, and what it refuses."""

import asyncio
import sqlite3
import stat
import threading
from contextlib import closing
from pathlib import Path

import pytest

from debate.errors import SettingsError
from debate.ledger import (
    Budget,
    BudgetError,
    Failure,
    LedgerError,
    Opening,
    Settlement,
    SqliteLedger,
    places,
    sqlite,
)

FREE = Budget("scope")


def opening(key: str = "c1-0", number: int = 1) -> Opening:
    return Opening(key, "openai:m", "http://127.0.0.1/v1", "lens", 0, number)


def settlement(tokens: int = 15, cost: float | None = 0.5) -> Settlement:
    return Settlement(10, 5, None, None, cost, guard_tokens=tokens, guard_cost=cost or 0.0)


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "some" / "folder" / "ledger.sqlite3"


async def test_a_received_reply_is_found_before_and_after_it_is_settled(path: Path) -> None:
    async with SqliteLedger.open(path) as ledger:
        attempt = await ledger.begin(opening(), FREE)
        assert await ledger.find("c1-0") is None
        await ledger.receive(attempt, 200, b"body")
        found = await ledger.find("c1-0")
        assert found is not None
        assert (found.body, found.settled, found.cost) == (b"body", False, None)
        ledger.settle(attempt, settlement())
    async with SqliteLedger.open(path) as ledger:
        found = await ledger.find("c1-0")
        assert found is not None
        assert (found.body, found.settled, found.cost) == (b"body", True, 0.5)


async def test_a_failed_attempt_is_kept_with_its_part_and_never_found(path: Path) -> None:
    async with SqliteLedger.open(path) as ledger:
        attempt = await ledger.begin(opening(), FREE)
        ledger.fail(attempt, Failure("cut", "half", 200, b'{"id"', guard_tokens=7))
        assert (await ledger.begin(opening(number=2), FREE)) != attempt
        assert await ledger.find("c1-0") is None
        assert (await ledger.spend("scope")).tokens == 7
    with closing(sqlite3.connect(path)) as connection:
        row = connection.execute(
            "SELECT state, fault, detail, body FROM attempts JOIN bodies ON attempt = id"
        ).fetchone()
    assert row == ("failed", "cut", "half", b'{"id"')


async def test_a_received_reply_that_turned_out_to_be_none_is_not_found_any_more(path: Path) -> None:
    async with SqliteLedger.open(path) as ledger:
        attempt = await ledger.begin(opening(), FREE)
        await ledger.receive(attempt, 200, b"<html>")
        ledger.fail(attempt, Failure("html", ""))
        await ledger.begin(opening("c1-other"), FREE)
        assert await ledger.find("c1-0") is None


async def test_settling_or_failing_twice_counts_once(path: Path) -> None:
    async with SqliteLedger.open(path) as ledger:
        attempt = await ledger.begin(opening(), FREE)
        await ledger.receive(attempt, 200, b"x")
        for _ in range(2):
            ledger.settle(attempt, settlement())
        ledger.fail(attempt, Failure("cut", "", guard_tokens=100))
        await ledger.begin(opening("c1-1"), FREE)
        spend = await ledger.spend("scope")
    assert (spend.calls, spend.tokens, spend.cost) == (2, 15, 0.5)


async def test_a_budget_holds_across_ledger_objects_and_a_refusal_harms_nobody_else(path: Path) -> None:
    budget = Budget("study", max_calls=5)
    async with SqliteLedger.open(path) as one, SqliteLedger.open(path) as two:
        outcomes = await asyncio.gather(
            *(ledger.begin(opening(f"c1-{i}"), budget) for i in range(6) for ledger in (one, two)),
            *(one.begin(opening(f"c1-free-{i}"), FREE) for i in range(6)),
            return_exceptions=True,
        )
    refused = [outcome for outcome in outcomes if isinstance(outcome, BudgetError)]
    assert len(refused) == 7
    assert len({outcome for outcome in outcomes if isinstance(outcome, int)}) == 11


async def test_a_manner_is_remembered_per_model_and_place(path: Path) -> None:
    async with SqliteLedger.open(path) as ledger:
        ledger.remember("http://a", "m", "one")
        ledger.remember("http://a", "m", "two")
    async with SqliteLedger.open(path) as ledger:
        assert await ledger.manner("http://a", "m") == "two"
        assert await ledger.manner("http://b", "m") is None


async def test_many_writers_share_flushes_and_lose_nothing(path: Path) -> None:
    async with SqliteLedger.open(path) as ledger:

        async def one(i: int) -> None:
            attempt = await ledger.begin(opening(f"c1-{i}"), FREE)
            await ledger.receive(attempt, 200, str(i).encode())
            ledger.settle(attempt, settlement())

        await asyncio.gather(*(one(i) for i in range(300)))
        bodies = [await ledger.find(f"c1-{i}") for i in range(300)]
    assert [found.body for found in bodies if found] == [str(i).encode() for i in range(300)]
    with closing(sqlite3.connect(path)) as connection:
        assert connection.execute("SELECT count(*), sum(state = 'answer') FROM attempts").fetchone() == (
            300,
            300,
        )


async def test_commits_are_flushed_to_disk_and_readers_never_wait(path: Path) -> None:
    async with SqliteLedger.open(path) as ledger:
        settings = {
            name: ledger._reader.execute(f"PRAGMA {name}").fetchone()[0]
            for name in ("journal_mode", "synchronous")
        }
        assert settings == {"journal_mode": "wal", "synchronous": 2}
        with closing(sqlite3.connect(path, isolation_level=None)) as other:
            other.execute("BEGIN IMMEDIATE")
            assert await ledger.find("c1-0") is None
            waiting = asyncio.create_task(ledger.begin(opening(), FREE))
            await asyncio.sleep(0.05)
            assert not waiting.done()
            other.execute("COMMIT")
        assert await waiting == 1


def test_files_are_for_their_owner_alone(path: Path) -> None:
    async def use() -> list[str]:
        async with SqliteLedger.open(path) as ledger:
            await ledger.begin(opening(), FREE)
            return [
                f"{part.name} {stat.filemode(part.stat().st_mode)}" for part in sorted(path.parent.iterdir())
            ]

    assert asyncio.run(use()) == [
        "ledger.sqlite3 -rw-------",
        "ledger.sqlite3-locks -rw-------",
        "ledger.sqlite3-shm -rw-------",
        "ledger.sqlite3-wal -rw-------",
    ]
    assert stat.filemode(path.parent.stat().st_mode) == "drwx------"


@pytest.mark.parametrize(
    ("content", "says"),
    [
        (b"this is a letter, not a ledger" * 40, "not a ledger"),
        ("CREATE TABLE other (a)", "not a ledger"),
        ("PRAGMA user_version = 99", "newer version"),
    ],
    ids=["text", "database", "newer"],
)
def test_a_file_that_is_no_ledger_of_ours_is_left_alone(
    content: bytes | str, says: str, tmp_path: Path
) -> None:
    path = tmp_path / "ledger.sqlite3"
    if isinstance(content, bytes):
        path.write_bytes(content)
    else:
        with closing(sqlite3.connect(path)) as connection:
            connection.execute(content)
    before = path.read_bytes()
    with pytest.raises(SettingsError, match=says):
        SqliteLedger.open(path)
    if isinstance(content, bytes):
        assert path.read_bytes() == before


def test_a_place_that_cannot_hold_a_ledger_is_named_before_the_first_call(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(SettingsError, match=r"--ledger .*file/ledger"):
        SqliteLedger.open(tmp_path / "file" / "ledger.sqlite3")


MOUNTS = """proc /proc proc rw 0 0
/dev/vda / ext4 rw 0 0
server:/srv /srv nfs4 rw 0 0
/dev/vdb /srv/me/local\\040disk xfs rw 0 0
drvfs /mnt/c 9p rw 0 0
broken
"""


@pytest.mark.parametrize(
    ("folder", "kind"),
    [
        ("/var/lib", ""),
        ("/srv/me", "nfs4"),
        ("/srv/me/local disk/x", ""),
        ("/srvs", ""),
        ("/mnt/c/Users", "9p"),
    ],
)
def test_network_file_systems_are_told_by_the_deepest_mount(folder: str, kind: str, tmp_path: Path) -> None:
    mounts = tmp_path / "mounts"
    mounts.write_text(MOUNTS)
    assert places.network_file_system(Path(folder), mounts) == kind


def test_a_network_file_system_is_refused(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(places, "network_file_system", lambda _: "nfs4")
    with pytest.raises(SettingsError, match=r"network file system \(nfs4\)"):
        SqliteLedger.open(path)


async def test_a_write_that_fails_is_told_to_who_waits_and_the_ledger_goes_on(
    path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: object, **__: object) -> None:
        raise sqlite3.OperationalError("database or disk is full")

    async with SqliteLedger.open(path) as ledger:
        attempt = await ledger.begin(opening(), FREE)
        with monkeypatch.context() as patched:
            patched.setattr(sqlite, "_count", full)
            with pytest.raises(LedgerError, match="disk is full"):
                await ledger.begin(opening(), FREE)
            await ledger.receive(attempt, 200, b"x")
            ledger.settle(attempt, settlement())
            await asyncio.sleep(0.25)  # longer than a note lies
        with pytest.raises(LedgerError, match="disk is full"):
            await ledger.begin(opening(), FREE)
        assert await ledger.begin(opening(), FREE) > attempt


async def test_a_full_disk_fails_what_does_not_fit_and_keeps_what_did(path: Path) -> None:
    async with SqliteLedger.open(path) as ledger:
        pages = ledger._reader.execute("PRAGMA page_count").fetchone()[0]
        ledger._writer._connection.execute(f"PRAGMA max_page_count = {pages + 8}")
        kept: list[str] = []

        async def fill() -> None:
            while True:
                attempt = await ledger.begin(opening(f"c1-{len(kept)}"), FREE)
                await ledger.receive(attempt, 200, b"x" * 4000)
                kept.append(f"c1-{len(kept)}")

        with pytest.raises(LedgerError, match="disk is full"):
            await fill()
        assert kept
        assert all([await ledger.find(key) for key in kept])
        ledger._writer._connection.execute("PRAGMA max_page_count = 100000")
        assert await ledger.begin(opening("c1-more"), FREE) > 0


async def test_a_closed_ledger_says_so_and_its_thread_is_gone(path: Path) -> None:
    ledger = SqliteLedger.open(path)
    await ledger.close()
    await ledger.close()
    with pytest.raises(LedgerError, match="is closed"):
        await ledger.begin(opening(), FREE)
    assert not [thread for thread in threading.enumerate() if thread.name == "debate-ledger"]
