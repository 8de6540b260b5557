"""Holding a study: its cells, each a run with a folder of its own, through one ledger and one budget.

The plan is on disk before the first call. Cells are held side by side, as many as the servers' limits let
ask; what several of them ask is asked once. Whatever stops a study (a budget, a key that does not work, the
user), everything received is kept: resuming it holds what is missing or failed, and pays for nothing twice.
"""

import asyncio
import os
import time
from collections.abc import Callable, Mapping, Sequence
from contextlib import AsyncExitStack
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING

from debate.calls import Setback, StopError
from debate.errors import DebateError, InputError, RunError
from debate.library import Library
from debate.manifest import StudyRef
from debate.run_lock import RunLock
from debate.runs import Brake, RunResult, RunSpec, resume, run
from debate.runs.desk import Shared, ledger_of, sharing
from debate.runs.past import kept_calls
from debate.runs.spec import CallSettings
from debate.studies import plan as plans
from debate.studies.arms import NO_LENS
from debate.studies.cells import (
    CELLS,
    Cell,
    Key,
    cell_of,
    complete,
    every_key,
    matched_seats,
    read_cells,
    write_cells,
)
from debate.studies.plan import Arm, ProblemPlan, StudyPlan, StudyRecord
from debate.studies.planning import refuse_changes, spec_of
from debate.studies.program import changed
from debate.transcripts import list_runs

if TYPE_CHECKING:
    from debate.studies.report import StudyReport

StopRule = Callable[[Sequence[Cell]], str | None]
"""Given the cells so far after each problem: why the study should end, None to go on."""


@dataclass(frozen=True, slots=True)
class Progress:
    """A cell has ended with this score: `done` of `total`, `left` seconds to go as far as can be told (None:
    not yet).
    """

    cell: Cell
    score: float | None
    done: int
    total: int
    left: float | None


Listen = Callable[[Progress | str], None]
"""Hears of every cell, and of sentences for the user."""


@dataclass(frozen=True, slots=True)
class StudyResult:
    """How a study ended. `cells` are all of the plan's; `error` is what stopped it, None when nothing did."""

    path: Path
    record: StudyRecord
    cells: tuple[Cell, ...]
    error: DebateError | None

    def report(self) -> "StudyReport":
        """What the study shows, read from its folder."""
        from debate.studies.stored import load_report  # noqa: PLC0415 - it finds runs by this module

        return load_report(self.path)


@dataclass(frozen=True, slots=True)
class Conduct:
    """How a study is held: with which cards, limits and places (`base` is the folder runs go to), and who
    hears of it. With a `stop` rule problems are held one after the other.
    """

    library: Library
    calls: CallSettings
    base: Path
    listen: Listen
    brake: Brake = field(default_factory=Brake)
    stop: StopRule | None = None


async def begin(plan: StudyPlan, conduct: Conduct) -> StudyResult:
    """Store the plan and hold its cells. Raises `DebateError` before anything is asked."""
    path, record = plans.store(plan, conduct.base, kept_calls(conduct.calls))
    return await _Study(path, record, conduct).hold({}, {})


async def go_on(path: Path, conduct: Conduct) -> StudyResult:
    """Hold what is missing or failed of the study in `path`. Raises `InputError` when its cards changed."""
    record = plans.read(path)
    refuse_changes(record.plan, conduct.library)
    for sentence in changed(record.program, record.plan.models):
        conduct.listen(f"note: {sentence}")
    known = {cell.key: cell for cell in read_cells(path)}
    kept = {key: cell for key, cell in known.items() if cell.state in ("done", "degraded")}
    begun = {key: folder for key, folder in runs_of(record, conduct.base).items() if key not in kept}
    return await _Study(path, record, conduct).hold(kept, begun)


def runs_of(record: StudyRecord, base: Path) -> dict[Key, Path]:
    """The run folders of a study by cell; the last where a cell has several."""
    since = f"{record.created:%Y%m%d-%H%M%S}"
    problems = {problem.id for problem in record.plan.problems}
    found: dict[Key, Path] = {}
    for listed in reversed(list_runs(base, since=since)):
        manifest = listed.manifest
        if manifest is None or manifest.study is None or manifest.study.study != record.id:
            continue
        if manifest.problem.id in problems:
            found[manifest.problem.id, manifest.study.arm, manifest.study.replicate] = listed.path
    return found


@dataclass(slots=True)
class _Study:
    """A study being held, by this process alone."""

    path: Path
    record: StudyRecord
    conduct: Conduct
    cells: dict[Key, Cell] = field(default_factory=dict)
    ended: DebateError | None = None
    brakes: set[Brake] = field(default_factory=set)
    began: float = field(default_factory=time.monotonic)
    held: int = 0

    async def hold(self, kept: Mapping[Key, Cell], begun: Mapping[Key, Path]) -> StudyResult:
        """Hold the cells that are not `kept`, those in `begun` in their folders."""
        plan = self.record.plan
        self.cells.update(kept)
        spec = self._spec(plan.problems[0], plan.problems[0].arms[0].settings)
        async with AsyncExitStack() as stack:
            stack.callback(RunLock(self.path).release)
            ledger = await stack.enter_async_context(ledger_of(spec, self.conduct.base))
            shared = await stack.enter_async_context(sharing(spec, ledger, self.record.id, self._retried))
            self.conduct.brake.attach(self.record.id, lambda: self._halt(shared))
            try:
                await self._all(shared, begun)
            finally:
                self.conduct.brake.detach()
                cells = complete(plan, self.cells.values())
                write_cells(self.path, cells)
        return StudyResult(self.path, self.record, tuple(cells), self.ended)

    async def _all(self, shared: Shared, begun: Mapping[Key, Path]) -> None:
        """Every cell; with a stop rule problem by problem."""
        turns = asyncio.Semaphore(2 * self.conduct.calls.concurrency)
        problems = self.record.plan.problems
        for batch in [(each,) for each in problems] if self.conduct.stop else [problems]:
            tasks: dict[Key, asyncio.Task[None]] = {}
            for key, before in self._wanted(batch):
                after = [tasks[each] for each in before if each in tasks]
                cell = self._cell(key, shared, begun.get(key), turns, after)
                tasks[key] = asyncio.create_task(cell, name=f"cell {key}")
            await _each(list(tasks.values()))
            if self.ended:
                return
            if self.conduct.stop and (why := self.conduct.stop(list(self.cells.values()))):
                self.conduct.listen(f"stopped early: {why}")
                return

    def _wanted(self, batch: Sequence[ProblemPlan]) -> list[tuple[Key, list[Key]]]:
        """The cells of these problems that are to be held, each with those it waits for, which come first."""
        problems = {problem.id: problem for problem in batch}
        keys = [key for key in every_key(self.record.plan) if key[0] in problems and key not in self.cells]
        before = {
            key: [(key[0], name, key[2]) for name in _before(_arm(problems[key[0]], key))] for key in keys
        }
        return sorted(before.items(), key=lambda each: bool(each[1]))

    async def _cell(
        self,
        key: Key,
        shared: Shared,
        folder: Path | None,
        turns: asyncio.Semaphore,
        after: Sequence[asyncio.Task[None]],
    ) -> None:
        """Hold one cell, when those it is measured by are there."""
        problem = next(problem for problem in self.record.plan.problems if problem.id == key[0])
        arm = _arm(problem, key)
        await asyncio.gather(*after)
        async with turns:
            if self.ended is not None:
                return
            seats = self._matched(key, arm) if arm.matches else None
            if isinstance(seats, str):
                self._note(Cell(problem=key[0], arm=key[1], replicate=key[2], state="missing", error=seats))
                return
            settings = arm.settings
            if seats is not None:
                settings = settings.model_copy(update={"lenses": f"none:{seats}"})
            spec = replace(
                self._spec(problem, settings),
                sample=key[2] + arm.again * self.record.plan.replicates,
                study=StudyRef(study=self.record.id, arm=arm.name, replicate=key[2]),
            )
            cell = await self._held(key, spec, folder, shared)
            self._note(self._compared(cell, arm))

    async def _held(self, key: Key, spec: RunSpec, folder: Path | None, shared: Shared) -> Cell:
        """The run of a cell."""
        brake = Brake()
        self.brakes.add(brake)
        try:
            result = await self._run(spec, folder, brake, shared)
        except DebateError as error:
            return _failed(key, str(error))
        except Exception as error:  # noqa: BLE001 - a bug in one arm's protocol leaves the others as they are
            return _failed(key, f"{type(error).__name__}: {error}")
        finally:
            self.brakes.discard(brake)
        if result.status == "interrupted":
            self.ended = self.ended or RunError("the user stopped it")
        elif isinstance(result.error, StopError):
            self.ended = self.ended or result.error
        return cell_of(key, result)

    async def _run(self, spec: RunSpec, folder: Path | None, brake: Brake, shared: Shared) -> RunResult:
        if folder is None:
            return await run(spec, self.conduct.library, lambda _: None, brake, shared=shared)
        return await resume(folder, spec, self.conduct.library, lambda _: None, brake, shared=shared)

    def _spec(self, problem: ProblemPlan, settings: plans.ArmSettings) -> RunSpec:
        spec = spec_of(self.record.plan, problem.name, settings, self.conduct.calls)
        return replace(spec, transcripts=self.conduct.base)

    def _matched(self, key: Key, arm: Arm) -> int | str:
        """How many seats a matched arm gets; why there is no saying."""
        full = self.cells.get((key[0], str(arm.matches), key[2]))
        plain = self.cells.get((key[0], NO_LENS, key[2]))
        for cell in (full, plain):
            if cell is None or cell.state != "done":
                name = arm.matches if cell is full else NO_LENS
                return f"there is nothing to match: the arm {name} is not done"
        assert full is not None
        assert plain is not None
        return matched_seats(full.used, plain.used, plain.seats)

    def _compared(self, cell: Cell, arm: Arm) -> Cell:
        """`cell` with the share by which its tokens miss those it was matched to."""
        full = self.cells.get((cell.problem, arm.matches, cell.replicate)) if arm.matches else None
        if full is None or not full.used.tokens or cell.state != "done":
            return cell
        return cell.model_copy(update={"mismatch": round(cell.used.tokens / full.used.tokens - 1, 4)})

    def _note(self, cell: Cell) -> None:
        """Keep a cell that ended, and say so."""
        self.cells[cell.key] = cell
        self.held += 1
        line = f"{cell.model_dump_json()}\n".encode()
        journal = os.open(self.path / CELLS, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)
        try:
            os.write(journal, line)
        finally:
            os.close(journal)
        total, done = self.record.plan.size, len(self.cells)
        left = (time.monotonic() - self.began) / self.held * (total - done)
        self.conduct.listen(
            Progress(
                cell, cell.score(self.record.plan.endpoint), done, total, left if self.held > 1 else None
            )
        )

    def _halt(self, shared: Shared) -> None:
        """The user stops the study: nothing new is asked, in any cell."""
        self.ended = self.ended or RunError("the user stopped it")
        shared.caller.halt()
        for brake in list(self.brakes):
            brake.pull(self.conduct.brake.signal or 0)

    def _retried(self, setback: Setback) -> None:
        self.conduct.listen(
            f"{setback.role}: {setback.model}: {setback.fault}, again in {setback.pause:.1f} s"
        )


def _arm(problem: ProblemPlan, key: Key) -> Arm:
    return next(arm for arm in problem.arms if arm.name == key[1])


def _before(arm: Arm) -> tuple[str, ...]:
    """The arms that must have ended before this one can begin."""
    return (arm.matches, NO_LENS) if arm.matches else ()


async def _each(tasks: Sequence[asyncio.Task[None]]) -> None:
    """Wait for all tasks; when one breaks, the others are called off first."""
    try:
        await asyncio.gather(*tasks)
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)


def _failed(key: Key, error: str) -> Cell:
    return Cell(problem=key[0], arm=key[1], replicate=key[2], state="failed", error=error)


def study_folder(name: str, base: Path) -> Path:
    """The folder of the study called `name`. Raises `InputError`."""
    path = Path(name)
    if (path / plans.PLAN).is_file():
        return path
    if os.sep in name:
        raise InputError(f"there is no study in {name}")
    return plans.find_study(name, base)
