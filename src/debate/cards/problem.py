"""Problem cards: a stuck problem as Markdown, in the long dialect, the short one, and anything between.

What agents may see (title, domain, facts, the owner's question) and what only the judge may see (expected
lens relevance, baseline, target, evaluation notes, rubric) are two parts of one card.
`ProblemCard.answer_key` is all of the second part as text: the leak test holds every rendered prompt against
it.
"""

from dataclasses import dataclass, field
from pathlib import Path

from debate.cards.facts import Fact, FactKind, Reading


@dataclass(frozen=True, slots=True)
class Relevance:
    """One lens the card's author names: level is "high", "medium" or "low"; gloss says why."""

    lens: str
    level: str
    gloss: str
    line: int


@dataclass(frozen=True, slots=True)
class Rating:
    """A rating the card's author gave an answer, 0 to 10; a single number has low == high."""

    criterion: str
    low: float
    high: float
    note: str
    line: int

    @property
    def value(self) -> float:
        """Middle of the range."""
        return (self.low + self.high) / 2


@dataclass(frozen=True, slots=True)
class Pattern:
    """A known answer (baseline or target): its text, what characterises it, and the author's ratings by
    criterion.
    """

    text: str
    characteristics: tuple[str, ...]
    ratings: tuple[Rating, ...]
    line: int

    def rating(self, criterion: str) -> Rating | None:
        """The author's rating of `criterion` (case-insensitive), if the card states one."""
        return next((r for r in self.ratings if r.criterion.casefold() == criterion.casefold()), None)


@dataclass(frozen=True, slots=True)
class RubricRow:
    """One criterion with what an answer in each band (0-3, 4-6, 7-10) looks like."""

    criterion: str
    low: str
    middle: str
    high: str


@dataclass(frozen=True, slots=True)
class ProblemCard:
    """A parsed problem card. `origin` is "built-in", "overlay" or "file"; `sha256` is of the file's bytes."""

    id: str
    domain: str
    title: str
    facts: tuple[Fact, ...]
    readings: tuple[Reading, ...]
    question: str
    relevance: tuple[Relevance, ...]
    baseline: Pattern
    target: Pattern
    notes: str
    rubric: tuple[RubricRow, ...]
    path: Path
    origin: str
    sha256: str
    answer_key: str = field(repr=False, default="")

    def of(self, kind: FactKind) -> tuple[Fact, ...]:
        """Facts of one kind, in the card's order."""
        return tuple(fact for fact in self.facts if fact.kind is kind)

    def fact(self, id_: str) -> Fact | Reading | None:
        """The fact or reading called `id_`, or None."""
        return next((f for f in (*self.facts, *self.readings) if f.id == id_), None)
