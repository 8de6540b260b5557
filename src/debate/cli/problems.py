"""`debate problems`: the problem cards."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from debate.cli import screen
from debate.cli.cards import Findings, Kind, check_cards, list_cards
from debate.cli.options import FilesArgument, JsonOption, LibraryOption
from debate.sanitize import markdown_line

if TYPE_CHECKING:
    from debate.cards.problem import Pattern, ProblemCard, Rating

app = typer.Typer(no_args_is_help=True)


def _parse(text: str, path: Path, origin: str) -> "ProblemCard":
    from debate.cards.problem import parse_problem  # noqa: PLC0415 - see debate.cli

    return parse_problem(text, path, origin)


KIND: "Kind[ProblemCard]" = Kind(
    noun="problem card",
    command="problems",
    entries=lambda library: library.problems(),
    named=lambda library, id_: library.problem(id_),
    parse=_parse,
    headers=("domain", "title"),
    row=lambda card: (card.domain, card.title),
    look=lambda _, cards: Findings(
        notes=tuple((card.path, note) for card in cards for note in card.warnings)
    ),
)


@app.command("list")
def list_problems(library: LibraryOption = None, json: JsonOption = False) -> None:
    """List the problem cards of the library."""
    list_cards(KIND, library, as_json=json)


@app.command()
def show(
    problem: Annotated[str, typer.Argument(metavar="PROBLEM", help="Id of a problem, or a card file.")],
    library: LibraryOption = None,
    json: JsonOption = False,
) -> None:
    """Show one card: the numbered facts agents cite, what follows from them, what only the judge sees."""
    from debate.library import Library  # noqa: PLC0415 - see debate.cli

    card = KIND.load(Library.open(library), problem)
    if json:
        screen.document(card)
    else:
        screen.page(problem_markdown(card))


@app.command()
def check(files: FilesArgument = None, library: LibraryOption = None, json: JsonOption = False) -> None:
    """List all that is wrong in the cards on stdout, as `file:line: message`; exit 2 if anything is."""
    check_cards(KIND, library, files, as_json=json)


def problem_markdown(card: "ProblemCard") -> str:
    """The card as read: first what agents see, then what they never see."""
    from debate.transcript_page import KINDS, fenced  # noqa: PLC0415 - see debate.cli

    blocks = [f"# {markdown_line(card.title)}", f"`{card.id}`, domain {markdown_line(card.domain)}"]
    for kind, heading in KINDS.items():
        if facts := card.of(kind):
            blocks += [
                f"## {heading}",
                "\n".join(f"- `{fact.id}` {markdown_line(fact.text)}" for fact in facts),
            ]
    if card.readings:
        lines = (f"- `{r.id}` {markdown_line(r.text)} (from {', '.join(r.cites)})" for r in card.readings)
        blocks += ["## Readings, computed from the facts", "\n".join(lines)]
    if card.question:
        blocks += ["## The owner asks", fenced(card.question)]
    blocks += ["## For the judge alone: agents never see what follows"]
    if card.relevance:
        lines = (
            f"- {r.level}: {markdown_line(r.lens)} – {markdown_line(r.gloss)}".rstrip("– ")
            for r in card.relevance
        )
        blocks += ["### Lenses the author expects to help", "\n".join(lines)]
    blocks += [
        *_pattern("The answer everybody gives", card.baseline),
        *_pattern("A better answer", card.target),
    ]
    head = "| criterion | 0-3 | 4-6 | 7-10 |\n|---|---|---|---|"
    rows = ("| " + " | ".join(map(_cell, (r.criterion, r.low, r.middle, r.high))) + " |" for r in card.rubric)
    blocks += ["### Rubric", "\n".join([head, *rows])]
    return "\n\n".join(block for block in blocks if block) + "\n"


def _pattern(heading: str, pattern: "Pattern") -> list[str]:
    from debate.transcript_page import fenced  # noqa: PLC0415 - see debate.cli

    ratings = (
        f"- {markdown_line(r.criterion)}: {_range(r)}/10 {markdown_line(r.note)}" for r in pattern.ratings
    )
    return [f"### {heading}", fenced(pattern.text), "\n".join(ratings)]


def _range(rating: "Rating") -> str:
    return f"{rating.low:g}" if rating.low == rating.high else f"{rating.low:g}-{rating.high:g}"


def _cell(text: str) -> str:
    return markdown_line(text).replace("|", "\\|")
