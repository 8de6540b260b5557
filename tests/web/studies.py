"""A study made by hand: two problems, four arms, three replicates, and something wrong in each corner."""

from pathlib import Path

from debate.studies.cells import Cell, Measured, Points, write_cells
from debate.studies.plan import Arm, ArmSettings, ProblemPlan, StudyPlan, store

LENSES = ("bottleneck-theory", "pace-layering")
# name, kind, terms, who sits
ARMS = (
    ("full", "full", "high", LENSES),
    ("without bottleneck-theory", "without", "pace-layering", LENSES[1:]),
    ("without pace-layering", "without", "bottleneck-theory", LENSES[:1]),
    ("solo", "control", "none", ()),
)
PROBLEMS = ("care_waiting-stuck", "code_performance-stuck")


def a_study(base: Path, runs: list[str], note: str = "") -> Path:
    """Write the study and give its folder. Done cells take their runs from `runs`, one after the other, and
    have none when these are used up; `note` stands behind what can be any text.
    """
    arms = tuple(
        Arm(
            name=name + note,
            kind=kind,
            settings=ArmSettings(lenses=lenses, protocol="panel", models={"": "offline"}),
            game=None if kind == "full" else "removal",
            coalition=coalition,
        )
        for name, kind, lenses, coalition in ARMS
    )
    plan = StudyPlan(
        problems=tuple(
            ProblemPlan(id=id_ + note, name=id_, sha256="0" * 64, lenses=LENSES, arms=arms)
            for id_ in PROBLEMS
        ),
        designs=("leave-one-out", *filter(None, [note])),
        controls=("solo",),
        games=("removal",),
        replicates=3,
        endpoint="headline",
        margin=0.5,
        alpha=0.05,
    )
    folder, _ = store(plan, base, {})
    left = iter(runs)
    write_cells(
        folder,
        [
            _cell(problem.id, arm.name, replicate, next(left, None), note)
            for problem in plan.problems
            for place, arm in enumerate(arms)
            for replicate in range(3)
            if (place, replicate) != (3, 2)  # missing
        ],
    )
    return folder


def _cell(problem: str, arm: str, replicate: int, run: str | None, note: str) -> Cell:
    if (arm.startswith("without b"), replicate) == (True, 1):
        error = f"too few seats spoke{note}"
        return Cell(problem=problem, arm=arm, replicate=replicate, state="failed", error=error)
    answer = 7.4 - 1.3 * arm.startswith("without") - 4.1 * arm.startswith("solo") - 0.3 * replicate
    return Cell(
        problem=problem,
        arm=arm,
        replicate=replicate,
        state="done",
        run=run,
        scores={"headline": Points(answer=answer, baseline=2.5, target=8.5)},
        used=Measured(calls=6, input_tokens=9000, output_tokens=2200),
        seats=2,
        seconds=12.0,
    )
