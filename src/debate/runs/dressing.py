"""Dressings: how the lenses of a panel are worn, for controls that ask what it is in a lens that helps.

    own        each by its own definition
    swapped    each by the definition of another lens of the panel: names without what they mean
    none       each by its name alone

Swapping goes around in order of id, so that a lens wears the same definition wherever it sits.
"""

import re
from dataclasses import replace

from debate.cards.lens import LensCard
from debate.errors import InputError
from debate.panel import Panel
from debate.runs.spec import Definitions

_TITLE = re.compile(r"\A\s*# .*\n?")


def dressed(panel: Panel, definitions: Definitions) -> Panel:
    """The panel with its lenses as they are worn. Raises `InputError` where there is nothing to swap."""
    lenses = sorted((seat.lens for seat in panel.seats if seat.lens), key=lambda lens: lens.id)
    if definitions == "own":
        return panel
    if definitions == "swapped" and len(lenses) < 2:
        raise InputError("definitions can be swapped where two or more lenses sit")
    around = dict(zip((lens.id for lens in lenses), [*lenses[1:], *lenses[:1]], strict=True))
    return replace(
        panel,
        seats=tuple(
            seat
            if seat.lens is None
            else replace(
                seat, lens=_worn(seat.lens, around[seat.lens.id] if definitions == "swapped" else None)
            )
            for seat in panel.seats
        ),
    )


def _worn(lens: LensCard, other: LensCard | None) -> LensCard:
    """`lens` with the definition of `other`, or with none."""
    text = "" if other is None else _TITLE.sub("", other.body).strip()
    return replace(lens, body=f"# {lens.name}\n\n{text}".strip() + "\n")
