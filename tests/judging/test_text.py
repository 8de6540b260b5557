"""How an answer is taken apart: claims, entries, proposals."""

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from debate.judging.proposals import proposals
from debate.judging.sentences import quote, sentences
from debate.judging.text import MAX_ANSWER, read
from debate.judging.words import content, stem, stems


class TestWords:
    @pytest.mark.parametrize(
        "family",
        [
            ("cache", "cached", "caching", "caches"),
            ("query", "queries"),
            ("optimise", "optimising", "optimization", "optimized", "optimisations"),
            ("index", "indexes", "indexing", "indexed"),
            ("plan", "planning", "planned", "plans"),
            ("measure", "measurement", "measured"),
            ("speed", "speeds"),
            ("replace", "replaced", "replacing", "replacement"),
        ],
    )
    def test_forms_of_a_word_share_a_stem(self, family: tuple[str, ...]) -> None:
        assert len({stem(word) for word in family}) == 1

    def test_function_words_numbers_and_units_say_nothing(self) -> None:
        assert stems("It is 350 ms, and that's the 2nd") == ()

    def test_generic_words_count_only_where_there_are_no_others(self) -> None:
        assert content("An important plan for the database") == (stem("database"),)
        assert content("An important plan") == (stem("important"), stem("plan"))


class TestSentences:
    def test_abbreviations_and_decimals_end_no_sentence(self) -> None:
        text = "Use spans, e.g. OpenTelemetry. It took 3.5 ms vs. Redis. Then stop!"
        assert sentences(text) == (
            "Use spans, e.g. OpenTelemetry.",
            "It took 3.5 ms vs. Redis.",
            "Then stop!",
        )

    def test_a_quote_is_one_line_and_ends_at_a_word(self) -> None:
        assert quote("one\n two three", 9) == "“one two …”"


class TestClaims:
    @pytest.mark.parametrize(
        "text",
        [
            "- Cut the queue\n- Move the lock",
            "* Cut the queue\n\n* Move the lock",
            "1. Cut the queue\n2. Move the lock",
            "• Cut the queue\n• Move the lock",
            "Cut the queue\nMove the lock",
            '"- Cut the queue\n- Move the lock"',
            "```\n- Cut the queue\n- Move the lock\n```",
            "> - Cut the queue\n> - Move the lock",
            "- **Cut the queue**\r\n- _Move_ the lock\r\n",
        ],
    )
    def test_a_list_is_a_list_however_it_is_written(self, text: str) -> None:
        answer = read(text)
        assert [stems(c.text) for c in answer.claims] == [stems("cut queue"), stems("move lock")]
        assert len(proposals(answer)) == 2

    def test_program_code_is_no_claim(self) -> None:
        assert not read("```python\nimport os\nqueue = lock.take();\n```").claims

    def test_what_is_said_twice_is_said_once(self) -> None:
        assert len(read("The queue holds every worker back. " * 5).claims) == 1

    def test_a_text_that_is_too_long_is_cut_and_says_so(self) -> None:
        assert read("word " * MAX_ANSWER).cut
        assert not read("word").cut

    @pytest.mark.parametrize("piece", [" ", "\n", "a ", "if ", "- ", "> ", "1. ", '"', "`", "* a", "not a "])
    def test_long_runs_are_read_in_time(self, piece: str) -> None:
        started = time.process_time()
        read(piece * (MAX_ANSWER // len(piece)))
        assert time.process_time() - started < 10

    @given(st.text(max_size=300))
    def test_every_claim_says_something(self, text: str) -> None:
        assert all(c.stems and c.text for c in read(text).claims)


class TestProposals:
    def test_points_that_explain_are_no_proposals(self) -> None:
        why = "## Why the attempts failed\n- Caching keeps only hits\n- Pools wait"
        text = f"{why}\n\n## Steps\n1. Trace the requests\n"
        assert [e.title for e in proposals(read(text))] == ["Trace the requests"]

    @pytest.mark.parametrize(
        "text",
        [
            "**1. Trace** — two of us.\n\nOne pair.\n\n- Yes\n\n**2. Count**\n\n- No\n\nIf above 20, stop.",
            "### 1. Trace the requests\n\nOne pair, 2 days.\n\n### 2. Count queries\n\nIf above 20, stop.",
            "1. Trace the requests\n   - One pair, 2 days.\n2. Count queries\n   - If above 20, stop.",
            "**1. Trace requests**\n\n- One pair, 2 days.\n\n**2. Count queries**\n\n- If above 20, stop.",
            "First, trace the requests. One pair, 2 days.\n\nSecond, count queries. If above 20, stop.",
            "You should trace the requests. One pair, 2 days. Count queries. If above 20, stop.",
        ],
    )
    def test_a_step_is_found_with_all_its_details(self, text: str) -> None:
        one, two = proposals(read(text))
        assert "pair" in one.text
        assert "above 20" in two.text
