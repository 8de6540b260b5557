"""Searching: a sentence that has the phrase is found, in whatever case and blanks, and nothing else is."""

from collections.abc import Callable
from pathlib import Path

import pytest

from debate.events import Event, LetterWritten, Message, PlanMade, SeatSpoke
from debate.prompts import problem_block
from debate.run_names import EVENTS, MANIFEST
from debate.searching import Hit, search
from tests.builders import a_card, a_hypothesis, a_letter, a_plan
from tests.runs import a_call, a_run

Found = Callable[[str], list[Hit]]


def claims(text: str) -> Event:
    return SeatSpoke(seat="bottleneck-theory", hypotheses=(a_hypothesis(claim=text, mechanism="It is so."),))


@pytest.fixture
def found(tmp_path: Path) -> Found:
    """What a search finds in one whole debate."""
    prompt = Message(role="user", content=problem_block(a_card(), seed=3))
    said = [
        a_call("ask-1", "lens-agent", messages=(prompt,)),
        SeatSpoke(seat="bottleneck-theory", hypotheses=(a_hypothesis(),)),
        PlanMade(plan=a_plan()),
        LetterWritten(letter=a_letter()),
    ]
    path = a_run(tmp_path, list(said))
    return lambda phrase: list(search([path], phrase))


@pytest.mark.parametrize(
    ("phrase", "part", "where"),
    [
        ("share one registration desk", "problem", "C2"),
        ("bookings fall on three start times", "hypothesis", "bottleneck-theory-1, Bottleneck Theory"),
        ("needs a rule nobody here may change", "plan", "the critic's record"),
        ("decides where 60 minutes", "step", "step 1, Stamp arrivals and calls, round 1"),
        ("put a clock and a stamp", "answer", "the letter"),
    ],
)
def test_every_part_of_a_debate_is_searched_and_named(
    found: Found, phrase: str, part: str, where: str
) -> None:
    assert (part, where) in {(hit.part, hit.where) for hit in found(phrase)}


def test_a_hit_is_the_whole_sentence_and_has_the_phrase(found: Found) -> None:
    hits = found("registration desk")
    assert [hit.sentence for hit in hits] == ["Four nurses share one registration desk."]


@pytest.mark.parametrize("phrase", ["FOUR NURSES", "four\n  nurses", "  four nurses  "])
def test_capitals_and_blanks_do_not_matter(found: Found, phrase: str) -> None:
    assert found(phrase) == found("Four nurses") != []


@pytest.mark.parametrize("phrase", ["", "  ", "nurses share four", "prompt", "confidence", "run_started"])
def test_nothing_is_found_where_nothing_is(found: Found, phrase: str) -> None:
    assert found(phrase) == []


@pytest.mark.parametrize(
    ("said", "phrase"),
    [
        ("Die Straße ist zu eng.", "STRAßE"),
        ("Die Straße ist zu eng.", "straße ist"),
        ("Überall Ärger mit dem Pult.", "überall ÄRGER"),
        ('They call it "the wall" here.', '"the wall"'),
        ("A path like C:\\temp is full.", "C:\\temp"),
        ("Two\n\nlines   of one claim.", "two lines of one"),
        ("一つの机に全員が並ぶ。", "机に"),
        ("Waits grow 50 % a day.", "50 %"),
        ("Over-\u00adlong names.", "names"),
    ],
)
def test_any_text_is_found_as_it_was_written(tmp_path: Path, said: str, phrase: str) -> None:
    hits = list(search([a_run(tmp_path, [claims(said)])], phrase))
    assert [hit.sentence for hit in hits] == [" ".join(said.split())]


def test_the_phrase_is_text_and_no_pattern(tmp_path: Path) -> None:
    run = a_run(tmp_path, [claims("It waits (always) for c++ and .* to end.")])
    assert len(list(search([run], "(always) for c++ and .*"))) == 1
    assert list(search([run], "it.waits")) == []


def test_runs_come_in_the_order_given_and_broken_ones_are_passed_over(tmp_path: Path) -> None:
    one, two, torn = (a_run(tmp_path, [claims("The desk is slow.")]) for _ in range(3))
    (torn / MANIFEST).write_text("{")
    empty = tmp_path / "20261101-000000-x-0000"
    empty.mkdir()
    hits = search([two, tmp_path / "gone", torn, empty, one], "desk is slow")
    assert [hit.run for hit in hits] == [two.name, one.name]


def test_a_run_that_was_killed_is_searched_up_to_its_end(tmp_path: Path) -> None:
    run = a_run(tmp_path, [claims("The desk is slow.")])
    with (run / EVENTS).open("ab") as journal:
        journal.write(b'{"torn')
    assert [hit.run for hit in search([run], "slow")] == [run.name]
