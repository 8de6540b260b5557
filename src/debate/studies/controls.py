"""Controls: arms that say what, of what a panel brings, its lenses bring.

single-call    one agent without a lens, asked once: the floor
single-agent   one agent that is given all lens texts: is the panel needed?
token-matched  agents without a lens, as many as use the tokens of the full panel: is it the tokens?
no-lens        as many agents, none with a lens: is it the number?
placebo        as many lenses that have no bearing on any case: is it any lens? Where the library has fewer
               placebos than the panel has lenses, `low-relevance` stands in, and the plan's note says so
low-relevance  as many lenses that other cards call of low relevance: is it any *good* lens?
swapped        each lens by the definition of one that does not sit: is it what the lens says?
name-only      each lens by its name alone: is it the name?
a/a            the full panel once more with other samples: what differs for no reason
"""

import hashlib
from typing import Final

from debate.errors import InputError, UnknownName
from debate.library import Library
from debate.studies.arms import FULL, NO_LENS, PANEL, Base
from debate.studies.plan import Arm, ArmSettings
from debate.studies.request import CONTROLS

SOLO: Final = "solo"
MATCHED: Final = "token-matched"
AGAIN: Final = "a/a"
PLACEBO: Final = "placebo"
LOW_RELEVANCE: Final = "low-relevance"


def controls(reference: Arm, base: Base) -> tuple[list[Arm], list[str]]:
    """The arms of the controls, and a sentence for each that this panel cannot have.

    `no-lens` comes along with `token-matched`, which is measured by it.
    """
    wanted = list(base.request.controls)
    for name in wanted:
        if name not in CONTROLS:
            raise UnknownName("control", name, CONTROLS, f"Controls are {', '.join(CONTROLS)}")
    if MATCHED in wanted and NO_LENS not in wanted:
        wanted.append(NO_LENS)
    arms, notes = [], []
    for name in sorted(wanted, key=CONTROLS.index):
        made = _control(name, reference, base)
        if isinstance(made, str):
            notes.append(f"{base.problem.id}: no control {name}: {made}")
            continue
        arms.append(made)
        if name == PLACEBO:
            notes.append(_told(made, base))
    return arms, notes


def _control(name: str, reference: Arm, base: Base) -> Arm | str:
    usual = reference.settings
    lenses, seats = base.lenses, len(base.lenses) + base.neutral
    if name == AGAIN:
        return _arm(name, usual, again=1)
    if name == "single-call":
        return _arm(name, usual.model_copy(update={"lenses": "none:1", "protocol": SOLO}))
    if name in (NO_LENS, MATCHED):
        settings = base.seated((), seats, name).model_copy(update={"protocol": PANEL})
        return _arm(name, settings, matches=reference.name if name == MATCHED else None)
    if not lenses:
        return "nobody on the panel has a lens"
    if name == "single-agent":
        return _arm(name, usual.model_copy(update={"protocol": SOLO}))
    if name in (PLACEBO, LOW_RELEVANCE):
        found = (idle_lenses(base) if name == PLACEBO else []) or low_lenses(base)
        return (
            _arm(name, base.seated(found, base.neutral, FULL)) if found else "the library has too few lenses"
        )
    if name == "swapped":
        if not low_lenses(base):
            return "the library has too few lenses"
        return _arm(name, usual.model_copy(update={"definitions": "swapped"}))
    return _arm(name, usual.model_copy(update={"definitions": "none"}))


def _arm(name: str, settings: ArmSettings, *, again: int = 0, matches: str | None = None) -> Arm:
    return Arm(name=name, kind="control", settings=settings, again=again, matches=matches)


def _told(placebo: Arm, base: Base) -> str:
    """Which lenses the control placebo seats, and why those."""
    seated = [term for term in placebo.settings.lenses.split(",") if not term.startswith("none:")]
    kind = (
        "placebos, which have no bearing on any case"
        if idle_lenses(base)
        else f"lenses of low relevance, because the library has too few placebos for {len(base.lenses)} seats"
    )
    return f"{base.problem.id}: the control placebo seats {kind}: {', '.join(sorted(seated))}"


def idle_lenses(base: Base) -> list[str]:
    """As many placebos as the panel has lenses, drawn by seed. Empty where the library has too few."""
    pool = [
        entry.id
        for entry in base.library.lenses()
        if entry.card and entry.card.is_placebo and entry.id not in base.lenses
    ]
    return _as_many(sorted(pool, key=lambda id_: _draw(id_, base)), base)


def low_lenses(base: Base) -> list[str]:
    """As many lenses as the panel has: drawn by seed from those that other cards call of low relevance and
    this card does not name, then from the rest it does not name. Empty where there are too few.
    """
    library = base.library
    own = {*base.lenses, *(_id(library, each.lens) for each in base.problem.relevance)}
    low = {
        _id(library, each.lens)
        for entry in library.problems()
        if entry.card and entry.card.id != base.problem.id
        for each in entry.card.relevance
        if each.level == "low"
    }
    pool = [
        entry.id
        for entry in library.lenses()
        if entry.card and not entry.card.is_placebo and entry.id not in own
    ]
    return _as_many(sorted(pool, key=lambda id_: (id_ not in low, _draw(id_, base))), base)


def _as_many(drawn: list[str], base: Base) -> list[str]:
    return drawn[: len(base.lenses)] if len(drawn) >= len(base.lenses) else []


def _draw(id_: str, base: Base) -> bytes:
    return hashlib.sha256(f"{base.request.seed}:placebo:{base.problem.id}:{id_}".encode()).digest()


def _id(library: Library, name: str) -> str:
    """The id of the lens a card names; the name where the library lacks it."""
    try:
        return library.lens(name).id
    except InputError:
        return name
