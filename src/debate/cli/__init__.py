"""The command line: the only place that prints, and the one that turns errors into exit codes.

0 done, 1 the run failed, 2 your input is wrong, 3 done but degraded or below `--fail-under`, 130 interrupted,
141 done but whoever read the output left before its end.

Commands load what they need when they run: whoever asks for help should not wait for a card reader, and who
lists cards not for LangGraph.
"""

import sys
from typing import Annotated, NoReturn

import typer

from debate import tracing
from debate.cli import again, agents, judging, ledger, lenses, problems, rubric, screen, studies, transcripts
from debate.cli.ablate import ablate
from debate.cli.compare import compare
from debate.cli.doctor import doctor
from debate.cli.mcp import mcp
from debate.cli.outlet import outlets
from debate.cli.run import run
from debate.cli.view import view
from debate.errors import CardError, DebateError

_DEBATE = "Hold a debate"
_JUDGES = "Judge, and try the judges"
_STUDIES = "Ask what helps"
_BENCH = "The bench: what a debate is made of"
_PAST = "What debates left behind"

READER_LEFT = 141  # as a shell reports a process that SIGPIPE ended

app = typer.Typer(
    name="debate",
    no_args_is_help=True,
    rich_markup_mode="markdown",
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)
app.command(rich_help_panel=_DEBATE)(run)
app.command(rich_help_panel=_DEBATE)(again.resume)
app.command(rich_help_panel=_PAST)(again.replay)
app.command(rich_help_panel=_DEBATE)(doctor)
app.command(rich_help_panel=_DEBATE)(mcp)
app.command(rich_help_panel=_JUDGES)(judging.judge)
app.command(rich_help_panel=_JUDGES)(judging.rejudge)
app.command(rich_help_panel=_JUDGES)(judging.calibrate)
app.command(rich_help_panel=_STUDIES)(ablate)
app.command(rich_help_panel=_STUDIES)(compare)
app.add_typer(studies.app, name="studies", help="Studies: list, show, report.", rich_help_panel=_STUDIES)
app.add_typer(rubric.app, name="rubric", help="What answers are judged by: show.", rich_help_panel=_JUDGES)
app.add_typer(
    problems.app,
    name="problems",
    help="Problem cards: list, show, new, from-text, check.",
    rich_help_panel=_BENCH,
)
app.add_typer(
    lenses.app,
    name="lenses",
    help="Lens cards: list, show, suggest, graph, new, check.",
    rich_help_panel=_BENCH,
)
app.add_typer(
    agents.app, name="agents", help="Role cards, the prompts: list, show, check.", rich_help_panel=_BENCH
)
app.add_typer(
    transcripts.app,
    name="transcripts",
    help="Runs: list, show, diff, search, export, rm.",
    rich_help_panel=_PAST,
)
app.command(rich_help_panel=_PAST)(view)
app.add_typer(
    ledger.app,
    name="ledger",
    help="The memory of all calls: stats, export, adopt, prune.",
    rich_help_panel=_PAST,
)


def _version(wanted: bool) -> None:
    if wanted:
        from debate import __version__  # noqa: PLC0415 - see above

        screen.text(f"debate {__version__}")
        raise typer.Exit


@app.callback()
def _root(
    version: Annotated[
        bool,
        typer.Option(
            "--version", metavar="", callback=_version, is_eager=True, help="Print the version and exit."
        ),
    ] = False,
) -> None:
    """Put several lenses on a stuck problem and get ranked, testable next steps.

    Asked plainly, a model answers a hard problem with the advice everybody gives. `debate` lets one agent per
    lens think alone, merges what they see, and scores the result against that obvious answer.

    Start here:

        debate run code_performance-stuck
    """


def main() -> NoReturn:
    """The console entry point."""
    if hasattr(sys.stdout, "reconfigure"):
        sys.stdout.reconfigure(errors="backslashreplace")  # a terminal without UTF-8 still gets every word
    with outlets() as out:
        code = _run()
        out.flush()
        if isinstance(out.failure, BrokenPipeError):
            code = code or READER_LEFT
        elif out.failure:
            screen.say(f"debate: error: standard output cannot be written: {out.failure.strerror}", "red")
            code = code or 1
    sys.exit(code)


def _run() -> int:
    tracing.forbid()  # until a command is told --trace
    try:
        app(prog_name="debate")
    except SystemExit as end:
        return end.code if isinstance(end.code, int) else int(bool(end.code))
    except CardError as error:
        screen.say(str(error))
        faults = f"{len(error.faults)} fault{'s' * (len(error.faults) != 1)}"
        screen.say(f"debate: error: the card {error.path} cannot be used: {faults}", "red")
        return error.exit_code
    except DebateError as error:
        screen.say(f"debate: error: {error}", "red")
        return error.exit_code
    return 0
