"""What is left of the scores when every lens is replaced by a placebo.

    python -m benchmarks.placebo

Each shipped problem is debated twice offline, with the lenses its card names high and with as many placebos
as there are, four at most, and both answers go to the checks judge.
"""

import asyncio
import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from statistics import fmean

from debate.library import Library
from debate.models.binding import OFFLINE
from debate.models.roles import ROLES
from debate.runs import RunSpec, run
from debate.verdict import Verdict

REAL, SHAM = "high", "placebo:4"
HEADLINE = "headline"


@dataclass(frozen=True, slots=True)
class Pair:
    """One problem's two verdicts."""

    problem: str
    real: Verdict
    sham: Verdict

    def scores(self) -> Mapping[str, tuple[float, float]]:
        """By criterion, headline first: real and placebo, where both have a score."""
        real, sham = (_by_name(verdict) for verdict in (self.real, self.sham))
        return {name: (real[name], sham[name]) for name in real if name in sham}


def pairs(library: Library, problems: Sequence[str]) -> list[Pair]:
    """Debate each problem twice."""
    return [Pair(name, _held(library, name, REAL), _held(library, name, SHAM)) for name in problems]


def fall(found: Sequence[Pair]) -> dict[str, list[float]]:
    """By criterion, how much each problem's score fell."""
    by_name: dict[str, list[float]] = {}
    for pair in found:
        for name, (real, sham) in pair.scores().items():
            by_name.setdefault(name, []).append(real - sham)
    return by_name


def table(found: Sequence[Pair]) -> str:
    """Headline and each criterion, real against placebo, as a Markdown table."""
    falls = fall(found)
    lines = [
        "| criterion | n | lenses | placebos | fall | fell on | rose on |",
        "|---|---:|---:|---:|---:|---:|---:|",
    ]
    for name, fell in falls.items():
        both = [pair.scores()[name] for pair in found if name in pair.scores()]
        real, sham = (fmean(each[n] for each in both) for n in (0, 1))
        down, up = sum(each > 0 for each in fell), sum(each < 0 for each in fell)
        shown = f"**{name}**" if name == HEADLINE else name
        lines.append(
            f"| {shown} | {len(both)} | {real:.1f} | {sham:.1f} | {fmean(fell):.1f} | {down} | {up} |"
        )
    return "\n".join(lines)


def _by_name(verdict: Verdict) -> dict[str, float]:
    scores = {HEADLINE: verdict.headline.answer} | {each.name: each.answer for each in verdict.criteria}
    return {name: answer for name, answer in scores.items() if answer is not None}


def _held(library: Library, problem: str, lenses: str) -> Verdict:
    with tempfile.TemporaryDirectory(prefix="debate-placebo-") as folder:
        spec = RunSpec(problem, dict.fromkeys(ROLES, OFFLINE), lenses=lenses, transcripts=Path(folder))
        result = asyncio.run(run(spec, library, lambda _: None))
    if result.verdict is None:
        raise SystemExit(f"{problem} with {lenses} ended {result.status}: {result.error}")
    return result.verdict


def main() -> None:
    """Print the falls of all shipped problems, then each headline."""
    library = Library.open(None)
    found = pairs(library, [entry.id for entry in library.problems() if entry.card])
    print(table(found))
    print()
    for pair in found:
        real, sham = pair.scores()[HEADLINE]
        print(f"{pair.problem:<32} {real:4.1f} {sham:4.1f}")


if __name__ == "__main__":
    main()
