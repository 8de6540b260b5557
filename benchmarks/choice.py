"""How well lenses are chosen by rule, against the lenses that the authors of the shipped problems name.

    python -m benchmarks.choice

Four lenses are chosen for each problem from its visible facts; a lens is right where the card names it high,
in the second half of the table where it names it high or medium. Beside the rule stand a draw by lot (its
expected value, exact) and the four lenses that the other cards name most often. Intervals are of the mean
over problems, 95 %, by bootstrap.
"""

import random
import re
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from statistics import fmean

from debate.cards.lens import LensCard
from debate.cards.problem import ProblemCard, parse_problem
from debate.fitting import ranked
from debate.library import Library

SEATS = 4
#: Two problems of each domain are shipped; the weights were set on one of each, drawn by lot.
SET_ON = frozenset(
    (
        "code_merge-lane",
        "data_coached-shops",
        "design_shared-parts",
        "operations_pump-pool",
        "product_week-eight",
        "public-service_library-orders",
        "strategy_one-big-bet",
        "team_slow-decisions",
    )
)
TEXTBOOK = Path(__file__).with_name("textbook.md")
_CASE = re.compile(r"^## ([a-z-]+) \(([a-z ]+)\)\n(.*?)(?=^## |\Z)", re.MULTILINE | re.DOTALL)
_DRAWS = 4000

Choice = Callable[[ProblemCard], Sequence[str]]


@dataclass(frozen=True, slots=True)
class Measured:
    """Precision and recall at four over some problems, one value a problem."""

    precision: tuple[float, ...]
    recall: tuple[float, ...]

    def __str__(self) -> str:
        return f"{_interval(self.precision)} | {_interval(self.recall)}"


class Keys:
    """What the authors of the problems name, by lens id."""

    def __init__(self, library: Library) -> None:
        self.lenses = [entry.card for entry in library.lenses() if entry.card and not entry.card.is_placebo]
        cards = [entry.card for entry in library.problems() if entry.card]
        self.problems = [card for card in cards if card.relevance]
        self._levels = {
            card.id: {library.lens(each.lens).id: each.level for each in card.relevance}
            for card in self.problems
        }

    def right(self, problem: ProblemCard, levels: Sequence[str]) -> frozenset[str]:
        """The lenses that a problem's author names at one of the levels."""
        return frozenset(id_ for id_, level in self._levels[problem.id].items() if level in levels)

    def by_rule(self, problem: ProblemCard) -> list[str]:
        """What `--lenses auto` takes."""
        return [fit.lens.id for fit in ranked(problem.facts, self.lenses, problem.domain)[:SEATS]]

    def popular(self, levels: Sequence[str]) -> Choice:
        """The lenses that all other cards name most often at these levels; equals by id."""

        def choice(problem: ProblemCard) -> list[str]:
            others = (self.right(each, levels) for each in self.problems if each.id != problem.id)
            votes = Counter(id_ for named in others for id_ in named)
            return sorted(votes, key=lambda id_: (-votes[id_], id_))[:SEATS]

        return choice

    def measure(self, choice: Choice, problems: Sequence[ProblemCard], levels: Sequence[str]) -> Measured:
        """How a choice does on some problems."""
        pairs = [(frozenset(choice(each)), self.right(each, levels)) for each in problems]
        return Measured(
            tuple(len(chosen & right) / SEATS for chosen, right in pairs),
            tuple(len(chosen & right) / len(right) for chosen, right in pairs),
        )

    def by_lot(self, levels: Sequence[str]) -> str:
        """What four lenses drawn by lot are right in on average; nothing is drawn for it."""
        share = fmean(len(self.right(each, levels)) for each in self.problems) / len(self.lenses)
        return f"{share:.2f} | {SEATS / len(self.lenses):.2f}"


def table(library: Library) -> str:
    """The measurement as a Markdown table."""
    keys = Keys(library)
    tuned = [each for each in keys.problems if each.id in SET_ON]
    held = [each for each in keys.problems if each.id not in SET_ON]
    lines = ["| right is | choice | n | precision at 4 | recall at 4 |", "|---|---|---:|---|---|"]
    for name, levels in (("high", ("high",)), ("high or medium", ("high", "medium"))):
        rows = [
            ("by rule", keys.problems, keys.by_rule),
            ("by rule, half the weights were set on", tuned, keys.by_rule),
            ("by rule, the other half", held, keys.by_rule),
            ("always the most popular", keys.problems, keys.popular(levels)),
        ]
        for what, problems, choice in rows:
            lines.append(f"| {name} | {what} | {len(problems)} | {keys.measure(choice, problems, levels)} |")
        lines.append(f"| {name} | by lot (exact) | {len(keys.problems)} | {keys.by_lot(levels)} |")
    return "\n".join(lines)


def textbook() -> Iterator[tuple[str, ProblemCard]]:
    """The textbook cases: the lens each was written for, and the case as a problem card."""
    for lens, domain, text in _CASE.findall(TEXTBOOK.read_text(encoding="utf-8")):
        card = f"# Case\n\n## Domain\n{domain}\n\n## Challenge\n{text.strip()}\n"
        yield lens, parse_problem(card, TEXTBOOK, "file")


def places(lenses: Sequence[LensCard]) -> dict[str, int]:
    """At which place the rule ranks each lens on its own textbook case; 1 is the first."""
    found = {}
    for id_, case in textbook():
        order = [fit.lens.id for fit in ranked(case.facts, lenses, case.domain)]
        found[id_] = order.index(id_) + 1
    return found


def _interval(values: Sequence[float]) -> str:
    """The mean and its 95 % interval: the same for the same values."""
    lot = random.Random(0)
    means = sorted(fmean(lot.choices(values, k=len(values))) for _ in range(_DRAWS))
    low, high = means[round(0.025 * _DRAWS)], means[round(0.975 * _DRAWS) - 1]
    return f"{fmean(values):.2f} ({low:.2f}–{high:.2f})"


def main() -> None:
    """Print both measurements."""
    library = Library.open(None)
    print(table(library))
    found = places(Keys(library).lenses)
    first, four = sum(place == 1 for place in found.values()), sum(place <= SEATS for place in found.values())
    print(f"\ntextbook cases: first {first}, among the first four {four}, of {len(found)}")
    for id_, place in sorted(found.items(), key=lambda item: -item[1]):
        if place > SEATS:
            print(f"  {id_}: {place}")


if __name__ == "__main__":
    main()
