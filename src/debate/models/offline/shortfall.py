"""Shortfall: why an attempt fell short, by what it did.

A lens that knows this kind of attempt says it best. Where none does, the attempt's own effect says something:
a gain is held against what is missing, with the sum; what came back shows that its cause is alive; what
changed nothing shows where the cause is not. The general reason of a lens is told once, and so is each of
these.
"""

import re
from collections import Counter
from collections.abc import Sequence

from debate.cards.facts import Fact, FactKind
from debate.contributions import Hypothesis, TriedReason
from debate.models.offline import counted, stand_ins, wording
from debate.models.offline.case import Case

_CAME_BACK = re.compile(
    r"\b(?:again|back|faded?|wore|wears|came|crept|lasted?|slipped|wieder)\b", re.IGNORECASE
)
_ENDED = re.compile(r"\b(?:given up|stopped|dropped|abandoned|cancelled|eingeschlafen)\b", re.IGNORECASE)
_FIGURES = re.compile(r"[\d.,]+ ?(?:%|percentage points?)?")


def reasons(case: Case, lead: Hypothesis, hypotheses: Sequence[Hypothesis]) -> list[TriedReason]:
    """One reason for each attempt, in the card's order: what the strongest seat says of it in particular;
    else the general reason of the diagnosis, once; else what its effect says.
    """
    seats = [lead.seat, *(h.seat for h in sorted(hypotheses, key=lambda h: -h.confidence))]
    said: dict[tuple[str, str], str] = {}
    for hypothesis in (lead, *hypotheses):
        for each in hypothesis.explains:
            said.setdefault((hypothesis.seat, each.tried), each.because)
    shared = Counter((seat, _gist(because)) for (seat, _), because in said.items())
    found: list[TriedReason] = []
    told: set[str] = set()
    effects = _Effects(case)
    for fact in case.of(FactKind.TRIED):
        own = [(seat, said[seat, fact.id]) for seat in dict.fromkeys(seats) if (seat, fact.id) in said]
        particular = [because for seat, because in own if shared[seat, _gist(because)] == 1]
        general = [because for seat, because in own if seat == lead.seat]
        lens = next((because for because in (*particular, *general) if _gist(because) not in told), None)
        because = lens or effects.told(fact)
        told.add(_gist(because))
        found.append(TriedReason(tried=fact.id, because=because))
    return found


def _gist(because: str) -> str:
    """The reason without its figures: two attempts of which it says the same differ in their gains."""
    return _FIGURES.sub("#", because)


class _Effects:
    """What effects say, one attempt after the other; what was said of one is not said again of the next."""

    def __init__(self, case: Case) -> None:
        self._case = case
        self._known = stand_ins.words(case)
        self._last: dict[str, Fact] = {}
        self._won: list[float] = []

    def told(self, fact: Fact) -> str:
        """Why this attempt fell short, in a clause that follows its name."""
        effect = fact.effect
        if effect is None:
            kind = "silent"
        elif effect.direction == "worse":
            kind = "worse"
        elif effect.direction != "none" and effect.amount is not None and effect.amount.value > 0:
            kind = "gain"
        elif _ENDED.search(effect.text):
            kind = "ended"
        elif _CAME_BACK.search(effect.text):
            kind = "back"
        else:
            kind = "none" if effect.direction == "none" else "unclear"
        before, self._last[kind] = self._last.get(kind, fact), fact
        if kind == "gain":
            return self._gain(fact)
        return self._first_of(kind) if before is fact else self._next_of(kind, before)

    def _first_of(self, kind: str) -> str:
        figures, known = self._case.figures, self._known
        held = f"{known['figure']} {known[stand_ins.AT_NOW]}" if figures is not None else "the trouble going"
        missing = known["gap"] if figures is not None else "what is missing"
        return {
            "silent": f"left no figure behind, so nobody can hold it against {missing}",
            "worse": f"pushed what keeps {held}, and pushed it the wrong way",
            "back": "left the cause alive, and the trouble came back from it",
            "ended": f"ended before it could show what it does to {held}",
            "none": f"did not reach what keeps {held}",
            "unclear": f"moved something, but nobody held that against {missing}",
        }[kind]

    def _next_of(self, kind: str, first: Fact) -> str:
        name = f"“{self._name(first)}”"
        return {
            "silent": f"was not counted either, so like {name} it can be neither praised nor dropped",
            "worse": f"made it worse as {name} did, and points at the same cause",
            "back": f"wore off as {name} did, while the cause stayed alive",
            "ended": f"was given up like {name}, with as little to learn from it",
            "none": f"moved as little as {name}, because it reaches no further",
            "unclear": f"was left uncounted like {name}",
        }[kind]

    def _name(self, fact: Fact) -> str:
        name = fact.name or fact.text
        return name if counted.is_german(self._case) else wording.clause(name)

    def _gain(self, fact: Fact) -> str:
        """The gain against what is missing, with the sum where one can be made."""
        figures = self._case.figures
        amount = fact.effect.amount if fact.effect is not None else None
        assert amount is not None
        gain = amount.text.strip()
        if figures is None:
            more = "too, " if self._won else ""
            self._won.append(amount.value)
            return f"brought {gain}, and {more}without a target nobody can say what share of the way that is"
        gap = wording.amount(figures.gap, figures.gap_unit)
        missing = "have to go" if figures.lower else "are missing"
        if amount.unit == "%" and figures.unit != "%":
            return self._summed(gain, amount.value / 100, gap, missing)
        self._won.append(amount.value)
        if len(self._won) > 1:
            return f"brought {gain} and only lengthened a row of small gains"
        if amount.unit == figures.gap_unit:
            return f"brought {gain} where {gap} {missing}"
        share = wording.amount(figures.gap_share, "%")
        whole = "of today's value" if figures.lower else "on top of today's value"
        return f"brought {gain} where {share} {whole} {missing}"

    def _summed(self, gain: str, share: float, gap: str, missing: str) -> str:
        """A gain in per cent, of the value as it was when the attempt was made: one acts after the other."""
        figures = self._case.figures
        assert figures is not None
        before = figures.start if figures.start is not None else figures.now
        value = before - sum(self._won) if figures.lower else before + sum(self._won)
        won = value * share
        self._won.append(won)
        then, part = wording.amount(value, figures.unit), wording.amount(won, figures.unit)
        so_far = wording.amount(sum(self._won), figures.unit)
        if len(self._won) == 1:
            return f"brought only {part} ({gain} of {then}) where {gap} {missing}"
        if len(self._won) % 2 == 0:
            return f"added {gain} and took the sum to no more than {so_far}"
        return f"brought {part} more ({gain} of {then}) with {so_far} of {gap} in sight"
