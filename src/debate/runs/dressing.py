"""Dressings: how the lenses of a panel are worn, for controls that ask what it is in a lens that helps.

    own        each by its own definition
    swapped    each by its name, with the definition of a lens that does not sit: is it what the lens says?
    none       each by its name alone

Who lends a definition follows from the ids, not from where anybody sits.
"""

import hashlib
import re
from collections.abc import Sequence
from dataclasses import replace

from debate.cards.lens import LensCard
from debate.errors import InputError
from debate.panel import Panel, Seat
from debate.runs.spec import Definitions

_TITLE = re.compile(r"\A\s*# .*\n?")


def dressed(panel: Panel, definitions: Definitions, library: Sequence[LensCard]) -> Panel:
    """The panel with its lenses as they are worn. Raises `InputError` where nobody is left to swap with."""
    if definitions == "own":
        return panel
    worn = sorted((seat.lens for seat in panel.seats if seat.lens), key=lambda lens: lens.id)
    lent: dict[str, LensCard | None] = dict.fromkeys(lens.id for lens in worn)
    if definitions == "swapped":
        lent |= _lent(worn, [lens for lens in library if lens.id not in lent])

    def seated(seat: Seat) -> Seat:
        return replace(seat, lens=_worn(seat.lens, lent[seat.lens.id])) if seat.lens else seat

    return replace(panel, seats=tuple(map(seated, panel.seats)))


def _lent(worn: Sequence[LensCard], others: Sequence[LensCard]) -> dict[str, LensCard]:
    """For each lens another one, no two the same."""
    if len(others) < len(worn):
        raise InputError(
            f"the library has {len(others)} lenses that do not sit, too few to swap {len(worn)} definitions"
        )
    lent: dict[str, LensCard] = {}
    for lens in worn:
        free = [other for other in others if other not in lent.values()]
        lent[lens.id] = min(free, key=lambda other: hashlib.sha256(f"{lens.id}:{other.id}".encode()).digest())
    return lent


def _worn(lens: LensCard, other: LensCard | None) -> LensCard:
    """`lens` with the definition of `other`, or with none."""
    text = "" if other is None else _TITLE.sub("", other.body).strip()
    return replace(lens, body=f"# {lens.name}\n\n{text}".strip() + "\n")
