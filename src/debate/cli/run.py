"""`debate run`: hold a debate and show its answer."""

import asyncio
import shlex
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from rich.box import SIMPLE_HEAD
from rich.table import Table
from rich.text import Text

from debate.cli import screen
from debate.cli.options import JsonOption, LibraryOption, TranscriptsOption
from debate.cli.progress import watching
from debate.events import CallFinished, JudgeFailed, SeatFailed
from debate.library import Library
from debate.sanitize import plain
from debate.transcript_page import score_text, verdict_markdown
from debate.verdict import Score, Verdict

if TYPE_CHECKING:
    from debate.runs import RunResult

DEGRADED = 3
INTERRUPTED = 130
REASONS = 2  # of each criterion; the transcript has them all

_TITLE = "Score against the answer everybody gives"


ProblemArgument = Annotated[
    str,
    typer.Argument(
        metavar="PROBLEM", help="Id of a problem (see: debate problems list), or the path of a card file."
    ),
]
LensesOption = Annotated[
    str,
    typer.Option(
        "--lenses",
        metavar="TERMS",
        help="Who sits, comma-separated: high, medium, low or all (as the card rates them), lens ids, "
        "-lens to drop one, random:3, auto, none, or @FILE with one a line.",
    ),
]
ProtocolOption = Annotated[
    str,
    typer.Option(
        "--protocol",
        metavar="NAME",
        help="panel, solo (one agent alone, the control), or the path of your own graph file.",
    ),
]
ModelOption = Annotated[
    list[str] | None,
    typer.Option(
        "--model",
        metavar="[ROLE=]MODEL",
        help="Model for all roles, or for one: lens=…, critic=…, writer=…. Default: offline, by rule.",
    ),
]
SeedOption = Annotated[int, typer.Option("--seed", metavar="N", help="Fixes what is drawn at random.")]
AdhocOption = Annotated[
    bool,
    typer.Option(
        "--allow-adhoc",
        metavar="",
        help="For a lens the library lacks, use what the problem card says of it.",
    ),
]
QuietOption = Annotated[
    bool, typer.Option("--quiet", "-q", metavar="", help="No progress and no hints on stderr.")
]
FailUnderOption = Annotated[
    float | None,
    typer.Option("--fail-under", metavar="X", help="Exit 3 when the score is below X (0 to 10) or missing."),
]


def run(
    *,
    problem: ProblemArgument,
    lenses: LensesOption = "high",
    protocol: ProtocolOption = "panel",
    model: ModelOption = None,
    seed: SeedOption = 0,
    allow_adhoc: AdhocOption = False,
    json: JsonOption = False,
    quiet: QuietOption = False,
    fail_under: FailUnderOption = None,
    library: LibraryOption = None,
    transcripts: TranscriptsOption = None,
) -> None:
    """Put several lenses on a problem; print the answer and its score against the answer everybody gives.

    One agent per lens thinks alone, a critic merges what they found into ranked, testable steps, a writer
    turns them into a letter, a judge scores it. Without a model it runs offline, by rule, with no key and no
    network.

    Examples:

        debate run code_performance-stuck
        debate run my-problem.md --lenses pace-layering,bottleneck-theory
        debate run code_performance-stuck --lenses high,-pace-layering --json

    Exit codes: 0 done, 1 the run failed, 2 your input is wrong, 3 done but a seat failed or the score is
    below --fail-under, 130 interrupted.
    """
    # Loading LangGraph takes longer than all the other commands take to run.
    from debate.models.binding import read_models  # noqa: PLC0415 - see above
    from debate.runs import RunSpec  # noqa: PLC0415 - see above
    from debate.runs import run as hold  # noqa: PLC0415 - see above

    spec = RunSpec(
        problem=problem,
        models=read_models(model or ()),
        lenses=lenses,
        protocol=protocol,
        seed=seed,
        allow_adhoc=allow_adhoc,
        transcripts=transcripts,
    )
    found = Library.open(library)
    try:
        with watching(quiet=quiet) as listen:
            result = asyncio.run(hold(spec, found, listen))
    except KeyboardInterrupt:
        screen.say(f"debate: interrupted. What was said so far: {_show_command(transcripts)}", "yellow")
        raise typer.Exit(INTERRUPTED) from None
    if json:
        screen.document(result.document)
    else:
        _show(result)
    if not quiet:
        _hints(result, transcripts)
    if result.error:
        raise result.error
    if code := _code(result, fail_under):
        raise typer.Exit(code)


def _code(result: "RunResult", fail_under: float | None) -> int:
    """The exit code of a run that has an answer, with a line on why it is not 0."""
    code = 0
    if result.status == "degraded":
        if result.run.of(SeatFailed):
            screen.say("debate: degraded: the answer was made without the seats that failed", "red")
        if result.run.of(JudgeFailed):
            screen.say("debate: degraded: the judge failed, so the answer has no score", "red")
        code = DEGRADED
    score = result.verdict.headline.answer if result.verdict else None
    if fail_under is not None and (score is None or score < fail_under):
        screen.say(f"debate: the score {score_text(score)} is below --fail-under {fail_under:g}", "red")
        code = DEGRADED
    return code


def _show(result: "RunResult") -> None:
    if result.answer is not None:
        screen.page(result.answer)
    if result.verdict is not None:
        _show_verdict(result.verdict)


def _show_verdict(verdict: Verdict) -> None:
    if not screen.stdout().is_terminal:
        screen.page(f"\n## {_TITLE}\n\n{verdict_markdown(verdict, REASONS)}")
        return
    table = Table(title=_TITLE, title_justify="left", title_style="bold", box=SIMPLE_HEAD, pad_edge=False)
    for header in ("criterion", "baseline", "this answer", "target", "why"):
        table.add_column(header, justify="left" if header in ("criterion", "why") else "right")
    for score in verdict.criteria:
        table.add_row(*_cells(score))
    table.add_section()
    table.add_row(*_cells(verdict.headline), style="bold")
    screen.text("")
    screen.show(table)


def _cells(score: Score) -> tuple[Text, ...]:
    scores = (score_text(value) for value in (score.baseline, score.answer, score.target))
    return tuple(Text(plain(cell)) for cell in (score.name, *scores, " ".join(score.reasons[:REASONS])))


def _hints(result: "RunResult", transcripts: Path | None) -> None:
    """Where the run is, what it was, and what to do next."""
    if any(call.model == "offline" for call in result.run.of(CallFinished)):
        screen.say(
            "The offline reasoner is no language model: it applied the lens cards to the facts by rule."
        )
    show = _show_command(transcripts)
    hints = [("Run:", _short(result.run.path)), ("The whole debate:", show)]
    if lens := next((seat.id for seat in result.run.manifest.seats if seat.lens), None):
        hints.append(("What one seat said:", f"{show} --seat {lens}"))
    for what, where in hints:
        screen.say(f"{what:<20}{where}")


def _show_command(transcripts: Path | None) -> str:
    return "debate transcripts show" + (
        f" --transcripts {shlex.quote(str(transcripts))}" if transcripts else ""
    )


def _short(path: Path) -> str:
    """The path from here when it lies below, else whole."""
    return str(path.relative_to(Path.cwd())) if path.is_relative_to(Path.cwd()) else str(path)
