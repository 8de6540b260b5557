"""Attempts as a lens reads them: why each fell short, in the lens's own terms."""

from collections.abc import Mapping

from debate.cards.facts import Fact, FactKind
from debate.cards.lens import GAIN, AttemptReading, LensCard
from debate.contributions import TriedReason
from debate.models.offline import stand_ins, wording
from debate.models.offline.case import Case


def explains(case: Case, lens: LensCard, known: Mapping[str, str]) -> list[TriedReason]:
    """A reason for each attempt that the lens has something to say of, as `known` fills its stand-ins."""
    read = [
        (fact, reading)
        for fact in case.of(FactKind.TRIED)
        if (reading := _reading_of(case, lens, fact)) is not None
    ]
    # What a lens says of any attempt counts only where it has nothing to say of one in particular.
    particular = any(reading.words for _, reading in read)
    return [
        TriedReason(
            tried=fact.id,
            because=wording.clause(stand_ins.fill(reading.because, {**known, "gain": _gained(fact)})),
        )
        for fact, reading in read
        if reading.words or not particular
    ]


def _gained(fact: Fact) -> str:
    """What an attempt brought, to stand after "its"; empty when the case does not say."""
    effect = fact.effect
    if effect is not None and effect.direction in ("none", "worse"):
        return ""
    return effect.amount.text.strip() if effect is not None and effect.amount is not None else ""


def _reading_of(case: Case, lens: LensCard, fact: Fact) -> AttemptReading | None:
    """The lens's reading of this attempt: by its words, those for the domain first; else its reading of any
    attempt. One that speaks of a gain reads no attempt without one.
    """
    fitting = [
        reading
        for reading in lens.attempts
        if reading.domain in ("", case.domain) and (_gained(fact) or f"[{GAIN}]" not in reading.because)
    ]
    fitting.sort(key=lambda reading: reading.domain == "")
    text = fact.name or fact.text
    # The longest matching word is the most telling one: "weekly report" before "report".
    best = max(
        (
            (len(word), -n)
            for n, reading in enumerate(fitting)
            for word in reading.words
            if wording.says(text, word)
        ),
        default=None,
    )
    if best is not None:
        return fitting[-best[1]]
    return next((reading for reading in fitting if not reading.words), None)
