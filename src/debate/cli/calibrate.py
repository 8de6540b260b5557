"""`debate calibrate`: judges, tried on answers whose order is known."""

import asyncio
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Annotated, Any

import typer

from debate.cli import screen
from debate.cli.judging import BELOW, counting, warn_of_model
from debate.cli.options import (
    BaseUrlOption,
    ConcurrencyOption,
    DeadlineOption,
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
from debate.cli.spec import FLAGS, run_spec
from debate.errors import InputError
from debate.library import Library
from debate.verdict import Trust

if TYPE_CHECKING:
    from debate.runs.judging import Calibrated

ProblemsArgument = Annotated[
    list[str] | None,
    typer.Argument(metavar="[PROBLEM]…", help="Ids or card files; all with two known answers when left out."),
]


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

    Exit codes: 0 every judge is admissible, 1 a model could not be asked, 2 your input is wrong, 3 a judge is
    not admissible.
    """
    given = {name: value for name, value in locals().items() if name in FLAGS and value not in (None, [])}
    found = Library.open(library)
    names = problems or _judgeable(found)
    warn_of_model(given, run_spec(given, problem=""))
    from debate.runs.judging import calibrate as calibrated  # noqa: PLC0415 - loads LangGraph

    results = []
    for name in names:
        spec = run_spec(given, problem=name)
        results.append(asyncio.run(calibrated(spec, found, counting(quiet=quiet))))
        if not json:
            _show_calibration(results[-1])
    if json:
        screen.document([_calibration(result) for result in results])
    if not all(map(_admissible, results)):
        raise typer.Exit(BELOW)


def _judgeable(library: Library) -> list[str]:
    cards = [entry.card for entry in library.problems() if entry.card]
    found = [card.id for card in cards if card.baseline.text.strip() and card.target.text.strip()]
    if not found:
        raise InputError("no problem card of the library has a baseline and a target to calibrate on")
    return found


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
