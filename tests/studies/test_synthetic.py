"""Known effects come out of a study as they went in, and leave-one-out alone would have missed them."""

import dataclasses
from functools import cache
from pathlib import Path
from statistics import fmean

import pytest

from debate.judging.checks import judge
from debate.runs import question
from debate.runs.spec import CallSettings
from debate.state import Context
from debate.studies.arms import FULL, NO_LENS
from debate.studies.plan import StudyPlan
from debate.studies.shapley import brackets, shapley_interactions, shapley_values
from debate.studies.statistics import estimate
from debate.studies.study import Conduct, begin
from debate.studies.verdicts import Standing, Verdicts, verdicts
from debate.verdict import Verdict
from tests.studies.synthetic import (
    AGAIN,
    ECHO,
    HARMFUL,
    NEEDY,
    SOUND,
    TRUTH,
    USELESS,
    Found,
    cells_of,
    planned,
    scored,
    shelf,
)

CARDS = 12


@cache
def plan() -> StudyPlan:
    return planned(CARDS)


@cache
def world() -> Found:
    return Found.of(plan(), cells_of(plan()))


def judged(found: Found) -> Verdicts:
    placebo = {card: value and value / 6 for card, value in found.less("low-relevance", NO_LENS).items()}
    return verdicts(found.by_lens(shapley_values), margin=0.5, placebos={"placebo": placebo})


def mean(differences: object) -> float:
    assert isinstance(differences, dict)
    return fmean(differences.values())


def one_end(found: Found, end: str) -> dict[str, float]:
    """Leave-one-out or add-one-in, over the cards."""
    by_card = [brackets(found.table(each), each.lenses) for each in found.plan.problems]
    return {lens: fmean(getattr(each[lens], end) for each in by_card) for lens in found.lenses}


def check(found: Found) -> None:
    """Everything that was built in is there."""
    verdict = judged(found)
    assert {lens: each.standing for lens, each in verdict.lenses.items()} == {
        ECHO: Standing.EARNED,
        AGAIN: Standing.EARNED,
        SOUND: Standing.EARNED,
        NEEDY: Standing.EARNED,
        HARMFUL: Standing.HARMFUL,
        USELESS: Standing.DEAD_WEIGHT,
    }
    for lens, each in verdict.lenses.items():
        assert each.estimate.mean == pytest.approx(TRUTH[lens], abs=0.1), lens
    assert verdict.unsound == ""
    assert verdict.bar == pytest.approx(0, abs=0.1)
    again = estimate(found.less("a/a", FULL))
    assert again.interval is not None
    assert again.interval.low < 0 < again.interval.high


def test_what_was_built_in_comes_out() -> None:
    check(world())


def test_leave_one_out_alone_would_miss_the_redundant_two() -> None:
    left_out, alone = one_end(world(), "leave_one_out"), one_end(world(), "add_one_in")
    for lens in (ECHO, AGAIN):
        assert left_out[lens] == pytest.approx(0, abs=0.25)
        assert alone[lens] == pytest.approx(1.6, abs=0.25)
        assert left_out[lens] < mean(world().by_lens(shapley_values)[lens]) < alone[lens]
    by_leaving = {
        lens: {each.id: brackets(world().table(each), each.lenses)[lens].leave_one_out
               for each in plan().problems}
        for lens in world().lenses
    }  # fmt: skip
    wrong = verdicts(by_leaving, margin=0.5).lenses
    assert wrong[ECHO].standing is Standing.DEAD_WEIGHT
    assert wrong[AGAIN].standing is Standing.DEAD_WEIGHT


def test_add_one_in_alone_would_miss_the_lens_that_needs_another() -> None:
    left_out, alone = one_end(world(), "leave_one_out"), one_end(world(), "add_one_in")
    assert alone[NEEDY] == pytest.approx(0, abs=0.25)
    assert left_out[NEEDY] == pytest.approx(1.4, abs=0.25)


def test_the_two_pairs_that_matter_stand_out_of_all_fifteen() -> None:
    found: dict[frozenset[str], list[float]] = {}
    for each in plan().problems:
        for pair, value in shapley_interactions(world().table(each), each.lenses).pairs.items():
            found.setdefault(pair, []).append(value)
    means = {pair: fmean(values) for pair, values in found.items()}
    assert len(means) == 15
    assert means.pop(frozenset({ECHO, AGAIN})) == pytest.approx(-1.6, abs=0.25)
    assert means.pop(frozenset({SOUND, NEEDY})) == pytest.approx(1.4, abs=0.25)
    assert max(map(abs, means.values())) < 0.3


def test_the_whole_gain_is_shared_out() -> None:
    values = world().by_lens(shapley_values)
    assert sum(map(mean, values.values())) == pytest.approx(mean(world().less(FULL, NO_LENS)))


@pytest.fixture
def built_in(monkeypatch: pytest.MonkeyPatch) -> None:
    """Debates are held as ever; only the judge's headline follows from who sits."""
    real = question.Question.context

    def context(self: question.Question, *args: object) -> Context:
        made = real(self, *args)  # type: ignore[arg-type]
        ref = self.spec.study
        assert ref is not None
        lenses = [seat.lens.id for seat in self.panel.seats if seat.lens]
        score = scored(self.problem.id, ref.arm, ref.replicate, lenses)
        verdict = judge(self.problem, self.problem.target.text, ())
        headline = verdict.headline.model_copy(update={"answer": score})
        given = verdict.model_copy(update={"headline": headline})

        async def fixed(_: str) -> Verdict:
            return given

        return dataclasses.replace(made, judge=fixed)

    monkeypatch.setattr(question.Question, "context", context)


async def held(asked: StudyPlan, folder: Path) -> Found:
    result = await begin(asked, Conduct(shelf(), CallSettings(), folder, lambda _: None))
    assert result.error is None
    return Found.of(asked, result.cells)


@pytest.mark.usefixtures("built_in")
async def test_debates_that_are_held_give_the_table_of_the_world(tmp_path: Path) -> None:
    asked = planned(1, lenses=(ECHO, AGAIN, HARMFUL), game="removal")
    assert (await held(asked, tmp_path)).means == pytest.approx(Found.of(asked, cells_of(asked)).means)
