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
from debate.cli.dry_run import show_forecast
from debate.cli.options import (
    OUTPUT,
    AdhocOption,
    BaseUrlOption,
    ConcurrencyOption,
    DeadlineOption,
    JsonOption,
    LedgerOption,
    LensesOption,
    LibraryOption,
    MaxCallsOption,
    MaxCostOption,
    MaxTokensOption,
    ModelOption,
    PerMinuteOption,
    PricesOption,
    ProtocolOption,
    SeedOption,
    SetOption,
    TemperatureOption,
    TraceOption,
    TranscriptsOption,
)
from debate.cli.progress import watching
from debate.cli.spec import FLAGS, run_spec
from debate.errors import InputError
from debate.events import CallFinished, JudgeFailed, SeatFailed
from debate.library import Library
from debate.sanitize import plain
from debate.transcript_page import score_text, verdict_markdown
from debate.verdict import Score, Verdict

if TYPE_CHECKING:
    from debate.runs import RunResult, RunSpec

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
DryRunOption = Annotated[
    bool,
    typer.Option(
        "--dry-run",
        metavar="",
        rich_help_panel=OUTPUT,
        help="Ask nobody and write nothing: show the calls, tokens and cost to expect.",
    ),
]
PromptsOption = Annotated[
    bool,
    typer.Option(
        "--prompts", metavar="", rich_help_panel=OUTPUT, help="With --dry-run: show the prompts as well."
    ),
]
QuietOption = Annotated[
    bool,
    typer.Option(
        "--quiet", "-q", metavar="", rich_help_panel=OUTPUT, help="No progress and no hints on stderr."
    ),
]
FailUnderOption = Annotated[
    float | None,
    typer.Option(
        "--fail-under",
        metavar="X",
        rich_help_panel=OUTPUT,
        help="Exit 3 when the score is below X (0 to 10) or missing.",
    ),
]


def run(
    *,
    problem: ProblemArgument,
    lenses: LensesOption = None,
    protocol: ProtocolOption = None,
    seed: SeedOption = 0,
    allow_adhoc: AdhocOption = False,
    model: ModelOption = None,
    base_url: BaseUrlOption = None,
    temperature: TemperatureOption = None,
    sampling: SetOption = None,
    prices: PricesOption = None,
    trace: TraceOption = None,
    max_calls: MaxCallsOption = None,
    max_tokens: MaxTokensOption = None,
    max_cost: MaxCostOption = None,
    concurrency: ConcurrencyOption = None,
    per_minute: PerMinuteOption = None,
    deadline: DeadlineOption = None,
    library: LibraryOption = None,
    transcripts: TranscriptsOption = None,
    ledger: LedgerOption = None,
    json: JsonOption = False,
    quiet: QuietOption = False,
    fail_under: FailUnderOption = None,
    dry_run: DryRunOption = False,
    prompts: PromptsOption = False,
) -> None:
    """Put several lenses on a problem; print the answer and its score against the answer everybody gives.

    One agent per lens thinks alone, a critic merges what they found into ranked, testable steps, a writer
    turns them into a letter, a judge scores it. Without a model it runs offline, by rule, with no key and no
    network. What is not given here may stand in debate.toml or in a variable: docs/models.md has both.

    Examples:

        debate run code_performance-stuck
        debate run my-problem.md --lenses pace-layering,bottleneck-theory
        debate run my-problem.md --model ollama:ID --max-calls 20
        debate run my-problem.md --model openai:ID --model critic=openai:OTHER --dry-run

    Exit codes: 0 done, 1 the run failed, 2 your input is wrong, 3 done but a seat failed or the score is
    below --fail-under, 130 interrupted.
    """
    given = {name: value for name, value in locals().items() if name in FLAGS and value not in (None, [])}
    spec = run_spec(given, problem=problem, seed=seed, allow_adhoc=allow_adhoc, temperature=temperature)
    if prompts and not dry_run:
        raise InputError(
            "--prompts goes with --dry-run; of a run that was held: debate transcripts show --prompts"
        )
    if dry_run:
        show_forecast(spec, Library.open(library), prompts=prompts, as_json=json)
        return
    result = _hold(spec, Library.open(library), quiet=quiet)
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


def _hold(spec: "RunSpec", library: Library, *, quiet: bool) -> "RunResult":
    """Hold the debate under the eyes of the user."""
    from debate.runs import run as hold  # noqa: PLC0415 - loading LangGraph takes longer than all the other commands

    try:
        with watching(quiet=quiet) as listen:
            return asyncio.run(hold(spec, library, listen))
    except KeyboardInterrupt:
        show = _show_command(spec.transcripts)
        screen.say(f"debate: interrupted. What was said so far: {show}", "yellow")
        raise typer.Exit(INTERRUPTED) from None


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
