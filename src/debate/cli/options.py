"""Options that several commands share, so that each means the same everywhere.

Their defaults are None: what was not given on the command line is looked for in `debate.toml`, then in the
environment (`debate.settings`).
"""

import os
from pathlib import Path
from typing import Annotated

import typer

MODELS = "Models"
LIMITS = "Limits"
PLACES = "Places"
OUTPUT = "Output"


def _or_setting(context: typer.Context, param: typer.CallbackParam, value: Path | None) -> Path | None:
    """What was given, else what the settings say."""
    if value is not None or context.resilient_parsing or not _anything_set():
        return value
    from debate.settings import load  # noqa: PLC0415 - a tenth of a second, which most look-ups can do without

    found: Path | None = getattr(load(), str(param.name))
    return found


def _within_scale(value: float | None) -> float | None:
    """A score, which "nan" is not."""
    if value is not None and not 0 <= value <= 10:
        raise typer.BadParameter(f"{value:g} is no score; expected a number from 0 to 10.")
    return value


def _anything_set() -> bool:
    from debate.places import SETTINGS, Places  # noqa: PLC0415 - see debate.cli

    workspace = Places.of().workspace
    in_file = workspace is not None and (workspace / SETTINGS).is_file()
    return in_file or any(name.upper().startswith("DEBATE_") for name in os.environ)


LibraryOption = Annotated[
    Path | None,
    typer.Option(
        "--library",
        metavar="DIR",
        callback=_or_setting,
        rich_help_panel=PLACES,
        help="Folder with your own cards (problems/, lenses/, agents/); they come before the built-in ones.",
    ),
]

TranscriptsOption = Annotated[
    Path | None,
    typer.Option(
        "--transcripts",
        metavar="DIR",
        callback=_or_setting,
        rich_help_panel=PLACES,
        help="Folder the runs are in. Default: transcripts/ of the working folder, else your data folder.",
    ),
]

LedgerOption = Annotated[
    Path | None,
    typer.Option(
        "--ledger",
        metavar="FILE",
        callback=_or_setting,
        rich_help_panel=PLACES,
        help="File that remembers every call, so that none is paid for twice. Default: beside the runs.",
    ),
]

# An empty metavar, here and at other flags: the help would show them as taking a value.
JsonOption = Annotated[
    bool,
    typer.Option("--json", metavar="", rich_help_panel=OUTPUT, help="Print one JSON document on stdout."),
]

FilesArgument = Annotated[
    list[str] | None,
    typer.Argument(metavar="[FILE|ID]…", help="Card files or ids; all cards of the library when left out."),
]

LensesOption = Annotated[
    str | None,
    typer.Option(
        "--lenses",
        metavar="TERMS",
        help="Who sits, comma-separated: high, medium, low or all (as the card rates them), lens ids, "
        "-lens to drop one, random:3, auto, none, placebo, or @FILE with one a line. Default: high.",
    ),
]
ProtocolOption = Annotated[
    str | None,
    typer.Option(
        "--protocol",
        metavar="NAME",
        help="panel, solo (one agent alone, the control), or the path of your own graph file. "
        "Default: panel.",
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

ModelOption = Annotated[
    list[str] | None,
    typer.Option(
        "--model",
        metavar="[ROLE=]MODEL",
        rich_help_panel=MODELS,
        help="Model for all roles, or for one: lens=…, solo=…, critic=…, writer=…; may be repeated. "
        "judge=…: a judge beside the one by rule. lens=A,B: the seats take turns. MODEL is openai:ID, "
        "ollama:ID, lmstudio:ID, vllm:ID, llamacpp:, or PROVIDER:ID of a LangChain package, or replay:RUN, "
        "which says again what a past run was told. Default: offline, by rule.",
    ),
]
BaseUrlOption = Annotated[
    str | None,
    typer.Option(
        "--base-url",
        metavar="URL",
        rich_help_panel=MODELS,
        help="Address of an OpenAI-compatible server, such as http://127.0.0.1:8080/v1.",
    ),
]
TemperatureOption = Annotated[
    float | None,
    typer.Option(
        "--temperature", metavar="X", min=0, max=2, rich_help_panel=MODELS, help="For all roles, 0 to 2."
    ),
]
SetOption = Annotated[
    list[str] | None,
    typer.Option(
        "--set",
        metavar="[ROLE.]NAME=VALUE",
        rich_help_panel=MODELS,
        help="How answers are drawn: temperature, top_p, max_tokens, seed, or effort (minimal, low, medium, "
        "high; for reasoning models). critic.effort=high is for one role; may be repeated.",
    ),
]
JudgeRepeatsOption = Annotated[
    int | None,
    typer.Option(
        "--judge-repeats",
        metavar="N",
        rich_help_panel=MODELS,
        help="How often a model that judges (--model judge=…) is asked each question. Default: 3.",
    ),
]
PricesOption = Annotated[
    str | None,
    typer.Option(
        "--prices",
        metavar="FILE",
        rich_help_panel=MODELS,
        help="TOML or JSON table of prices per million tokens by model: input, output, cached_input.",
    ),
]
TraceOption = Annotated[
    bool | None,
    typer.Option(
        "--trace",
        metavar="",
        rich_help_panel=MODELS,
        help="Let LangChain's tracing see prompts and replies, as its variables say. Otherwise it is off.",
    ),
]
MaxCallsOption = Annotated[
    int | None,
    typer.Option("--max-calls", metavar="N", rich_help_panel=LIMITS, help="At most so many requests."),
]
MaxTokensOption = Annotated[
    int | None,
    typer.Option(
        "--max-tokens", metavar="N", rich_help_panel=LIMITS, help="At most so many tokens, in and out."
    ),
]
MaxCostOption = Annotated[
    float | None,
    typer.Option(
        "--max-cost", metavar="X", rich_help_panel=LIMITS, help="At most so much; needs the models' prices."
    ),
]
ConcurrencyOption = Annotated[
    int | None,
    typer.Option(
        "--concurrency", metavar="N", rich_help_panel=LIMITS, help="Requests at once to a server. Default: 8."
    ),
]
PerMinuteOption = Annotated[
    float | None,
    typer.Option("--per-minute", metavar="X", rich_help_panel=LIMITS, help="Requests a minute to a server."),
]
DeadlineOption = Annotated[
    float | None,
    typer.Option(
        "--deadline",
        metavar="SECONDS",
        rich_help_panel=LIMITS,
        help="Longest one call may take, with all its tries. Default: 900.",
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
        callback=_within_scale,
        rich_help_panel=OUTPUT,
        help="Exit 3 when the score by rule is below X (0 to 10) or missing. A jury's score decides nothing.",
    ),
]
