"""Holding one debate, for the first time or again.

Everything that can be wrong with the input is found before a folder is made; the manifest is on disk before
the first call; whatever happens then, the folder tells it: what was said is kept, the pages are written from
what there is, and the last event says how it ended. What a run returns is read from its events, so that a
protocol of one's own need only use the nodes or emit the same events.

To resume a run is to hold it again in its folder: what was received comes from the ledger, at no cost. Only a
turn that failed by what it was answered is asked anew, or the run could never get further.
"""

import asyncio
import time
from collections.abc import Awaitable, Callable, Iterable
from contextlib import AbstractAsyncContextManager, AsyncExitStack, nullcontext
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import Any, TypeVar

from debate.contributions import Plan
from debate.errors import DebateError, InputError, RunError, TranscriptError
from debate.events import (
    Event,
    JudgeFailed,
    LetterWritten,
    Listener,
    Note,
    PlanMade,
    Recorder,
    RunFinished,
    RunStarted,
    SeatFailed,
    SeatSpoke,
    Status,
    VerdictGiven,
)
from debate.letters import letter_markdown
from debate.library import Library
from debate.manifest import Manifest, Result
from debate.run_names import MANIFEST
from debate.runs.brake import Brake
from debate.runs.choice import settled
from debate.runs.desk import Desk, Shared, ledger_of, opened
from debate.runs.document import document, usage_of
from debate.runs.manifests import make_manifest
from debate.runs.past import changes, moved
from debate.runs.question import Question, read_question
from debate.runs.spec import RunSpec
from debate.transcript_page import transcript_markdown
from debate.transcripts import ANSWER, TRANSCRIPT, Run, RunFolder
from debate.turns import PATIENCE, Door
from debate.verdict import Verdict

E = TypeVar("E", bound=Event)

_STOPPING = f"stopping: nothing new is asked, replies on their way are waited for up to {PATIENCE:.0f} s"
_GRACE = 2.0  # seconds for what follows from the last reply; asking more is over by then


@dataclass(frozen=True, slots=True)
class RunResult:
    """How a run ended. `error` is what stopped a failed one; `answer` is Markdown."""

    status: Status
    run: Run
    answer: str | None
    verdict: Verdict | None
    error: DebateError | None
    document: dict[str, Any]

    @property
    def plan(self) -> Plan | None:
        """The critic's plan, None where the run did not get so far."""
        return next((event.plan for event in reversed(self.run.of(PlanMade))), None)

    @property
    def path(self) -> Path:
        """The run folder."""
        return self.run.path


async def run(
    spec: RunSpec,
    library: Library,
    listen: Listener,
    brake: Brake | None = None,
    *,
    shared: Shared | None = None,
) -> RunResult:
    """Hold the debate. `listen` hears every event after it is on disk; with `shared` it is one of many.

    Raises `DebateError` before anything is asked, and leaves no folder then. A run that fails later is a
    result with status "failed", one that was stopped by `brake` one with status "interrupted".
    """
    spec = await settled(spec, library)
    question = read_question(spec, library)
    async with AsyncExitStack() as stack:
        folder = RunFolder.create(question.base, question.problem.id)
        stack.callback(folder.close)
        manifest = make_manifest(folder.id, question, library)
        try:
            folder.write(MANIFEST, manifest.text())
            desks = await _desks(question, folder, shared, stack)
        except DebateError:
            folder.discard()
            raise
        debate = _Debate(question, folder, manifest)
        return await debate.hold(desks, question.notes, listen, brake or Brake())


async def resume(
    path: Path,
    spec: RunSpec,
    library: Library,
    listen: Listener,
    brake: Brake | None = None,
    *,
    shared: Shared | None = None,
) -> RunResult:
    """Hold the run in the folder `path` again; `spec` is its own question (`debate.runs.past.spec_of`).

    Raises `DebateError` before anything is asked, `InputError` when another process is writing the run.
    """
    question = read_question(spec, library)
    async with AsyncExitStack() as stack:
        folder = RunFolder(path)
        stack.callback(folder.close)
        past = Run.load(path)
        manifest = make_manifest(folder.id, question, library, created=past.manifest.created)
        if spec.calls.base_url is None and (elsewhere := list(moved(past.manifest, manifest))):
            raise InputError(f"{'; '.join(elsewhere)}. Say which is meant with --base-url")
        notes = (*question.notes, *changes(past.manifest, manifest))
        desks = await _desks(question, folder, shared, stack)
        folder.write(MANIFEST, manifest.text())
        debate = _Debate(question, folder, manifest, past.events)
        return await debate.hold(desks, notes, listen, brake or Brake())


_Desks = Callable[[Recorder], AbstractAsyncContextManager[Desk]]


async def _desks(
    question: Question, folder: RunFolder, shared: Shared | None, stack: AsyncExitStack
) -> _Desks:
    """What opens the desk of the run: its own, with the ledger in `stack`, or one at `shared`."""
    spec, roles = question.spec, question.roles
    if shared is not None:
        return lambda _: nullcontext(shared.desk(spec, roles))
    ledger = await stack.enter_async_context(ledger_of(spec, question.base))
    return partial(opened, spec, roles, ledger, folder.id)


@dataclass(slots=True)
class _Debate:
    """A debate being held: its folder, what has happened in it so far, and before in earlier sittings."""

    question: Question
    folder: RunFolder
    manifest: Manifest
    earlier: tuple[Event, ...] = ()
    events: list[Event] = field(default_factory=list)
    began: float = field(default_factory=time.monotonic)

    async def hold(self, desks: _Desks, notes: Iterable[str], listen: Listener, brake: Brake) -> RunResult:
        """Run the graph and close the run, however it ends."""
        after = self.earlier[-1].seq if self.earlier else 0
        recorder = Recorder(self.folder.append, self.events.append, listen, after=after)
        try:
            recorder.emit(RunStarted(manifest=self.manifest.digest))
            for note in notes:
                recorder.emit(Note(text=note))
            async with desks(recorder) as desk:
                brake.attach(self.folder.id, desk.caller.halt)
                await self._debate(desk, recorder, brake)
            if self._last(LetterWritten) is None:
                raise RunError("the protocol ended without an answer: no letter was written")
        except TranscriptError as error:
            return self._unwritten("failed", error)
        except DebateError as error:
            if brake.signal is None:
                return self._finish(recorder, "failed", error)
            return self._finish(recorder, "interrupted", RunError("the user stopped it"))
        except asyncio.CancelledError:
            self._finish(recorder, "interrupted", RunError("the user stopped it"))
            raise
        except Exception as error:
            self._finish(recorder, "failed", RunError(f"{type(error).__name__}: {error}"))
            raise
        finally:
            brake.detach()
        failed = any(isinstance(event, SeatFailed | JudgeFailed) for event in self.events)
        return self._finish(recorder, "degraded" if failed else "done", None)

    async def _debate(self, desk: Desk, recorder: Recorder, brake: Brake) -> None:
        """The graph, to its end. When it ends early, replies on their way are waited for: they are paid
        for.
        """
        question = self.question
        door = Door(desk.caller, desk.models, recorder, anew=bool(self.earlier))
        context = question.context(door, recorder)
        try:
            await _until(question.graph.ainvoke(question.given, context=context), brake, door, recorder)
        except Exception:
            desk.caller.halt("the run has ended")
            await door.drain()
            raise

    def _finish(self, recorder: Recorder, status: Status, error: DebateError | None) -> RunResult:
        """Write how it ended, and the pages."""
        try:
            recorder.emit(RunFinished(status=status, error=str(error) if error else None))
            result = self._result(status, error)
            self.folder.write(TRANSCRIPT, transcript_markdown(result.run, self.question.problem))
            if result.answer is not None:
                self.folder.write(ANSWER, result.answer)
            self.folder.write(MANIFEST, result.run.manifest.text())
        except TranscriptError as unwritten:
            return self._unwritten(status, unwritten)
        return result

    def _unwritten(self, status: Status, error: TranscriptError) -> RunResult:
        """The result of a run whose folder takes nothing any more."""
        kept = TranscriptError(f"{error}; every reply received is in the ledger: make room, then resume")
        return self._result("failed" if status in ("done", "degraded") else status, kept)

    def _result(self, status: Status, error: DebateError | None) -> RunResult:
        written, judged, planned = self._last(LetterWritten), self._by_rule(), self._last(PlanMade)
        answer = letter_markdown(written.letter, self.question.problem) if written else None
        verdict = judged.verdict if judged else None
        result = Result(
            status=status,
            headline=verdict.headline.answer if verdict else None,
            baseline=verdict.headline.baseline if verdict else None,
            hypotheses=sum(len(event.hypotheses) for event in self.events if isinstance(event, SeatSpoke)),
            steps=len(planned.plan.steps) if planned else 0,
            seconds=round(time.monotonic() - self.began, 3),
            usage=usage_of(self.events),
            error=str(error) if error else None,
        )
        manifest = self.manifest.model_copy(update={"result": result})
        run_ = Run(self.folder.path, manifest, (*self.earlier, *self.events))
        return RunResult(status, run_, answer, verdict, error, document(run_, answer))

    def _by_rule(self) -> VerdictGiven | None:
        """The verdict by rule, which every run is compared by."""
        given = (event for event in reversed(self.events) if isinstance(event, VerdictGiven))
        return next((event for event in given if event.verdict.kind == "checks"), None)

    def _last(self, kind: type[E]) -> E | None:
        return next((event for event in reversed(self.events) if isinstance(event, kind)), None)


async def _until(debate: Awaitable[object], brake: Brake, door: Door, recorder: Recorder) -> None:
    """Wait for the debate; once `brake` is pulled, no longer than replies on their way need."""
    held = asyncio.ensure_future(debate)
    stop = asyncio.create_task(brake.pulled())
    drained: asyncio.Task[object] | None = None
    try:
        await asyncio.wait({held, stop}, return_when=asyncio.FIRST_COMPLETED)
        if not held.done():
            recorder.emit(Note(text=_STOPPING))
            drained = asyncio.create_task(door.drain())
            await asyncio.wait({held, drained}, return_when=asyncio.FIRST_COMPLETED)
            await asyncio.wait({held}, timeout=_GRACE)
        if not held.done():
            raise RunError("the debate did not stop by itself")
        await held
    finally:
        tasks = [task for task in (held, stop, drained) if task is not None]
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
