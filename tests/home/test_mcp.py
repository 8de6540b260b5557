"""`debate mcp`, as the official client meets it over standard input and output."""

import asyncio
import json
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import anyio
import pytest

from debate.transcripts import Run
from tests.durability.server import DebateServer
from tests.faults.server import Exchange, Step
from tests.home.servers import LONGEST, REPO, own_environment

pytest.importorskip("mcp", reason="mcp is not installed (pip install 'lens-debate[mcp]')")

from mcp import Client, StdioServerParameters

from tests.test_runs import CARD

PROBLEM = "code_performance-stuck"


@asynccontextmanager
async def client(folder: Path, *flags: str) -> AsyncIterator[Client]:
    """A client of `debate mcp`, started in `folder`."""
    command = ["-m", "debate", "mcp", "--transcripts", str(folder / "runs"), *flags]
    server = StdioServerParameters(
        command=sys.executable, args=command, cwd=folder, env=own_environment(PYTHONWARNINGS="ignore")
    )
    async with Client(server, read_timeout_seconds=LONGEST) as one:
        yield one


def runs_of(folder: Path) -> list[Path]:
    """The run folders under `folder`."""
    return list(folder.glob("runs/2*"))


def said(result: Any) -> str:
    return " ".join(block.text for block in result.content)


async def test_the_tools_are_listed_with_typed_results(tmp_path: Path) -> None:
    async with client(tmp_path) as one:
        tools = {tool.name: tool for tool in (await one.list_tools()).tools}
    assert set(tools) == {"run", "show", "lenses", "problems"}
    assert all(tool.output_schema and tool.description for tool in tools.values())
    assert set(tools["run"].input_schema["properties"]) == {"problem", "lenses", "seed"}


async def test_a_debate_is_held_with_progress_seat_by_seat_and_shown_again(tmp_path: Path) -> None:
    heard: list[tuple[float, float | None, str | None]] = []

    async def hear(progress: float, total: float | None, message: str | None) -> None:
        heard.append((progress, total, message))

    async with client(tmp_path) as one:
        asked = {"problem": PROBLEM, "lenses": "pace-layering,bottleneck-theory", "seed": 3}
        held = await one.call_tool("run", asked, progress_callback=hear)
        again = await one.call_tool("show", {})
        lenses = await one.call_tool("lenses", {"problem": PROBLEM})
        problems = await one.call_tool("problems", {})
    assert not held.is_error, said(held)
    run = held.structured_content
    assert run is not None
    assert (run["status"], run["problem"]) == ("done", PROBLEM)
    assert run["answer"]
    assert run["steps"]
    assert run["headline"]["answer"] is not None
    assert [seat["lens"] for seat in run["seats"]] == ["pace-layering", "bottleneck-theory"]
    assert again.structured_content == run
    words = [message or "" for _, _, message in heard]
    assert {word.partition(":")[0] for word in words[:2]} == {"pace-layering", "bottleneck-theory"}
    assert [(progress, total) for progress, total, _ in heard] == [(n, 5) for n in range(1, 6)]
    assert lenses.structured_content is not None
    assert lenses.structured_content["lenses"][0]["because"]
    assert problems.structured_content is not None
    assert PROBLEM in [each["id"] for each in problems.structured_content["problems"]]
    (folder,) = runs_of(tmp_path)
    assert folder.name == run["run"]
    assert Run.load(folder).manifest.seed == 3


async def test_what_cannot_be_is_a_tool_error_in_our_words_and_nothing_outside_is_read(
    tmp_path: Path,
) -> None:
    for name in ("secret", "secret.md"):
        (tmp_path / name).write_text("pace-layering, the password is swordfish\n")
    cases: list[tuple[str, dict[str, str], str]] = [
        ("run", {"problem": "code_performance-stuk"}, f"nearest: {PROBLEM}"),
        ("run", {"problem": str(REPO / "problems" / f"{PROBLEM}.md")}, "named by its id"),
        ("run", {"problem": "secret.md"}, "named by its id"),
        ("run", {"problem": PROBLEM, "lenses": "@secret"}, "names a file"),
        ("run", {"problem": PROBLEM, "lenses": "high,../secret"}, "names a file"),
        ("run", {"problem": PROBLEM, "lenses": "high, + secret"}, "names a file"),
        ("run", {"problem": PROBLEM, "lenses": "nothing"}, "no lens called 'nothing'"),
        ("lenses", {"problem": "secret.md"}, "named by its id"),
        ("show", {"run": "../secret"}, "no run called"),
    ]
    async with client(tmp_path) as one:
        for tool, arguments, words in cases:
            result = await one.call_tool(tool, arguments)
            assert result.is_error, arguments
            assert words in said(result)
            assert "swordfish" not in said(result)
    assert not runs_of(tmp_path)


def _going(told: dict[str, Any] | None) -> bool:
    return (told or {}).get("status") in (None, "unfinished")


class HeldBack(DebateServer):
    """Answers one question, the second when it may, and no other: however slow the machine, there is time to
    stop.
    """

    def __init__(self) -> None:
        super().__init__()
        self.may_answer = asyncio.Event()

    def step(self, exchange: Exchange) -> Step:
        said, place = super().step(exchange), len(self.requests)

        async def answered(exchange: Exchange) -> None:
            if place > 1:
                await self.may_answer.wait()
            if place > 2:
                await asyncio.Event().wait()
            await said(exchange)

        return answered


async def test_a_cancelled_call_stops_the_run_and_keeps_what_was_earned(tmp_path: Path) -> None:
    server = HeldBack()
    await server.start()
    (tmp_path / "own" / "problems").mkdir(parents=True)
    (tmp_path / "own" / "problems" / "slow.md").write_text(CARD, encoding="utf-8")
    asked = {"problem": "care_waiting-stuck", "lenses": "random:3"}
    flags = (
        "--library",
        str(tmp_path / "own"),
        "--model",
        "llamacpp:",
        "--base-url",
        f"http://127.0.0.1:{server.port}/v1",
    )
    try:
        async with client(tmp_path, *flags, "--concurrency", "1") as one:
            async with anyio.create_task_group() as tasks:

                async def hear(progress: float, total: float | None, message: str | None) -> None:
                    tasks.cancel_scope.cancel()

                with anyio.fail_after(LONGEST):
                    await one.call_tool("run", asked, progress_callback=hear)
            server.may_answer.set()
            with anyio.fail_after(LONGEST):
                told = await one.call_tool("show", {})
                while _going(told.structured_content):
                    await anyio.sleep(0.1)
                    told = await one.call_tool("show", {})
    finally:
        await server.stop()
    run = told.structured_content
    assert run is not None
    assert (run["status"], run["answer"]) == ("interrupted", None)
    assert any(seat["hypotheses"] for seat in run["seats"])


def test_standard_output_is_the_protocols_alone(tmp_path: Path) -> None:
    import subprocess

    hello = {
        "jsonrpc": "2.0",
        "id": 1,
        "method": "initialize",
        "params": {
            "protocolVersion": "2025-06-18",
            "capabilities": {},
            "clientInfo": {"name": "test", "version": "1"},
        },
    }
    call = {
        "jsonrpc": "2.0",
        "id": 2,
        "method": "tools/call",
        "params": {"name": "problems", "arguments": {}},
    }
    begun = {"jsonrpc": "2.0", "method": "notifications/initialized"}
    with subprocess.Popen(
        [sys.executable, "-m", "debate", "mcp"],
        cwd=tmp_path, env=own_environment(), stdin=-1, stdout=-1, stderr=-1, text=True,
    ) as process:  # fmt: skip
        assert process.stdin
        assert process.stdout
        lines = []
        for message in (hello, begun, call):
            process.stdin.write(json.dumps(message) + "\n")
            process.stdin.flush()
            if "id" in message:
                lines.append(process.stdout.readline())
        rest, _ = process.communicate()
    assert [json.loads(line)["id"] for line in lines] == [1, 2]
    assert rest == ""
    assert process.returncode == 0


def test_without_the_extra_the_way_to_get_it_is_said() -> None:
    import subprocess

    script = (
        "import sys\nsys.modules['mcp'] = None\nsys.argv = ['debate', 'mcp']\n"
        "import debate.cli\ndebate.cli.main()"
    )
    done = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, text=True, check=False, env=own_environment()
    )
    assert done.returncode == 2
    assert "pip install 'lens-debate[mcp]'" in done.stderr
