"""Decisive: the sum among the facts that says where today's value is made, and what follows from it.

A pile, stages, a share of a share, a load, rounds or counts (`debate.cards.flows`, `stages`, `floors`,
`rounds`, `counts`) say more than any lens can guess: hypotheses that agree with the sum come first, those
that it contradicts last. It takes a lens to look: a seat whose lens sees none of the case's signals states no
sum.
"""

import re
from collections.abc import Callable, Mapping, Sequence
from types import MappingProxyType

from debate.cards.counts import Census, InStep, Once, census, in_step, once
from debate.cards.facts import Fact, Reading
from debate.cards.figures import Figures
from debate.cards.floors import Floor, floor
from debate.cards.flows import Load, Pile, load, pile
from debate.cards.rounds import Rest, Rounds, rest, rounds
from debate.cards.stages import Share, Stages, share, stages
from debate.contributions import Draft
from debate.models.offline import wording
from debate.models.offline.case import Case
from debate.words import stems

Sum = Pile | Stages | Share | Floor | Rounds | InStep | Once | Census | Rest | Load
#: The readings that decide, the most telling first, and what finds the sum of each.
_FIND: Mapping[str, Callable[[Sequence[Fact], Figures | None], Sum | None]] = MappingProxyType(
    {
        "stages": stages,
        "pile": pile,
        "share_of_share": share,
        "floor": floor,
        "rounds": rounds,
        "in_step": in_step,
        "once": once,
        "census": census,
        "rest": rest,
        "load": load,
    }
)
KEYS = tuple(_FIND)
#: Signals of a lens that looks for what the sum shows: its seat states the sum's own hypothesis first.
_LOOKS_FOR = {
    "stages": frozenset(("handover",)),
    "pile": frozenset(("inflow above outflow", "waiting")),
    "share_of_share": frozenset(("newcomers",)),
    "floor": frozenset(("false alarms", "rare", "rare event")),
    "rounds": frozenset(("waiting", "interruptions")),
    "in_step": frozenset(("complexity",)),
    "once": frozenset(("proxy metric", "silence")),
    "census": frozenset(("shared resource",)),
    "rest": frozenset(("handover", "old decision")),
    "load": frozenset(("waiting",)),
}
_KIND = {
    "stages": stems("wait handover reply round trip chain step stage begin start missing idle"),
    "pile": stems("pile heap stock queue backlog wait lies leftover inflow outflow drain arrears"),
    "share_of_share": stems("place moment point screen page entry"),
    "floor": stems("rare false innocent alarm alert flag threshold"),
    "rounds": stems("meeting call round together hours window decide wait agenda"),
    "in_step": stems("option feature added carry unused many choice complexity"),
    "once": stems("bonus reward number reported tell silent fear rule"),
    "census": stems("idle shared held hoard keep give back common own"),
    "rest": stems("approve signature rule reason pass hand step queue wait"),
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


def reading(case: Case) -> Reading | None:
    """The sum that decides, or None."""
    return next((found for key in KEYS if (found := case.reading(key)) is not None), None)


def told(case: Case, cites: Sequence[str], beside: str) -> str:
    """The sum as a sentence, where it is among what is cited, "" otherwise; its quote of the case is left out
    where `beside` has it.
    """
    found = reading(case)
    if found is None or found.id not in cites:
        return ""
    quote = _QUOTE.search(found.text)
    twice = quote is not None and quote[1].casefold() in beside.casefold()
    past = case.reading("once")
    once_ = past.text if past is not None and past != found else ""
    said = wording.sentence(_QUOTE.sub("", found.text) if twice else found.text)
    unit = case.figures.unit if case.figures is not None else ""
    return f"{said} {once_}".rstrip().replace(unit or "\0", wording.spoken(unit))


def sum_of(case: Case) -> Sum | None:
    """The sum itself, or None."""
    found = reading(case)
    return _FIND[found.key](case.facts, case.figures) if found is not None else None


def looks_for(case: Case, signals: Sequence[str]) -> bool:
    """True for a lens with these signals that would look for what the sum shows."""
    found = reading(case)
    return found is not None and not _LOOKS_FOR[found.key].isdisjoint(signals)


def states(case: Case, hypothesis: Draft) -> bool:
    """True for the sum's own hypothesis, which alone cites the sum."""
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
