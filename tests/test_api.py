"""The API: what the commands do, from Python, in a loop and out of one."""

import asyncio
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import get_args, get_type_hints

import pytest

import debate
from debate.errors import InputError, SettingsError, UnknownName
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


# Of each argument values nobody can mean, and what the error must offer beside its name ("" where a name is
# looked up and the nearest are shown).
SHARED: dict[str, list[tuple[object, str]]] = {
    "model": [(5, "MODEL"), ({"rubbish": "offline"}, "critic")],
    "base_url": [(5, "string")],
    "lenses": [(5, "string"), ("rubbish", "")],
    "protocol": [(5, "string"), ("rubbish", "")],
    "library": [(5, "path")],
    "transcripts": [(5, "path")],
    "ledger": [(5, "path")],
    "max_calls": [(0, "greater than or equal to 1"), ("many", "integer"), (True, "number")],
    "max_tokens": [(-1, "greater than or equal to 1")],
    "max_cost": [(0, "greater than 0"), (float("inf"), "finite")],
    "concurrency": [(0, "greater than or equal to 1")],
    "per_minute": [(0, "greater than 0")],
    "deadline": [(-1, "greater than 0"), ("soon", "number")],
    "sampling": [(5, "SETTING=VALUE"), ({"critic": {"temperature": 9}}, "less than or equal to 2")],
    "prices": [(5, "table of prices")],
    "judge_repeats": [(0, "greater than or equal to 1"), (99, "less than or equal to 50")],
    "trace": [("rubbish", "boolean")],
    "seed": [("x", "integer"), (1.5, "integer"), (True, "number")],
    "allow_adhoc": [("rubbish", "boolean")],
    "listen": [(5, "callable")],
}
OF_STUDIES: dict[str, list[tuple[object, str]]] = {
    "problems": [(5, "string"), ([5], "string"), ([], "problem"), ("rubbish", "")],
    "design": [(5, "tuple"), ([], "at least 1"), ("rubbish", "leave-one-out")],
    "named": [(5, "dictionary"), ({"sets": 5}, "dictionary"), ({"rubbish": {"a": "high"}}, "leave-one-out")],
    "controls": [(5, "tuple"), ("rubbish", "a/a")],
    "game": [("rubbish", "'replacement', 'removal' or 'both'"), (5, "'both'")],
    "replicates": [(0, "greater than or equal to 1"), ("x", "integer"), (True, "number")],
    "endpoint": [(5, "string"), ("rubbish", "Novelty")],
    "margin": [(0, "greater than 0"), (float("inf"), "finite")],
    "alpha": [(1, "less than 1"), (0, "greater than 0")],
    "stop": [("rubbish", "'none' or 'e-process'")],
    "factorial": [("rubbish", "boolean"), (True, "--factorial")],
    "rubbish": [(1, "lenses")],
}
OF_RUNS: dict[str, list[tuple[object, str]]] = {
    "problem": [(5, "string"), ("rubbish", "")],
    "rubbish": [(1, "lenses")],
}


def bad(*tables: dict[str, list[tuple[object, str]]]) -> list[tuple[str, object, str]]:
    return [(name, value, offer) for table in tables for name, each in table.items() for value, offer in each]


def refused(call: Callable[..., object], first: str, name: str, value: object, tmp_path: Path) -> str:
    """What the error says; nothing is written."""
    given = {first: STUCK, "lenses": TWO, "transcripts": tmp_path / "runs", name: value}
    problem = given.pop(first)
    with pytest.raises(InputError) as caught:
        call(problem, **given)
    assert not (tmp_path / "runs").exists()
    return str(caught.value)


@pytest.mark.parametrize(("name", "value", "offer"), bad(SHARED, OF_RUNS))
def test_what_no_run_can_use_is_refused_by_the_arguments_name(
    name: str, value: object, offer: str, tmp_path: Path
) -> None:
    said = refused(debate.run, "problem", name, value, tmp_path)
    assert name.removesuffix("es").removesuffix("s") in said
    assert offer in said


@pytest.mark.parametrize(("name", "value", "offer"), bad(SHARED, OF_STUDIES))
def test_what_no_study_can_use_is_refused_by_the_arguments_name(
    name: str, value: object, offer: str, tmp_path: Path
) -> None:
    said = refused(debate.study, "problems", name, value, tmp_path)
    assert any(word in said for word in (name.removesuffix("es").removesuffix("s"), "arms are given for"))
    assert offer in said


@pytest.mark.parametrize(
    ("call", "tables"),
    [(debate.run, (SHARED, OF_RUNS)), (debate.arun, (SHARED, OF_RUNS)),
     (debate.study, (SHARED, OF_STUDIES)), (debate.astudy, (SHARED, OF_STUDIES))],
)  # fmt: skip
def test_no_public_argument_is_left_out_of_these_tables(
    call: Callable[..., object], tables: tuple[dict[str, object], ...]
) -> None:
    hints = get_type_hints(call)
    (options,) = get_args(hints.pop("options"))
    arguments = {*hints, *options.__annotations__} - {"return"}
    assert arguments == {name for table in tables for name in table} - {"rubbish"}


def test_the_page_about_the_api_runs_as_it_stands(repo: Path, capsys: pytest.CaptureFixture[str]) -> None:
    shown = [block.text for block in blocks(repo / "docs" / "api.md") if block.language == "python"]
    assert len(shown) == 3
    for text in shown:
        exec(compile(text, "docs/api.md", "exec"), {})
    said = capsys.readouterr().out
    assert "answer.md" in said
    assert "replacement: only pace-layering done" in said
    assert "team_slow-decisions done" in said
