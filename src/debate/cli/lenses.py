"""`debate lenses`: the lens cards."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from debate.cli import screen
from debate.cli.cards import Kind, check_cards, list_cards
from debate.cli.options import FilesArgument, JsonOption, LibraryOption

if TYPE_CHECKING:
    from debate.cards.lens import LensCard

app = typer.Typer(no_args_is_help=True)


def _parse(text: str, path: Path, origin: str) -> "LensCard":
    from debate.cards.lens import parse_lens  # noqa: PLC0415 - see debate.cli

    return parse_lens(text, path, origin)


KIND: "Kind[LensCard]" = Kind(
    noun="lens card",
    command="lenses",
    entries=lambda library: library.lenses(),
    named=lambda library, id_: library.lens(id_),
    parse=_parse,
    headers=("name", "family", "also called"),
    row=lambda card: (card.name, card.family, ", ".join(card.aliases)),
)


@app.command("list")
def list_lenses(library: LibraryOption = None, json: JsonOption = False) -> None:
    """List the lenses of the library."""
    list_cards(KIND, library, as_json=json)


@app.command()
def show(
    lens: Annotated[str, typer.Argument(metavar="LENS", help="Id, name or alias of a lens, or a card file.")],
    library: LibraryOption = None,
    json: JsonOption = False,
) -> None:
    """Show one lens: what it sees, when it misleads, its moves and how each would be proved wrong."""
    from debate.library import Library  # noqa: PLC0415 - see debate.cli

    card = KIND.load(Library.open(library), lens)
    if json:
        screen.document(card)
        return
    facts = {
        "id": card.id,
        "family": card.family,
        "also called": ", ".join(card.aliases),
        "neighbours": ", ".join(card.neighbours),
        "opposites": ", ".join(card.opposites),
    }
    screen.page(
        "\n".join(f"- {name}: {value}" for name, value in facts.items() if value) + f"\n\n{card.body}"
    )


@app.command()
def check(files: FilesArgument = None, library: LibraryOption = None, json: JsonOption = False) -> None:
    """List all that is wrong in the cards on stdout, as `file:line: message`; exit 2 if anything is."""
    check_cards(KIND, library, files, as_json=json)
