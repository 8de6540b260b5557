"""Whatever a card leaves out, the debate about the rest holds."""

from pathlib import Path

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from tests.offline.held import card_of, hold
from tests.offline.prose import marks

TEXT = (Path(__file__).resolve().parents[2] / "problems" / "code_performance-stuck.md").read_text(
    encoding="utf-8"
)
VISIBLE, HEADING, WALLED = TEXT.partition("## Expected Lens Relevance")
LINES = VISIBLE.splitlines()
#: What states a fact: bullets, numbered attempts and the sentences of the challenge and the question.
FACTS = [
    n for n, line in enumerate(LINES) if line.strip() and not line.startswith(("#", "`", "```")) and n > 12
]
FEW = settings(max_examples=5, deadline=None, suppress_health_check=[HealthCheck.too_slow])
MANY = settings(FEW, max_examples=100)
#: Facts that are gone, and who sits.
MISSING = st.tuples(
    st.frozensets(st.sampled_from(FACTS), max_size=len(FACTS) - 3), st.sampled_from(["high", "none", "all"])
)


def without(gone: frozenset[int]) -> str:
    kept = [line for n, line in enumerate(LINES) if n not in gone]
    return "\n".join(kept) + f"\n{HEADING}{WALLED}"


@FEW
@given(MISSING)
def test_any_facts_may_be_missing(missing: tuple[frozenset[int], str]) -> None:
    check_without(*missing)


@pytest.mark.soak
@MANY
@given(MISSING)
def test_any_facts_may_be_missing_a_hundred_times(missing: tuple[frozenset[int], str]) -> None:
    check_without(*missing)


def check_without(gone: frozenset[int], terms: str) -> None:
    """The debate about what is left of the card holds."""
    held = hold(card_of(without(gone)), terms)
    assert held.troubles == []
    assert marks(held) == []


@FEW
@example(151, 4, "tickets")
@example(20, 2, "tickets")
@example(2, 3, "tickets")
@given(
    st.integers(2, 5000),
    st.integers(2, 5000),
    st.sampled_from(["ms", "minutes", "%", "tickets", "days", "€"]),
)
def test_any_figure_with_a_target_may_stand_in_a_card(now: int, target: int, unit: str) -> None:
    now, target = (min(value, 99) if unit == "%" else value for value in (now, target))
    said = [f"€{value}" if unit == "€" else f"{value} {unit}" for value in (now, target)]
    held = hold(
        card_of(
            f"# Stuck\n\n## Context\n- It is {said[0]} today\n\n## Challenge\nThe target is {said[1]}. "
            "We tried:\n- A first thing (improved 5%)\n- A second thing (no effect)\n"
        ),
        "pace-layering,bottleneck-theory",
    )
    assert held.troubles == []
    assert marks(held) == []
