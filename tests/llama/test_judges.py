"""A judged debate and a calibration on llama.cpp's own server, by a judge that talks gibberish."""

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

from debate.events import CallFailed, CallFinished, JudgeFailed
from debate.transcripts import ANSWER, EVENTS, Run
from tests.llama.conftest import REPO, Start

CARD = "code_performance-stuck"
CRITERIA = 5


def debate(folder: Path, *arguments: str) -> "subprocess.CompletedProcess[str]":
    environ = {**os.environ, "PYTHONPATH": str(REPO / "src")}
    command = [sys.executable, "-m", "debate", *arguments, "--transcripts", "runs", "--json"]
    return subprocess.run(
        command, capture_output=True, text=True, timeout=300, env=environ, check=False, cwd=folder
    )


def bench(url: str) -> tuple[str, ...]:
    limits = ("--set", "judge.max_tokens=200", "--judge-repeats", "1")
    return ("--model", "judge=llamacpp:", "--base-url", url, *limits)


def scores(verdict: dict[str, Any]) -> list[Any]:
    return [score[column] for score in verdict["criteria"] for column in ("answer", "band", "spread")]


def test_a_debate_is_judged_by_rule_where_the_model_talks_gibberish(tmp_path: Path, start: Start) -> None:
    ended = debate(tmp_path, "run", CARD, "--lenses", "pace-layering", *bench(start().url))
    assert ended.returncode == 3, ended.stderr
    assert "Traceback" not in ended.stderr
    document = json.loads(ended.stdout)
    assert document["status"] == "degraded"
    assert document["verdict"]["headline"]["status"] == "scored"
    jury = document["jury"]
    assert set(scores(jury)) == {None}
    assert (jury["headline"]["answer"], jury["headline"]["status"], jury["preferred"]) == (
        None,
        "unscored",
        None,
    )
    assert jury["certificate"]["state"] == "unvalidated"
    (journal,) = (tmp_path / "runs").glob(f"*/{EVENTS}")
    held = Run.load(journal.parent)
    assert len(held.of(JudgeFailed)) == 1
    asked = {call.call for call in held.of(CallFinished) if call.role == "judge"}
    lost = {call.call for call in held.of(CallFailed)}
    assert len({call.removesuffix("/repair") for call in asked}) == CRITERIA * 3 + 2
    assert lost <= asked
    assert (journal.parent / ANSWER).read_text(encoding="utf-8") == document["answer"]


def test_a_judge_that_talks_gibberish_is_inadmissible(tmp_path: Path, start: Start) -> None:
    ended = debate(tmp_path, "calibrate", CARD, *bench(start().url))
    assert ended.returncode == 3, ended.stderr
    assert "Traceback" not in ended.stderr
    (document,) = json.loads(ended.stdout)
    kept = document["certificate"]
    assert kept["state"] == "inadmissible"
    assert "ballots missing" in kept["why"]
    assert {score for rung in kept["table"].values() for score in rung.values()} == {None}
    (path,) = (tmp_path / "runs" / "certificates").iterdir()
    assert json.loads(path.read_text(encoding="utf-8"))["state"] == "inadmissible"
    answer = tmp_path / "answer.md"
    answer.write_text("Count the requests that one dashboard makes.", encoding="utf-8")
    judged = json.loads(debate(tmp_path, "judge", CARD, "answer.md", *bench(start().url)).stdout)
    assert judged["jury"]["certificate"]["state"] == "inadmissible"
    assert set(scores(judged["jury"])) == {None}
