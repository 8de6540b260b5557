"""The forms a card comes in: each gives a debate, or an error that says what to do."""

import time
from collections.abc import Callable
from pathlib import Path

import pytest

from debate.errors import CardError
from tests.offline.held import CARDS, card_of, hold, library
from tests.offline.prose import marks

LONG = (CARDS / "operations_parcels.md").read_text(encoding="utf-8")
SHORT = (CARDS / "product_trials.md").read_text(encoding="utf-8")
#: What a card as large as it may be is allowed to take on a slow, shared machine.
SECONDS = 120.0


@pytest.mark.parametrize("text", [LONG, SHORT], ids=["long dialect", "short dialect"])
@pytest.mark.parametrize(
    "change",
    [
        lambda text: text.replace("\n", "\r\n"),
        lambda text: "\ufeff" + text,
        lambda text: "\ufeff" + text.replace("\n", "\r\n"),
        lambda text: text.replace("- ", "* "),
        lambda text: text.rstrip("\n"),
    ],
    ids=["CRLF", "BOM", "BOM and CRLF", "other bullets", "no last line end"],
)
def test_the_same_card_in_another_form_gets_the_same_answer(
    text: str, change: Callable[[str], str], tmp_path: Path
) -> None:
    (tmp_path / "card.md").write_bytes(change(text).encode())
    changed = library().problem(str(tmp_path / "card.md"))
    assert hold(changed).answer == hold(card_of(text)).answer


@pytest.mark.parametrize("text", [LONG, SHORT], ids=["long dialect", "short dialect"])
def test_a_card_without_a_domain_is_answered_in_general_words(text: str) -> None:
    bare = text.replace("## Domain\noperations\n", "").replace("**Domain:** product\n", "")
    assert bare != text
    held = hold(card_of(bare))
    assert held.card.domain == ""
    assert held.troubles == []
    assert marks(held) == []


def test_a_card_in_german_is_answered_in_english_with_its_own_names() -> None:
    held = hold(library().problem(str(CARDS / "backstube.md")))
    assert held.troubles == []
    assert "Brote" in held.answer
    assert "17" in held.answer
    assert "- Neues Bestellprogramm (keine Wirkung)" in held.answer


def crowded(lines: int) -> str:
    """The long card with so many more statements."""
    more = "".join(
        f"- Belt {n} sorted {n % 900 + 100} parcels on day {n}, and nobody wrote down why it stood still\n"
        for n in range(lines)
    )
    return LONG.replace("- Two shifts share", f"{more}- Two shifts share")


@pytest.mark.parametrize("lines", [9_000, 12_000])
def test_a_card_of_900_kb_is_refused_at_once_with_what_to_do(lines: int, tmp_path: Path) -> None:
    path = tmp_path / "large.md"
    path.write_text(crowded(lines), encoding="utf-8")
    assert path.stat().st_size > 700_000
    begun = time.monotonic()
    with pytest.raises(CardError) as caught:
        library().problem(str(path))
    assert "large.md" in str(caught.value)
    assert "a card" in str(caught.value)
    assert time.monotonic() - begun < SECONDS


def test_a_card_of_900_kb_most_of_which_is_its_answer_key_is_debated(tmp_path: Path) -> None:
    path = tmp_path / "large.md"
    said = "Count the parcels of the evening by hour and by sender. " * 15_500
    path.write_text(
        LONG.replace("The parcels wait for the belt", f"{said}The parcels wait"), encoding="utf-8"
    )
    assert path.stat().st_size > 850_000
    assert hold(library().problem(str(path))).answer == hold(card_of(LONG)).answer


def test_as_much_as_a_card_may_say_is_debated_in_time() -> None:
    begun = time.monotonic()
    held = hold(card_of(crowded(275)))
    assert held.troubles == []
    assert time.monotonic() - begun < SECONDS
