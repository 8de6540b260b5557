"""Attempts as a claim reads them: what each did, and what of the cause it did not touch.

A remedy that the lens reads by its name is told in the lens's own terms. What another did is told by its kind
and its effect; what it did not change, by the move of the lens that made the claim, once.
"""

from collections.abc import Mapping, Sequence

from debate.cards.facts import Fact, FactKind
from debate.cards.lens import GAIN, AttemptReading, LensCard
from debate.contributions import TriedReason
from debate.models.offline import kinds, outcomes, stand_ins, wording
from debate.models.offline.case import Case


def reasons(case: Case, leaves: str, lens: LensCard | None, known: Mapping[str, str]) -> list[TriedReason]:
    """A reason for each attempt that something can be said of, in the card's order. `leaves` is what every
    attempt left as it was, "" where the lens does not say.
    """
    found: list[TriedReason] = []
    said: list[str] = []
    ends = outcomes.Outcomes(case)
    readings = lens_readings(case, lens, known) if lens is not None else {}
    for fact in case.of(FactKind.TRIED):
        kind, read = kinds.kind(fact.name or fact.text), readings.get(fact.id, "")
        did = kinds.did(kind, said)
        said.append(kind)
        if read:
            because = read
        elif leaves and not found:
            parts = [part for part in (did, ends.gain(fact)) if part]
            because = f"{' and '.join(parts)}{', but' if parts else ''} did not change {leaves}"
        else:
            because = f"{did} and {ends.told(fact)}" if did else ends.told(fact)
        found.append(TriedReason(tried=fact.id, because=because))
    return found


def lens_readings(case: Case, lens: LensCard, known: Mapping[str, str]) -> dict[str, str]:
    """What the lens says of single attempts, by fact id; what it says of any attempt, or of two of them, is
    left out.
    """
    found: dict[str, str] = {}
    for fact in case.of(FactKind.TRIED):
        reading = _reading_of(case, lens, fact)
        if reading is not None and reading.words:
            text = stand_ins.fill(reading.because, {**known, "gain": _gained(fact)})
            found[fact.id] = wording.clause(text)
    return {id_: said for id_, said in found.items() if list(found.values()).count(said) == 1}


def _gained(fact: Fact) -> str:
    """What an attempt brought, to stand after "its"; empty when the case does not say."""
    effect = fact.effect
    if effect is not None and effect.direction in ("none", "worse"):
        return ""
    return effect.amount.text.strip() if effect is not None and effect.amount is not None else ""


def _reading_of(case: Case, lens: LensCard, fact: Fact) -> AttemptReading | None:
    """The lens's reading of this attempt: by its words, those for the domain first. One that speaks of a gain
    reads no attempt without one.
    """
    fitting = [
        reading
        for reading in lens.attempts
        if reading.domain in ("", case.domain) and (_gained(fact) or f"[{GAIN}]" not in reading.because)
    ]
    fitting.sort(key=lambda reading: reading.domain == "")
    return _longest(fitting, fact.name or fact.text)


def _longest(fitting: Sequence[AttemptReading], text: str) -> AttemptReading | None:
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
    return fitting[-best[1]] if best is not None else None
