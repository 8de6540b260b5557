"""A whole debate as one LangGraph graph, for servers such as `langgraph dev` (`langgraph.json` names it).

Input is a plain JSON object, so that a form can start a debate: problem and lenses by id, model, seed. Events
are streamed as they happen (`stream_mode="custom"`), each as a line of `events.jsonl`. Output is JSON too:
how it ended, plan, answer, verdict and the run's id. The run folder is written as ever; with no model given
the offline reasoner speaks, and nothing needs a key. What the server is set to trace, it traces.

A debate writes folder and ledger as it goes, and no server's event loop must wait for that: it is held on a
thread with a loop of its own, where the detector of `langgraph dev`, which looks at every loop, is told to
look away. To cancel the server's run is to stop the debate, with what was said kept.
"""

import asyncio
import contextvars
import signal
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from importlib import import_module
from typing import Any, cast

from langgraph.graph import END, START, StateGraph
from langgraph.runtime import Runtime
from pydantic import BaseModel, ConfigDict, Field
from typing_extensions import TypedDict  # pydantic makes no JSON schema of the other one before Python 3.12

from debate.events import Event
from debate.library import Library
from debate.runs import Brake, RunResult, RunSpec, run
from debate.settings import load


class Asked(BaseModel):
    """What a debate is to be about, and who sits."""

    model_config = ConfigDict(extra="forbid")

    problem: str = Field(
        "code_performance-stuck", description="Id of a problem: debate problems list shows them."
    )
    lenses: str = Field(
        "high",
        description="Who sits, comma-separated: high, medium, low, all, lens ids, -lens to drop one, "
        "random:3, auto.",
    )
    seed: int = Field(0, description="Fixes what is drawn at random.")


class Manner(BaseModel):
    """How a debate is held: the same question may be put to another model."""

    model_config = ConfigDict(extra="forbid")

    model: str = Field("offline", description="openai:ID, ollama:ID, …; offline needs no key.")
    base_url: str | None = Field(None, description="Address of an OpenAI-compatible server.")


class Held(TypedDict, total=False):
    """How the debate ended. `plan` and `verdict` are null where it did not come to them."""

    run: str
    status: str
    plan: dict[str, Any] | None
    answer: str | None
    verdict: dict[str, Any] | None
    error: str | None


class Debate(Held, total=False):
    """Question and outcome."""

    problem: str
    lenses: str
    seed: int


async def hold(state: Asked, runtime: Runtime[Manner]) -> Held:
    """Hold the debate. Raises `DebateError` for a question that cannot be asked."""
    loop, brake, events = asyncio.get_running_loop(), Brake(), asyncio.Queue[Event | None]()

    def listen(event: Event | None) -> None:
        loop.call_soon_threadsafe(events.put_nowait, event)

    # A context of its own: the debate's graph is no part of the server's, which would keep its state.
    manner, fresh = cast("Manner | None", runtime.context) or Manner(), contextvars.Context()
    held = loop.run_in_executor(None, partial(fresh.run, _held, state, manner, listen, brake))
    held.add_done_callback(lambda _: listen(None))
    try:
        while (event := await events.get()) is not None:
            runtime.stream_writer(event.model_dump(mode="json"))
        result = await asyncio.shield(held)
    except asyncio.CancelledError:
        brake.pull(signal.SIGINT)
        raise
    document = result.document
    return Held(
        run=document["run"],
        status=document["status"],
        plan=document["plan"],
        answer=result.answer,
        verdict=document["verdict"],
        error=str(result.error) if result.error else None,
    )


def _held(asked: Asked, manner: Manner, listen: Callable[[Event], None], brake: Brake) -> RunResult:
    given: dict[str, Any] = {"model": [manner.model]}
    if manner.base_url:
        given["base_url"] = manner.base_url
    settings = load(given)
    spec = RunSpec(
        problem=asked.problem,
        models=settings.models,
        lenses=asked.lenses,
        seed=asked.seed,
        transcripts=settings.transcripts,
        calls=settings.calls,
    )
    with _own_loop():
        return asyncio.run(run(spec, Library.open(settings.library), listen, brake))


@contextmanager
def _own_loop() -> Iterator[None]:
    """Blocking calls are no fault in a loop that serves one debate: the detector's own mark for such threads
    is set, where there is a detector. Its maker gives no public way to one thread.
    """
    try:
        mark = import_module("blockbuster.blockbuster")._skip
    except (ImportError, AttributeError):
        yield
        return
    mark.value = True
    try:
        yield
    finally:
        mark.value = False


builder = StateGraph(Debate, input_schema=Asked, output_schema=Held, context_schema=Manner)
builder.add_node("hold", hold, input_schema=Asked)
builder.add_edge(START, "hold")
builder.add_edge("hold", END)
graph = builder.compile(name="debate")
