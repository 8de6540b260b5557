"""The run index: always what the folders say, whatever happened to it, and no manifest read twice."""

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from debate import run_index
from debate.run_glance import glance
from debate.run_index import FILE, FOLDER, Wanted, rebuild, select

DAYS = tuple(f"2026112{n}-120000" for n in range(5))


def a_manifest(day: str, **changes: Any) -> dict[str, Any]:
    """What a list needs of a manifest, and nothing else."""
    return {
        "schema": 1,
        "created": datetime.strptime(day, "%Y%m%d-%H%M%S").replace(tzinfo=UTC).isoformat(),
        "problem": {"id": "care_waiting-stuck"},
        "terms": "high",
        "seats": [{"id": "pace-layering", "lens": "pace-layering"}, {"id": "neutral-1", "lens": None}],
        "models": {"judge": "checks", "critic": "offline", "lens-agent": "openai:A,openai:B"},
        "result": {"status": "done", "headline": 6.5, "baseline": 2.5},
        **changes,
    }


def a_run(base: Path, day: str, **changes: Any) -> Path:
    folder = base / f"{day}-care_waiting-stuck-00aa"
    folder.mkdir(parents=True, exist_ok=True)
    # Replaced as the program replaces it.
    part = folder / ".run.json.part"
    part.write_text(json.dumps(a_manifest(day, **changes)), encoding="utf-8")
    part.replace(folder / "run.json")
    return folder


@pytest.fixture
def base(tmp_path: Path) -> Path:
    """Five runs, one a day, that differ in what lists filter by."""
    base = tmp_path / "runs"
    a_run(base, DAYS[0])
    a_run(base, DAYS[1], problem={"id": "code_slow"}, study={"study": "s-1", "arm": "full", "replicate": 0})
    a_run(base, DAYS[2], result={"status": "failed", "headline": None, "baseline": None})
    a_run(base, DAYS[3], seats=[{"id": "leverage-points", "lens": "leverage-points"}], result=None)
    a_run(base, DAYS[4], models={"critic": "Ollama:X"}, result={"status": "degraded", "headline": 8.0})
    return base


def ids(base: Path, wanted: Wanted | None = None, **page: Any) -> list[str]:
    """The days of the runs that are listed."""
    return [row.id[:15] for row in select([base], wanted or Wanted(), **page).rows]


def no_index(base: Path) -> None:
    """From now on none can be kept: a file stands in its place."""
    shutil.rmtree(base / FOLDER, ignore_errors=True)
    (base / FOLDER).write_text("in the way", encoding="utf-8")


def noon(day: int) -> datetime:
    return datetime(2026, 11, day, 12, tzinfo=UTC)


FILTERS = [
    (Wanted(), "43210"),
    (Wanted(problem="slow"), "1"),
    (Wanted(problem="CARE"), "4320"),
    (Wanted(lens="pace"), "4210"),
    (Wanted(lens="Leverage Points"), "3"),
    (Wanted(model="openai:b"), "3210"),
    (Wanted(model="checks"), ""),
    (Wanted(status="done"), "10"),
    (Wanted(status="unfinished"), "3"),
    (Wanted(study="s-1"), "1"),
    (Wanted(at_least=6.5), "410"),
    (Wanted(at_least=6.6), "4"),
    (Wanted(since=noon(23)), "43"),
    (Wanted(until=noon(21)), "10"),
    (Wanted(since=noon(21), until=noon(23), lens="pace"), "21"),
    (Wanted(text="slow DONE"), "1"),
    (Wanted(text="%"), ""),
    (Wanted(problem="_"), "43210"),
    (Wanted(problem="' OR 1 --"), ""),
]


@pytest.mark.parametrize("kept", [True, False])
@pytest.mark.parametrize(("wanted", "days"), FILTERS)
def test_a_filter_finds_the_same_with_an_index_and_without(
    base: Path, wanted: Wanted, days: str, kept: bool
) -> None:
    if not kept:
        no_index(base)
    assert ids(base, wanted) == [DAYS[int(day)] for day in days]
    pages = [(None, 0), (None, 9), (0, 0), (1, 0), (1, 1), (5, 0), (9, 2), (9, 9)]
    totals = [select([base], wanted, limit=limit, offset=offset).total for limit, offset in pages]
    assert totals == [len(days)] * len(pages)
    assert (base / FOLDER / FILE).is_file() == kept


def test_pages_follow_each_other_and_examples_come_last(base: Path, tmp_path: Path) -> None:
    a_run(tmp_path / "examples", "20261201-120000")
    both = [base, tmp_path / "examples", base]
    whole = select(both, Wanted())
    assert [row.example for row in whole.rows] == [False] * 5 + [True]
    pages = [select(both, Wanted(), limit=2, offset=at) for at in range(0, 8, 2)]
    assert [row for page in pages for row in page.rows] == list(whole.rows)
    assert {page.total for page in pages} == {whole.total} == {6}
    assert not (tmp_path / "examples" / FOLDER).exists()


def test_a_row_is_what_a_glance_at_the_folder_gives(base: Path) -> None:
    rows = select([base], Wanted()).rows
    assert list(rows) == [glance(row.path) for row in rows]
    assert rows[4].models == ("offline", "openai:A", "openai:B")
    assert rows[4].lenses == ("pace-layering",)


@pytest.mark.parametrize("text", ["", "{", "[]", "{}", '{"schema": 2}', "\xff", "[" * 9000])
def test_a_manifest_that_cannot_be_read_is_a_broken_run(base: Path, text: str) -> None:
    (base / f"{DAYS[0]}-broken-0001").mkdir()
    (base / f"{DAYS[0]}-broken-0001" / "run.json").write_text(text, encoding="latin-1")
    (base / f"{DAYS[0]}-empty-0001").mkdir()
    found = {row.id[16:-5]: row for row in select([base], Wanted(until=noon(20))).rows}
    assert (found["broken"].status, found["empty"].status) == ("broken", "not begun")
    assert found["broken"].began == noon(20)


class TestWhatChanges:
    """Every change shows in the very next answer, however soon it comes."""

    def test_a_run_that_came_or_went(self, base: Path) -> None:
        for n in range(5):
            a_run(base, f"20261201-12000{n}")
            assert ids(base)[0] == f"20261201-12000{n}"
        shutil.rmtree(base / f"{DAYS[4]}-care_waiting-stuck-00aa")
        assert len(ids(base)) == 9
        assert DAYS[4] not in ids(base)

    def test_a_run_that_ended(self, base: Path) -> None:
        assert ids(base, Wanted(status="done")) == [DAYS[1], DAYS[0]]
        a_run(base, DAYS[3])
        assert ids(base, Wanted(status="done")) == [DAYS[3], DAYS[1], DAYS[0]]

    def test_a_run_that_began_after_its_folder_was_listed(self, base: Path) -> None:
        (base / "20261201-120000-care_waiting-stuck-00aa").mkdir()
        assert select([base], Wanted()).rows[0].status == "not begun"
        a_run(base, "20261201-120000")
        assert select([base], Wanted()).rows[0].status == "done"

    def test_a_finished_run_changed_by_hand_shows_after_a_rebuild(self, base: Path) -> None:
        ids(base)
        a_run(base, DAYS[0], problem={"id": "renamed"})
        assert rebuild(base) == 5
        assert ids(base, Wanted(problem="renamed")) == [DAYS[0]]


class TestDamage:
    @pytest.mark.parametrize("left", [0, 1, 50, 5000, -1])
    def test_a_torn_index_is_made_anew(self, base: Path, left: int) -> None:
        ids(base)
        file = base / FOLDER / FILE
        file.write_bytes(file.read_bytes()[:left])
        assert len(ids(base)) == 5
        assert len(select([base], Wanted(), limit=2).rows) == 2

    def test_a_file_that_is_no_index_is_replaced(self, base: Path) -> None:
        (base / FOLDER).mkdir()
        (base / FOLDER / FILE).write_bytes(b"no database at all" * 999)
        assert len(ids(base)) == 5
        assert (base / FOLDER / FILE).read_bytes().startswith(b"SQLite format 3")

    def test_an_index_of_another_version_is_made_anew(
        self, base: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(run_index, "_VERSION", 2)
        monkeypatch.setattr(
            run_index, "_TABLES", run_index._TABLES.replace("user_version = 1", "user_version = 2")
        )
        ids(base)
        monkeypatch.undo()
        assert len(ids(base)) == 5

    def test_a_process_killed_while_it_writes_leaves_nothing_half_done(self, base: Path) -> None:
        _in_another_process(base, "os._exit(9)", code=9)
        assert len(ids(base)) == 5

    def test_an_index_that_stays_locked_is_not_waited_for(
        self, base: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(run_index, "_PATIENCE", 0.05)
        (base / FOLDER).mkdir()
        with run_index._writing(base):
            assert len(ids(base)) == 5


def test_what_is_known_is_not_read_again(base: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    # As old as runs usually are; what came within the last tick is looked for again by name.
    os.utime(base, (1_700_000_000, 1_700_000_000))
    ids(base)
    os.utime(base, (1_700_000_000, 1_700_000_000))
    ids(base)
    monkeypatch.setattr(run_index, "glance", _must_not)
    monkeypatch.setattr(run_index, "run_names", _must_not)
    assert len(ids(base)) == 5


def test_many_processes_at_once_all_get_the_whole_answer(base: Path) -> None:
    for n in range(200):
        a_run(base, f"20261202-12{n // 60:02}{n % 60:02}")
    script = "import sys; from pathlib import Path; from debate.run_index import *\n"
    script += "for n in range(5): print(select([Path(sys.argv[1])], Wanted(), limit=1).total)"
    running = [
        subprocess.Popen([sys.executable, "-c", script, base], stdout=subprocess.PIPE, text=True)
        for _ in range(6)
    ]
    assert [process.communicate()[0].split() for process in running] == [["205"] * 5] * 6


def test_a_folder_that_is_not_there_holds_no_runs(tmp_path: Path) -> None:
    assert select([tmp_path / "nowhere"], Wanted()).total == 0
    assert not (tmp_path / "nowhere").exists()


def _must_not(*_: object) -> Callable[[], None]:
    raise AssertionError("the folders were read")


def _in_another_process(base: Path, last_words: str, code: int) -> None:
    """Another process writes the index and says its last words in the middle of it."""
    script = (
        "import os, sys; from pathlib import Path; from debate import run_index as r\n"
        "real, seen = r.glance, []\n"
        "def glance(path):\n"
        "    seen.append(path)\n"
        f"    if len(seen) == 3: {last_words}\n"
        "    return real(path)\n"
        "r.glance = glance; r.select([Path(sys.argv[1])], r.Wanted())"
    )
    assert subprocess.run([sys.executable, "-c", script, base], check=False).returncode == code
