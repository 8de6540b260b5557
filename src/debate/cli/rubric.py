"""`debate rubric`: what answers to a problem are judged by."""

from typing import Annotated

import typer

from debate.cli import screen
from debate.cli.options import JsonOption, LibraryOption
from debate.sanitize import markdown_line

app = typer.Typer(no_args_is_help=True)


@app.callback()
def _group() -> None:
    """What answers are judged by."""


@app.command()
def show(
    problem: Annotated[str, typer.Argument(metavar="PROBLEM", help="Id of a problem, or a card file.")],
    library: LibraryOption = None,
    json: JsonOption = False,
) -> None:
    """Show the locked rubric of a problem: criteria, bands, items, and the hash that stands in every
    verdict.
    """
    from dataclasses import asdict  # noqa: PLC0415 - see debate.cli

    from debate.judging.rubric import compiled  # noqa: PLC0415 - see debate.cli
    from debate.library import Library  # noqa: PLC0415 - see debate.cli

    rubric = compiled(Library.open(library).problem(problem))
    if json:
        screen.document(asdict(rubric))
        return
    blocks = [f"# Rubric `{rubric.sha256[:12]}`"]
    for criterion in rubric.criteria:
        bands = (("0-3", criterion.low), ("4-6", criterion.middle), ("7-10", criterion.high))
        lines = [f"## {markdown_line(criterion.name)}"]
        lines.append("\n".join(f"- {name}: {markdown_line(text)}" for name, text in bands if text))
        if criterion.examples:
            lines.append("Rated by the author: " + "; ".join(map(markdown_line, criterion.examples)))
        items = "\n".join(f"{n}. {markdown_line(item.asks)}" for n, item in enumerate(criterion.items, 1))
        blocks += [*lines, items]
    screen.page("\n\n".join(blocks))
