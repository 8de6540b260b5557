"""The report of studies made by hand: known effects come out, what is missing is named, and every figure can
be traced.
"""

from importlib.util import find_spec
from itertools import pairwise

import pytest

from debate.studies.cells import Cell, complete
from debate.studies.effects import Effect, shapley_effects
from debate.studies.games import GameReport, drawn_from
from debate.studies.plan import Arm, ProblemPlan, Sample, StudyRecord
from debate.studies.report import StudyReport, study_report
from debate.studies.sampled_shapley import drawn_coalitions, estimator_name
from debate.studies.sheets import trouble_sheet
from debate.studies.stopping import stop_rule
from debate.studies.summary import findings, next_steps
from debate.studies.verdicts import Standing
from tests.studies.handmade import LENSES, a_cell, a_study, settings, worth


def reported(study: tuple[StudyRecord, list[Cell]]) -> StudyReport:
    return study_report(study[0], study[1], {})


def game(report: StudyReport) -> GameReport:
    (only,) = report.games
    return only


def means(report: StudyReport, figure: str) -> dict[str, float]:
    effects: dict[str, Effect] = {lens.lens: getattr(lens, figure) for lens in game(report).lenses}
    return {lens: round(each.mean, 6) for lens, each in effects.items() if each.mean is not None}


def test_what_each_lens_does_comes_out_as_it_was_put_in() -> None:
    report = reported(a_study(cards=12))
    assert means(report, "shapley") == {"echo": 0.5, "twin": 0.5, "harm": -0.8, "key": 0.6, "lock": 0.6}
    assert means(report, "leave_one_out") == {"echo": 0, "twin": 0, "harm": -0.8, "key": 1.2, "lock": 1.2}
    assert means(report, "add_one_in") == {"echo": 1, "twin": 1, "harm": -0.8, "key": 0, "lock": 0}
    pairs = {pair.what: pair.mean for pair in game(report).pairs}
    assert pairs["key × lock"] == pytest.approx(1.2)
    assert pairs["echo × twin"] == pytest.approx(-1)
    assert pairs["echo × key"] == pytest.approx(0)


def test_lenses_that_say_the_same_earn_their_seat_by_shapley_and_are_dead_weight_by_leaving_out() -> None:
    def standings(design: str) -> dict[str, Standing]:
        return {lens.lens: lens.standing for lens in game(reported(a_study(12, design=design))).lenses}

    assert standings("shapley")["echo"] is Standing.EARNED
    assert standings("leave-one-out")["echo"] is Standing.DEAD_WEIGHT
    assert standings("shapley")["harm"] is standings("leave-one-out")["harm"] is Standing.HARMFUL


@pytest.mark.skipif(find_spec("shapiq") is None, reason="shapiq, the extra `attribution`, is not installed")
def test_beyond_six_lenses_values_are_estimated_from_the_drawn_sets_and_called_so() -> None:
    lenses = (*LENSES, "void", "wide")
    drawn = drawn_coalitions(lenses, budget=40, seed=3)
    sample = Sample(method=estimator_name(), budget=40, seed=3, sets=len(drawn))
    record, cells = a_study(2, lenses=lenses, score=lambda sitting, card: card + 0.25 * len(sitting))
    left = [
        arm
        for arm in record.plan.problems[0].arms
        if arm.coalition is None or arm.kind == "full" or frozenset(arm.coalition) in drawn
    ]
    problems = tuple(
        problem.model_copy(update={"arms": tuple(left), "sample": sample}) for problem in record.plan.problems
    )
    names = {arm.name for arm in left}
    assert len(names) < 2 ** len(lenses) / 2
    plan = record.plan.model_copy(update={"problems": problems, "designs": ("shapley",)})
    kept = [cell for cell in cells if cell.arm in names]
    found = shapley_effects("replacement", {cell.key: cell for cell in kept}, plan)
    assert {lens: each.mean for lens, each in found.items()} == pytest.approx(dict.fromkeys(lenses, 0.25))
    assert drawn_from(problems[0]) == f"{sample.method} from {len(drawn)} of 128 sets"
    kept = [cell for cell in kept if cell.key != ("card-0", "full", 0)]
    short = shapley_effects("replacement", {cell.key: cell for cell in complete(plan, kept)}, plan)["wide"]
    assert short.by_card == {"card-0": None, "card-1": pytest.approx(0.25)}


def test_lenses_stand_in_the_order_of_what_they_bring() -> None:
    found = [lens.measured.mean or 0.0 for lens in game(reported(a_study(12))).lenses]
    assert all(more >= less for more, less in pairwise(found))


def test_one_card_is_described_and_tests_nothing() -> None:
    report = reported(a_study(cards=1))
    assert {lens.standing for lens in game(report).lenses} == {Standing.UNTESTED}
    assert (
        {lens.p for lens in game(report).lenses} == {lens.adjusted for lens in game(report).lenses} == {None}
    )
    assert all("describes this card and tests nothing" in lens.why for lens in game(report).lenses)
    assert report.soundness.state == "untested"
    assert all(each.effect.p is None and each.adjusted is None for each in report.contrasts)


def test_replicates_are_no_cards() -> None:
    report = reported(a_study(cards=1, replicates=9))
    assert {lens.measured.n for lens in game(report).lenses} == {1}
    assert {lens.standing for lens in game(report).lenses} == {Standing.UNTESTED}


def test_every_figure_names_runs_of_the_very_arms_it_compares() -> None:
    report = reported(a_study(cards=2, replicates=2, design="leave-one-out"))
    echo = next(lens for lens in game(report).lenses if lens.lens == "echo")
    (card, _) = echo.leave_one_out.cards
    without = "replacement: harm+key+lock+twin"
    assert set(card.runs) == {f"run card-0 {arm} {n}" for arm in ("full", without) for n in (0, 1)}
    known = {cell.run for cell in report.cells}
    effects = [each.effect for each in report.contrasts]
    effects += [each for lens in game(report).lenses for each in (lens.leave_one_out, lens.add_one_in)]
    for each in effects:
        assert each.runs
        assert {*each.runs} <= known
    assert all(arm.runs for arm in report.arms)


def test_a_set_without_a_score_takes_the_card_out_of_shapley_values_and_is_counted() -> None:
    record, cells = a_study(cards=3)
    gone = ("card-1", "replacement: echo+harm")
    cells = [cell for cell in cells if (cell.problem, cell.arm) != gone]
    cells.append(a_cell(*gone, 0, None, state="failed", error="the server went away", scores={}))
    report = reported((record, cells))
    for lens in game(report).lenses:
        assert lens.shapley is not None
        values = lens.shapley.by_card
        assert values["card-1"] is None
        assert None not in (values["card-0"], values["card-2"])
        assert lens.shapley.lost == 1
    (trouble,) = report.trouble
    assert (trouble.card, trouble.state, trouble.error) == ("card-1", "failed", "the server went away")


@pytest.mark.parametrize("state", ["degraded", "failed", "missing"])
def test_what_is_not_done_is_in_no_figure(state: str) -> None:
    record, cells = a_study(cards=2, design="leave-one-out")
    bad = [cell.model_copy(update={"state": state}) if cell.problem == "card-0" else cell for cell in cells]
    report = reported((record, bad))
    assert {lens.leave_one_out.n for lens in game(report).lenses} == {1}
    assert len(report.trouble) == len(cells) / 2
    assert not any("card-0" in run for arm in report.arms for run in arm.runs)


def test_cells_that_one_reason_took_away_share_a_row() -> None:
    record, cells = a_study(cards=2, design="leave-one-out")
    stopped = [
        cell.model_copy(update={"state": "missing", "error": "the budget"})
        if cell.problem == "card-1"
        else cell
        for cell in cells
    ]
    broken = stopped[0].model_copy(update={"state": "failed", "error": "a bug"})
    report = reported((record, [broken, *stopped[1:]]))
    one, other = trouble_sheet(report).rows
    assert one.cells == ("card-0", "0", "failed", "a bug", "full")
    assert other.cells[:4] == ("card-1", "0", "missing", "the budget")
    assert other.cells[4].split("; ") == [arm.name for arm in record.plan.problems[1].arms]
    assert (*one.runs, *other.runs) == tuple(cell.run for cell in report.trouble)


def test_controls_are_held_against_the_full_panel() -> None:
    report = reported(a_study(cards=6, design="leave-one-out"))
    found = {each.arm: each for each in report.contrasts}
    gain = worth(frozenset(LENSES)) - worth(frozenset())
    assert list(found) == ["no-lens", "token-matched", "placebo", "a/a"]
    assert found["no-lens"].effect.mean == pytest.approx(gain)
    assert found["a/a"].effect.mean == 0
    assert found["token-matched"].mismatch == pytest.approx(0.04)
    assert {each.against for each in report.contrasts} == {"full"}


def test_a_placebo_is_held_beside_lenses_by_the_seat() -> None:
    placebo = game(reported(a_study(cards=4, placebo=0.6))).placebo
    assert placebo is not None
    assert placebo.mean == pytest.approx(0.3)  # two lenses share 0.6


@pytest.mark.parametrize(("what", "why"), [("placebo", "The placebo"), ("again", "differs from itself")])
def test_what_should_do_nothing_and_does_something_voids_the_study(what: str, why: str) -> None:
    study = a_study(8, design="leave-one-out", jitter=0.05, **{what: 2.0})  # type: ignore[arg-type]
    report = reported(study)
    assert report.soundness.state == "unsound"
    assert why in report.soundness.why


def test_a_study_whose_controls_do_nothing_is_sound() -> None:
    assert reported(a_study(8, design="leave-one-out", jitter=0.05)).soundness.state == "sound"


def test_evidence_is_shown_where_the_plan_stops_by_it() -> None:
    plain, stopping = (reported(a_study(8, design="leave-one-out", stop=stop)) for stop in ("", "e-process"))
    assert {lens.evidence for lens in game(plain).lenses} == {None}
    assert {len(lens.evidence or ()) for lens in game(stopping).lenses} == {8}


def test_a_study_with_a_stop_rule_ends_when_every_lens_is_evident_and_not_before() -> None:
    record, cells = a_study(12, lenses=("key", "lock"), design="leave-one-out", stop="e-process")
    rule = stop_rule(record.plan)
    assert rule is not None
    ended = [rule(cells[: len(cells) // 12 * cards]) for cards in range(1, 13)]
    first = next(cards for cards, why in enumerate(ended, 1) if why)
    assert 6 <= first < 12
    assert all(ended[first - 1 :])
    assert f"{first} of 12 cards" in str(ended[first - 1])
    report = reported((record, cells[: len(cells) // 12 * first]))
    assert report.stopped == ended[first - 1]
    assert not any("--resume" in step for step in next_steps(report))


def test_a_lens_that_does_nothing_keeps_a_study_going_to_its_last_card() -> None:
    record, cells = a_study(12, lenses=("echo", "twin"), design="leave-one-out", stop="e-process")
    rule = stop_rule(record.plan)
    assert rule is not None
    assert rule(cells) is None
    assert stop_rule(a_study(12)[0].plan) is None


def test_an_unknown_price_makes_the_cost_unknown() -> None:
    record, cells = a_study(design="leave-one-out")
    assert reported((record, cells)).spent.cost == pytest.approx(0.01 * len(cells))
    used = cells[0].used.model_copy(update={"cost": None})
    spent = reported((record, [cells[0].model_copy(update={"used": used}), *cells[1:]])).spent
    assert (spent.cost, spent.unpriced) == (None, 1)


def test_a_report_is_the_same_after_a_trip_through_json() -> None:
    report = reported(a_study(cards=2))
    assert StudyReport.model_validate_json(report.model_dump_json()) == report


def test_named_arms_are_told_apart_by_name_and_the_better_one_comes_first() -> None:
    arms = (
        Arm(name="known", kind="varied", settings=settings("a")),
        Arm(name="drawn", kind="varied", settings=settings("b")),
    )
    problems = tuple(ProblemPlan(id=f"c{n}", name="c", sha256="0", lenses=(), arms=arms) for n in range(8))
    record, _ = a_study(1, problems=problems, designs=("sets",), controls=())
    cells = [a_cell(p.id, "known", 0, 5.0 + n / 10) for n, p in enumerate(problems)]
    cells += [a_cell(p.id, "drawn", 0, 6.0 + n / 5) for n, p in enumerate(problems)]
    report = reported((record, cells))
    assert not report.games
    assert findings(report)[0].startswith("drawn scores 1.35 more than known (known − drawn −1.35 [")


def test_lenses_that_cover_each_other_are_not_both_taken_out() -> None:
    report = reported(a_study(12, design="leave-one-out"))
    assert "Dead weight: Echo" in findings(report)[0]
    assert findings(report)[1].startswith("Echo, Twin: dead weight only beside the others")
    assert not any("without" in step and "Echo" in step for step in next_steps(report))


def test_a_study_says_what_is_left_to_hold_and_what_to_drop() -> None:
    record, cells = a_study(12, design="leave-one-out")
    steps = " ".join(next_steps(reported((record, cells[:-2]))))
    assert f"Hold what is missing or failed, 2 cells: debate ablate --resume {record.id}" in steps
    assert "without Harm: --lenses " in steps
    assert "--design shapley" in steps
