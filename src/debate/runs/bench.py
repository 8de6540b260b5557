"""The bench of a run: the jury its spec names, and what a certificate of it is bound to."""

import shlex
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Final

from debate.cards.lens import LensCard
from debate.cards.problem import ProblemCard
from debate.cards.role import RoleCard
from debate.choosing import ROLE as CHOOSER
from debate.judging.rubric import compiled
from debate.jury.calibrating import gates_hash
from debate.jury.certificate import Identity, Shelf
from debate.jury.juror import REPEATS
from debate.jury.showing import ladder_hash, prompts_hash
from debate.jury.trial import Bench, seated
from debate.models.roles import EMBEDDINGS, JUDGE
from debate.models.wires import Wires
from debate.runs.desk import bound_models
from debate.runs.spec import RunSpec
from debate.turns import Door
from debate.verdict import Certified

#: Roles that write nothing of an answer.
SILENT: Final = frozenset({JUDGE, CHOOSER, EMBEDDINGS})


def jury_of(
    spec: RunSpec,
    door: Door,
    roles: Mapping[str, RoleCard],
    problem: ProblemCard,
    *,
    lenses: tuple[LensCard, ...],
    base: Path,
    authors: Iterable[str],
) -> Bench:
    """The jury that `spec` names, for a run or without one. Certificates lie in `base`."""
    shelf, identity = Shelf(base), jury_identity(spec, problem, roles)

    def certified(served: Sequence[frozenset[str]]) -> Certified:
        return shelf.state_of(identity.of(served), calibration(spec, identity))

    names, repeats = spec.models[JUDGE], spec.judge_repeats
    return Bench(
        problem=problem,
        lenses=lenses,
        jurors=seated(door, roles, problem, names, repeats=repeats, expects=shelf.answering(identity)),
        authors=frozenset(authors),
        certified=certified,
    )


def authors_of(models: Mapping[str, str]) -> frozenset[str]:
    """Models that write at least part of an answer, of a run's models by role."""
    writing = (names for role, names in models.items() if role not in SILENT)
    return frozenset(name for names in writing for name in names.split(","))


def jury_identity(spec: RunSpec, problem: ProblemCard, roles: Mapping[str, RoleCard]) -> Identity:
    """What a certificate of this jury is bound to, but for what its servers will call its models."""
    jury = replace(spec, models={JUDGE: spec.models[JUDGE]})
    bound = bound_models(jury, roles, Wires())[JUDGE]
    return Identity(
        problem=problem.id,
        card=problem.sha256,
        models=tuple(model.name for model in bound),
        addresses=tuple(model.wire.endpoint for model in bound),
        sampling=dict(bound[0].sampling.given()),
        repeats=spec.judge_repeats,
        prompts=prompts_hash(problem, roles),
        ladder=ladder_hash(problem),
        gates=gates_hash(problem),
        rubric=compiled(problem).sha256,
    )


def calibration(spec: RunSpec, identity: Identity) -> str:
    """The command that calibrates the jury of `spec` as it is asked: with every setting its certificate is
    bound to, or kept by.
    """
    calls = spec.calls
    draws = calls.sampling[JUDGE].given() if JUDGE in calls.sampling else {}
    words = ["debate", "calibrate", spec.problem, "--model", f"judge={spec.models[JUDGE]}"]
    if spec.judge_repeats != REPEATS:
        words += ["--judge-repeats", str(spec.judge_repeats)]
    if calls.base_url:
        words += ["--base-url", identity.addresses[0]]  # user info and query are never shown
    for name, value in draws.items():
        words += ["--set", f"judge.{name}={value}"]
    if spec.transcripts is not None:
        words += ["--transcripts", str(spec.transcripts)]
    return shlex.join(words)


def judging_alone(spec: RunSpec) -> RunSpec:
    """`spec` with the models that judge alone: nobody else needs a key."""
    judging = {role: names for role, names in spec.models.items() if role in (JUDGE, EMBEDDINGS)}
    return replace(spec, models=judging)
