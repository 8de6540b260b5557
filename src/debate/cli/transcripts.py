"""`debate transcripts`: what debates left behind."""

import re
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

import typer

from debate.cli import screen, transcripts_diff, transcripts_keep, transcripts_show
from debate.cli.opening import run_folders
from debate.cli.options import JsonOption, LibraryOption, TranscriptsOption
from debate.cli.transcripts_options import (
    LensFilter,
    ModelFilter,
    ProblemFilter,
    RunsLimit,
    ScoreFilter,
    SinceFilter,
    StatusFilter,
    StudyFilter,
    UntilFilter,
)
from debate.errors import InputError

if TYPE_CHECKING:
    from debate.run_index import Indexed, Page, Wanted

_LIMIT = 50
_WIDE, _NARROW = 150, 100  # columns of a terminal, below which a table leaves some out
_AGO = re.compile(r"(\d{1,99})\s*(m|h|d|w)", re.ASCII)
_UNITS = {"m": "minutes", "h": "hours", "d": "days", "w": "weeks"}

app = typer.Typer(no_args_is_help=True)
app.command("show")(transcripts_show.show)
app.command("diff")(transcripts_diff.diff)
app.command("search")(transcripts_diff.search)
app.command("export")(transcripts_keep.export)
app.command("rm")(transcripts_keep.rm)
app.command("reindex")(transcripts_keep.reindex)


@app.command("list")
def list_transcripts(
    *,
    problem: ProblemFilter = None,
    lens: LensFilter = None,
    model: ModelFilter = None,
    status: StatusFilter = None,
    study: StudyFilter = None,
    min_score: ScoreFilter = None,
    since: SinceFilter = None,
    until: UntilFilter = None,
    limit: RunsLimit = _LIMIT,
    library: LibraryOption = None,
    transcripts: TranscriptsOption = None,
    json: JsonOption = False,
) -> None:
    """List the runs, newest first, then the examples that come with the program.

    Of problem, lens, model and study a part of the name is enough. The list comes from an index beside the
    runs, which is brought up to date first.
    """
    from debate.run_index import Wanted, select  # noqa: PLC0415 - see debate.cli

    wanted = Wanted(
        problem=problem,
        lens=lens,
        model=model,
        status=_status(status),
        study=study,
        at_least=min_score,
        since=moment("--since", since) if since is not None else None,
        until=moment("--until", until, whole_day=True) if until is not None else None,
    )
    page = select(run_folders(library, transcripts), wanted, limit=limit or None)
    if json:
        screen.document({"total": page.total, "runs": [_entry(run) for run in page.rows]})
    else:
        _shown(page, wanted)


def moment(flag: str, text: str, *, whole_day: bool = False) -> datetime:
    """The time `text` stands for; of a day its beginning, or its end for a `whole_day`."""
    now = datetime.now(UTC)
    if ago := _AGO.fullmatch(text.strip()):
        try:
            return now - timedelta(**{_UNITS[ago[2]]: int(ago[1])})
        except OverflowError:
            return datetime.min.replace(tzinfo=UTC)
    try:
        found = datetime.fromisoformat(text.strip())
    except ValueError:
        raise InputError(
            f"{flag} {text!r}: expected a day (2026-11-20), a time (2026-11-20T14:30) "
            "or how long ago (12h, 7d)"
        ) from None
    if whole_day and len(text.strip()) <= len("2026-11-20"):
        found += timedelta(days=1, microseconds=-1)
    return found if found.tzinfo else found.replace(tzinfo=UTC)


def _status(status: str | None) -> str | None:
    from debate.run_glance import STATUSES  # noqa: PLC0415 - see debate.cli

    if status is None or status in STATUSES:
        return status
    raise InputError(f"--status {status!r}: expected one of {', '.join(STATUSES)}")


def _shown(page: "Page", wanted: "Wanted") -> None:
    from debate.run_index import Wanted  # noqa: PLC0415 - see debate.cli

    if page.rows:
        columns, rows = _table(page.rows)
        screen.table(columns, rows, right=("score", "baseline"))
    elif wanted == Wanted():
        screen.say("There are no runs yet. Make one with: debate run code_performance-stuck")
    else:
        screen.say("No run is like that. All runs: debate transcripts list")
    if len(page.rows) < page.total:
        screen.say(
            f"{len(page.rows)} of {page.total:,} runs, the newest; more with --limit N, all with 0", "dim"
        )


def _table(runs: "tuple[Indexed, ...]") -> tuple[tuple[str, ...], list[tuple[str, ...]]]:
    whole = ("run", "problem", "lenses", "models", "study", "status", "score", "baseline")
    left_out = set() if any(run.study for run in runs) else {"study"}
    # What the id says as well goes first, then what `show` says.
    left_out |= {"problem"} if screen.width() < _WIDE else set()
    left_out |= {"models", "study", "baseline"} if screen.width() < _NARROW else set()
    columns = tuple(column for column in whole if column not in left_out)
    rows = [_cells(run) for run in runs]
    return columns, [tuple(row[column] for column in columns) for row in rows]


def _cells(run: "Indexed") -> dict[str, str]:
    return {
        "run": run.id,
        "problem": run.problem,
        "lenses": ", ".join(run.terms.split(",")),
        "models": ", ".join(run.models),
        "study": run.study or "",
        "status": f"{run.status} (example)" if run.example else run.status,
        "score": _score(run.headline),
        "baseline": _score(run.baseline),
    }


def _score(value: float | None) -> str:
    return "–" if value is None else f"{value:.1f}"


def _entry(run: "Indexed") -> dict[str, Any]:
    return {
        "run": run.id,
        "path": str(run.path),
        "problem": run.problem,
        "terms": run.terms,
        "lenses": list(run.lenses),
        "models": list(run.models),
        "status": run.status,
        "headline": run.headline,
        "baseline": run.baseline,
        "study": run.study,
        "began": run.began.isoformat(),
        "example": run.example,
    }
