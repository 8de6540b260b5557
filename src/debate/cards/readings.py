"""Readings: what follows from a card's figures by plain arithmetic, each as one sentence with the
arithmetic in it.

Readings are shown to agents as computed, not as opinion. Keys:

    sum                   the attempts' stated gains added up, %
    compound              the same gains one after the other, %
    compound_vs_reported  a reported total less the compounded one, percentage points
    change                from the start to today, %
    gap                   from today to the target, in the figure's unit
    gap_share             the gap in percent of today's value
    total_needed          from the start to the target, %
    repeat                today's value after every past gain once more
    repeats_needed        how many times all past gains would have to come again, rounds
    best_single           today's value after the largest single gain once more
    tail                  a stated percentile over today's value, ×
    halfway               the value with half the gap closed
    pile                  things that lie open over things dealt with per period, where that is today's time
    pile_to_go            what of that pile has to go to reach the target, in things
    stages                spans that add up to today's value, and the share the largest holds, %
    share_of_share        a share of those who fall short, where that is the gap, percentage points
    floor                 the most that may be singled out: hits to be kept over the rate that is the target
    rounds                the time between the rounds a case comes up in, in the figure's unit
    in_step               so much of the figure for each of something that grew with it
    once                  the value before a change that is named, where it was good or nearly so
    census                the idle part of a whole that is counted, %
    rest                  what of today's value is in none of the spans that are stated, in the figure's unit
    load                  things per period times the time for one, of the time there is, %

A reading that the facts do not carry is left out: without a value of today and a target in one unit
(`debate.cards.figures`) there are at most the first ones. `text` is rounded for people, `value` is exact.
"""

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from debate.cards.counts import census, in_step, once
from debate.cards.facts import Fact, FactKind, Reading
from debate.cards.figures import Figures, Gain, compounded, figures, gains
from debate.cards.floors import floor
from debate.cards.flows import load, pile
from debate.cards.quantities import Quantity
from debate.cards.rounds import rest, rounds
from debate.cards.stages import share, stages
from debate.cards.units import shown

__all__ = ["Figures", "figures", "readings"]

_TOTAL_WORDS = ("total", "overall", "altogether", "combined", "in all", "together", "insgesamt")
# More rounds than this is as good as never.
_MOST_ROUNDS = 100
_POINT = 1.0


@dataclass(frozen=True)
class _Computed:
    key: str
    text: str
    value: float
    unit: str
    cites: tuple[str, ...]


def readings(facts: Sequence[Fact]) -> tuple[Reading, ...]:
    """Every reading of the facts, numbered R1… in the order of the list above."""
    found = figures(facts)
    computed = [*_of_gains(facts, found), *(_of_figures(found) if found else ()), *_of_sums(facts, found)]
    return tuple(
        Reading(f"R{number}", each.key, each.text, each.value, each.unit, tuple(dict.fromkeys(each.cites)))
        for number, each in enumerate(computed, 1)
    )


def _of_gains(facts: Sequence[Fact], found: Figures | None) -> Iterator[_Computed]:
    stated = gains(facts)
    cites = tuple(gain.fact for gain in stated)
    if len(stated) < 2:
        return
    total = sum(gain.share for gain in stated) * 100
    terms = " + ".join(shown(gain.share * 100, "") for gain in stated)
    yield _Computed("sum", f"The stated gains add up to {shown(total, '%')}: {terms}.", total, "%", cites)
    if found is None or not found.gains:
        return
    factor = compounded(stated, lower=found.lower)
    value = abs(1 - factor) * 100
    product = " × ".join(_factor(gain, found) for gain in stated)
    terms = f"1 − {product}" if found.lower else f"{product} − 1"
    unlike = f", not {shown(total, '%')}" if shown(value, "%") != shown(total, "%") else ""
    text = f"One after the other the {len(stated)} gains come to {shown(value, '%')}{unlike}: {terms}."
    yield _Computed("compound", text, value, "%", cites)
    reported = _reported_total(facts)
    if reported is not None and abs(reported[1].value - value) >= _POINT:
        fact, quantity = reported
        rest = quantity.value - value
        fate = "are unexplained" if rest > 0 else "went missing"
        about = "about " if quantity.bound == "~" else ""
        text = (
            f"The reported total is {about}{shown(quantity.value, '%')}, "
            f"the gains come to {shown(value, '%')}: {shown(abs(rest), 'percentage points')} {fate}."
        )
        yield _Computed("compound_vs_reported", text, rest, "percentage points", (fact.id, *cites))


def _reported_total(facts: Sequence[Fact]) -> tuple[Fact, Quantity] | None:
    for fact in facts:
        if fact.kind in (FactKind.CONTEXT, FactKind.CHALLENGE):
            for quantity in fact.quantities:
                before = fact.text[: quantity.start].casefold()
                if (
                    quantity.unit == "%"
                    and quantity.value > 0
                    and any(word in before for word in _TOTAL_WORDS)
                ):
                    return fact, quantity
    return None


def _of_figures(f: Figures) -> Iterator[_Computed]:
    cites = (*f.sources["now"], *f.sources["target"])
    yield from _of_start(f)
    first, second = (f.now, f.target) if f.lower else (f.target, f.now)
    now, target = shown(f.now, f.unit), shown(f.target, f.unit)
    text = f"From {now} to the target of {target} is {_n(f.gap)} {f.gap_unit}: {_n(first)} − {_n(second)}."
    yield _Computed("gap", text, f.gap, f.gap_unit, cites)
    still = "of today's value must still go" if f.lower else "on top of today's value is still missing"
    text = f"{shown(f.gap_share, '%')} {still}: {_n(f.gap)} / {_n(f.now)}."
    yield _Computed("gap_share", text, f.gap_share, "%", cites)
    yield from _of_repeats(f)
    if f.tail is not None:
        value = f.tail / f.now
        text = f"The {f.tail_name} is {shown(value, 'times')} today's value: {_n(f.tail)} / {_n(f.now)}."
        yield _Computed("tail", text, value, "×", (*f.sources["tail"], *f.sources["now"]))
    sign = "−" if f.lower else "+"
    half = f"{_n(f.halfway)} {f.unit}"
    text = f"With half the gap closed the value is {half}: {_n(f.now)} {sign} {_n(f.gap / 2)}."
    yield _Computed("halfway", text, f.halfway, f.unit, cites)


def _of_start(f: Figures) -> Iterator[_Computed]:
    """What happened since the start, and how much of the way that is."""
    if f.start is None or f.start <= 0:
        return
    value = (f.now - f.start) / f.start * 100
    rise = "+" if value > 0 else ""
    text = (
        f"From {shown(f.start, f.unit)} to {shown(f.now, f.unit)} is {rise}{shown(value, '%')}: "
        f"({_n(f.now)} − {_n(f.start)}) / {_n(f.start)}."
    )
    yield _Computed("change", text, value, "%", (*f.sources["start"], *f.sources["now"]))
    # Only while the way from the start led towards the target.
    if (f.start > f.now) is f.lower:
        value = abs(f.start - f.target) / f.start * 100
        ask = "off" if f.lower else "on top of"
        big, small = (f.start, f.target) if f.lower else (f.target, f.start)
        asked = f"In all the target asks for {shown(value, '%')} {ask} the start"
        text = f"{asked}: ({_n(big)} − {_n(small)}) / {_n(f.start)}."
        yield _Computed("total_needed", text, value, "%", (*f.sources["start"], *f.sources["target"]))


def _of_repeats(f: Figures) -> Iterator[_Computed]:
    """What doing the same again would bring."""
    if f.repeat is None:
        return
    cites = (*f.sources["now"], *(gain.fact for gain in f.gains), *f.sources["target"])
    target, product = shown(f.target, f.unit), f"{_n(f.now)} × {f.factor:.3f}"
    reaches = "reaches" if f.reached(f.repeat) else "misses"
    end = f"Every past gain once more would end at {shown(f.repeat, f.unit)}"
    yield _Computed(
        "repeat", f"{end}, which {reaches} the target of {target}: {product}.", f.repeat, f.unit, cites
    )
    rounds = math.log(f.target / f.now) / math.log(f.factor) if f.target > 0 and f.factor > 0 else math.inf
    if rounds <= _MOST_ROUNDS:
        whole = math.ceil(rounds - 1e-9)
        again = f"{whole} more {'round' if whole == 1 else 'rounds'} of every past gain"
        end = shown(f.now * f.factor**whole, f.unit)
        text = f"To reach {target} that way takes {again}: {product}^{whole} = {end}."
        yield _Computed("repeats_needed", text, rounds, "rounds", cites)
    if len(f.gains) > 1:
        best = max(f.gains, key=lambda gain: gain.share)
        value = f.now * compounded([best], lower=f.lower)
        largest = f"The largest past gain ({shown(best.share * 100, '%')}) once more"
        text = f"{largest} would end at {shown(value, f.unit)}: {_n(f.now)} × {_factor(best, f)}."
        yield _Computed("best_single", text, value, f.unit, (best.fact, *f.sources["now"]))


def _of_sums(facts: Sequence[Fact], f: Figures | None) -> Iterator[_Computed]:
    """What stands among the facts and adds up to today's value, to the gap, or to a full day."""
    if f is not None and (heap := pile(facts, f)) is not None:
        by = _per(heap.period)
        text = (
            f"{_n(heap.count)} {heap.noun} / {_n(heap.rate)} {heap.noun} {by} = {shown(heap.time, f.unit)}: "
            "the wait is the pile, not the work on one."
        )
        yield _Computed("pile", text, heap.time, f.unit, heap.cites)
        left, fits = heap.count - heap.fitting, shown(heap.fitting, "")
        text = (
            f"{shown(f.target, f.unit)} go with {fits} {heap.noun} open, so {shown(left, '')} have to go: "
            f"{_n(heap.count)} − {fits}."
        )
        yield _Computed("pile_to_go", text, left, heap.noun, (*heap.cites, *f.sources["target"][:1]))
    if f is not None and (made := stages(facts, f)) is not None:
        terms = " + ".join(
            _n(p.each) if p.times == 1 else f"{_n(p.times)} × {_n(p.each)}" for p in made.parts
        )
        held = made.largest.value / f.now * 100
        text = (
            f"The stages add up to today's value: {terms} = {shown(made.total, f.unit)}; the largest, "
            f"{shown(made.largest.value, f.unit)} (“{made.largest.words}”), holds {shown(held, '%')}."
        )
        yield _Computed("stages", text, held, "%", made.cites)
    if f is not None and (part := share(facts, f)) is not None:
        rest = f"{_n(part.base)} %" if f.lower else f"the {_n(part.base)} % who fall short"
        text = (
            f"{shown(part.part, '%')} of {rest} is {shown(part.points, 'percentage points')}, "
            f"as much as the gap: {_n(part.base)} × {_n(part.part)} / 100."
        )
        yield _Computed("share_of_share", text, part.points, "percentage points", part.cites)
    yield from _of_floor(facts, f)
    if f is not None:
        yield from _of_rounds(facts, f)
        yield from _of_counts(facts, f)
    if (booked := load(facts, f)) is not None:
        terms = " + ".join(
            f"{_n(job.rate)} {job.noun} {_per(booked.period)} × {_n(job.each.value)} {job.each.unit}"
            for job in booked.jobs
        )
        text = (
            f"{terms} = {shown(booked.taken, '')} of {shown(booked.time, booked.unit)}: "
            f"{shown(booked.share, '%')} of the time there is."
        )
        yield _Computed("load", text, booked.share, "%", booked.cites)


def _of_floor(facts: Sequence[Fact], f: Figures | None) -> Iterator[_Computed]:
    kept = floor(facts, f)
    if f is None or kept is None:
        return
    text = (
        f"At {shown(f.target, '%')} with {_n(kept.least)} kept at most {shown(kept.most, '')} {kept.noun} "
        f"{_per(kept.period)} may be raised, of {_n(kept.raised)} today: {_n(kept.least)} / "
        f"{_n(f.target / 100)} = {shown(kept.most, '')}."
    )
    yield _Computed("floor", text, kept.most, f"{kept.noun}/{kept.period}", kept.cites)


def _of_rounds(facts: Sequence[Fact], f: Figures) -> Iterator[_Computed]:
    if (held := rounds(facts, f)) is not None:
        days = held.time * held.rate / held.each
        text = (
            f"{_n(held.each)} {held.noun} at {_n(held.rate)} {_per(held.period)} span "
            f"{shown(held.time, f.unit)} of {shown(f.now, f.unit)}: {_n(held.each)} / {_n(held.rate)} × "
            f"{_n(days)}."
        )
        yield _Computed("rounds", text, held.time, f.unit, held.cites)
    if (left := rest(facts, f)) is not None:
        terms = " + ".join(_n(term) for term in left.terms)
        text = (
            f"Of {shown(f.now, f.unit)} only {terms} = {shown(left.stated, f.unit)} are accounted for; the "
            f"other {shown(left.rest, f.unit)} pass while “{left.words}”: {shown(left.each, f.unit)} each "
            f"time, {_n(left.rest)} / {_n(left.times)}."
        )
        yield _Computed("rest", text, left.rest, f.unit, left.cites)


def _of_counts(facts: Sequence[Fact], f: Figures) -> Iterator[_Computed]:
    if (grown := in_step(facts, f)) is not None:
        text = (
            f"{_n(grown.now)} / {_n(grown.count)} = {shown(grown.each, '')} for each of the {grown.noun}, "
            "and "
            f"then it was {_n(grown.before)} / {_n(grown.then)} = {shown(grown.before / grown.then, '')}: "
            "both have grown in step."
        )
        yield _Computed("in_step", text, grown.each, f"{f.unit}/{grown.noun}", grown.cites)
    if (past := once(facts, f)) is not None:
        text = (
            f"It has been {shown(past.value, f.unit)} already, against {shown(f.now, f.unit)} today and "
            f"{shown(f.target, f.unit)} wanted: “{past.words}”."
        )
        yield _Computed("once", text, past.value, f.unit, past.cites)
    if (whole := census(facts, f)) is not None:
        terms = " + ".join(_n(part) for part in whole.parts)
        text = f"{terms} = {_n(whole.whole)} {whole.noun}, {shown(whole.share, '%')} idle: “{whole.words}”."
        yield _Computed("census", text, whole.share, "%", whole.cites)


def _per(period: str) -> str:
    return "an hour" if period == "h" else f"a {period}"


def _n(value: float) -> str:
    """A term of a sum: exact to a hundredth, so that the sum can be checked."""
    text = f"{value:,.2f}" if abs(value) >= 1 else f"{value:.3f}"
    return text.rstrip("0").rstrip(".").replace("-", "−")


def _factor(gain: Gain, f: Figures) -> str:
    return f"{compounded([gain], lower=f.lower):.4g}"
