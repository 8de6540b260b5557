"""`debate transcripts list`: each filter leaves what it says, the newest first, always as the folders are."""

import json
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from debate.cli.transcripts import moment
from debate.errors import InputError
from debate.manifest import Result, SeatRef
from debate.run_names import MANIFEST
from tests.cli.conftest import Debate
from tests.runs import a_manifest, a_run
from tests.web.hostile import hostile_run

# Runs begin at noon of 2026-11-23, less the days each is old.
NEW, CODE, FAILED, GOOD, OLD = (f"202611{day}-120005" for day in (23, 22, 21, 20, 13))
ALL = [NEW, CODE, FAILED, GOOD, OLD]


@pytest.fixture
def runs(tmp_path: Path) -> Path:
    """Five runs that differ in what lists filter by."""
    base = tmp_path / "runs"
    result = a_manifest("x").result
    assert result is not None
    emergence = (SeatRef(id="emergence", lens="emergence", name="Emergence"),)
    cell = {"study": "20261119-090000-worth", "arm": "full", "replicate": 0}
    of_code = a_manifest("x").problem.model_copy(update={"id": "code_performance-stuck"})
    failed = Result(status="failed", headline=None, baseline=None, hypotheses=0, steps=0, seconds=1.0)
    # Written in no order of time.
    a_run(base, [], ago=timedelta(days=3), result=result.model_copy(update={"headline": 9.1}))
    a_run(base, [], models={"critic": "openai:big", "judge": "checks"})
    a_run(base, [], ago=timedelta(days=10), seats=emergence, study=cell)
    a_run(base, [], ago=timedelta(days=2), result=failed)
    a_run(base, [], ago=timedelta(days=1), problem="code_performance-stuck", **{"result": None})
    (code,) = (path for path in base.iterdir() if "code" in path.name)
    manifest = json.loads((code / MANIFEST).read_text())
    (code / MANIFEST).write_text(json.dumps({**manifest, "problem": of_code.model_dump(mode="json")}))
    return base


def listed(debate: Debate, *flags: str) -> list[dict[str, Any]]:
    done = debate("transcripts", "list", "--transcripts", "runs", "--json", *flags)
    assert (done.code, done.err) == (0, "")
    rows: list[dict[str, Any]] = json.loads(done.out)["runs"]
    return rows


def own(rows: list[dict[str, Any]]) -> list[str]:
    return [row["run"][: len(NEW)] for row in rows if not row["example"]]


@pytest.mark.usefixtures("runs")
class TestFilters:
    def test_runs_are_listed_newest_first_and_examples_last(self, debate: Debate) -> None:
        rows = listed(debate)
        assert own(rows) == ALL
        assert [row["example"] for row in rows[len(ALL) :]] == [True] * (len(rows) - len(ALL))
        assert rows[-1]["example"]

    @pytest.mark.parametrize(
        ("flags", "left"),
        [
            (["--problem", "code_performance-stuck"], [CODE]),
            (["--problem", "CARE"], [NEW, FAILED, GOOD, OLD]),
            (["--lens", "emergence"], [OLD]),
            (["--lens", "Pace Layering"], [NEW, CODE, FAILED, GOOD]),
            (["--model", "openai:big"], [NEW]),
            (["--model", "checks"], []),
            (["--status", "failed"], [FAILED]),
            (["--status", "unfinished"], [CODE]),
            (["--study", "worth"], [OLD]),
            (["--min-score", "7.3"], [GOOD]),
            (["--min-score", "7.2"], [NEW, GOOD, OLD]),
            (["--since", "2026-11-22"], [NEW, CODE]),
            (["--since", "2026-11-22T12:00:06"], [NEW]),
            (["--since", "2026-11-22T14:00:05+02:00"], [NEW, CODE]),
            (["--until", "2026-11-20"], [GOOD, OLD]),
            (["--until", "2026-11-20T12:00:04"], [OLD]),
            (["--since", "2026-11-20", "--until", "2026-11-21"], [FAILED, GOOD]),
            (["--problem", "care", "--status", "done", "--lens", "pace"], [NEW, GOOD]),
            (["--problem", "%"], []),
            (["--problem", "x' OR '1'='1"], []),
        ],
    )
    def test_a_filter_leaves_what_it_says(self, debate: Debate, flags: list[str], left: list[str]) -> None:
        assert own(listed(debate, *flags)) == left

    def test_limit_keeps_the_newest_and_says_how_many_there_are(self, debate: Debate) -> None:
        done = debate("transcripts", "list", "--transcripts", "runs", "--limit", "2")
        assert [line[: len(NEW)] for line in done.out.splitlines()[1:]] == [NEW, CODE]
        assert "2 of 6 runs" in done.err
        document = json.loads(
            debate("transcripts", "list", "--transcripts", "runs", "--limit", "2", "--json").out
        )
        assert (len(document["runs"]), document["total"]) == (2, 6)
        assert own(listed(debate, "--limit", "0")) == ALL

    def test_a_list_that_is_not_cut_says_nothing_beside_it(self, debate: Debate) -> None:
        assert debate("transcripts", "list", "--transcripts", "runs").err == ""

    def test_an_entry_says_what_can_be_filtered_by(self, debate: Debate, runs: Path) -> None:
        (row,) = listed(debate, "--study", "worth")
        assert row == {
            "run": row["run"],
            "path": str(runs / row["run"]),
            "problem": "care_waiting-stuck",
            "terms": "high",
            "lenses": ["emergence"],
            "models": ["offline"],
            "status": "done",
            "headline": 7.2,
            "baseline": 2.5,
            "study": "20261119-090000-worth",
            "began": "2026-11-13T12:00:05+00:00",
            "example": False,
        }

    def test_a_row_has_run_problem_lenses_models_status_and_both_scores(self, debate: Debate) -> None:
        head, row, *_ = debate("transcripts", "list", "--transcripts", "runs").out.splitlines()
        assert " ".join(head.split()) == "RUN PROBLEM LENSES MODELS STUDY STATUS SCORE BASELINE"
        assert " ".join(row.split()[1:]) == "care_waiting-stuck high openai:big done 7.2 2.5"

    def test_a_removed_run_is_not_listed_any_more(self, debate: Debate) -> None:
        listed(debate)  # there is an index now
        debate("transcripts", "rm", FAILED, "--yes", "--transcripts", "runs")
        assert own(listed(debate)) == [NEW, CODE, GOOD, OLD]

    def test_a_filter_nothing_passes_says_so_and_prints_no_table(self, debate: Debate) -> None:
        done = debate("transcripts", "list", "--transcripts", "runs", "--lens", "nobody")
        assert (done.code, done.out) == (0, "")
        assert "No run is like that" in done.err


@pytest.mark.parametrize(
    ("flags", "says"),
    [
        (["--status", "fine"], "degraded"),
        (["--since", "yesterday"], "--since"),
        (["--since", ""], "--since"),
        (["--until", "2026-13-01"], "--until"),
        (["--min-score", "11"], "--min-score"),
        (["--min-score", "nan"], "--min-score"),
        (["--limit", "-1"], "--limit"),
    ],
)
def test_a_filter_that_means_nothing_is_your_mistake(debate: Debate, flags: list[str], says: str) -> None:
    done = debate("transcripts", "list", *flags)
    assert (done.code, done.out) == (2, "")
    assert says in done.err


class TestMoments:
    @pytest.mark.parametrize(("text", "seconds"), [("30m", 1800), ("12h", 43200), ("7 d", 604800), ("0w", 0)])
    def test_ago_is_counted_from_now(self, text: str, seconds: float) -> None:
        apart = moment("--since", "0m") - moment("--since", text)
        assert abs(apart.total_seconds() - seconds) < 60

    def test_a_day_counts_whole(self) -> None:
        first, last = moment("--since", "2026-11-20"), moment("--until", "2026-11-20", whole_day=True)
        assert last - first == timedelta(days=1, microseconds=-1)
        time = moment("--until", "2026-11-20T14:30", whole_day=True)
        assert time == moment("--since", "2026-11-20T14:30")

    @pytest.mark.parametrize("text", ["9999-12-31", "0001-01-01", "9" * 30 + "w", "0001-01-01T00:00+14:00"])
    def test_no_time_is_too_far_away_to_be_asked_for(self, debate: Debate, text: str) -> None:
        for flag in ("--since", "--until"):
            assert debate("transcripts", "list", flag, text).code == 0

    @pytest.mark.parametrize("text", ["", "soon", "7", "d", "1.5h", "-2d", "2026-02-30", "9" * 5000 + "w"])
    def test_what_is_no_time_is_refused(self, text: str) -> None:
        with pytest.raises(InputError, match="--since"):
            moment("--since", text)


def test_hostile_names_are_listed_as_text(debate: Debate, tmp_path: Path) -> None:
    hostile_run(tmp_path / "runs")
    done = debate("transcripts", "list", "--transcripts", "runs")
    assert done.code == 0
    assert not set(done.out + done.err) & {"\x1b", "\x07", "\u202e", "\u200b"}
    assert "<script>" in done.out


def test_reindex_counts_the_runs_and_sees_what_was_changed_by_hand(debate: Debate, runs: Path) -> None:
    listed(debate)
    good = next(path for path in runs.iterdir() if path.name.startswith(GOOD)) / MANIFEST
    good.write_text(good.read_text().replace("9.1", "9.7"))
    done = debate("transcripts", "reindex", "--transcripts", "runs")
    assert done.code == 0
    assert "5 runs" in done.err
    assert own(listed(debate, "--min-score", "9.5")) == [GOOD]


def test_reindex_without_runs_is_your_mistake(debate: Debate) -> None:
    done = debate("transcripts", "reindex", "--transcripts", "nowhere")
    assert done.code == 2
    assert "--transcripts" in done.err
