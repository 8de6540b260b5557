"""A glance at a lens card tells the names it goes by, or that it cannot tell."""

from pathlib import Path

import pytest
from tests.bookshelf import lens_text, put
from tests.offline.held import library

from debate.cards.glance import names_at_a_glance
from debate.cards.lens import lens_key
from debate.library import Library
from debate.places import Root


def test_a_glance_tells_what_the_card_says_for_every_lens_of_the_library() -> None:
    cards = [entry.card for entry in library().lenses() if entry.card]
    assert len(cards) > 50
    for card in cards:
        names = {lens_key(name) for name in (card.id, card.name, *card.aliases)}
        assert names_at_a_glance(card.path) == frozenset(names)


@pytest.mark.parametrize(
    "front",
    [
        "no front matter",
        "---\nid: a\nname: 'A'\n---\n",
        "---\nid: a\n---\n",
        "---\nid: a\nname: A\naliases:\n- B\n---\n",
        '---\nid: a\nname: A\naliases: ["B", C]\n---\n',
        "---\nid: a\nid: b\nname: A\n---\n",
        "---\nid: a\nname: A # no comment\n---\n",
    ],
)
def test_it_does_not_guess(front: str, tmp_path: Path) -> None:
    path = tmp_path / "a.md"
    path.write_text(front, encoding="utf-8")
    assert names_at_a_glance(path) is None


def shelf(folder: Path, **cards: str) -> Library:
    put(folder, **{f"lenses__{id_}": text for id_, text in cards.items()})
    return Library([Root(folder, "built-in")])


def test_finding_one_lens_reads_no_other(tmp_path: Path) -> None:
    found = shelf(tmp_path, one=lens_text("one", "Uno", ["Eins"]), two=lens_text("two") + "\n## Nonsense\n")
    assert found.lens("eins").id == "one"
    assert found.lens("uno") is found.lens("one")
    assert "entries" not in vars(found._lenses)
    assert [entry.id for entry in found.lenses() if entry.fault] == ["two"]


def test_a_name_two_cards_claim_is_still_a_dispute(tmp_path: Path) -> None:
    found = shelf(tmp_path, one=lens_text("one", "", ["Same"]), two=lens_text("two", "", ["Same"]))
    with pytest.raises(Exception, match="stands for one and for two"):
        found.lens("same")
