"""What fills a testability slot, and what does not."""

import pytest

from debate.judging.slots import SLOTS, bounds, slots

FULL = (
    "Trace 200 requests with spans around each layer. Who: one engineer, 1 day.\n"
    "Measure: share of the 350 ms spent waiting, today unknown.\n"
    "If at least 57 %: build the read model.\n"
    "If at most 25 %: stop; another cause is more likely, look for a single slow part."
)


def test_a_full_step_fills_every_slot() -> None:
    assert list(slots(FULL)) == [name for name, _ in SLOTS]


@pytest.mark.parametrize("text", ["Use a faster database", "Async processing", "Improve communication", ""])
def test_a_bare_tactic_fills_none(text: str) -> None:
    assert not slots(text)


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("Cut it below 150 ms", "threshold"),
        ("At least three in four, 20 or more", "threshold"),
        ("Wait at most 2 days", None),
        ("It drops by more than half", "threshold"),
        ("It takes 20 minutes", None),
    ],
)
def test_a_threshold_is_a_comparator_with_a_number_that_is_no_time_box(text: str, found: str | None) -> None:
    assert ("threshold" in slots(text)) == (found is not None)


@pytest.mark.parametrize(
    "text",
    [
        "If above 20 queries, build it; if above 30 queries, drop it",
        "True if: at least 20 %\nFalse if: at least 10 %",
        "If under 40 ms, ship; if over 30 ms, stop",
    ],
)
def test_outcomes_that_overlap_decide_nothing(text: str) -> None:
    found = slots(text)
    assert "if_true" not in found
    assert "if_false" not in found


@pytest.mark.parametrize(
    "text",
    [
        "If above 20 queries, build it; if below 5 queries, drop it",
        "True if: at least 20 %\nFalse if: at most 10 %",
        "If the share is at least 20 %, go on, otherwise stop.\nOtherwise stop.",
        "If over 300 ms, stop. If not, ship it.",
    ],
)
def test_two_outcomes_that_exclude_each_other_are_both_found(text: str) -> None:
    found = slots(text)
    assert "if_true" in found
    assert "if_false" in found


def test_a_hedge_without_a_number_is_no_outcome() -> None:
    assert "if_true" not in slots("If it works you might perhaps see something")


def test_bounds_carry_side_number_and_unit() -> None:
    [bound] = bounds("the share falls below 12.5 % at once")
    assert (bound.side, bound.number, bound.unit) == ("<", 12.5, "%")
