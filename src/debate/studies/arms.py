"""Arms: from a design to the ways the debate is held on one problem.

A design over lenses asks what each lens of a panel is worth. Two games are told apart: in *replacement* a
neutral agent sits in the seat of a lens that is away (as many agents, calls and tokens: did the *lens* earn
its seat?), in *removal* the seat is gone (is a smaller team as good?). Leave-one-out credits a lens with what
is lost without it, add-one-in with what it brings alone; where lenses say the same the first says too little
and the second too much, so either design holds both.

The order in which lenses sit follows from seed and arm: a critic reads what comes first differently.
"""

import hashlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import combinations, product
from typing import Final

from debate.cards.problem import ProblemCard
from debate.errors import InputError, UnknownName
from debate.library import Library
from debate.panel import NOBODY, Panel, choose
from debate.studies.plan import Arm, ArmSettings, Game, Sample
from debate.studies.request import GAMES, NAMED, OVER_LENSES, StudyRequest, models_of
from debate.studies.sampled_shapley import DRAWS_PER_PLAYER, drawn_coalitions, estimator_name

FULL: Final = "full"
NO_LENS: Final = "no-lens"
PANEL: Final = "panel"
MOST_LENSES: Final = {"subsets": 8, "shapley": 16}
#: Up to here Shapley values are exact, from all sets of lenses; beyond, estimated from some that are drawn.
MOST_EXACT: Final = 6

OWN_ROLES: Final = "own"


@dataclass(frozen=True, slots=True)
class Base:
    """What arms of one problem start from: the panel's lenses in order of id, how many neutral seats it has
    beside them, and usual settings.
    """

    request: StudyRequest
    library: Library
    problem: ProblemCard
    lenses: tuple[str, ...]
    neutral: int
    settings: ArmSettings

    def panel(self, terms: str) -> Panel:
        """The panel that `terms` say for this problem."""
        asked = self.request
        return choose(terms, self.problem, self.library, seed=asked.seed, allow_adhoc=asked.allow_adhoc)

    def seated(self, lenses: Sequence[str], neutral: int, arm: str) -> ArmSettings:
        """The usual settings with these lenses and so many neutral agents, in the order of this arm."""
        seats = [*lenses, *(f"neutral-{n}" for n in range(1, neutral + 1))]
        order = sorted(
            seats, key=lambda seat: hashlib.sha256(f"{self.request.seed}:{arm}:{seat}".encode()).digest()
        )
        terms = ",".join(seat if seat in lenses else "none:1" for seat in order) or NOBODY
        return self.settings.model_copy(update={"lenses": terms})


def base_of(request: StudyRequest, problem: ProblemCard, library: Library) -> Base:
    """The start of a problem's arms. Raises `InputError` as a run with this panel would."""
    settings = ArmSettings(lenses=request.lenses, protocol=request.protocol, models=request.models)
    start = Base(request, library, problem, (), 0, settings)
    seats = start.panel(request.lenses).seats
    lenses = tuple(sorted(seat.lens.id for seat in seats if seat.lens))
    return replace(start, lenses=lenses, neutral=len(seats) - len(lenses))


def designed(base: Base) -> list[Arm]:
    """The arms of all designs; the first is what the others are held against."""
    request = base.request
    arms: list[Arm] = []
    over_lenses = [design for design in request.designs if design in OVER_LENSES]
    if over_lenses:
        arms.append(_full(base))
    for design in over_lenses:
        _refuse_turns(request, design)
        for game in GAMES[request.game]:
            arms += _over_lenses(design, game, base)
    varied = [design for design in request.designs if design in NAMED]
    if varied:
        named = list(_varied(base, varied))
        if len(varied) == 1:  # arms of two designs may both be the usual one
            _refuse_same(named, base)
        arms += named
    return distinct(arms)


def _refuse_same(named: Sequence[Arm], base: Base) -> None:
    """Raises `InputError` where two arms the user named ask the same: a comparison of them would be none."""
    kept = {arm.settings.model_dump_json(): arm.name for arm in reversed(named)}
    for arm in named:
        if (first := kept[arm.settings.model_dump_json()]) != arm.name:
            raise InputError(
                f"the arms {first} and {arm.name} are the same on {base.problem.id}, so there is nothing to "
                f"compare: give {arm.name} another value with --set, or leave it out"
            )


def distinct(arms: Sequence[Arm]) -> list[Arm]:
    """`arms` without those that ask again for what an earlier one asks."""
    known: dict[tuple[str, int, str | None], Arm] = {}
    for arm in arms:
        known.setdefault((arm.settings.model_dump_json(), arm.again, arm.matches), arm)
    return list(known.values())


def check_designs(request: StudyRequest) -> None:
    """Raises `InputError` for designs that are not there or have no arms."""
    known = (*OVER_LENSES, *NAMED)
    for design in request.designs:
        if design not in known:
            raise UnknownName("design", design, known, f"Designs are {', '.join(known)}")
        if design in NAMED and len(request.named.get(design, {})) < 2:
            example = {"sets": "known=high", "protocols": "alone=solo", "models": "small=ollama:ID"}
            raise InputError(
                f"--design {design} compares arms you name: give two or more, for instance "
                f"--set {example.get(design, 'blunt=critic=my-critic.md')}"
            )
    for design in request.named:
        if design not in request.designs:
            raise InputError(f"arms are given for {design}, but the design is {', '.join(request.designs)}")
    if request.factorial and len(request.designs) < 2:
        raise InputError("--factorial crosses two designs or more; give --design twice")
    if request.factorial and any(design in OVER_LENSES for design in request.designs):
        raise InputError(f"--factorial crosses {', '.join(NAMED)} with each other")


def _full(base: Base) -> Arm:
    return Arm(
        name=FULL,
        kind="full",
        settings=base.seated(base.lenses, base.neutral, FULL),
        coalition=base.lenses,
    )


def _over_lenses(design: str, game: Game, base: Base) -> Iterator[Arm]:
    lenses = base.lenses
    if len(lenses) < 2:
        raise InputError(
            f"{base.problem.path}: --design {design} needs two lenses or more on the panel, it has "
            f"{len(lenses)}; give --lenses"
        )
    most = MOST_LENSES.get(design)
    if most is not None and len(lenses) > most:
        raise InputError(
            f"{base.problem.path}: {len(lenses)} lenses make {2 ** len(lenses):,} panels; --design {design} "
            f"takes {most} lenses at most. Take fewer with --lenses, or --design leave-one-out"
        )
    if design == "shapley" and len(lenses) > MOST_EXACT:
        drawn = drawn_coalitions(lenses, seed=base.request.seed)
        yield from (_coalition(base, game, tuple(sorted(each))) for each in drawn if len(each) < len(lenses))
    elif design in ("subsets", "shapley"):
        sizes = range(len(lenses) - 1, -1, -1)
        yield from (_coalition(base, game, each) for size in sizes for each in combinations(lenses, size))
        return
    # Whatever the design, both ends of the bracket are there.
    yield from (_coalition(base, game, tuple(x for x in lenses if x != lens)) for lens in lenses)
    yield from (_coalition(base, game, (lens,)) for lens in lenses)
    yield _coalition(base, game, ())


def _coalition(base: Base, game: Game, sitting: tuple[str, ...]) -> Arm:
    """The arm in which only `sitting` of the panel's lenses sit."""
    away = [lens for lens in base.lenses if lens not in sitting]
    alone = sitting[0] if len(sitting) == 1 else None
    # With two lenses one of them alone is the other left out: it is both ends of the bracket at once.
    kind, lens, what = (
        ("only", alone, f"only {alone}")
        if alone
        else ("without", away[0], f"without {away[0]}")
        if len(away) == 1
        else ("coalition", None, " + ".join(sitting) or "nobody")
    )
    # The control of this name is a panel; by another protocol nobody's arm is something else.
    nobody_left = not sitting and game == "replacement" and base.settings.protocol == PANEL
    name = NO_LENS if nobody_left else f"{game}: {what}"
    neutral = base.neutral + (len(away) if game == "replacement" else 0)
    return Arm(
        name=name,
        kind=kind,
        settings=base.seated(sitting, neutral, name),
        game=game,
        lens=lens,
        coalition=sitting,
    )


def _varied(base: Base, designs: Sequence[str]) -> Iterator[Arm]:
    """Arms that differ in what the user named: in one factor each, or in all combinations."""
    named, usual = base.request.named, base.seated(base.lenses, base.neutral, FULL)
    if base.request.factorial:
        for combined in product(*(named[design].items() for design in designs)):
            settings = usual
            for design, (_, value) in zip(designs, combined, strict=True):
                settings = _with(settings, design, value, base)
            yield Arm(name=" × ".join(name for name, _ in combined), kind="varied", settings=settings)
        return
    for design in designs:
        for name, value in named[design].items():
            label = f"{design}: {name}" if len(designs) > 1 else name
            yield Arm(name=label, kind="varied", settings=_with(usual, design, value, base))


def _with(settings: ArmSettings, design: str, value: str, base: Base) -> ArmSettings:
    """`settings` with one factor changed."""
    if design == "sets":
        seats = base.panel(value).seats
        ids = sorted(seat.lens.id for seat in seats if seat.lens)
        seated = base.seated(ids, len(seats) - len(ids), ",".join(ids))
        return settings.model_copy(update={"lenses": seated.lenses})
    if design == "protocols":
        base.library.protocol(value)
        return settings.model_copy(update={"protocol": value})
    if design == "models":
        models = models_of(value, base.request.models, f"--set …={value}")
        return settings.model_copy(update={"models": models})
    role, equals, file = value.partition("=")
    if value == OWN_ROLES:
        return settings
    if not equals:
        raise InputError(
            f"--set …={value}: expected NAME=ROLE=FILE, for instance blunt=critic=my-critic.md, or "
            f"NAME={OWN_ROLES} for the role cards as they are"
        )
    return settings.model_copy(update={"roles": {**settings.roles, role.strip(): file.strip()}})


def _refuse_turns(request: StudyRequest, design: str) -> None:
    """Raises `InputError` where seats take turns with models: who leaves would change who asks whom."""
    turns = [role for role in ("lens-agent", "solo") if "," in request.models.get(role, "")]
    if turns:
        raise InputError(
            f"--design {design} varies lenses, and the models of {' and '.join(turns)} take turns by seat: "
            "two things would vary at once. Give one model a role, or use --design models"
        )


def sample_of(base: Base) -> Sample | None:
    """How the sets of lenses were drawn; None where nothing is drawn. Raises `InputError` without shapiq."""
    designs = base.request.designs
    if "shapley" not in designs or "subsets" in designs or len(base.lenses) <= MOST_EXACT:
        return None
    budget = DRAWS_PER_PLAYER * len(base.lenses)
    sets = drawn_coalitions(base.lenses, budget=budget, seed=base.request.seed)
    return Sample(method=estimator_name(), budget=budget, seed=base.request.seed, sets=len(sets))


def players(arms: Sequence[Arm], base: Base) -> tuple[str, ...]:
    """The lenses whose worth the arms ask for."""
    return base.lenses if any(arm.game for arm in arms) else ()
