"""The path: from today's value to the target in numbers, and the assumption that could break it."""

from debate.cards.facts import FactKind
from debate.contributions import Hypothesis, Waypoint
from debate.models.offline import decisive, merging, reached, stand_ins, wording
from debate.models.offline.case import Case
from debate.models.offline.schedule import Schedule
from debate.models.offline.time_allowed import working_days

_SOON = 90
# So many cases are easily looked at by one person.
_SAMPLE = 40
# A share and the count it is told of agree to so many points.
_SLACK = 0.05


def waypoints(case: Case, lead: Hypothesis, schedule: Schedule) -> list[Waypoint]:
    """What has to go or come, then what the change must leave or bring."""
    figures = case.figures
    if figures is None:
        return [_first_figure(case, lead)]
    larger, smaller = max(figures.now, figures.target), min(figures.now, figures.target)
    now, gap = wording.amount(figures.now, figures.unit), wording.amount(figures.gap, figures.gap_unit)
    must = Waypoint(
        what="What has to go" if figures.lower else "What has to come",
        arithmetic=f"{wording.bare(larger, figures.unit)} − {wording.bare(smaller, figures.unit)} = {gap}, "
        f"{wording.amount(figures.gap_share, '%')} of {now}",
        assumption="",
    )
    if decisive.states(case, lead) and (by_sum := reached.waypoints(case)):
        return [must, *by_sum]
    if merging.binds(case, lead):
        return [must, _must_hold(case)]
    return [must, _half(case, schedule)]


def _first_figure(case: Case, lead: Hypothesis) -> Waypoint:
    """Without a figure the first result is one: what it means among so many cases."""
    prediction, known = lead.prediction, stand_ins.words(case)
    good, bad = prediction.if_true, prediction.if_false
    low, high = good.low, bad.high
    told = f"step 1 gives the first one, the {wording.clause(prediction.measure)}"
    if good.unit == "%" and low is not None and high is not None:
        most, least = (wording.number(_SAMPLE * share / 100) for share in (low, high))
        told += f"; among {_SAMPLE} {known['cases']} that is {most} or more against {least} or fewer"
    return Waypoint(
        what="No figure has a target yet",
        arithmetic=told,
        assumption="what would be good enough is for you to settle before step 2",
    )


def of_time(case: Case, schedule: Schedule) -> str:
    """ " of 10, side by side", to stand behind the working days that are spent."""
    days = working_days(case)
    if days is not None and days > _SOON:
        days = None  # "6.5 days of 378" tells nothing
    together = ", side by side" if schedule.window is not None else ""
    return (f" of {wording.number(days)}" if days else "") + together


def _must_hold(case: Case) -> Waypoint:
    figures, known = case.figures, stand_ins.words(case)
    assert figures is not None
    now, gap = wording.amount(figures.now, figures.unit), wording.amount(figures.gap, figures.gap_unit)
    return Waypoint(
        what="What the first step has to find",
        arithmetic=f"{known['gap share']} of {now}, which is {gap}; with less a second cause is needed",
        assumption="no sum of yours says how large it is",
    )


def _half(case: Case, schedule: Schedule) -> Waypoint:
    figures = case.figures
    assert figures is not None
    half = wording.exact(figures.gap / 2, "")
    now, halfway = wording.bare(figures.now, figures.unit), wording.exact(figures.halfway, figures.unit)
    sign = "−" if figures.lower else "+"
    target = wording.amount(figures.target, figures.unit)
    counted = _counted(case)
    return Waypoint(
        what=f"Half of the way is the gate of step {schedule.change}",
        arithmetic=f"{now} {sign} {half} = {halfway}" + (f"; {counted}" if counted else ""),
        assumption=f"no sum of yours leads to {target} yet",
    )


def _counted(case: Case) -> str:
    """The figure as a count, where the case states the whole and a part that is today's share of it."""
    figures = case.figures
    if figures is None or figures.unit != "%":
        return ""
    for fact in case.of(FactKind.CONTEXT):
        values = [
            q.value for q in fact.quantities if q.unit not in ("%", "percentage points") and q.value > 0
        ]
        for whole in values:
            for part in values:
                if part < whole and abs(part / whole * 100 - figures.now) <= _SLACK:
                    wanted = whole * figures.target / 100
                    goes = "fewer" if figures.lower else "more"
                    return (
                        f"of {wording.number(whole)} the target is {wording.number(wanted)}, today "
                        f"{wording.number(part)}: {wording.number(abs(wanted - part))} {goes}"
                    )
    return ""
