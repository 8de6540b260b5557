"""Numbers with units, as people write them."""

import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from debate.cards.quantities import find
from debate.cards.units import convert, shown


def read(text: str) -> list[tuple[float, float, str, str]]:
    """What is found, in short: low, high, unit, bound."""
    return [(q.low, q.high, q.unit, q.bound) for q in find(text)]


@pytest.mark.parametrize(
    ("text", "value", "unit", "bound"),
    [
        ("350ms avg", 350, "ms", ""),
        ("takes 1.2 s", 1.2, "s", ""),
        ("52 minutes per build", 52, "min", ""),
        ("2 hours a week", 2, "h/week", ""),
        ("2,5 Stunden", 2.5, "h", ""),
        ("5,000 daily active users", 5000, "users", ""),
        ("1,100 alert pages a week", 1100, "pages/week", ""),
        ("20 tickets/week", 20, "tickets/week", ""),
        ("1.5M requests per day", 1.5e6, "requests/day", ""),
        ("60 people", 60, "people", ""),
        ("1.100 Patienten pro Woche", 1100, "patienten/week", ""),
        ("10 working days", 10, "days", ""),
        ("a 2-week sprint", 2, "weeks", ""),
        ("two weeks", 2, "weeks", ""),
        ("6 months of debt", 6, "months", ""),
        ("€40,000", 40000, "€", ""),
        ("40k €", 40000, "€", ""),
        ("40.000 €", 40000, "€", ""),
        ("EUR 40 000", 40000, "€", ""),
        ("$1.2m", 1.2e6, "$", ""),
        ("€1.5 million", 1.5e6, "€", ""),
        ("$500/month", 500, "$/month", ""),
        ("target: <150ms", 150, "ms", "<"),
        ("≤ 3 %", 3, "%", "<="),
        ("under 150 ms", 150, "ms", "<"),
        ("below 6 percent", 6, "%", "<"),
        ("at least 20 users", 20, "users", ">="),
        ("more than 300 users", 300, "users", ">"),
        ("~30%", 30, "%", "~"),
        ("about 4 GB", 4, "GB", "~"),
        ("within 8 weeks", 8, "weeks", "<="),
        ("150 ms or less", 150, "ms", "<="),
        ("15+ tables", 15, "tables", ">="),
        ("sub-150ms", 150, "ms", "<"),
        ("unter 60 Minuten", 60, "min", "<"),
        ("höchstens 3 Tage", 3, "days", "<="),
        ("over three months", 3, "months", ""),
        ("3 percentage points", 3, "percentage points", ""),
        ("−5 %", -5, "%", ""),
        ("(-5%)", -5, "%", ""),
        ("rated 8/10", 8, "/10", ""),
        ("2x faster", 2, "×", ""),
        ("in 2024 Google", 2024, "", ""),
    ],
)
def test_a_number_is_read_with_its_unit_and_comparator(
    text: str, value: float, unit: str, bound: str
) -> None:
    assert read(text) == [(value, value, unit, bound)]


@pytest.mark.parametrize(
    ("text", "low", "high", "unit"),
    [
        ("2-3 weeks", 2, 3, "weeks"),
        ("2–3 Wochen", 2, 3, "weeks"),
        ("2 to 3 weeks", 2, 3, "weeks"),
        ("10%-15%", 10, 15, "%"),
        ("between 5 and 10 %", 5, 10, "%"),
        ("€40-50k per month", 40000, 50000, "€/month"),
    ],
)
def test_a_range_is_one_quantity(text: str, low: float, high: float, unit: str) -> None:
    assert read(text) == [(low, high, unit, "")]
    assert find(text)[0].value == (low + high) / 2


@pytest.mark.parametrize(
    "text", ["from 500 to 350 ms", "from 500ms to 350ms", "500 → 350 ms", "down from 500 to about 350 ms"]
)
def test_a_change_is_two_quantities_of_one_unit(text: str) -> None:
    assert [(q.value, q.unit) for q in find(text)] == [(500, "ms"), (350, "ms")]


@pytest.mark.parametrize(
    "text",
    [
        "`/api/v2/x` and `5 ms`",
        "/api/v2/users/7",
        "https://x.y/12",
        "OAuth2 p95 N+1 v2 3rd 5xx GPT-4 COVID-19",
        "24/7 since 10:30 on 2024-05-01",
        "2/3 of them",
        "1,2,3",
        "one day we will",
        "some of the ten",
        "9" * 40,
        "5m",
    ],
)
def test_what_only_holds_digits_is_no_quantity(text: str) -> None:
    assert read(text) == []


def test_the_text_of_a_quantity_is_what_stands_there() -> None:
    text = "The `p95` is <1,200 ms for 5,000 daily active users."
    assert [text[q.start : q.end] for q in find(text)] == ["1,200 ms", "5,000 daily active users"]
    assert [q.text for q in find(text)] == ["1,200 ms", "5,000 daily active users"]


@pytest.mark.parametrize("text", ["Two weeks", "TWO WEEKS", "a two-week trial", "(zwei Wochen)", "2 weeks"])
def test_a_lone_number_is_found_however_it_is_written(text: str) -> None:
    assert [(low, unit) for low, _, unit, _ in read(text)] == [(2, "weeks")]


@settings(deadline=None)
@given(st.text(alphabet=st.sampled_from("0123456789.,'- –→%€$kmsM/`~<>+()abto\n"), max_size=80))
def test_any_text_is_read_and_every_quantity_stands_in_it(text: str) -> None:
    for quantity in find(text):
        assert text[quantity.start : quantity.end] == quantity.text
        assert quantity.low <= quantity.high
        assert abs(quantity.value) < float("inf")


@pytest.mark.parametrize("text", ["9", "1,", "`", "€", "/a", "from ", "1" + " " * 40, "a1 "])
def test_long_texts_are_read_in_linear_time(text: str) -> None:
    began = time.process_time()
    find((text * 40_000)[:40_000])
    assert time.process_time() - began < 5


def test_units_convert_only_by_exact_factors() -> None:
    assert convert(1.2, "s", "ms") == 1200
    assert convert(2, "weeks", "days") == pytest.approx(14)
    assert convert(1, "months", "weeks") is None
    assert convert(1, "years", "months") == 12
    assert convert(5, "tickets", "users") is None
    assert convert(3, "€/month", "€/user") is None


@pytest.mark.parametrize(
    ("value", "unit", "text"),
    [
        (26.887, "%", "27 %"),
        (255.89, "ms", "256 ms"),
        (1.25, "s", "1.2 s"),
        (1200, "tickets", "1,200 tickets"),
        (-30, "%", "−30 %"),
        (0, "%", "0 %"),
        (0.268, "h", "0.27 h"),
        (9.96, "s", "10 s"),
        (0.0004, "s", "0.0004 s"),
        (3, "", "3"),
    ],
)
def test_figures_are_rounded_for_people(value: float, unit: str, text: str) -> None:
    assert shown(value, unit) == text
