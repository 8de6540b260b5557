"""The path: from today's value to the target in numbers, and the assumption that could break it."""

from debate.contributions import Hypothesis, Waypoint
from debate.models.offline import merging, wording
from debate.models.offline.case import Case
from debate.models.offline.schedule import Schedule
from debate.models.offline.time_allowed import working_days

# Some points above the bare minimum show how much room each point found by the check buys.
_ABOVE = 20
_SOON = 90


def waypoints(case: Case, lead: Hypothesis, schedule: Schedule) -> list[Waypoint]:
    """What has to go or come, then what the change must leave or bring."""
    figures = case.figures
    if figures is None:
        measure = wording.clause(lead.prediction.measure)
        return [
            Waypoint(
                what="No figure has a target yet",
                arithmetic=f"step 1 gives the first one, the {measure}",
                assumption="what would be good enough is for you to settle before step 2",
            )
        ]
    larger, smaller = max(figures.now, figures.target), min(figures.now, figures.target)
    now, gap = wording.amount(figures.now, figures.unit), wording.amount(figures.gap, figures.gap_unit)
    must = Waypoint(
        what="What has to go" if figures.lower else "What has to come",
        arithmetic=f"{wording.bare(larger, figures.unit)} − {wording.bare(smaller, figures.unit)} = {gap}, "
        f"{wording.amount(figures.gap_share, '%')} of {now}",
        assumption="",
    )
    return [must, _room(case, schedule) if merging.binds(case, lead) else _half(case, schedule)]


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
    if_found = (
        f"if step 1 finds {found} % ({wording.exact(held, figures.unit)}), what takes its place may cost"
    )
    return Waypoint(
        what=f"Room for step {schedule.change}",
        arithmetic=f"{if_found} {wording.exact(held, '')} − {wording.exact(gap, '')} = "
        f"{wording.exact(held - gap, figures.unit)}",
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
        assumption=f"that step {schedule.change} brings this much is an assumption until it has run; what is "
        "still missing then has to come from the next cause that passed its check",
    )
