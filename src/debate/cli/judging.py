"""`debate judge` and `debate rejudge`: judges, with no debate."""

import asyncio
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from debate.cli import screen
from debate.cli.options import (
    BaseUrlOption,
    ConcurrencyOption,
    DeadlineOption,
    FailUnderOption,
    JsonOption,
    JudgeRepeatsOption,
    LedgerOption,
    LibraryOption,
    MaxCallsOption,
    MaxCostOption,
    MaxTokensOption,
    ModelOption,
    PricesOption,
    QuietOption,
    SetOption,
    TranscriptsOption,
)
from debate.cli.outcome import show_verdicts
from debate.cli.spec import FLAGS, run_spec
from debate.errors import InputError, TranscriptError
from debate.events import CallFailed, CallFinished, Event
from debate.jury.trial import broken
from debate.library import Library
from debate.transcripts import Run, find_run, known_runs
from debate.verdict import Verdict

if TYPE_CHECKING:
    from debate.runs.spec import RunSpec

BELOW = 3

Verdicts = tuple[Verdict, Verdict | None]


def judge(
    *,
    problem: Annotated[str, typer.Argument(metavar="PROBLEM", help="Id of a problem, or a card file.")],
    answer: Annotated[
        str, typer.Argument(metavar="ANSWER", help="A text file with the answer, from anywhere; - for stdin.")
    ],
    lenses: Annotated[
        str | None,
        typer.Option("--lenses", metavar="IDS", help="Lenses the answer was written with, comma-separated."),
    ] = None,
    author: Annotated[
        str | None,
        typer.Option("--author", metavar="MODEL", help="The model that wrote it, to see who judges its own."),
    ] = None,
    model: ModelOption = None,
    judge_repeats: JudgeRepeatsOption = None,
    base_url: BaseUrlOption = None,
    sampling: SetOption = None,
    prices: PricesOption = None,
    max_calls: MaxCallsOption = None,
    max_tokens: MaxTokensOption = None,
    max_cost: MaxCostOption = None,
    concurrency: ConcurrencyOption = None,
    deadline: DeadlineOption = None,
    library: LibraryOption = None,
    transcripts: TranscriptsOption = None,
    ledger: LedgerOption = None,
    json: JsonOption = False,
    quiet: QuietOption = False,
    fail_under: FailUnderOption = None,
) -> None:
    """Judge any answer to a problem, beside the card's two known answers.

    By rule, and by a model beside it with --model judge=…. The verdict is the one a run would have given.

    Examples:

        debate judge code_performance-stuck answer.md
        pbpaste | debate judge my-problem.md - --model judge=ollama:ID

    Exit codes: 0 judged, 1 a model could not be asked, 2 your input is wrong, 3 the score by rule is below
    --fail-under, or the model gave too few ballots for a headline.
    """
    given = {
        name: value
        for name, value in locals().items()
        if name in FLAGS - {"lenses"} and value not in (None, [])
    }
    text = _text(answer)
    spec = run_spec(given, problem=problem)
    warn_of_model(given, spec)
    found = Library.open(library)
    worn = tuple(found.lens(name.strip()) for name in (lenses or "").split(",") if name.strip())
    from debate.runs.judging import judge_text  # noqa: PLC0415 - loads LangGraph

    authors = [author] if author else []
    verdicts = asyncio.run(judge_text(spec, found, text, worn, counting(quiet=quiet), authors=authors))
    if json:
        screen.document({"problem": found.problem(problem).id, **_document(verdicts)})
    else:
        show_verdicts(verdicts)
    _conclude([verdicts], fail_under)


def rejudge(
    *,
    runs: Annotated[list[str], typer.Argument(metavar="RUN…", help="Ids of runs, parts of them, or last.")],
    model: ModelOption = None,
    judge_repeats: JudgeRepeatsOption = None,
    base_url: BaseUrlOption = None,
    sampling: SetOption = None,
    prices: PricesOption = None,
    max_calls: MaxCallsOption = None,
    max_tokens: MaxTokensOption = None,
    max_cost: MaxCostOption = None,
    concurrency: ConcurrencyOption = None,
    deadline: DeadlineOption = None,
    library: LibraryOption = None,
    transcripts: TranscriptsOption = None,
    ledger: LedgerOption = None,
    json: JsonOption = False,
    quiet: QuietOption = False,
) -> None:
    """Judge the answers of stored runs once more, with another judge, and hold no debate.

    The runs stay as they are. What a judge says is in the ledger, so the same question again costs nothing.

    Examples:

        debate rejudge last --model judge=ollama:ID
        debate rejudge last last~1 last~2 --json

    Exit codes: as debate judge.
    """
    given = {name: value for name, value in locals().items() if name in FLAGS and value not in (None, [])}
    found = Library.open(library)
    pasts = [_past(name, found, transcripts) for name in runs]
    spec = run_spec(given, problem="")
    warn_of_model(given, spec)

    from debate.runs.judging import judge_text, stored  # noqa: PLC0415 - loads LangGraph

    todo = [stored(past, spec, found) for past in pasts]
    documents, said = [], []
    for past, each in zip(pasts, todo, strict=True):
        for note in each.notes:
            screen.say(f"note: {note}", "yellow")
        listen = counting(quiet=quiet)
        sitting = judge_text(each.spec, found, each.answer, each.lenses, listen, authors=each.authors)
        verdicts = asyncio.run(sitting)
        said.append(verdicts)
        documents.append(
            {"run": past.manifest.id, "problem": past.manifest.problem.id, **_document(verdicts)}
        )
        if not json:
            screen.page(f"# {past.manifest.id}")
            show_verdicts(verdicts)
    if json:
        screen.document(documents)
    _conclude(said, None)


def warn_of_model(flags: Mapping[str, Any], spec: "RunSpec") -> None:
    """A model for all roles is none for the judge: say so to who may have meant it."""
    from debate.models.roles import JUDGE  # noqa: PLC0415 - loads what run_spec has loaded

    if flags.get("model") and JUDGE not in spec.models:
        screen.say("note: no model judges: a judge is named by --model judge=MODEL", "yellow")


def _text(answer: str) -> str:
    import sys  # noqa: PLC0415 - only here

    try:
        return sys.stdin.read() if answer == "-" else Path(answer).read_text(encoding="utf-8-sig")
    except OSError as error:
        raise InputError(f"cannot read the answer {answer}: {error.strerror}") from error
    except UnicodeDecodeError as error:
        raise InputError(f"the answer {answer} is no text in UTF-8") from error


def counting(*, quiet: bool) -> Any:
    """A listener that tells now and then how many ballots are in, and which came to nothing."""
    said = 0

    def listen(event: Event) -> None:
        nonlocal said
        if quiet:
            return
        if isinstance(event, CallFailed):
            screen.say(f"{event.call}: nothing came of it, {event.error}", "yellow")
        elif isinstance(event, CallFinished):
            said += 1
            if said % 25 == 0:
                screen.say(f"{said} ballots", "dim")

    return listen


def _past(name: str, library: Library, transcripts: Path | None) -> Run:
    listed = find_run(name, known_runs(library, transcripts))
    if listed.broken:
        raise TranscriptError(listed.broken)
    return Run.load(listed.path)


def _document(verdicts: Verdicts) -> dict[str, Any]:
    from debate.runs.document import verdict_document  # noqa: PLC0415 - loads LangGraph

    checks, jury = verdicts
    return {"verdict": verdict_document(checks), "jury": verdict_document(jury)}


def _conclude(given: list[Verdicts], fail_under: float | None) -> None:
    """End with 3, and why, when a score by rule is too low or a jury could not judge."""
    code = 0
    for checks, jury in given:
        score = checks.headline.answer
        if fail_under is not None and (score is None or score < fail_under):
            told = "there is no score" if score is None else f"the score {score:.1f} is below it"
            screen.say(f"debate: --fail-under {fail_under:g}: {told}", "red")
            code = BELOW
        if jury is not None and (why := broken(jury)):
            screen.say(f"debate: the jury gave no headline: {why}", "red")
            code = BELOW
    if code:
        raise typer.Exit(code)
