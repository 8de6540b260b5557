"""The verdict on a lens: each standing from differences that call for it, and how often the chain errs."""

from collections import Counter

import pytest
from scipy import stats

from debate.studies.verdicts import Differences, Standing, Verdicts, verdicts
from tests.studies.simulated import MARGIN, NULL, Draw, Study, heavy, normal, skewed

ONE = (1.2, 0.8, 1.5, 0.9, 1.1, 0.7, 1.4, 1.0, 1.3, 0.6, 1.2, 0.9)  # a lens that helps by one point
NONE = (0.1, -0.1, 0.2, -0.2, 0.0, 0.1, -0.1, 0.3, -0.3, 0.1, 0.0, -0.1)
WIDE = (2.1, -1.9, 0.4, 1.8, -1.2, 0.9, -0.3, 1.5, -2.0, 0.8, 1.1, -0.6)


def cards(values: tuple[float | None, ...]) -> Differences:
    return {f"card {place}": value for place, value in enumerate(values)}


def judged(placebo: tuple[float, ...] | None = NONE, **lenses: tuple[float | None, ...]) -> Verdicts:
    return verdicts(
        {name: cards(values) for name, values in lenses.items()},
        margin=MARGIN,
        placebos={} if placebo is None else {"placebo": cards(placebo)},
    )


def test_each_standing_is_found_where_it_belongs() -> None:
    found = judged(good=ONE, bad=tuple(-d for d in ONE), idle=NONE, unclear=WIDE)
    assert {name: lens.standing for name, lens in found.lenses.items()} == {
        "good": Standing.EARNED,
        "bad": Standing.HARMFUL,
        "idle": Standing.DEAD_WEIGHT,
        "unclear": Standing.UNDECIDED,
    }
    assert found.unsound == ""


def test_the_undecided_lens_alone_is_told_how_many_more_cards_it_takes() -> None:
    found = judged(good=ONE, idle=NONE, unclear=WIDE).lenses
    assert (found["good"].more, found["idle"].more) == (None, None)
    more = found["unclear"].more
    assert more is not None
    assert more > 50
    assert f"eeds about {more} more cards" in found["unclear"].why


def test_one_card_is_described_and_not_tested() -> None:
    lens = judged(good=(1.5,), other=(0.0,)).lenses["good"]
    assert lens.standing is Standing.UNTESTED
    assert lens.why.startswith("+1.50 points: describes this card and tests nothing.")
    assert (lens.fewest, lens.more, lens.detectable, lens.equivalence) == (7, 6, None, None)


def test_a_lens_without_a_card_is_untested_and_counts_in_the_family() -> None:
    alone, together = judged(good=ONE), judged(good=ONE, gone=(None,) * 12)
    assert together.lenses["gone"].standing is Standing.UNTESTED
    assert together.lenses["gone"].estimate.mean is None
    assert "No card has a score on both sides." in together.lenses["gone"].why
    before, after = alone.lenses["good"].holm, together.lenses["good"].holm
    assert before is not None
    assert after == pytest.approx(2 * before)


@pytest.mark.parametrize("n", [2, 4, 5, 6, 7])
def test_below_the_fewest_cards_nothing_is_significant_and_every_verdict_says_so(n: int) -> None:
    found = judged(**{f"lens {k}": (ONE[:n] if k else NONE[:n]) for k in range(5)}, placebo=NONE[:n])
    for lens in found.lenses.values():
        assert lens.standing in {Standing.UNDECIDED, Standing.DEAD_WEIGHT}
        assert lens.fewest == 8
        assert lens.detectable is None
        assert f"With {n} cards and 5 lenses no effect can be significant: it takes 8 cards." in lens.why


def test_at_the_fewest_cards_an_effect_can_be_significant() -> None:
    found = judged(**{f"lens {k}": (NONE[:8] if k else ONE[:8]) for k in range(5)}, placebo=NONE[:8])
    assert found.lenses["lens 0"].standing is Standing.EARNED


def test_a_lens_must_lie_above_what_a_placebo_brings() -> None:
    placebo = tuple(d - 0.1 for d in ONE)
    lens = judged(good=ONE, placebo=placebo).lenses["good"]
    assert lens.standing is Standing.UNDECIDED
    assert "but not above a placebo's +0.95" in lens.why
    assert judged(good=ONE, placebo=None).lenses["good"].standing is Standing.EARNED


def test_of_several_placebos_the_best_sets_the_bar_and_a_bad_one_lowers_nothing() -> None:
    lens = {"good": cards(tuple(d - 0.8 for d in ONE))}
    low, high = cards(tuple(d - 1 for d in NONE)), cards(tuple(d + 0.2 for d in NONE))
    assert verdicts(lens, margin=1, placebos={"low": low, "high": high}).bar == pytest.approx(0.2)
    assert verdicts(lens, margin=1, placebos={"low": low}).lenses["good"].standing is Standing.EARNED
    nothing = {"good": cards(tuple(d - 1 for d in ONE))}
    assert verdicts(nothing, margin=1, placebos={"low": low}).lenses["good"].standing is Standing.DEAD_WEIGHT


def test_a_placebo_that_does_something_makes_the_study_unsound() -> None:
    found = judged(good=ONE, placebo=ONE)
    assert "The placebo arm (placebo) changed the score" in found.unsound
    assert "no verdict of this study stands" in found.unsound


def test_an_effect_that_is_real_and_small_is_earned_and_called_small() -> None:
    lens = judged(good=tuple(d / 10 + 0.1 for d in ONE)).lenses["good"]
    assert lens.standing is Standing.EARNED
    assert "Smaller than the ±0.5 the study set out to find." in lens.why


def test_missing_cards_are_counted_named_and_left_out() -> None:
    lens = judged(good=(*ONE, None, None)).lenses["good"]
    whole = judged(good=ONE).lenses["good"]
    assert lens.estimate.missing == ("card 12", "card 13")
    assert "2 of 14 cards are missing." in lens.why
    assert (lens.standing, lens.p, lens.estimate.mean) == (whole.standing, whole.p, whole.estimate.mean)


def test_where_nothing_ever_differs_a_handful_of_cards_proves_nothing() -> None:
    assert judged(idle=(0.0,) * 4).lenses["idle"].standing is Standing.UNDECIDED
    assert judged(idle=(0.0,) * 4).lenses["idle"].more == 2
    assert judged(idle=(0.0,) * 6).lenses["idle"].standing is Standing.DEAD_WEIGHT


def test_a_lens_still_undecided_at_the_planned_size_is_told_of_more() -> None:
    values, placebo = (tuple(shift + d for d in NONE * 3) for shift in (0.48, 0.47))
    lens = judged(good=values, placebo=placebo).lenses["good"]
    assert lens.standing is Standing.UNDECIDED
    assert lens.more is not None
    assert lens.more > 0


def test_a_study_stopped_by_its_evidence_is_judged_by_its_evidence() -> None:
    lens = {"good": cards(ONE)}
    fixed = verdicts(lens, margin=MARGIN).lenses["good"]
    stopped = verdicts(lens, margin=MARGIN, sequential=True).lenses["good"]
    assert fixed.p == 2 / 2**12
    assert stopped.p is not None
    assert stopped.p > 2 / 2**12
    assert stopped.standing is Standing.EARNED
    assert stopped.estimate.p == fixed.p


@pytest.mark.parametrize("margin", [0.0, -1.0, float("nan"), float("inf")])
def test_a_margin_that_holds_nothing_is_refused(margin: float) -> None:
    with pytest.raises(ValueError, match="margin"):
        verdicts({"good": cards(ONE)}, margin=margin)


def false_alarms(study: Study, studies: int, *, sequential: bool = False) -> Counter[str]:
    """Of null studies: how many call any lens earned or harmful, or the placebo unsound, and single tests."""
    found: Counter[str] = Counter()
    for seed in range(studies):
        judged = study.judged(seed, sequential=sequential)
        wrong = {lens.standing for lens in judged.lenses.values()} & {Standing.EARNED, Standing.HARMFUL}
        found["studies"] += bool(wrong)
        found["unsound"] += bool(judged.unsound)
        p = judged.placebos["placebo"].p
        found["single tests"] += p is not None and p < 0.05
        found["untrue interval"] += not _holds_zero(judged)
    return found


def _holds_zero(judged: Verdicts) -> bool:
    interval = judged.placebos["placebo"].interval
    return interval is not None and interval.low <= 0 <= interval.high


NULLS: list[tuple[str, int, Draw, float]] = [
    ("normal", 8, normal, 0.0),
    ("normal", 12, normal, 0.0),
    ("heavy tails", 12, heavy, 0.0),
    ("skewed", 12, skewed, 0.0),
    ("cells fail", 12, normal, 0.1),
]


@pytest.mark.parametrize(("kind", "n", "draw", "failing"), NULLS)
def test_null_studies_seldom_accuse_or_praise_a_lens(kind: str, n: int, draw: Draw, failing: float) -> None:
    found = false_alarms(Study(n, NULL, draw, failing=failing), 60)
    assert found["studies"] <= stats.binom.ppf(0.999, 60, 0.05), (kind, found)
    assert found["single tests"] <= stats.binom.ppf(0.999, 60, 0.05), (kind, found)


@pytest.mark.soak
@pytest.mark.parametrize(("kind", "n", "draw", "failing"), NULLS)
def test_a_thousand_null_studies_err_within_the_bounds_of_five_percent(
    kind: str, n: int, draw: Draw, failing: float
) -> None:
    found = false_alarms(Study(n, NULL, draw, failing=failing), 1000)
    low, high = stats.binom.interval(0.95, 1000, 0.05)
    print(f"{kind}, {n} cards: {dict(found)}; 95 % of 5 % is {low:.0f} to {high:.0f} of 1000")
    assert found["studies"] <= high
    assert found["single tests"] <= stats.binom.ppf(0.995, 1000, 0.05)


@pytest.mark.soak
def test_a_thousand_null_studies_that_stop_by_evidence_err_within_the_bounds() -> None:
    found = false_alarms(Study(12, NULL), 1000, sequential=True)
    print(f"sequential, 12 cards: {dict(found)}")
    assert found["studies"] <= stats.binom.interval(0.95, 1000, 0.05)[1]


def test_known_effects_are_recovered_and_nothing_is_confused_with_its_opposite() -> None:
    truth = {"strong": 2.5, "harmful": -2.5, "idle": 0.0}
    standings: dict[str, Counter[Standing]] = {lens: Counter() for lens in truth}
    for seed in range(20):
        for name, lens in Study(24, truth, replicates=3).judged(seed).lenses.items():
            standings[name][lens.standing] += 1
    assert standings["strong"][Standing.EARNED] >= 19
    assert standings["harmful"][Standing.HARMFUL] >= 19
    assert standings["idle"][Standing.EARNED] + standings["idle"][Standing.HARMFUL] <= 3
    assert standings["strong"][Standing.DEAD_WEIGHT] == standings["harmful"][Standing.DEAD_WEIGHT] == 0


def test_an_effect_at_the_margin_is_seldom_called_dead_weight() -> None:
    at_margin = Study(24, {"lens": MARGIN}, replicates=3)
    wrong = sum(at_margin.judged(seed).lenses["lens"].standing is Standing.DEAD_WEIGHT for seed in range(100))
    assert wrong <= stats.binom.ppf(0.999, 100, 0.05)
