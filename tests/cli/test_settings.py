"""What flags and settings make of a run, what a dry run says of it, and what may leave the machine."""

import base64
import gc
import http.server
import importlib
import json
import os
import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from debate.cli.spec import loading, run_spec
from debate.models.wire import Sampling
from debate.run_names import MANIFEST
from tests.bookshelf import problem_text
from tests.cli.conftest import Debate
from tests.debates.house_server import PANEL, HouseServer
from tests.faults.server import Exchange, Step, completion
from tests.test_runs import CARD

REPO = Path(__file__).resolve().parents[2]
CANARY = "sk-CANARY-5d0c9e77ab31"


@pytest.fixture
def card(tmp_path: Path) -> str:
    path = tmp_path / "care_waiting-stuck.md"
    path.write_text(CARD, encoding="utf-8")
    return str(path)


class TestSettings:
    def test_every_flag_of_run_arrives_in_the_run(self) -> None:
        spec = run_spec(
            {
                "model": ["openai:a", "critic=openai:b"],
                "base_url": "http://127.0.0.1:1/v1",
                "max_calls": 3,
                "max_tokens": 4,
                "max_cost": 5.0,
                "concurrency": 6,
                "per_minute": 7.0,
                "deadline": 8.0,
                "sampling": ["critic.effort=low"],
                "ledger": Path("l"),
                "trace": True,
            },
            problem="p",
            temperature=0.5,
        )
        calls = spec.calls
        assert (spec.models["critic"], spec.models["writer"]) == ("openai:b", "openai:a")
        assert (calls.max_calls, calls.max_tokens, calls.max_cost) == (3, 4, 5.0)
        assert (calls.concurrency, calls.per_minute, calls.deadline, calls.traced) == (6, 7.0, 8.0, True)
        assert calls.sampling["critic"] == Sampling(temperature=0.5, effort="low")
        assert calls.sampling["writer"] == Sampling(temperature=0.5)
        assert (calls.base_url, calls.ledger) == ("http://127.0.0.1:1/v1", Path("l"))

    @pytest.mark.parametrize(
        ("arguments", "says"),
        [
            (["--model", "critc=x"], "nearest: critic"),
            (["--max-calls", "0"], "--max-calls"),
            (["--model", "openai:x"], "OPENAI_API_KEY"),
            (["--model", "replay:x"], "no run called 'x'"),
            (["--set", "critic=1"], "--set"),
            (["--prompts"], "--dry-run"),
            (
                ["--max-cost", "1", "--model", "critic=llamacpp:"],
                "no price is known for llamacpp:; give --prices",
            ),
        ],
        ids=lambda value: " ".join(value) if isinstance(value, list) else "",
    )
    def test_a_setting_that_cannot_be_used_is_exit_2_before_a_folder_is_made(
        self, debate: Debate, card: str, arguments: list[str], says: str, tmp_path: Path
    ) -> None:
        done = debate("run", card, "--transcripts", "runs", *arguments)
        assert (done.code, done.out) == (2, "")
        assert says in done.err
        assert not (tmp_path / "runs").exists()

    def test_what_asks_no_server_keeps_to_every_cost(self, debate: Debate, card: str) -> None:
        words = ["run", card, "--transcripts", "runs", "--max-cost", "0.01", "--quiet"]
        assert debate(*words).code == 0
        assert debate(*words, "--model", "replay:last").code == 0

    def test_the_library_of_the_settings_is_everybodys(self, debate: Debate, tmp_path: Path) -> None:
        (tmp_path / "mine" / "problems").mkdir(parents=True)
        (tmp_path / "mine" / "problems" / "care_waiting-stuck.md").write_text(CARD, encoding="utf-8")
        (tmp_path / "debate.toml").write_text('library = "mine"\n')
        assert "care_waiting-stuck" in debate("problems", "list").out

    def test_a_broken_settings_file_is_exit_2_with_its_key(self, debate: Debate, tmp_path: Path) -> None:
        (tmp_path / "debate.toml").write_text("max_calls = 0\n")
        done = debate("problems", "list")
        assert done.code == 2
        assert "debate.toml: max_calls" in done.err


class TestDryRun:
    def test_it_asks_nobody_writes_nothing_and_counts_the_calls(
        self, debate: Debate, card: str, tmp_path: Path
    ) -> None:
        before = sorted(tmp_path.rglob("*"))
        model = ["--model", "llamacpp:", "--base-url", "http://127.0.0.1:9/v1"]
        done = debate("run", card, "--dry-run", "--json", *model)
        data = json.loads(done.out)
        assert done.code == 0
        assert sorted(tmp_path.rglob("*")) == before
        assert data["cut_short"] is None
        assert [call["role"] for call in data["each"]] == ["lens-agent", "lens-agent", "critic", "writer"]
        assert data["calls"] == {"least": 4, "most": 8}
        assert data["endpoints"] == {"llamacpp:": "http://127.0.0.1:9/v1"}
        assert data["estimate"]["cost"] is None
        assert all(call["input_tokens"] > 100 for call in data["each"])
        assert "unknown" in debate("run", card, "--dry-run", *model).out

    def test_with_prices_it_says_what_the_debate_will_cost(
        self, debate: Debate, card: str, tmp_path: Path
    ) -> None:
        (tmp_path / "prices.toml").write_text('["ollama:x"]\ninput = 1000000\noutput = 0\n')
        flags = ["--model", "ollama:x", "--prices", "prices.toml", "--dry-run", "--json"]
        data = json.loads(debate("run", card, *flags).out)
        assert data["estimate"]["cost"] == data["estimate"]["input_tokens"]
        assert data["estimate"]["most_cost"] > 2 * data["estimate"]["cost"]

    def test_with_prompts_it_shows_the_words_a_seat_will_read(self, debate: Debate, card: str) -> None:
        shown = debate("run", card, "--dry-run", "--prompts").out
        assert "==== lens-agent/pace-layering" in shown
        assert "Four nurses share one registration desk" in shown
        assert "Hiring more nurses" not in shown, "the answer key"


class Tracer(http.server.BaseHTTPRequestHandler):
    """A tracing service that counts who comes."""

    def do_POST(self) -> None:
        self.server.came.append(self.path)  # type: ignore[attr-defined]  # ours
        self.send_response(202)
        self.end_headers()

    do_GET = do_PATCH = do_POST  # noqa: N815 - the base class's names

    def log_message(self, format: str, *args: Any) -> None:
        pass


@pytest.fixture
def tracer() -> Iterator[http.server.ThreadingHTTPServer]:
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Tracer)
    server.came = []  # type: ignore[attr-defined]  # ours
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield server
    server.shutdown()
    server.server_close()
    thread.join()


@pytest.mark.parametrize("flags", [[], ["--trace"]], ids=["as usual", "--trace"])
def test_nothing_is_traced_unless_asked_whatever_the_environment_says(
    flags: list[str], card: str, tracer: http.server.ThreadingHTTPServer
) -> None:
    variables = {
        "LANGSMITH_TRACING": "true",
        "LANGCHAIN_TRACING_V2": "true",
        "LANGSMITH_ENDPOINT": f"http://127.0.0.1:{tracer.server_port}",
        "LANGSMITH_API_KEY": "lsv2-made-up",
    }
    done = subprocess.run(
        [sys.executable, "-m", "debate", "run", card, "--quiet", "--transcripts", "runs", *flags],
        capture_output=True,
        text=True,
        env={**os.environ, **variables},
        check=False,
    )
    assert "Score against" in done.stdout
    assert bool(tracer.came) == bool(flags)  # type: ignore[attr-defined]  # ours


class Parrot(HouseServer):
    """Tells everything it was told, in its thoughts; knows the doctor's question, too."""

    def step(self, exchange: Exchange) -> Step:
        return self.add if len(exchange.asked["messages"]) == 1 else super().step(exchange)

    async def add(self, exchange: Exchange) -> None:
        told = f"{exchange.headers.get('authorization', '')} {exchange.path}"
        await exchange.send(200, completion({"content": '{"sum": 5}', "reasoning_content": told}))

    async def reply(self, exchange: Exchange) -> None:
        told = f"{exchange.headers.get('authorization', '')} {exchange.path}"
        await exchange.send(200, completion({"content": self.words(exchange), "reasoning_content": told}))


@pytest.mark.parametrize(
    "fault", ["house", "echo-key", "echo-key-200>house", "echo-key-200", "500>house", "307"]
)
@pytest.mark.parametrize("place", ["variable", "user info", "query"])
def test_a_key_is_in_no_file_and_on_no_screen(
    *, place: str, fault: str, tmp_path: Path, debate: Debate, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "card.md").write_text(problem_text(), encoding="utf-8")
    monkeypatch.setenv("OPENAI_API_KEY", CANARY if place == "variable" else "sk-another-key")
    with Parrot(faults={"critic": fault, "Pace Layering": fault}) as server:
        url = server.url
        if place == "user info":
            url = url.replace("http://", f"http://me:{CANARY}@")
        if place == "query":
            url += f"?api-key={CANARY}"
        model = ["--model", "openai:x", "--base-url", url, "--transcripts", "runs"]
        screens = [debate("run", "card.md", "--lenses", ",".join(PANEL), *model)]
        if fault == "house":
            screens += [debate("run", "card.md", "--dry-run", *model), debate("doctor", "card.md", *model)]
        told = [request.headers.get("authorization", "") + request.path for request in server.requests]
    # User info travels encoded, so what the server saw is not the canary itself.
    assert any(CANARY in each or each.startswith("Basic ") for each in told)
    (manifest,) = tmp_path.glob(f"runs/*/{MANIFEST}")
    assert json.loads(manifest.read_text())["models"]["critic"] == "openai:x"
    assert not any(CANARY in done.out + done.err for done in screens)
    files = [path for path in tmp_path.rglob("*") if path.is_file()]
    told_apart = [CANARY.encode(), base64.b64encode(f"me:{CANARY}".encode())]
    assert [path for path in files if any(secret in path.read_bytes() for secret in told_apart)] == []


def test_garbage_is_collected_again_when_packages_are_loaded_or_failed_to() -> None:
    try:
        with loading():
            assert not gc.isenabled()
        with pytest.raises(ModuleNotFoundError), loading():
            importlib.import_module("no_such_package")
        assert gc.isenabled()
    finally:
        gc.unfreeze()
