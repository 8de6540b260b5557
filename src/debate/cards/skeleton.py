"""The skeleton of a lens card: every section and slot in place, with what belongs there said in its stead.

A card made from it is readable by the program from the first moment, so that each place can be tried as
soon as it is written; what has not been written yet still begins with `UNWRITTEN`, and `debate lenses
check` lists it.
"""

from debate.cards.moves import OPTIONAL_SLOTS, SLOTS
from debate.cards.writing import UNWRITTEN

_SAYS = {
    "suspect": "one sentence about the case that could be wrong",
    "because": "cause, what it works through, effect",
    "measure": "share of [now] that … (a quantity, as a noun phrase)",
    "test": "A short order: who is looked at, how many [cases], what is written down",
    "who": "who does it",
    "change": "A short order: what is changed beside what is there",
    "effect": "what the change is worth, with the arithmetic",
    "rival": "the best other explanation; then what one would see",
    "words": "word, word",
    "signals": "",
}
_FIXED = {
    "true if": "at least [gap share], else 50 %",
    "false if": "at most [half gap share], else 25 %",
    "days": "1",
    "build days": "3",
}
_MOVES = 3


def lens_skeleton(id_: str, name: str) -> str:
    """The text of an unwritten card."""
    moves = "\n\n".join(f"### {UNWRITTEN} move {number}\n\n{_slots()}" for number in range(1, _MOVES + 1))
    return f"""---
id: {id_}
name: {name}
family: {UNWRITTEN}
aliases: []
neighbours: []
opposites: []
---

# {name}

## Sees

{UNWRITTEN} What this way of looking makes visible, in a paragraph.

## Applies when

- {UNWRITTEN} what must be so in a case

## Misleads when

- {UNWRITTEN} when it leads astray; a lens that never does is no lens

## Questions

- {UNWRITTEN} what to ask

## Signals

- **{UNWRITTEN} name**: what it is; words: to-write

## Moves

{moves}

## Reads attempts

- any; {UNWRITTEN} why what was tried had to fall short, beginning with a verb

## Source

{UNWRITTEN} Author, *work* (year).
"""


def unwritten(text: str) -> list[int]:
    """Lines, from 1, on which something is still to be written."""
    return [number for number, line in enumerate(text.split("\n"), 1) if UNWRITTEN in line]


def _slots() -> str:
    lines = []
    for slot in SLOTS:
        if slot in OPTIONAL_SLOTS:
            continue
        says = _FIXED.get(slot) or f"{UNWRITTEN} {_SAYS[slot]}"
        lines.append(f"- **{slot[:1].upper()}{slot[1:]}:** {says}")
    return "\n".join(lines)
