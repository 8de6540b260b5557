"""`debate ablate`: hold a study."""

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from debate.cli import screen
from debate.cli.options import (
    OUTPUT,
    AdhocOption,
    BaseUrlOption,
    ConcurrencyOption,
    DeadlineOption,
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
    TemperatureOption,
    TranscriptsOption,
)
from debate.errors import InputError

if TYPE_CHECKING:
    from debate.runs.spec import RunSpec
    from debate.studies.request import StudyFile, StudyRequest

STUDY = "The study"

_RUN_FLAGS = frozenset(
    {
        *("model", "base_url", "library", "lenses", "protocol", "transcripts", "ledger", "max_calls"),
        *("max_tokens", "max_cost", "concurrency", "per_minute", "deadline", "prices", "judge_repeats"),
    }
)

ProblemsArgument = Annotated[
    list[str] | None,
    typer.Argument(metavar="[PROBLEM]…", help="Ids or card files of problems, or one study file (.toml)."),
]
DesignOption = Annotated[
    list[str] | None,
    typer.Option(
        "--design",
        metavar="NAME",
        rich_help_panel=STUDY,
        help="leave-one-out and add-one-in (what a lens adds, at both ends), subsets and shapley (all sets "
        "of lenses; shapley draws some where there are more than six), or sets, protocols, models, roles: "
        "arms you name with --set. May be repeated. Default: leave-one-out.",
    ),
]
NamedOption = Annotated[
    list[str] | None,
    typer.Option(
        "--set",
        metavar="NAME=VALUE",
        rich_help_panel=STUDY,
        help="An arm of such a design: NAME=TERMS as for --lenses, NAME=PROTOCOL, NAME=[ROLE=]MODEL or "
        "NAME=ROLE=FILE (or NAME=own); may be repeated. With several designs: models:NAME=….",
    ),
]
ReplicatesOption = Annotated[
    int | None,
    typer.Option("--replicates", metavar="N", min=1, rich_help_panel=STUDY, help="Samples of each arm."),
]
ControlsOption = Annotated[
    str | None,
    typer.Option(
        "--controls",
        metavar="NAMES",
        rich_help_panel=STUDY,
        help="default (token-matched, no-lens, placebo, a/a), none, all, or some of: single-call, "
        "single-agent, token-matched, no-lens, placebo, low-relevance, swapped, name-only, a/a.",
    ),
]
GameOption = Annotated[
    str | None,
    typer.Option(
        "--game",
        metavar="NAME",
        rich_help_panel=STUDY,
        help="What is in the seat of a lens that is away: replacement (an agent without a lens), removal "
        "(nothing), or both. Default: replacement.",
    ),
]
EndpointOption = Annotated[
    str | None,
    typer.Option(
        "--endpoint", metavar="NAME", rich_help_panel=STUDY, help="The score that counts: headline, jury, …"
    ),
]
MarginOption = Annotated[
    float | None,
    typer.Option(
        "--margin", metavar="X", rich_help_panel=STUDY, help="Smallest effect that matters, points."
    ),
]
AlphaOption = Annotated[
    float | None, typer.Option("--alpha", metavar="X", rich_help_panel=STUDY, help="Default: 0.05.")
]
StopOption = Annotated[
    str | None,
    typer.Option("--stop", metavar="RULE", rich_help_panel=STUDY, help="none or e-process. Default: none."),
]
SeedOption = Annotated[int | None, typer.Option("--seed", metavar="N", help="Fixes what is drawn at random.")]
FactorialOption = Annotated[
    bool | None,
    typer.Option(
        "--factorial",
        metavar="",
        rich_help_panel=STUDY,
        help="Cross several designs with named arms; otherwise one thing varies at a time.",
    ),
]
ResumeOption = Annotated[
    str | None,
    typer.Option(
        "--resume",
        metavar="STUDY",
        rich_help_panel=STUDY,
        help="Go on with a study: its id, last, or last~1.",
    ),
]
DryRunOption = Annotated[
    bool,
    typer.Option(
        "--dry-run",
        metavar="",
        rich_help_panel=OUTPUT,
        help="Ask nobody and write nothing: show the calls, tokens and cost to expect, by arm.",
    ),
]


def ablate(
    *,
    problems: ProblemsArgument = None,
    design: DesignOption = None,
    named: NamedOption = None,
    lenses: LensesOption = None,
    protocol: ProtocolOption = None,
    replicates: ReplicatesOption = None,
    controls: ControlsOption = None,
    game: GameOption = None,
    endpoint: EndpointOption = None,
    margin: MarginOption = None,
    alpha: AlphaOption = None,
    stop: StopOption = None,
    seed: SeedOption = None,
    allow_adhoc: AdhocOption = False,
    factorial: FactorialOption = None,
    resume: ResumeOption = None,
    model: ModelOption = None,
    base_url: BaseUrlOption = None,
    temperature: TemperatureOption = None,
    judge_repeats: JudgeRepeatsOption = None,
    prices: PricesOption = None,
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
    dry_run: DryRunOption = False,
) -> None:
    """Which lens earns its seat, and does the debate help? Arms that differ in one thing, with controls.

    The plan is stored and hashed before the first call. What several arms ask is asked once, so a study makes
    as many calls as it has distinct prompts. A limit that is reached stops it with everything kept.

    Examples:

        debate ablate code_performance-stuck --dry-run
        debate ablate code_performance-stuck team_slow-decisions --design subsets --replicates 2
        debate ablate code_performance-stuck --design sets --set known=high --set drawn=random:4
        debate ablate study.toml --model ollama:ID --max-calls 200

    Exit codes: 0 done, 1 stopped, 2 your input is wrong, 3 done but not every cell, 130 interrupted (go on
    with: debate ablate --resume last).
    """
    given = {
        name: value for name, value in locals().items() if value not in (None, []) and value is not False
    }
    if resume is not None:
        _go_on(resume, given)
    else:
        _begin(given)


def _begin(given: dict[str, Any]) -> None:
    """Plan a study, and hold it or say what it would ask."""
    from debate.cli.spec import loading  # noqa: PLC0415 - see debate.cli

    with loading():
        from debate.cli import study_outcome as outcome  # noqa: PLC0415 - loads LangGraph
        from debate.library import Library  # noqa: PLC0415 - see debate.cli
        from debate.studies.planning import plan_study  # noqa: PLC0415 - see above

        spec, request = _asked(given)
    found = Library.open(given.get("library"))
    planned = plan_study(request, found)
    for note in planned.notes if not given.get("quiet") else ():
        screen.say(f"note: {note}")
    base = found.transcripts_dir(spec.transcripts)
    if given.get("dry_run"):
        outcome.show_forecast(planned.plan, found, spec.calls, base, as_json=bool(given.get("json")))
        return
    outcome.hold_new(planned.plan, outcome.Place(found, spec.calls, base), _talk(given))


def _go_on(name: str, given: dict[str, Any]) -> None:
    """Hold what is missing of a study."""
    from debate.cli.again import CALLS, call_settings  # noqa: PLC0415 - see debate.cli

    fixed = sorted(set(given) - CALLS - {"resume", "library", "transcripts", "json", "quiet", "ledger"})
    if fixed:
        flags = ", ".join(fixed)
        raise InputError(f"--resume goes on with the plan as it was stored; it takes no {flags}")

    from debate.cli import study_outcome as outcome  # noqa: PLC0415 - loads LangGraph
    from debate.library import Library  # noqa: PLC0415 - see debate.cli
    from debate.runs.past import calls_of  # noqa: PLC0415 - see above
    from debate.studies.plan import read  # noqa: PLC0415 - see above
    from debate.studies.study import study_folder  # noqa: PLC0415 - see above

    found = Library.open(given.get("library"))
    path = study_folder(name, found.transcripts_dir(given.get("transcripts")))
    kept = read(path).calls
    changes = call_settings({name: value for name, value in given.items() if name in CALLS}, kept)
    place = outcome.Place(found, calls_of(kept, changes), path.parent.parent)
    outcome.hold_again(path, place, _talk(given))


def _talk(given: Mapping[str, Any]) -> Any:
    from debate.cli.study_outcome import Talk  # noqa: PLC0415 - loads LangGraph

    return Talk(
        quiet=bool(given.get("quiet")),
        as_json=bool(given.get("json")),
        places={name: given.get(name) for name in ("library", "transcripts")},
    )


def _asked(given: Mapping[str, Any]) -> "tuple[RunSpec, StudyRequest]":
    """The study the flags ask for, over what a study file says. Raises `SettingsError`."""
    from debate.cli.spec import run_spec  # noqa: PLC0415 - see debate.cli
    from debate.runs.past import kept_sampling  # noqa: PLC0415 - loads LangChain
    from debate.studies import request as asking  # noqa: PLC0415 - see above

    names, file = _problems(given)
    said = {**(file.given if file else {}), **given}
    flags = {name: value for name, value in said.items() if name in _RUN_FLAGS}
    spec = run_spec(flags, problem="", temperature=said.get("temperature"))
    designs = tuple(said.get("design") or ("leave-one-out",))
    named = {**(file.named if file else {}), **asking.named_arms(said.get("named", ()), designs)}
    terms = asking.StudyTerms.checked(_terms(said), lambda name: f"--{name.replace('_', '-')}")
    return spec, asking.StudyRequest(
        problems=names,
        models=spec.models,
        designs=designs,
        named=named,
        lenses=spec.lenses,
        protocol=spec.protocol,
        controls=asking.control_names(said.get("controls", "default")),
        judge_repeats=spec.judge_repeats,
        sampling=kept_sampling(spec.calls),  # type: ignore[arg-type]
        **terms.model_dump(exclude_none=True),
    )


def _terms(said: Mapping[str, Any]) -> dict[str, Any]:
    """What a study alone is told; designs and controls have forms of their own."""
    plain = ("game", "replicates", "endpoint", "margin", "alpha", "stop", "seed", "allow_adhoc", "factorial")
    return {name: said[name] for name in plain if name in said}


def _problems(given: Mapping[str, Any]) -> "tuple[tuple[str, ...], StudyFile | None]":
    """The problems, and the study file among the arguments if there is one."""
    from debate.studies.request import read_study_file  # noqa: PLC0415 - see debate.cli

    words: list[str] = list(given.get("problems") or ())
    files = [word for word in words if word.endswith(".toml")]
    if len(files) > 1:
        raise InputError(f"one study file at a time, not {len(files)}: {', '.join(files)}")
    file = read_study_file(Path(files[0])) if files else None
    names = tuple(word for word in words if word not in files)
    return names or (file.problems if file and file.problems else ()), file
