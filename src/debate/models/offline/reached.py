"""Reached: the way to the target by the sum that decides, in numbers a reader can check."""

import re
from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Any

from debate.cards.counts import Census, InStep, Once
from debate.cards.facts import FactKind
from debate.cards.figures import Figures
from debate.cards.floors import Floor
from debate.cards.flows import Job, Load, Pile, load
from debate.cards.lines import Line, line
from debate.cards.rounds import Rest, Rounds
from debate.cards.stages import Share, Stages
from debate.cards.units import convert
from debate.contributions import Waypoint
from debate.models.offline import decisive, wording
from debate.models.offline.case import Case

_DAYS_IN_WEEK = 5
_SHARE_OF = re.compile(r"(?P<share>\d{1,2}) ?% of (?:the |all )?(?P<noun>[^\W\d_]+) [^;,.(]+")


def waypoints(case: Case) -> list[Waypoint]:
    """The way to the target by the sum; empty without one."""
    found = decisive.sum_of(case)
    if case.figures is None or found is None:
        return []
    return _WAYS[type(found)](case, case.figures, found)


def _without_stage(case: Case, figures: Figures, found: Stages) -> list[Waypoint]:
    largest = found.largest
    if largest.times > 1:
        return _once_over(case, figures, found)
    now, unit, held = figures.now, figures.unit, round(largest.value, 1)
    left, half = now - held, round(held / 2, 1)
    bare, exact = wording.exact(now, ""), wording.exact(held, "")
    with_half = f"{bare} − {wording.exact(half, '')} = {wording.exact(round(now - half, 1), unit)}"
    return [
        Waypoint(
            what="Without the largest stage",
            arithmetic=f"{bare} − {exact} = {wording.exact(round(left, 1), unit)}, "
            f"with half of it {with_half}",
            assumption=_short_of(figures, left, "the other stages have to give"),
        )
    ]


def _once_over(case: Case, figures: Figures, found: Stages) -> list[Waypoint]:
    """A stage that is gone through several times: once, and begun while the one before it still waits."""
    largest, unit = found.largest, figures.unit
    more = round(largest.times - 1, 2)
    left = round(figures.now - more * largest.each, 1)
    points = [
        Waypoint(
            what="Gone through once",
            arithmetic=f"{wording.exact(figures.now, '')} − {wording.exact(more, '')} × "
            f"{wording.exact(largest.each, '')} = {wording.exact(left, unit)}",
            assumption="",
        )
    ]
    place = found.parts.index(largest)
    if place:
        earlier = round(found.parts[place - 1].value, 1)
        rest = round(left - earlier, 1)
        points.append(
            Waypoint(
                what="Begun on the first day, while the stage before it still waits",
                arithmetic=f"{wording.exact(left, '')} − {wording.exact(earlier, '')} = "
                f"{wording.exact(rest, unit)}",
                assumption=_short_of(figures, rest, "the other stages have to give"),
            )
        )
    return points


def _short_of(figures: Figures, left: float, giving: str) -> str:
    """What is missing at `left`, and who gives it."""
    if figures.reached(left):
        return "that it can go so far is an assumption until step 1 has measured what happens in it"
    short = wording.exact(round(abs(left - figures.target), 1), figures.gap_unit)
    return f"even then {giving} {short}"


def _smaller_pile(case: Case, figures: Figures, found: Pile) -> list[Waypoint]:
    target = wording.amount(figures.target, figures.unit)
    go = found.count - found.fitting
    count, fits, less = (wording.number(each) for each in (found.count, found.fitting, go))
    points = [
        Waypoint(
            what=f"The pile that goes with {target}",
            arithmetic=f"{fits} {found.noun}; {count} − {fits} = {less} have to go",
            assumption="",
        )
    ]
    if figures.deadline is not None and found.period == "week" and figures.deadline >= _DAYS_IN_WEEK:
        weeks = round(figures.deadline / _DAYS_IN_WEEK)
        more = wording.number(go / weeks)
        points.append(
            Waypoint(
                what=f"Spread over the {weeks} weeks",
                arithmetic=f"{less} / {weeks} = {more} {found.noun} a week beyond those that come in, "
                f"beside {wording.number(found.rate)} closed a week today",
                assumption="that no more come in than today is an assumption",
            )
        )
        points += _hours(case, found, round(go / weeks))
    return points


def _hours(case: Case, found: Pile, more: float) -> list[Waypoint]:
    """The time it takes to close so many more a period, beside what is free of the time there is."""
    booked = load(case.facts, case.figures) if case.reading("load") is not None else None
    job = next((job for job in booked.jobs if job.noun == found.noun), None) if booked else None
    if booked is None or job is None or booked.taken >= booked.time:
        return []
    needed = more / job.rate * job.taken(booked.unit)
    free, unit = booked.time - booked.taken, booked.unit
    sum_ = (
        f"{wording.number(more)} × {wording.amount(job.each.value, job.each.unit)} = "
        f"{wording.amount(needed, unit)} a {booked.period}; free are {wording.number(booked.time)} − "
        f"{wording.number(booked.taken)} = {wording.amount(free, unit)}"
    )
    others = [other for other in booked.jobs if other is not job]
    short = needed - free
    if short <= 0 or not others:
        return [Waypoint(what="Time for that", arithmetic=sum_, assumption="")]
    largest = max(others, key=lambda other: other.taken(unit))
    taken = wording.amount(largest.taken(unit), unit)
    from_ = (
        f"from shorter work on each{_part(case, job, unit)} or from the {largest.noun}, which take {taken}"
    )
    return [
        Waypoint(
            what="Time for that",
            arithmetic=sum_,
            assumption=f"the other {wording.amount(short, unit)} have to come {from_}",
        )
    ]


def _part(case: Case, job: Job, unit: str) -> str:
    """What a share of the job's things takes, where the case states one: a place to begin."""
    for fact in case.of(FactKind.CONTEXT):
        for match in _SHARE_OF.finditer(fact.text):
            if match["noun"] == job.noun:
                part = job.rate * float(match["share"]) / 100
                hours = convert(part * job.each.value, job.each.unit, unit) or 0.0
                each = wording.amount(job.each.value, job.each.unit)
                told = f"{wording.number(part)} × {each} = {wording.amount(hours, unit)}"
                return f" (“{match[0].strip()}”: {told})"
    return ""


def _past_the_place(case: Case, figures: Figures, found: Share) -> list[Waypoint]:
    sign, way = ("−", -1) if figures.lower else ("+", 1)
    points = round(found.points)
    all_, half = figures.now + way * points, figures.now + way * points / 2
    now = wording.exact(figures.now, "")
    return [
        Waypoint(
            what="Past that one place",
            arithmetic=f"{now} {sign} {points} = {wording.exact(all_, '%')}, with half of them "
            f"{now} {sign} {wording.exact(points / 2, '')} = {wording.exact(half, '%')}",
            assumption="that whoever gets past it gets through the rest is an assumption until it has run",
        )
    ]


def _fewer_raised(case: Case, figures: Figures, found: Floor) -> list[Waypoint]:
    most, less = wording.number(found.most), wording.number(found.raised - found.most)
    raised, by = wording.number(found.raised), wording.spoken(f"{found.noun}/{found.period}")
    rate = wording.exact(figures.target / 100, "")
    half = found.least / figures.halfway * 100
    return [
        Waypoint(
            what=f"The most that may be raised at {wording.amount(figures.target, '%')}",
            arithmetic=f"{wording.number(found.least)} / {rate} = {most} {by}; {raised} − {most} = {less} "
            f"have to go; at {wording.amount(figures.halfway, '%')} {wording.number(half)} are left",
            assumption=f"that {wording.number(found.least)} of the {wording.number(found.hits)} stand among "
            "them is what step 1 has to show",
        )
    ]


def _freed(case: Case, figures: Figures, found: Load) -> list[Waypoint]:
    if (queue := line(found, figures)) is not None:
        return _shorter_line(figures, found, queue)
    free, tenth = found.time - found.taken, found.taken / 10
    less = (found.taken - tenth) / found.time * 100
    taken, time = wording.number(found.taken), wording.number(found.time)
    return [
        Waypoint(
            what="Room where all of them pass",
            arithmetic=f"{time} − {taken} = {wording.amount(free, found.unit)} are free now; a tenth of the "
            f"load less frees {wording.amount(tenth, found.unit)} more, and "
            f"{wording.amount(less, '%')} stay booked",
            assumption="that the line shrinks faster than the load is what its measure has to show",
        )
    ]


def _shorter_line(figures: Figures, found: Load, queue: Line) -> list[Waypoint]:
    unit, job = figures.unit, found.jobs[0]
    wait, rest, hold = (wording.number(round(v)) for v in (queue.wait, queue.rest, queue.hold))
    shorter, then = wording.exact(queue.shorter, ""), wording.number(round(queue.shorter_wait))
    taken, free = wording.number(found.taken), wording.number(found.time - found.taken)
    booked = wording.number(found.taken * queue.shorter / queue.hold)
    rate, time = wording.number(job.rate), wording.number(found.time)
    all_ = wording.amount(round(queue.rest) + queue.shorter + round(queue.shorter_wait), unit)
    return [
        Waypoint(
            what="By the rule for a line where all come at random, booked / (2 × free) × hold, the wait is",
            arithmetic=f"{taken} / (2 × {free}) × {hold} = {wait} {unit}, and the rest "
            f"{wording.number(figures.now)} − {hold} − {wait} = {rest}",
            assumption="",
        ),
        Waypoint(
            what=f"At {shorter} {unit} each",
            arithmetic=f"{rate} × {shorter} = {booked} of {time}, the wait falls to {then}, and "
            f"{rest} + {shorter} + {then} = {all_}",
            assumption="that they come at random is what step 1 shows",
        ),
    ]


def _fewer_rounds(case: Case, figures: Figures, found: Rounds) -> list[Waypoint]:
    time, one = round(found.time, 1), round(found.one, 1)
    left = round(figures.now - time + one, 1)
    return [
        Waypoint(
            what=f"One of the {found.noun} in place of {wording.count(round(found.each))}",
            arithmetic=f"{wording.exact(figures.now, '')} − {wording.exact(time, '')} + "
            f"{wording.exact(one, '')} = {wording.exact(left, figures.unit)}",
            assumption=_short_of(figures, left, "what lies before and after has to give"),
        )
    ]


def _fewer_hands(case: Case, figures: Figures, found: Rest) -> list[Waypoint]:
    each = round(found.each, 1)
    left = round(found.stated + 2 * each, 1)
    return [
        Waypoint(
            what="With two of them left",
            arithmetic=f"{wording.exact(found.stated, '')} + 2 × {wording.exact(each, '')} = "
            f"{wording.exact(left, figures.unit)}",
            assumption=_short_of(figures, left, "shorter waits have to give"),
        )
    ]


def _fewer_in_sight(case: Case, figures: Figures, found: InStep) -> list[Waypoint]:
    fits = round(figures.target / found.each)
    away = wording.number(found.count - fits)
    return [
        Waypoint(
            what=f"The {found.noun} in sight that go with {wording.amount(figures.target, figures.unit)}",
            arithmetic=f"{wording.number(figures.target)} / {wording.amount(found.each, '')} = {fits}; "
            f"{wording.number(found.count)} − {fits} = {away} go out of sight",
            assumption="that those out of sight cost nothing is what step 3 has to show",
        )
    ]


def _as_it_was(case: Case, figures: Figures, found: Once) -> list[Waypoint]:
    larger, smaller = max(found.value, figures.now), min(found.value, figures.now)
    back = wording.exact(larger - smaller, figures.gap_unit)
    gap = wording.exact(figures.gap, figures.gap_unit)
    return [
        Waypoint(
            what=f"The way back to {wording.amount(found.value, figures.unit)}",
            arithmetic=f"{wording.exact(larger, '')} − {wording.exact(smaller, '')} = {back}, and {gap} are "
            "asked for",
            assumption="that it can be gone back is what step 3 has to show in one part",
        )
    ]


def _idle_to_hand(case: Case, figures: Figures, found: Census) -> list[Waypoint]:
    half = wording.number(found.idle / 2)
    return [
        Waypoint(
            what="Half of the idle ones to hand",
            arithmetic=f"{wording.number(found.idle)} / 2 = {half} {found.noun}",
            assumption="that these end the wait is what step 3 has to show: no figure says how many it takes",
        )
    ]


_Way = Callable[[Case, Figures, Any], list[Waypoint]]
_WAYS: Mapping[type, _Way] = MappingProxyType(
    {
        Stages: _without_stage,
        Pile: _smaller_pile,
        Share: _past_the_place,
        Floor: _fewer_raised,
        Load: _freed,
        Rounds: _fewer_rounds,
        Rest: _fewer_hands,
        InStep: _fewer_in_sight,
        Once: _as_it_was,
        Census: _idle_to_hand,
    }
)
