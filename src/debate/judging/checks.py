"""The checks judge: deterministic, without model or network, always on.

It measures the card's baseline, its target and the answer with the same features, criterion by criterion, and
reads the answer's score off the line through the two known answers. It abstains where they do not separate,
leaves unscored what it has no feature for, and gives the counts and quotes behind each score.
"""

from collections.abc import Callable, Mapping, Sequence
from functools import lru_cache
from types import MappingProxyType

from debate.cards.lens import LensCard
from debate.cards.problem import ProblemCard
from debate.judging import mapping, rubric
from debate.judging.actionability import actionability
from debate.judging.case import Case, Feature, prepare
from debate.judging.explanation import explanation
from debate.judging.ideas import novelty, originality
from debate.judging.relevance import lens_relevance
from debate.judging.scores import LENS_RELEVANCE, headline, unscored
from debate.judging.sentences import quote
from debate.judging.text import MAX_ANSWER, Answer, read
from debate.verdict import Score, Scored, Verdict

JUDGE = "checks"

#: What is measured for each criterion the judge knows.
FEATURES: Mapping[str, Callable[[Case, Answer], Feature]] = MappingProxyType(
    {
        "Originality": originality,
        LENS_RELEVANCE: lens_relevance,
        "Explanation": explanation,
        "Actionability": actionability,
        "Novelty": novelty,
    }
)
#: Smallest difference between the measures of target and baseline that is more than a word or two.
FLOORS: Mapping[str, float] = MappingProxyType(
    {"Originality": 0.1, LENS_RELEVANCE: 0.2, "Explanation": 0.1, "Actionability": 0.05, "Novelty": 0.1}
)


def judge(card: ProblemCard, answer: str, lenses: Sequence[LensCard]) -> Verdict:
    """The verdict on an answer (any Markdown text) to a problem, written with `lenses` or with none."""
    locked = rubric.compiled(card)
    known, read_answer = _known(_Cards(card, lenses)), read(answer)
    substance = known.case.substance(read_answer)
    scores = tuple(_score(known, criterion.name, read_answer, substance) for criterion in locked.criteria)
    return Verdict(
        judge=JUDGE, rubric=locked.sha256, headline=headline(scores, _notes(read_answer)), criteria=scores
    )


class _Cards:
    """A problem and lenses, the same as others only when they are the very same: cards do not change, and are
    too big to be compared for every answer.
    """

    def __init__(self, problem: ProblemCard, lenses: Sequence[LensCard]) -> None:
        self.problem, self.lenses = problem, tuple(lenses)

    def __hash__(self) -> int:
        return hash((id(self.problem), *map(id, self.lenses)))

    def __eq__(self, other: object) -> bool:
        mine = (self.problem, *self.lenses)
        theirs = (other.problem, *other.lenses) if isinstance(other, _Cards) else ()
        return len(mine) == len(theirs) and all(a is b for a, b in zip(mine, theirs, strict=True))


class _Known:
    """A case with what its known answers measure, found out once for all answers of a study."""

    def __init__(self, case: Case) -> None:
        self.case = case
        self._measured: dict[str, tuple[Feature, Feature]] = {}

    def measured(self, name: str) -> tuple[Feature, Feature]:
        """The feature `name` of the baseline and of the target."""
        if name not in self._measured:
            feature, case = FEATURES[name], self.case
            self._measured[name] = feature(case, case.baseline), feature(case, case.target)
        return self._measured[name]


@lru_cache(maxsize=32)
def _known(cards: _Cards) -> _Known:
    return _Known(prepare(cards.problem, cards.lenses))


def _score(kept: _Known, criterion: str, answer: Answer, substance: tuple[float, str]) -> Score:
    wanted = " ".join(criterion.split()).casefold()
    known = next((name for name in FEATURES if name.casefold() == wanted), None)
    if known is None:
        reason = f"This judge has no measure for {criterion!r}; it knows {', '.join(FEATURES)}."
        return unscored(criterion, Scored.UNSCORED, (reason,))
    case = kept.case
    feature, given = FEATURES[known], mapping.anchors(case.card, criterion)
    answers = (("baseline", case.baseline), ("target", case.target))
    absent = " and no ".join(name for name, text in answers if not text.claims)
    if absent:
        return unscored(criterion, Scored.ABSTAINED, (f"The card has no {absent} to measure against.",))
    worst, best = kept.measured(known)
    low, high = worst.value, best.value
    found = mapping.line(low, high, given, FLOORS[known])
    measured = feature(case, answer)
    if isinstance(found, str):
        return unscored(criterion, Scored.ABSTAINED, (f"Abstained: {found}.", *measured.reasons))
    share, thin = substance
    value = found.score(measured.value)
    if measured.ceiling is not None and best.ceiling is None:
        value = min(value, max(measured.ceiling, given.baseline))
    value = round(value * share, 2)
    scale = (
        f"Measures {measured.value:.2f}; the card's baseline measures {low:.2f} (rated {given.baseline:g}), "
        f"its target {high:.2f} (rated {given.target:g})."
    )
    notes = tuple(note for note in (thin, given.note) if note)
    return Score(
        name=criterion,
        baseline=given.baseline,
        answer=value,
        target=given.target,
        band=rubric.band(value),
        status=Scored.SCORED,
        anchors=given.kind,
        reasons=(*measured.reasons, scale, *notes),
    )


def _notes(answer: Answer) -> tuple[str, ...]:
    spoken = (quote(order) for order in answer.orders[:3])
    notes = tuple(f"Left out, because it speaks to the judge: {order}." for order in spoken)
    return (*notes, f"Only the first {MAX_ANSWER:,} characters were read.") if answer.cut else notes
