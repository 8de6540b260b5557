"""Judging without a debate: any text on any card, stored answers once more, and judges on the ladder.

The verdicts are those a run would have given: the same jury, the same prompts, so that the ledger has what
was asked before and asks nobody again.
"""

import secrets
from collections.abc import AsyncIterator, Callable, Iterable, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from pathlib import Path

from debate.cards.lens import AD_HOC, LensCard, adhoc_id, adhoc_lens
from debate.cards.problem import ProblemCard
from debate.cards.role import RoleCard
from debate.errors import InputError, UnknownName
from debate.events import CallFinished, Event, Recorder, now
from debate.judging.calibration import Gate, gates
from debate.judging.certified import foreign_answer
from debate.judging.checks import judge_of
from debate.judging.distance import LEXICAL, Distance
from debate.judging.ladder import Rung, rungs
from debate.judging.scores import is_lens_relevance
from debate.jury.calibrating import certificate, hear
from debate.jury.certificate import Certificate, Shelf
from debate.jury.trial import Bench, beside, try_answer
from debate.library import Library
from debate.manifest import CardRef
from debate.models.roles import EMBEDDINGS, JUDGE
from debate.runs.bench import SILENT, judging_alone, jury_identity, jury_of
from debate.runs.by_rule import ByRule
from debate.runs.desk import ledger_of, opened, roles_of
from debate.runs.past import spec_of
from debate.runs.spec import RunSpec
from debate.transcripts import ANSWER, Run
from debate.turns import Door
from debate.verdict import Verdict

Listen = Callable[[Event], None]


@dataclass(frozen=True, slots=True)
class Calibrated:
    """What the ladder of one card showed: gates of the judge by rule with a note on how it measures likeness,
    and the certificate of the jury with where it was kept; None where no model judges.
    """

    problem: str
    note: str
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
    by_rule = ByRule(problem, lenses, _foreign(problem, library))
    if not judging_alone(spec).models:
        return await by_rule.verdict(answer), None
    async with sitting(spec, library, problem, listen) as sat:
        checks = await sat.by_rule(by_rule).verdict(answer)
        if JUDGE not in spec.models:
            return checks, None
        return beside(checks, await try_answer(sat.bench(lenses, authors), answer))


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
    wrote = frozenset(call.model for call in past.of(CallFinished) if call.role not in SILENT)
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
    by_rule = ByRule(problem, (), _foreign(problem, library))
    if not judging_alone(spec).models:
        return _calibrated(problem, ladder, LEXICAL)
    async with sitting(spec, library, problem, listen) as sat:
        found = _calibrated(problem, ladder, await sat.by_rule(by_rule).distance())
        if JUDGE not in spec.models:
            return found
        heard = await hear(sat.bench((), ()), ladder)
        kept = certificate(heard, found.table, jury_identity(spec, problem, sat.roles), now())
    return replace(found, certificate=kept, path=Shelf(sat.base).keep(kept))


def _calibrated(problem: ProblemCard, ladder: Sequence[Rung], distance: Distance) -> Calibrated:
    judge = judge_of(problem, (), distance)
    table = {rung.label: by_criterion(judge(rung.text)) for rung in ladder}
    return Calibrated(problem.id, distance.note, tuple(gates(table)), table, None, None)


@dataclass(frozen=True, slots=True)
class Sitting:
    """Judges at work on one problem, outside any run. `base` is where certificates lie."""

    spec: RunSpec
    problem: ProblemCard
    roles: Mapping[str, RoleCard]
    base: Path
    door: Door

    def by_rule(self, judge: ByRule) -> ByRule:
        """The judge by rule, with the vectors of the model that is named, if one is."""
        return replace(judge, door=self.door, model=self.spec.models.get(EMBEDDINGS, ""))

    def bench(self, lenses: tuple[LensCard, ...], authors: Iterable[str]) -> Bench:
        """The jury that is named."""
        return jury_of(
            self.spec, self.door, self.roles, self.problem, lenses=lenses, base=self.base, authors=authors
        )


@asynccontextmanager
async def sitting(
    spec: RunSpec, library: Library, problem: ProblemCard, listen: Listen
) -> AsyncIterator[Sitting]:
    """The judges that `spec` names; what they are asked and say goes to the ledger alone. Nobody else is
    asked, so no other model needs a key.
    """
    roles, recorder = roles_of(library), Recorder(listen)
    base = library.transcripts_dir(spec.transcripts)
    # Limits hold for this sitting, so its scope is its own.
    scope = f"judging-{problem.id}-{secrets.token_hex(8)}"
    spec = judging_alone(spec)
    async with ledger_of(spec, base) as ledger, opened(spec, roles, ledger, scope, recorder) as desk:
        door = Door(desk.caller, desk.models, recorder)
        try:
            yield Sitting(spec, problem, roles, base, door)
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
