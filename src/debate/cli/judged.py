"""What `debate judge` and `debate rejudge` do."""

import asyncio
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

import typer

from debate.cli import screen
from debate.cli.outcome import show_verdicts
from debate.cli.spec import run_spec
from debate.errors import InputError
from debate.events import CallFailed, CallFinished, Event
from debate.library import Library
from debate.transcripts import Run
from debate.verdict import Verdict

if TYPE_CHECKING:
    from debate.runs.spec import RunSpec

BELOW = 3

Verdicts = tuple[Verdict, Verdict | None]
Given = Mapping[str, Any]


def judge_answer(
    given: Given,
    problem: str,
    answer: str,
    *,
    lenses: str | None,
    author: str | None,
    json: bool,
    quiet: bool,
    fail_under: float | None,
) -> None:
    """Judge the text in the file `answer`, and show the verdicts. `given` are the flags that are settings."""
    text = _text(answer)
    spec = run_spec(given, problem=problem)
    warn_of_model(given, spec)
    found = Library.open(given.get("library"))
    worn = tuple(found.lens(name.strip()) for name in (lenses or "").split(",") if name.strip())
    from debate.runs.judging import judge_text  # noqa: PLC0415 - loads LangGraph

    authors = [author] if author else []
    verdicts = asyncio.run(judge_text(spec, found, text, worn, counting(quiet=quiet), authors=authors))
    if json:
        screen.document({"problem": found.problem(problem).id, **_document(verdicts)})
    else:
        show_verdicts(verdicts)
    _conclude([verdicts], fail_under)


def judge_runs(given: Given, runs: list[str], *, json: bool, quiet: bool) -> None:
    """Judge the answers of stored runs, and show the verdicts."""
    found = Library.open(given.get("library"))
    folders = found.run_folders(given.get("transcripts"))
    pasts = [Run.named(name, folders) for name in runs]
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
    """A model for all roles is none for the judge, and offline judges nothing: say so to who may have meant
    it.
    """
    from debate.models.roles import CHECKS, JUDGE  # noqa: PLC0415 - loads what run_spec has loaded

    if JUDGE in spec.models:
        return
    named = [word.partition("=")[2].strip() for word in flags.get("model") or () if word.startswith(JUDGE)]
    if "offline" in named:
        screen.say(
            "note: offline is no judge: the judge by rule judges alone; give --model judge=MODEL for a jury",
            "yellow",
        )
    elif flags.get("model") and CHECKS not in named:
        screen.say("note: no model judges: a judge is named by --model judge=MODEL", "yellow")


def _text(answer: str) -> str:
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


def _document(verdicts: Verdicts) -> dict[str, Any]:
    from debate.runs.document import verdict_document  # noqa: PLC0415 - loads LangGraph

    checks, jury = verdicts
    return {"verdict": verdict_document(checks), "jury": verdict_document(jury)}


def _conclude(given: list[Verdicts], fail_under: float | None) -> None:
    """End with 3, and why, when a score by rule is too low or a jury could not judge."""
    from debate.jury.trial import broken  # noqa: PLC0415 - loads LangChain

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
