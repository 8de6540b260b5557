"""A trial: one answer before a jury, beside the card's two known answers.

Whoever calls it (a run, `debate judge`, `debate rejudge`) gets the same verdict for the same text: the
answer goes through the same template as the known ones, is compared with the baseline in both orders, and
the verdict carries what a reader must know of its judges.
"""

import asyncio
from collections import Counter
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Final, Literal

from debate.cards.lens import LensCard
from debate.cards.problem import ProblemCard
from debate.cards.role import RoleCard
from debate.judging.rubric import compiled
from debate.judging.scores import HEADLINE, unscored
from debate.jury.candidate import candidate
from debate.jury.juror import Juror
from debate.jury.pairwise import preferred
from debate.jury.verdicts import ANSWER, BASELINE, TARGET, Docket, polled, served, verdict_of
from debate.turns import Door
from debate.verdict import Certified, Score, Scored, Trust, Verdict

#: Points by which the two kinds of judges may differ on a criterion before it is disputed.
DISPUTED: Final = 2.5
_TOP: Final = "7-10"
_NOVELTY: Final = "novelty"

Preferred = Literal["answer", "baseline", "tie"]


@dataclass(frozen=True, slots=True)
class Bench:
    """The jurors of a trial on one problem. `authors` are the models whose answers they may have to judge;
    `certified` tells the state of their certificate, by what their servers called them while they judged.
    """

    problem: ProblemCard
    lenses: tuple[LensCard, ...]
    jurors: tuple[Juror, ...]
    authors: frozenset[str]
    certified: Callable[[Sequence[frozenset[str]]], Certified]

    @property
    def models(self) -> tuple[str, ...]:
        """Names of the jurors' models."""
        return tuple(juror.name for juror in self.jurors)

    def docket(self, answers: Mapping[str, str]) -> Docket:
        """Answers by label as they are shown, beside the card's two."""
        return docket_of(self.problem, self.lenses, answers)


def docket_of(problem: ProblemCard, lenses: tuple[LensCard, ...], answers: Mapping[str, str]) -> Docket:
    """Answers by label as they are shown to any jury, beside the card's two."""
    texts = {BASELINE: problem.baseline.text, TARGET: problem.target.text, **answers}
    names = [lens.name for lens in lenses] + [each.lens for each in problem.relevance]
    aliases = [alias for lens in lenses for alias in lens.aliases]
    return Docket(
        problem=problem,
        rubric=compiled(problem),
        lenses=lenses,
        blind={label: candidate(text, names, aliases) for label, text in texts.items()},
        named={label: candidate(text) for label, text in texts.items()},
    )


def seated(
    door: Door,
    roles: Mapping[str, RoleCard],
    problem: ProblemCard,
    models: str,
    *,
    repeats: int,
    expects: Sequence[frozenset[str]] = (),
) -> tuple[Juror, ...]:
    """The jurors that `models` (joined by commas) name, from number 1 on; `expects` is for each of them."""
    known = expects or [frozenset()] * len(models.split(","))
    return tuple(
        Juror(door, roles, problem, number, name, repeats, served)
        for number, (name, served) in enumerate(zip(models.split(","), known, strict=True), 1)
    )


async def try_answer(bench: Bench, answer: str) -> Verdict:
    """The jury's verdict on an answer, any Markdown text.

    Raises `StopError` when the run cannot go on. A card without both known answers gets a verdict without
    scores.
    """
    docket = bench.docket({ANSWER: answer})
    judge = ", ".join(bench.models)
    absent = [name for name in (BASELINE, TARGET) if not getattr(bench.problem, name).text.strip()]
    if absent:
        return _without(
            docket, judge, bench.models, f"The card has no {' and no '.join(absent)} to judge beside."
        )
    shown, usual = docket.blind[ANSWER].text, docket.blind[BASELINE].text
    polls, choices = await asyncio.gather(
        polled(docket, bench.jurors, (ANSWER, BASELINE, TARGET)),
        asyncio.gather(*(preferred(juror, shown, usual) for juror in bench.jurors)),
    )
    verdict = verdict_of(docket, polls, judge, bench.models)
    stamps = (*_stamps(bench, docket), *verdict.stamps)
    return verdict.model_copy(
        update={
            "stamps": stamps,
            # It confirms a difference in scores; from a jury without scores it would be a coin's.
            "preferred": _agreed(choices) if verdict.headline.status is Scored.SCORED else None,
            "certificate": bench.certified(served(bench.jurors, polls)),
        }
    )


def broken(jury: Verdict) -> str:
    """Why a jury's verdict has no headline because judging failed; "" where it did not."""
    if jury.headline.status is not Scored.UNSCORED:
        return ""
    return " ".join((*jury.headline.reasons, *(f"{stamp}." for stamp in jury.stamps)))


def beside(checks: Verdict, jury: Verdict) -> tuple[Verdict, Verdict]:
    """The verdicts of both judges, with what they disagree on marked in both. They are never averaged.

    What a jury that failed its calibration finds novel is not called so.
    """
    theirs = {score.name.casefold(): score for score in jury.criteria}
    ours = {score.name.casefold(): score for score in checks.criteria}
    novel = [
        score.band == _TOP for score in (ours.get(_NOVELTY), theirs.get(_NOVELTY)) if score and score.band
    ]
    refused = jury.certificate is not None and jury.certificate.state is Trust.INADMISSIBLE
    stamp = ("novel by both judges",) if len(novel) == 2 and all(novel) and not refused else ()
    return (
        _marked(checks, theirs),
        _marked(jury, ours).model_copy(update={"stamps": (*stamp, *jury.stamps)}),
    )


def _marked(verdict: Verdict, other: Mapping[str, Score]) -> Verdict:
    criteria = tuple(
        score.model_copy(update={"disputed": _disputed(score, other.get(score.name.casefold()))})
        for score in verdict.criteria
    )
    return verdict.model_copy(update={"criteria": criteria})


def _disputed(one: Score, other: Score | None) -> bool:
    if other is None or one.answer is None or other.answer is None:
        return False
    return abs(one.answer - other.answer) > DISPUTED


def _agreed(choices: Collection[Preferred | None]) -> Preferred | None:
    """What more than half of the jurors that could be asked prefer; else a tie. None when none could."""
    known = [choice for choice in choices if choice is not None]
    if not known:
        return None
    best, votes = Counter(known).most_common(1)[0]
    return best if 2 * votes > len(known) else "tie"


def _stamps(bench: Bench, docket: Docket) -> list[str]:
    own = [name for name in bench.models if name in bench.authors]
    shown = docket.blind[ANSWER]
    stamps = [f"self-judged: {name} wrote at least part of what it judges" for name in own]
    if shown.orders:
        stamps.append(f"{len(shown.orders)} sentences spoke to the judge and were taken out before judging")
    told = ((ANSWER, "the answer"), (BASELINE, "the card's baseline"), (TARGET, "the card's target"))
    return stamps + [
        f"of {whose} the judge was not shown, for its length: {'; '.join(cut)}"
        for label, whose in told
        if (cut := docket.blind[label].cut)
    ]


def _without(docket: Docket, judge: str, models: tuple[str, ...], why: str) -> Verdict:
    criteria = tuple(unscored(each.name, Scored.ABSTAINED, (why,)) for each in docket.rubric.criteria)
    return Verdict(
        judge=judge,
        rubric=docket.rubric.sha256,
        headline=unscored(HEADLINE, Scored.ABSTAINED, (why,)),
        criteria=criteria,
        kind="model",
        models=models,
    )
