"""Signals: shapes of trouble, found where they are and nowhere else."""

from pathlib import Path

import pytest
from tests.offline.held import shipped

from debate.cards.problem import ProblemCard, parse_problem
from debate.cards.signals import SIGNALS, find_signals


def card(context: str, *tried: str, limits: str = "") -> ProblemCard:
    attempts = "".join(f"- {each}\n" for each in tried)
    return parse_problem(
        f"# T\n\n## Context\n{context}\n\n"
        + (f"## What was tried\n{attempts}\n" if tried else "")
        + (f"## Constraints\n{limits}\n" if limits else ""),
        Path("t.md"),
        "file",
    )


def found(card: ProblemCard) -> dict[str, tuple[str, ...]]:
    return {signal.name: signal.facts for signal in find_signals(card.facts)}


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("growth again", "The queue was gone in May and crept back by June."),
        ("growth again", "Der Rückstand ist wieder gestiegen."),
        ("inflow above outflow", "Each week 46 boats arrive and 41 boats leave."),
        ("inflow above outflow", "30 new tickets a day come in. The desk closes 25 tickets a day."),
        ("delay", "We notice a wrong setting only after the harvest."),
        ("waiting", "A file waits for nine days before anybody opens it."),
        ("waiting", "Patienten warten drei Stunden."),
        ("shared resource", "All wards share one scanner."),
        ("shared resource", "Drei Schulen teilen sich eine Halle."),
        ("conflicting interests", "Sales wants more variants, production wants fewer."),
        ("conflicting interests", "Two teachers insist on exams."),
        ("proxy metric", "Agents are rated by calls per hour."),
        ("proxy metric", "Die Fahrer werden nach Pünktlichkeit bewertet."),
        ("handover", "The file is passed to the fire service."),
        ("handover", "Every change needs the approval of two boards."),
        ("binary choice", "The board is torn between the old plant and a new one."),
        ("old decision", "The tariff was laid down in 1998."),
        ("spread", "It takes 12 days, the slowest tenth more than 60 days."),
        ("small sample", "We interviewed nine customers who stayed."),
        ("single point", "Only one person may sign."),
        ("many parts", "An order touches 14 services."),
        ("rivals", "A competitor opened across the road."),
        ("uncertain future", "It is unclear whether the law will pass."),
        ("newcomers", "Most beginners leave in the first month."),
        ("silence", "Nobody dares to report a near miss."),
        ("interruptions", "Engineers are interrupted eleven times a day."),
        ("complexity", "The form has 64 fields."),
        ("complexity", "Das Formular hat zu viele Felder."),
    ],
)
def test_a_shape_of_trouble_is_found_in_the_words_people_use(name: str, text: str) -> None:
    assert found(card(text))[name][0].startswith("C")


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("waiting", "The result is in line with the plan; the farm lies by the lake."),
        ("old decision", "It was 19% three years ago and is 31% now."),
        ("old decision", "The museum has been open since Monday."),
        ("spread", "It takes 12 days on average."),
        ("small sample", "The pilots' rota is fixed by the port."),
        ("small sample", "A pilot steers the ship."),
        ("conflicting interests", "The board wants to grow to 5,000 subscribers."),
        ("conflicting interests", "The objects are stored in the cellar; refuse is collected on Tuesdays."),
        ("proxy metric", "The council paid by the end of May."),
        ("single point", "The pages use single sign-on."),
        ("many parts", "The services of the parish are well attended."),
        ("complexity", "The rules of the club are simple, the fields are dry."),
        ("uncertain future", "Nobody knows how to go on."),
        ("handover", "We look forward to the season."),
        ("interruptions", "A tug was on time and the e-mails were short."),
        ("inflow above outflow", "Each week 41 boats arrive and 46 boats leave."),
        ("inflow above outflow", "30 new tickets a day come in. The desk closes 25 doors a day."),
        ("budget", "The shop has money in the till."),
        ("deadline", "It took 3 weeks."),
    ],
)
def test_a_word_with_another_meaning_shows_nothing(name: str, text: str) -> None:
    assert name not in found(card(text))


def test_what_was_tried_is_no_trouble_by_its_name() -> None:
    signals = found(card("It is odd.", "A daily meeting (no effect)", "Three free trials (no effect)"))
    assert signals == {}


def test_what_came_back_after_an_attempt_is_growth_again() -> None:
    assert found(card("It is odd.", "A new dip: fewer cases, back again by June"))["growth again"] == ("T1",)


def test_gains_that_shrink_are_diminishing_returns_and_two_of_them_are_none() -> None:
    tried = ("Overtime (improved 6%)", "Two clerks (improved 4%)", "A form (improved 1%)")
    assert found(card("It is odd.", *tried))["diminishing returns"] == ("T1", "T2", "T3")
    assert "diminishing returns" not in found(card("It is odd.", *tried[:2]))


def test_gains_that_grow_and_reach_the_target_are_no_diminishing_returns() -> None:
    tried = ("A form (improved 10%)", "Two clerks (improved 20%)", "Night shift (improved 40%)")
    text = "The wait is 20 minutes on average. The target is 10 minutes."
    assert "diminishing returns" not in found(card(text, *tried))


def test_a_gap_cites_the_facts_that_state_it() -> None:
    assert found(card("- The wait is 26 hours on average\n- The target is 12 hours"))["gap to target"] == (
        "C1",
        "S1",
    )


def test_money_hands_and_time_are_limits_only_among_the_constraints() -> None:
    limits = found(card("It is odd.", limits="- Nobody can be hired\n- €5,000 are left\n- Within 6 weeks"))
    assert set(limits["budget"]) == {"K1", "K2"}
    assert limits["deadline"] == ("K3",)


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        (
            "code_performance-stuck",
            {"diminishing returns", "gap to target", "deadline", "budget", "old decision", "spread"},
        ),
        ("health_ward", {"gap to target", "budget"}),
        (
            "harbour_berths",
            {"diminishing returns", "gap to target", "inflow above outflow", "waiting", "deadline"},
        ),
        ("fire_brigade", {"gap to target", "proxy metric", "deadline", "budget", "single point"}),
        ("backstube", {"growth again", "gap to target", "proxy metric", "deadline", "budget", "many parts"}),
        ("bare", set()),
    ],
)  # fmt: skip
def test_whole_cards_show_these_and_nothing_else(name: str, expected: set[str]) -> None:
    assert set(found(shipped(name))) == expected


def test_signals_come_in_the_order_they_are_listed_and_cite_facts_in_the_cards_order() -> None:
    problem = shipped("service_permits")
    order, ids = list(SIGNALS), [fact.id for fact in problem.facts]
    signals = find_signals(problem.facts)
    assert [s.name for s in signals] == sorted((s.name for s in signals), key=order.index)
    assert all(set(s.facts) <= set(ids) for s in signals)
