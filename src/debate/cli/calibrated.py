"""What `debate calibrate` does."""

import asyncio
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict
from typing import TYPE_CHECKING, Any

import typer

from debate.cli import screen
from debate.cli.judged import BELOW, counting, warn_of_model
from debate.cli.spec import run_spec
from debate.errors import InputError
from debate.judging.calibration import outcome
from debate.library import Library
from debate.verdict import Trust

if TYPE_CHECKING:
    from debate.runs.judging import Calibrated


def calibrate_all(
    given: Mapping[str, Any], problems: Sequence[str] | None, *, json: bool, quiet: bool
) -> None:
    """Calibrate on the problems, or on all that can be; show what came out."""
    found = Library.open(given.get("library"))
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
    found_wanting = [told for result in results for told in _wanting(result)]
    for told in found_wanting:
        screen.say(f"debate: {told}", "red")
    if found_wanting:
        raise typer.Exit(BELOW)


def _judgeable(library: Library) -> list[str]:
    cards = [entry.card for entry in library.problems() if entry.card]
    found = [card.id for card in cards if card.baseline.text.strip() and card.target.text.strip()]
    if not found:
        raise InputError("no problem card of the library has a baseline and a target to calibrate on")
    return found


def _show_calibration(result: "Calibrated") -> None:
    screen.page(f"# {result.problem}\n\n## By rule\n\n{result.note}")
    _gates(result.checks)
    state, why = outcome(result.checks)
    screen.page(f"\nThe judge by rule: **{state}**: {why}")
    if result.certificate is not None:
        kept = result.certificate
        screen.page(f"\n## By {', '.join(kept.identity.jurors)}")
        _gates(kept.gates)
        screen.page(f"\nCertificate {kept.id}: **{kept.state}**: {kept.told}")
        screen.say(f"Kept in {result.path}; {kept.ballots} ballots, {kept.missing} missing")


def _gates(gates: Sequence[Any]) -> None:
    rows = [
        (
            gate.name,
            "–" if gate.value is None else f"{gate.value:.2f}",
            gate.bound,
            f"{gate.n} {gate.unit}".strip(),
            "" if gate.low is None else f"{gate.low:.2f} to {gate.high:.2f}",
            {True: "passed", False: "FAILED", None: "not measured"}[gate.passed],
        )
        for gate in gates
    ]
    screen.table(("gate", "measured", "must be", "n", "95 % interval", ""), rows)


def _calibration(result: "Calibrated") -> Mapping[str, Any]:
    kept = result.certificate
    state, why = outcome(result.checks)
    return {
        "problem": result.problem,
        "measured": result.note,
        "by_rule": {"state": state, "why": why},
        "checks": [asdict(gate) for gate in result.checks],
        "table": result.table,
        "certificate": None if kept is None else kept.model_dump(mode="json"),
    }


def _wanting(result: "Calibrated") -> Iterator[str]:
    """Which of the judges that were tried is not admissible, and why."""
    tried = [("the judge by rule", *outcome(result.checks))]
    if (kept := result.certificate) is not None:
        tried.append((", ".join(kept.identity.models), kept.state, kept.why))
    for judge, state, why in tried:
        if state is not Trust.ADMISSIBLE:
            yield f"{result.problem}: {judge} is {state}: {why}"
