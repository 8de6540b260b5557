"""Reckoned: the hypothesis that a decisive sum makes by itself, with its check, its change and its rival.

No lens is needed for it, and whoever holds the seat gets no credit for it: the figures of the case say it.
"""

from debate.cards.floors import Floor
from debate.cards.flows import Load, Pile, load
from debate.cards.stages import Share, Stages
from debate.cards.units import TIMES
from debate.contributions import Draft, Effort, Interval, Prediction
from debate.models.offline import attempts, decisive, sizes, stand_ins, wording
from debate.models.offline.case import Case

_CONFIDENCE = 68
# Half of what the sum says refutes it.
_REFUTED = 0.5
_MOSTLY, _NOT_MOSTLY = 80, 50
# So many of those who are stopped at one place get through the rest, in per cent.
_MANAGED, _NOT_MANAGED = 60, 25
_BOOKED_UP = 0.9


def draft(case: Case) -> Draft | None:
    """The sum's own hypothesis, or None where no sum decides."""
    found, reading = decisive.sum_of(case), decisive.reading(case)
    if found is None or reading is None or case.figures is None:
        return None
    if isinstance(found, Pile):
        slots = _pile(case, found)
    elif isinstance(found, Stages):
        slots = _stages(case, found)
    elif isinstance(found, Share):
        slots = _share(case, found)
    elif isinstance(found, Floor):
        slots = _floor(case, found)
    else:
        slots = _load(case, found)
    to_go = case.reading("pile_to_go") if isinstance(found, Pile) else None
    cites = [reading.id, *([to_go.id] if to_go else []), *reading.cites]
    measure, said = str(slots["measure"]), str(slots["now"])
    true = Interval(low=float(slots["true"]), high=None, unit="%")
    false = Interval(low=None, high=float(slots["false"]), unit="%")
    size = sizes.told(case, measure, true, false)
    days, build = float(slots["days"]), float(slots["build"])
    return Draft(
        claim=wording.sentence(str(slots["claim"])),
        mechanism=wording.sentence(str(slots["mechanism"])),
        cites=list(dict.fromkeys(cites)),
        against=wording.sentence(str(slots["against"])),
        prediction=Prediction(
            measure=measure,
            now=f"{said}; {size}" if size else said,
            if_true=true,
            if_false=false,
        ),
        test=wording.sentence(str(slots["test"])),
        effort=Effort(who=str(slots["who"]), days=days),
        intervention=wording.sentence(str(slots["change"])),
        build=Effort(who=str(slots["who"]), days=build),
        effect=wording.sentence(str(slots["effect"])),
        rival=wording.sentence(str(slots["rival"])),
        explains=attempts.reasons(case, str(slots["leaves"]), None, stand_ins.words(case)),
        confidence=_CONFIDENCE,
    )


_Slots = dict[str, str | float]


def _pile(case: Case, found: Pile) -> _Slots:
    known, noun = stand_ins.words(case), found.noun
    count, fits = wording.number(found.count), wording.number(found.fitting)
    to_go = case.reading("pile_to_go")
    return {
        "claim": f"most of {known['now']} is waiting in the pile of {count} open {noun}, and not work on any "
        "one of them",
        "mechanism": "whatever comes in joins the end of the pile, so quicker work on one leaves the wait "
        f"where it is as long as the pile stays as large{_no_time(case)}",
        "leaves": f"how many {noun} lie before the one that came today",
        "against": f"the sum is one of averages: if many of the {count} are {noun} that nobody can close, "
        "the others wait less than it says",
        "measure": f"share of {known['now']} in which {noun} lie untouched",
        "now": f"not known yet; the sum makes it nearly all of {known['now']}",
        "true": _MOSTLY,
        "false": _NOT_MOSTLY,
        "test": f"Follow forty through the pile: for forty {noun} closed last week write down the day each "
        "came, the day somebody first took it up and the day it was closed, and count the open ones by age",
        "who": f"whoever keeps the list of open {noun}",
        "days": 1,
        "change": f"Take the pile down once: within the hours there are, take up the quickest and the oldest "
        f"{noun} first until {fits} are open, and do so again whenever the count passes a mark above that",
        "build": 5,
        "effect": to_go.text if to_go is not None else known["gap"],
        "rival": f"the work on one takes that long by itself; then {noun} taken up at once need nearly "
        f"{known['now']} as well",
    }


def _no_time(case: Case) -> str:
    """Why a pile does not go by itself, where the case says how much time is booked."""
    booked = load(case.facts, case.figures) if case.reading("load") is not None else None
    if booked is None or booked.taken < _BOOKED_UP * booked.time:
        return ""
    taken, time = wording.number(booked.taken), wording.amount(booked.time, booked.unit)
    return f", and with {taken} of {time} booked nobody has the time to shrink it"


def _stages(case: Case, found: Stages) -> _Slots:
    figures, known, largest = case.figures, stand_ins.words(case), found.largest
    assert figures is not None
    share = largest.value / figures.now * 100
    held, left = (
        wording.amount(v, figures.unit) for v in (largest.value, figures.now - round(largest.value, 1))
    )
    often = f", gone through {wording.exact(largest.times, '')} times" if largest.times != 1 else ""
    once = "do it once instead of several times, " if largest.times != 1 else ""
    return {
        "claim": f"one stage holds {wording.amount(share, '%')} of {known['now']}: "
        f"“{wording.clause(largest.words)}”{often}",
        "mechanism": f"a total falls by what is taken from its parts, and without this one {left} are left; "
        "quicker work in the others cannot bring more than they hold",
        "leaves": f"the {held} of that one stage",
        "against": "the stages are averages of their own, and some may run side by side",
        "measure": "share of the largest stage in which nobody works on it",
        "now": f"not known yet; the stage holds {held}, {wording.amount(share, '%')} of {known['now']}",
        "true": _MOSTLY,
        "false": _NOT_MOSTLY,
        "test": f"Date every stage: for twenty closed {known['cases']} write down the day each stage began "
        "and ended, and in the largest how many days somebody worked and for what the others waited",
        "who": f"one person with the dates of closed {known['cases']}",
        "days": 1,
        "change": f"Cut the largest stage: {once}let nothing in it lie for a fixed day, a tray or a second "
        "person's round, and begin meanwhile what does not need it",
        "build": 4,
        "effect": f"without it {left} are left, as {held} go",
        "rival": "the stage is work and no waiting; then in most of its days somebody has a hand in it",
    }


def _share(case: Case, found: Share) -> _Slots:
    known = stand_ins.words(case)
    return {
        "claim": f"one place holds about the whole gap of {known['gap']}: “{wording.clause(found.words)}”",
        "mechanism": "what is asked there stops most of those who stop at all, and work on all other places "
        "reaches only the rest of them",
        "leaves": "what is asked at that one place",
        "against": "whoever gets past that place may give up at the next",
        "measure": "share of those stopped there who finish by themselves once it is taken off them",
        "now": f"not known yet; the place holds {wording.number(found.points)} of {known['gap']}",
        "true": _MANAGED,
        "false": _NOT_MANAGED,
        "test": "Stand at that place: take what is asked there off thirty who are about to give up, write "
        "down what each of them lacked, and count who then finishes alone",
        "who": "two people who help out there",
        "days": 1,
        "change": "Open a second way past that place: let what is asked there be given by other means, later "
        "or by somebody else, and leave all other places as they are",
        "build": 4,
        "effect": f"at most the {wording.number(found.points)} points that it holds, of {known['gap']}",
        "rival": "they would give up anyway; then more of them stop at the next place",
    }


def _floor(case: Case, found: Floor) -> _Slots:
    figures, known = case.figures, stand_ins.words(case)
    assert figures is not None
    most, by = wording.number(found.most), wording.spoken(f"{found.noun}/{found.period}")
    raised, least, hits = (wording.number(v) for v in (found.raised, found.least, found.hits))
    share = round(found.least / found.hits * 100)
    target = known["target"]
    return {
        "claim": f"{known['figure']} is set by how many are raised: {raised} {by}, where {target} with "
        f"{least} {found.kept} kept allows {most}",
        "mechanism": f"whatever sorts {raised} a little better leaves {raised}, and the {hits} hits in them "
        f"stay {known['now']}; only fewer of them can be {target}",
        "leaves": f"how many are raised: {raised} {by}",
        "against": f"the {hits} may be spread evenly over the {raised}, and then no rank tells them apart",
        "measure": f"share of the {hits} hits that stand among the {most} ranked highest",
        "now": f"not known yet; {least} of {hits} are {share} %",
        "true": share,
        "false": round(share * _REFUTED),
        "test": f"Rank four past weeks: sort the {found.noun} of each week by score, and count the hits "
        f"among the {most} highest",
        "who": "one analyst with the records",
        "days": 1,
        "change": f"Set the number in place of the mark: for a tenth of the cases raise only the highest in "
        f"rank, in all what comes to {most} {by}; of the others draw fifty each week at random "
        "and look for hits",
        "build": 3,
        "effect": f"at {most} {by} {least} hits are {target}; the draw shows what slips through",
        "rival": "the rank cannot tell them apart; then a second sign beside the score is needed first",
    }


def _load(case: Case, found: Load) -> _Slots:
    known, job = stand_ins.words(case), max(found.jobs, key=lambda job: job.taken(found.unit))
    held = case.fact(job.cites[1])
    booked, free = wording.amount(found.share, "%"), wording.amount(found.time - found.taken, found.unit)
    taken, time = wording.number(found.taken), wording.amount(found.time, found.unit)
    must = round(case.share) if case.share is not None else _NOT_MOSTLY
    if found.single and held is not None:
        named = (
            f"“{wording.capital(held.text.rstrip('.'))}”: that one place is booked for {booked} of its time"
        )
    else:
        named = f"{booked} of the time there is for the work is booked: {taken} of {time}"
    timed = case.figures is not None and case.figures.unit in TIMES
    stood = "between being ready for it and getting it" if timed else "that stood in the line before it"
    return {
        "claim": f"{named}, and the line before it accounts for most {known[stand_ins.OF_NOW]}",
        "mechanism": f"with {taken} of {time} booked each burst makes a line that only the {free} left can "
        "clear, so whatever is made quicker before it only brings them to the line sooner",
        "leaves": f"how full that is: {taken} of {time}",
        "against": "booked time alone makes no line where all come evenly spaced",
        "measure": f"share {known[stand_ins.OF_NOW]} {stood}",
        "now": f"not known yet; its time is booked for {booked}",
        "true": must,
        "false": round(must / 2),
        "test": f"Time the line before it: for forty {job.noun} write down when each was ready "
        "for it, when it got it and when it left it",
        "who": "one person with its log",
        "days": 0.5,
        "change": "Keep it for what only it can do: prepare and clear up outside of it, let several pass it "
        "as one where one passage serves them all, and turn away what is not ready",
        "build": 4,
        "effect": f"what is taken off the {taken} of {time} adds to the {free} that are free",
        "rival": "the time passes elsewhere; then most get it as soon as they are ready for it",
    }
