"""`debate transcripts`: what debates left behind."""

from typing import TYPE_CHECKING, Annotated, Any

import typer

from debate.cli import screen
from debate.cli.options import JsonOption, LibraryOption, TranscriptsOption
from debate.errors import TranscriptError, UnknownName

if TYPE_CHECKING:
    from debate.transcripts import Listed, Run

app = typer.Typer(no_args_is_help=True)


@app.command("list")
def list_transcripts(
    library: LibraryOption = None, transcripts: TranscriptsOption = None, json: JsonOption = False
) -> None:
    """List the runs, newest first, then the examples that come with the program."""
    from debate.library import Library  # noqa: PLC0415 - see debate.cli
    from debate.transcripts import known_runs  # noqa: PLC0415 - see debate.cli

    runs = known_runs(Library.open(library), transcripts)
    if json:
        screen.document([_summary(run) for run in runs])
    else:
        if not runs:
            screen.say("There are no runs yet. Make one with: debate run code_performance-stuck")
        headers = ("run", "problem", "lenses", "status", "score", "baseline")
        screen.table(headers, [_row(run) for run in runs])


@app.command()
def show(
    *,
    run: Annotated[
        str,
        typer.Argument(
            metavar="[RUN]", help="Id of a run, a part of it, or last, last~1, … (the one before)."
        ),
    ] = "last",
    seat: Annotated[
        str | None,
        typer.Option("--seat", metavar="ID", help="Only what this seat said, for instance pace-layering."),
    ] = None,
    prompts: Annotated[
        bool,
        typer.Option(
            "--prompts", metavar="", help="Every prompt and reply in full; with --seat those of one seat."
        ),
    ] = False,
    library: LibraryOption = None,
    transcripts: TranscriptsOption = None,
    json: JsonOption = False,
) -> None:
    """Show a run, by default the last: the case, what each seat said, plan, answer and verdict."""
    from debate.events import seat_of  # noqa: PLC0415 - see debate.cli
    from debate.library import Library  # noqa: PLC0415 - see debate.cli
    from debate.transcript_page import prompts_markdown, seat_markdown  # noqa: PLC0415 - see debate.cli
    from debate.transcripts import Run, find_run, known_runs  # noqa: PLC0415 - see debate.cli

    found = find_run(run, known_runs(Library.open(library), transcripts))
    if found.broken:
        raise TranscriptError(found.broken)
    loaded = Run.load(found.path)
    seats = list(dict.fromkeys(name for event in loaded.events if (name := seat_of(event))))
    if seat is not None and seat not in seats:
        raise UnknownName("seat", seat, seats, f"Seats of this run: {', '.join(seats) or 'none'}")
    if json:
        screen.document(_document(loaded, seat))
    elif prompts:
        screen.text(prompts_markdown(loaded, seat))
    elif seat is not None:
        screen.page(seat_markdown(loaded, seat))
    else:
        screen.page(_page(loaded))
    for note in loaded.notes:
        screen.say(note, "yellow")


def _row(run: "Listed") -> tuple[str, ...]:
    from debate.transcript_page import score_text  # noqa: PLC0415 - see debate.cli

    status = f"{run.status} (example)" if run.example else run.status
    if run.manifest is None:
        return (run.id, "", "", status, "", "")
    result = run.manifest.result
    scores = (score_text(result.headline), score_text(result.baseline)) if result else ("–", "–")
    return (run.id, run.manifest.problem.id, run.manifest.terms, status, *scores)


def _summary(run: "Listed") -> dict[str, Any]:
    manifest = run.manifest.model_dump(mode="json", by_alias=True) if run.manifest else None
    return {
        "run": run.id,
        "status": run.status,
        "example": run.example,
        "path": str(run.path),
        "broken": run.broken,
        "manifest": manifest,
    }


def _document(run: "Run", seat: str | None) -> dict[str, Any]:
    """The whole run as one document; with `seat` only that seat's events."""
    from debate.events import seat_of  # noqa: PLC0415 - see debate.cli

    events = [event for event in run.events if seat is None or seat_of(event) == seat]
    return {
        "manifest": run.manifest.model_dump(mode="json", by_alias=True),
        "events": [event.model_dump(mode="json") for event in events],
        "notes": list(run.notes),
        "path": str(run.path),
    }


def _page(run: "Run") -> str:
    """The page as it was written; a run that was killed has none and gets one from what it left."""
    from debate.transcript_page import transcript_markdown  # noqa: PLC0415 - see debate.cli
    from debate.transcripts import TRANSCRIPT  # noqa: PLC0415 - see debate.cli

    try:
        return (run.path / TRANSCRIPT).read_text(encoding="utf-8")
    except FileNotFoundError:
        return transcript_markdown(run)
    except (OSError, ValueError) as error:
        raise TranscriptError(f"cannot read {run.path / TRANSCRIPT}: {error}") from error
