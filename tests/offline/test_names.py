"""Names and figures in sentences: what the case says, in words that fit."""

import pytest

from debate import prompts
from debate.models.offline import stand_ins, wording
from debate.models.offline.case import Case, read_case
from tests.offline.held import card_of


def case_of(context: str, challenge: str) -> Case:
    return read_case(
        prompts.problem_block(card_of(f"# Stuck\n\n## Context\n{context}\n\n## Challenge\n{challenge}\n"), 0)
    )


@pytest.mark.parametrize(
    ("context", "challenge", "name"),
    [
        ("The wait at the till is 12 minutes.", "The target is 6 minutes.", "the wait at the till"),
        ("The load takes 9 hours.", "The target is 5 hours.", "the time the load takes"),
        ("A permit takes 182 days today.", "The target is 90 days.", "the time a permit takes"),
        ("It answers in 350 ms on average.", "The target is 150 ms.", "the average time"),
        ("It averages 350 ms response time.", "The target is 150 ms.", "the average response time"),
        ("The backlog grew from 900 to 2,400 tickets.", "The target is 600 tickets.", "the backlog"),
        ("It has 2,100 readers today.", "The target is 5,000 readers.", "the number of readers"),
        ("On average 640 cups a day break.", "The target is 200 cups a day.", "the number of cups a day"),
        ("The share of late cups is 31 % today.", "The target is 15 %.", "the share of late cups"),
        ("A bus leaves after 14 min on average.", "The target is 8 min.", "the time until a bus leaves"),
        ("Something is odd.", "Nobody knows why.", "the result"),
    ],
)  # fmt: skip
def test_the_figure_is_called_what_the_case_calls_it(context: str, challenge: str, name: str) -> None:
    assert stand_ins.words(case_of(context, challenge))["figure"] == name


@pytest.mark.parametrize(
    ("context", "challenge", "name"),
    [
        ("It has 2,100 readers today.", "The target is 5,000 readers.", "readers"),
        ("On average 640 cups a day break.", "The target is 200 cups a day.", "cups"),
        ("A permit takes 182 days today.", "The target is 90 days.", "permits"),
        ("An entry takes 9 days on average.", "The target is 3 days.", "entries"),
        ("Only 11% of trials convert today.", "The rate should reach 20%.", "trials"),
        ("5,200 clubs open the form; 31% send it today.", "The rate should reach 60%.", "clubs"),
        ("The share of visitors who buy is 22% today.", "It should reach 30%.", "visitors"),
        ("`/api/pay` answers in 350 ms on average.", "The target is 150 ms.", "requests"),
        ("14 nurses work here. The wait is 12 minutes.", "The target is 6 minutes.", "cases"),
        ("It costs €900 today.", "The target is €500.", "cases"),
        ("Drafts lie around.", "Nobody reads the drafts, and drafts pile up.", "drafts"),
        ("Im Schnitt kommen 17 % der Brote zurück.", "Die Rate muss auf 9 % sinken.", "Brote"),
        ("Something is odd.", "Nobody knows why.", "cases"),
    ],
)  # fmt: skip
def test_what_is_counted_is_called_what_the_case_calls_it(context: str, challenge: str, name: str) -> None:
    assert stand_ins.words(case_of(context, challenge))["cases"] == name


@pytest.mark.parametrize(
    ("text", "filled"),
    [
        ("Clock fifty [cases]", "Clock fifty parcels"),
        ("share of [cases] that wait", "share of parcels that wait"),
        ("follow ten real cases", "follow ten real parcels"),
        ("in most cases a case officer knows", "in most cases a case officer knows"),
        ("what [best attempt] brought", "what the best attempt so far brought"),
    ],
)
def test_a_sentence_about_cases_is_one_about_what_is_counted(text: str, filled: str) -> None:
    case = case_of("On average 640 parcels a day are late.", "The target is 200 parcels a day.")
    assert stand_ins.fill(text, stand_ins.words(case)) == filled


@pytest.mark.parametrize(
    ("tried", "name"),
    [
        ("- A bigger heap (improved 6%)\n- Added indexes (improved 12%)", "indexes"),
        ("- A bigger heap (improved 6%)\n- Two clerks (improved 4%)", "a bigger heap"),
        ("- A dashboard\n- Overtime: no effect", "the best attempt so far"),
    ],
)
def test_the_best_attempt_is_called_by_its_name(tried: str, name: str) -> None:
    card = card_of(f"# Stuck\n\n## Context\nIt is slow.\n\n## What was tried\n{tried}\n")
    assert stand_ins.words(read_case(prompts.problem_block(card, 0)))["best attempt"] == name


@pytest.mark.parametrize(
    ("context", "name"),
    [
        ("A depot sorts 9,000 parcels a day.", "the depot"),
        ("A scheduling tool for small practices.", "the scheduling tool"),
        ("The page `/parts/search` is slow, and `/parts/search` is old.", "`/parts/search`"),
        ("Two shifts share one belt.", "this work"),
    ],
)
def test_the_subject_is_taken_from_a_clear_shape_only(context: str, name: str) -> None:
    assert stand_ins.words(case_of(context, "It is slow."))["subject"] == name


@pytest.mark.parametrize(
    ("text", "filled"),
    [
        ("most of [now] is waiting", "most of the missing 10 percentage points is waiting"),
        ("what keeps [figure] at [now]", "what keeps the retention at 20 %"),
        ("the [figure] and a [gap]", "the retention and a 10 percentage points"),
        ("[unknown words] stay", "[unknown words] stay"),
    ],
)
def test_a_stand_in_brings_words_that_fit_its_sentence(text: str, filled: str) -> None:
    case = case_of("The retention is 20% today.", "The retention should reach 30%.")
    assert stand_ins.fill(text, stand_ins.words(case)) == filled


def test_without_a_figure_a_stand_in_is_replaced_by_words() -> None:
    known = stand_ins.words(case_of("A thing is odd.", "Nobody knows why."))
    assert (
        stand_ins.fill("keeps [figure] at [now], most of [now]", known)
        == "keeps the result in place, most of the whole"
    )


@pytest.mark.parametrize(
    ("value", "unit", "said"),
    [
        (350, "ms", "350 ms"),
        (1, "days", "1 day"),
        (640, "parcels/day", "640 parcels a day"),
        (38, "h/week", "38 h a week"),
        (12, "ms/request", "12 ms per request"),
        (1200, "€", "€1,200"),
        (9, "percentage points", "9 percentage points"),
    ],
)
def test_a_figure_is_said_with_its_unit_as_people_say_it(value: float, unit: str, said: str) -> None:
    assert wording.amount(value, unit) == said


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("most of it waits", "Most of it waits."),
        ("Done.", "Done."),
        ("`x` waits", "`x` waits."),
        ("“So.”", "“So.”"),
    ],
)
def test_a_sentence_has_a_capital_and_one_stop(text: str, sentence: str) -> None:
    assert wording.sentence(text) == sentence
