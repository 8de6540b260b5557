"""`debate judge`, `rejudge` and `calibrate`: judges, with no debate."""

import asyncio
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from debate.cards.lens import LensCard
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
from debate.events import CallFinished, Event
from debate.library import Library
from debate.transcripts import ANSWER, Run, find_run, known_runs
from debate.verdict import Trust, Verdict

if TYPE_CHECKING:
    from debate.runs.judging import Calibrated
    from debate.runs.spec import RunSpec

BELOW = 3

ProblemsArgument = Annotated[
    list[str] | None,
    typer.Argument(metavar="[PROBLEM]…", help="Ids or card files; all with two known answers when left out."),
]


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

    Exit codes: 0 judged, 2 your input is wrong, 3 the score is below --fail-under.
    """
    given = {
        name: value
        for name, value in locals().items()
        if name in FLAGS - {"lenses"} and value not in (None, [])
    }
    text = _text(answer)
    spec = _authored(run_spec(given, problem=problem), author)
    found = Library.open(library)
    worn = tuple(found.lens(name.strip()) for name in (lenses or "").split(",") if name.strip())
    from debate.runs.judging import judge_text  # noqa: PLC0415 - loads LangGraph

    verdicts = asyncio.run(judge_text(spec, found, text, worn, _counting(quiet=quiet)))
    _shown(problem, verdicts, as_json=json)
    _below(verdicts[0], fail_under)


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
    """
    given = {name: value for name, value in locals().items() if name in FLAGS and value not in (None, [])}
    found = Library.open(library)
    pasts = [_past(name, found, transcripts) for name in runs]
    documents = []
    for past in pasts:
        spec, lenses = _of_run(run_spec(given, problem=_problem_of(past)), past, found)
        from debate.runs.judging import judge_text  # noqa: PLC0415 - loads LangGraph

        text = (past.path / ANSWER).read_text(encoding="utf-8")
        verdicts = asyncio.run(judge_text(spec, found, text, lenses, _counting(quiet=quiet)))
        documents.append({"run": past.manifest.id, **_document(past.manifest.problem.id, verdicts)})
        if not json:
            screen.page(f"# {past.manifest.id}")
            show_verdicts(verdicts)
    if json:
        screen.document(documents)


def calibrate(
    *,
    problems: ProblemsArgument = None,
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
    """Try the judges on answers whose order is known, made from the card's own two, and keep what came out.

    Every verdict on the card then says whether its judge was found admissible. Without --model judge=… the
    judge by rule is tried, which costs nothing.

    Examples:

        debate calibrate code_performance-stuck
        debate calibrate --model judge=ollama:ID --judge-repeats 5

    Exit codes: 0 every judge is admissible, 3 one is not, 2 your input is wrong.
    """
    given = {name: value for name, value in locals().items() if name in FLAGS and value not in (None, [])}
    found = Library.open(library)
    names = problems or _judgeable(found)
    from debate.runs.judging import calibrate as calibrated  # noqa: PLC0415 - loads LangGraph

    results = []
    for name in names:
        spec = run_spec(given, problem=name)
        results.append(asyncio.run(calibrated(spec, found, _counting(quiet=quiet))))
        if not json:
            _show_calibration(results[-1])
    if json:
        screen.document([_calibration(result) for result in results])
    if not all(map(_admissible, results)):
        raise typer.Exit(BELOW)


def _text(answer: str) -> str:
    import sys  # noqa: PLC0415 - only here

    try:
        return sys.stdin.read() if answer == "-" else Path(answer).read_text(encoding="utf-8-sig")
    except OSError as error:
        raise InputError(f"cannot read the answer {answer}: {error.strerror}") from error
    except UnicodeDecodeError as error:
        raise InputError(f"the answer {answer} is no text in UTF-8") from error


def _authored(spec: "RunSpec", author: str | None) -> "RunSpec":
    from dataclasses import replace  # noqa: PLC0415 - only here

    from debate.models.roles import JUDGE  # noqa: PLC0415 - loads what run_spec has loaded

    judges = {role: name for role, name in spec.models.items() if role == JUDGE}
    return replace(spec, models={**judges, **({"writer": author} if author else {})})


def _of_run(spec: "RunSpec", past: Run, library: Library) -> tuple["RunSpec", tuple[LensCard, ...]]:
    """The spec with the run's authors, and the run's lenses as the library has them now."""
    from dataclasses import replace  # noqa: PLC0415 - only here

    from debate.models.roles import JUDGE  # noqa: PLC0415 - loads what run_spec has loaded

    authors = {role: name for role, name in past.manifest.models.items() if role != JUDGE}
    judges = {role: name for role, name in spec.models.items() if role == JUDGE}
    card = library.problem(spec.problem)
    if card.sha256 != past.manifest.problem.sha256:
        screen.say(f"note: the problem card {card.id} has changed since {past.manifest.id}", "yellow")
    lenses = tuple(library.lens(ref.id) for ref in past.manifest.lenses if ref.origin != "ad hoc")
    return replace(spec, models={**authors, **judges}), lenses


def _past(name: str, library: Library, transcripts: Path | None) -> Run:
    listed = find_run(name, known_runs(library, transcripts))
    if listed.broken:
        raise TranscriptError(listed.broken)
    past = Run.load(listed.path)
    if not (past.path / ANSWER).exists():
        raise InputError(f"the run {past.manifest.id} has no answer to judge; resume it first")
    return past


def _problem_of(past: Run) -> str:
    ref = past.manifest.problem
    return ref.path if ref.origin == "file" else ref.id


def _judgeable(library: Library) -> list[str]:
    cards = [entry.card for entry in library.problems() if entry.card]
    return [card.id for card in cards if card.baseline.text.strip() and card.target.text.strip()]


def _counting(*, quiet: bool) -> Any:
    """Tells now and then how many ballots are in."""
    said = 0

    def listen(event: Event) -> None:
        nonlocal said
        if isinstance(event, CallFinished):
            said += 1
            if not quiet and said % 25 == 0:
                screen.say(f"{said} ballots", "dim")

    return listen


def _shown(problem: str, verdicts: tuple[Verdict, Verdict | None], *, as_json: bool) -> None:
    if as_json:
        screen.document(_document(problem, verdicts))
    else:
        show_verdicts(verdicts)


def _document(problem: str, verdicts: tuple[Verdict, Verdict | None]) -> dict[str, Any]:
    from debate.runs.document import verdict_document  # noqa: PLC0415 - loads LangGraph

    checks, jury = verdicts
    return {"problem": problem, "verdict": verdict_document(checks), "jury": verdict_document(jury)}


def _below(verdict: Verdict, fail_under: float | None) -> None:
    score = verdict.headline.answer
    if fail_under is not None and (score is None or score < fail_under):
        told = "there is no score" if score is None else f"the score {score:.1f} is below it"
        screen.say(f"debate: --fail-under {fail_under:g}: {told}", "red")
        raise typer.Exit(BELOW)


def _show_calibration(result: "Calibrated") -> None:
    screen.page(f"# {result.problem}\n\n## By rule")
    _gates(result.checks)
    if result.certificate is not None:
        kept = result.certificate
        screen.page(f"\n## By {', '.join(kept.identity.models)}")
        _gates(kept.gates)
        screen.page(f"\nCertificate {kept.id}: **{kept.state}**: {kept.why}")
        screen.say(f"Kept in {result.path}; {kept.ballots} ballots, {kept.missing} missing")


def _gates(gates: Sequence[Any]) -> None:
    rows = [
        (
            gate.name,
            "–" if gate.value is None else f"{gate.value:.2f}",
            gate.bound,
            str(gate.n),
            "" if gate.low is None else f"{gate.low:.2f} to {gate.high:.2f}",
            {True: "passed", False: "FAILED", None: "not measured"}[gate.passed],
        )
        for gate in gates
    ]
    screen.table(("gate", "measured", "must be", "n", "95 % interval", ""), rows)


def _calibration(result: "Calibrated") -> Mapping[str, Any]:
    from dataclasses import asdict  # noqa: PLC0415 - only here

    kept = result.certificate
    return {
        "problem": result.problem,
        "checks": [asdict(gate) for gate in result.checks],
        "table": result.table,
        "certificate": None if kept is None else kept.model_dump(mode="json"),
    }


def _admissible(result: "Calibrated") -> bool:
    by_rule = all(gate.passed is not False for gate in result.checks)
    return by_rule and (result.certificate is None or result.certificate.state is Trust.ADMISSIBLE)
