"""Costs: known exactly or not at all. Secrets: hidden, and nothing else with them."""

import pytest

from debate.errors import SettingsError
from debate.models.completions import Usage
from debate.models.prices import Price, read_prices
from debate.models.secrets import Secrets


@pytest.mark.parametrize(
    ("usage", "cost"),
    [
        (Usage(1_000_000, 100_000), 3.0),
        (Usage(1_000_000, 0, cached=500_000), 1.25),
        (Usage(100, 0, cached=1_000_000), 0.00005),
        (Usage(0, 0), 0.0),
        (Usage(None, 10), None),
        (Usage(10, None), None),
    ],
)
def test_a_cost_is_exact_or_unknown(usage: Usage, cost: float | None) -> None:
    price = Price(input=2.0, output=10.0, cached_input=0.5)
    assert price.cost(usage) == (None if cost is None else pytest.approx(cost))


def test_cached_tokens_cost_as_much_as_others_when_nobody_says_otherwise() -> None:
    assert Price(2.0, 10.0).cost(Usage(1_000_000, 0, cached=500_000)) == 2.0


def test_a_table_of_prices_is_read() -> None:
    table = {"openai:m": {"input": 1, "output": 2.5}, "x:n": {"input": 0, "output": 0, "cached_input": 0}}
    assert read_prices(table, "f") == {"openai:m": Price(1.0, 2.5), "x:n": Price(0.0, 0.0, 0.0)}


@pytest.mark.parametrize(
    "entry",
    [
        *(3, {}, {"input": 1}, {"input": 1, "output": "2"}, {"input": 1, "output": -2}),
        *({"input": 1, "output": True}, {"input": 1, "output": float("nan")}),
        {"input": 1, "output": 2, "per": "token"},
    ],
)
def test_a_price_that_is_none_is_an_error_with_file_and_model(entry: object) -> None:
    with pytest.raises(SettingsError, match=r"prices\.toml: the price of 'openai:m'"):
        read_prices({"openai:m": entry}, "prices.toml")


@pytest.mark.parametrize(
    ("text", "clean"),
    [
        ("key sk-CANARY/1 was wrong", "key [hidden] was wrong"),
        ("?key=sk-CANARY%2F1&x=1", "?key=[hidden]&x=1"),
        ("Incorrect API key provided: sk-proj-abc123XYZ.", "Incorrect API key provided: [hidden]."),
        ("Authorization: Bearer abcdef123456", "Authorization: [hidden]"),
        ("http://me:word@host/v1", "http://[hidden]@host/v1"),
        ("a risk-free ask", "a risk-free ask"),
        ("the bearer of news", "the bearer of news"),
    ],
)
def test_what_is_or_looks_secret_is_hidden_from_people(text: str, clean: str) -> None:
    assert Secrets(["sk-CANARY/1"]).scrub(text) == clean


def test_of_a_reply_only_known_secrets_are_hidden() -> None:
    secrets = Secrets(["sk-CANARY-1", "sk-CANARY-1-longer", "ab", ""])
    body = b"ab sk-CANARY-1 sk-CANARY-1-longer Bearer abcdef123456"
    assert secrets.scrub_bytes(body) == b"ab [hidden] [hidden] Bearer abcdef123456"
    assert "CANARY" not in repr(secrets)
