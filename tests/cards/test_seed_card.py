"""The shipped card against the seed it retells: same figures and judgements, other words.

The seed lies beside the repository where the card was written; elsewhere these tests are skipped.
"""

import re
from pathlib import Path

import pytest

from debate.cards.facts import FactKind
from debate.cards.markdown import read_text
from debate.cards.problem import ProblemCard, parse_problem
from debate.cards.readings import figures

ROOT = Path(__file__).parents[2]
NAME = "code_performance-stuck.md"
SEED = ROOT.parent / "shared" / "seed" / NAME

NAMES = (
    "`/api/users/dashboard`", "Python", "Django", "PostgreSQL", "Redis", "p95", "API contract", "CDN",
    "GraphQL", "Go", "Rust", "OpenTelemetry", "15+ tables", "N+1", "ORM", "CQRS", "data transfer volume",
    "app→db", "db→app", "normalized", "denormalized read model", "materialized view", "network latency",
    "serialization", "SaaS", "diminishing returns", "months/years", "data model", "<5% each",
    "distributed tracing",
)  # fmt: skip

needs_seed = pytest.mark.skipif(not SEED.exists(), reason="the seed card is not beside this checkout")


def card(path: Path) -> ProblemCard:
    return parse_problem(read_text(path), path, "file")


def own() -> ProblemCard:
    return card(ROOT / "problems" / NAME)


def test_the_shipped_card_is_read_without_a_fault() -> None:
    shipped = own()
    assert {kind: len(shipped.of(kind)) for kind in FactKind} == dict.fromkeys(FactKind, 5)
    assert all("not rated" in warning.message for warning in shipped.warnings)


def test_its_figures_force_the_diagnosis() -> None:
    found = figures(own().facts)
    assert found is not None
    assert (found.start, found.now, found.target, found.tail, found.deadline) == (500, 350, 150, 800, 10)
    values = {reading.key: round(reading.value) for reading in own().readings}
    assert values["compound"] == 27
    assert values["gap_share"] == 57
    assert values["repeat"] == 256


@needs_seed
class TestAgainstTheSeed:
    def test_identity_is_the_same(self) -> None:
        assert (own().id, own().domain) == (card(SEED).id, card(SEED).domain)

    @pytest.mark.parametrize("kind", list(FactKind))
    def test_facts_of_each_kind_hold_the_same_figures(self, kind: FactKind) -> None:
        ours, theirs = own().of(kind), card(SEED).of(kind)
        assert len(ours) == len(theirs)
        figures_of = [
            [[(q.low, q.high, q.unit, q.bound) for q in f.quantities] for f in facts]
            for facts in (ours, theirs)
        ]
        assert figures_of[0] == figures_of[1]

    def test_attempts_have_the_same_effects_in_the_same_order(self) -> None:
        effects = [
            [
                (f.effect.direction, f.effect.amount.value)
                for f in c.of(FactKind.TRIED)
                if f.effect and f.effect.amount
            ]
            for c in (own(), card(SEED))
        ]
        assert len(effects[0]) == 5
        assert effects[0] == effects[1]

    def test_names_stay(self) -> None:
        seed, shipped = SEED.read_text("utf-8"), (ROOT / "problems" / NAME).read_text("utf-8")
        for name in NAMES:
            assert name in seed
            assert name in shipped

    def test_lenses_have_the_same_levels(self) -> None:
        ours, theirs = ([(r.lens, r.level) for r in c.relevance] for c in (own(), card(SEED)))
        assert ours == theirs
        assert len(ours) == 10
        assert all(r.gloss for r in own().relevance)

    @pytest.mark.parametrize("answer", ["baseline", "target"])
    def test_ratings_are_the_same(self, answer: str) -> None:
        ours, theirs = (
            [(r.criterion, r.low, r.high, bool(r.note)) for r in getattr(c, answer).ratings]
            for c in (own(), card(SEED))
        )
        assert ours == theirs
        assert len(ours) == 3

    @pytest.mark.parametrize("answer", ["baseline", "target"])
    def test_answers_have_as_many_elements(self, answer: str) -> None:
        ours, theirs = (
            len(re.findall(r"^\s*(?:-|\d\.)\s", getattr(c, answer).text, re.MULTILINE))
            for c in (own(), card(SEED))
        )
        assert ours == theirs

    def test_every_rubric_cell_is_kept(self) -> None:
        assert own().rubric == card(SEED).rubric
        assert len(own().rubric) == 5

    def test_no_eight_words_in_a_row_are_the_seeds(self) -> None:
        ours, theirs = (
            _runs(path.read_text("utf-8").partition("| Metric")[0])
            for path in (ROOT / "problems" / NAME, SEED)
        )
        assert {run for run in ours & theirs if not _heading(run)} == set()


def _runs(text: str) -> set[tuple[str, ...]]:
    words = re.findall(r"[^\W_]+(?:[_'-][^\W_]+)*", text.casefold())
    return {tuple(words[n : n + 8]) for n in range(len(words) - 7)}


def _heading(run: tuple[str, ...]) -> bool:
    """The names of the sections and the id follow each other in every card."""
    return {"problem", "id", "domain", "title"} <= set(run)
