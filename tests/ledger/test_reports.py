"""Looking at a ledger, copying it, thinning it out."""

import json
from pathlib import Path

import pytest

from debate.errors import InputError, SettingsError
from debate.ledger import Budget, Failure, Opening, Settlement, SqliteLedger, reports


async def fill(path: Path) -> None:
    """Two answers (one of unknown cost), a failure, a lost attempt, a reply nobody read."""
    async with SqliteLedger.open(path) as ledger:

        def opening(key: str, model: str = "openai:m") -> Opening:
            return Opening(key, model, "http://a/v1", "lens", 0, 1)

        budget = Budget("run")
        for key, cost in (("c1-1", 0.25), ("c1-2", None)):
            attempt = await ledger.begin(opening(key), budget)
            await ledger.receive(attempt, 200, b'{"n": "\xc3\xa9"}', "req-1")
            prompt, completion = (10, 5) if cost else (None, None)
            ledger.settle(attempt, Settlement(prompt, completion, None, None, cost, 15, 0.0))
        ledger.fail(await ledger.begin(opening("c1-3"), budget), Failure("cut", "half", 200, b'{"id"'))
        await ledger.begin(opening("c1-4", "openai:n"), budget)
        await ledger.receive(await ledger.begin(opening("c1-5", "openai:n"), budget), 200, b"{}")


@pytest.fixture
async def path(tmp_path: Path) -> Path:
    await fill(tmp_path / "ledger.sqlite3")
    return tmp_path / "ledger.sqlite3"


def test_stats_count_what_is_known_and_what_is_not(path: Path) -> None:
    stats = reports.stats(path)
    m, n = stats.models
    assert (m.model, m.attempts, m.answers, m.failed, m.unanswered) == ("openai:m", 3, 2, 1, 0)
    assert (m.prompt_tokens, m.completion_tokens, m.tokens_unknown, m.cost, m.cost_unknown) == (
        10,
        5,
        1,
        0.25,
        1,
    )
    assert (n.attempts, n.answers, n.failed, n.unanswered) == (2, 1, 0, 1)
    assert stats.faults == {"cut": 1}
    assert stats.size > 0


async def test_an_export_taken_into_an_empty_ledger_answers_the_same_calls(
    path: Path, tmp_path: Path
) -> None:
    lines = list(reports.export(path))
    assert [json.loads(line)["state"] for line in lines] == ["answer", "answer", "failed", "sent", "received"]
    other = tmp_path / "other.sqlite3"
    async with SqliteLedger.open(other):
        pass
    assert reports.adopt(other, lines, "lines") == reports.Adopted(taken=3, known=0)
    assert reports.adopt(other, lines, "lines") == reports.Adopted(taken=0, known=3)
    async with SqliteLedger.open(path) as old, SqliteLedger.open(other) as new:
        for key in ("c1-1", "c1-2", "c1-3", "c1-4", "c1-5"):
            was, now = await old.find(key), await new.find(key)
            assert (was and (was.body, was.settled, was.cost)) == (now and (now.body, now.settled, now.cost))


def test_an_export_without_bodies_has_none(path: Path) -> None:
    assert all("body" not in json.loads(line) for line in reports.export(path, bodies=False))


@pytest.mark.parametrize(
    "line", ["nonsense", "{}", "[1]", '{"format": "other"}', "null", '{"format": "debate-ledger/1"}']
)
def test_a_line_that_is_none_is_named_and_nothing_is_taken_in(line: str, path: Path) -> None:
    good = next(iter(reports.export(path))).replace("c1-1", "c1-9")
    before = reports.stats(path).models
    with pytest.raises(InputError, match=r"^file\.jsonl:3: not a line of an exported ledger"):
        reports.adopt(path, [good, "", line], "file.jsonl")
    assert reports.stats(path).models == before


@pytest.mark.parametrize(
    ("what", "attempts", "replies", "left"),
    [
        ({"failed": True}, 2, 0, ["c1-1", "c1-2", "c1-5"]),
        ({"model": "openai:n"}, 2, 1, ["c1-1", "c1-2", "c1-3"]),
        ({"failed": True, "model": "openai:n"}, 1, 0, ["c1-1", "c1-2", "c1-3", "c1-5"]),
        ({"before": 1.0}, 0, 0, ["c1-1", "c1-2", "c1-3", "c1-4", "c1-5"]),
        ({"before": 4e9}, 5, 3, []),
    ],
    ids=str,
)
def test_pruning_throws_away_what_fits_all_that_is_said(
    what: dict[str, object], attempts: int, replies: int, left: list[str], path: Path
) -> None:
    pruned = reports.prune(path, **what)  # type: ignore[arg-type]  # as a command line would give them
    assert (pruned.attempts, pruned.replies) == (attempts, replies)
    assert [json.loads(line)["key"] for line in reports.export(path)] == left


def test_pruning_everything_must_be_meant(path: Path) -> None:
    with pytest.raises(SettingsError, match="--before, --failed or --model"):
        reports.prune(path)


def test_reports_make_no_ledger_where_there_is_none(tmp_path: Path) -> None:
    (tmp_path / "text").write_text("no ledger " * 200)
    for name, says in (("missing", "there is no ledger"), ("text", "not a ledger")):
        with pytest.raises(SettingsError, match=says):
            reports.stats(tmp_path / name)
    assert [path.name for path in tmp_path.iterdir()] == ["text"]


def test_a_rescued_reply_goes_to_one_private_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    opening = Opening("c1-9", "openai:m", "http://a/v1", "lens", 0, 1)
    first = reports.rescue(opening, "run", 200, b"{}")
    assert first is not None
    assert reports.rescue(opening, "run", 200, b"{}", first) == first
    assert len(first.read_text().splitlines()) == 2
    assert oct(first.stat().st_mode) == "0o100600"
    assert reports.rescue(opening, "run", 200, b"{}", tmp_path / "gone" / "x") is None
