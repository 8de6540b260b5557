"""Small, valid things to break: one problem and a debate about it that keeps every contract.

Each builder takes keyword changes for its outermost fields, so that a test states only what it breaks. The
figures hang together: a queue of 120 minutes, a target of 60, two attempts that saved 10 % and 5 %.
"""

from pathlib import Path
from typing import Any

from debate.cards.facts import Effect, Fact, FactKind, Reading
from debate.cards.problem import Pattern, ProblemCard, Rating, Relevance, RubricRow
from debate.cards.quantities import Quantity, find
from debate.contributions import (
    ConstraintLine,
    Decision,
    Dissent,
    Draft,
    Effort,
    Hypothesis,
    Interval,
    Letter,
    LetterStep,
    Plan,
    Prediction,
    Respect,
    SeatReport,
    SetAside,
    Step,
    TriedReason,
    Waypoint,
)

LENSES = ("Bottleneck Theory", "Pace Layering")


def a_fact(id_: str, text: str, name: str = "", gain: float | None = None) -> Fact:
    """A fact with the quantities of its text; `gain` in per cent makes the effect of an attempt."""
    amount = None if gain is None else Quantity(gain, gain, "%", "", f"{gain:g}%", 0, 0)
    effect = Effect(amount, "better", text) if name else None
    return Fact(id_, FactKind(id_[0]), text, 1, find(text), name, effect)


def a_card(**changes: Any) -> ProblemCard:
    """A clinic whose waiting time is stuck at 120 minutes: C1-C2, H1, T1-T2, K1-K2, S1, R1-R3."""
    facts = (
        a_fact("C1", "An outpatient clinic sees 90 patients a day."),
        a_fact("C2", "Four nurses share one registration desk."),
        a_fact("H1", "The mean wait is 120 minutes; the target is under 60 minutes."),
        a_fact("T1", "Text message reminders (improved 10%)", "Text message reminders", 10),
        a_fact("T2", "Second printer at the desk (improved 5%)", "Second printer at the desk", 5),
        a_fact("K1", "No new staff can be hired."),
        a_fact("K2", "An improvement must be live within 3 weeks."),
        a_fact("S1", "Reaches the target of 60 minutes."),
    )
    readings = (
        Reading(
            "R1", "compound", "The two gains compound to 14.5 %: 1 − 0.9 × 0.95.", 14.5, "%", ("T1", "T2")
        ),
        Reading("R2", "gap", "From 120 minutes to 60 minutes, 60 minutes must go, 50 %.", 50.0, "%", ("H1",)),
        Reading(
            "R3", "repeat", "Each gain once more ends near 103 minutes.", 102.6, "min", ("H1", "T1", "T2")
        ),
    )
    fields: dict[str, Any] = {
        "id": "care_waiting-stuck",
        "domain": "care",
        "title": "Waiting Time Stuck",
        "facts": facts,
        "readings": readings,
        "question": "What are we missing?",
        "relevance": (
            Relevance("Bottleneck Theory", "high", "what is the constraint?", 1),
            Relevance("Pace Layering", "high", "fast fixes, slow rules", 2),
        ),
        "baseline": Pattern("Hire more nurses.", ("generic",), (Rating("Originality", 2, 3, "", 1),), 1),
        "target": Pattern(
            "The desk admits in batches.", ("reframes",), (Rating("Originality", 8, 8, "", 2),), 2
        ),
        "notes": "",
        "rubric": (RubricRow("Originality", "more tactics", "some structure", "clear reframe"),),
        "path": Path("problems/care_waiting-stuck.md"),
        "origin": "file",
        "sha256": "0" * 64,
        "answer_key": "Hire more nurses. The desk admits in batches.",
    }
    return ProblemCard(**{**fields, **changes})


def an_interval(low: float | None, high: float | None, unit: str = "%") -> Interval:
    """A closed range; None is an open end."""
    return Interval(low=low, high=high, unit=unit)


def a_prediction(**changes: Any) -> Prediction:
    """Share of the wait spent in the morning peak: 50 % or more if true, 25 % or less if false."""
    fields: dict[str, Any] = {
        "measure": "share of the wait that arises before ten o'clock",
        "now": "unknown; the test gets it",
        "if_true": an_interval(50, None),
        "if_false": an_interval(None, 25),
    }
    return Prediction(**{**fields, **changes})


def a_draft(**changes: Any) -> Draft:
    """A hypothesis as a seat writes it: patients are booked in batches, so they wait for each other."""
    fields: dict[str, Any] = {
        "claim": "Most of the 120 minutes arises because bookings fall on three start times.",
        "mechanism": (
            "Batches of arrivals fill the one desk at once; the two gains of 10% and 5% sped up a desk that "
            "still receives everybody together, so 50 % of the wait has to go elsewhere."
        ),
        "cites": ["C2", "H1", "R2"],
        "against": "The two attempts did help a little.",
        "prediction": a_prediction(),
        "test": "Stamp arrival and call times of every patient for one day and add up the wait by hour.",
        "effort": Effort(who="one nurse", days=1),
        "intervention": "Spread the start times over the morning in quarter hours.",
        "build": Effort(who="the booking clerk", days=4),
        "effect": "If half of the wait goes, 120 minutes become 60 minutes.",
        "rival": "The doctors start late; then the wait would begin in the rooms, not at the desk.",
        "explains": [TriedReason(tried="T1", because="Fewer missed visits do not spread those who come.")],
        "confidence": 60,
    }
    return Draft(**{**fields, **changes})


def a_report(*drafts: Draft) -> SeatReport:
    """What one seat says: the given hypotheses, or one."""
    return SeatReport(hypotheses=list(drafts) or [a_draft()])


def a_hypothesis(id_: str = "bottleneck-theory-1", **changes: Any) -> Hypothesis:
    """A draft with an id; the seat is the id without its number."""
    return Hypothesis(**{**a_draft(**changes).model_dump(), "id": id_, "seat": id_.rpartition("-")[0]})


def some_hypotheses() -> list[Hypothesis]:
    """Two from each of two seats: ids `bottleneck-theory-1`, `-2`, `pace-layering-1`, `-2`."""
    seats = ("bottleneck-theory", "pace-layering")
    return [a_hypothesis(f"{seat}-{n}") for seat in seats for n in (1, 2)]


def a_step(rank: int = 1, **changes: Any) -> Step:
    """A step that tests `bottleneck-theory-1` in one day."""
    fields: dict[str, Any] = {
        "rank": rank,
        "title": f"Stamp arrivals and calls, round {rank}",
        "action": (
            "Write the time on each slip at the door and again when the patient is called, for one day."
        ),
        "hypotheses": ["bottleneck-theory-1"],
        "prediction": a_prediction(),
        "decision": Decision(if_true="spread the start times", if_false="time the rooms instead"),
        "effort": Effort(who="one nurse", days=1),
        "effect": "decides where 60 minutes can be found",
        "constraints": [
            ConstraintLine(constraint="K1", stands=Respect.RESPECTS, because="uses the nurses on duty"),
            ConstraintLine(constraint="K2", stands=Respect.RESPECTS, because="takes one day of three weeks"),
        ],
    }
    return Step(**{**fields, **changes})


def a_plan(**changes: Any) -> Plan:
    """Five steps for `some_hypotheses()`; `pace-layering-2` is set aside."""
    owners = ("bottleneck-theory-1", "bottleneck-theory-2", "pace-layering-1")
    fields: dict[str, Any] = {
        "diagnosis": "Patients wait for each other, because bookings fall on three start times.",
        "because": "Both attempts sped up a desk that still receives everybody at once: 14.5 % in all.",
        "cites": ["H1", "R1"],
        "confidence": 60,
        "alternative": "The doctors start late; stamps at the rooms would show it first.",
        "tried": [
            TriedReason(tried="T1", because="Fewer missed visits do not spread those who do come."),
            TriedReason(tried="T2", because="The desk prints faster, but everybody still arrives together."),
        ],
        "steps": [a_step(n, hypotheses=[owners[(n - 1) % 3]]) for n in range(1, 6)],
        "path": [
            Waypoint(what="Spread the starts", arithmetic="50 % of 120 minutes is 60 minutes", assumption="")
        ],
        "dissent": [
            Dissent(
                hypotheses=["bottleneck-theory-1", "pace-layering-1"],
                about="whether the desk or the booking rule holds the wait",
                settled_by="the wait by hour from step 1",
            )
        ],
        "merged": [],
        "set_aside": [SetAside(hypothesis="pace-layering-2", because="needs a rule nobody here may change")],
        "stop_rule": "Stop when two steps in a row come out false; then time the rooms.",
    }
    return Plan(**{**fields, **changes})


def a_letter_step(**changes: Any) -> LetterStep:
    """One step as the owner reads it, with the plan's thresholds."""
    fields: dict[str, Any] = {
        "title": "Stamp arrivals and calls",
        "what": (
            "Write the time on each slip at the door and again when the patient is called, for a single day."
        ),
        "who": "one nurse",
        "days": 1,
        "measure": "share of the wait that arises before ten o'clock",
        "if_true": "If 50 % or more arises before ten, go on",
        "if_false": "If 25 % or less does, leave the bookings alone and time the rooms",
        "effect": "decides where 60 minutes can be found",
    }
    return LetterStep(**{**fields, **changes})


def a_letter(**changes: Any) -> Letter:
    """A letter within every bound: five steps, about 600 words."""
    fields: dict[str, Any] = {
        "diagnosis": (
            "Your patients wait for each other, not for the desk, because bookings fall on three start times."
        ),
        "why": (
            "Both attempts made the desk quicker and left the crowd in front of it as it was. Together they "
            "brought 14.5 %, and repeating each once more would end near 103 minutes, so more of the same "
            "cannot reach 60 minutes. Half of the wait has to go, and only the way people arrive is large "
            "enough to hold that much. We are fairly sure, about 60 %. The strongest other reading is that "
            "doctors start late; then the stamps at the rooms would show it on the first day, and the money "
            "for the booking change is saved."
        ),
        "attempts": [
            "The text message reminders cut missed visits, yet those who came still came together.",
            "The second printer sped up the desk, which was never what people waited for.",
        ],
        "rule": "Nobody is asked to come before we are ready to see them.",
        "steps": [a_letter_step(title=title) for title in _TITLES],
        "path": (
            "The wait is 120 minutes today. If the stamps show that half of it arises before ten, spreading "
            "the starts takes out up to 60 minutes, which lands on the target. What could break this sum is "
            "patients who come early whatever their slip says, so the stamps count them too."
        ),
        "safeguards": (
            "No new staff is needed, for the nurses on duty do the stamping. The first change is live well "
            "within 3 weeks, and the old start times stay in the book so that one call brings them back."
        ),
        "fails_if": (
            "This fails if the crowd forms in the rooms instead of at the desk. Stop when two steps in a row "
            "come out on the wrong side, and time the rooms before anything else is changed."
        ),
        "monday": ["Put a clock and a stamp at the door.", "Tell the nurses why each slip gets two times."],
    }
    return Letter(**{**fields, **changes})


_TITLES = (
    "Stamp arrivals and calls",
    "Count the slips by start time",
    "Spread one morning's starts",
    "Watch the rooms for lateness",
    "Keep the new start times",
)
