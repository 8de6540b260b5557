"""Chains of causes, and sums worked out in the open."""

import pytest

from debate.judging.causes import carried, chain
from debate.judging.sums import begins_in, sums
from debate.judging.words import stems

CASE = frozenset(stems("deck load crossing queue"))


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("A fuller deck loads slowly, so the crossing begins late.", 2),
        ("The crossing begins late because the deck loads slowly.", 2),
        ("More cars fill the deck, which means the ferry loads slowly, so the crossing begins late.", 3),
        ("The deck loads slowly, so it is.", 0),
        ("The deck loads slowly and the crossing begins late.", 0),
    ],
)
def test_a_sentence_is_cut_into_cause_and_effect(text: str, parts: int) -> None:
    found = chain(text)
    assert (len(found.parts) if found else 0) == parts


def test_cause_and_effect_are_told_apart_whichever_comes_first() -> None:
    one = chain("The deck loads slowly, so the crossing begins late.")
    other = chain("The crossing begins late because the deck loads slowly.")
    assert one
    assert other
    assert one.cause == other.cause
    assert one.effect == other.effect


def test_what_is_in_the_middle_must_be_of_the_case() -> None:
    own = chain("Rain brings cars, which means the ferry loads the deck slowly, so everything slips.")
    anybody = chain("Rain brings cars, which means culture and mindset suffer, so everything slips.")
    assert carried([own], CASE)
    assert not carried([anybody], CASE)


def test_two_sentences_make_a_chain_in_either_order() -> None:
    one = chain("Rain fills the deck, so the queue grows.")
    other = chain("A long queue forces the captain to wait.")
    assert carried([one, other], CASE)
    assert carried([other, one], CASE)
    assert not carried([other], CASE)


@pytest.mark.parametrize(
    ("text", "comes_out"),
    [
        ("34 changes × 14 minutes = 476 minutes", True),
        ("19 + 44 + 11 = 74", True),
        ("10 + 9,600 × 9 = 86,410", True),
        ("100 - 40 = 60", True),
        ("54 / 14 = 3.9 days", True),
        ("34 × 14 = 500", False),
        ("34 / 0 = 7", False),
        ("34 changes and 14 minutes", False),
    ],
)
def test_a_sum_counts_when_it_comes_out(text: str, comes_out: bool) -> None:
    assert bool(list(sums(text))) is comes_out


def test_a_sum_has_to_begin_in_the_case() -> None:
    (found,) = sums("34 × 14 = 476")
    assert begins_in(found, {"34"})
    assert not begins_in(found, {"35"})
