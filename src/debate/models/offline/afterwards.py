"""Afterwards: what follows the change. The cause that the second check found gets a change of its own; then
the measure is taken again, and held against the target.
"""

from debate.contributions import Decision, Effort, Hypothesis, Interval, Prediction, Step
from debate.models.offline import stand_ins, wording
from debate.models.offline.case import Case
from debate.models.offline.constraints import Work, lines
from debate.models.offline.schedule import Schedule
from debate.words import sentences

_WEEKS = ("four", "eight", "twelve")
_HALF_A_DAY = 0.5


def steps(case: Case, schedule: Schedule, change: Step, fewest: int) -> list[Step]:
    """The steps behind the change, so that the plan has `fewest` in all."""
    made = [_second(case, schedule, schedule.checks[1])] if len(schedule.checks) > 1 else []
    missing = max(1 if case.figures is not None else 0, fewest - change.rank - len(made))
    for weeks in _WEEKS[:missing]:
        made.append(_again(case, schedule, change, weeks, change.rank + len(made) + 1))
    return made


def gate(case: Case, good: float, bad: float) -> Prediction:
    """The figure of the case, which has to reach `good`; at `bad` nothing was won."""
    figures = case.figures
    assert figures is not None
    unit, lower = wording.spoken(figures.unit), figures.lower
    return Prediction(
        measure=wording.clause(stand_ins.words(case)["figure"]),
        now=wording.amount(figures.now, figures.unit),
        if_true=Interval(low=None if lower else good, high=good if lower else None, unit=unit),
        if_false=Interval(low=bad if lower else None, high=None if lower else bad, unit=unit),
    )


def gone(before: Prediction, now: str) -> Prediction:
    """Without a figure of the case, the cause itself has to be gone."""
    return Prediction(
        measure=f"{before.measure}, where the change is in place",
        now=now,
        if_true=before.if_false,
        if_false=before.if_true,
    )


def _second(case: Case, schedule: Schedule, other: Hypothesis) -> Step:
    """The change for the cause that the second check may find."""
    rank, title = schedule.change + 1, wording.title(other.intervention)
    action = wording.sentence(wording.detail(other.intervention))
    figures = case.figures
    days = other.build.days
    if schedule.window is not None:
        days = min(days, schedule.change_days)
    if figures is None:
        prediction = gone(other.prediction, "what step 2 measured")
    else:
        prediction = gate(case, figures.halfway, figures.now)
        prediction = prediction.model_copy(update={"measure": f"{prediction.measure} where this is done"})
    return Step(
        rank=rank,
        title=title,
        action=f"{action} Only if step 2 finds its cause.",
        hypotheses=[other.id],
        prediction=prediction,
        decision=Decision(if_true="keep it", if_false="end it"),
        effort=Effort(who=other.build.who, days=days),
        effect=sentences(other.effect)[0],
        constraints=lines(case, Work(title, action, True, schedule.days_until(schedule.change))),
    )


def _again(case: Case, schedule: Schedule, change: Step, weeks: str, rank: int) -> Step:
    check, figures = schedule.checks[0], case.figures
    action = f"Repeat the measure of step {change.rank} {weeks} weeks on."
    prediction, effect = change.prediction, f"Tells whether it lasts {weeks} weeks."
    decision = Decision(
        if_true=f"keep the change for another {weeks} weeks",
        if_false=f"undo step {change.rank}, which has not held for {weeks} weeks",
    )
    if figures is not None:
        prediction = gate(case, figures.target, figures.halfway)
        short = wording.amount(abs(figures.halfway - figures.target), figures.gap_unit)
        decision = Decision(
            if_true="it holds, and you are there",
            if_false=f"{short} are still missing, and another cause holds them",
        )
    measure = prediction.measure.partition(" where the change")[0]
    return Step(
        rank=rank,
        title=f"Measure again after {weeks} weeks",
        action=action,
        hypotheses=[check.id],
        prediction=prediction.model_copy(update={"measure": f"{measure} {weeks} weeks on"}),
        decision=decision,
        effort=Effort(who=check.effort.who, days=min(_HALF_A_DAY, schedule.days(check))),
        effect=effect,
        constraints=lines(
            case,
            Work(f"Measure again after {weeks} weeks", action, False, schedule.days_until(schedule.change)),
        ),
    )
