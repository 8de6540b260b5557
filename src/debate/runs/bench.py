"""The bench of a run: the jury its spec names, and what a certificate of it is bound to."""

from collections.abc import Iterable, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Final

from debate.cards.lens import LensCard
from debate.cards.problem import ProblemCard
from debate.cards.role import RoleCard
from debate.choosing import ROLE as CHOOSER
from debate.judging.rubric import Rubric, compiled
from debate.jury.certificate import Identity, Shelf, identity_of
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

    def certified(rubric: Rubric) -> Certified:
        return Shelf(base).state_of(jury_identity(spec, problem, roles, rubric))

    return Bench(
        problem=problem,
        lenses=lenses,
        jurors=seated(door, roles, problem, spec.models[JUDGE], repeats=spec.judge_repeats),
        authors=frozenset(authors),
        certified=certified,
    )


def authors_of(models: Mapping[str, str]) -> frozenset[str]:
    """Models that write at least part of an answer, of a run's models by role."""
    writing = (names for role, names in models.items() if role not in SILENT)
    return frozenset(name for names in writing for name in names.split(","))


def jury_identity(
    spec: RunSpec, problem: ProblemCard, roles: Mapping[str, RoleCard], rubric: Rubric | None = None
) -> Identity:
    """What a certificate of this jury is bound to."""
    jury = replace(spec, models={JUDGE: spec.models[JUDGE]})
    bound = bound_models(jury, roles, Wires())[JUDGE]
    return identity_of(
        problem,
        rubric or compiled(problem),
        roles,
        [f"{model.name} at {model.wire.endpoint}" for model in bound],
        sampling=dict(bound[0].sampling.given()),
        repeats=spec.judge_repeats,
    )


def judging_alone(spec: RunSpec) -> RunSpec:
    """`spec` with the models that judge alone: nobody else needs a key."""
    judging = {role: names for role, names in spec.models.items() if role in (JUDGE, EMBEDDINGS)}
    return replace(spec, models=judging)
