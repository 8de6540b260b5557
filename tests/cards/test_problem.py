"""Problem cards: both dialects and what lies between, and every fault of a file at once."""

import time
from contextlib import suppress
from pathlib import Path

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from debate.cards.facts import FactKind
from debate.cards.markdown import MAX_CARD, decode
from debate.cards.problem import ProblemCard, parse_problem
from debate.cards.readings import figures
from debate.errors import CardError, Fault

C, H, T, K, S = FactKind.CONTEXT, FactKind.CHALLENGE, FactKind.TRIED, FactKind.CONSTRAINT, FactKind.CRITERION


def parse(text: str, name: str = "card.md") -> ProblemCard:
    return parse_problem(decode(text.encode(), name), Path(name), "file")


def faults(text: str, name: str = "card.md") -> list[tuple[int, str]]:
    with pytest.raises(CardError) as caught:
        parse(text, name)
    return [(fault.line, fault.message) for fault in caught.value.faults]


def texts(card: ProblemCard, kind: FactKind) -> list[str]:
    return [fact.text for fact in card.of(kind)]


LONG = """# Long waits

## Problem ID
`er-waits`

## Domain
hospital

## Title
Emergency waits will not fall

## Context
- 1,100 patients a week
- The median wait is 94 minutes

## Challenge
Waits are long (94 min median, 210 min p95). The team has tried:

1. ✅ Triage nurse (improved 6%)
2. ✅ New rota (improved 4%)

**Total improvement: ~10% (from 104 min to 94 min)**
**Not enough (target: <60 min)**

## Constraints
- No new staff
- Live in 6 weeks

## Success Criteria
A good answer:
- Shows a path to <60 min

## Prompt for Agent

```
Patients wait 94 minutes. We tried:
- A triage nurse → 6% improvement

Two of our 14 rooms stand empty at night. What do we miss?
```

## Expected Lens Relevance

**High relevance:**
- **Bottleneck Theory** - what sets the pace?
- **The Map Is Not the Territory** (the clock starts late)

**Low relevance:**
- **Ritual and Ceremony** - no custom in sight

## Baseline Solution Pattern

The usual:

```
"Hire more nurses."
```

**Characteristics:**
- Asks for money
- **Originality: 2-3/10** (said everywhere)
- **Novelty: 2.5/10**

## Target Solution Pattern

```
"Follow ten patients."
```

**Characteristics:**
- **Originality: 8/10** (looks first)
- **Novelty: 8/10**

## Evaluation Notes

**Why:**
- Common case

**Scoring rubric:**

| Metric | 0–3 | 4–6 | 7–10 |
|---|---|---|---|
| **Originality** | more staff | names flow | new view |
| **Novelty** | obvious | slight | not obvious |
"""

SHORT = """# Support Backlog Keeps Coming Back

**Problem ID:** support_backlog
**Domain:** support

## Context
A software company with 40 support agents. The backlog stands at 1,200 open tickets, up from 700.

## Challenge
We tried hiring four agents (backlog grew again), macros (5% improvement) and a chatbot. The target is fewer
than 400 open tickets.

## Prompt for Agent
"Our backlog of 1,200 tickets will not go down. We cannot hire this year and have €40,000. It must work
within 8 weeks. What are we missing?"

## Expected Lens Relevance
**High:** Feedback Loops, Ritual and Ceremony
**Low:** Emergence (nothing emerges, really)

## Baseline Solution
"Hire more agents, buy a smarter bot."
- Originality: 2/10
- Actionability: 5/10

## Target Solution
The backlog is a stock of repeat contacts. Count second contacts first.

- Originality: 8/10
- Actionability: 8.5/10
"""


class TestLongDialect:
    def test_identity_and_facts_come_from_their_sections(self) -> None:
        card = parse(LONG)
        assert (card.id, card.domain, card.title) == ("er-waits", "hospital", "Emergency waits will not fall")
        assert texts(card, C) == ["1,100 patients a week", "The median wait is 94 minutes"]
        assert texts(card, H) == [
            "Waits are long (94 min median, 210 min p95).",
            "Total improvement: ~10% (from 104 min to 94 min)",
            "Not enough (target: <60 min)",
            "Two of our 14 rooms stand empty at night.",
        ]
        assert [fact.name for fact in card.of(T)] == ["Triage nurse", "New rota"]
        assert texts(card, K) == ["No new staff", "Live in 6 weeks"]
        assert texts(card, S) == ["Shows a path to <60 min"]
        assert [fact.id for fact in card.facts] == [
            "C1",
            "C2",
            "H1",
            "H2",
            "H3",
            "H4",
            "T1",
            "T2",
            "K1",
            "K2",
            "S1",
        ]
        assert card.facts[0].line == 13

    def test_facts_and_readings_are_found_by_id(self) -> None:
        card = parse(LONG)
        fact, reading = card.fact("T1"), card.fact("R1")
        assert fact is card.of(T)[0]
        assert reading is card.readings[0]
        assert card.fact("T9") is None

    def test_relevance_keeps_level_gloss_and_line(self) -> None:
        assert [(r.lens, r.level, r.gloss, r.line) for r in parse(LONG).relevance] == [
            ("Bottleneck Theory", "high", "what sets the pace?", 45),
            ("The Map Is Not the Territory", "high", "the clock starts late", 46),
            ("Ritual and Ceremony", "low", "no custom in sight", 49),
        ]

    def test_known_answers_have_text_characteristics_and_ratings(self) -> None:
        card = parse(LONG)
        assert (card.baseline.text, card.target.text) == ("Hire more nurses.", "Follow ten patients.")
        assert card.baseline.characteristics == ("Asks for money",)
        rating = card.baseline.rating("originality")
        assert rating is not None
        assert (rating.low, rating.high, rating.value, rating.note) == (2, 3, 2.5, "said everywhere")
        novelty = card.baseline.rating("Novelty")
        assert novelty is not None
        assert novelty.value == 2.5
        assert card.baseline.rating("Explanation") is None

    def test_the_rubric_is_read_by_its_bands(self) -> None:
        rows = parse(LONG).rubric
        assert [(r.criterion, r.low, r.middle, r.high) for r in rows] == [
            ("Originality", "more staff", "names flow", "new view"),
            ("Novelty", "obvious", "slight", "not obvious"),
        ]

    def test_the_wall_holds_everything_behind_it_and_nothing_before_it(self) -> None:
        card = parse(LONG)
        for behind in ("what sets the pace?", "Hire more nurses.", "Follow ten", "Common case", "names flow"):
            assert behind in card.answer_key
            assert behind not in card.question
            assert not any(behind in fact.text for fact in card.facts)
        assert "1,100 patients" not in card.answer_key
        assert "rooms stand empty" in card.question

    def test_only_what_the_card_does_not_say_is_taken_from_the_prompt(self) -> None:
        assert [fact.line for fact in parse(LONG).facts if fact.line > 35] == [39]


class TestShortDialect:
    def test_constraints_and_criteria_are_taken_from_where_they_are_stated(self) -> None:
        card = parse(SHORT)
        assert (card.id, card.domain, card.title) == (
            "support_backlog",
            "support",
            "Support Backlog Keeps Coming Back",
        )
        assert texts(card, K) == [
            "We cannot hire this year and have €40,000.",
            "It must work within 8 weeks.",
        ]
        assert texts(card, S) == ["The target is fewer than 400 open tickets."]
        assert [(f.name, f.effect.direction if f.effect else "") for f in card.of(T)] == [
            ("hiring four agents", "none"),
            ("macros", "better"),
            ("chatbot", ""),
        ]

    def test_figures_are_the_same_whatever_the_dialect(self) -> None:
        found = figures(parse(SHORT).facts)
        assert found is not None
        assert (found.start, found.now, found.target, found.deadline) == (700, 1200, 400, 40)

    def test_lenses_on_one_line_are_parted_by_commas_only(self) -> None:
        assert [(r.lens, r.level, r.gloss) for r in parse(SHORT).relevance] == [
            ("Feedback Loops", "high", ""),
            ("Ritual and Ceremony", "high", ""),
            ("Emergence", "low", "nothing emerges, really"),
        ]

    def test_answers_in_quotes_and_bare_are_read(self) -> None:
        card = parse(SHORT)
        assert card.baseline.text == "Hire more agents, buy a smarter bot."
        assert card.target.text == "The backlog is a stock of repeat contacts. Count second contacts first."
        assert [(r.criterion, r.value) for r in card.target.ratings] == [
            ("Originality", 8),
            ("Actionability", 8.5),
        ]
        assert card.rubric == ()

    def test_the_question_is_the_prompt_without_its_quotes(self) -> None:
        assert parse(SHORT).question.startswith("Our backlog of 1,200 tickets")


class TestBetweenTheDialects:
    def test_line_ends_marks_and_dashes_do_not_change_a_card(self) -> None:
        plain = parse(LONG)
        windows = parse_problem(
            decode(b"\xef\xbb\xbf" + LONG.replace("\n", "\r\n").encode(), "card.md"), Path("card.md"), "file"
        )
        assert windows == plain
        dashed = parse(LONG.replace("2-3/10", "2–3/10").replace("** - ", "** — "))
        assert (dashed.facts, dashed.baseline, dashed.relevance) == (
            plain.facts,
            plain.baseline,
            plain.relevance,
        )

    def test_headings_of_any_level_and_case_are_read(self) -> None:
        other = (
            LONG.replace("## ", "#### ").replace("Problem ID", "PROBLEM ID").replace("Context", "context:")
        )
        assert parse(other).facts == parse(LONG).facts

    @pytest.mark.parametrize(
        "relevance",
        [
            "- High relevance: [Emergence, Feedback Loops]\n- Low relevance: none",
            "**High:** Emergence, Feedback Loops",
            "High: `Emergence`; *Feedback Loops*",
            "### High\n- Emergence\n- Feedback Loops",
            "**High relevance:**\nEmergence, Feedback Loops",
            "- **High:** \n  - **Emergence** – why\n  - **Feedback Loops:** why",
            "High: Emergence, Feedback Loops; Low: none",
            "1. **High relevance** - Emergence, Feedback Loops\n2. **Medium** - n/a",
        ],
    )
    def test_lenses_are_read_however_the_level_is_written(self, relevance: str) -> None:
        card = parse(f"# T\n## Context\nIt is slow.\n## Expected Lens Relevance\n{relevance}\n")
        assert [(r.lens, r.level) for r in card.relevance] == [
            ("Emergence", "high"),
            ("Feedback Loops", "high"),
        ]

    @pytest.mark.parametrize(
        ("row", "low", "high", "note"),
        [
            ("- **Originality: 2-3/10** (generic)", 2, 3, "generic"),
            ("- Originality: 2/10", 2, 2, ""),
            ("- originality – 2.5/10 — plain", 2.5, 2.5, "plain"),
            ("Originality: 7,5/10", 7.5, 7.5, ""),
            ("- **Originality:** 8 out of 10", 8, 8, ""),
            ("Ratings: Originality 8/10", 8, 8, ""),
            ("- Originality = 10 / 10", 10, 10, ""),
            ("- Originality: 0", 0, 0, ""),
            ("| Metric | Score |\n|---|---|\n| Originality | 2–3/10 |", 2, 3, ""),
        ],
    )
    def test_a_rating_is_read_however_it_is_written(
        self, row: str, low: float, high: float, note: str
    ) -> None:
        card = parse(f"# T\n## Context\nIt is slow.\n## Baseline Solution\nDo more.\n\n{row}\n")
        (rating,) = card.baseline.ratings
        assert (rating.criterion, rating.low, rating.high, rating.note) == ("Originality", low, high, note)
        assert card.baseline.text == "Do more."

    def test_ratings_on_one_line_are_read_apart(self) -> None:
        card = parse(
            "# T\n## Context\nIt is slow.\n## Target Solution\n> Look.\n\n"
            "Originality: 8/10, Novelty 7-8/10 (new); Insight: 9/10"
        )
        assert [(r.criterion, r.low, r.high) for r in card.target.ratings] == [
            ("Originality", 8, 8),
            ("Novelty", 7, 8),
            ("Insight", 9, 9),
        ]
        assert card.target.text == "Look."

    def test_front_matter_gives_what_sections_do_not(self) -> None:
        card = parse(
            "---\nid: on-boarding\ndomain: product\n---\n# New users leave\n\n## Context\nThey leave.\n"
        )
        assert (card.id, card.domain, card.title) == ("on-boarding", "product", "New users leave")
        assert card.facts[0].line == 8

    def test_the_file_name_is_the_id_of_last_resort(self) -> None:
        assert parse("# T\n## Context\nIt is slow.\n", "slow-page.md").id == "slow-page"

    def test_text_below_the_title_is_context_when_there_is_no_context(self) -> None:
        assert texts(parse("# T\n\nIt is slow.\n\n## Challenge\nStuck.\n"), C) == ["It is slow."]

    def test_what_was_tried_may_have_a_section_or_stand_in_the_prompt(self) -> None:
        own = parse("# T\n## Challenge\nStuck.\n### What we tried\n1. Ads: no effect\n2. Mail → 2%\n")
        asked = parse(
            "# T\n## Challenge\nStuck.\n## Prompt\n```\nWe tried:\n- Ads: no effect\n- Mail → 2%\n```\n"
        )
        assert [(f.id, f.name, f.effect) for f in own.of(T)] == [
            (f.id, f.name, f.effect) for f in asked.of(T)
        ]
        assert [fact.name for fact in own.of(T)] == ["Ads", "Mail"]

    def test_an_attempt_told_in_a_sentence_and_a_list_is_one(self) -> None:
        card = parse(
            "# T\n## Challenge\nAds and mail were tried.\n\nAttempts:\n- Ads: no effect\n- Mail: +2%\n"
        )
        assert texts(card, T) == ["Ads: no effect", "Mail: +2%"]

    def test_one_sentence_may_aim_and_another_forbid(self) -> None:
        card = parse(
            "# T\n## Challenge\nCI takes 52 min. How do we get below 15 min? We may not buy machines.\n"
        )
        assert texts(card, H) == ["CI takes 52 min."]
        assert texts(card, S) == ["How do we get below 15 min?"]
        assert texts(card, K) == ["We may not buy machines."]

    def test_a_german_card_is_read(self) -> None:
        card = parse(
            "# Wartezeit\n## Kontext\nx\n## Context\n- Im Schnitt 94 Minuten Wartezeit\n## Challenge\n"
            "Wir haben Leiharbeit und Überstunden ausprobiert.\nZiel: unter 60 Minuten\n"
            "## Constraints\n- Höchstens 40.000 €\n",
            "wartezeit.md",
        )
        found = figures(card.facts)
        assert [fact.name for fact in card.of(T)] == ["Leiharbeit", "Überstunden"]
        assert [(q.value, q.unit, q.bound) for q in card.of(K)[0].quantities] == [(40000, "€", "<=")]
        assert found is not None
        assert (found.now, found.target) == (94, 60)

    def test_text_behind_the_wall_stays_there_whatever_its_headings_are(self) -> None:
        card = parse(
            "# T\n## Context\nSlow.\n## Target Solution\n### Context\nSecret view.\n### Challenge\nSecret "
            "plan.\n## Prompt\nHelp.\nBaseline solution: Secret advice.\n"
        )
        assert [fact.text for fact in card.facts] == ["Slow."]
        assert card.question == "Help."
        assert all(f"Secret {word}" in card.answer_key for word in ("view", "plan", "advice"))
        assert card.baseline.text == "Secret advice."


RATED = "# T\n## Challenge\nIt waits 4 h.\n## Lenses\n**High:** A\n## Baseline Solution\nDo more.\n\n"


class TestLensRelevanceAsCriterion:
    @pytest.mark.parametrize(
        "line",
        [
            "- **Lens Relevance: 8/10**",
            "- **Lens Relevance:** 8/10 (named)",
            "- Lens Relevance: 8/10",
            "Lens Relevance: 8/10",
            "**Lens Relevance** – 8/10",
            "**Originality:** 2/10, **Lens Relevance:** 8/10",
        ],
    )
    def test_a_rating_of_it_opens_no_second_list(self, line: str) -> None:
        card = parse(RATED + line)
        rating = card.baseline.rating("Lens Relevance")
        assert rating is not None
        assert (rating.value, [each.lens for each in card.relevance]) == (8, ["A"])

    def test_a_wrong_rating_of_it_is_a_wrong_rating(self) -> None:
        ((line, message),) = faults(RATED + "- Lens Relevance: high")
        assert line == 9
        assert message.startswith("found Lens Relevance: high; expected a rating")

    @pytest.mark.parametrize("line", ["**Lens Relevance:** High: A, B", "**Lens Relevance:**\n- High: A, B"])
    def test_behind_an_answer_the_list_still_begins_where_a_level_follows(self, line: str) -> None:
        card = parse(f"# T\n**Challenge:** It waits 4 h.\n\n**Baseline Solution:** Do more.\n\n{line}")
        assert [each.lens for each in card.relevance] == ["A", "B"]


class TestShortParts:
    def test_bold_parts_may_stand_apart(self) -> None:
        card = parse("# T\n**ID:** x\n\n**Domain:** y\n\nIt waits 4 h.\n\n**Challenge:** It is slow.")
        assert (card.id, card.domain) == ("x", "y")
        assert [fact.text for fact in card.facts] == ["It waits 4 h.", "It is slow."]

    def test_a_dash_that_is_no_hyphen_is_called_by_its_name(self) -> None:
        ((_, message),) = faults("# T\n## ID\n`late–orders`\n## Challenge\nIt is slow.")
        assert message.endswith("its '–' is an en dash: write '-'")


class TestTextBelowAList:
    def test_it_is_no_part_of_the_last_item(self) -> None:
        card = parse(
            "# T\n## Challenge\nIt was tried:\n\n1. Scanners: no effect\n2. A form (5%)\nNobody knows more.\n"
        )
        assert texts(card, FactKind.TRIED) == ["Scanners: no effect", "A form (5%)"]
        assert texts(card, FactKind.CHALLENGE) == ["Nobody knows more."]

    @pytest.mark.parametrize(
        "items",
        [
            "- Scanners for the whole hall, which the supplier lent us for free in\nMay: no effect",
            "- A form\n  Without effect",
            "- One form\nFor all (5%)\n- Another form\nFor some (3%)",
            "- Scanners,\nlent to us: no effect",
        ],
    )
    def test_what_is_wrapped_stays_together(self, items: str) -> None:
        card = parse(f"# T\n## What was tried\n{items}\n")
        assert len(texts(card, FactKind.TRIED)) == items.count("- ")


class TestWarnings:
    def test_what_is_worth_telling_is_told_with_its_line(self) -> None:
        card = parse("# T\n\nIntro.\n\n## Context\nSlow.\n## Stakeholders\nMany.\n")
        told = {(fault.line, fault.message.split(";")[0].split(",")[0]) for fault in card.warnings}
        assert (7, "found heading 'Stakeholders'") in told
        assert (3, "text before the first part is not used") in told
        messages = " ".join(fault.message for fault in card.warnings)
        for expected in (
            "Challenge",
            "Constraints",
            "Success Criteria",
            "--lenses",
            "Baseline Solution",
            "abstain",
        ):
            assert expected in messages
        assert "Many." not in [fact.text for fact in card.facts]

    def test_criteria_that_are_not_rated_twice_are_named(self) -> None:
        (warning,) = [w for w in parse(SHORT).warnings if "not rated" in w.message]
        assert "Lens Relevance, Explanation, Novelty" in warning.message

    def test_a_full_card_warns_of_nothing(self) -> None:
        assert parse(LONG).warnings == ()


class TestFaults:
    def test_every_fault_of_a_file_is_listed_at_once(self) -> None:
        broken = (
            LONG.replace("`er-waits`", "ER Waits!")
            .replace("Originality: 2-3/10", "Originality: 11/10")
            .replace("Novelty: 8/10", "Novelty: high")
            .replace("**Low relevance:**", "**Lwo relevance:**")
            .replace("0–3 |", "bad |")
        )
        assert [(line, message.split(";")[0]) for line, message in faults(broken)] == [
            (4, "found problem id 'ER Waits!'"),
            (48, "found 'Lwo relevance:'"),
            (61, "found Originality: 11/10"),
            (72, "found Novelty: high"),
            (81, "found rubric columns bad, 4–6, 7–10"),
        ]

    @pytest.mark.parametrize(
        ("text", "line", "words"),
        [
            ("", 1, "found no title"),
            ("# T\n", 1, "found no fact"),
            ("# T\n## Context\n## Challenge\n", 3, "found no fact"),
            ("## Context\nSlow.\n", 1, "found no title"),
            ("# T\n## Problem ID\n../x\n## Context\nSlow.\n", 3, "found problem id '../x'"),
            ("# T\n## Problem ID\ncon\n## Context\nSlow.\n", 3, "lower-case"),
            ("# T\n## Context\nSlow.\n## Target Solution\nA.\n## Target Solution\nB.\n", 6, "a second part"),
            ("# T\n## Context\nSlow.\n## Lens Relevance\n- **Emergence** - x\n", 5, "before any level"),
            ("# T\n## Context\nSlow.\n## Lens Relevance\n**High:** A\n**Low:** a\n", 6, "first in line 5"),
            ("# T\n## Context\nSlow.\n## Baseline\nX.\n- Novelty: 3-2/10\n", 6, "expected a rating"),
            ("# T\n## Context\nSlow.\n## Baseline\nX.\n- Novelty: 2/5\n", 6, "found Novelty: 2/5"),
            (
                "# T\n## Context\nSlow.\n## Baseline\nX.\n- Novelty: 2/10\n- novelty: 3/10\n",
                7,
                "second rating",
            ),
            ("# T\n## Context\n" + "x" * 2001 + "\n", 3, "at most 2,000"),
            ("# T\n## Context\n" + "x. Y\n" * 9000, 2, "at most 30,000"),
            ("# T\n## Context\n" + "- x\n" * 301, 303, "at most 300"),
            ("---\nid: [\n---\n# T\n", 3, "not valid YAML"),
            ("---\nid: a b\n---\n# T\n## Context\nSlow.\n", 1, "found problem id 'a b'"),
        ],
    )
    def test_a_fault_names_line_what_was_found_and_what_was_expected(
        self, text: str, line: int, words: str
    ) -> None:
        found = [(at, message) for at, message in faults(text) if words in message]
        assert [at for at, _ in found] == [line]

    def test_a_rubric_names_each_criterion_once(self) -> None:
        table = "| M | 0-3 | 4-6 | 7-10 |\n|-|-|-|-|\n| A | x | y | z |\n| a | x | y | z |\n| | x | y | z |\n"
        found = faults(f"# T\n## Context\nSlow.\n## Rubric\n{table}")
        assert [line for line, _ in found] == [8, 9]

    def test_without_a_usable_file_name_an_id_is_asked_for(self) -> None:
        assert "'Problem ID'" in faults("# T\n## Context\nSlow.\n", "My Card.md")[0][1]


@settings(deadline=None, max_examples=150)
@given(st.binary(max_size=400))
@example(LONG.encode()[:900])
@example(b"# T\n" * 3)
def test_any_bytes_give_a_card_or_a_card_error(data: bytes) -> None:
    card = None
    with suppress(CardError):
        card = parse_problem(decode(data, "card.md"), Path("card.md"), "file")
    assert card is None or card.facts


_LINES = st.sampled_from(
    [
        *LONG.split("\n"),
        *SHORT.split("\n"),
        "",
        "- ",
        "1. x",
        "**",
        "```",
        "---",
        "> q",
        "| a | b |",
        "|-|-|",
        "\t",
    ]
)


@settings(deadline=None, max_examples=150)
@given(st.lists(_LINES, max_size=60))
def test_lines_of_cards_in_any_order_give_a_card_or_faults_with_lines(lines: list[str]) -> None:
    text = "\n".join(lines)
    found: tuple[Fault, ...] = ()
    try:
        card = parse_problem(decode(text.encode(), "card.md"), Path("card.md"), "file")
    except CardError as error:
        found = error.faults
    else:
        assert len({fact.id for fact in card.facts}) == len(card.facts)
        found = card.warnings
    assert all(1 <= fault.line <= len(lines) + 1 for fault in found)


@pytest.mark.parametrize(
    "text",
    [
        "#",
        "# ",
        "#\n",
        "[",
        "- ",
        "- a\n",
        "|",
        "| a ",
        "> ",
        "**a** ",
        "1. ",
        "`",
        "a. B\n\n",
        "5 ms, ",
        "(",
        "a: 1/10, ",
    ],
)
@pytest.mark.parametrize(
    "head",
    [
        "",
        "# T\n## Context\n",
        "# T\n## Context\nx\n## Target Solution\n",
        "# T\n## Lens Relevance\n**High:** ",
    ],
)
def test_a_mebibyte_of_anything_is_a_card_or_a_card_error_soon(head: str, text: str) -> None:
    whole = (head + text * MAX_CARD)[:MAX_CARD]
    short = "\n".join(whole.split("\n")[:9_999])
    began = time.process_time()
    card = None
    with suppress(CardError):
        card = parse(short)
    assert card is None or card.facts
    assert time.process_time() - began < 8  # about one on a quiet machine


def test_bold_levels_are_the_judges_wherever_they_stand() -> None:
    text = (
        "# Slow Gate\n\n## Domain\noperations\n\n## Challenge\nCars wait 12 minutes.\n\n"
        "## Prompt\nWhat do we miss?\n\n**High:** Bottleneck Theory, Feedback Loops\n"
        "**Low:** Emergence\n\n- **Medium relevance:** Leverage Points\n"
    )
    card = parse_problem(text, Path("gate.md"), "file")
    assert [(each.lens, each.level) for each in card.relevance] == [
        ("Bottleneck Theory", "high"),
        ("Feedback Loops", "high"),
        ("Emergence", "low"),
        ("Leverage Points", "medium"),
    ]
    assert not any("Bottleneck" in fact.text or "Emergence" in fact.text for fact in card.facts)
    assert "Bottleneck" not in card.question
