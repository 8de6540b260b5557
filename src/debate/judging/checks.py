"""The checks judge: deterministic, without model or network, always on.

It measures the card's baseline, its target and the answer with the same features, criterion by criterion, and
reads the answer's score off the line through the two known answers. It abstains where they do not separate,
leaves unscored what it has no feature for, and gives the counts and quotes behind each score.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from types import MappingProxyType

from debate.cards.lens import LensCard
from debate.cards.problem import ProblemCard
from debate.judging import mapping, rubric
from debate.judging.actionability import actionability
from debate.judging.case import Case, Feature, prepare
from debate.judging.distance import LEXICAL, Distance
from debate.judging.explanation import explanation
from debate.judging.ideas import novelty, originality
from debate.judging.relevance import lens_relevance
from debate.judging.scores import LENS_RELEVANCE, headline, is_lens_relevance, unscored
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
# A target that measures less leaves most of what can be measured to the few points above its rating.
_NARROW = 0.5
_SATURATED = (
    "Saturated: it measures {:.2f}, the card's target only {:.2f}, so whatever lies beyond the target "
    "shares the few points above {:g}."
)


@dataclass(frozen=True, slots=True)
class _Known:
    """One criterion with what the card's two answers measure on it."""

    name: str
    feature: Callable[[Case, Answer], Feature]
    floor: float
    baseline: float
    best: Feature


def judge(
    card: ProblemCard, answer: str, lenses: Sequence[LensCard], distance: Distance = LEXICAL
) -> Verdict:
    """The verdict on an answer (any Markdown text) to a problem, written with `lenses` or with none.

    `distance` says how like two claims are.
    """
    if distance is not LEXICAL:
        return judge_of(card, lenses, distance)(answer)
    return _judge_of(card, tuple(lenses))(answer)


def judge_of(
    card: ProblemCard, lenses: Sequence[LensCard], distance: Distance = LEXICAL
) -> Callable[[str], Verdict]:
    """The judge of one card, for judging many answers to it."""
    locked, case = rubric.compiled(card), prepare(card, lenses, distance)
    known = _all_known(case, (criterion.name for criterion in locked.criteria))

    def verdict(answer: str) -> Verdict:
        said = read(answer)
        about = case.substance(said)
        scores = tuple(
            _score(case, criterion.name, measure, said, about)
            for criterion, measure in zip(locked.criteria, known, strict=True)
        )
        notes = _notes(said)
        return Verdict(judge=JUDGE, rubric=locked.sha256, headline=headline(scores, notes), criteria=scores)

    return verdict


@lru_cache(maxsize=32)
def _judge_of(card: ProblemCard, lenses: tuple[LensCard, ...]) -> Callable[[str], Verdict]:
    return judge_of(card, lenses)


@lru_cache(maxsize=32)
def _without_lenses(card: ProblemCard) -> tuple[Case, Mapping[str, _Known | None]]:
    """What the known answers of a card measure when nobody sits, by criterion."""
    case = prepare(card, ())
    return case, {each.name: _known(case, each.name) for each in rubric.compiled(card).criteria}


def _all_known(case: Case, criteria: Iterable[str]) -> list[_Known | None]:
    """What the known answers measure on each criterion. Who sits matters to Lens Relevance, and to the others
    where the known answers name a lens that sits: a study measures the rest once.
    """
    plain, known = _without_lenses(case.card)
    same = case.distance is LEXICAL and all(
        case.named(one) == plain.named(one) for one in (case.baseline, case.target)
    )
    return [known[name] if same and not is_lens_relevance(name) else _known(case, name) for name in criteria]


def _known(case: Case, criterion: str) -> _Known | None:
    wanted = " ".join(criterion.split()).casefold()
    name = next((name for name in FEATURES if name.casefold() == wanted), None)
    if name is None:
        return None
    feature = FEATURES[name]
    return _Known(name, feature, FLOORS[name], feature(case, case.baseline).value, feature(case, case.target))


def _score(
    case: Case, criterion: str, known: _Known | None, answer: Answer, about: tuple[float, str]
) -> Score:
    if known is None:
        reason = f"This judge has no measure for {criterion!r}; it knows {', '.join(FEATURES)}."
        return unscored(criterion, Scored.UNSCORED, (reason,))
    given = mapping.anchors(case.card, criterion)
    answers = (("baseline", case.baseline), ("target", case.target))
    absent = " and no ".join(name for name, text in answers if not text.claims)
    if absent:
        return unscored(criterion, Scored.ABSTAINED, (f"The card has no {absent} to measure against.",))
    low, high = known.baseline, known.best.value
    found = mapping.line(low, high, given, known.floor)
    measured = known.feature(case, answer)
    if isinstance(found, str):
        return unscored(criterion, Scored.ABSTAINED, (f"Abstained: {found}.", *measured.reasons))
    substance, thin = about
    value = found.score(measured.value)
    if measured.ceiling is not None and known.best.ceiling is None:
        value = min(value, max(measured.ceiling, given.baseline))
    value = round(value * substance, 2)
    scale = (
        f"Measures {measured.value:.2f}; the card's baseline measures {low:.2f} (rated {given.baseline:g}), "
        f"its target {high:.2f} (rated {given.target:g})."
    )
    reasons = list(measured.reasons)
    if value > given.target and high < _NARROW:
        reasons.insert(1, _SATURATED.format(measured.value, high, given.target))
    notes = tuple(note for note in (thin, given.note) if note)
    return Score(
        name=criterion,
        baseline=given.baseline,
        answer=value,
        target=given.target,
        band=rubric.band(value),
        status=Scored.SCORED,
        anchors=given.kind,
        reasons=(*reasons, scale, *notes),
    )


def _notes(answer: Answer) -> tuple[str, ...]:
    spoken = (quote(order) for order in answer.orders[:3])
    notes = tuple(f"Left out, because it speaks to the judge: {order}." for order in spoken)
    return (*notes, f"Only the first {MAX_ANSWER:,} characters were read.") if answer.cut else notes
