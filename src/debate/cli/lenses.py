"""`debate lenses`: the lens cards."""

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from debate.cli import screen
from debate.cli.cards import Findings, Kind, check_cards, list_cards
from debate.cli.lens_graph import GraphFormat, drawn
from debate.cli.options import (
    BaseUrlOption,
    FilesArgument,
    JsonOption,
    LibraryOption,
    ModelOption,
    TranscriptsOption,
)
from debate.cli.spec import run_spec
from debate.errors import InputError, UnknownName

if TYPE_CHECKING:
    from debate.cards.lens import LensCard
    from debate.library import Library

app = typer.Typer(no_args_is_help=True)


def _parse(text: str, path: Path, origin: str) -> "LensCard":
    from debate.cards.lens import parse_lens  # noqa: PLC0415 - see debate.cli

    return parse_lens(text, path, origin)


def _look(library: "Library", cards: "Sequence[LensCard]") -> Findings:
    from debate.cli.lens_findings import look  # noqa: PLC0415 - see debate.cli

    return look(library, cards)


KIND: "Kind[LensCard]" = Kind(
    noun="lens card",
    command="lenses",
    entries=lambda library: library.lenses(),
    named=lambda library, id_: library.lens(id_),
    parse=_parse,
    headers=("name", "family", "also called"),
    row=lambda card: (card.name, card.family, ", ".join(card.aliases)),
    look=_look,
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


@app.command()
def suggest(
    *,
    problem: Annotated[str, typer.Argument(metavar="PROBLEM", help="Id of a problem, or a card file.")],
    count: Annotated[int, typer.Option("--count", "-n", metavar="N", min=1, help="How many lenses.")] = 4,
    model: ModelOption = None,
    base_url: BaseUrlOption = None,
    transcripts: TranscriptsOption = None,
    library: LibraryOption = None,
    json: JsonOption = False,
) -> None:
    """Say which lenses fit a problem, and why: by rule, or by a model when one is set.

    The rule holds each lens's signals and words against the facts of the card; a model reads the card and
    what each lens sees. Neither sees which lenses the card's author expects. `debate run PROBLEM --lenses
    auto` seats the same.

    Examples:

        debate lenses suggest code_performance-stuck
        debate lenses suggest my-problem.md --model ollama:ID -n 6
    """
    given = {"model": model, "base_url": base_url, "transcripts": transcripts, "library": library}
    spec = run_spec({name: value for name, value in given.items() if value}, problem=problem)
    import asyncio  # noqa: PLC0415 - see debate.cli

    from debate.library import Library  # noqa: PLC0415 - see debate.cli
    from debate.runs.choice import suggest as suggested  # noqa: PLC0415 - loads LangGraph

    found = asyncio.run(suggested(spec, Library.open(library), count))
    if json:
        screen.document(
            [
                {"lens": each.lens.id, "because": each.because, "facts": each.facts, "score": each.score}
                for each in found
            ]
        )
        return
    rows = [
        (
            each.lens.id,
            "" if each.score is None else f"{each.score:.2f}",
            ", ".join(each.facts[:6]) + ", …" * (len(each.facts) > 6),
            each.because,
        )
        for each in found
    ]
    screen.table(("lens", "fit", "facts", "because"), rows)
    if found:
        ids = ",".join(each.lens.id for each in found)
        screen.say(f"Seat them: debate run {problem} --lenses {ids}")


@app.command()
def graph(
    form: Annotated[
        GraphFormat, typer.Option("--format", help="As text, or as a drawing for Mermaid or Graphviz.")
    ] = GraphFormat.TEXT,
    library: LibraryOption = None,
) -> None:
    """Draw which lenses lie beside each other and which look the other way."""
    from debate.library import Library  # noqa: PLC0415 - see debate.cli

    screen.text(drawn([entry.card for entry in Library.open(library).lenses() if entry.card], form))


@app.command()
def new(
    name: Annotated[
        str, typer.Argument(metavar="NAME", help="What people call it, such as 'Queue Discipline'.")
    ],
    library: LibraryOption = None,
) -> None:
    """Write the skeleton of a lens card into your library: every section in place, saying what belongs there.

    `debate lenses check` then lists, line by line, what is still to be written.
    """
    from debate.cards.lens import adhoc_id  # noqa: PLC0415 - see debate.cli
    from debate.cards.skeleton import lens_skeleton  # noqa: PLC0415 - see debate.cli
    from debate.library import Library  # noqa: PLC0415 - see debate.cli
    from debate.places import LENSES  # noqa: PLC0415 - see debate.cli

    found = Library.open(library)
    folder = library or found.workspace
    if folder is None:
        raise InputError(
            "no library of your own here: make one with `touch debate.toml`, or give --library DIR"
        )
    try:
        known = found.lens(name)
    except UnknownName:
        id_ = adhoc_id(name)
    else:
        raise InputError(f"{name!r} is {known.id} already ({known.path}); see: debate lenses show {known.id}")
    path = folder / LENSES / f"{id_}.md"
    try:
        path.parent.mkdir(exist_ok=True)
        with path.open("x", encoding="utf-8") as file:
            file.write(lens_skeleton(id_, " ".join(name.split())))
    except FileExistsError as error:
        raise InputError(f"{path} exists already; nothing was written") from error
    except OSError as error:
        raise InputError(f"cannot write {path}: {error.strerror}") from error
    screen.line(str(path))
    screen.say(f"Write it, then: debate lenses check {path}")
