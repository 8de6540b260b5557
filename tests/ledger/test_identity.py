"""What makes two calls the same call, and what does not."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from debate.ledger import call_identity

ASKED: dict[str, Any] = {
    "model": "m",
    "endpoint": "http://127.0.0.1/v1",
    "path": "chat/completions",
    "parameters": {"temperature": 0.5, "max_tokens": 100},
    "messages": [("system", "be brief"), ("user", "why?")],
    "schema": "ab" * 32,
    "sample": 0,
}


def test_an_identity_is_pinned_because_ledgers_outlive_versions() -> None:
    expected = "c1-11d98c"
    assert call_identity(**ASKED)[:9] == expected


@pytest.mark.parametrize(
    "change",
    [
        {"model": "n"},
        {"endpoint": "http://127.0.0.1/v2"},
        {"path": "responses"},
        {"parameters": {"temperature": 0.6, "max_tokens": 100}},
        {"parameters": {"temperature": 0.5}},
        {"messages": [("user", "be brief"), ("user", "why?")]},
        {"messages": [("user", "why?"), ("system", "be brief")]},
        {"messages": [("system", "be brief"), ("user", "why? ")]},
        {"schema": None},
        {"sample": 1},
        {"draw": 1},
    ],
    ids=str,
)
def test_whatever_was_asked_differently_is_another_call(change: dict[str, Any]) -> None:
    assert call_identity(**{**ASKED, **change}) != call_identity(**ASKED)


def test_the_order_of_parameters_says_nothing() -> None:
    turned = {"parameters": dict(reversed(ASKED["parameters"].items()))}
    assert call_identity(**{**ASKED, **turned}) == call_identity(**ASKED)


@given(st.text(st.characters(codec=None)), st.text(st.characters(codec=None)))
def test_any_text_has_an_identity_and_different_texts_have_different_ones(one: str, two: str) -> None:
    keys = {call_identity(**{**ASKED, "messages": [("user", text)]}) for text in (one, two)}
    assert len(keys) == (1 if one == two else 2)


def test_a_parameter_that_is_no_number_is_refused() -> None:
    with pytest.raises(ValueError, match="not JSON compliant"):
        call_identity(**{**ASKED, "parameters": {"temperature": float("nan")}})
