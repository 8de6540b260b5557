"""Trails: every sentence is one the agents were shown, and every hypothesis ends somewhere."""

from pathlib import Path

import pytest

from debate.errors import InputError, UnknownName
from debate.events import Event, Message, PlanMade, SeatSpoke
from debate.prompts import problem_block
from debate.trail import (
    Fate,
    case_sentences,
    fate_of,
    hypotheses_of,
    hypothesis_trail,
    presented,
    step_trail,
)
from debate.transcripts import Run
from tests.builders import a_card, a_fact, a_hypothesis, a_plan, a_step, some_hypotheses
from tests.runs import a_call, a_run, events

CARD = a_card()
TEXTS = {
    **{fact.id: fact.text for fact in CARD.facts},
    **{reading.id: reading.text for reading in CARD.readings},
}


def asked(prompt: str) -> Event:
    """A call whose prompt this was."""
    return a_call("ask-1", "lens-agent", messages=(Message(role="user", content=prompt),))


def a_debate(tmp_path: Path, *said: Event) -> Run:
    """The clinic's debate, its prompt first, with more said at the end."""
    prompt = f"Read this.\n\n{problem_block(CARD, seed=7)}\n\nNow speak."
    return Run.load(a_run(tmp_path, [*events(), asked(prompt), *said]))


class TestTheCase:
    def test_every_sentence_is_the_one_the_agents_saw(self, tmp_path: Path) -> None:
        shown = case_sentences(a_debate(tmp_path))
        assert shown == TEXTS

    def test_title_domain_and_question_are_those_of_the_card(self, tmp_path: Path) -> None:
        case = presented(a_debate(tmp_path))
        assert case is not None
        assert (case.title, case.domain, case.question) == (CARD.title, CARD.domain, CARD.question)

    def test_nothing_the_owner_asks_counts_as_a_fact(self, tmp_path: Path) -> None:
        card = a_card(question="Look here:\nT9. Nobody tried this\n## The owner asks\nK9. A rule")
        case = presented(Run.load(a_run(tmp_path, [asked(problem_block(card, seed=1))])))
        assert case is not None
        assert not {"T9", "K9"} & case.sentences.keys()
        assert "T9. Nobody tried this" in case.question

    def test_a_fact_keeps_the_end_of_a_fence_it_imitates(self, tmp_path: Path) -> None:
        text = "It says </problem-0123456789> and goes on <b>here</b>"
        card = a_card(facts=(a_fact("C1", text), a_fact("C2", "Four nurses.")))
        shown = case_sentences(Run.load(a_run(tmp_path, [asked(problem_block(card, seed=1))])))
        assert (shown["C1"], shown["C2"]) == (text, "Four nurses.")

    def test_a_run_that_asked_nobody_has_no_case(self, tmp_path: Path) -> None:
        run = Run.load(a_run(tmp_path))
        assert presented(run) is None
        assert case_sentences(run) == {}


class TestHypotheses:
    def test_they_come_in_the_order_of_the_panel_whoever_spoke_first(self, tmp_path: Path) -> None:
        one, two = some_hypotheses()[:2], some_hypotheses()[2:]
        said = [
            SeatSpoke(seat="pace-layering", hypotheses=tuple(two)),
            SeatSpoke(seat="bottleneck-theory", hypotheses=tuple(one)),
        ]
        run = Run.load(a_run(tmp_path, said))
        assert list(hypotheses_of(run)) == [each.id for each in (*one, *two)]

    def test_a_trail_holds_sentences_seat_and_attempts(self, tmp_path: Path) -> None:
        trail = hypothesis_trail(a_debate(tmp_path), "bottleneck-theory-1")
        assert [(each.id, each.text) for each in trail.cites] == [
            (id_, TEXTS[id_]) for id_ in trail.hypothesis.cites
        ]
        assert [each.text for each in trail.tried] == [TEXTS["T1"]]
        assert trail.seat == "Bottleneck Theory"

    def test_a_sentence_that_no_prompt_has_is_missing_not_made_up(self, tmp_path: Path) -> None:
        trail = hypothesis_trail(Run.load(a_run(tmp_path)), "bottleneck-theory-1")
        assert {each.text for each in trail.cites} == {None}

    def test_an_unknown_one_is_answered_with_those_there_are(self, tmp_path: Path) -> None:
        with pytest.raises(UnknownName, match=r"pace-layering-1, pace-layering-2"):
            hypothesis_trail(a_debate(tmp_path), "pace-layering-9")


class TestFates:
    @pytest.mark.parametrize(
        ("id_", "says"),
        [
            ("bottleneck-theory-1", "in step 1 and 4"),
            ("bottleneck-theory-2", "in step 2 and 5"),
            ("pace-layering-2", "set aside: needs a rule nobody here may change"),
        ],
    )
    def test_each_ends_in_steps_or_with_a_reason(self, tmp_path: Path, id_: str, says: str) -> None:
        assert fate_of(a_debate(tmp_path), id_).text == says

    def test_one_that_was_merged_leads_to_the_other_and_back(self, tmp_path: Path) -> None:
        merged = {"hypothesis": "pace-layering-2", "into": "pace-layering-1", "because": "the same queue"}
        plan = a_plan(set_aside=[]).model_dump() | {"merged": [merged]}
        run = a_debate(tmp_path, PlanMade(plan=type(a_plan())(**plan)))
        assert fate_of(run, "pace-layering-2").text == "merged into pace-layering-1: the same queue"
        assert [each.id for each in hypothesis_trail(run, "pace-layering-1").merged] == ["pace-layering-2"]

    def test_a_dispute_stands_with_both_who_have_it(self, tmp_path: Path) -> None:
        run = a_debate(tmp_path)
        (one,) = fate_of(run, "bottleneck-theory-1").dissent
        assert fate_of(run, "pace-layering-1").dissent == (one,)
        assert fate_of(run, "bottleneck-theory-2").dissent == ()

    def test_without_a_plan_nothing_became_of_any(self, tmp_path: Path) -> None:
        run = Run.load(a_run(tmp_path, [SeatSpoke(seat="pace-layering", hypotheses=(a_hypothesis(),))]))
        assert fate_of(run, "bottleneck-theory-1") == Fate()
        assert Fate().text == "no plan speaks of it"

    def test_the_last_plan_counts(self, tmp_path: Path) -> None:
        plan = a_plan(steps=[a_step(1, hypotheses=["pace-layering-2"])], set_aside=[])
        assert fate_of(a_debate(tmp_path, PlanMade(plan=plan)), "pace-layering-2").steps == (1,)


class TestSteps:
    def test_a_step_leads_to_its_hypotheses_and_constraints(self, tmp_path: Path) -> None:
        trail = step_trail(a_debate(tmp_path), 3)
        assert [each.hypothesis.id for each in trail.hypotheses] == ["pace-layering-1"]
        assert [each.text for each in trail.constraints] == [
            "No new staff can be hired.",
            "An improvement must be live within 3 weeks.",
        ]

    @pytest.mark.parametrize("rank", [0, -1, 6])
    def test_a_step_that_is_not_there_is_answered_with_those_that_are(
        self, tmp_path: Path, rank: int
    ) -> None:
        with pytest.raises(InputError, match="steps of this run: 1, 2, 3, 4, 5"):
            step_trail(a_debate(tmp_path), rank)

    def test_a_run_without_a_plan_has_no_steps(self, tmp_path: Path) -> None:
        with pytest.raises(InputError, match="has no plan"):
            step_trail(Run.load(a_run(tmp_path, [])), 1)
