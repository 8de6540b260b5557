"""Idea survival and the oracle gap, on plans made by hand."""

from debate.contributions import Merged, SetAside
from debate.models.roles import ROLES
from debate.studies.cells import Cell, Measured, Points, complete, matched_seats, summaries
from debate.studies.plan import Arm, ArmSettings, ProblemPlan, StudyPlan
from debate.studies.survival import by_seat, ideas_of, oracle_gaps
from tests.builders import a_hypothesis, a_plan, a_step


def settings(lenses: str) -> ArmSettings:
    return ArmSettings(lenses=lenses, protocol="panel", models=dict.fromkeys(ROLES, "offline"))


PLAN = StudyPlan(
    problems=(
        ProblemPlan(
            id="p", name="p", sha256="", lenses=("a", "b"),
            arms=(
                Arm(name="full", kind="full", settings=settings("a,b"), coalition=("a", "b")),
                Arm(name="only a", kind="only", game="removal", lens="a", settings=settings("a")),
                Arm(name="only b", kind="only", game="removal", lens="b", settings=settings("b")),
            ),
        ),
    ),
    designs=("leave-one-out",), controls=(), games=("removal",), replicates=2, endpoint="headline",
    margin=0.5, alpha=0.05,
)  # fmt: skip


def cell(arm: str, score: float | None, replicate: int = 0, state: str = "done") -> Cell:
    points = {"headline": Points(answer=score, baseline=2.0, target=8.0)}
    return Cell.model_validate(
        {"problem": "p", "arm": arm, "replicate": replicate, "state": state, "scores": points}
    )


def test_an_idea_is_a_hypothesis_with_those_merged_into_it() -> None:
    said = [a_hypothesis(f"{seat}-{n}") for seat in ("a", "b", "c") for n in (1, 2)]
    plan = a_plan(
        steps=[a_step(rank=1, hypotheses=["b-1"])],
        merged=[
            Merged(hypothesis="a-2", into="b-1", because="same"),
            Merged(hypothesis="c-2", into="a-2", because="same"),
        ],
        set_aside=[SetAside(hypothesis="c-1", because="too dear")],
    )
    found = {idea.hypotheses: idea for idea in ideas_of(said, plan)}
    shared = found["a-2", "b-1", "c-2"]
    assert (shared.first, shared.others, shared.steps) == ("a", ("b", "c"), (1,))
    assert found["c-1",].set_aside == "too dear"
    assert not found["c-1",].survived
    assert {each.seat: (each.first, each.too, each.survived) for each in by_seat(found.values())} == {
        "a": (2, 0, 1), "b": (1, 1, 1), "c": (1, 1, 1),
    }  # fmt: skip


def test_a_critic_that_merges_in_a_circle_loses_nobody() -> None:
    said = [a_hypothesis(f"a-{n}") for n in (1, 2)]
    circle = [
        Merged(hypothesis="a-1", into="a-2", because="x"),
        Merged(hypothesis="a-2", into="a-1", because="x"),
    ]
    found = ideas_of(said, a_plan(steps=[a_step(rank=1, hypotheses=["a-1"])], merged=circle, set_aside=[]))
    assert sorted(id_ for idea in found for id_ in idea.hypotheses) == ["a-1", "a-2"]


def test_the_oracle_gap_is_the_best_seat_against_all() -> None:
    cells = [cell("full", 6.0), cell("only a", 7.5), cell("only b", 5.0),
             cell("full", None, 1, "failed"), cell("only a", 7.0, 1)]  # fmt: skip
    (gap,) = oracle_gaps(PLAN, cells)
    assert (gap.seat, gap.replicate, gap.gap) == ("a", 0, 1.5)


def test_what_is_not_done_is_counted_and_in_no_mean() -> None:
    cells = complete(PLAN, [cell("full", 6.0), cell("full", 1.0, 1, "degraded"), cell("only a", None)])
    full, a, b = summaries(PLAN, cells)
    assert (full.n, full.degraded, full.mean) == (1, 1, 6.0)
    assert (a.n, a.unscored, a.missing, a.mean) == (0, 1, 1, None)
    assert (b.n, b.missing) == (0, 2)


def test_as_many_agents_sit_as_use_the_tokens() -> None:
    def used(tokens: int, seat: float) -> Measured:
        return Measured(calls=1, input_tokens=tokens, seat_tokens=seat)

    assert matched_seats(used(1000, 1.0), used(700, 100.0), 4) == 7
    assert matched_seats(used(100, 1.0), used(700, 100.0), 4) == 1
    assert matched_seats(used(100_000, 1.0), used(700, 100.0), 4) == 32
