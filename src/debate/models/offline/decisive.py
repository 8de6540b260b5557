"""Decisive: the sum among the facts that says where today's value is made, and what follows from it.

A pile, stages, a share of a share or a load (`debate.cards.flows`, `debate.cards.stages`) say more than any
lens can guess: hypotheses that agree with the sum come first, those that it contradicts last, and the way to
the target is taken from it.
"""

import re
from collections.abc import Sequence

from debate.cards.facts import Reading
from debate.cards.floors import Floor, floor
from debate.cards.flows import Load, Pile, load, pile
from debate.cards.stages import Share, Stages, share, stages
from debate.contributions import Draft, Waypoint
from debate.models.offline import wording
from debate.models.offline.case import Case
from debate.words import stems

#: The readings that decide, the most telling first.
KEYS = ("stages", "pile", "share_of_share", "floor", "load")
#: Signals of a lens that looks for what the sum shows: its seat states the sum's own hypothesis.
_LOOKS_FOR = {
    "stages": frozenset(("handover",)),
    "pile": frozenset(("inflow above outflow", "waiting")),
    "share_of_share": frozenset(("newcomers",)),
    "floor": frozenset(("false alarms", "rare")),
    "load": frozenset(("waiting",)),
}
_KIND = {
    "stages": stems("wait handover reply round trip chain step stage begin start missing idle"),
    "pile": stems("pile heap stock queue backlog wait lies leftover inflow outflow drain arrears"),
    "share_of_share": stems("place moment point screen page entry"),
    "floor": stems("rare false innocent alarm alert flag threshold"),
    "load": stems("queue line busy booked fullest serial waits"),
}
# What every case speaks of tells nothing.
_USUAL = stems("average time day hour minute week month year share change work system hold takes number case")
#: What today's facts that add up leave no room for: an old value, a wrong count, a hidden part.
_DENIES = re.compile(
    r"\b(?:last year|begun before|began before|of before|latest change|warm-up|counted twice|"
    r"not measured alike|hardly any real case|reported value|on record|nobody counts)\b",
    re.IGNORECASE,
)
_QUOTE = re.compile(r" \(“([^”]*)”\)")
_ENOUGH, _CONTRADICTED = 3, -4
_DAYS_IN_WEEK = 5


def reading(case: Case) -> Reading | None:
    """The sum that decides, or None."""
    return next((found for key in KEYS if (found := case.reading(key)) is not None), None)


def told(case: Case, beside: str) -> str:
    """The sum as a sentence, "" without one; its quote of the case is left out where `beside` has it."""
    found = reading(case)
    if found is None:
        return ""
    quote = _QUOTE.search(found.text)
    twice = quote is not None and quote[1].casefold() in beside.casefold()
    return wording.sentence(_QUOTE.sub("", found.text) if twice else found.text)


def sum_of(case: Case) -> Pile | Stages | Share | Floor | Load | None:
    """The sum itself, or None."""
    found = reading(case)
    if found is None:
        return None
    if found.key == "stages":
        return stages(case.facts, case.figures)
    if found.key == "pile":
        return pile(case.facts, case.figures)
    if found.key == "load":
        return load(case.facts, case.figures)
    if found.key == "floor":
        return floor(case.facts, case.figures)
    return share(case.facts, case.figures)


def looks_for(case: Case, signals: Sequence[str]) -> bool:
    """True for a lens with these signals that would look for what the sum shows."""
    found = reading(case)
    return found is not None and not _LOOKS_FOR[found.key].isdisjoint(signals)


def states(case: Case, hypothesis: Draft) -> bool:
    """True for the sum's own hypothesis."""
    found = reading(case)
    return found is not None and found.id in hypothesis.cites


def agreement(case: Case, hypothesis: Draft) -> int:
    """How well a hypothesis agrees with the sum, 0 to 3; -4 when the sum contradicts it."""
    found = reading(case)
    if found is None:
        return 0
    # What the mechanism quotes of the case would agree with any sum.
    said = f"{hypothesis.claim} {hypothesis.prediction.measure}"
    if _DENIES.search(said):
        return _CONTRADICTED
    first = case.fact(found.cites[0])
    told = stems(first.text) - stems(f"{case.title} {case.question}") if first is not None else frozenset()
    return min(_ENOUGH, len(stems(said) & ((_KIND[found.key] | told) - _USUAL)))


def waypoints(case: Case) -> list[Waypoint]:
    """The way to the target by the sum; empty without one."""
    figures, found = case.figures, sum_of(case)
    if figures is None or found is None:
        return []
    if isinstance(found, Stages):
        return _without_stage(case, found)
    if isinstance(found, Pile):
        return _smaller_pile(case, found)
    if isinstance(found, Share):
        return _past_the_place(case, found)
    if isinstance(found, Floor):
        return _fewer_raised(case, found)
    return _freed(found)


def _without_stage(case: Case, found: Stages) -> list[Waypoint]:
    figures = case.figures
    assert figures is not None
    now, unit, held = figures.now, figures.unit, round(found.largest.value, 1)
    left, half = now - held, round(held / 2, 1)
    bare, exact = wording.exact(now, ""), wording.exact(held, "")
    with_half = f"{bare} − {wording.exact(half, '')} = {wording.exact(round(now - half, 1), unit)}"
    return [
        Waypoint(
            what="Without the largest stage",
            arithmetic=f"{bare} − {exact} = {wording.exact(round(left, 1), unit)}, "
            f"with half of it {with_half}",
            assumption=_short_of(case, left, "the other stages have to give"),
        )
    ]


def _short_of(case: Case, left: float, giving: str) -> str:
    """What is missing at `left`, and who gives it."""
    figures = case.figures
    assert figures is not None
    if figures.reached(left):
        return "that it can go so far is an assumption until step 1 has measured what happens in it"
    short = wording.exact(round(abs(left - figures.target), 1), figures.gap_unit)
    return f"even if all of it could go, {giving} {short}"


def _smaller_pile(case: Case, found: Pile) -> list[Waypoint]:
    figures = case.figures
    assert figures is not None
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
    from_ = f"from shorter work on each or from the {largest.noun}, which take {taken}"
    return [
        Waypoint(
            what="Time for that",
            arithmetic=sum_,
            assumption=f"the other {wording.amount(short, unit)} have to come {from_}",
        )
    ]


def _past_the_place(case: Case, found: Share) -> list[Waypoint]:
    figures = case.figures
    assert figures is not None
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


def _fewer_raised(case: Case, found: Floor) -> list[Waypoint]:
    figures = case.figures
    assert figures is not None
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


def _freed(found: Load) -> list[Waypoint]:
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
