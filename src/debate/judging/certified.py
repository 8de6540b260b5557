"""The certificate of the checks judge: what it makes of the ladder of a card, found out on the spot.

It costs no call, so it is never stored and never expires: each process tries the judge once per card. The
foreign answer of the ladder is the target of another card, or a text of this module's where there is none.
"""

from collections.abc import Iterable
from typing import Final

from debate.cards.problem import ProblemCard
from debate.judging.calibration import Table, gates, outcome
from debate.judging.checks import judge_of
from debate.judging.distance import LEXICAL, Distance
from debate.judging.ladder import rungs
from debate.judging.scores import is_lens_relevance
from debate.verdict import Certified, Trust

#: An answer to a problem that no card poses.
ELSEWHERE: Final = """The comet comes back every 76 years because Jupiter bends its orbit a little each time.

1. Photograph the tail on three clear nights with the small telescope. If it is at least 4 degrees long, \
keep the exposure; if it is under 2, double it. One astronomer, 2 nights.
2. Lay the plates over those of the last passage, so that the drift of the nucleus shows. If it is more \
than a tenth of a degree, work the orbit out again.
"""

_known: dict[tuple[str, str, str, str], Certified] = {}


def certified(card: ProblemCard, foreign: str = ELSEWHERE, distance: Distance = LEXICAL) -> Certified:
    """Whether the checks judge orders the ladder of a card; `foreign` is the target of another card.

    Unvalidated where the card lacks an answer, or one of the gates could not be measured. One found out with
    another measure of likeness than words is of that measure alone, and says so.
    """
    if distance is not LEXICAL:
        found = _tried(card, foreign, distance)
        return found.model_copy(update={"why": f"{found.why}; {distance.note[0].lower()}{distance.note[1:]}"})
    key = (card.sha256, card.baseline.text, card.target.text, foreign)
    if key not in _known:
        _known[key] = _tried(card, foreign, distance)
    return _known[key]


def foreign_answer(card: ProblemCard, others: Iterable[ProblemCard]) -> str:
    """The target of the first card by id that has one and is of another domain, else a text of ours."""
    usable = (each for each in others if each.domain != card.domain and each.target.text.strip())
    return min(((each.id, each.target.text) for each in usable), default=("", ELSEWHERE))[1]


def _tried(card: ProblemCard, foreign: str, distance: Distance) -> Certified:
    missing = [name for name in ("baseline", "target") if not getattr(card, name).text.strip()]
    if missing:
        why = f"the card has no {' and no '.join(missing)} to try the judge on"
        return Certified(state=Trust.UNVALIDATED, why=why)
    judge = judge_of(card, (), distance)
    table: Table = {
        rung.label: {
            score.name.casefold(): score.answer
            for score in judge(rung.text).criteria
            if not is_lens_relevance(score.name)
        }
        for rung in rungs(card, foreign)
    }
    state, why = outcome(gates(table))
    return Certified(state=state, why=why)
