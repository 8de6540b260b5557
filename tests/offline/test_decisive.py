"""A sum that stands among the facts leads the answer, whoever sits on the panel."""

import pytest

from debate.models.offline import decisive, reached, reckoned
from debate.models.offline.case import read_case
from debate.prompts import problem_block
from tests.offline.held import hold, shipped

SUMS = {
    "operations_returns-desk": ("pile of 9,600", "9,600 − 3,000 = 6,600"),
    "public-service_housing-benefit": ("between a request and the day", "53.3 − 19 = 34.3 days"),
    "code_merge-lane": ("holds the staging system", "30 + 9 + 6 = 45 min"),
    "data_fraud-alerts": ("allows 300", "60 / 0.2 = 300"),
    "design_check-in-kiosk": ("screen seven", "41 + 34 = 75 %"),
    "team_slow-decisions": ("one of the calls to the next", "11 − 9.3 + 2.3 = 4 days"),
    "team_near-misses": ("before there was a bonus", "64 − 19 = 45"),
    "operations_pump-pool": ("pumps enough", "310 / 2 = 155 pumps"),
    "product_too-many-options": ("come with the options", "148 − 72 = 76"),
    "public-service_library-orders": ("nobody has timed", "18 + 2 × 10.9 = 39.8 days"),
}
#: One panel that looks for such sums, and one that sees the case and does not.
PANELS = ("high", "pace-layering,regression-to-the-mean,time-horizons")


@pytest.mark.parametrize("terms", PANELS)
@pytest.mark.parametrize("name", SUMS)
def test_the_answer_begins_with_the_sum_and_takes_its_path_from_it(name: str, terms: str) -> None:
    held, (claimed, path) = hold(shipped(name), terms, adhoc=True), SUMS[name]
    sum_ = next(r for key in decisive.KEYS for r in held.card.readings if r.key == key)
    assert held.troubles == []
    assert claimed in held.letter.diagnosis
    said = sum_.text.partition(";")[0].rstrip(".").replace("/month", " a month")
    assert held.letter.why.startswith(said)
    assert held.plan.because.startswith(said)
    assert path in held.letter.path
    assert sum_.id in held.plan.cites


@pytest.mark.parametrize("name", SUMS)
def test_saying_the_same_sum_makes_no_seats_agree(name: str) -> None:
    held = hold(shipped(name), PANELS[1], adhoc=True)
    own = reckoned.draft(read_case(problem_block(held.card, 0)))
    assert own is not None
    assert held.plan.confidence == own.confidence


def test_a_case_without_such_a_sum_has_no_hypothesis_from_it() -> None:
    case = read_case(problem_block(shipped("code_performance-stuck"), 0))
    assert decisive.reading(case) is None
    assert decisive.told(case, [], "") == ""
    assert reached.waypoints(case) == []
    assert reckoned.draft(case) is None
    assert not decisive.looks_for(case, ["waiting", "handover"])


def test_what_the_sum_contradicts_is_held_back_and_what_agrees_preferred() -> None:
    card = shipped("public-service_housing-benefit")
    case, said = read_case(problem_block(card, 0)), hold(card, "high").hypotheses
    old = next(h for h in said if "before the latest change" in h.claim)
    chain = next(h for h in said if "chain of offices" in h.claim)
    assert decisive.agreement(case, old) < 0 < decisive.agreement(case, chain)


@pytest.mark.parametrize("name", SUMS)
def test_lenses_that_see_nothing_of_the_case_state_no_sum(name: str) -> None:
    held = hold(shipped(name), "placebo:4", adhoc=True)
    sums = {reading.id for reading in held.card.readings if reading.key in decisive.KEYS}
    assert all(sums.isdisjoint(hypothesis.cites) for hypothesis in held.hypotheses)
    assert sums.isdisjoint(held.plan.cites)
