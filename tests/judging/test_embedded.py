"""Likeness by vectors: the same idea in other words is the same idea."""

from collections.abc import Sequence
from dataclasses import replace
from itertools import permutations

import pytest

from debate.cards.problem import ProblemCard
from debate.judging.case import prepare
from debate.judging.certified import ELSEWHERE, certified
from debate.judging.checks import judge
from debate.judging.distance import LEXICAL
from debate.judging.embedded import LONGEST, Embedded, ladder_texts, plain, texts_of
from debate.judging.ideas import novelty
from debate.judging.ladder import rungs
from debate.judging.text import read
from debate.models.embeddings import packed, read_vectors, written
from tests.judging.cases import REPORT, TRIALS, Trial
from tests.judging.placer import vector

PARAPHRASE = "- Hiring speedy hardware for the stock report\n- Appending processes to the stock report\n"


def placed(card: ProblemCard, answers: Sequence[str]) -> Embedded:
    """The vectors a run would have for these answers, the card's ladder among them."""
    texts = sorted(texts_of(card, (), answers) | ladder_texts(card, ELSEWHERE))
    found = read_vectors(written([packed(vector(text)) for text in texts]), len(texts))
    return Embedded("placed", dict(zip(texts, found, strict=True)))


def test_a_paraphrase_of_the_usual_advice_is_new_by_words_and_not_by_meaning() -> None:
    answer = read(PARAPHRASE)
    by_words = novelty(prepare(REPORT.card, ()), answer).value
    by_meaning = novelty(prepare(REPORT.card, (), placed(REPORT.card, [PARAPHRASE])), answer).value
    assert by_words > 0
    assert by_meaning < by_words / 2


def test_all_texts_a_judge_asks_about_are_known_beforehand(trial: Trial) -> None:
    answers = [*trial.ladder, *(rung.text for rung in rungs(trial.card, ELSEWHERE)), trial.plan]
    for answer in answers:
        distance = placed(trial.card, [answer])
        assert judge(trial.card, answer, (), distance).criteria
    assert certified(trial.card, ELSEWHERE, placed(trial.card, [])).why.endswith("counts as the same.")


def test_the_order_of_answers_changes_no_text() -> None:
    answers = [trial.plan or trial.card.target.text for trial in TRIALS.values()]
    assert len({texts_of(REPORT.card, (), order) for order in permutations(answers)}) == 1


def test_judging_again_gives_the_same_bytes() -> None:
    once, again = (
        judge(REPORT.card, REPORT.plan, (), placed(REPORT.card, [REPORT.plan])).model_dump_json()
        for _ in range(2)
    )
    assert once == again


def test_words_stay_the_measure_where_no_model_is_named() -> None:
    one, other = (judge(REPORT.card, REPORT.plan, (), *given) for given in ((), (LEXICAL,)))
    assert one == other


@pytest.mark.parametrize("text", ["word " * 1000, "  two\n lines  "])
def test_a_text_is_compared_as_one_line_of_bounded_length(text: str) -> None:
    assert "\n" not in plain(text)
    assert len(plain(text)) <= LONGEST
    assert plain(plain(text)) == plain(text)


def test_a_card_without_two_answers_has_no_ladder_and_costs_nothing() -> None:
    bare = replace(REPORT.card, target=replace(REPORT.card.target, text=" "))
    assert ladder_texts(bare, ELSEWHERE) == frozenset()
