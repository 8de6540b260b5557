"""Judging without a debate: any text on any card, stored answers once more, and judges on the ladder.

The verdicts are those a run would have given: the same jury, the same prompts, so that the ledger has what
was asked before and asks nobody again.
"""

from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

from debate.cards.lens import LensCard
from debate.cards.problem import ProblemCard
from debate.cards.role import RoleCard
from debate.errors import InputError
from debate.events import Event, Recorder, now
from debate.judging.calibration import Gate, gates
from debate.judging.checks import judge
from debate.judging.ladder import rungs
from debate.judging.rubric import Rubric, compiled
from debate.judging.scores import is_lens_relevance
from debate.jury.calibrating import certificate, hear
from debate.jury.certificate import Certificate, Identity, Shelf, identity_of
from debate.jury.trial import Bench, beside, seated, try_answer
from debate.library import Library
from debate.models.roles import JUDGE
from debate.models.wires import Wires
from debate.runs.desk import bound_models, ledger_of, opened
from debate.runs.spec import RunSpec
from debate.turns import Door
from debate.verdict import Certified, Verdict

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
    spec: RunSpec, library: Library, answer: str, lenses: tuple[LensCard, ...], listen: Listen
) -> tuple[Verdict, Verdict | None]:
    """The verdicts on a text: by rule, and of the jury when `spec` names one. Its authors are the models
    that `spec` binds to other roles.
    """
    problem = library.problem(spec.problem)
    checks = judge(problem, answer, lenses)
    if JUDGE not in spec.models:
        return checks, None
    async with bench(spec, library, problem, lenses, listen) as seats:
        return beside(checks, await try_answer(seats, answer))


async def calibrate(spec: RunSpec, library: Library, listen: Listen) -> Calibrated:
    """Put the ladder of a card before its judges. Raises `InputError` for one without two answers."""
    problem = library.problem(spec.problem)
    absent = [name for name in ("baseline", "target") if not getattr(problem, name).text.strip()]
    if absent:
        raise InputError(f"{problem.path} has no {' and no '.join(absent)}: there is nothing to calibrate on")
    ladder = rungs(problem, foreign_answer(problem, library))
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
    spec: RunSpec, library: Library, problem: ProblemCard, lenses: tuple[LensCard, ...], listen: Listen
) -> AsyncIterator[Bench]:
    """A jury at work, outside any run; what it is asked and says goes to the ledger alone."""
    roles, recorder = roles_of(library), Recorder(listen)
    base = library.transcripts_dir(spec.transcripts)
    async with (
        ledger_of(spec, base) as ledger,
        opened(spec, roles, ledger, f"judging-{problem.id}", recorder) as desk,
    ):
        yield jury_of(
            spec, Door(desk.caller, desk.models, recorder), roles, problem, lenses=lenses, base=base
        )


def jury_of(
    spec: RunSpec,
    door: Door,
    roles: Mapping[str, RoleCard],
    problem: ProblemCard,
    *,
    lenses: tuple[LensCard, ...],
    base: Path,
) -> Bench:
    """The jury that `spec` names, for a run or without one. Certificates lie in `base`."""
    authors = (name for role, names in spec.models.items() if role != JUDGE for name in names.split(","))

    def certified(rubric: Rubric) -> Certified:
        return Shelf(base).state_of(jury_identity(spec, problem, roles, rubric))

    return Bench(
        problem=problem,
        lenses=lenses,
        jurors=seated(door, roles, problem, spec.models[JUDGE], repeats=spec.judge_repeats, seed=spec.seed),
        authors=frozenset(authors),
        certified=certified,
    )


def jury_identity(
    spec: RunSpec, problem: ProblemCard, roles: Mapping[str, RoleCard], rubric: Rubric | None = None
) -> Identity:
    """What a certificate of this jury is bound to."""
    bound = bound_models(spec, roles, Wires())[JUDGE]
    return identity_of(
        problem.id,
        rubric or compiled(problem),
        roles,
        [f"{model.name} at {model.wire.endpoint}" for model in bound],
        sampling=dict(bound[0].sampling.given()),
        repeats=spec.judge_repeats,
    )


def by_criterion(verdict: Verdict) -> dict[str, float | None]:
    """The scores of a verdict as calibration wants them: without Lens Relevance."""
    return {
        score.name.casefold(): score.answer for score in verdict.criteria if not is_lens_relevance(score.name)
    }


def foreign_answer(problem: ProblemCard, library: Library) -> str:
    """The target of another card of the library, of another domain where there is one; `OFF_TOPIC` where
    none has one.
    """
    others = [entry.card for entry in library.problems() if entry.card and entry.card.id != problem.id]
    known = [card for card in others if card.target.text.strip()]
    known.sort(key=lambda card: (card.domain == problem.domain, card.id))
    return known[0].target.text if known else OFF_TOPIC


OFF_TOPIC = """The dough is too cold when it goes into the tins, so the loaves split at the side.

1. Weigh the flour of twelve loaves; if at least four differ by 5 %, mend the scales first.
2. Probe the crumb after cooling: if it is moist in a third, bake ten minutes longer; if not, stop."""


def roles_of(library: Library) -> dict[str, RoleCard]:
    """All role cards by id."""
    return {entry.id: library.role(entry.id) for entry in library.roles()}
