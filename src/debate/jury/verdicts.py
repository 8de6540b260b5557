"""Verdicts of a jury: ballots of all jurors on answer, baseline and target become one score a criterion.

Each juror's ballots are linked to the card's scale by its own ballots on the two known answers, then the
jurors are averaged. What could not be judged is missing and said to be; when more than one ballot in twenty
is missing, the headline is not given. Nothing here is averaged with the judge by rule.
"""

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from statistics import fmean, stdev
from typing import Final

from debate.cards.lens import LensCard
from debate.cards.problem import ProblemCard
from debate.judging import mapping
from debate.judging.rubric import Criterion, Rubric, band
from debate.judging.scores import HEADLINE, headline, is_lens_relevance, unscored
from debate.judging.sentences import quote
from debate.jury.ballot import Count, validity
from debate.jury.candidate import Candidate
from debate.jury.juror import Ballots, Juror
from debate.jury.linking import link
from debate.verdict import Score, Scored, Verdict

MISSING_AT_MOST: Final = 0.05
_VOID = "More than one ballot in twenty is missing."
ANSWER, BASELINE, TARGET = "answer", "baseline", "target"


@dataclass(frozen=True, slots=True)
class Docket:
    """What a jury is to judge: the candidates as they are shown, by label, and as they are shown with lens
    names.
    """

    problem: ProblemCard
    rubric: Rubric
    lenses: tuple[LensCard, ...]
    blind: Mapping[str, Candidate]
    named: Mapping[str, Candidate]

    def shown(self, criterion: Criterion, label: str) -> str:
        """The text of a candidate for one criterion: lens names stand only where they are judged."""
        return (self.named if is_lens_relevance(criterion.name) else self.blind)[label].text


#: All ballots: by criterion, juror (from 1) and label of the candidate.
Polls = Mapping[tuple[str, int, str], Ballots]


async def polled(docket: Docket, jurors: Sequence[Juror], labels: Sequence[str]) -> Polls:
    """Ask every juror on every criterion for every label."""
    keys = [(each, juror, label) for each in docket.rubric.criteria for juror in jurors for label in labels]
    asked = (
        juror.ballots(each, docket.shown(each, label), docket.lenses, label) for each, juror, label in keys
    )
    ballots = await asyncio.gather(*asked)
    return {(c.name, j.number, label): found for (c, j, label), found in zip(keys, ballots, strict=True)}


def served(jurors: Sequence[Juror], polls: Polls) -> tuple[frozenset[str], ...]:
    """What the servers called the models of the jurors' ballots, juror by juror."""
    heard: dict[int, set[str]] = {juror.number: set() for juror in jurors}
    for (_, number, _), ballots in polls.items():
        heard[number] |= ballots.served
    return tuple(map(frozenset, heard.values()))


def scored(docket: Docket, polls: Polls, criterion: Criterion, label: str) -> Score:
    """One candidate on one criterion, over all jurors."""
    given = mapping.anchors(docket.problem, criterion.name)
    jurors = sorted({number for name, number, _ in polls if name == criterion.name})
    means: list[float] = []
    linked: list[float] = []
    notes: list[str] = []
    heard = False
    for number in jurors:
        ballots = polls[criterion.name, number, label]
        anchors = [polls[criterion.name, number, known].scores for known in (BASELINE, TARGET)]
        line = link(anchors[0], anchors[1], given)
        who = f"Juror {number}" if len(jurors) > 1 else "The judge"
        found = [score for raw in ballots.scores if (score := line.score(raw)) is not None]
        if found:
            means.append(fmean(found))
            linked += found
        elif all((*anchors, ballots.scores)):
            heard = True  # on all three, and could not tell the known ones apart
        says = "gave no ballot on this answer" if not ballots.counts else line.says
        notes += [f"{who} {says}."] if says else []
    counts = [each for number in jurors for each in polls[criterion.name, number, label].counts]
    missing = sum(polls[criterion.name, number, label].missing for number in jurors)
    if not means:
        status = Scored.ABSTAINED if heard else Scored.UNSCORED
        return unscored(criterion.name, status, tuple(notes))
    value = round(fmean(means), 2)
    gone = f"{missing} of {missing + len(counts)} ballots are missing." if missing else ""
    return Score(
        name=criterion.name,
        baseline=given.baseline,
        answer=value,
        target=given.target,
        band=band(value),
        status=Scored.SCORED,
        anchors=given.kind,
        reasons=tuple(reason for reason in (*_reasons(counts), *notes, gone, given.note) if reason),
        spread=round(stdev(linked), 2) if len(linked) > 1 else None,
    )


def verdict_of(docket: Docket, polls: Polls, judge: str, models: Sequence[str]) -> Verdict:
    """The verdict on the candidate labelled `answer`."""
    scores = tuple(scored(docket, polls, criterion, ANSWER) for criterion in docket.rubric.criteria)
    missing = sum(ballots.missing for ballots in polls.values())
    asked = missing + sum(len(ballots.counts) for ballots in polls.values())
    stamps = []
    if missing:
        stamps.append(f"{missing} of {asked} ballots are missing; they count as nothing, not as low scores")
    share = validity([count for ballots in polls.values() for count in ballots.counts])
    if share is not None and share < 1:
        stamps.append(f"{share:.0%} of the passages offered stand in the answers; the others counted 0")
    void = asked > 0 and missing / asked > MISSING_AT_MOST
    return Verdict(
        judge=judge,
        rubric=docket.rubric.sha256,
        headline=unscored(HEADLINE, Scored.UNSCORED, (_VOID,)) if void else headline(scores),
        criteria=scores,
        kind="model",
        models=tuple(models),
        stamps=tuple(stamps),
    )


def _reasons(counts: Sequence[Count]) -> tuple[str, ...]:
    """The words of the ballot that granted most, and a passage it rests on."""
    best = max(counts, key=lambda each: len(each.granted), default=None)
    if best is None:
        return ()
    passage = next((text for _, text in best.granted), "")
    quoted = f"Rests on {quote(passage)}." if passage else "No passage was offered that stands in the answer."
    return (" ".join(best.reason.split()), quoted)
