"""What must hold between a contribution and the card: each case breaks one thing and is told so in words."""

from collections.abc import Sequence
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from debate.cards.facts import Fact
from debate.cards.problem import ProblemCard
from debate.contracts import letter_faults, letter_notes, plan_faults, report_faults
from debate.contracts.deadlines import deadline
from debate.contributions import (
    ConstraintLine,
    Decision,
    Dissent,
    Effort,
    Merged,
    Respect,
    SetAside,
    TriedReason,
    Waypoint,
)
from debate.letters import letter_words
from debate.words import repeats, sentences, stems
from tests.builders import (
    LENSES,
    a_card,
    a_draft,
    a_fact,
    a_letter,
    a_letter_step,
    a_plan,
    a_prediction,
    a_report,
    a_step,
    an_interval,
    some_hypotheses,
)


def only(faults: Sequence[str], *words: str) -> None:
    """There is exactly one fault and each of `words` stands in it."""
    assert len(faults) == 1, faults
    assert [word for word in words if word not in faults[0]] == []


def line(constraint: str, stands: Respect = Respect.RESPECTS) -> ConstraintLine:
    return ConstraintLine(constraint=constraint, stands=stands, because="as before")


class TestReport:
    def test_a_sound_report_has_no_fault(self) -> None:
        assert report_faults(a_report(), a_card()) == []

    @pytest.mark.parametrize(
        ("changes", "words"),
        [
            ({"cites": []}, ("hypothesis 1", "cites nothing", "C1 to C2", "R1 to R3")),
            ({"cites": ["H1", "C9"]}, ("'C9'", "valid are C1 to C2, H1, T1 to T2")),
            ({"explains": [TriedReason(tried="T7", because="x")]}, ("'T7'", "no tried thing", "T1 to T2")),
            ({"claim": ""}, ("hypothesis 1", "claim is empty")),
            ({"rival": ""}, ("rival is empty",)),
            ({"prediction": a_prediction(measure="")}, ("prediction.measure is empty",)),
            ({"claim": "The desk loses 47 minutes to typing."}, ("claim", "47 minutes", "assume")),
            ({"mechanism": "Each slip takes 17 seconds to print."}, ("mechanism", "17 seconds")),
            ({"effect": "The wait falls by 33%."}, ("effect", "33%")),
            (
                {"intervention": "Send more text message reminders."},
                ("Text message reminders", "T1", "as it was"),
            ),
            ({"intervention": "Put a second printer at the desk"}, ("Second printer at the desk", "T2")),
        ],
    )
    def test_a_broken_hypothesis_is_told_what_is_wrong(
        self, changes: dict[str, Any], words: tuple[str, ...]
    ) -> None:
        only(report_faults(a_report(a_draft(**changes)), a_card()), *words)

    @pytest.mark.parametrize(
        "effect",
        [
            "Assume typing takes 47 minutes.",
            "The wait falls to a target of 45 minutes.",
            "Typing is estimated at 47 minutes; without these 47 minutes less remains.",
            "120 minutes less 60 minutes leaves 60 minutes.",
            "60 of 120 minutes are 50 %.",
            "2 hours become 1 hour.",
            "A tenth of the wait, 10% of 120 minutes, is 12 minutes; 120 less 12 minutes is 108 minutes.",
            "At 25 % or less it is worth nothing.",
            "Both attempts together brought 15%.",
            "Takes 4 days to build.",
            "Three quarters of the wait go, for all 2 fixes and 4 nurses.",
            "The 90 people a day wait 2 times as long as they should.",
            "The wait falls by −50 %.",
            "It takes 15 working days.",
        ],
    )
    def test_a_figure_may_be_given_assumed_or_follow_in_one_step(self, effect: str) -> None:
        assert report_faults(a_report(a_draft(effect=effect)), a_card()) == []

    @pytest.mark.parametrize(("count", "faulty"), [(0, True), (1, False), (6, False), (7, True)])
    def test_a_report_has_one_to_six_hypotheses(self, count: int, faulty: bool) -> None:
        claims = ("Doctors", "Clerks", "Porters", "Slips", "Rooms", "Stairs", "Clocks")
        drafts = [a_draft(claim=f"{who} hold the queue.") for who in claims[:count]]
        report = a_report(*drafts).model_copy(update={"hypotheses": drafts})
        assert [f"has {count} hypotheses" in fault for fault in report_faults(report, a_card())] == [
            True
        ] * faulty

    def test_no_two_hypotheses_make_one_claim(self) -> None:
        drafts = [a_draft(), a_draft(claim="Slips get lost."), a_draft(claim=a_draft().claim.upper())]
        only(report_faults(a_report(*drafts), a_card()), "hypothesis 3", "claim of hypothesis 1")


class TestPlan:
    def test_a_sound_plan_has_no_fault(self) -> None:
        assert plan_faults(a_plan(), a_card(), some_hypotheses()) == []

    @pytest.mark.parametrize(
        ("changes", "words"),
        [
            ({"diagnosis": ""}, ("diagnosis is empty",)),
            ({"stop_rule": ""}, ("stop_rule is empty",)),
            ({"cites": []}, ("diagnosis cites nothing",)),
            ({"cites": ["R9"]}, ("'R9'", "R1 to R3")),
            ({"confidence": 130}, ("confidence is 130", "0 to 100")),
            ({"path": []}, ("path is empty", "H1")),
            ({"tried": a_plan().tried[:1]}, ("0 entries for T2", "Second printer")),
            ({"tried": [*a_plan().tried, a_plan().tried[0]]}, ("2 entries for T1", "exactly one")),
            ({"tried": [*a_plan().tried, TriedReason(tried="T9", because="x")]}, ("'T9'", "T1 to T2")),
            (
                {"tried": [a_plan().tried[0], TriedReason(tried="T2", because="Not enough.")]},
                ("'Not enough.'", "no reason for T2"),
            ),
            (
                {
                    "tried": [
                        a_plan().tried[0],
                        TriedReason(tried="T2", because="Second printer improved the desk 5%"),
                    ]
                },
                ("no reason for T2",),
            ),
        ],
    )
    def test_a_broken_diagnosis_is_told_what_is_wrong(
        self, changes: dict[str, Any], words: tuple[str, ...]
    ) -> None:
        only(plan_faults(a_plan(**changes), a_card(), some_hypotheses()), *words)

    @pytest.mark.parametrize(
        ("changes", "words"),
        [
            ({"title": ""}, ("step 5", "title is empty")),
            ({"action": ""}, ("action is empty",)),
            ({"decision": Decision(if_true="go on", if_false="")}, ("decision.if_false is empty",)),
            ({"prediction": a_prediction(measure="")}, ("prediction.measure is empty",)),
            ({"title": "Stamp " + "and " * 10 + "call"}, ("12 words", "10 at most")),
            ({"hypotheses": []}, ("names no hypothesis",)),
            ({"hypotheses": ["bottleneck-theory-2", "x-1"]}, ("'x-1'", "valid are bottleneck-theory-1")),
            ({"constraints": [line("K1")]}, ("0 lines for constraint K2", "within 3 weeks")),
            ({"constraints": [line("K1"), line("K2"), line("K2")]}, ("2 lines for constraint K2",)),
            ({"constraints": [line("K1"), line("K2"), line("K7")]}, ("'K7'", "no constraint", "K1 to K2")),
            ({"constraints": [line("K1", Respect.VIOLATES), line("K2")]}, ("violates K1", "No new staff")),
            ({"effort": Effort(who="", days=1)}, ("effort.who is empty",)),
            ({"effort": Effort(who="a nurse", days=0)}, ("effort.days is 0", "above 0")),
            ({"effort": Effort(who="a nurse", days=float("nan"))}, ("effort.days is nan",)),
            ({"effort": Effort(who="a nurse", days=16)}, ("16 days", "15 working days", "K2")),
            (
                {"title": "Send text message reminders", "action": "Now."},
                ("Text message reminders", "T1", "again"),
            ),
            ({"title": "Add another second printer at the desk"}, ("Second printer", "T2", "as it was")),
        ],
    )
    def test_a_broken_step_is_told_what_is_wrong(
        self, changes: dict[str, Any], words: tuple[str, ...]
    ) -> None:
        steps = [*a_plan().steps[:4], a_step(5, **{"hypotheses": ["bottleneck-theory-2"], **changes})]
        only(plan_faults(a_plan(steps=steps), a_card(), some_hypotheses()), "step 5", *words)

    @pytest.mark.parametrize(
        ("changes", "words"),
        [
            ({"set_aside": []}, ("pace-layering-2 is nowhere", "merge it, or set it aside")),
            (
                {"set_aside": [SetAside(hypothesis="pace-layering-2", because="")]},
                ("no reason", "pace-layering-2"),
            ),
            (
                {"set_aside": [*a_plan().set_aside, SetAside(hypothesis="pace-layering-1", because="weak")]},
                ("pace-layering-1", "a step and in set_aside"),
            ),
            (
                {"merged": [Merged(hypothesis="pace-layering-2", into="pace-layering-1", because="same")]},
                ("pace-layering-2", "merged and in set_aside"),
            ),
            (
                {"set_aside": [*a_plan().set_aside, SetAside(hypothesis="x-1", because="weak")]},
                ("set_aside", "'x-1'"),
            ),
            (
                {
                    "set_aside": [],
                    "merged": [Merged(hypothesis="pace-layering-2", into="x-1", because="same")],
                },
                ("merged", "'x-1'"),
            ),
            (
                {
                    "set_aside": [],
                    "merged": [Merged(hypothesis="pace-layering-2", into="pace-layering-2", because="s")],
                },
                ("merged into itself",),
            ),
            (
                {
                    "set_aside": [],
                    "merged": [Merged(hypothesis="pace-layering-2", into="pace-layering-1", because="")],
                },
                ("merged: no reason", "pace-layering-2"),
            ),
        ],
    )
    def test_every_hypothesis_ends_in_one_place(
        self, changes: dict[str, Any], words: tuple[str, ...]
    ) -> None:
        only(plan_faults(a_plan(**changes), a_card(), some_hypotheses()), *words)

    def test_two_hypotheses_cannot_vanish_into_each_other(self) -> None:
        circle = [
            Merged(hypothesis="pace-layering-2", into="pace-layering-1", because="same"),
            Merged(hypothesis="pace-layering-1", into="pace-layering-2", because="same"),
        ]
        steps = [a_step(n, hypotheses=["bottleneck-theory-1", "bottleneck-theory-2"]) for n in range(1, 6)]
        faults = plan_faults(a_plan(steps=steps, merged=circle, set_aside=[]), a_card(), some_hypotheses())
        assert len(faults) == 2
        assert all("in no step and not set aside" in fault for fault in faults)

    @pytest.mark.parametrize(
        ("changes", "words"),
        [
            ({"hypotheses": ["pace-layering-1", "pace-layering-1"]}, ("names 1 hypotheses", "at least two")),
            ({"hypotheses": ["pace-layering-1", "pace-layering-2", "x-1"]}, ("'x-1'",)),
            ({"about": ""}, ("about is empty",)),
            ({"settled_by": ""}, ("settled_by is empty",)),
        ],
    )
    def test_dissent_names_two_sides_and_what_decides(
        self, changes: dict[str, Any], words: tuple[str, ...]
    ) -> None:
        dissent = Dissent(**{**a_plan().dissent[0].model_dump(), **changes})
        only(plan_faults(a_plan(dissent=[dissent]), a_card(), some_hypotheses()), "dissent 1", *words)

    @pytest.mark.parametrize(
        ("hypotheses", "steps", "words"),
        [(4, 2, "3 to 8"), (4, 3, ""), (4, 9, "3 to 8"), (5, 4, "5 to 8"), (5, 5, "")],
    )
    def test_a_plan_has_five_to_eight_steps_and_three_when_little_was_said(
        self, hypotheses: int, steps: int, words: str
    ) -> None:
        ids = [f"bottleneck-theory-{n}" for n in range(1, hypotheses + 1)]
        said = [h.model_copy(update={"id": id_}) for id_, h in zip(ids, some_hypotheses() * 2, strict=False)]
        plan = a_plan(
            steps=[a_step(n, hypotheses=ids) for n in range(1, steps + 1)], set_aside=[], dissent=[]
        )
        faults = plan_faults(plan, a_card(), said)
        assert [f"has {steps} steps" in fault and words in fault for fault in faults] == [True] * bool(words)

    def test_ranks_count_from_one(self) -> None:
        steps = [step.model_copy(update={"rank": step.rank + 1}) for step in a_plan().steps]
        only(plan_faults(a_plan(steps=steps), a_card(), some_hypotheses()), "2, 3, 4, 5, 6", "1 to 5")

    def test_a_case_without_constraints_asks_for_no_lines(self) -> None:
        card = a_card(facts=tuple(fact for fact in a_card().facts if fact.kind != "K"))
        steps = [step.model_copy(update={"constraints": []}) for step in a_plan().steps]
        assert plan_faults(a_plan(steps=steps), card, some_hypotheses()) == []

    def test_a_case_without_a_target_asks_for_no_path(self) -> None:
        card = a_card(facts=tuple(fact for fact in a_card().facts if "target" not in fact.text))
        plan = a_plan(path=[], cites=["C1"])
        assert plan_faults(plan, card, some_hypotheses()) == []


class TestLetter:
    def test_a_sound_letter_has_no_fault_and_no_note(self) -> None:
        assert letter_faults(a_letter(), a_plan(), a_card(), LENSES) == []
        assert letter_notes(a_letter(), a_card()) == []

    @pytest.mark.parametrize(
        ("changes", "words"),
        [
            ({"rule": ""}, ("rule is empty",)),
            ({"path": ""}, ("path is empty",)),
            ({"diagnosis": "They wait. The desk is slow."}, ("diagnosis has 2 sentences", "exactly one")),
            ({"steps": a_letter().steps[:4]}, ("4 steps", "give 5")),
            ({"monday": []}, ("monday has 0 actions", "1 to 3")),
            ({"monday": ["Go.", "On.", "Up.", "Out."]}, ("monday has 4 actions",)),
            ({"monday": ["Go.", ""]}, ("monday has 1 actions", "none of them empty")),
            ({"attempts": a_letter().attempts[:1]}, ("1 sentences", "give 2", "Second printer at the desk")),
            (
                {"attempts": [a_letter().attempts[0], "It was no use at all."]},
                ("sentence 2", "Second printer at the desk"),
            ),
            ({"rule": "As T1 shows, nobody comes early."}, ("rule", "'T1'", "label")),
            ({"rule": "By bottleneck-theory-1 nobody comes early."}, ("'bottleneck-theory-1'",)),
            ({"rule": "Pace Layering-2 says nobody comes early."}, ("'Pace Layering-2'",)),
            ({"rule": "The panel says: nobody comes early."}, ("rule", "'panel'", "meeting")),
            ({"rule": "Three votes say nobody comes early."}, ("'votes'",)),
            ({"rule": "Nobody waits 47 minutes again."}, ("rule", "47 minutes", "assume")),
        ],
    )
    def test_a_broken_letter_is_told_what_is_wrong(
        self, changes: dict[str, Any], words: tuple[str, ...]
    ) -> None:
        only(letter_faults(a_letter(**changes), a_plan(), a_card(), LENSES), *words)

    @pytest.mark.parametrize(
        ("changes", "words"),
        [
            ({"what": ""}, ("step 2", "what is empty")),
            ({"who": ""}, ("step 2", "who is empty")),
            ({"days": 0}, ("step 2", "days is 0")),
            ({"days": 9}, ("step 2", "9 days", "nowhere in the plan")),
            ({"if_true": "If most of it arises early, go on"}, ("step 2", "if_true", "at least 50 %")),
            ({"if_false": "If little of it does, time the rooms"}, ("if_false", "at most 25 %")),
            ({"effect": "saves 47 minutes"}, ("step 2: effect", "47 minutes")),
        ],
    )
    def test_a_broken_step_is_told_what_is_wrong(
        self, changes: dict[str, Any], words: tuple[str, ...]
    ) -> None:
        steps = list(a_letter().steps)
        steps[1] = a_letter_step(**changes)
        only(letter_faults(a_letter(steps=steps), a_plan(), a_card()), *words)

    @pytest.mark.parametrize(
        ("if_true", "if_false"),
        [
            ("If 50% or more does, go on", "Below 50 %, time the rooms"),
            ("At least 0.5 of it, 50 percent: go on", "25 per cent or less: stop"),
        ],
    )
    def test_one_threshold_may_serve_both_sides(self, if_true: str, if_false: str) -> None:
        letter = a_letter(steps=[a_letter_step(if_true=if_true, if_false=if_false)] * 5)
        assert letter_faults(letter, a_plan(), a_card()) == []

    def test_a_threshold_in_a_unit_of_the_case_is_found(self) -> None:
        prediction = a_prediction(
            if_true=an_interval(20, None, "round trips"), if_false=an_interval(None, 5, "round trips")
        )
        plan = a_plan(steps=[step.model_copy(update={"prediction": prediction}) for step in a_plan().steps])
        step = a_letter_step(
            if_true="If 20 round trips or more, go on", if_false="If it is 5 round trips, stop"
        )
        assert letter_faults(a_letter(steps=[step] * 5), plan, a_card()) == []

    @pytest.mark.parametrize(
        "sentence",
        [
            "Assume that typing takes 47 minutes.",
            "The wait is 120 minutes and half of it, 60 minutes, must go.",
            "Take 10% of 120 minutes, that is 12 minutes.",
        ],
    )
    def test_a_figure_may_be_given_assumed_or_have_its_arithmetic_beside_it(self, sentence: str) -> None:
        assert letter_faults(a_letter(rule=sentence), a_plan(), a_card()) == []

    def test_a_figure_without_its_arithmetic_beside_it_is_not_traced(self) -> None:
        only(letter_faults(a_letter(rule="We save 12 minutes."), a_plan(), a_card()), "12 minutes")

    def test_what_the_case_itself_calls_so_may_be_said(self) -> None:
        facts = (*a_card().facts, a_fact("C3", "The waiting room has a seat panel T1."))
        letter = a_letter(rule="Nobody sits on seat panel T1.")
        assert letter_faults(letter, a_plan(), a_card(facts=facts)) == []

    def test_a_short_plan_gives_a_letter_of_as_many_steps(self) -> None:
        plan = a_plan(steps=a_plan().steps[:3])
        why = " ".join([a_letter().why] * 2)
        assert letter_faults(a_letter(why=why, steps=a_letter().steps[:3]), plan, a_card()) == []

    def test_a_lens_is_named_three_times_at_most(self) -> None:
        often = (
            a_letter().why
            + " Through Bottleneck Theory one sees it. Pace Layering agrees. Bottleneck Theory, again."
        )
        assert letter_faults(a_letter(why=often), a_plan(), a_card(), LENSES) == []
        more = often + " Pace Layering."
        only(
            letter_faults(a_letter(why=more), a_plan(), a_card(), LENSES),
            "4 times",
            "Pace Layering 2×",
            "3 at most",
        )

    @pytest.mark.parametrize(
        ("length", "faults", "notes"),
        [
            (349, 1, 1),
            (350, 0, 1),
            (549, 0, 1),
            (550, 0, 0),
            (700, 0, 0),
            (701, 0, 1),
            (950, 0, 1),
            (951, 1, 1),
        ],
    )
    def test_a_letter_has_a_length_people_read(self, length: int, faults: int, notes: int) -> None:
        step = a_letter_step(
            what="Stamp the slips.", measure="the share", if_false="If 25 % do, stop", effect="It tells."
        )
        shortest = a_letter(why="so", path="It adds up.", fails_if="It fails.", steps=[step] * 5)
        more = length - letter_words(shortest, a_card())
        letter = shortest.model_copy(update={"why": "so " * (more + 1)})
        found = letter_faults(letter, a_plan(), a_card())
        assert ["write 550 to 700" in fault for fault in found] == [True] * faults
        assert len(letter_notes(letter, a_card())) == notes

    def test_faults_come_in_one_order(self) -> None:
        letter = a_letter(rule="T1, R1 and the critic.", monday=[], diagnosis="One. Two.")
        faults = letter_faults(letter, a_plan(), a_card())
        assert faults == letter_faults(letter, a_plan(), a_card())
        assert len(faults) == 5


class TestDeadline:
    @pytest.mark.parametrize(
        ("id_", "text", "days"),
        [
            ("K1", "Must ship improvement in 2 weeks", 10),
            ("S1", "A visible result within 10 days", 10),
            ("H1", "It must be fixed in under 1 month.", 21),
            ("K1", "There is a 3-week deadline.", 15),
            ("K1", "Every ticket is answered within 2 days.", None),
            ("H1", "We deployed a fix 2 weeks ago.", None),
            ("C1", "Must ship in 2 weeks", None),
            ("K1", "Cannot rewrite (6 months of debt)", None),
        ],
    )
    def test_only_time_left_to_deliver_is_a_deadline(self, id_: str, text: str, days: float | None) -> None:
        found = deadline(a_card(facts=(a_fact(id_, text),)))
        assert (found and found[0]) == days

    def test_the_shortest_one_counts(self) -> None:
        facts: tuple[Fact, ...] = (
            a_fact("K1", "Must be live within 3 weeks."),
            a_fact("S1", "Shows a first result within 4 days."),
        )
        card: ProblemCard = a_card(facts=facts)
        assert deadline(card) == (4, facts[1])


class TestWords:
    @pytest.mark.parametrize(
        ("text", "count"),
        [
            ("", 0),
            ("One. Two! Three? 4 more.", 4),
            ("It fell to 1.5 ms, e.g. Redis vs. Postgres.", 1),
            ("J. Smith said “Stop.” Then he left.", 2),
        ],
    )
    def test_sentences_end_where_a_reader_ends_them(self, text: str, count: int) -> None:
        assert len(sentences(text)) == count

    @pytest.mark.parametrize(
        ("one", "other"),
        [("queries", "query"), ("caching", "caches"), ("indexes", "indexing"), ("optimisation", "optimized")],
    )
    def test_forms_of_one_word_meet(self, one: str, other: str) -> None:
        assert stems(one) == stems(other)

    @pytest.mark.parametrize(
        ("attempt", "proposal", "same"),
        [
            ("Redis caching", "Add Redis caching", True),
            ("Redis caching", "Extend the Redis cache", True),
            ("Redis caching", "Measure the hit rate of the Redis cache", False),
            ("Database query optimization", "Optimise the database queries further", True),
            ("Database query optimization", "Count the queries of one request", False),
            ("Optimization", "Optimise everything", False),
        ],
    )
    def test_the_same_thing_in_other_words_is_the_same_thing(
        self, attempt: str, proposal: str, same: bool
    ) -> None:
        assert repeats(attempt, proposal, (), spare=0) is same


@given(st.text(max_size=60), st.floats(), st.integers())
def test_any_typed_contribution_is_judged_without_an_error(text: str, number: float, rank: int) -> None:
    effort = Effort(who=text, days=number)
    card, hypotheses = a_card(title=text), some_hypotheses()
    drafts = [
        a_draft(claim=text, mechanism=text, effect=text, intervention=text, cites=[text], effort=effort)
    ]
    step = a_step(rank, title=text, action=text, hypotheses=[text], effort=effort)
    plan = a_plan(steps=[step], diagnosis=text, cites=[text], tried=[TriedReason(tried=text, because=text)])
    said = a_letter_step(title=text, days=number, if_true=text, if_false=text, effect=text)
    letter = a_letter(diagnosis=text, why=text, attempts=[text] * 2, steps=[said], monday=[text])
    faults = [
        *report_faults(a_report(*drafts), card),
        *plan_faults(plan, card, hypotheses),
        *letter_faults(letter, plan, card, [text]),
    ]
    assert faults
    assert all(faults)


def test_a_waypoint_may_carry_its_assumption() -> None:
    path = [
        Waypoint(what="Spread the starts", arithmetic="47 minutes go", assumption="half of all come on time")
    ]
    assert plan_faults(a_plan(path=path), a_card(), some_hypotheses()) == []
