"""Padding whose words the judge by rule was never told of: what it costs, and that it does not pay."""

import re
from itertools import cycle
from statistics import fmean

import pytest

from debate.cards.problem import ProblemCard
from debate.judging import padding
from debate.judging.checks import judge_of
from debate.judging.sentences import sentences
from debate.judging.text import unquoted
from tests.judging import test_ladder, test_unseen
from tests.offline.held import shipped

MARKER = re.compile(r"^ *(?:-|\d\.) ", re.MULTILINE)
NAMES = (*test_ladder.NAMES, *test_unseen.NAMES)
LEADS = (
    "To begin with, as everyone in the trade knows",
    "On top of this, and rightly so",
    "Then again, it has long been recommended",
    "What should not be missing either",
    "Here, too, the textbooks are unanimous",
)
TAILS = (
    "a proven recipe after all",
    "whatever the circumstances may be",
    "to name but one example",
    "simply to be on the safe side",
    "step by step of course",
)


def card_of(name: str) -> ProblemCard:
    return test_unseen.unseen(name) if name in test_unseen.NAMES else shipped(name)


@pytest.fixture
def other_words(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(padding, "_LEADS", LEADS)
    monkeypatch.setattr(padding, "_TAILS", TAILS)


@pytest.mark.usefixtures("other_words")
@pytest.mark.parametrize("name", NAMES)
def test_filler_in_words_of_its_own_lifts_no_answer_by_more_than_a_point(name: str) -> None:
    card = card_of(name)
    judge = judge_of(card, ())
    plain, padded = (
        test_ladder.scores(judge(text))
        for text in (card.baseline.text, padding.padded(unquoted(card.baseline.text)))
    )
    known = [
        (one, two) for name in plain if (one := plain[name]) is not None and (two := padded[name]) is not None
    ]
    assert fmean(two - one for one, two in known) <= 1


@pytest.mark.parametrize(
    "text",
    [
        "",
        "One thing.",
        "- One\n- Two",
        "1. One\n2. Two",
        "Try:\n- One\n  - of it\n\nThen stop. Or not.",
        "# Title\n\nSay\nit",
    ],
)
def test_every_form_keeps_its_form_and_its_words(text: str) -> None:
    told = padding.padded(text)
    assert MARKER.findall(told) == MARKER.findall(text)
    said = [word.strip(".:") for word in text.split()]
    assert all(word in told for word in said)


def test_each_sentence_is_led_in_and_out_in_turn() -> None:
    leads = cycle(padding._LEADS)
    told = padding.padded("One. Two. Three. Four.").split("\n\n")[1]
    padded = [sentence for sentence in sentences(told) if ": " in sentence]
    assert [sentence.split(":")[0] for sentence in padded] == [next(leads) for _ in range(4)]
