"""The API: what the commands do, from Python, in a loop and out of one."""

import asyncio
import subprocess
import sys
from pathlib import Path

import pytest

import debate
from debate.errors import SettingsError, UnknownName
from debate.events import Event, RunStarted
from debate.studies.study import Progress
from tests.pages import blocks

STUCK = "code_performance-stuck"
TWO = "bottleneck-theory,pace-layering"


def test_importing_the_package_loads_next_to_nothing() -> None:
    script = (
        "import sys, debate\n"
        "late = {'debate.api', 'debate.library', 'pydantic', 'langgraph', 'asyncio'} & set(sys.modules)\n"
        "assert not late, late\n"
        "assert debate.run.__module__ == 'debate.api'\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, text=True, check=False, timeout=120
    )
    assert done.returncode == 0, done.stderr


async def test_a_run_is_waited_for_in_the_callers_loop_and_told_event_by_event(tmp_path: Path) -> None:
    heard: list[Event] = []
    result = await debate.arun(
        STUCK, lenses=TWO, model="offline", transcripts=tmp_path / "runs", listen=heard.append
    )
    assert result.status == "done"
    assert result.error is None
    assert result.answer == (result.path / "answer.md").read_text("utf-8")
    assert result.path.parent == tmp_path / "runs"
    assert result.plan is not None
    assert [step.rank for step in result.plan.steps] == list(range(1, len(result.plan.steps) + 1))
    assert result.verdict is not None
    assert isinstance(heard[0], RunStarted)
    assert tuple(heard) == result.run.events


async def test_the_sync_wrapper_works_where_a_loop_is_running(tmp_path: Path) -> None:
    assert asyncio.get_running_loop().is_running()
    result = debate.run(STUCK, lenses=TWO, model={"critic": "offline"}, transcripts=str(tmp_path / "runs"))
    assert result.status == "done"


def test_a_study_has_its_cells_its_plan_and_a_folder(tmp_path: Path) -> None:
    heard: list[Progress | str] = []
    study = debate.study(
        STUCK, lenses=TWO, controls=["placebo"], transcripts=tmp_path / "runs", listen=heard.append
    )
    assert study.error is None
    assert [cell.arm for cell in study.cells] == list(study.record.plan.arms)
    assert {cell.state for cell in study.cells} == {"done"}
    assert (study.path / "plan.json").is_file()
    assert sum(isinstance(news, Progress) for news in heard) == len(study.cells)
    assert any("placebo" in news for news in heard if isinstance(news, str))


def test_what_is_wrong_is_raised_before_anything_is_written(tmp_path: Path) -> None:
    with pytest.raises(UnknownName, match=STUCK):
        debate.run("code_performance-stuk", transcripts=tmp_path / "runs")
    with pytest.raises(SettingsError, match="nearest: lenses"):
        debate.run(STUCK, lense="high", transcripts=tmp_path / "runs")  # type: ignore[call-arg]
    with pytest.raises(UnknownName, match="leave-one-out"):
        debate.study(STUCK, design="leave-two-out", transcripts=tmp_path / "runs")
    assert not (tmp_path / "runs").exists()


def test_the_page_about_the_api_runs_as_it_stands(repo: Path, capsys: pytest.CaptureFixture[str]) -> None:
    shown = [block.text for block in blocks(repo / "docs" / "api.md") if block.language == "python"]
    assert len(shown) == 3
    for text in shown:
        exec(compile(text, "docs/api.md", "exec"), {})
    said = capsys.readouterr().out
    assert "answer.md" in said
    assert "replacement: only pace-layering done" in said
    assert "team_slow-decisions done" in said
