"""Reckoned times: what a sum of times says by itself: a pile, stages, a load, rounds, what is left over."""

from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Any

from debate.cards.figures import Figures
from debate.cards.flows import Load, Pile, load
from debate.cards.lines import line
from debate.cards.rounds import Rest, Rounds
from debate.cards.stages import Stages
from debate.cards.units import TIMES
from debate.models.offline import stand_ins, wording
from debate.models.offline.case import Case

#: The slots of a hypothesis by name: words, and figures in per cent or days.
Slots = dict[str, str | float]
Reckoned = Callable[[Case, Figures, Any], Slots]
_MOSTLY, _NOT_MOSTLY = 80, 50
_SPARED = (60, 25)
_BOOKED_UP = 0.9


def _pile(case: Case, figures: Figures, found: Pile) -> Slots:
    known, noun = stand_ins.words(case), found.noun
    count, fits = wording.number(found.count), wording.number(found.fitting)
    to_go = case.reading("pile_to_go")
    go = round((found.count - found.fitting) / found.count * 100)
    return {
        "claim": f"most of {known['now']} is waiting in the pile of {count} open {noun}, and not work on any "
        "one of them",
        "mechanism": "whatever comes in joins the end of the pile, so quicker work on one leaves the wait "
        f"where it is as long as the pile stays as large{_no_time(case)}",
        "leaves": f"how many {noun} lie before the one that came today",
        "against": f"the sum is one of averages: if many of the {count} are {noun} that nobody can close, "
        "the others wait less than it says",
        "measure": f"share of the open {noun} that lack nothing but somebody's time",
        "now": f"not known yet; {wording.number(found.count - found.fitting)} of {count} have to go",
        "true": go,
        "false": round(go / 2),
        "test": f"Draw two hundred of the open {noun}: lay them out by age and write on each what it lacks "
        "to be "
        "closed: somebody's time, a word from outside, or a decision",
        "who": f"whoever keeps the list of open {noun}",
        "days": 1,
        "change": f"Close what lacks only time: close at once what lacks nothing but time, the quickest "
        "and the "
        f"oldest {noun} first, within the hours there are and in a set hour a day until {fits} are open, "
        "and do so again whenever the count passes a mark above that",
        "build": 5,
        "effect": to_go.text if to_go is not None else known["gap"],
        "rival": "most wait for something from outside; then time alone closes few of them",
    }


def _no_time(case: Case) -> str:
    """Why a pile does not go by itself, where the case says how much time is booked."""
    booked = load(case.facts, case.figures) if case.reading("load") is not None else None
    if booked is None or booked.taken < _BOOKED_UP * booked.time:
        return ""
    taken, time = wording.number(booked.taken), wording.amount(booked.time, booked.unit)
    return f", and with {taken} of {time} booked nobody has the time to shrink it"


def _stages(case: Case, figures: Figures, found: Stages) -> Slots:
    known, largest = stand_ins.words(case), found.largest
    share = largest.value / figures.now * 100
    held, left = (
        wording.amount(v, figures.unit) for v in (largest.value, figures.now - round(largest.value, 1))
    )
    often = f", gone through {wording.exact(largest.times, '')} times" if largest.times != 1 else ""
    if largest.times > 1:
        measure, good, bad = "share of the further rounds that the first could have spared", *_SPARED
        test = (
            f"Lay twenty closed {known['cases']} side by side: write down what each further round was about, "
            "whether the first could have asked or done it, and the day each began and ended"
        )
        rival = "what is asked later could not be known before; then each further round has news in it"
    else:
        measure, good, bad = "share of the largest stage in which nobody works on it", _MOSTLY, _NOT_MOSTLY
        test = (
            f"Date every stage: for twenty closed {known['cases']} write down the day each stage began and "
            "ended, and in the largest how many days somebody worked and for what the others waited"
        )
        rival = "the stage is work and no waiting; then in most of its days somebody has a hand in it"
    return {
        "claim": f"one stage holds {wording.amount(share, '%')} of {known['now']}: "
        f"“{wording.clause(largest.words)}”{often}",
        "mechanism": f"a total falls by what is taken from its parts, and without this one {left} are left; "
        "quicker work in the others cannot bring more than they hold",
        "leaves": f"the {held} of that one stage",
        "against": "the stages are averages of their own, and some may run side by side",
        "measure": measure,
        "now": f"not known yet; the stage holds {held}, {wording.amount(share, '%')} of {known['now']}",
        "true": good,
        "false": bad,
        "test": test,
        "who": f"one person with the dates of closed {known['cases']}",
        "days": 1,
        "change": _through_once(known["cases"]) if largest.times > 1 else _CUT,
        "build": 4,
        "effect": f"each further round takes {wording.exact(largest.each, figures.unit)} with it"
        if largest.times > 1
        else f"without it {left} are left, as {held} go",
        "rival": rival,
    }


_CUT = (
    "Cut the largest stage: let nothing in it lie for a fixed day, a tray or a second person's round, and "
    "begin "
    "meanwhile what does not need it"
)


def _through_once(cases: str) -> str:
    return (
        f"Go through it once: list from step 1 what each further round was about, put all of it into the "
        "first, "
        f"and begin that on the day one of the {cases} comes in instead of after the stage before it; let "
        "nothing "
        "lie for a fixed day or a tray"
    )


def _load(case: Case, figures: Figures, found: Load) -> Slots:
    known, job = stand_ins.words(case), max(found.jobs, key=lambda job: job.taken(found.unit))
    held = case.fact(job.cites[1])
    booked, free = wording.amount(found.share, "%"), wording.amount(found.time - found.taken, found.unit)
    taken, time = wording.number(found.taken), wording.amount(found.time, found.unit)
    must = _must(case)
    if found.single and held is not None:
        named = (
            f"“{wording.capital(held.text.rstrip('.'))}”: that one place is booked for {booked} of its time"
        )
    else:
        named = f"{booked} of the time there is for the work is booked: {taken} of {time}"
    timed = figures.unit in TIMES
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
        "change": f"{_shorten(figures, found)}: take out of it whatever can be done before or after (making "
        "ready, loading, clearing up), free it the moment what only it can do is over, and let two that are "
        "ready pass as one where one passage serves both",
        "build": 4,
        "effect": f"what is taken off the {taken} of {time} adds to the {free} that are free",
        "rival": "the time passes elsewhere; then most get it as soon as they are ready for it",
    }


def _shorten(figures: Figures, found: Load) -> str:
    """What the change is called: with the hold that reaches the target, where the sum gives one."""
    queue = line(found, figures)
    if queue is None:
        return "Shorten each hold"
    return f"Shorten each hold to {wording.exact(queue.shorter, figures.unit)}"


def _rounds(case: Case, figures: Figures, found: Rounds) -> Slots:
    known, noun, one = stand_ins.words(case), found.noun, wording.amount(found.one, figures.unit)
    must = _must(case)
    return {
        "claim": f"most of {known['now']} is the wait from one of the {noun} to the next: each of the "
        f"{known['cases']} comes up in {wording.count(round(found.each))}, and "
        f"{wording.count(round(found.rate))} are held a {found.period}",
        "mechanism": f"whenever somebody or something is missing it waits {one} for the next of the "
        f"{noun}, so "
        "shorter ones or one more change little as long as as many are needed",
        "leaves": f"how many of the {noun} it takes",
        "against": f"these are averages; a few of the {known['cases']} may need many and most only one",
        "measure": f"share of {known['now']} from the day one of the {known['cases']} is first put forward "
        "for "
        f"one of the {noun} to the one that settles it",
        "now": f"not known yet; the sum makes it {wording.amount(found.time, figures.unit)}",
        "true": must,
        "false": round(must / 2),
        "test": f"Find what each round missed: for the last twenty settled {known['cases']} write down "
        "which of "
        f"the {noun} each came up in, on what days, and who or what was missing when it was put off",
        "who": f"one person with the notes of the {noun}",
        "days": 1,
        "change": "Settle it before it comes up: whoever brings one writes a page with a proposal, the two "
        "or "
        "three names it needs and a day; those answer on the page, silence by that day is a yes, and only "
        "what "
        f"they cannot settle goes into one of the {noun}, with them present",
        "build": 3,
        "effect": f"{wording.count(round(found.each))} of the {noun} become one at most: {one} in place of "
        f"{wording.amount(found.time, figures.unit)}",
        "rival": f"the time passes before the first of the {noun} or after the last; then few are put off",
    }


def _rest(case: Case, figures: Figures, found: Rest) -> Slots:
    known, times = stand_ins.words(case), wording.count(round(found.times))
    left, each = (wording.amount(v, figures.unit) for v in (found.rest, found.each))
    must = _must(case)
    return {
        "claim": f"{left} of {known['now']} pass in what nobody has timed: “{found.words}”, about {each} "
        "each "
        "time",
        "mechanism": "each time it lies until the next hand takes it up, and what adds up is the number of "
        "hands and not the work of any one",
        "leaves": f"that it is passed on {times} times",
        "against": f"a good part of the {left} may lie before the first time or after the last",
        "measure": f"share of {known['now']} that lies between the first of the {times} times and the last",
        "now": f"not known yet; the sum leaves {left} for it",
        "true": must,
        "false": round(must / 2),
        "test": f"Date every hand: for thirty finished {known['cases']} write down when each of the {times} "
        "got it, when it went on, and whether anything was changed or stopped there",
        "who": f"one person with the papers of finished {known['cases']}",
        "days": 1,
        "change": f"Ask only those who must be asked: write behind each of the {times} which rule requires "
        "it "
        "and what it has stopped in two years; where no rule does and nothing was stopped, it becomes a "
        "notice "
        "with two days to object",
        "build": 3,
        "effect": f"each time that falls away takes about {each} with it",
        "rival": "the time passes elsewhere; then those that were passed on less often took as long",
    }


def _must(case: Case) -> int:
    """The share that has to be found, in per cent: what must go, and half where the target is no less."""
    return round(case.share) if case.share is not None else _NOT_MOSTLY


SLOTS: Mapping[type, Reckoned] = MappingProxyType(
    {Pile: _pile, Stages: _stages, Load: _load, Rounds: _rounds, Rest: _rest}
)
