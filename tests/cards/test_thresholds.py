"""Intervals as lens cards write them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from debate.cards.thresholds import SAMPLES, Range, decide, pair_faults, parse_threshold, show

FALLING = SAMPLES[0]


class TestParsing:
    @pytest.mark.parametrize(
        ("text", "expected"),
        [
            ("at least 20 round trips", (20, None, "round trips")),
            ("At most 1,500.5 ms", (None, 1500.5, "ms")),
            ("at most 50%", (None, 50, "%")),
            ("between 10 and 20 %", (10, 20, "%")),
            ("20 round trips or more", (20, None, "round trips")),
            ("3 conversions or less", (None, 3, "conversions")),
            ("3 conversions or fewer", (None, 3, "conversions")),
            ("at least -2 °C", (-2, None, "°C")),
            ("at least [gap share]", (57, None, "%")),
            ("[now] or more", (350, None, "ms")),
            ("between [target] and [now]", (150, 350, "ms")),
            ("between 100 and [now] ms", (100, 350, "ms")),
            ("at most [half gap share], else 25 %", (None, 28, "%")),
        ],
    )
    def test_each_form_gives_its_range(self, text: str, expected: Range) -> None:
        assert parse_threshold(text).resolve(FALLING) == expected

    @pytest.mark.parametrize(
        ("text", "expected"),
        [
            ("at least [gap share], else 50 %", (50, None, "%")),
            ("at most [half gap share], else 25 %", (None, 25, "%")),
            ("[gap] or more, else 40 ms", (40, None, "ms")),
            ("between [target] and [now], else 10 and 20 days", (10, 20, "days")),
            ("at least [now] %, else 5 %", (5, None, "%")),
        ],
    )
    def test_the_fallback_holds_where_the_case_has_no_such_figure(self, text: str, expected: Range) -> None:
        assert parse_threshold(text).resolve({"now": (350.0, "ms")}) == expected

    @pytest.mark.parametrize(
        "text", ["at least [gap share]", "at most [now] %", "between [now] and [target]"]
    )
    def test_without_figure_and_fallback_there_is_no_range(self, text: str) -> None:
        assert parse_threshold(text).resolve({"now": (350.0, "ms"), "target": (150.0, "ms")}) is None

    @pytest.mark.parametrize(
        ("text", "reason"),
        [
            ("", "is not an interval"),
            ("some", "is not an interval"),
            ("more than 5 ms", "is not an interval"),
            ("at most half of [gap share]", "is not an interval"),
            ("at least 20", "no unit"),
            ("at least twenty ms", "is not an interval"),
            ("between 20 and 10 %", "backwards"),
            ("at least [subject]", "does not stand for a figure"),
            ("at least [gap share], else half", "after 'else'"),
            ("at least [gap share], else 50", "after 'else'"),
            ("at least [gap share], else [gap]", "after 'else'"),
            ("between [target] and [now], else 10 %", "two numbers"),
            ("at least [gap], else 5 ms, else 6 ms", "more than one 'else'"),
            ("at least " + "9" * 400 + " ms", "too large"),
        ],
    )
    def test_what_is_no_interval_is_refused_with_a_reason(self, text: str, reason: str) -> None:
        with pytest.raises(ValueError, match=reason):
            parse_threshold(text)

    @given(st.text(max_size=60))
    def test_any_text_gives_a_threshold_or_a_value_error(self, text: str) -> None:
        try:
            found = parse_threshold(text)
        except ValueError:
            return
        assert found.bounds

    @given(
        st.sampled_from(["at least {} ms", "at most {} ms", "between {} and 9,999 ms"]),
        st.integers(min_value=-999, max_value=9999),
    )
    def test_a_range_shown_is_a_range_read_again(self, form: str, number: int) -> None:
        found = parse_threshold(form.format(number)).resolve({})
        assert found is not None
        assert parse_threshold(show(found)).resolve({}) == found


class TestPairs:
    @pytest.mark.parametrize(
        ("if_true", "if_false"),
        [
            ("at least 20 round trips", "at most 5 round trips"),
            ("at least [gap share], else 50 %", "at most [half gap share], else 25 %"),
            ("at least [gap share]", "at most 25 %"),
            ("at most [halfway]", "at least [now]"),
            ("at least [halfway]", "at most [now]"),
            ("between 5 and 6 ms", "10 ms or more"),
        ],
    )
    def test_disjoint_intervals_of_one_unit_have_no_fault(self, if_true: str, if_false: str) -> None:
        assert pair_faults(parse_threshold(if_true), parse_threshold(if_false)) == []

    @pytest.mark.parametrize(
        ("if_true", "if_false", "reason"),
        [
            ("at least 20 ms", "at most 20 ms", "overlap"),
            ("at least 20 ms", "at least 30 ms", "overlap"),
            ("at least [half gap share]", "at most [gap share]", "overlap"),
            ("at least [gap share], else 20 %", "at most [half gap share], else 25 %", "overlap"),
            ("at least 20 ms", "at most 5 %", "different units"),
            ("at least [gap share]", "at most 5 ms", "different units"),
            ("at least [gap share], else 50 %", "at most [half gap share]", "needs one too"),
        ],
    )
    def test_a_pair_that_cannot_decide_is_a_fault(self, if_true: str, if_false: str, reason: str) -> None:
        faults = pair_faults(parse_threshold(if_true), parse_threshold(if_false))
        assert len(faults) == 1
        assert reason in faults[0]

    def test_a_pair_is_never_half_figure_and_half_fallback(self) -> None:
        if_true = parse_threshold("at least [gap share], else 50 %")
        if_false = parse_threshold("at most [half gap share], else 25 %")
        known = {"gap share": (20.0, "%")}
        assert decide(if_true, if_false, known) == ((50, None, "%"), (None, 25, "%"))
        assert decide(if_true, if_false, FALLING) == ((57, None, "%"), (None, 28, "%"))

    def test_where_figures_overlap_the_fallbacks_decide_or_nothing_does(self) -> None:
        known = {"gap share": (20.0, "%")}
        if_false = parse_threshold("at most 25 %")
        assert decide(parse_threshold("at least [gap share]"), if_false, known) is None
        with_fallback = parse_threshold("at least [gap share], else 50 %")
        assert decide(with_fallback, if_false, known) == ((50, None, "%"), (None, 25, "%"))
