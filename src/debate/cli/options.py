"""Options that several commands share, so that each means the same everywhere."""

from pathlib import Path
from typing import Annotated

import typer

LibraryOption = Annotated[
    Path | None,
    typer.Option(
        "--library",
        metavar="DIR",
        envvar="DEBATE_LIBRARY",
        help="Folder with your own cards (problems/, lenses/, agents/); they come before the built-in ones.",
    ),
]

TranscriptsOption = Annotated[
    Path | None,
    typer.Option(
        "--transcripts",
        metavar="DIR",
        envvar="DEBATE_TRANSCRIPTS",
        help="Folder the runs are in. Default: transcripts/ of the working folder, else your data folder.",
    ),
]

# An empty metavar, here and at other flags: the help would show them as taking a value.
JsonOption = Annotated[bool, typer.Option("--json", metavar="", help="Print one JSON document on stdout.")]

FilesArgument = Annotated[
    list[str] | None,
    typer.Argument(metavar="[FILE|ID]…", help="Card files or ids; all cards of the library when left out."),
]
