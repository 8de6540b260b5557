"""A sum that stands among the facts leads the answer, whoever sits on the panel."""

import pytest

from debate.models.offline import decisive, reached, reckoned
from debate.models.offline.case import read_case
from debate.prompts import problem_block
from tests.offline.held import hold, shipped

SUMS = {
    "operations_returns-desk": ("pile of 9,600", "9,600 − 3,000 = 6,600"),
    "public-service_housing-benefit": ("between a request and the day", "74 − 43.7 = 30.3 days"),
    "code_merge-lane": ("holds the staging system", "540 − 476 = 64 min"),
    "data_fraud-alerts": ("allows 300", "60 / 0.2 = 300"),
    "design_check-in-kiosk": ("screen seven", "41 + 34 = 75 %"),
}
#: One panel that looks for such sums, and one that does not.
PANELS = ("high", "pace-layering,regression-to-the-mean,principal-agent")


@pytest.mark.parametrize("terms", PANELS)
@pytest.mark.parametrize("name", SUMS)
def test_the_answer_begins_with_the_sum_and_takes_its_path_from_it(name: str, terms: str) -> None:
    held, (claimed, path) = hold(shipped(name), terms, adhoc=True), SUMS[name]
    sum_ = next(r for key in decisive.KEYS for r in held.card.readings if r.key == key)
    assert held.troubles == []
    assert claimed in held.letter.diagnosis
    assert held.letter.why.startswith(sum_.text.partition(";")[0].rstrip("."))
    assert held.plan.because.startswith(sum_.text.partition(";")[0].rstrip("."))
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
