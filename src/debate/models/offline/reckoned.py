"""Reckoned: the hypothesis that a decisive sum makes by itself, with its check, its change and its rival.

No lens is needed for it, and whoever holds the seat gets no credit for it: the figures of the case say it.
"""

from types import MappingProxyType

from debate.cards.flows import Pile
from debate.contributions import Draft, Effort, Interval, Prediction
from debate.models.offline import (
    attempts,
    decisive,
    reckoned_counts,
    reckoned_times,
    sizes,
    stand_ins,
    wording,
)
from debate.models.offline.case import Case

_CONFIDENCE = 68
_SLOTS = MappingProxyType({**reckoned_times.SLOTS, **reckoned_counts.SLOTS})


def draft(case: Case) -> Draft | None:
    """The sum's own hypothesis, or None where no sum decides."""
    found, reading = decisive.sum_of(case), decisive.reading(case)
    if found is None or reading is None or case.figures is None:
        return None
    slots = _SLOTS[type(found)](case, case.figures, found)
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
