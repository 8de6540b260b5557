"""The outcome of a run, as every command shows it that holds one: answer, score, hints and exit code."""

import shlex
import signal
from pathlib import Path
from typing import TYPE_CHECKING

import typer
from rich.box import SIMPLE_HEAD
from rich.table import Table
from rich.text import Text

from debate.cli import screen
from debate.sanitize import plain

if TYPE_CHECKING:
    from debate.cli.interrupt import Held
    from debate.runs import RunResult
    from debate.verdict import Score, Verdict

DEGRADED = 3
REASONS = 2  # of each criterion; the transcript has them all

_TITLE = "Score against the answer everybody gives"
_JURY = "The same, judged by a model"


def conclude(
    held: "Held", transcripts: Path | None, *, as_json: bool, quiet: bool, fail_under: float | None
) -> None:
    """Show how a run ended, and end the command as it did."""
    result = held.result
    if as_json:
        screen.document(result.document)
    else:
        _show(result)
    if not quiet:
        _hints(result, transcripts)
    if result.status == "interrupted":
        screen.say(f"debate: interrupted: {result.error}; what was received is kept", "yellow")
        screen.say(resume_line(result.run.path.name, transcripts))
        raise typer.Exit(128 + (held.signal or signal.SIGINT))
    if result.error:
        screen.say(resume_line(result.run.path.name, transcripts))
        raise result.error
    if code := _code(result, fail_under):
        raise typer.Exit(code)


def resume_line(run: str, transcripts: Path | None) -> str:
    """How to go on with a run that ended early."""
    return f"resume with: debate resume {run}{_where(transcripts)}"


def _code(result: "RunResult", fail_under: float | None) -> int:
    """The exit code of a run that has an answer, with a line on why it is not 0."""
    from debate.events import JudgeFailed, SeatFailed  # noqa: PLC0415 - see debate.cli
    from debate.transcript_page import score_text  # noqa: PLC0415 - see debate.cli

    code = 0
    if result.status == "degraded":
        if result.run.of(SeatFailed):
            screen.say("debate: degraded: the answer was made without the seats that failed", "red")
        if result.run.of(JudgeFailed):
            screen.say("debate: degraded: the judge failed, so the answer has no score", "red")
        code = DEGRADED
    score = result.verdict.headline.answer if result.verdict else None
    if fail_under is not None and score is None:
        screen.say(f"debate: there is no score, so --fail-under {fail_under:g} is not met", "red")
        code = DEGRADED
    elif fail_under is not None and score is not None and score < fail_under:
        screen.say(f"debate: the score {score_text(score)} is below --fail-under {fail_under:g}", "red")
        code = DEGRADED
    return code


def _show(result: "RunResult") -> None:
    if result.answer is not None:
        screen.page(result.answer)
    from debate.events import VerdictGiven  # noqa: PLC0415 - see debate.cli

    given = {event.verdict.kind: event.verdict for event in result.run.of(VerdictGiven)}
    show_verdicts((given.get("checks"), given.get("model")))


def show_verdicts(verdicts: "tuple[Verdict | None, Verdict | None]") -> None:
    """The verdict by rule, and the jury's below it."""
    for verdict, title in zip(verdicts, (_TITLE, _JURY), strict=True):
        if verdict is not None:
            _show_verdict(verdict, title)


def _show_verdict(verdict: "Verdict", title: str) -> None:
    from debate.transcript_page import beside_lines, verdict_markdown  # noqa: PLC0415 - see debate.cli

    if not screen.stdout().is_terminal:
        screen.page(f"\n## {title}\n\n{verdict_markdown(verdict, REASONS)}")
        return
    table = Table(title=title, title_justify="left", title_style="bold", box=SIMPLE_HEAD, pad_edge=False)
    for header in ("criterion", "baseline", "this answer", "target", "why"):
        table.add_column(header, justify="left" if header in ("criterion", "why") else "right")
    for score in verdict.criteria:
        table.add_row(*_cells(score))
    table.add_section()
    table.add_row(*_cells(verdict.headline), style="bold")
    screen.text("")
    screen.show(table)
    for line in beside_lines(verdict):
        screen.line(f"- {line}")


def _cells(score: "Score") -> tuple[Text, ...]:
    from debate.transcript_page import score_text  # noqa: PLC0415 - see debate.cli

    scores = (score_text(value) for value in (score.baseline, score.answer, score.target))
    return tuple(Text(plain(cell)) for cell in (score.name, *scores, " ".join(score.reasons[:REASONS])))


def _hints(result: "RunResult", transcripts: Path | None) -> None:
    """Where the run is, what it was, and what to do next."""
    from debate.events import CallFinished  # noqa: PLC0415 - see debate.cli

    if any(call.model == "offline" for call in result.run.of(CallFinished)):
        screen.say(
            "The offline reasoner is no language model: it applied the lens cards to the facts by rule."
        )
    show = f"debate transcripts show{_where(transcripts)}"
    hints = [("Run:", _short(result.run.path)), ("The whole debate:", show)]
    if lens := next((seat.id for seat in result.run.manifest.seats if seat.lens), None):
        hints.append(("What one seat said:", f"{show} --seat {lens}"))
    for what, where in hints:
        screen.say(f"{what:<20}{where}")


def _where(transcripts: Path | None) -> str:
    return f" --transcripts {shlex.quote(str(transcripts))}" if transcripts else ""


def _short(path: Path) -> str:
    """The path from here when it lies below, else whole."""
    return str(path.relative_to(Path.cwd())) if path.is_relative_to(Path.cwd()) else str(path)
