"""`debate run`: hold a debate and show its answer."""

from typing import Annotated

import typer

from debate.cli.dry_run import show_forecast
from debate.cli.interrupt import held
from debate.cli.options import (
    OUTPUT,
    AdhocOption,
    BaseUrlOption,
    ConcurrencyOption,
    DeadlineOption,
    FailUnderOption,
    JsonOption,
    JudgeRepeatsOption,
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
    QuietOption,
    SeedOption,
    SetOption,
    TemperatureOption,
    TraceOption,
    TranscriptsOption,
)
from debate.cli.outcome import conclude
from debate.cli.spec import FLAGS, loading, run_spec
from debate.errors import InputError

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
    judge_repeats: JudgeRepeatsOption = None,
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
    below --fail-under, 130 interrupted (go on with: debate resume).
    """
    given = {name: value for name, value in locals().items() if name in FLAGS and value not in (None, [])}
    with loading():
        from debate.library import Library  # noqa: PLC0415 - see debate.cli

        spec = run_spec(given, problem=problem, seed=seed, allow_adhoc=allow_adhoc, temperature=temperature)

        from debate.runs import run as hold  # noqa: PLC0415 - loads LangChain, which reads the environment
    if prompts and not dry_run:
        raise InputError(
            "--prompts goes with --dry-run; of a run that was held: debate transcripts show --prompts"
        )
    if dry_run:
        show_forecast(spec, Library.open(library), prompts=prompts, as_json=json)
        return
    found = Library.open(library)
    conclude(
        held(lambda listen, brake: hold(spec, found, listen, brake), transcripts, quiet=quiet),
        transcripts,
        as_json=json,
        quiet=quiet,
        fail_under=fail_under,
    )
