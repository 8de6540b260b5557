"""The judge on the shipped performance problem, and on the card it was retold from where that is at hand."""

from itertools import combinations
from pathlib import Path

import pytest

from debate.cards.lens import parse_lens
from debate.cards.problem import ProblemCard, parse_problem
from debate.judging.checks import judge
from debate.verdict import Scored, Verdict
from tests.conftest import REPO
from tests.judging.cases import BAKERY, CIRCLE, ELSEWHERE, FILLER, ORDER, REPORT

NAME = "code_performance-stuck.md"
CARDS = (REPO / "problems" / NAME, REPO.parent / "shared" / "seed" / NAME)

DIAGNOSIS = (
    "The request does too much work in the shape the tables were laid out for: every attempt made single "
    "operations "
    "cheaper and none made them fewer."
)
ARITHMETIC = (
    "The five gains compound to about 27 %. From 350 ms, 57 % must still go to get under 150 ms, and "
    "repeating every "
    "gain once more would end near 256 ms, so more of the same cannot reach the target."
)
LENS = "Through Pace Layering: you tuned the fast layers, while a slow layer, the data model, sets the rest."
WHY = """## Why each attempt brought little

- Redis caching saves only what is hit, and the dashboard differs for each user.
- Query optimisation made single queries cheaper, but their number is set by the schema.
- Indexes speed up each look-up and leave the count of look-ups as it was.
- Profiling and better algorithms touched code that only runs between the waits.
- Pool tuning shortens the wait for a connection; it does not remove a single round trip.
"""
STEPS = """## Steps

**1. Trace 200 requests across all layers** — one backend engineer, 1 day. Put spans around each query.

Measure: share of the 350 ms spent fetching data, unknown today.

- If at least 57 %: go on to step 2.
- If at most 25 %: stop, look for the single slow span; that would point to another cause.

**2. Count round trips per request** — one backend engineer, half a day. Log the queries of 200 requests.

Measure: queries per request, unknown today.

- If more than 20: build the read model.
- If fewer than 5: drop it and profile the serialisation.

**3. Build one read model beside the tables** — two backend engineers, 4 days. A view behind a flag.

Measure: average of the endpoint for 5 % of users, 350 ms today.

- If under 200 ms: roll it out.
- If over 300 ms: turn the flag off; the database and the contract stay as they are.
"""
LETTER = "\n\n".join((DIAGNOSIS, ARITHMETIC, LENS, WHY, STEPS))


@pytest.fixture(params=CARDS, ids=("shipped", "seed"))
def card(request: pytest.FixtureRequest) -> ProblemCard:
    """The problem, parsed."""
    path: Path = request.param
    if not path.exists():
        pytest.skip(f"{path.name} is not at hand")
    return parse_problem(path.read_text(encoding="utf-8"), path, "file")


def scores(verdict: Verdict) -> dict[str, float]:
    """The answer's score by criterion."""
    return {s.name: s.answer for s in verdict.criteria if s.answer is not None}


def test_every_criterion_is_scored_and_the_target_is_above_the_baseline(card: ProblemCard) -> None:
    verdict = judge(card, card.target.text, ())
    assert [s.status for s in verdict.criteria] == [Scored.SCORED] * 5
    assert all(s.answer == s.target > s.baseline for s in verdict.criteria if s.target and s.baseline)
    assert {s.name: s.anchors for s in verdict.criteria} == {
        "Originality": "rated",
        "Lens Relevance": "assumed",
        "Explanation": "assumed",
        "Actionability": "rated",
        "Novelty": "rated",
    }


def test_each_rung_of_the_ladder_is_above_the_one_before(card: ProblemCard) -> None:
    b = card.baseline.text
    rungs = ("", ELSEWHERE, b, f"{b}\n\n{DIAGNOSIS}", f"{b}\n\n{DIAGNOSIS}\n\n{WHY}\n\n{STEPS}", LETTER)
    columns = [scores(judge(card, text, ())) for text in rungs]
    for name in columns[0]:
        falling = [(a, c) for a, c in combinations([column[name] for column in columns], 2) if a > c + 1e-9]
        assert not falling, (name, falling)


@pytest.mark.parametrize(
    "text", ["", ELSEWHERE, FILLER, ORDER, *(t.card.target.text for t in (BAKERY, CIRCLE))]
)
def test_empty_and_foreign_answers_end_at_the_bottom(card: ProblemCard, text: str) -> None:
    assert max(scores(judge(card, text, ())).values()) <= 1.5


def test_an_answer_to_a_neighbouring_problem_stays_below_the_baseline(card: ProblemCard) -> None:
    headline = judge(card, REPORT.card.target.text, ()).headline
    assert headline.answer is not None
    assert headline.baseline is not None
    assert headline.answer <= headline.baseline - 0.5


@pytest.mark.parametrize("more", [FILLER, f"{FILLER} {FILLER}", ORDER])
def test_padding_and_orders_move_nothing(card: ProblemCard, more: str) -> None:
    for text in (card.baseline.text, card.target.text):
        before = scores(judge(card, text, ()))
        after = scores(judge(card, f"{text}\n\n{more}", ()))
        assert all(abs(after[name] - before[name]) <= 0.5 for name in before)


def test_a_good_letter_is_well_above_the_baseline_on_every_criterion(card: ProblemCard) -> None:
    path = REPO / "lenses" / "pace-layering.md"
    lens = parse_lens(path.read_text(encoding="utf-8"), path, "built-in")
    verdict = judge(card, LETTER, (lens,))
    found = {s.name: s for s in verdict.criteria}
    assert all(s.answer is not None and s.baseline is not None for s in found.values())
    assert all((s.answer or 0) >= (s.baseline or 0) + 3 for s in found.values()), scores(verdict)
    assert found["Actionability"].band == "7-10"
    assert found["Explanation"].band == "7-10"
    assert verdict.headline.band == "7-10"
    assert any("5 of 5 attempts explained" in reason for reason in found["Explanation"].reasons)
    assert any("3 of 3 name a threshold" in reason for reason in found["Actionability"].reasons)


def test_a_letter_without_its_steps_loses_actionability(card: ProblemCard) -> None:
    whole, without = scores(judge(card, LETTER, ())), scores(judge(card, LETTER.replace(STEPS, ""), ()))
    assert without["Actionability"] <= whole["Actionability"] - 2
    assert without["Explanation"] >= whole["Explanation"] - 2


def test_beyond_a_target_that_measures_little_a_score_says_that_it_is_saturated(card: ProblemCard) -> None:
    target, letter = (
        judge(card, text, ()) for text in (card.target.text, f"{DIAGNOSIS}\n\n{WHY}\n\n{STEPS}")
    )
    saturated = {
        name: [s.name for s in verdict.criteria if any(r.startswith("Saturated") for r in s.reasons)]
        for name, verdict in (("target", target), ("letter", letter))
    }
    assert saturated == {"target": [], "letter": ["Actionability"]}
