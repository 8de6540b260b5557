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
from debate.studies.contrasts import PLACEBO
from debate.studies.plan import StudyPlan
from debate.studies.report import StudyReport
from debate.studies.shapley import brackets, shapley_interactions, shapley_values
from debate.studies.statistics import estimate
from debate.studies.study import Conduct, begin
from debate.studies.summary import findings
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
STANDINGS = {
    ECHO: Standing.EARNED,
    AGAIN: Standing.EARNED,
    SOUND: Standing.EARNED,
    NEEDY: Standing.EARNED,
    HARMFUL: Standing.HARMFUL,
    USELESS: Standing.DEAD_WEIGHT,
}


@cache
def plan() -> StudyPlan:
    return planned(CARDS)


@cache
def world() -> Found:
    return Found.of(plan(), cells_of(plan()))


def judged(found: Found) -> Verdicts:
    placebo = {card: value and value / 6 for card, value in found.less(PLACEBO, NO_LENS).items()}
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
    assert {lens: each.standing for lens, each in verdict.lenses.items()} == STANDINGS
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


async def held(asked: StudyPlan, folder: Path) -> StudyReport:
    """The report of debates that were held, every one of them to its end."""
    result = await begin(asked, Conduct(shelf(), CallSettings(), folder, lambda _: None))
    assert result.error is None
    report = result.report()
    assert [(cell.card, cell.arm, cell.error) for cell in report.trouble] == []
    return report


def check_figures(report: StudyReport, built: Found, slack: float) -> None:
    """Every figure is the built world's, and the Shapley values are, but for its noise, the truth."""
    values = built.by_lens(shapley_values)
    left_out, alone = one_end(built, "leave_one_out"), one_end(built, "add_one_in")
    lenses = report.games[0].lenses
    assert {each.lens for each in lenses} == {*built.lenses}
    for each in lenses:
        assert each.shapley is not None
        assert each.shapley.mean == pytest.approx(mean(values[each.lens]))
        assert each.shapley.mean == pytest.approx(TRUTH[each.lens], abs=slack), each.lens
        assert each.leave_one_out.mean == pytest.approx(left_out[each.lens])
        assert each.add_one_in.mean == pytest.approx(alone[each.lens])
    again = next(each.effect for each in report.contrasts if each.arm == "a/a")
    assert again.mean == pytest.approx(-mean(built.less("a/a", FULL)))
    assert report.games[0].placebo is not None
    assert report.games[0].placebo.mean == pytest.approx(0, abs=slack)


@pytest.mark.usefixtures("built_in")
async def test_what_was_built_in_comes_out_of_debates_that_are_held(tmp_path: Path) -> None:
    sitting = (ECHO, AGAIN, HARMFUL, SOUND, NEEDY)
    asked = planned(1, lenses=sitting, replicates=1)
    report = await held(asked, tmp_path)
    check_figures(report, Found.of(asked, cells_of(asked)), slack=0.3)
    assert {each.standing for each in report.games[0].lenses} == {Standing.UNTESTED}


@pytest.mark.soak
@pytest.mark.usefixtures("built_in")
async def test_what_was_built_in_comes_out_of_twelve_cards_of_debates(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    report = await held(plan(), tmp_path)
    with capsys.disabled():
        print("", *findings(report), report.soundness.why, sep="\n")
    check_figures(report, world(), slack=0.12)
    lenses = {each.lens: each for each in report.games[0].lenses}
    assert {lens: each.standing for lens, each in lenses.items()} == STANDINGS
    assert report.soundness.state == "sound"
    left_out = {lens: each.leave_one_out.by_card for lens, each in lenses.items()}
    wrong = verdicts(left_out, margin=report.margin).lenses
    assert wrong[ECHO].standing is wrong[AGAIN].standing is Standing.DEAD_WEIGHT
