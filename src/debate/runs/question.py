"""The question of a run: what the user's words stand for, read and checked before anything is written."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from debate.cards.markdown import read_text
from debate.cards.problem import ProblemCard
from debate.cards.role import GIVEN, RoleCard, parse_role
from debate.errors import InputError
from debate.events import Recorder
from debate.judging.certified import certified, foreign_answer
from debate.judging.checks import judge
from debate.jury.trial import Bench, try_answer
from debate.library import Library
from debate.models.roles import JUDGE
from debate.models.wires import Wires
from debate.panel import Panel, choose
from debate.runs.bench import authors_of, jury_of
from debate.runs.desk import bound_models, roles_of
from debate.runs.dressing import dressed
from debate.runs.protocol import load_protocol
from debate.runs.record import located
from debate.runs.spec import RunSpec
from debate.state import Context, DebateInput
from debate.turns import Door


@dataclass(frozen=True, slots=True)
class Question:
    """What is asked. `base` is the folder runs go to, `endpoints` has the address of each model that has one;
    `notes` say what the user should know of the choices made; `foreign` is an answer to another problem,
    which the judge by rule is tried on.
    """

    spec: RunSpec
    problem: ProblemCard
    panel: Panel
    roles: Mapping[str, RoleCard]
    protocol: Path
    graph: Any
    base: Path
    endpoints: Mapping[str, str]
    notes: tuple[str, ...]
    foreign: str

    def context(self, door: Door, recorder: Recorder) -> Context:
        """What the nodes of a debate on it reach for."""
        lenses = [seat.lens for seat in self.panel.seats if seat.lens]
        bench = self.bench(door)
        return Context(
            problem=self.problem,
            seats={seat.id: seat for seat in self.panel.seats},
            roles=self.roles,
            door=door,
            recorder=recorder,
            judge=lambda answer: judge(self.problem, answer, lenses).model_copy(
                update={"certificate": certified(self.problem, self.foreign)}
            ),
            jury=None if bench is None else lambda answer: try_answer(bench, answer),
            seed=self.spec.seed,
            sample=self.spec.sample,
        )

    def bench(self, door: Door) -> Bench | None:
        """The jury of the run, None when no model judges."""
        if JUDGE not in self.spec.models:
            return None
        lenses = tuple(seat.lens for seat in self.panel.seats if seat.lens)
        authors = authors_of(self.spec.models)
        return jury_of(
            self.spec, door, self.roles, self.problem, lenses=lenses, base=self.base, authors=authors
        )

    @property
    def given(self) -> DebateInput:
        """What its graph starts with."""
        return DebateInput(seats=[seat.id for seat in self.panel.seats])


def read_question(spec: RunSpec, library: Library) -> Question:
    """The question that `spec` asks. Raises `InputError`."""
    spec = located(spec, library)
    problem = library.problem(spec.problem)
    panel = choose(spec.lenses, problem, library, seed=spec.seed, allow_adhoc=spec.allow_adhoc)
    if spec.definitions != "own":
        cards = [entry.card for entry in library.lenses() if entry.card and not entry.card.is_placebo]
        panel = dressed(panel, spec.definitions, cards)
    roles = roles_of(library) | _given_roles(spec)
    models = bound_models(spec, roles, Wires())
    protocol = library.protocol(spec.protocol)
    wires = (model.wire for bound in models.values() for model in bound)
    return Question(
        spec=spec,
        problem=problem,
        panel=panel,
        roles=roles,
        protocol=protocol,
        graph=load_protocol(protocol),
        base=library.transcripts_dir(spec.transcripts),
        endpoints={wire.name: wire.endpoint for wire in wires if "://" in wire.endpoint},
        notes=(*panel.notes, *_shadows(library, problem, panel)),
        foreign=foreign_answer(problem, (entry.card for entry in library.problems() if entry.card)),
    )


def _given_roles(spec: RunSpec) -> dict[str, RoleCard]:
    """The role cards given as files, by the role they stand for."""
    cards = {role: parse_role(read_text(Path(path)), Path(path), "file") for role, path in spec.roles.items()}
    for role, card in cards.items():
        if set(card.variables) != GIVEN.get(role, frozenset()):
            needs = ", ".join(sorted(GIVEN.get(role, ()))) or "none: no role of that name is given any"
            raise InputError(f"{card.path} cannot stand for the role {role!r}: its variables must be {needs}")
    return cards


def _shadows(library: Library, problem: ProblemCard, panel: Panel) -> list[str]:
    """A sentence for each card of this run that hides another of its id. Every role card is of the run."""
    if len(library.roots) == 1:
        return []  # nothing to hide; and finding that out would mean reading every card
    used = {problem.path, *(seat.lens.path for seat in panel.seats if seat.lens)}
    hides = [(entry.path, entry.shadows) for entry in library.roles()]
    hides += [(entry.path, entry.shadows) for entry in library.problems() if entry.path in used]
    hides += [(entry.path, entry.shadows) for entry in library.lenses() if entry.path in used]
    return [f"{path} is used in place of {hidden}" for path, hidden in hides if hidden]
