"""Placebo lenses: what the judge makes of answers whose form is ours and whose causes are about baking."""

from functools import cache
from pathlib import Path
from statistics import fmean

import pytest

from debate.library import Library
from debate.places import Root
from debate.verdict import Scored, Verdict
from tests.bookshelf import lens_text, put
from tests.offline.held import hold, library, shipped
from tests.offline.test_honesty import BAKING, baking

SHIPPED = tuple(entry.id for entry in library().problems())
FEW = ("code_performance-stuck", "public-service_housing-benefit", "team_near-misses")
WEAK = ("strategy_price-answers", "operations_returns-desk")


@pytest.fixture(scope="module")
def placebo(tmp_path_factory: pytest.TempPathFactory) -> Library:
    """The library with every lens's words replaced by words on baking."""
    folder: Path = tmp_path_factory.mktemp("placebo")
    moves = "\n".join(baking(*each) for each in BAKING)
    for entry in library().lenses():
        name = library().lens(entry.id).name
        text = lens_text(entry.id, name, Moves=moves, Reads_attempts="- any; was made with the old recipe")
        put(folder, **{f"lenses__{entry.id}": text})
    return Library([Root(folder, "overlay"), *library().roots])


@cache
def real(name: str) -> Verdict:
    """The verdict on the offline answer with the lenses the card calls for."""
    return hold(shipped(name)).verdict


def fall(name: str, placebo: Library) -> float:
    """By how many points the headline falls with placebo lenses."""
    one, two = real(name).headline.answer, hold(shipped(name), shelf=placebo).verdict.headline.answer
    assert one is not None
    assert two is not None
    return one - two


def check_above(name: str) -> None:
    """A real offline answer stays above the baseline where its form and its reasons count."""
    for score in real(name).criteria:
        if score.name in ("Actionability", "Explanation") and score.status is Scored.SCORED:
            assert score.answer is not None
            assert score.baseline is not None
            assert score.answer > score.baseline, score


@pytest.mark.parametrize("name", FEW)
def test_irrelevant_causes_cost_more_than_a_point(name: str, placebo: Library) -> None:
    check_above(name)
    assert fall(name, placebo) >= 1


@pytest.mark.parametrize("name", WEAK)
def test_where_the_target_measures_little_irrelevant_causes_cost_some_of_it(
    name: str, placebo: Library
) -> None:
    """A target that is near the baseline by words makes a short scale, on which a few foreign words go far: a
    word of the market beside the flour looks more original than the real cause. So form keeps more there.
    """
    check_above(name)
    assert fall(name, placebo) >= 0.3


@pytest.mark.soak
def test_irrelevant_causes_cost_at_least_two_points_on_average(placebo: Library) -> None:
    for name in SHIPPED:
        check_above(name)
    assert fmean(fall(name, placebo) for name in SHIPPED) >= 2
