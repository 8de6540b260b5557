"""Readings and figures: plain arithmetic over facts, and nothing where the facts leave it open."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from debate.cards.facts import Effect, Fact, FactKind, Reading
from debate.cards.quantities import find
from debate.cards.readings import figures, readings
from debate.cards.tried import attempts


def facts(*texts: str) -> list[Fact]:
    """Facts from texts that start with the letter of their kind: "C It takes 5 ms"."""
    found = []
    for number, row in enumerate(texts, 1):
        kind, text = FactKind(row[0]), row[2:]
        name, effect = "", None
        if kind is FactKind.TRIED:
            (attempt,) = attempts(text, labelled=True)
            name, effect = attempt.name, attempt.effect
        found.append(Fact(f"{kind}{number}", kind, text, number, find(text), name, effect))
    return found


def by_key(found: list[Fact]) -> dict[str, Reading]:
    return {reading.key: reading for reading in readings(found)}


SLOW = facts(
    "C Endpoint `/x/5` averaging 350ms",
    "H Slow (350ms avg, 800ms p95)",
    "H Total improvement: ~30% (from 500ms to 350ms)",
    "H Still too slow (target: <150ms)",
    "T Caching (improved 5%)",
    "T Queries → 8%",
    "T Indexes (improved 12%)",
    "T Code (improved 3%)",
    "T Pooling (improved 2%)",
    "K Must ship in 2 weeks",
    "K No rewrite (6 months of debt)",
)


def test_every_reading_of_a_full_case_is_exact_and_says_its_arithmetic() -> None:
    found = by_key(SLOW)
    expected = {
        "sum": (30, "%", "30 %: 5 + 8 + 12 + 3 + 2"),
        "compound": (26.8874528, "%", "27 %, not 30 %: 1 − 0.95 × 0.92 × 0.88 × 0.97 × 0.98"),
        "compound_vs_reported": (3.1125472, "percentage points", "about 30 %, the gains come to 27 %"),
        "change": (-30, "%", "−30 %: (350 − 500) / 500"),
        "total_needed": (70, "%", "70 % off the start: (500 − 150) / 500"),
        "gap": (200, "ms", "200 ms: 350 − 150"),
        "gap_share": (400 / 7, "%", "57 % of today's value must still go: 200 / 350"),
        "repeat": (255.8939152, "ms", "256 ms, which misses the target of 150 ms: 350 × 0.731"),
        "repeats_needed": (2.70555, "rounds", "3 more rounds of every past gain: 350 × 0.731^3 = 137 ms"),
        "best_single": (308, "ms", "308 ms: 350 × 0.88"),
        "tail": (800 / 350, "×", "p95 is 2.3 times today's value: 800 / 350"),
        "halfway": (250, "ms", "250 ms: 350 − 100"),
    }
    assert list(found) == list(expected)
    for key, (value, unit, words) in expected.items():
        assert found[key].value == pytest.approx(value, rel=1e-4)
        assert found[key].unit == unit
        assert words in found[key].text
    assert [reading.id for reading in found.values()] == [f"R{n}" for n in range(1, 13)]


def test_readings_cite_facts_that_exist_and_hold_their_figures() -> None:
    ids = {fact.id for fact in SLOW}
    for reading in readings(SLOW):
        assert reading.cites
        assert set(reading.cites) <= ids
    assert by_key(SLOW)["gap"].cites == ("H2", "C1", "H3", "H4")


def test_figures_hold_what_the_readings_rest_on() -> None:
    found = figures(SLOW)
    assert found is not None
    assert (found.start, found.now, found.target, found.unit, found.lower) == (500, 350, 150, "ms", True)
    assert (found.tail, found.tail_name, found.attempts, found.deadline) == (800, "p95", 5, 10)
    assert (found.gap, found.halfway, found.reached(150), found.reached(151)) == (200, 250, True, False)
    assert found.sources["deadline"] == ("K10",)


@pytest.mark.parametrize(
    ("texts", "now", "target", "unit", "start"),
    [
        (["C Only 22 % of new users stay", "S We want to raise it from 22 % to 35 %"], 22, 35, "%", None),
        (["C Patients wait 94 minutes on average; the target is 60."], 94, 60, "min", None),
        (
            ["C The backlog stands at 1,200 open tickets, up from 700", "H Goal: fewer than 400 tickets"],
            1200,
            400,
            "tickets",
            700,
        ),
        (["C Calls take 1.2 s", "S Calls answer under 500 ms"], 1.2, 0.5, "s", None),
        (["C Im Schnitt 94 Minuten Wartezeit", "S Ziel: unter 60 Minuten"], 94, 60, "min", None),
        (["H We need it under 150ms but we're stuck at 350ms."], 350, 150, "ms", None),
        (
            ["C Time to hire is 94 days, was 61 days", "S Time to hire below 45 days within 3 months"],
            94,
            45,
            "days",
            61,
        ),
        (
            ["C Builds take 40 minutes, tests 12 minutes", "S Builds finish in under 10 minutes"],
            40,
            10,
            "min",
            None,
        ),
        (
            ["C Churn is 6.5%, was 4%", "H Mail took it from 7% to 6.5%", "S Churn must fall below 3%"],
            6.5,
            3,
            "%",
            None,
        ),
        (["C 5,000 users, 1,100 pages a week", "S At most 300 pages a week"], 1100, 300, "pages/week", None),
    ],
)
def test_start_today_and_target_are_found_in_one_unit(
    texts: list[str], now: float, target: float, unit: str, start: float | None
) -> None:
    found = figures(facts(*texts))
    assert found is not None
    assert (found.now, found.target, found.unit, found.start) == (now, target, unit, start)


@pytest.mark.parametrize(
    "texts",
    [
        ["C It takes 350 ms"],
        ["S Answer under 150 ms"],
        ["C The queue holds 40 ms, the call 60 ms", "S Under 20 ms"],
        ["C Two sites: 300 users and 400 users", "S At least 900 users"],
        ["C Latency is 140 ms", "S Latency under 150 ms"],
        ["C We have 12 engineers", "K Must ship in 2 weeks"],
        ["C The team has spent 2 weeks on it", "S First reply under 4 hours"],
        ["C Cost is €5 per ticket", "S Cost under €3 per user"],
        ["C Improved by 5 % last year", "S Churn under 3 %"],
        ["C Now at 0 tickets", "S Target: 10 tickets"],
    ],
)
def test_no_figures_are_better_than_wrong_ones(texts: list[str]) -> None:
    assert figures(facts(*texts)) is None


def test_a_value_that_must_rise_is_counted_upwards() -> None:
    found = by_key(
        facts("C 200 orders/day today", "S Target: 400 orders/day", "T Ads → 10 %", "T Mail → 5 %")
    )
    assert found["compound"].value == pytest.approx(15.5)
    assert found["gap_share"].text == "100 % on top of today's value is still missing: 200 / 200."
    assert found["repeat"].value == pytest.approx(231)
    assert "misses" in found["repeat"].text
    assert found["halfway"].value == 300


def test_percentages_of_a_percentage_are_not_multiplied() -> None:
    found = by_key(facts("C 22 % stay today", "S Target: 35 %", "T Mail → 2 %", "T Tips → 3 %"))
    assert found["gap"].unit == "percentage points"
    assert {"compound", "repeat", "best_single"}.isdisjoint(found)


def test_gains_that_would_reach_the_target_are_said_to() -> None:
    found = by_key(facts("C 100 ms today", "S Target: 80 ms", "T A → 15 %", "T B → 15 %"))
    assert "reaches the target of 80 ms" in found["repeat"].text
    assert "1 more round of" in found["repeats_needed"].text


def test_a_card_without_figures_has_no_readings() -> None:
    assert readings(facts("C All is slow", "T Caching: no effect")) == ()
    assert readings([]) == ()


@settings(deadline=None, max_examples=60)
@given(
    now=st.integers(2, 10**6),
    target=st.integers(0, 10**6),
    gains=st.lists(st.integers(1, 99), max_size=6),
)
def test_any_figures_give_finite_readings_with_distinct_ids(now: int, target: int, gains: list[int]) -> None:
    rows = [f"T Try {n} → {gain} %" for n, gain in enumerate(gains)]
    found = readings(facts(f"C Now at {now} ms", f"S Target: {target} ms", *rows))
    assert len({reading.id for reading in found}) == len(found)
    assert all(abs(reading.value) < float("inf") for reading in found)


def test_an_effect_in_words_only_is_no_gain() -> None:
    quiet = Fact("T1", FactKind.TRIED, "x", 1, (), "x", Effect(None, "better", "helped"))
    assert readings([quiet, quiet]) == ()
