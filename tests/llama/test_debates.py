"""Whole debates on llama.cpp's own server, from the command line."""

import json
import os
import sqlite3
import subprocess
import sys
from collections.abc import Sequence
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from debate.events import CallFinished, Repair, RunFinished, SeatFailed
from debate.run_names import EVENTS
from debate.transcripts import ANSWER, TRANSCRIPT, Run
from tests.bookshelf import problem_text
from tests.debates.house_server import THOUGHT
from tests.llama.conftest import REPO, Start
from tests.llama.prompter import Prompter

LENSES = ("pace-layering", "bottleneck-theory")


@dataclass(frozen=True)
class Ended:
    """A debate in a process of its own, after its end."""

    code: int
    out: str
    err: str
    runs: Path

    @property
    def run(self) -> Run:
        (journal,) = self.runs.glob(f"*/{EVENTS}")
        return Run.load(journal.parent)

    def sums(self, *columns: str) -> tuple[Any, ...]:
        """Over all attempts in the ledger."""
        with closing(sqlite3.connect(self.runs / "ledger.sqlite3")) as connection:
            wanted = ", ".join(columns)
            row: tuple[Any, ...] = connection.execute(f"SELECT {wanted} FROM attempts").fetchone()
        return row


def hold(folder: Path, url: str, *flags: str, lenses: Sequence[str] = LENSES) -> Ended:
    card, runs = folder / "shop_queue.md", folder / "runs"
    card.write_text(problem_text(), encoding="utf-8")
    command = [sys.executable, "-m", "debate", "run", str(card), "--model", "llamacpp:", "--base-url", url]
    command += ["--lenses", ",".join(lenses), "--transcripts", str(runs), "--json", *flags]
    environ = {**os.environ, "PYTHONPATH": str(REPO / "src")}
    done = subprocess.run(command, capture_output=True, text=True, timeout=120, env=environ, check=False)
    return Ended(done.returncode, done.stdout, done.stderr, runs)


def test_gibberish_that_fits_the_schema_ends_cleanly_and_is_kept(tmp_path: Path, start: Start) -> None:
    llama = start()
    before = llama.served()
    ended = hold(tmp_path, llama.url, "--set", "max_tokens=3000")
    served = llama.served().since(before)
    assert ended.code in (1, 3), ended.err
    assert "Traceback" not in ended.err
    document = json.loads(ended.out)
    assert document["status"] in ("failed", "degraded")
    assert document["verdict"] is None
    assert len(ended.run.of(SeatFailed)) == sum(seat["status"] == "failed" for seat in document["seats"]) > 0
    calls = ended.run.of(CallFinished)
    # Each seat says it twice: what was wrong with the first is told it.
    assert len(ended.run.of(Repair)) > 0
    assert ended.sums("count(*)") == (sum(call.attempts for call in calls),) == (len(calls),)
    assert ended.sums("sum(prompt_tokens)", "sum(completion_tokens)") == (served.prompt, served.completion)
    assert (document["usage"]["input_tokens"], document["usage"]["output_tokens"]) == (
        served.prompt,
        served.completion,
    )
    assert all(call.reply and call.messages for call in calls)
    assert [event.status for event in ended.run.of(RunFinished)] == [document["status"]]
    assert "SEAT FAILED" in (ended.run.path / TRANSCRIPT).read_text(encoding="utf-8")


def test_a_debate_whose_model_finds_the_right_words_is_done(tmp_path: Path, start: Start) -> None:
    thinker = start("--think")
    before = thinker.served()
    with Prompter(behind=thinker.url) as prompter:
        ended = hold(tmp_path, prompter.url, lenses=LENSES[:1])  # a thousand tokens a second: one will do
    served = thinker.served().since(before)
    assert ended.code == 0, ended.err
    document = json.loads(ended.out)
    assert document["status"] == "done"
    assert document["verdict"]["criteria"]
    calls = ended.run.of(CallFinished)
    assert [call.role for call in calls] == ["lens-agent", "critic", "writer"]
    assert len(prompter.requests) == len(calls)
    assert {(call.reasoning or "").strip() for call in calls} == {THOUGHT}
    assert not any("think>" in call.reply for call in calls)
    assert (document["usage"]["input_tokens"], document["usage"]["output_tokens"]) == (
        served.prompt,
        served.completion,
    )
    assert ended.sums("count(*)", "sum(prompt_tokens)", "sum(completion_tokens)") == (
        len(calls),
        served.prompt,
        served.completion,
    )
    assert (ended.run.path / ANSWER).read_text(encoding="utf-8") == document["answer"]


def test_a_wrong_key_ends_the_debate_at_its_first_request(
    tmp_path: Path, start: Start, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("LLAMA_API_KEY", "sk-the-wrong-key")
    ended = hold(tmp_path, start("--key", "sk-the-right-key").url, "--concurrency", "1")
    assert ended.code == 1
    assert "check the key in LLAMA_API_KEY" in ended.err
    assert "sk-the" not in ended.err + ended.out
    assert ended.sums("count(*)", "min(status)") == (1, 401)


def test_seats_whose_prompt_is_too_long_fail_with_its_size(tmp_path: Path, start: Start) -> None:
    ended = hold(tmp_path, start("--context", "2048").url)
    assert ended.code == 1
    assert "Traceback" not in ended.err
    failed = ended.run.of(SeatFailed)
    assert len(failed) == len(LENSES)
    assert all("longer than the model's context" in event.error and "2048" in event.error for event in failed)
    assert ended.sums("count(*)") == (len(LENSES),)
