"""Answers that no program of ours wrote: the judge by rule puts them in the order a reader did."""

from pathlib import Path

import pytest
from scipy.stats import kendalltau

from debate.judging.checks import judge
from tests.offline.held import shipped

ANSWERS = Path(__file__).parent / "answers"
#: Best first, decided on before any of them had a score; see the README beside them.
ORDER = {
    "code_performance-stuck": (
        *("joins", "round-trips", "two-clocks", "one-row-per-user", "checklist-of-suspects"),
        *("smaller-page", "report", "four-gates", "rewrite", "keep-going"),
    ),
    "operations_returns-desk": (
        *("pile", "calls-by-age", "letter-to-the-head", "pay-on-scan", "phone-hours"),
        *("sorting", "framework", "kpi-programme", "temps", "apology"),
    ),
}
LEAST = 0.6


def headlines(problem: str) -> dict[str, float | None]:
    """The judge's headline of each answer, best first by the reader's order."""
    texts = {name: (ANSWERS / problem / f"{name}.md").read_text(encoding="utf-8") for name in ORDER[problem]}
    return {name: judge(shipped(problem), text, []).headline.answer for name, text in texts.items()}


@pytest.mark.parametrize("problem", ORDER)
def test_the_judge_by_rule_agrees_with_a_reader_on_answers_in_any_form(problem: str) -> None:
    found = headlines(problem)
    scores = [score for score in found.values() if score is not None]
    assert len(scores) == len(found)
    tau = float(kendalltau(range(len(scores), 0, -1), scores).statistic)
    assert tau >= LEAST, found


def test_every_answer_has_its_place_in_the_order() -> None:
    files = {(path.parent.name, path.stem) for path in ANSWERS.glob("*/*.md")}
    assert files == {(problem, name) for problem, names in ORDER.items() for name in names}
