"""`docs/lenses.md` says what the library holds, how well it is chosen from, and what is lost without it."""

from collections import Counter
from statistics import fmean

import pytest
from benchmarks import choice, lens_page, placebo

from debate.library import Library

PAGE = lens_page.PAGE.read_text(encoding="utf-8")


@pytest.fixture(scope="module")
def shelf() -> Library:
    """The built-in library alone."""
    return Library.open(cwd=lens_page.PAGE.parents[1] / "tests" / "offline" / "cards")


@pytest.mark.parametrize("name", ["library", "choice"])
def test_what_is_counted_is_up_to_date(name: str, shelf: Library) -> None:
    assert lens_page.part(PAGE, name) == lens_page.PARTS[name](shelf), "run: python -m benchmarks.lens_page"


class TestChoice:
    def test_weights_were_set_on_one_problem_of_each_domain(self, shelf: Library) -> None:
        problems = choice.Keys(shelf).problems
        assert {each.id for each in problems} > choice.SET_ON
        assert set(Counter(p.domain.casefold() for p in problems if p.id in choice.SET_ON).values()) == {1}

    @pytest.mark.parametrize("levels", [("high",), ("high", "medium")], ids=" or ".join)
    def test_the_rule_agrees_with_authors_far_more_than_the_lot_or_the_most_popular(
        self, levels: tuple[str, ...], shelf: Library
    ) -> None:
        keys = choice.Keys(shelf)
        held = [each for each in keys.problems if each.id not in choice.SET_ON]
        by_rule = fmean(keys.measure(keys.by_rule, held, levels).precision)
        popular = fmean(keys.measure(keys.popular(levels), keys.problems, levels).precision)
        by_lot = fmean(len(keys.right(each, levels)) for each in keys.problems) / len(keys.lenses)
        assert by_rule > 2.5 * max(popular, by_lot)

    def test_every_lens_has_a_textbook_case_and_nearly_all_are_found_on_theirs(self, shelf: Library) -> None:
        lenses = choice.Keys(shelf).lenses
        found = choice.places(lenses)
        assert set(found) == {lens.id for lens in lenses}
        assert sum(place <= choice.SEATS for place in found.values()) >= 0.9 * len(found)


def test_scores_fall_when_every_lens_is_a_placebo(shelf: Library) -> None:
    names = [entry.id for entry in shelf.problems() if entry.card]
    fell = placebo.fall(placebo.pairs(shelf, names))
    assert len(fell["headline"]) == len(names)
    assert fmean(fell["headline"]) > 1.5
    assert {name: fmean(each) > 1 for name, each in fell.items()} == dict.fromkeys(fell, True)
    assert sum(each > 0 for each in fell["headline"]) > 3 * sum(each < 0 for each in fell["headline"])
