"""The path: from today's value to the target in numbers, and the assumption that could break it."""

from debate.cards.units import TIMES
from debate.contributions import Hypothesis, Waypoint
from debate.models.offline import decisive, merging, stand_ins, wording
from debate.models.offline.case import Case
from debate.models.offline.schedule import Schedule
from debate.models.offline.time_allowed import working_days

# Some points above the bare minimum show how much room each point found by the check buys.
_ABOVE = 20
_SOON = 90
# So many cases are easily looked at by one person.
_SAMPLE = 40


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
    if by_sum := decisive.waypoints(case):
        return [must, *by_sum]
    if merging.binds(case, lead):
        return [must, _room(case, schedule)]
    return [must, _half(case, schedule), _rest(case, schedule)]


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


def _room(case: Case, schedule: Schedule) -> Waypoint:
    figures, share = case.figures, case.share
    assert figures is not None
    assert share is not None
    least = round(share)
    found = min(least + _ABOVE, round((least + 100) / 2))
    # Terms and result are rounded alike, so that the sum can be checked.
    places = 0 if figures.now >= 100 else 1 if figures.now >= 1 else 2
    held, gap = round(figures.now * found / 100, places), round(figures.gap, places)
    stays = "what takes its place may take" if figures.unit in TIMES else "so much of it may stay:"
    if_found = f"if step 1 finds {found} % ({wording.exact(held, figures.gap_unit)}), {stays}"
    return Waypoint(
        what=f"Room for step {schedule.change}",
        arithmetic=f"{if_found} {wording.exact(held, '')} − {wording.exact(gap, '')} = "
        f"{wording.exact(held - gap, figures.gap_unit)}",
        assumption=f"{found} % is assumed until step 1 has measured it; at {least} % no room is left",
    )


def _half(case: Case, schedule: Schedule) -> Waypoint:
    figures = case.figures
    assert figures is not None
    half = wording.exact(figures.gap / 2, "")
    now, halfway = wording.bare(figures.now, figures.unit), wording.exact(figures.halfway, figures.unit)
    sign = "−" if figures.lower else "+"
    return Waypoint(
        what="Half of the way",
        arithmetic=f"{now} {sign} {half} = {halfway}",
        assumption=f"that step {schedule.change} brings this much is an assumption until it has run",
    )


def _rest(case: Case, schedule: Schedule) -> Waypoint:
    """What the other causes have to bring, and how much each where several are checked."""
    figures = case.figures
    assert figures is not None
    rest, unit = figures.gap / 2, figures.gap_unit
    others = len(schedule.checks) - 1
    ends = sorted((figures.target, figures.halfway), reverse=True)
    sum_ = f"{wording.exact(ends[0], '')} − {wording.exact(ends[1], '')} = {wording.exact(rest, unit)}"
    if others < 2:
        return Waypoint(what="What is then still missing", arithmetic=sum_, assumption="")
    each = wording.amount(rest / others, unit)
    return Waypoint(
        what="What is then still missing",
        arithmetic=f"{sum_}, say {each} from each of the {wording.count(others)} other causes",
        assumption="",
    )
