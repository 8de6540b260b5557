"""The judge by rule on short cards of other fields, written before it had seen any of them."""

from functools import cache
from pathlib import Path

import pytest

from debate.cards.problem import ProblemCard, parse_problem
from debate.judging.calibration import gates
from debate.judging.certified import foreign_answer
from debate.judging.checks import judge_of
from debate.judging.ladder import BASELINE, EMPTY, FOREIGN, TARGET, rungs
from debate.judging.scores import is_lens_relevance
from tests.offline.held import library

FOLDER = Path(__file__).parent / "unseen"
NAMES = sorted(path.stem for path in FOLDER.glob("*.md"))
SHIPPED = [entry.card for entry in library().problems() if entry.card]


def unseen(name: str) -> ProblemCard:
    path = FOLDER / f"{name}.md"
    return parse_problem(path.read_text(encoding="utf-8"), path, "file")


def scores(card: ProblemCard, answer: str) -> dict[str, float | None]:
    """An answer's scores without Lens Relevance, by criterion."""
    found = judge_of(card, ())(answer).criteria
    return {score.name.casefold(): score.answer for score in found if not is_lens_relevance(score.name)}


@cache
def table(name: str) -> dict[str, dict[str, float | None]]:
    card = unseen(name)
    return {rung.label: scores(card, rung.text) for rung in rungs(card, foreign_answer(card, SHIPPED))}


def test_there_are_six_of_six_domains() -> None:
    assert len({unseen(name).domain for name in NAMES}) == 6


@pytest.mark.parametrize("name", NAMES)
def test_no_gate_of_the_ladder_fails(name: str) -> None:
    assert not [gate for gate in gates(table(name)) if gate.passed is False], table(name)


@pytest.mark.parametrize("name", NAMES)
def test_every_criterion_has_a_scale_and_the_target_is_above_the_baseline_on_it(name: str) -> None:
    base, best = table(name)[BASELINE], table(name)[TARGET]
    assert all((low or 0) < (best[criterion] or 0) for criterion, low in base.items())


@pytest.mark.parametrize("name", NAMES)
def test_the_best_answer_to_any_other_problem_is_at_the_bottom(name: str) -> None:
    others = [unseen(other) for other in NAMES if other != name] + SHIPPED
    found = {other.id: scores(unseen(name), other.target.text) for other in others}
    assert all(
        (score or 0) <= 3 for row in (*found.values(), table(name)[EMPTY]) for score in row.values()
    ), found
    assert set(table(name)[FOREIGN].values()) == {0.0}
