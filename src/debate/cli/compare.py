"""`debate compare`: two runs, or arms of studies, against each other."""

from typing import TYPE_CHECKING, Annotated, Any

import typer

from debate.cli import screen
from debate.cli.options import JsonOption, LibraryOption, TranscriptsOption

if TYPE_CHECKING:
    from debate.studies.pairing import Paired, Side, SideCard

_WHAT = (
    "A run, a study (its full panel), or STUDY:ARM. Ids may be shortened; last and last~1 are runs, "
    "last:ARM and last~1:ARM studies."
)


def compare(
    *,
    one: Annotated[str, typer.Argument(metavar="A", help=_WHAT)],
    other: Annotated[str, typer.Argument(metavar="B", help=_WHAT)],
    endpoint: Annotated[
        str,
        typer.Option(
            "--endpoint",
            metavar="NAME",
            help='Which score: headline, a criterion, jury or "jury: criterion".',
        ),
    ] = "headline",
    library: LibraryOption = None,
    transcripts: TranscriptsOption = None,
    json: JsonOption = False,
) -> None:
    """Compare the scores of B with those of A, card by card.

    The unit is the card, with its replicates averaged. Cards that only one side has, that were changed in
    between or have no score are named and left out. See also: debate transcripts diff, for what two runs say.

    Examples:

        debate compare last~1 last
        debate compare last:no-lens last:full
        debate compare last~1:full last:full
    """
    from debate.library import Library  # noqa: PLC0415 - see debate.cli
    from debate.studies.pairing import pair, side  # noqa: PLC0415 - loads LangGraph

    found = Library.open(library)
    paired = pair(
        side(one, endpoint, found, transcripts), side(other, endpoint, found, transcripts), endpoint
    )
    if json:
        screen.document(_document(paired))
        return
    screen.text(f"A = {paired.one.name}\nB = {paired.other.name}\n")
    screen.table(("card", "A", "B", "B - A"), [_row(paired, card) for card in _cards(paired)])
    screen.text(f"\n{paired.endpoint}: {paired.conclusion}")
    for card, why in paired.left_out.items():
        screen.say(f"{card} is left out: {why}", "yellow")
    for note in paired.notes:
        screen.say(f"note: {note}", "yellow")


def _cards(paired: "Paired") -> list[str]:
    return [*paired.differences, *paired.left_out]


def _row(paired: "Paired", card: str) -> tuple[str, ...]:
    difference = paired.differences.get(card)
    return (
        card,
        _score(paired.one.cards.get(card)),
        _score(paired.other.cards.get(card)),
        "–" if difference is None else f"{difference:+.2f}",
    )


def _score(card: "SideCard | None") -> str:
    if card is None or card.mean is None:
        return "–"
    scored = len(card.scores) - card.lost
    return f"{card.mean:.2f}" if len(card.scores) == 1 else f"{card.mean:.2f} (of {scored})"


def _document(paired: "Paired") -> dict[str, Any]:
    found = paired.estimate
    return {
        "schema": 1,
        "endpoint": paired.endpoint,
        "a": _side(paired.one),
        "b": _side(paired.other),
        "differences": paired.differences,
        "left_out": paired.left_out,
        "n": found.n,
        "mean": found.mean,
        "interval": found.interval,
        "p": found.p,
        "detectable": paired.detectable,
        "fewest_cards": paired.fewest,
        "conclusion": paired.conclusion,
        "notes": paired.notes,
    }


def _side(side: "Side") -> dict[str, Any]:
    cards = {
        name: {"mean": card.mean, "scores": card.scores, "runs": card.runs, "sha256": card.sha256}
        for name, card in side.cards.items()
    }
    return {"name": side.name, "models": dict(side.models), "cards": cards}
