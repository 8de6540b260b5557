"""`debate agents`: the role cards, which are the prompts of the debate."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from debate.cli import screen
from debate.cli.cards import Kind, check_cards, list_cards
from debate.cli.options import FilesArgument, JsonOption, LibraryOption

if TYPE_CHECKING:
    from debate.cards.role import RoleCard

app = typer.Typer(no_args_is_help=True)


def _parse(text: str, path: Path, origin: str) -> "RoleCard":
    from debate.cards.role import parse_role  # noqa: PLC0415 - see debate.cli

    return parse_role(text, path, origin)


KIND: "Kind[RoleCard]" = Kind(
    noun="role card",
    command="agents",
    entries=lambda library: library.roles(),
    named=lambda library, id_: library.role(id_),
    parse=_parse,
    headers=("title", "variables"),
    row=lambda card: (card.title, ", ".join(card.variables)),
)


@app.command("list")
def list_agents(library: LibraryOption = None, json: JsonOption = False) -> None:
    """List the roles of a debate."""
    list_cards(KIND, library, as_json=json)


@app.command()
def show(
    agent: Annotated[str, typer.Argument(metavar="AGENT", help="Id of a role, or a card file.")],
    library: LibraryOption = None,
    json: JsonOption = False,
) -> None:
    """Show one role's prompt as it is written, with its placeholders."""
    from debate.library import Library  # noqa: PLC0415 - see debate.cli

    card = KIND.load(Library.open(library), agent)
    if json:
        screen.document(card)
    else:
        screen.text(f"# {card.title}\n\n{card.body}")


@app.command()
def check(files: FilesArgument = None, library: LibraryOption = None, json: JsonOption = False) -> None:
    """List all that is wrong in the cards on stdout, as `file:line: message`; exit 2 if anything is."""
    check_cards(KIND, library, files, as_json=json)
