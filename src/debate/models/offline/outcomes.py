"""Outcomes: what the effect of an attempt says, one attempt after the other.

A gain is held against what is missing, with the sum; what came back shows that its cause is alive; what
changed nothing shows where the cause is not. What was said of one is not said again of the next.
"""

import re

from debate.cards.facts import Fact
from debate.models.offline import stand_ins, wording
from debate.models.offline.case import Case

_CAME_BACK = re.compile(
    r"\b(?:again|back|faded?|wore|wears|came|crept|lasted?|slipped|wieder)\b", re.IGNORECASE
)
_ENDED = re.compile(r"\b(?:given up|stopped|dropped|abandoned|cancelled|eingeschlafen)\b", re.IGNORECASE)


#: How what the effect alone says begins.
_ALONE = re.compile(
    r"(?:(?:bought|added|put) (?:more )?(?:hours|hands)[^,]* and )?(?:brought|added|helped by|left no figure|"
    r"was not counted|cannot be judged|made it worse|did the same harm|won ground|gave back|wore off|ended|"
    r"was ended|taught as little|moved|changed nothing|had an effect)\b"
)


def alone(because: str) -> bool:
    """True for a reason that only tells what the effect says, and nothing of the cause."""
    return _ALONE.match(because) is not None and "did not change" not in because


class Outcomes:
    """What effects say, told in the order of the attempts."""

    def __init__(self, case: Case) -> None:
        self._case = case
        self._known = stand_ins.words(case)
        self._times: dict[str, int] = {}
        self._won: list[float] = []

    def gain(self, fact: Fact) -> str:
        """The gain against what is missing, behind "it"; "" where the effect is no gain."""
        return self._gain(fact) if kind(fact) == "gain" else ""

    def told(self, fact: Fact) -> str:
        """What the effect says, behind "it": "brought 0.5 of the 7 days that have to go"."""
        found = kind(fact)
        if found == "gain":
            return self._gain(fact)
        times = self._times[found] = self._times.get(found, 0) + 1
        figures, known = self._case.figures, self._known
        held = known["figure"] if figures is not None else "the trouble"
        missing = known["gap"] if figures is not None else "what is missing"
        first, second, later = {
            "silent": (
                f"left no figure behind to hold against {missing}",
                "was not counted either",
                "cannot be judged, as nobody wrote a figure down",
            ),
            "worse": (
                "made it worse, so what it added is part of the cause",
                "did the same harm again",
                "made it worse a third time",
            ),
            "back": (
                "won ground only as long as it was pushed",
                "gave back what it had won, since the cause was alive",
                "wore off in the same way",
            ),
            "ended": (
                f"ended before it could show what it does to {held}",
                "was ended as early",
                "taught as little",
            ),
            "none": (
                f"moved nothing, so that is not where {held} is held up",
                "moved as little, which rules it out as well",
                "changed nothing at all",
            ),
            "unclear": (
                f"moved something that nobody held against {missing}",
                "moved a little, and it is open how much",
                "had an effect that nobody measured",
            ),
        }[found]
        return (first, second, later)[min(times, 3) - 1]

    def _gain(self, fact: Fact) -> str:
        figures = self._case.figures
        amount = fact.effect.amount if fact.effect is not None else None
        assert amount is not None
        gain = amount.text.strip()
        if figures is None:
            self._won.append(amount.value)
            first = len(self._won) == 1
            return f"helped by {gain} and no more" if first else f"brought another {gain} on top of that"
        gap = wording.amount(figures.gap, figures.gap_unit)
        missing = f"where {gap} {'still have to go' if figures.lower else 'are still missing'}"
        if amount.unit == "%" and figures.unit != "%":
            return self._summed(gain, amount.value / 100, missing)
        self._won.append(amount.value)
        return f"brought {gain}, {missing}" if len(self._won) == 1 else self._more(gain)

    def _more(self, part: str) -> str:
        """A further gain, the third with all of them so far."""
        figures = self._case.figures
        assert figures is not None
        if len(self._won) % 2 == 0:
            return f"brought {part} on top of that"
        return f"added {part}, {wording.sensible(sum(self._won), figures.now, figures.gap_unit)} so far"

    def _summed(self, gain: str, share: float, missing: str) -> str:
        """A gain in per cent, of the value as it was when the attempt was made: one acts after the other."""
        figures = self._case.figures
        assert figures is not None
        before = figures.start if figures.start is not None else figures.now
        value = before - sum(self._won) if figures.lower else before + sum(self._won)
        won = value * share
        self._won.append(won)
        part = wording.sensible(won, figures.now, figures.unit)
        if len(self._won) == 1:
            return f"brought {part} ({gain} of {wording.amount(value, figures.unit)}), {missing}"
        return self._more(part)


def kind(fact: Fact) -> str:
    """What kind of effect the card states."""
    effect = fact.effect
    if effect is None:
        return "silent"
    if effect.direction == "worse":
        return "worse"
    if effect.direction != "none" and effect.amount is not None and effect.amount.value > 0:
        return "gain"
    if _ENDED.search(effect.text):
        return "ended"
    if _CAME_BACK.search(effect.text):
        return "back"
    return "none" if effect.direction == "none" else "unclear"
