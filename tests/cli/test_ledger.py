"""`debate ledger`: figures, copies, and what is thrown away only when the user says so."""

import json
from pathlib import Path

import pytest

from debate.ledger.places import LEDGER
from tests.cli.conftest import Debate
from tests.test_runs import CARD

RUNS = ("--transcripts", "runs")


@pytest.fixture
def asked(debate: Debate, tmp_path: Path) -> int:
    """A ledger of one offline debate; how many requests are in it."""
    (tmp_path / "card.md").write_text(CARD, encoding="utf-8")
    debate("run", "card.md", "--quiet", *RUNS)
    (model,) = json.loads(debate("ledger", "stats", "--json", *RUNS).out)["models"]
    assert model["attempts"] >= 4
    return int(model["attempts"])


def test_stats_name_file_model_and_unknown_cost(debate: Debate, asked: int) -> None:
    done = debate("ledger", "stats", *RUNS)
    assert done.code == 0
    assert done.out.splitlines()[1].split()[:3] == ["offline", "offline", str(asked)]
    assert done.out.splitlines()[1].endswith("unknown")
    assert LEDGER in done.err


def test_an_export_is_ascii_lines_that_adopt_takes_back(debate: Debate, asked: int, tmp_path: Path) -> None:
    done = debate("ledger", "export", *RUNS)
    lines = done.out.splitlines()
    assert len([json.loads(line) for line in lines]) == asked
    assert done.out.isascii()
    (tmp_path / "copy.jsonl").write_text(done.out)
    again = debate("ledger", "adopt", "copy.jsonl", *RUNS)
    assert again.code == 0
    assert f"{asked} were there already" in again.err
    assert "body" not in json.loads(debate("ledger", "export", "--no-bodies", *RUNS).out.splitlines()[0])


def test_prune_says_what_would_go_and_does_nothing_unasked(debate: Debate, asked: int) -> None:
    done = debate("ledger", "prune", "--model", "offline", *RUNS)
    assert done.code == 2
    assert f"{asked} requests would go, {asked} replies among them" in done.err
    assert "--yes" in done.err
    (model,) = json.loads(debate("ledger", "stats", "--json", *RUNS).out)["models"]
    assert model["attempts"] == asked


@pytest.mark.parametrize(
    ("flags", "goes"),
    [(["--model", "offline"], True), (["--failed"], False), (["--before", "2000-01-01"], False)],
)
def test_prune_with_yes_throws_away_what_fits(
    debate: Debate, asked: int, flags: list[str], *, goes: bool
) -> None:
    done = debate("ledger", "prune", *flags, "--yes", "--json", *RUNS)
    assert (done.code, json.loads(done.out)["attempts"]) == (0, asked if goes else 0)


@pytest.mark.parametrize(
    "arguments",
    [
        ["stats", "--ledger", "none.sqlite3"],
        ["export", "--ledger", "none.sqlite3"],
        ["prune", "--failed", "--ledger", "none.sqlite3"],
        ["prune", "--ledger", "card.md"],
        ["adopt", "none.jsonl", "--ledger", "none.sqlite3"],
    ],
    ids=" ".join,
)
def test_your_mistake_is_exit_2(debate: Debate, arguments: list[str]) -> None:
    done = debate("ledger", *arguments)
    assert (done.code, done.out) == (2, "")
    assert "debate: error: " in done.err


def test_the_settings_say_where_the_ledger_is(debate: Debate, asked: int, tmp_path: Path) -> None:
    (tmp_path / "debate.toml").write_text(f'ledger = "runs/{LEDGER}"\n')
    (model,) = json.loads(debate("ledger", "stats", "--json").out)["models"]
    assert model["attempts"] == asked
