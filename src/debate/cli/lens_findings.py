"""What `debate lenses check` says of cards that can be read, beside the rest of the library."""

from collections.abc import Sequence
from pathlib import Path

from debate.cards.lens import LensCard
from debate.cards.markdown import read_text
from debate.cards.overlap import twins
from debate.cards.skeleton import unwritten
from debate.cli.cards import Findings
from debate.cli.lens_graph import dangling
from debate.errors import CardError, Fault
from debate.library import Library


def look(library: Library, cards: Sequence[LensCard]) -> Findings:
    """Names two cards claim, cards that say what another says, places still to be written, ids nobody has."""
    looked_at = {card.path for card in cards}
    shelf = [entry.card for entry in library.lenses() if entry.card]
    every = [
        *cards,
        *(card for card in shelf if card.path not in looked_at and card.id not in {c.id for c in cards}),
    ]
    errors = [error for error in library.disputes() if Path(error.path) in looked_at]
    notes = [
        (lens.path, Fault(1, f"{id_!r} is no lens of the library"))
        for lens, id_ in dangling(every)
        if lens.path in looked_at
    ]
    for card in cards:
        if lines := unwritten(read_text(card.path)):
            errors.append(CardError(card.path, [Fault(line, "still to be written") for line in lines]))
    for pair in twins(every):
        one, other = pair.one, pair.other
        if not looked_at & {one.path, other.path}:
            continue
        if pair.same_lens:
            what = f"its moves say what those of {other.id} ({other.path}) say: two such cards are one lens"
            errors.append(CardError(one.path, [Fault(pair.moves[0][0].line, what)]))
        else:
            notes += [
                (
                    one.path,
                    Fault(move.line, f"the move {move.name!r} says what {theirs.name!r} of {other.id} says"),
                )
                for move, theirs in pair.moves
            ]
    return Findings(tuple(errors), tuple(notes))
