"""Afterwards: what follows the change. It is carried over and held against the target; what brought nothing
is let go; and the measure is taken again.
"""

from debate.cards.facts import FactKind
from debate.contributions import Decision, Effort, Hypothesis, Interval, Prediction, Step
from debate.models.offline import outcomes, stand_ins, wording
from debate.models.offline.case import Case
from debate.models.offline.constraints import Work, lines
from debate.models.offline.schedule import Schedule

_IDLE = frozenset(("none", "worse", "back", "ended"))
_ORDINALS = ("first", "second", "third", "fourth", "fifth", "sixth", "seventh", "eighth", "ninth", "tenth")
_WEEKS = ("two", "four", "eight")


def steps(case: Case, schedule: Schedule, change: Step, fewest: int) -> list[Step]:
    """The steps behind the change, so that the plan has `fewest` in all."""
    made = [step for make in (_widen, _let_go) if (step := make(case, schedule, change)) is not None]
    for n, step in enumerate(made, 1):
        made[n - 1] = step.model_copy(update={"rank": change.rank + n})
    for weeks in _WEEKS[: max(0, fewest - change.rank - len(made))]:
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


def _widen(case: Case, schedule: Schedule, change: Step) -> Step | None:
    figures = case.figures
    if figures is None:
        return None
    lead, known = schedule.checks[0], stand_ins.words(case)
    short = wording.amount(abs(figures.halfway - figures.target), figures.gap_unit)
    named = known["cases"] != "cases"
    place = f"for all {known['cases']}" if named else "everywhere"
    over = f"over all {known['cases']}" if named else "everywhere"
    checks = len(schedule.checks)
    other = f"what step {checks} found has to bring the rest" if checks > 1 else "look for a second cause"
    action = f"Do {place} what step {change.rank} did for a part."
    return Step(
        rank=change.rank + 1,
        title="Carry it over",
        action=action,
        hypotheses=[lead.id],
        prediction=gate(case, figures.target, figures.halfway).model_copy(
            update={"measure": f"{wording.clause(known['figure'])} {over}"}
        ),
        decision=Decision(if_true="the matter is closed", if_false=other),
        effort=Effort(who=lead.build.who, days=schedule.change_days),
        effect=f"The other {short}.",
        constraints=lines(case, Work("Carry it over", action, True, schedule.days_until(change.rank))),
    )


def _let_go(case: Case, schedule: Schedule, change: Step) -> Step | None:
    """What moved nothing is let go, where the figure's start shows what its loss would look like."""
    figures, tried = case.figures, case.of(FactKind.TRIED)
    idle = [n for n, fact in enumerate(tried[: len(_ORDINALS)]) if outcomes.kind(fact) in _IDLE]
    if figures is None or not idle or figures.start is None or figures.start == figures.now:
        return None
    if (figures.start > figures.now) is not figures.lower:
        return None
    lead = schedule.checks[0]
    named = wording.listed(_ORDINALS[n] for n in idle)
    attempts, it = ("attempt", "it") if len(idle) == 1 else ("attempts", "any of them")
    action = f"Your {named} {attempts} won nothing that lasted; where {it} still runs, end it."
    return Step(
        rank=change.rank + 1,
        title="Let go of what won nothing",
        action=action,
        hypotheses=[lead.id],
        prediction=gate(case, figures.now, figures.start),
        decision=Decision(if_true="nothing is missed", if_false="bring it back"),
        effort=Effort(who="you", days=min(0.5, schedule.days(lead))),
        effect="Frees its time.",
        constraints=lines(case, Work("Let go", action, False, schedule.days_until(change.rank))),
    )


def _again(case: Case, schedule: Schedule, change: Step, weeks: str, rank: int) -> Step:
    check: Hypothesis = schedule.checks[0]
    action = f"Take the measure of step {change.rank} {weeks} weeks on, in the same way."
    return Step(
        rank=rank,
        title=f"Measure again after {weeks} weeks",
        action=action,
        hypotheses=[check.id],
        prediction=change.prediction.model_copy(
            update={
                "measure": f"{change.prediction.measure.partition(' where the change')[0]} {weeks} weeks on"
            }
        ),
        decision=Decision(
            if_true=f"keep the change for another {weeks} weeks",
            if_false=f"undo step {change.rank}, which has not held for {weeks} weeks",
        ),
        effort=Effort(who=check.effort.who, days=schedule.days(check)),
        effect=f"Shows whether the effect lasts {weeks} weeks.",
        constraints=lines(
            case,
            Work(f"Measure again after {weeks} weeks", action, False, schedule.days_until(schedule.change)),
        ),
    )
