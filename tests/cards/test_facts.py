"""Statements and attempts: what the visible part of a card says, sentence by sentence."""

import pytest

from debate.cards.facts import FactKind
from debate.cards.markdown import sections
from debate.cards.statements import statements
from debate.cards.tried import attempts

T, K, S = FactKind.TRIED, FactKind.CONSTRAINT, FactKind.CRITERION


def said(text: str) -> list[tuple[str, int, FactKind | None]]:
    """Statements of a text, in short."""
    return [(each.text, each.line, each.label) for each in statements(sections(text).everything())]


class TestStatements:
    def test_sentences_items_rows_and_fences_are_statements_with_lines(self) -> None:
        text = "One is here. Two,\nwrapped, follows.\n\n- item. With two.\n\n"
        text += "| a | b |\n|---|---|\n| x | 5 % |\n\n```\nin a fence\n```\n"
        assert said(text) == [
            ("One is here.", 1, None),
            ("Two, wrapped, follows.", 1, None),
            ("item. With two.", 4, None),
            ("a: x; b: 5 %", 8, None),
            ("in a fence", 11, None),
        ]

    @pytest.mark.parametrize(
        "text",
        [
            "It takes approx. 5 days.",
            "We use e.g. Redis for it.",
            "The call `a. B` is slow.",
            "Version 1.5 is out.",
            "Dr. House decides.",
        ],
    )
    def test_a_sentence_is_not_cut_where_none_ends(self, text: str) -> None:
        assert [row[0] for row in said(text)] == [text]

    def test_lines_that_start_in_bold_stand_alone(self) -> None:
        assert [row[0] for row in said("**All bold here**\n**Second** and more\nwhich goes on")] == [
            "All bold here",
            "Second and more which goes on",
        ]

    @pytest.mark.parametrize(
        ("intro", "label"),
        [
            ("The team has tried:", T),
            ("What we tried so far:", T),
            ("**Tried:**", T),
            ("Previous attempts", T),
            ("What has been tried:", T),
            ("Wir haben versucht:", T),
            ("**Constraints:**", K),
            ("We must not:", K),
            ("A good solution:", S),
            ("Goals:", S),
            ("Symptoms:", None),
        ],
    )
    def test_an_introduction_is_no_statement_and_labels_its_list(
        self, intro: str, label: FactKind | None
    ) -> None:
        assert said(f"{intro}\n\n- first\n- second\n\nAfter it.") == [
            ("first", 3, label),
            ("second", 4, label),
            ("After it.", 6, None),
        ]

    def test_an_introduction_with_a_figure_is_a_fact_too(self) -> None:
        assert said("We lose 12 % a month, because:\n\n- a\n")[0][0] == "We lose 12 % a month, because:"

    def test_a_list_of_constraints_on_one_line_is_cut(self) -> None:
        assert said("Constraints: no hires, €5,000 (this year, all in), live in 2 weeks.") == [
            ("no hires", 1, K),
            ("€5,000 (this year, all in)", 1, K),
            ("live in 2 weeks", 1, K),
        ]

    def test_items_below_a_word_keep_the_word(self) -> None:
        assert [row[0] for row in said("- Team:\n  - 5 engineers\n  - 1 designer\n")] == [
            "Team: 5 engineers",
            "Team: 1 designer",
        ]

    def test_check_marks_and_task_boxes_are_taken_off(self) -> None:
        assert [row[0] for row in said("- ✅ done → 5 %\n- [x] ⚠️ also\n- 👍\n")] == ["done → 5 %", "also"]


@pytest.mark.parametrize(
    ("text", "name", "direction", "amount"),
    [
        ("Redis caching (improved 5%)", "Redis caching", "better", "5%"),
        ("Caching (Redis) → 5% improvement", "Caching (Redis)", "better", "5%"),
        ("Caching -> 5 %", "Caching", "better", "5 %"),
        ("Chatbot (+2 percentage points)", "Chatbot", "better", "2 percentage points"),
        ("Overtime: the backlog grew again", "Overtime", "none", None),
        ("Exit surveys – no effect", "Exit surveys", "none", None),
        ("Shorter form, made it worse", "Shorter form", "worse", None),
        ("Bonus program improved retention by 3%", "Bonus program", "better", "3%"),
        ("Weekly stand-up - 2 hours saved", "Weekly stand-up", "better", "2 hours"),
        ("New desk: wait fell from 45 min to 41 min", "New desk", "unknown", None),
        ("Discounts (-5%)", "Discounts", "unknown", "-5%"),
        ("Overtime for two weeks, then the backlog grew again", "Overtime for two weeks", "none", None),
        ("Neue Schichten: keine Wirkung", "Neue Schichten", "none", None),
        ("Added `a, b` index, cut p95 by 12%", "Added `a, b` index", "better", "12%"),
        ("the new rota: hardly any change", "new rota", "none", None),
    ],
)
def test_an_attempt_is_told_apart_from_its_effect(
    text: str, name: str, direction: str, amount: str | None
) -> None:
    (attempt,) = attempts(text, labelled=True)
    assert attempt.text == text
    assert attempt.name == name
    assert attempt.effect is not None
    assert attempt.effect.direction == direction
    assert (attempt.effect.amount.text if attempt.effect.amount else None) == amount


@pytest.mark.parametrize(
    "text", ["Training for all staff", "Reduced meeting load", "Redis (2 weeks of work)"]
)
def test_an_attempt_without_a_stated_effect_has_none(text: str) -> None:
    (attempt,) = attempts(text, labelled=True)
    assert (attempt.name, attempt.effect) == (text, None)


@pytest.mark.parametrize(
    ("text", "names", "directions"),
    [
        (
            "We tried a chatbot, overtime and a new form, but nothing helped.",
            ["chatbot", "overtime", "new form"],
            ["none", "none", "none"],
        ),
        (
            "So far the team has tried two hires (backlog grew again), macros (5%), and a bot, which cut 3%.",
            ["two hires", "macros", "bot"],
            ["none", "better", "better"],
        ),
        ("The department tried a triage nurse (improved 6%).", ["triage nurse"], ["better"]),
        (
            "Tooltips and a checklist were tried with hardly any change.",
            ["Tooltips", "checklist"],
            ["none", "none"],
        ),
        (
            "We've added runners (10% faster), split the tests (15% faster) and cached (no change).",
            ["added runners", "split the tests", "cached"],
            ["better", "better", "none"],
        ),
        ("Tried: overtime (no effect), bot (2%)", ["overtime", "bot"], ["none", "better"]),
        ("Wir haben Leiharbeit und ein Formular ausprobiert.", ["Leiharbeit", "Formular"], ["", ""]),
    ],
)
def test_a_sentence_tells_of_several_attempts(text: str, names: list[str], directions: list[str]) -> None:
    found = attempts(text, labelled=False)
    assert [each.name for each in found] == names
    assert [each.effect.direction if each.effect else "" for each in found] == directions


@pytest.mark.parametrize(
    "text",
    [
        'Every "obvious" optimization has been tried with diminishing returns.',
        "Nothing we tried helped.",
        "Everything was tried twice.",
        "The team is stuck.",
        "People leave (12%), complain (20%) and stay (5%).",
        "Whatever was tried, the queue came back.",
    ],
)
def test_a_sentence_that_names_no_attempt_holds_none(text: str) -> None:
    assert attempts(text, labelled=False) == ()
