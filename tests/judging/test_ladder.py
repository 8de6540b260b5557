"""The checks judge on answers whose order is known: shipped cards, and cards it was not made for."""

import re
from collections import Counter
from functools import cache
from itertools import combinations, pairwise
from statistics import fmean

import pytest

from debate.cards.problem import ProblemCard
from debate.judging.calibration import gates, mean
from debate.judging.certified import ELSEWHERE, certified, foreign_answer
from debate.judging.checks import judge, judge_of
from debate.judging.ladder import (
    BASELINE,
    EMPTY,
    FOREIGN,
    ONE,
    PADDED,
    REVERSED,
    TARGET,
    TWO,
    UNTESTED,
    reversed_points,
    rungs,
)
from debate.judging.proposals import proposals
from debate.judging.scores import is_lens_relevance
from debate.judging.text import read
from debate.judging.words import GENERIC, stems
from debate.verdict import Trust, Verdict
from tests.judging.cases import BAKERY, CIRCLE, REPORT
from tests.offline.held import CARDS, library, shipped

SHIPPED = tuple(entry.id for entry in library().problems())
UNSEEN = tuple(
    sorted(
        path.stem
        for path in CARDS.glob("*.md")
        if all(read(getattr(shipped(path.stem), side).text).claims for side in ("baseline", "target"))
    )
)
NAMES = (*SHIPPED, *UNSEEN)
LISTED = "### Path\n\n%s\n\n### Steps\n\nWhat to do:\n- One\n- Two\n  - of it\n- Three"


def words(text: str) -> Counter[str]:
    """The words of a text, numbers of lists left out, each with how often it comes."""
    return Counter(re.findall(r"[^\W\d_]+", text))


def scores(verdict: Verdict) -> dict[str, float | None]:
    """The answer's scores without Lens Relevance, by criterion."""
    return {s.name.casefold(): s.answer for s in verdict.criteria if not is_lens_relevance(s.name)}


@cache
def table(name: str) -> dict[str, dict[str, float | None]]:
    """What the judge makes of the ladder of a card."""
    card = shipped(name)
    others = [shipped(other) for other in SHIPPED]
    tried = judge_of(card, ())
    return {rung.label: scores(tried(rung.text)) for rung in rungs(card, foreign_answer(card, others))}


def foreign_scores(card: ProblemCard, other: str) -> dict[str, float]:
    """What another card's target gets, criterion by criterion, without abstentions."""
    found = scores(judge(card, shipped(other).target.text, ()))
    return {criterion: value for criterion, value in found.items() if value is not None}


def check_foreign(name: str, others: list[str]) -> None:
    """Another problem's best answer stays at the bottom, whichever problem it is."""
    card = shipped(name)
    for other in others:
        found = foreign_scores(card, other)
        assert all(value <= 3 for value in found.values()), (name, other, found)
        means = [mean(table(name)[BASELINE]), fmean(found.values()) if found else None]
        assert means[1] is None or means[0] is None or means[1] < means[0], (name, other, means)


def test_there_are_cards_enough() -> None:
    assert len(SHIPPED) >= 12
    assert len(UNSEEN) >= 6


@pytest.mark.parametrize("name", NAMES)
def test_no_gate_of_a_calibration_fails(name: str) -> None:
    failed = [gate for gate in gates(table(name)) if gate.passed is False]
    assert not failed, {label: row for label, row in table(name).items() if label != EMPTY}


@pytest.mark.parametrize("name", NAMES)
def test_the_target_is_above_the_baseline_wherever_there_is_a_score(name: str) -> None:
    base, best = table(name)[BASELINE], table(name)[TARGET]
    pairs = [(base[criterion], best[criterion]) for criterion in base]
    known = [(low, high) for low, high in pairs if low is not None and high is not None]
    assert known
    assert all(low < high for low, high in known)


@pytest.mark.parametrize("name", NAMES)
def test_two_foreign_targets_land_at_the_bottom(name: str) -> None:
    others = [other for other in SHIPPED if other != name]
    start = NAMES.index(name)
    check_foreign(name, [others[(start + step) % len(others)] for step in (3, 8)])


@pytest.mark.soak
@pytest.mark.parametrize("name", NAMES)
def test_every_foreign_target_lands_at_the_bottom(name: str) -> None:
    check_foreign(name, [other for other in SHIPPED if other != name])


@pytest.mark.parametrize("name", [SHIPPED[0], UNSEEN[0]])
def test_judging_again_gives_the_same_bytes(name: str) -> None:
    card = shipped(name)
    once, again = (judge(card, card.target.text, ()).model_dump_json() for _ in range(2))
    assert once == again


class TestReversal:
    def test_what_introduces_a_list_stays_before_it(self) -> None:
        turned = reversed_points(LISTED % "It goes up.\n\nThen it falls.")
        steps = "### Steps\n\nWhat to do:\n- Three\n- Two\n  - of it\n- One"
        assert turned == f"{steps}\n\n### Path\n\nThen it falls.\n\nIt goes up."

    def test_numbers_are_given_anew(self) -> None:
        assert reversed_points('"1. One\n2. Two"') == "1. Two\n2. One"

    @pytest.mark.parametrize("name", NAMES)
    def test_nothing_is_lost_and_twice_reversed_is_as_before(self, name: str) -> None:
        text = shipped(name).target.text
        once = reversed_points(text)
        assert sorted(reversed_points(once).split()) == sorted(once.split())
        assert reversed_points(reversed_points(once)) == once


class TestRungs:
    @pytest.mark.parametrize("name", NAMES)
    def test_padding_keeps_all_words_and_says_nothing_new(self, name: str) -> None:
        texts = {rung.label: rung.text for rung in rungs(shipped(name), ELSEWHERE)}
        usual, padded = Counter(stems(texts[BASELINE])), Counter(stems(texts[PADDED]))
        assert usual <= padded
        assert set(padded) - set(usual) <= GENERIC
        assert len(texts[PADDED].split()) >= 2 * len(texts[BASELINE].split())

    @pytest.mark.parametrize("name", NAMES)
    def test_each_step_up_adds_one_element_of_the_target(self, name: str) -> None:
        card = shipped(name)
        texts = {rung.label: rung.text for rung in rungs(card, ELSEWHERE)}
        best = read(card.target.text)
        steps = [" ".join(entry.text.split()) for entry in (*best.entries, *proposals(best))]
        elements = [words(text) for text in (*steps, *(claim.text for claim in best.claims))]
        ladder = [texts[label] for label in (BASELINE, ONE, TWO) if label in texts]
        for lower, higher in pairwise(ladder):
            added = words(higher) - words(lower)
            assert added
            assert any(added <= element for element in elements), higher
            assert words(lower) <= words(higher)
            assert words(higher) < words(texts[BASELINE]) + words(card.target.text)

    def test_one_that_cannot_be_made_is_left_out(self) -> None:
        labels = {rung.label for rung in rungs(shipped("schule_vertretung"), ELSEWHERE)}
        assert not labels & {UNTESTED, REVERSED}
        assert {EMPTY, FOREIGN, BASELINE, PADDED, TARGET} <= labels

    def test_all_can_be_made_of_a_target_with_points_and_tests(self) -> None:
        assert len(rungs(shipped("code_performance-stuck"), ELSEWHERE)) == 10


class TestCertificate:
    @pytest.mark.parametrize("name", SHIPPED)
    def test_the_judge_is_admissible_on_shipped_cards(self, name: str) -> None:
        card = shipped(name)
        found = certified(card, foreign_answer(card, [shipped(other) for other in SHIPPED]))
        assert found.state is Trust.ADMISSIBLE, found.why

    def test_what_could_not_be_measured_leaves_it_unvalidated(self) -> None:
        found = certified(shipped("data_nightly"))
        assert found.state is Trust.UNVALIDATED
        assert "could not be measured" in found.why

    def test_a_card_without_an_answer_says_so(self) -> None:
        found = certified(shipped("bare"))
        assert found.state is Trust.UNVALIDATED
        assert "no baseline" in found.why

    def test_the_foreign_answer_is_of_another_domain_and_the_same_each_time(self) -> None:
        cards = [shipped(name) for name in SHIPPED]
        for card in cards:
            text = foreign_answer(card, cards)
            [origin] = [other for other in cards if other.target.text == text]
            assert origin.domain != card.domain
            assert text == foreign_answer(card, reversed(cards))

    def test_without_another_card_it_is_a_text_of_its_own(self) -> None:
        assert foreign_answer(REPORT.card, [REPORT.card]) == ELSEWHERE

    def test_made_up_cards_share_an_id_but_no_certificate(self) -> None:
        states = [certified(trial.card) for trial in (REPORT, BAKERY, CIRCLE)]
        assert all(one is not other for one, other in combinations(states, 2))
