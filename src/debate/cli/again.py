"""`debate resume` and `debate replay`: a run once more, to its end or without asking anybody."""

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from debate import tracing
from debate.cli import screen
from debate.cli.interrupt import held
from debate.cli.opening import RunArgument, opened
from debate.cli.options import (
    PLACES,
    BaseUrlOption,
    ConcurrencyOption,
    DeadlineOption,
    FailUnderOption,
    JsonOption,
    LibraryOption,
    MaxCallsOption,
    MaxCostOption,
    MaxTokensOption,
    PerMinuteOption,
    PricesOption,
    QuietOption,
    TraceOption,
    TranscriptsOption,
)
from debate.cli.outcome import conclude

if TYPE_CHECKING:
    from debate.library import Library
    from debate.transcripts import Run

CALLS = frozenset(
    {
        *("base_url", "prices", "trace", "max_calls", "max_tokens", "max_cost", "concurrency"),
        *("per_minute", "deadline", "ledger"),
    }
)


def resume(
    *,
    run: RunArgument = "last",
    max_calls: MaxCallsOption = None,
    max_tokens: MaxTokensOption = None,
    max_cost: MaxCostOption = None,
    concurrency: ConcurrencyOption = None,
    per_minute: PerMinuteOption = None,
    deadline: DeadlineOption = None,
    base_url: BaseUrlOption = None,
    prices: PricesOption = None,
    trace: TraceOption = None,
    library: LibraryOption = None,
    transcripts: TranscriptsOption = None,
    ledger: Annotated[
        Path | None,
        typer.Option(
            "--ledger", metavar="FILE", rich_help_panel=PLACES, help="Where the run's ledger is by now."
        ),
    ] = None,
    json: JsonOption = False,
    quiet: QuietOption = False,
    fail_under: FailUnderOption = None,
) -> None:
    """Go on with a run that was interrupted, killed, failed or degraded, by default the last.

    The run asks its own question again, in its own folder. Every reply it ever received comes from the
    ledger and costs nothing; only what is missing is asked, and anew what was answered in a form that is of
    no use, or refused. Limits hold for the run as a whole and are those
    it began with, unless you give new ones. Keys are never kept: they come from the environment as before.

    Exit codes: as debate run; 0 as well when the run is done already.
    """
    given = {name: value for name, value in locals().items() if name in CALLS and value is not None}
    past, found = _past(run, library, transcripts)
    if past.manifest.result and past.manifest.result.status == "done":
        screen.say(f"The run {past.manifest.id} is done; there is nothing to resume.")
        if json:
            screen.document(_document(past))
        return
    calls = call_settings(given, past.manifest.calls)

    # Loading LangGraph takes longer than all the other commands take to run.
    from debate.runs import resume as hold  # noqa: PLC0415 - see above
    from debate.runs.past import spec_of  # noqa: PLC0415 - see above

    spec = spec_of(past.manifest, past.path.parent, calls)
    conclude(
        held(lambda listen, brake: hold(past.path, spec, found, listen, brake), transcripts, quiet=quiet),
        transcripts,
        as_json=json,
        quiet=quiet,
        fail_under=fail_under,
    )


def replay(
    *,
    run: RunArgument = "last",
    library: LibraryOption = None,
    transcripts: TranscriptsOption = None,
    json: JsonOption = False,
) -> None:
    """Hold a run again from its own record, and compare: no network, no key, nothing is written.

    The prompts are made again from the cards as they are now; each is answered as it was then. What the
    seats said, plan, answer and verdict must come out the same, byte for byte. They do not when the program
    reads replies or judges answers otherwise than it did; when a prompt itself has changed, the error says
    whose and where.

    Exit codes: 0 the same, 1 different, or a prompt is not in the record, 2 your input is wrong.
    """
    past, found = _past(run, library, transcripts)

    import asyncio  # noqa: PLC0415 - see debate.cli

    from debate.runs.replay import replay as hold  # noqa: PLC0415 - loads LangGraph

    done = asyncio.run(hold(past, found))
    for sentence in done.changed:
        screen.say(f"note: {sentence}", "yellow")
    if json:
        screen.document(
            {
                "run": past.manifest.id,
                "identical": done.identical,
                "differences": done.parts,
                "changed": done.changed,
            }
        )
    else:
        rows = [(part, "different" if diff else "identical") for part, diff in done.parts.items()]
        screen.table(("part", "replay"), rows)
        for diff in filter(None, done.parts.values()):
            screen.text(diff)
    if not done.identical:
        raise typer.Exit(1)


def _past(name: str, library: Path | None, transcripts: Path | None) -> "tuple[Run, Library]":
    """The run that is meant and the library it was made of, with a word on what reading passed over."""
    from debate.library import Library  # noqa: PLC0415 - see debate.cli

    found = Library.open(library)
    past = opened(name, library, transcripts)
    its_own = past.manifest.calls.get("library")
    return past, found if library or not its_own else Library.open(Path(str(its_own)))


def call_settings(given: dict[str, Any], kept: Mapping[str, object]) -> dict[str, Any]:
    """What changes of the call settings that were kept: what was given now, and keys in their base URL."""
    from debate.settings import load  # noqa: PLC0415 - see debate.cli.options

    settings = load(given)
    if settings.trace:
        tracing.allow()

    from debate.runs.past import same_place  # noqa: PLC0415 - loads LangChain, which reads the environment

    calls: dict[str, Any] = {name: getattr(settings, name) for name in given if name != "trace"}
    calls["traced"] = settings.trace
    if same_place(settings.base_url, kept):
        calls["base_url"] = settings.base_url
    return calls


def _document(past: "Run") -> dict[str, Any]:
    from debate.runs.document import document  # noqa: PLC0415 - loads LangGraph
    from debate.transcripts import ANSWER  # noqa: PLC0415 - see debate.cli

    answer = past.path / ANSWER
    return document(past, answer.read_text(encoding="utf-8") if answer.exists() else None)
