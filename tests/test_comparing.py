"""Comparing: a run differs in nothing from itself, and each difference is named once, on its side."""

from pathlib import Path
from typing import Any

import pytest

from debate.comparing import Comparison, compare
from debate.events import Event, Message, PlanMade, SeatSpoke, VerdictGiven
from debate.manifest import SeatRef
from debate.prompts import fence
from debate.transcripts import Run
from tests.builders import a_hypothesis, a_plan, a_step
from tests.runs import a_call, a_manifest, a_run, a_score, a_verdict, events

CLAIMS = {
    "desk": "Most of the 120 minutes arises because bookings fall on three start times.",
    "rooms": "Doctors begin late, so patients queue in front of the rooms all morning.",
    "letters": "Reminder letters reach patients after their appointment has passed.",
}


def speaks(*claims: str, seat: str = "pace-layering") -> Event:
    """A seat with these claims, numbered in their order."""
    said = [a_hypothesis(f"{seat}-{n}", claim=CLAIMS.get(c, c)) for n, c in enumerate(claims, 1)]
    return SeatSpoke(seat=seat, hypotheses=tuple(said))


def a_plan_of(*titles: str) -> Event:
    """Steps with these titles, and actions to match."""
    steps = [
        a_step(rank, title=title, action=f"{title}, then write it down.", hypotheses=["pace-layering-1"])
        for rank, title in enumerate(titles, 1)
    ]
    return PlanMade(plan=a_plan(steps=steps, set_aside=[], dissent=[]))


def asks(call: str, prompt: str) -> Event:
    return a_call(call, "lens-agent", messages=(Message(role="user", content=prompt),))


@pytest.fixture
def run(tmp_path: Path) -> Any:
    """`run(events, **manifest)` makes one."""

    def make(said: list[Event] | None = None, **changes: Any) -> Run:
        return Run.load(a_run(tmp_path, said, **changes))

    return make


def test_a_run_differs_in_nothing_from_itself(run: Any) -> None:
    one = run()
    found = compare(one, one)
    assert (found.settings, found.prompts) == ({}, ())
    assert (found.gained, found.lost, found.lenses_gained, found.lenses_lost) == ((), (), (), ())
    assert all(pair.same for pair in found.ideas)
    assert all(pair.same for pair in found.steps)
    assert all(pair.same for pair in found.scores.values())


def test_what_one_side_gained_the_other_lost(run: Any) -> None:
    one = run([speaks("desk", "rooms"), a_plan_of("Stamp the slips", "Count the chairs")])
    other = run([speaks("rooms", "letters"), a_plan_of("Ring ten patients", "Stamp the slips")])
    there, back = compare(one, other), compare(other, one)

    def claims(found: Comparison) -> tuple[list[str], list[str]]:
        return [idea.claim for idea in found.gained], [idea.claim for idea in found.lost]

    assert claims(there) == ([CLAIMS["letters"]], [CLAIMS["desk"]])
    assert claims(back) == ([CLAIMS["desk"]], [CLAIMS["letters"]])


class TestAsked:
    def test_a_seed_a_model_and_a_card_that_changed_are_named(self, run: Any) -> None:
        (lens, *rest) = a_manifest("x").lenses
        changed = lens.model_copy(update={"sha256": "f" * 64})
        other = run([], seed=4, models={"critic": "openai:big"}, lenses=(changed, *rest))
        settings = compare(run([], models={"critic": "offline"}), other).settings
        assert settings.keys() == {"seed", "model of critic", "lens card bottleneck-theory"}
        assert (settings["seed"].one, settings["seed"].other) == ("0", "4")

    def test_lenses_are_told_by_who_has_them(self, run: Any) -> None:
        seats = a_manifest("x").seats
        new = SeatRef(id="emergence", lens="emergence", name="Emergence")
        neutral = SeatRef(id="neutral-1", lens=None, name="Neutral")
        found = compare(run([]), run([], seats=(seats[1], new, neutral)))
        assert found.lenses_lost == ("Bottleneck Theory",)
        assert found.lenses_kept == ("Pace Layering",)
        assert found.lenses_gained == ("Emergence",)

    def test_prompts_that_differ_only_by_the_seed_are_the_same(self, run: Any) -> None:
        one, other = (fence("problem", "It is slow.", seed) for seed in (1, 2))
        assert one != other
        assert compare(run([asks("a", one)]), run([asks("a", other)])).prompts == ()

    def test_only_the_lines_that_differ_are_told(self, run: Any) -> None:
        one, other = [asks("a", "same\nold\nsame too")], [asks("a", "same\nnew\nsame too")]
        (change,) = compare(run(one), run(other)).prompts
        assert change.lines == ("-old", "+new")

    def test_a_call_that_only_one_made_is_told_without_lines(self, run: Any) -> None:
        (change,) = compare(run([]), run([asks("a", "What?")])).prompts
        assert (change.call, change.asked.one, change.asked.other, change.lines) == ("a", None, True, ())

    def test_the_order_of_answers_does_not_matter(self, run: Any) -> None:
        calls = [asks("a", "What?"), asks("b", "Why?")]
        assert compare(run(calls), run(calls[::-1])).prompts == ()


class TestPairs:
    def test_hypotheses_are_paired_by_what_they_say_not_by_their_number(self, run: Any) -> None:
        found = compare(run([speaks("desk", "rooms")]), run([speaks("rooms", "desk")]))
        pairs = [(pair.one.id, pair.other.id) for pair in found.ideas if pair.one and pair.other]
        assert pairs == [("pace-layering-2", "pace-layering-1"), ("pace-layering-1", "pace-layering-2")]

    def test_one_that_was_reworded_is_no_new_one(self, run: Any) -> None:
        said = CLAIMS["rooms"].replace("Doctors begin", "The doctors begin").replace("all", "the whole")
        found = compare(run([speaks("rooms")]), run([speaks(said)]))
        assert (found.gained, found.lost) == ((), ())
        assert not found.ideas[0].same

    def test_each_has_one_partner_at_most_and_the_same_words_come_first(self, run: Any) -> None:
        near = CLAIMS["rooms"] + " Always."
        found = compare(run([speaks("rooms")]), run([speaks(near, "rooms")]))
        assert [idea.claim for idea in found.gained] == [near]

    def test_claims_without_a_word_are_alike_only_when_the_same(self, run: Any) -> None:
        found = compare(run([speaks("1 + 1 = 2")]), run([speaks("2 + 2 = 4")]))
        assert (len(found.gained), len(found.lost)) == (1, 1)

    def test_steps_keep_both_ranks(self, run: Any) -> None:
        one = run([a_plan_of("Stamp the slips", "Count the chairs")])
        other = run([a_plan_of("Count the chairs", "Ring ten patients")])
        ranks = {
            (pair.other or pair.one).title: (pair.one and pair.one.rank, pair.other and pair.other.rank)  # type: ignore[union-attr]
            for pair in compare(one, other).steps
        }
        assert ranks == {
            "Count the chairs": (2, 1),
            "Ring ten patients": (None, 1 + 1),
            "Stamp the slips": (1, None),
        }


def test_scores_are_paired_by_judge_and_criterion_and_unscored_is_no_nought(run: Any) -> None:
    verdict = a_verdict().model_copy(update={"criteria": (a_score("Novelty"), a_score("Originality", None))})
    scores = compare(run(), run([VerdictGiven(verdict=verdict)])).scores
    assert scores["checks", "Originality"].one == 7.2
    assert scores["checks", "Originality"].other is None
    assert (scores["checks", "Novelty"].one, scores["checks", "Novelty"].other) == (None, 7.2)
    assert scores["checks", "Headline"].same


def test_runs_that_came_to_nothing_can_be_compared(run: Any) -> None:
    found = compare(run([]), run(events()))
    assert not found.lost
    assert len(found.gained) == 4
    assert all(pair.one is None for pair in found.steps)
    assert all(pair.one is None for pair in found.scores.values())
