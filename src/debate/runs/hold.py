"""Holding one debate.

Everything that can be wrong with the input is found before a folder is made; the manifest is on disk before
the first call; whatever happens then, the folder tells it: what was said is kept, the pages are written from
what there is, and the last event says how it ended. What a run returns is read from its events, so that a
protocol of one's own need only use the nodes or emit the same events.
"""

import asyncio
import time
from dataclasses import dataclass, field
from typing import Any, TypeVar

from debate.cards.problem import ProblemCard
from debate.errors import DebateError, RunError
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
from debate.judging.checks import judge
from debate.letters import letter_markdown
from debate.library import Library
from debate.manifest import Manifest, Result
from debate.models.wires import Wires
from debate.panel import Panel, choose
from debate.runs.desk import bound_models, opened
from debate.runs.document import document, usage_of
from debate.runs.manifests import make_manifest
from debate.runs.protocol import load_protocol
from debate.runs.spec import RunSpec
from debate.state import Context, DebateInput
from debate.transcript_page import transcript_markdown
from debate.transcripts import ANSWER, MANIFEST, TRANSCRIPT, Run, RunFolder
from debate.turns import Door
from debate.verdict import Verdict

E = TypeVar("E", bound=Event)


@dataclass(frozen=True, slots=True)
class RunResult:
    """How a run ended. `error` is what stopped a failed one; `answer` is Markdown."""

    status: Status
    run: Run
    answer: str | None
    verdict: Verdict | None
    error: DebateError | None
    document: dict[str, Any]


async def run(spec: RunSpec, library: Library, listen: Listener) -> RunResult:
    """Hold the debate. `listen` hears every event after it is on disk.

    Raises `InputError` before anything is written. A run that fails later is a result with status "failed".
    """
    problem = library.problem(spec.problem)
    panel = choose(spec.lenses, problem, library, seed=spec.seed, allow_adhoc=spec.allow_adhoc)
    roles = {entry.id: library.role(entry.id) for entry in library.roles()}
    bound_models(spec, roles, Wires())  # a model that cannot be used is known before a folder is made
    protocol = library.protocol(spec.protocol)
    graph = load_protocol(protocol)
    base = library.transcripts_dir(spec.transcripts)
    folder = RunFolder.create(base, problem.id)
    manifest = make_manifest(
        folder.id, spec, library, problem=problem, panel=panel, roles=roles, protocol=protocol
    )
    folder.write(MANIFEST, manifest.text())
    debate = _Debate(problem, folder, manifest)
    recorder = Recorder(folder.append, debate.events.append, listen)
    try:
        recorder.emit(RunStarted(manifest=manifest.digest))
        for note in (*panel.notes, *_shadows(library, problem, panel)):
            recorder.emit(Note(text=note))
        async with opened(spec, roles, base, folder.id, recorder) as desk:
            context = Context(
                problem=problem,
                seats={seat.id: seat for seat in panel.seats},
                roles=roles,
                door=Door(desk.caller, desk.models, recorder),
                recorder=recorder,
                judge=lambda answer: judge(problem, answer, [s.lens for s in panel.seats if s.lens]),
                seed=spec.seed,
            )
            return await debate.hold(graph, context)
    finally:
        folder.close()


def _shadows(library: Library, problem: ProblemCard, panel: Panel) -> list[str]:
    """A sentence for each card of this run that hides another of its id. Every role card is of the run."""
    used = {problem.path, *(seat.lens.path for seat in panel.seats if seat.lens)}
    hides = [(entry.path, entry.shadows) for entry in library.roles()]
    hides += [(entry.path, entry.shadows) for entry in library.problems() if entry.path in used]
    hides += [(entry.path, entry.shadows) for entry in library.lenses() if entry.path in used]
    return [f"{path} is used in place of {hidden}" for path, hidden in hides if hidden]


@dataclass(slots=True)
class _Debate:
    """A debate being held: its folder and what has happened in it so far."""

    problem: ProblemCard
    folder: RunFolder
    manifest: Manifest
    events: list[Event] = field(default_factory=list)
    began: float = field(default_factory=time.monotonic)

    async def hold(self, graph: Any, context: Context) -> RunResult:
        """Run the graph and close the run, however it ends."""
        given = DebateInput(seats=list(context.seats))
        try:
            await graph.ainvoke(given, context=context)
            if self._last(LetterWritten) is None:
                raise RunError("the protocol ended without an answer: no letter was written")
        except DebateError as error:
            return self._finish(context.recorder, "failed", error)
        except asyncio.CancelledError:
            self._finish(context.recorder, "interrupted", RunError("the user stopped it"))
            raise
        except Exception as error:
            self._finish(context.recorder, "failed", RunError(f"{type(error).__name__}: {error}"))
            raise
        failed = any(isinstance(event, SeatFailed | JudgeFailed) for event in self.events)
        return self._finish(context.recorder, "degraded" if failed else "done", None)

    def _finish(self, recorder: Recorder, status: Status, error: DebateError | None) -> RunResult:
        recorder.emit(RunFinished(status=status, error=str(error) if error else None))
        written, judged = self._last(LetterWritten), self._last(VerdictGiven)
        answer = letter_markdown(written.letter, self.problem) if written else None
        verdict = judged.verdict if judged else None
        manifest = self.manifest.model_copy(update={"result": self._result(status, verdict, error)})
        run_ = Run(self.folder.path, manifest, tuple(self.events))
        self.folder.write(TRANSCRIPT, transcript_markdown(run_, self.problem))
        if answer is not None:
            self.folder.write(ANSWER, answer)
        self.folder.write(MANIFEST, manifest.text())
        return RunResult(status, run_, answer, verdict, error, document(run_, answer))

    def _result(self, status: Status, verdict: Verdict | None, error: DebateError | None) -> Result:
        planned = self._last(PlanMade)
        return Result(
            status=status,
            headline=verdict.headline.answer if verdict else None,
            baseline=verdict.headline.baseline if verdict else None,
            hypotheses=sum(len(event.hypotheses) for event in self.events if isinstance(event, SeatSpoke)),
            steps=len(planned.plan.steps) if planned else 0,
            seconds=round(time.monotonic() - self.began, 3),
            usage=usage_of(self.events),
            error=str(error) if error else None,
        )

    def _last(self, kind: type[E]) -> E | None:
        return next((event for event in reversed(self.events) if isinstance(event, kind)), None)
