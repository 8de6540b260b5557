"""The clients that are measured, each in a process of its own: the same debates by three ways.

    raw     `AsyncOpenAI` with `create()`: the same prompts and schemas, replies left unread, nothing kept
    bare    debates over one desk without contracts, pages and judge: what carries the calls and keeps them
    study   whole debates over one desk: ledger, connections and graph opened once, as a study holds them
    run     whole debates as `debate run` holds them: each opens its own desk

Every client but `raw` commits durably to the ledger. A process gets a `Job` as JSON and prints a `Report`.
"""

import asyncio
import json
import os
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping, Sequence
from contextlib import AbstractAsyncContextManager, AsyncExitStack, asynccontextmanager
from dataclasses import asdict, dataclass
from functools import cache
from pathlib import Path
from typing import Any
from unittest.mock import patch

LENSES = "pace-layering,bottleneck-theory,feedback-loops,leverage-points"
PROBLEM = "code_performance-stuck"
MODEL = "vllm:bench"  # an OpenAI-compatible server that wants no key
ROLES = ("lens-agent", "solo", "critic", "writer")
CLIENTS = ("raw", "bare", "study", "run")
_LONGEST = 300.0

Debate = Callable[[int], Awaitable[None]]


@dataclass(frozen=True, slots=True)
class Prompt:
    """What one call of the debate asks: messages and the `response_format` that goes with them."""

    role: str
    messages: Sequence[Mapping[str, str]]
    response_format: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Job:
    """What a client process is to do: `debates`, so many `at_once`, after a first one that is told apart."""

    client: str
    url: str
    debates: int
    at_once: int
    prompts: Sequence[Prompt]


@dataclass(frozen=True, slots=True)
class Report:
    """Seconds of the first debate, of each further one, and of all further ones together; CPU seconds of all
    further ones; peak memory in MB; calls made, the first debate's included.
    """

    first: float
    each: Sequence[float]
    wall: float
    cpu: float
    peak: float
    calls: int


def measure(job: Job) -> Report:
    """Do `job` in a fresh process."""
    done = subprocess.run(
        [sys.executable, "-m", "benchmarks.clients"],
        input=json.dumps(asdict(job)),
        stdout=subprocess.PIPE,
        text=True,
        check=True,
        timeout=_LONGEST,
    )
    return Report(**json.loads(done.stdout))


async def _work(job: Job, hold: Debate) -> Report:
    began = time.perf_counter()
    await hold(0)
    first = time.perf_counter() - began
    each: list[float] = []
    places = asyncio.Semaphore(job.at_once)

    async def one(number: int) -> None:
        async with places:
            start = time.perf_counter()
            await hold(number)
            each.append(time.perf_counter() - start)

    cpu, began = _cpu(), time.perf_counter()
    await asyncio.gather(*(one(number) for number in range(1, job.debates + 1)))
    wall, cpu = time.perf_counter() - began, _cpu() - cpu
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    return Report(first, each, wall, cpu, peak, len(job.prompts) * (job.debates + 1))


def _cpu() -> float:
    times = os.times()
    return times.user + times.system


async def _raw(job: Job) -> Report:
    from openai import AsyncOpenAI  # noqa: PLC0415 - each client pays for its own imports

    client: AsyncOpenAI | None = None

    async def ask(prompt: Prompt, number: int) -> None:
        assert client is not None
        # Another number, another prompt: as every debate of a study asks something of its own.
        messages = [*prompt.messages[:-1], {**prompt.messages[-1], "content": _numbered(prompt, number)}]
        # Types of the package name each role's message; these are read from a transcript.
        create: Any = client.chat.completions.create
        done = await create(model="bench", messages=messages, response_format=prompt.response_format)
        assert done.choices[0].message.content

    async def hold(number: int) -> None:
        nonlocal client
        client = client or AsyncOpenAI(api_key="unused", base_url=job.url, max_retries=0)
        await asyncio.gather(*(ask(prompt, number) for prompt in job.prompts if prompt.role == "lens-agent"))
        for role in ("critic", "writer"):
            for prompt in job.prompts:
                if prompt.role == role:
                    await ask(prompt, number)

    try:
        return await _work(job, hold)
    finally:
        if client is not None:
            await client.close()


def _numbered(prompt: Prompt, number: int) -> str:
    return f"{prompt.messages[-1]['content']}\n{number}"


async def _debates(job: Job) -> Report:
    from debate.library import Library  # noqa: PLC0415 - each client pays for its own imports
    from debate.models import openai_chat  # noqa: F401, PLC0415 - as above
    from debate.runs import RunSpec, run  # noqa: PLC0415 - as above
    from debate.runs.spec import CallSettings  # noqa: PLC0415 - as above

    library = Library.open(None)
    with tempfile.TemporaryDirectory(prefix="debate-bench-") as folder:
        base = Path(folder)
        settings = CallSettings(base_url=job.url, concurrency=8 * job.at_once, ledger=base / "ledger.sqlite3")

        async def one(number: int) -> None:
            # The seed goes into the fences of every prompt: no two debates share a call.
            spec = RunSpec(
                problem=PROBLEM,
                models=dict.fromkeys(ROLES, MODEL),
                lenses=LENSES,
                seed=number,
                transcripts=base,
                calls=settings,
            )
            result = await run(spec, library, lambda _: None)
            if result.status != "done":
                raise SystemExit(f"a debate of the benchmark ended {result.status}: {result.error}")

        async with AsyncExitStack() as stack:
            if job.client != "run":
                _share(stack)
            if job.client == "bare":
                _strip(stack)
            return await _work(job, one)


def _share(stack: AsyncExitStack) -> None:
    """What every run opens for itself is opened by the first and kept for all, until `stack` ends."""
    from debate.runs.desk import ledger_of, opened  # noqa: PLC0415 - each client pays for its own imports
    from debate.runs.protocol import load_protocol  # noqa: PLC0415 - as above

    def once(opened: Callable[..., AbstractAsyncContextManager[Any]]) -> Callable[..., Any]:
        @asynccontextmanager
        async def kept(*arguments: Any) -> AsyncIterator[Any]:
            if not held:
                held.append(await stack.enter_async_context(opened(*arguments)))
            yield held[0]

        held: list[Any] = []
        return kept

    stack.enter_context(patch("debate.runs.hold.ledger_of", once(ledger_of)))
    stack.enter_context(patch("debate.runs.hold.opened", once(opened)))
    stack.enter_context(patch("debate.runs.question.load_protocol", cache(load_protocol)))


def _strip(stack: AsyncExitStack) -> None:
    """Leave out what is said about contributions: contracts, pages, the judge after its first verdict."""
    from debate.judging.checks import judge  # noqa: PLC0415 - each client pays for its own imports

    verdicts: list[Any] = []

    def same_verdict(*arguments: Any) -> Any:
        if not verdicts:
            verdicts.append(judge(*arguments))
        return verdicts[0]

    for name in ("report_faults", "plan_faults", "letter_faults"):
        stack.enter_context(patch(f"debate.nodes.{name}", lambda *_: ()))
    for name in ("nodes.letter_markdown", "runs.hold.letter_markdown", "runs.hold.transcript_markdown"):
        stack.enter_context(patch(f"debate.{name}", lambda *_: ""))
    stack.enter_context(patch("debate.runs.question.judge", same_verdict))


def _main() -> None:
    given = json.load(sys.stdin)
    job = Job(**{**given, "prompts": [Prompt(**prompt) for prompt in given["prompts"]]})
    work = _raw(job) if job.client == "raw" else _debates(job)
    print(json.dumps(asdict(asyncio.run(work))))


if __name__ == "__main__":
    _main()
