"""A judged debate and a calibration on llama.cpp's own server, by a judge that talks gibberish."""

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

from debate.events import CallFailed, CallFinished, JudgeFailed
from debate.run_names import EVENTS
from debate.transcripts import ANSWER, Run
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


def test_novelty_is_measured_by_the_vectors_of_a_real_server(tmp_path: Path, start: Start) -> None:
    url = start("--embed").url
    place = ("--embeddings", "llamacpp:", "--base-url", url)
    answer = tmp_path / "answer.md"
    answer.write_text("Count the requests that one dashboard makes, because each waits.", encoding="utf-8")
    first = debate(tmp_path, "judge", CARD, "answer.md", *place)
    assert first.returncode == 0, first.stderr
    reasons = json.loads(first.stdout)["verdict"]["criteria"][-1]["reasons"]
    assert any("the embeddings of llamacpp:" in reason for reason in reasons)
    assert debate(tmp_path, "judge", CARD, "answer.md", *place).stdout == first.stdout
    (document,) = json.loads(debate(tmp_path, "calibrate", CARD, *place).stdout)
    # Weights drawn at random put all texts at one place, and then the judge has no scale and says none.
    assert {row["novelty"] for row in document["table"].values()} == {None}
    held = debate(tmp_path, "run", CARD, "--lenses", "pace-layering", *place)
    assert held.returncode == 0, held.stderr
    assert json.loads(held.stdout)["status"] == "done"


def test_a_server_that_gives_no_vectors_ends_in_a_sentence(tmp_path: Path, start: Start) -> None:
    (tmp_path / "answer.md").write_text("Count the requests that one dashboard makes.", encoding="utf-8")
    place = ("--embeddings", "llamacpp:", "--base-url", start().url)
    ended = debate(tmp_path, "judge", CARD, "answer.md", *place)
    assert ended.returncode == 1, ended.stdout
    assert "embeddings: llamacpp:" in ended.stderr
    assert "Traceback" not in ended.stderr


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
