"""Reckoned counts: what a sum of counts says by itself: a share of a share, a floor, things in step, a value
that was better once, an idle part.
"""

import re
from collections.abc import Mapping
from types import MappingProxyType

from debate.cards.counts import Census, InStep, Once
from debate.cards.facts import FactKind
from debate.cards.figures import Figures
from debate.cards.floors import Floor
from debate.cards.stages import Share
from debate.cards.units import TIMES
from debate.models.offline import stand_ins, wording
from debate.models.offline.case import Case
from debate.models.offline.reckoned_times import Reckoned, Slots

# Half of what the sum says refutes it.
_REFUTED = 0.5
# So many of those who are stopped at one place get through the rest, in per cent.
_MANAGED, _NOT_MANAGED = 60, 25
_MOSTLY, _HARDLY = 70, 35
_AT = re.compile(r"\bat (?:the )?([^,.;]+)\Z")
_PARTS = re.compile(r"; |, (?=screen|page|step|desk|question|and )")


def _share(case: Case, figures: Figures, found: Share) -> Slots:
    known = stand_ins.words(case)
    where = " than at " + place[1].strip(" .") if (place := _AT.search(found.words)) is not None else ""
    return {
        "claim": f"one place holds about the whole gap of {known['gap']}: “{wording.clause(found.words)}”"
        f"{_asked(case, found, place[1] if place else '')}",
        "mechanism": "what is asked there stops most of those who stop at all, and work on all other places "
        "reaches only the rest of them",
        "leaves": "what is asked at that one place",
        "against": "whoever gets past that place may give up at the next",
        "measure": "share of those stopped there who finish by themselves once it is taken off them",
        "now": f"not known yet; the place holds {wording.number(found.points)} of {known['gap']}",
        "true": _MANAGED,
        "false": _NOT_MANAGED,
        "test": "Help thirty past that place: take what is asked there off thirty who are about to give "
        "up, write "
        "down what each of them lacked, and count who then finishes alone",
        "who": "two people who help out there",
        "days": 1,
        "change": f"Ask it later{where}: let people finish without what is asked there, and take it "
        "afterwards "
        "from the paper itself, by a reader or a helper, so that it is on record all the same; leave all "
        "other "
        "places as they are",
        "build": 4,
        "effect": f"at most the {wording.number(found.points)} points that it holds, of {known['gap']}",
        "rival": "they would give up anyway; then more of them stop at the next place",
    }


def _asked(case: Case, found: Share, place: str) -> str:
    """What the case says is asked at that place, "" where it does not."""
    for fact in case.of(FactKind.CONTEXT):
        for part in _PARTS.split(fact.text):
            if (
                place
                and fact.id not in found.cites
                and place in part
                and len(part.split()) > len(place.split())
            ):
                return f"; “{part.strip(' .')}”"
    return ""


def _floor(case: Case, figures: Figures, found: Floor) -> Slots:
    known = stand_ins.words(case)
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
        "change": f"Raise only the {most} highest: for a tenth of the cases raise only the highest in "
        f"rank, in all what comes to {most} {by}; of the others draw fifty each week at random "
        "and look for hits",
        "build": 3,
        "effect": f"at {most} {by} {least} hits are {target}; the draw shows what slips through",
        "rival": "the rank cannot tell them apart; then a second sign beside the score is needed first",
    }


def _in_step(case: Case, figures: Figures, found: InStep) -> Slots:
    known, noun, each = stand_ins.words(case), found.noun, wording.amount(found.each, "")
    must = round(case.share or _MOSTLY)
    thing, _, by = figures.unit.partition("/")
    fits = wording.number(round(figures.target / found.each))
    return {
        "claim": f"{thing} come with the {noun}: about {each} a {by} for each of them, then as now, and "
        "there are "
        f"{wording.number(found.count)} where there were {wording.number(found.then)}",
        "mechanism": f"each of the {noun} brings its share whoever needs it, so better answers leave "
        f"{known['now']} where it is as long as everybody meets all of them",
        "leaves": f"how many of the {noun} everybody meets",
        "against": "what grows in step may follow a third thing",
        "measure": f"share {known[stand_ins.OF_NOW]} that goes back to the less used half of the {noun}",
        "now": f"not known yet; there are {wording.number(found.count)} {noun}",
        "true": must,
        "false": round(must * _REFUTED),
        "test": f"Count by what they are about: sort two hundred of last month by which of the {noun} each "
        "was "
        "about, and set beside every one how many use it at all",
        "who": "one analyst with the records",
        "days": 2,
        "change": f"Show fewer of the {noun}: for everybody who has not used it in three months put each "
        "of the "
        "less used half behind one switch, leave it on for whoever has, and let a new one into sight only "
        "when "
        "another goes behind the switch",
        "build": 4,
        "effect": f"{fits} of the {noun} in sight go with {known['target']}",
        "rival": "they are about what everybody uses; then hiding the rest changes nothing",
    }


def _once(case: Case, figures: Figures, found: Once) -> Slots:
    known, was = stand_ins.words(case), wording.amount(found.value, figures.unit)
    stood = known[stand_ins.AT_NOW].replace(wording.number(figures.now), wording.number(found.value), 1)
    return {
        "claim": f"{known['figure']}, today {known['now']}, stood {stood} until something came that is "
        f"still there: “{found.words}”",
        "mechanism": f"{was} was reached before without any of the attempts, so people can; what came then "
        "changed what it is worth to them",
        "leaves": "what came then and is still there",
        "against": "something else may have begun at the same time",
        "measure": f"share of the way from {was} to {known['now']} that was gone within three months of it",
        "now": "not known yet; the months stand in the old records",
        "true": _MOSTLY,
        "false": _HARDLY,
        "test": "Set the months beside the change: draw the figure month by month from a year before it "
        "until "
        "today, for each part of the house, and ask five people in confidence what it changed for them",
        "who": "one analyst with the old records",
        "days": 1,
        "change": "Take it off in one part: in one part of the house suspend what came then, or, where it is "
        "agreed, let it count something that telling does not spoil, for six weeks, and compare with the "
        "others",
        "build": 3,
        "effect": f"at most the way back to {was}",
        "rival": "it began before that or much later; then the months show another day",
    }


def _census(case: Case, figures: Figures, found: Census) -> Slots:
    known, noun = stand_ins.words(case), found.noun
    idle, whole = wording.number(found.idle), wording.number(found.whole)
    soon = f"within {known['target']}" if figures.unit in TIMES else "when it is needed"
    return {
        "claim": f"there are {noun} enough: of {whole} {wording.amount(found.share, '%')} are kept idle "
        f"(“{found.words}”), and that keeps {known['figure']} {known[stand_ins.AT_NOW]}",
        "mechanism": "whoever holds one keeps it as long as getting one back is not certain, so further ones "
        "and a better view of them end up idle too",
        "leaves": f"why {idle} {noun} are kept",
        "against": "some of the idle ones may be needed where they are at another hour",
        "measure": f"share of the idle {noun} that their holders would give up for one in return {soon}",
        "now": f"not known yet; {idle} of {whole} {noun} are idle",
        "true": _MANAGED,
        "false": _NOT_MANAGED,
        "test": f"Ask where they lie: go to forty idle {noun} at two hours of the day, write down since when "
        "each lies there, and ask whoever keeps it what would have to be certain to give it up",
        "who": f"two people who use the {noun}",
        "days": 1,
        "change": f"Promise one in return: agree how many {noun} each place keeps, collect once a shift what "
        f"lies beyond that, promise one {soon} to whoever gave one up, and count every broken promise",
        "build": 4,
        "effect": f"half of the idle ones are {wording.number(found.idle / 2)} {noun} more to hand",
        "rival": "they are kept for a need; then hardly any lies idle for a whole day",
    }


SLOTS: Mapping[type, Reckoned] = MappingProxyType(
    {Share: _share, Floor: _floor, InStep: _in_step, Once: _once, Census: _census}
)
