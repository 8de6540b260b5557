"""Fitting: lenses that speak to a card's facts come first, and say why."""

from collections.abc import Sequence
from pathlib import Path

from debate.cards.facts import Fact
from debate.cards.lens import LensCard, parse_lens
from debate.cards.problem import parse_problem
from debate.fitting import Fit, ranked
from tests.bookshelf import MOVE, lens_text

CARD = """# Clinic

## Context
- A clinic sees 40 patients a day at one desk
- Patients wait 50 minutes on average

## Challenge
The wait must come down to 20 minutes. We tried:

1. A second clerk (improved 9%)
2. A new form (improved 5%)
3. Signs (improved 2%)
"""


def facts(text: str = CARD) -> Sequence[Fact]:
    return parse_problem(text, Path("clinic.md"), "file").facts


def a_lens(id_: str, words: str, name: str = "sign", move_words: str = "zebra") -> LensCard:
    text = lens_text(
        id_,
        "",
        (),
        Sees="Xylophones.",
        Applies_when="- xylophones",
        Questions="- Xylophones?",
        Signals=f"- **{name}**: t; words: {words}",
        Moves=MOVE.replace("trip, call", move_words),
    )
    return parse_lens(text, Path(f"{id_}.md"), "file")


def order(fits: Sequence[Fit]) -> list[str]:
    return [fit.lens.id for fit in fits]


def test_the_lens_that_hears_more_comes_first_and_equals_stand_by_id() -> None:
    lenses = [
        a_lens("d", "submarine"),
        a_lens("c", "submarine"),
        a_lens("b", "desk"),
        a_lens("a", "desk, clerk"),
    ]
    fits = ranked(facts(), lenses)
    assert order(fits) == ["a", "b", "c", "d"]
    assert [fit.score > 0 for fit in fits] == [True, True, False, False]


def test_a_word_that_every_lens_listens_for_counts_less_than_a_rare_one() -> None:
    common = [a_lens(f"common-{n}", "patient") for n in range(8)]
    fits = ranked(facts(), [*common, a_lens("rare", "clerk")])
    assert order(fits)[0] == "rare"
    assert fits[0].score > fits[1].score > 0


def test_words_are_heard_at_their_start_only() -> None:
    (fit,) = ranked(facts(), [a_lens("a", "esk, ients, atient")])
    assert fit.score == 0
    assert fit.reasons == ()


def test_a_shape_of_trouble_is_found_without_any_word() -> None:
    shaped, mute = a_lens("shaped", "submarine", "diminishing returns"), a_lens("mute", "submarine")
    fits = ranked(facts(), [mute, shaped])
    assert order(fits) == ["shaped", "mute"]
    assert fits[0].reasons[0].text == "diminishing returns"
    assert fits[0].reasons[0].facts == ("T1", "T2", "T3")


def test_reasons_name_the_words_and_the_facts_that_have_them_strongest_first() -> None:
    (fit,) = ranked(facts(), [a_lens("a", "desk, clerk", move_words="form")])
    assert [reason.text for reason in fit.reasons] == ["sign (desk, clerk)", "Count the trips (form)"]
    assert fit.reasons[0].facts == ("C1", "T1")
    assert fit.reasons[0].weight > fit.reasons[1].weight


def test_of_equals_the_lens_that_is_worded_for_the_domain_comes_first() -> None:
    text = lens_text("worded", Moves=MOVE + "\n#### In operations\n\n- **Who:** a clerk\n")
    lenses = [
        parse_lens(lens_text("plain"), Path("plain.md"), "file"),
        parse_lens(text, Path("w.md"), "file"),
    ]
    assert order(ranked(facts(), lenses)) == ["plain", "worded"]
    assert order(ranked(facts(), lenses, "Operations")) == ["worded", "plain"]


def test_the_answer_key_changes_nothing() -> None:
    key = "\n## Expected Lens Relevance\n**High:** Mute\n\n## Baseline Solution\nA submarine.\n"
    lenses = [a_lens("mute", "submarine"), a_lens("other", "desk")]
    assert ranked(facts(CARD + key), lenses) == ranked(facts(), lenses)
