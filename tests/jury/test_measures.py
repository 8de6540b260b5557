"""Measures of a jury: on ballots whose truth is known, and on how many observations each rests."""

import dataclasses

import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import spearmanr

from debate.judging.calibration import Gate
from debate.jury.ballot import Count
from debate.jury.juror import Ballots
from debate.jury.measures import between_jurors, flips, gap, ranks, retest, spearman, spread
from debate.jury.verdicts import Polls
from tests.offline.held import shipped

SEED = shipped("code_performance-stuck")


def polls(juror: int = 1, criterion: str = "Novelty", **scores: list[float]) -> Polls:
    """Ballots of one juror on one criterion: raw scores of the repeats by label."""
    return {
        (criterion, juror, label): Ballots(tuple(Count(each, 0, 0, (), "") for each in each_repeat), 0)
        for label, each_repeat in scores.items()
    }


def shown(gate: Gate) -> tuple[float | None, int, bool | None]:
    return gate.value, gate.n, gate.passed


class TestRepeats:
    def test_the_spread_is_the_mean_over_all_that_was_repeated_and_says_of_how_many(self) -> None:
        gate = spread(polls(baseline=[2, 2, 2], target=[6, 8, 7], empty=[0]))
        assert shown(gate) == (0.5, 2, True)
        assert gate.unit == "candidates × criteria × jurors"

    def test_reliability_is_of_all_candidates_and_says_of_how_many(self) -> None:
        gate = retest(polls(empty=[0, 0], baseline=[2, 2], padded=[2, 2], target=[8, 8]))
        assert shown(gate) == (1.0, 4, True)

    @pytest.mark.parametrize("measure", [spread, retest, flips])
    def test_one_repeat_measures_nothing(self, measure: object) -> None:
        assert callable(measure)
        assert shown(measure(polls(baseline=[2], padded=[2], target=[8]))) == (None, 0, None)


class TestFlips:
    def test_who_says_the_same_each_time_never_flips(self) -> None:
        assert shown(flips(polls(baseline=[2, 2, 3], padded=[2, 2, 3], target=[8, 7, 8]))) == (0.0, 2, True)

    def test_each_repeat_that_differs_from_most_is_one(self) -> None:
        gate = flips(polls(baseline=[2, 2, 2], padded=[2, 3, 2], target=[8, 8, 8]))
        assert shown(gate) == (round(1 / 6, 4), 2, False)

    def test_empty_and_foreign_answers_are_no_matter_of_doubt_and_do_not_count(self) -> None:
        assert flips(polls(baseline=[2, 2], empty=[0, 3], foreign=[0, 3])).n == 0


class TestGaps:
    def test_a_judge_on_the_authors_scale_recovers_all_of_it(self) -> None:
        assert shown(gap(polls(baseline=[2, 2], target=[8, 8]), SEED)) == (1.0, 1, True)

    @pytest.mark.parametrize(("low", "high"), [(4.0, 6.0), (0.0, 10.0)])
    def test_a_judge_that_presses_or_stretches_it_fails(self, low: float, high: float) -> None:
        gate = gap(polls(baseline=[low], target=[high]), SEED)
        assert shown(gate) == (round((high - low) / 6, 4), 1, False)

    def test_what_the_author_did_not_rate_measures_nothing(self) -> None:
        assert shown(gap(polls(criterion="Explanation", baseline=[2], target=[8]), SEED)) == (None, 0, None)
        unrated = dataclasses.replace(SEED, target=dataclasses.replace(SEED.target, ratings=()))
        assert gap(polls(baseline=[2], target=[8]), unrated).value is None


JURY = {label: {"novelty": float(n)} for n, label in enumerate(("empty", "baseline", "target"))}


class TestRanks:
    def test_the_same_order_is_one_and_the_opposite_minus_one(self) -> None:
        same = {label: {"novelty": row["novelty"] ** 2} for label, row in JURY.items()}
        opposite = {label: {"novelty": -row["novelty"]} for label, row in JURY.items()}
        assert shown(ranks(JURY, same)) == (1.0, 3, True)
        assert shown(ranks(JURY, opposite)) == (-1.0, 3, False)

    def test_the_criterion_on_which_they_agree_least_counts(self) -> None:
        both = {label: {**row, "originality": -row["novelty"]} for label, row in JURY.items()}
        rule = {
            label: {"novelty": row["novelty"], "originality": row["novelty"]} for label, row in both.items()
        }
        assert shown(ranks(both, rule)) == (-1.0, 6, False)

    def test_where_one_of_them_abstains_nothing_is_compared(self) -> None:
        assert shown(ranks(JURY, {label: {"novelty": None} for label in JURY})) == (None, 0, None)

    @given(st.lists(st.tuples(st.integers(0, 5), st.integers(0, 5)), min_size=3, max_size=12))
    def test_it_is_spearmans_rho(self, pairs: list[tuple[float, float]]) -> None:
        varies = all(len({pair[side] for pair in pairs}) > 1 for side in (0, 1))
        if not varies:
            assert spearman(pairs) is None
            return
        ours, theirs = ([pair[side] for pair in pairs] for side in (0, 1))
        assert spearman(pairs) == pytest.approx(float(spearmanr(ours, theirs).statistic))


def test_agreement_of_jurors_says_on_how_many_candidates_it_rests() -> None:
    one = polls(1, baseline=[2, 2], padded=[2, 2], target=[8, 8])
    other = polls(2, baseline=[2, 2], padded=[2, 2], target=[8, 8])
    assert between_jurors(one) == []
    [gate] = between_jurors({**one, **other})
    assert shown(gate) == (1.0, 3, True)
    assert gate.unit == "candidates × criteria"
