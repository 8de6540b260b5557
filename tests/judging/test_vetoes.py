"""Gates that test nothing, and gates that look alike and do."""

import pytest

from debate.judging.actionability import actionability
from debate.judging.case import prepare
from debate.judging.text import read
from debate.judging.vetoes import gate_fault
from tests.judging.cases import REPORT, pattern, problem

EMPTY = {
    "both sides overlap": "Count the locks. If at least 30: go on. If at least 20: stop.",
    "the same either way": "Count the locks. If at least 30 %, continue; if below 10 %, continue.",
    "more than all": "Measure the share of waits. If at least 120 %: go on. If at most 20 %: stop.",
    "more than the whole": "Measure the share of waits. If over 100 %: go on. If at most 20 %: stop.",
    "nothing is enough": "Measure the share of waits. If at least 0 %: go on; otherwise stop.",
    "all is little enough": "Measure the share of waits. If at most 100 %: go on; otherwise stop.",
    "met already": "Measure: minutes, now 42 minutes. If under 60 minutes: ship. If over 90 minutes: wait.",
}
TRUE = {
    "two sides": "Measure the share of waits. If at least 60 %: go on. If at most 30 %: stop.",
    "growth may pass a hundred": "Measure sales. If they rise by at least 120 %: go on; below 20 %: stop.",
    "not met yet": "Average, 350 ms today. If under 200 ms: roll it out. If over 300 ms: turn it off.",
    "the way out is what is now": "Now 42 minutes. If over 35 minutes: stop. If under 20 minutes: go on.",
    "no gate": "Ask the two clerks which forms come back.",
}


@pytest.mark.parametrize("name", EMPTY)
def test_a_gate_that_cannot_come_out_both_ways_is_found(name: str) -> None:
    assert gate_fault(EMPTY[name])


@pytest.mark.parametrize("name", TRUE)
def test_a_true_gate_is_left_alone(name: str) -> None:
    assert gate_fault(TRUE[name]) == ""


def test_a_gate_the_case_meets_already_is_found_by_its_fact() -> None:
    card = problem(
        "Ferry", baseline=pattern(""), target=pattern(""), context=["Loading the ferry deck takes 22 minutes"]
    )
    step = "Time it. If loading the ferry deck takes at least 15 minutes: go on. If under 5 minutes: stop."
    assert gate_fault(step, card.facts) == "has a gate that C1 meets already"
    assert gate_fault(step.replace("15", "25"), card.facts) == ""
    assert gate_fault(step.replace("loading the ferry deck", "the payment"), card.facts) == ""


@pytest.mark.parametrize(
    "bad", ["If at least 120 %: go on. If at most 30 %: stop.", "If at least 60 %: go. If at least 50 %: no."]
)
def test_a_step_loses_what_its_gate_would_have_been_worth(bad: str) -> None:
    case = prepare(REPORT.card, ())
    plan = "Next steps:\n\n1. Measure the share of the 340 minutes that workers wait for the totals table. {}"
    good = actionability(case, read(plan.format("If at least 60 %: go on. If at most 30 %: stop.")))
    worse = actionability(case, read(plan.format(bad)))
    assert worse.value < good.value
    assert any("gate" in reason for reason in worse.reasons)
