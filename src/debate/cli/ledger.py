"""`debate ledger`: the file that remembers every call."""

import sys
from dataclasses import asdict
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from debate.cli import screen
from debate.cli.options import JsonOption, LedgerOption, TranscriptsOption
from debate.errors import InputError

if TYPE_CHECKING:
    from debate.ledger import reports

app = typer.Typer(no_args_is_help=True)


@app.command()
def stats(
    ledger: LedgerOption = None, transcripts: TranscriptsOption = None, json: JsonOption = False
) -> None:
    """Show what was asked of which model: requests, answers, tokens, cost, faults."""
    from debate.ledger import reports  # noqa: PLC0415 - see debate.cli

    path = _path(ledger, transcripts)
    found = reports.stats(path)
    if json:
        screen.document({"schema": 1, "path": path, **asdict(found)})
        return
    headers = (
        "model",
        "endpoint",
        "requests",
        "answers",
        "failed",
        "unanswered",
        "tokens in",
        "tokens out",
        "cost",
    )
    screen.table(headers, [_row(model) for model in found.models])
    for fault, count in found.faults.items():
        screen.text(f"failed, {fault}: {count:,}")
    screen.say(f"{path}, {found.size / 1e6:.1f} MB")


@app.command()
def export(
    ledger: LedgerOption = None,
    transcripts: TranscriptsOption = None,
    bodies: Annotated[
        bool, typer.Option("--bodies/--no-bodies", metavar="", help="With the replies, or without.")
    ] = True,
) -> None:
    """Print every request as a line of JSON, oldest first; `debate ledger adopt` reads them back."""
    from debate.ledger import reports  # noqa: PLC0415 - see debate.cli

    path = _path(ledger, transcripts)
    for line in reports.export(path, bodies=bodies):
        typer.echo(line)
    screen.say(f"from {path}")


@app.command()
def adopt(
    file: Annotated[Path, typer.Argument(metavar="FILE", help="Lines that export or a full disk left.")],
    ledger: LedgerOption = None,
    transcripts: TranscriptsOption = None,
) -> None:
    """Take exported or rescued replies into the ledger, so that they are not paid for again."""
    from debate.ledger import reports  # noqa: PLC0415 - see debate.cli

    path = _path(ledger, transcripts)
    try:
        with file.open(encoding="utf-8") as lines:
            done = reports.adopt(path, lines, str(file))
    except (OSError, UnicodeDecodeError) as error:
        raise InputError(f"{file}: cannot be read: {error}") from None
    screen.say(f"{_replies(done.taken)} taken into {path}, {done.known:,} were there already")


@app.command()
def prune(
    *,
    before: Annotated[
        datetime | None,
        typer.Option(
            "--before", formats=["%Y-%m-%d"], metavar="DATE", help="Sent before this day, as 2026-11-23."
        ),
    ] = None,
    failed: Annotated[
        bool, typer.Option("--failed", metavar="", help="Failed or never answered: no reply is lost.")
    ] = False,
    model: Annotated[
        str | None, typer.Option("--model", metavar="MODEL", help="Of this model, as stats names it.")
    ] = None,
    yes: Annotated[bool, typer.Option("--yes", "-y", metavar="", help="Do not ask.")] = False,
    ledger: LedgerOption = None,
    transcripts: TranscriptsOption = None,
    json: JsonOption = False,
) -> None:
    """Throw away what fits all of the given. A reply thrown away is paid for when it is needed again."""
    from debate.ledger import reports  # noqa: PLC0415 - see debate.cli

    path = _path(ledger, transcripts)
    since = None if before is None else before.astimezone().timestamp()
    attempts, replies = reports.prunable(path, before=since, failed=failed, model=model)
    screen.say(f"{path}: {_requests(attempts)} would go, {_replies(replies)} among them")
    if attempts and not yes:
        if not sys.stdin.isatty():
            raise InputError("debate ledger prune: nobody can be asked here; add --yes to do it")
        if not typer.confirm("Throw them away?", err=True):
            screen.say("nothing was thrown away")
            return
    done = reports.prune(path, before=since, failed=failed, model=model)
    if json:
        screen.document({"schema": 1, "path": path, **asdict(done)})
    screen.say(f"{_requests(done.attempts)} thrown away, {done.freed / 1e6:.1f} MB given back")


def _path(ledger: Path | None, transcripts: Path | None) -> Path:
    """The ledger's file: the one named, else the one beside the runs."""
    from debate.ledger.places import LEDGER  # noqa: PLC0415 - see debate.cli
    from debate.library import Library  # noqa: PLC0415 - see debate.cli

    return ledger or Library.open().transcripts_dir(transcripts) / LEDGER


def _row(model: "reports.ModelStats") -> tuple[str, ...]:
    """A `+` at a sum says that more was used than is known."""
    counts = (model.attempts, model.answers, model.failed, model.unanswered)
    more = "+" * bool(model.tokens_unknown)
    tokens = (f"{count:,}{more}" for count in (model.prompt_tokens, model.completion_tokens))
    known = model.answers - model.cost_unknown
    cost = f"{model.cost:.4g}{'+' * bool(model.cost_unknown)}" if known else "unknown"
    return (model.model, model.endpoint, *(f"{count:,}" for count in counts), *tokens, cost)


def _requests(count: int) -> str:
    return f"{count:,} request{'s' * (count != 1)}"


def _replies(count: int) -> str:
    return f"{count:,} repl{'y' if count == 1 else 'ies'}"
