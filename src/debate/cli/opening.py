"""Opening runs by name: ids, parts of ids, `last`, `last~1`."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from debate.cli import screen

if TYPE_CHECKING:
    from debate.transcripts import Run

NAMES = "Id of a run, a part of it, or last, last~1, … (the one before)."

RunArgument = Annotated[str, typer.Argument(metavar="[RUN]", help=NAMES)]


def run_folders(library: Path | None, transcripts: Path | None) -> list[Path]:
    """Where runs are: first where own ones go, then the examples."""
    from debate.places import Places  # noqa: PLC0415 - see debate.cli

    return Places.of(library).runs(transcripts)


def opened(name: str, library: Path | None, transcripts: Path | None) -> "Run":
    """The run that is meant, with a word on what reading passed over. Raises `DebateError`."""
    from debate.transcripts import Run  # noqa: PLC0415 - see debate.cli

    run = Run.named(name, run_folders(library, transcripts))
    for note in run.notes:
        screen.say(note, "yellow")
    return run
