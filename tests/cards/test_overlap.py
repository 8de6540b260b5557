"""Overlap and skeletons: two cards that say the same are one lens; an unwritten card says what it lacks."""

from pathlib import Path

import pytest
from tests.bookshelf import MOVE, lens_text
from tests.offline.held import library

from debate.cards.lens import LensCard, parse_lens
from debate.cards.overlap import twins
from debate.cards.skeleton import lens_skeleton, unwritten


def lens(id_: str, *moves: str) -> LensCard:
    return parse_lens(lens_text(id_, "", (), Moves="\n\n".join(moves)), Path(f"{id_}.md"), "file")


def distinct(number: int) -> str:
    words = {slot: " ".join(f"{slot}{chr(97 + number)}{chr(97 + n)}" for n in range(5)) for slot in "pqrst"}
    return f"""### Move {number}

- **Suspect:** {words["p"]}
- **Because:** {words["q"]}
- **Measure:** {words["r"]}
- **True if:** at least 20 trips
- **False if:** at most 5 trips
- **Test:** {words["s"]}: x
- **Who:** one engineer
- **Days:** 1
- **Change:** {words["t"]}: y
- **Build days:** 3
- **Effect:** some
- **Rival:** another
"""


def test_cards_with_the_same_moves_are_one_lens() -> None:
    (pair,) = twins([lens("one", MOVE), lens("two", MOVE.replace("one engineer", "a clerk"))])
    assert (pair.one.id, pair.other.id, pair.same_lens) == ("one", "two", True)


def test_one_move_of_three_in_common_is_told_and_leaves_two_lenses() -> None:
    one = lens("one", MOVE, distinct(1), distinct(2))
    two = lens("two", distinct(3), MOVE, distinct(4))
    (pair,) = twins([one, two])
    assert [(mine.name, theirs.name) for mine, theirs in pair.moves] == [
        ("Count the trips", "Count the trips")
    ]
    assert not pair.same_lens


def test_lenses_with_nothing_in_common_are_no_twins() -> None:
    assert twins([lens("one", distinct(1)), lens("two", distinct(2))]) == []


def test_no_two_lenses_of_the_library_are_one() -> None:
    cards = [entry.card for entry in library().lenses() if entry.card]
    assert len(cards) >= 10
    assert [f"{pair.one.id}/{pair.other.id}" for pair in twins(cards) if pair.same_lens] == []


@pytest.mark.parametrize("name", ["Queue Discipline", "Über-Sicht", "A/B"])
def test_a_skeleton_is_a_card_that_says_what_is_unwritten(name: str) -> None:
    text = lens_skeleton("mine", name)
    card = parse_lens(text, Path("mine.md"), "file")
    assert (card.id, card.name, len(card.moves)) == ("mine", name, 3)
    lines = text.split("\n")
    assert len(unwritten(text)) > 20
    assert all("(to write)" in lines[number - 1] for number in unwritten(text))
