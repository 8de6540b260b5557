"""Judging without a debate: any text on any card, stored answers once more, and judges on the ladder.

The verdicts are those a run would have given: the same jury, the same prompts, so that the ledger has what
was asked before and asks nobody again.
"""

import secrets
from collections.abc import AsyncIterator, Callable, Iterable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from pathlib import Path

from debate.cards.lens import AD_HOC, LensCard, adhoc_id, adhoc_lens
from debate.cards.problem import ProblemCard
from debate.choosing import ROLE as CHOOSER
from debate.errors import InputError, UnknownName
from debate.events import CallFinished, Event, Recorder, now
from debate.judging.calibration import Gate, gates
from debate.judging.certified import certified, foreign_answer
from debate.judging.checks import judge
from debate.judging.ladder import rungs
from debate.judging.scores import is_lens_relevance
from debate.jury.calibrating import certificate, hear
from debate.jury.certificate import Certificate, Shelf
from debate.jury.trial import Bench, beside, try_answer
from debate.library import Library
from debate.manifest import CardRef
from debate.models.roles import JUDGE
from debate.runs.bench import jury_identity, jury_of, of_jury
from debate.runs.desk import ledger_of, opened, roles_of
from debate.runs.past import spec_of
from debate.runs.spec import RunSpec
from debate.transcripts import ANSWER, Run
from debate.turns import Door
from debate.verdict import Verdict

Listen = Callable[[Event], None]


@dataclass(frozen=True, slots=True)
class Calibrated:
    """What the ladder of one card showed: gates of the judge by rule, and the certificate of the jury with
    where it was kept; None where no model judges.
    """

    problem: str
    checks: tuple[Gate, ...]
    table: Mapping[str, Mapping[str, float | None]]
    certificate: Certificate | None
    path: Path | None


async def judge_text(
    spec: RunSpec,
    library: Library,
    answer: str,
    lenses: tuple[LensCard, ...],
    listen: Listen,
    *,
    authors: Iterable[str] = (),
) -> tuple[Verdict, Verdict | None]:
    """The verdicts on a text that models called `authors` wrote with `lenses`: by rule, and of the jury when
    `spec` names one.
    """
    problem = library.problem(spec.problem)
    checks = judge(problem, answer, lenses).model_copy(
        update={"certificate": certified(problem, _foreign(problem, library))}
    )
    if JUDGE not in spec.models:
        return checks, None
    async with bench(spec, library, problem, lenses, listen, authors=authors) as seats:
        return beside(checks, await try_answer(seats, answer))


@dataclass(frozen=True, slots=True)
class Stored:
    """The answer of a past run, ready to be judged once more. `notes` say what is not as it was."""

    spec: RunSpec
    answer: str
    lenses: tuple[LensCard, ...]
    authors: frozenset[str]
    notes: tuple[str, ...]


def stored(past: Run, spec: RunSpec, library: Library) -> Stored:
    """The answer of `past` for the judges of `spec`. Raises `InputError` for a run without an answer, and
    for a card that is gone.
    """
    manifest, path = past.manifest, past.path / ANSWER
    if not path.exists():
        raise InputError(f"the run {manifest.id} has no answer to judge; first: debate resume {manifest.id}")
    asked = replace(spec_of(manifest, past.path.parent, {}), models=spec.models)
    spec = replace(spec, problem=asked.problem)
    problem = library.problem(spec.problem)
    lenses, notes = [], []
    if problem.sha256 != manifest.problem.sha256:
        notes.append(f"the problem card {problem.id} has changed since the run {manifest.id}")
    for ref in manifest.lenses:
        card = _lens_of(ref, problem, library)
        if card is None:
            notes.append(f"the lens {ref.id} of the run {manifest.id} is gone; judged without it")
            continue
        lenses.append(card)
        if card.sha256 != ref.sha256:
            notes.append(f"the lens card {ref.id} has changed since the run {manifest.id}")
    wrote = frozenset(call.model for call in past.of(CallFinished) if call.role not in (JUDGE, CHOOSER))
    return Stored(spec, path.read_text(encoding="utf-8"), tuple(lenses), wrote, tuple(notes))


def _lens_of(ref: CardRef, problem: ProblemCard, library: Library) -> LensCard | None:
    """The lens of a run as it is now, None when there is none any more."""
    if ref.origin == AD_HOC:
        named = next((each for each in problem.relevance if adhoc_id(each.lens) == ref.id), None)
        return adhoc_lens(named.lens, named.gloss, problem.path) if named else None
    try:
        return library.lens(ref.id)
    except UnknownName:
        return None


async def calibrate(spec: RunSpec, library: Library, listen: Listen) -> Calibrated:
    """Put the ladder of a card before its judges. Raises `InputError` for one without two answers."""
    problem = library.problem(spec.problem)
    absent = [name for name in ("baseline", "target") if not getattr(problem, name).text.strip()]
    if absent:
        raise InputError(f"{problem.path} has no {' and no '.join(absent)}: there is nothing to calibrate on")
    ladder = rungs(problem, _foreign(problem, library))
    table = {rung.label: by_criterion(judge(problem, rung.text, ())) for rung in ladder}
    if JUDGE not in spec.models:
        return Calibrated(problem.id, tuple(gates(table)), table, None, None)
    base = library.transcripts_dir(spec.transcripts)
    async with bench(spec, library, problem, (), listen) as seats:
        heard = await hear(seats, ladder)
        kept = certificate(heard, jury_identity(spec, problem, roles_of(library)), now())
    return Calibrated(problem.id, tuple(gates(table)), table, kept, Shelf(base).keep(kept))


@asynccontextmanager
async def bench(
    spec: RunSpec,
    library: Library,
    problem: ProblemCard,
    lenses: tuple[LensCard, ...],
    listen: Listen,
    *,
    authors: Iterable[str] = (),
) -> AsyncIterator[Bench]:
    """A jury at work, outside any run; what it is asked and says goes to the ledger alone. Nobody but the
    jury is asked, so no other model needs a key.
    """
    roles, recorder = roles_of(library), Recorder(listen)
    base = library.transcripts_dir(spec.transcripts)
    # Limits hold for this sitting, so its scope is its own.
    scope = f"judging-{problem.id}-{secrets.token_hex(8)}"
    spec = of_jury(spec)
    async with ledger_of(spec, base) as ledger, opened(spec, roles, ledger, scope, recorder) as desk:
        door = Door(desk.caller, desk.models, recorder)
        try:
            yield jury_of(spec, door, roles, problem, lenses=lenses, base=base, authors=authors)
        except Exception:
            desk.caller.halt("the sitting has ended")
            await door.drain()  # replies on their way are paid for
            raise


def by_criterion(verdict: Verdict) -> dict[str, float | None]:
    """The scores of a verdict as calibration wants them: without Lens Relevance."""
    return {
        score.name.casefold(): score.answer for score in verdict.criteria if not is_lens_relevance(score.name)
    }


def _foreign(problem: ProblemCard, library: Library) -> str:
    return foreign_answer(problem, (entry.card for entry in library.problems() if entry.card))
