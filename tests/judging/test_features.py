"""What each criterion rewards and what it does not, on one card."""

from collections.abc import Callable

import pytest

from debate.judging.actionability import actionability, bans, breaks
from debate.judging.case import Feature, prepare
from debate.judging.checks import judge
from debate.judging.explanation import explanation
from debate.judging.ideas import novelty, originality
from debate.judging.mapping import Anchors, Line, line
from debate.judging.relevance import lens_relevance
from debate.judging.text import Claim, read
from tests.judging.cases import QUEUES, REPORT, pattern, problem

CASE = prepare(REPORT.card, REPORT.lenses)
BASELINE = REPORT.card.baseline.text


def of(feature: str, text: str) -> Feature:
    """A feature of a text on the report's card."""
    functions = {
        "novelty": novelty,
        "originality": originality,
        "explanation": explanation,
        "actionability": actionability,
        "lens relevance": lens_relevance,
    }
    return functions[feature](CASE, read(text))


class TestConstraints:
    @pytest.mark.parametrize(
        "text",
        [
            "Rewrite the job in Rust",
            "Rewriting in Go",
            "Replace MariaDB with Postgres",
            "We should replace MariaDB",
        ],
    )
    def test_a_step_that_does_what_is_forbidden_is_found(self, text: str) -> None:
        assert any(breaks(text, ban) for ban in bans(CASE))

    @pytest.mark.parametrize(
        "text",
        [
            "Write totals per shop without rewriting the job in another language",
            "MariaDB is not replaced",
            "Replace the shared lock by one lock per shop",
            "Instead of replacing MariaDB, split the table",
            "Keep MariaDB",
        ],
    )
    def test_a_step_that_leaves_it_alone_is_not(self, text: str) -> None:
        assert not any(breaks(text, ban) for ban in bans(CASE))

    @pytest.mark.parametrize(
        ("constraint", "text"),
        [
            ("No new hires", "Hire two more engineers"),
            ("No new staff can be hired", "Hire staff for the evening"),
            ("Cannot change the report layout", "Change the layout of the report"),
            ("The contract must not be replaced", "Replace the contract for one client"),
        ],
    )
    def test_a_constraint_is_read_in_the_ways_people_write_it(self, constraint: str, text: str) -> None:
        card = problem("x", baseline=pattern("a"), target=pattern("b"), constraints=[constraint])
        [ban] = bans(prepare(card, ()))
        assert breaks(text, ban)
        assert not breaks("Count the queue before noon", ban)

    def test_a_forbidden_step_is_worth_less_and_named(self) -> None:
        good = of("actionability", "- Measure the lock in the MariaDB log\n- Add workers\n- Trace the job")
        bad = of(
            "actionability", "- Measure the lock in the MariaDB log\n- Add workers\n- Rewrite the job in Rust"
        )
        assert bad.value < good.value
        assert any("K1" in reason for reason in bad.reasons)

    def test_proposing_again_what_was_tried_is_worth_less(self) -> None:
        again = of("actionability", "- Parallel workers\n- Bigger server\n- Indexes on the sales table")
        other = of("actionability", "- Sort the workers\n- Trace the server\n- Merge the sales table")
        assert again.value < other.value
        assert any("was tried" in reason for reason in again.reasons)


class TestExplanation:
    def test_each_attempt_with_a_reason_adds_to_it(self) -> None:
        reasons = [
            "Parallel workers wait for the same lock, because all write to one table.",
            "A bigger server only waits faster.",
            "Indexes on the sales table leave the waiting as it was.",
            "Shorter log lines never held the lock.",
        ]
        values = [of("explanation", "\n\n".join(reasons[:n])).value for n in range(5)]
        assert values == sorted(values)
        assert len(set(values)) == 5

    def test_figures_worked_out_from_the_card_count_more_than_copied_ones(self) -> None:
        copied = of("explanation", "The report takes 340 minutes on MariaDB.")
        derived = of("explanation", "To finish the report 65 % of the time must go.")
        invented = of("explanation", "The report loses 43 % of the time in the job.")
        assert invented.value < copied.value < derived.value

    def test_naming_an_attempt_is_no_reason(self) -> None:
        assert (
            "0 of 4 attempts"
            in of("explanation", "You tried parallel workers and a bigger server.").reasons[0]
        )


class TestPlaceOfSteps:
    FOREIGN = (
        "**{n}. Call ten people who stopped** — a clerk, {n} days.\n\n"
        "- If at least 5 agree: go on.\n- If at most 2: drop it."
    )
    HOME = (
        "**{n}. Time the lock waits of the workers** — a clerk, {n} days.\n\n"
        "- If at least 5 MariaDB jobs wait: go on.\n- If at most 2: drop it."
    )

    def steps(self, *texts: str) -> Feature:
        numbered = (text.format(n=n) for n, text in enumerate(texts, 1))
        return of("actionability", "## Steps\n\n" + "\n\n".join(numbered))

    def test_a_step_in_other_words_counts_less_than_one_about_the_case_but_counts(self) -> None:
        near, mixed = self.steps(*[self.HOME] * 3), self.steps(self.HOME, self.FOREIGN, self.FOREIGN)
        far = self.steps(*[self.FOREIGN] * 3)
        assert near.value > mixed.value > far.value > 0
        assert "3 of 3 name a threshold" in far.reasons[1]

    def test_the_reasons_say_how_many_share_no_word_with_the_case(self) -> None:
        mixed = self.steps(self.HOME, self.FOREIGN, self.FOREIGN)
        assert any("2 of 3 steps share no word with the case" in reason for reason in mixed.reasons)
        assert not any("share no word" in reason for reason in self.steps(*[self.HOME] * 3).reasons)

    @pytest.mark.parametrize("lead", ["Next steps:", "Plan:", "Steps"])
    def test_what_introduces_a_list_makes_its_points_steps(self, lead: str) -> None:
        points = "- Call ten people who stopped\n- Ask a stranger to sign up"
        assert of("actionability", f"{lead}\n\n{points}".replace("Steps\n", "## Steps\n")).value > 0
        assert of("actionability", f"Thoughts\n\n{points}").value == 0


class TestRetelling:
    PLAN = "The night is long because every worker waits for one lock.\n\nEach shop gets its own totals."

    @pytest.mark.parametrize(
        "kept",
        [
            "“Cannot rewrite the job in another language” and “MariaDB cannot be replaced”: all of it stays.",
            "You tried a bigger server, parallel workers and shorter log lines.",
        ],
    )
    @pytest.mark.parametrize("feature", ["novelty", "originality"])
    def test_saying_a_constraint_or_an_attempt_again_lowers_nothing(self, feature: str, kept: str) -> None:
        assert of(feature, f"{self.PLAN}\n\n{kept}").value == pytest.approx(of(feature, self.PLAN).value)

    def test_what_breaks_a_constraint_is_the_answers_own_idea(self) -> None:
        kept = of("novelty", f"{self.PLAN}\n\nMariaDB is not replaced.")
        broken = of("novelty", f"{self.PLAN}\n\n- Replace MariaDB")
        assert "over 1 claims" in kept.reasons[0]
        assert "over 2 claims" in broken.reasons[0]


class TestIdeas:
    def test_the_baseline_is_not_new(self) -> None:
        assert of("novelty", BASELINE).value == 0
        assert of("novelty", "- Move to Spark\n- Add more workers\n- Rent a faster server").value < 0.1

    def test_one_odd_sentence_does_little(self) -> None:
        odd = "A quantum blockchain paradigm transforms the nightly job."
        assert of("novelty", f"{BASELINE}\n\n{odd}").value < 0.2

    def test_only_sentences_that_explain_or_reframe_are_original(self) -> None:
        assert (
            of(
                "originality", "The totals table is written by 12 workers at night.\n\n- Merge the table"
            ).value
            == 0
        )
        assert of("originality", "The night is long because every worker waits for one lock.").value > 0.1

    def test_another_distance_can_be_asked_and_its_note_is_told(self) -> None:
        class AllAlike:
            note = "Everything is alike here."

            def similarity(self, claim: Claim, known: Claim, familiar: Callable[[str], bool]) -> float:
                return 1.0

        case = prepare(REPORT.card, REPORT.lenses, distance=AllAlike())
        for feature in (novelty, originality):
            found = feature(case, read(REPORT.plan))
            assert found.value == 0
            assert AllAlike.note in found.reasons

    def test_both_say_that_they_are_blind_to_paraphrase(self) -> None:
        for name in ("novelty", "originality"):
            assert any("paraphrase-blind" in reason for reason in of(name, REPORT.plan).reasons)


class TestLensRelevance:
    NAMED = "Bottleneck Theory applies to the nightly job.\n\n" + BASELINE

    def test_naming_alone_stays_in_the_middle_band(self) -> None:
        verdict = judge(REPORT.card, self.NAMED, REPORT.lenses)
        assert {s.name: s.band for s in verdict.criteria}["Lens Relevance"] == "4-6"

    def test_repeating_the_name_does_not_help(self) -> None:
        shouted = (
            "Bottleneck Theory, Bottleneck Theory: the nightly job needs Bottleneck Theory.\n\n" + self.NAMED
        )
        assert of("lens relevance", shouted).value == of("lens relevance", self.NAMED).value

    def test_applying_it_without_the_name_counts(self) -> None:
        text = (
            "In the nightly job the queue forms before one station, so throughput cannot rise.\n\n"
            "Every faster worker only makes the queue at the station longer."
        )
        assert of("lens relevance", text).value > 0.1

    def test_without_lens_cards_it_says_what_it_went_by(self) -> None:
        feature = lens_relevance(prepare(REPORT.card, ()), read(REPORT.plan))
        assert any("names and glosses" in reason for reason in feature.reasons)
        assert QUEUES.name in feature.reasons[0]


class TestMapping:
    ANCHORS = Anchors(2.0, 8.0, "rated", "")

    def test_more_is_never_less_and_both_answers_lie_on_the_line(self) -> None:
        drawn = line(0.1, 0.5, self.ANCHORS, 0.05)
        assert isinstance(drawn, Line)
        scores = [drawn.score(n / 100) for n in range(101)]
        assert scores == sorted(scores)
        assert drawn.score(0.1) == pytest.approx(2)
        assert drawn.score(0.5) == pytest.approx(8)
        assert drawn.score(1.0) == pytest.approx(10)
        assert min(scores) >= 0

    def test_there_is_no_line_through_two_like_measures(self) -> None:
        assert "do not separate" in str(line(0.3, 0.32, self.ANCHORS, 0.05))
