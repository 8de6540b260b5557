"""The letter and the plan as a person reads them."""

import pytest
from markdown_it import MarkdownIt

from debate.contributions import Interval, Merged
from debate.letters import days_text, interval_text, letter_markdown, plan_markdown
from tests.builders import a_card, a_letter, a_letter_step, a_plan, some_hypotheses

SEATS = {"bottleneck-theory": "Bottleneck Theory", "pace-layering": "Pace Layering"}


class TestLetter:
    def test_the_parts_stand_in_the_order_an_owner_reads_them(self) -> None:
        text = letter_markdown(a_letter(), a_card())
        parts = [
            "# Waiting Time Stuck\n\n**Your patients wait for each other",
            "\n\nBoth attempts made the desk quicker",
            "\n\n## Why what you tried fell short\n\n- The text message reminders",
            "\n\n*Nobody is asked to come before we are ready to see them.*\n",
            "\n\n**1. Stamp arrivals and calls** — one nurse, 1 day. Write the time",
            "\n\nMeasure: share of the wait that arises before ten o'clock.\n",
            "\n\n- If 50 % or more arises before ten, go on.\n- If 25 % or less does,",
            "\n\nWorth: decides where 60 minutes can be found.\n",
            "\n\n**5. Keep the new start times** — ",
            "\n\n## How this reaches the target\n\nThe wait is 120 minutes today.",
            "\n\n## What stays protected\n\nNo new staff",
            "\n\n## What would make this fail\n\nThis fails if",
            "\n\n## On Monday\n\n- Put a clock and a stamp at the door.\n- Tell the nurses",
        ]
        places = [text.find(part) for part in parts]
        assert -1 not in places
        assert places == sorted(places)

    def test_the_same_letter_gives_the_same_bytes_ending_with_one_newline(self) -> None:
        text = letter_markdown(a_letter(), a_card())
        assert text == letter_markdown(a_letter(), a_card())
        assert text.endswith("gets two times.\n")
        assert "\n\n\n" not in text

    def test_a_part_nobody_filled_leaves_no_heading_behind(self) -> None:
        text = letter_markdown(a_letter(attempts=[], path="", safeguards="", rule=""), a_card())
        assert "fell short" not in text
        assert "reaches the target" not in text
        assert "protected" not in text
        assert "**" in text
        assert "\n**\n" not in text

    @pytest.mark.parametrize(
        ("written", "read"),
        [
            ("If 50 % or more: go on", "- If 50 % or more: go on."),
            ("At least 50 %: go on.", "- If at least 50 %: go on."),
            ("CPU above 50 %: go on", "- If CPU above 50 %: go on."),
        ],
    )
    def test_an_outcome_begins_with_if(self, written: str, read: str) -> None:
        letter = a_letter(steps=[a_letter_step(if_true=written)])
        assert read in letter_markdown(letter, a_card()).splitlines()

    def test_a_model_cannot_bring_markup_into_any_field(self) -> None:
        evil = "# x <script>alert(1)</script> ![i](http://e/i.png) [l](http://e) **b** `c` \x1b[31m \u202e"
        step = a_letter_step(
            title=evil, what=evil, who=evil, measure=evil, if_true=evil, if_false=evil, effect=evil
        )
        fields = dict.fromkeys(("diagnosis", "why", "rule", "path", "safeguards", "fails_if"), evil)
        letter = a_letter(**fields, attempts=[evil], steps=[step], monday=[evil])
        text = letter_markdown(letter, a_card(title=evil))
        blocks = MarkdownIt("commonmark", {"html": True}).parse(text)
        kinds = {token.type for block in blocks for token in (block, *(block.children or ()))}
        assert not kinds & {"html_inline", "html_block", "image", "link_open"}
        assert [block.tag for block in blocks if block.type == "heading_open"] == ["h1"] + ["h2"] * 6
        assert "\x1b" not in text
        assert "⟨U+202E⟩" in text


class TestPlan:
    def test_every_hypothesis_step_and_fact_it_names_can_be_found_in_the_record(self) -> None:
        merged = [Merged(hypothesis="bottleneck-theory-2", into="bottleneck-theory-1", because="same crowd")]
        plan = a_plan(merged=merged)
        text = plan_markdown(plan, some_hypotheses(), a_card(), SEATS)
        assert "# Plan: Waiting Time Stuck" in text
        assert "- H1: The mean wait is 120 minutes; the target is under 60 minutes." in text
        assert "- T1 Text message reminders: Fewer missed visits" in text
        assert "### 1. Stamp arrivals and calls, round 1" in text
        assert "- If true (at least 50 %): spread the start times" in text
        assert "- K2 respects: takes one day of three weeks" in text
        assert "- From `bottleneck-theory-1` (Bottleneck Theory): Most of the 120 minutes" in text
        assert "Settled by: the wait by hour from step 1" in text
        assert "Merged into `bottleneck-theory-1`: same crowd" in text
        assert "`pace-layering-2` (Pace Layering): Most of the 120 minutes" in text
        assert "Because: needs a rule nobody here may change" in text
        assert "## When to stop" in text

    def test_an_id_nobody_knows_is_shown_as_it_is(self) -> None:
        text = plan_markdown(a_plan(cites=["C9"]), [], a_card(), {})
        assert "- C9 (not in the card)" in text
        assert "- From `bottleneck-theory-1`" in text


@pytest.mark.parametrize(
    ("days", "text"),
    [
        (0.5, "half a day"),
        (1, "1 day"),
        (1.5, "1.5 days"),
        (4, "4 days"),
        (0.25, "0.25 days"),
        (float("nan"), "nan days"),
    ],
)
def test_days_are_said_as_people_say_them(days: float, text: str) -> None:
    assert days_text(days) == text


@pytest.mark.parametrize(
    ("low", "high", "unit", "text"),
    [
        (50, None, "%", "at least 50 %"),
        (None, 0, "round trips", "at most 0 round trips"),
        (0.25, 1200000, "ms", "0.25 to 1,200,000 ms"),
        (2450, None, "pupils a year", "at least 2,450 pupils a year"),
        (None, 1499.5, "EUR", "at most 1,499.5 EUR"),
        (3, 3, "steps", "exactly 3 steps"),
    ],
)
def test_an_interval_is_said_in_words(low: float | None, high: float | None, unit: str, text: str) -> None:
    assert interval_text(Interval(low=low, high=high, unit=unit)) == text
