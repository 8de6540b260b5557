"""Idea survival: what became of what the seats said, and what the merging was worth.

An idea is a hypothesis with those that were merged into it. Seats think at the same time: who raised an idea
first is who sits first, in the order of the arm. The oracle gap holds the best answer of one seat against the
answer of all: above zero, merging lost something that was in the pool.

A judge's reasons quote the answer, and the answer's steps act on hypotheses: so far the way from a quote back
to an idea is certain. What a judge says of the letter as a whole rests on nobody in particular.
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from typing import Final

from debate.contributions import Hypothesis, Letter, LetterStep, Plan
from debate.events import LetterWritten, PlanMade, SeatSpoke, VerdictGiven
from debate.studies.cells import Cell
from debate.studies.effects import Record
from debate.studies.plan import StudyPlan
from debate.transcripts import Run
from debate.verdict import Verdict

#: Shorter quotes ("at least 57 %") stand in more than one step by chance.
WORDS_OF_A_QUOTE: Final = 5
_QUOTE = re.compile("“([^”]+)")


class Idea(Record):
    """An idea of one `run` on a `card`. `hypotheses` are all that say it; `first` is the seat that raised it,
    `others` the seats that did too; `steps` the ranks it reached; `set_aside` why it was, "" when it was not;
    `quoted` the criteria for which a judge's reasons quote one of those steps.
    """

    card: str = ""
    run: str = ""
    hypotheses: tuple[str, ...]
    claim: str
    first: str
    others: tuple[str, ...]
    steps: tuple[int, ...]
    set_aside: str
    quoted: tuple[str, ...] = ()

    @property
    def survived(self) -> bool:
        """Whether a step of the plan tests or acts on it."""
        return bool(self.steps)

    @property
    def seats(self) -> tuple[str, ...]:
        """Who raised it, first and after."""
        return (self.first, *self.others)

    @property
    def end(self) -> str:
        """What became of it, in words."""
        if self.steps:
            return f"step {', '.join(map(str, self.steps))}"
        return f"no step: {self.set_aside}" if self.set_aside else "no step"


class SeatSurvival(Record):
    """A seat's ideas: how many it raised `first`, shared `too`, and how many of either reached a step
    (`survived`) and are quoted in a judge's reasons (`quoted`), over the `runs` it spoke in.
    """

    seat: str
    first: int
    too: int
    survived: int
    quoted: int = 0
    runs: tuple[str, ...] = ()


class Survival(Record):
    """What became of the ideas in the `panels` (runs of the full panel): one by one, and by seat."""

    panels: tuple[str, ...]
    ideas: tuple[Idea, ...]
    seats: tuple[SeatSurvival, ...]

    @property
    def kept(self) -> int:
        """How many ideas reached a step."""
        return sum(idea.survived for idea in self.ideas)


class OracleGap(Record):
    """One problem in one replicate and game: the best single seat's score against that of all."""

    problem: str
    replicate: int
    game: str
    seat: str
    best: float
    merged: float
    runs: tuple[str, ...] = ()

    @property
    def gap(self) -> float:
        """In points; above zero the best seat alone did better."""
        return self.best - self.merged


def survival(panels: Mapping[str, Run]) -> Survival:
    """What became of the ideas in these runs, by their ids."""
    found = [idea for run in panels.values() for idea in ideas(run)]
    return Survival(panels=tuple(panels), ideas=tuple(found), seats=tuple(by_seat(found)))


def ideas(run: Run) -> list[Idea]:
    """The ideas of a run with a plan, in order of the panel; none without a plan."""
    plans = run.of(PlanMade)
    if not plans:
        return []
    order = {seat.id: place for place, seat in enumerate(run.manifest.seats)}
    spoke = sorted(run.of(SeatSpoke), key=lambda event: order.get(event.seat, len(order)))
    found = ideas_of([each for event in spoke for each in event.hypotheses], plans[-1].plan)
    verdicts = [each.verdict for each in run.of(VerdictGiven)]
    letters = run.of(LetterWritten)
    quoted = quoted_steps(letters[-1].letter, plans[-1].plan, verdicts) if letters else {}
    return [
        idea.model_copy(
            update={
                "card": run.manifest.problem.id,
                "run": run.manifest.id,
                "quoted": tuple(name for name, steps in quoted.items() if steps & set(idea.steps)),
            }
        )
        for idea in found
    ]


def quoted_steps(letter: Letter, plan: Plan, verdicts: Iterable[Verdict]) -> dict[str, set[int]]:
    """By criterion the ranks of the steps its reasons quote; criteria that quote none are left out.

    A step of the letter is the plan's of the same title, or of the same place where titles were changed.
    """
    titles = {_plain(step.title): step.rank for step in plan.steps}
    ranks = [step.rank for step in plan.steps] if len(plan.steps) == len(letter.steps) else []
    texts = {
        rank: _step_text(step)
        for place, step in enumerate(letter.steps)
        if (rank := titles.get(_plain(step.title), ranks[place] if ranks else None)) is not None
    }
    found: dict[str, set[int]] = {}
    for criterion in (each for verdict in verdicts for each in verdict.criteria):
        quotes = [_plain(said) for reason in criterion.reasons for said in _QUOTE.findall(reason)]
        long = [said for said in quotes if len(said.split()) >= WORDS_OF_A_QUOTE]
        if steps := {rank for rank, text in texts.items() if any(said in text for said in long)}:
            found[criterion.name] = found.get(criterion.name, set()) | steps
    return found


def _step_text(step: LetterStep) -> str:
    return _plain(
        " ".join((step.title, step.what, step.measure, "if", step.if_true, "if", step.if_false, step.effect))
    )


def _plain(text: str) -> str:
    """Words and figures alone: a page sets text with other marks than its writer."""
    return " ".join(re.findall(r"[\w%.,]*\w%?", text.casefold()))


def ideas_of(hypotheses: Sequence[Hypothesis], plan: Plan) -> list[Idea]:
    """The ideas in `hypotheses`, which stand in the order of the panel, by what `plan` did with them."""
    into = {merged.hypothesis: merged.into for merged in plan.merged}
    groups: dict[str, list[Hypothesis]] = {}
    for each in hypotheses:
        groups.setdefault(_root(each.id, into), []).append(each)
    return [_idea(members, plan) for members in groups.values()]


def _root(id_: str, into: Mapping[str, str]) -> str:
    """What `id_` was merged into in the end; a critic that merges in a circle ends where it began."""
    seen = {id_}
    while (following := into.get(id_)) is not None and following not in seen:
        id_ = following
        seen.add(id_)
    return id_


def _idea(members: Sequence[Hypothesis], plan: Plan) -> Idea:
    ids = {member.id for member in members}
    seats = list(dict.fromkeys(member.seat for member in members))
    return Idea(
        hypotheses=tuple(member.id for member in members),
        claim=members[0].claim,
        first=seats[0],
        others=tuple(seats[1:]),
        steps=tuple(step.rank for step in plan.steps if ids & set(step.hypotheses)),
        set_aside=next((each.because for each in plan.set_aside if each.hypothesis in ids), ""),
    )


def by_seat(found: Iterable[Idea]) -> list[SeatSurvival]:
    """Ideas counted by seat, in order of first mention."""
    listed = list(found)
    return [
        SeatSurvival(
            seat=seat,
            first=sum(idea.first == seat for idea in listed),
            too=sum(seat in idea.others for idea in listed),
            survived=sum(idea.survived and seat in idea.seats for idea in listed),
            quoted=sum(bool(idea.quoted) and seat in idea.seats for idea in listed),
            runs=tuple(dict.fromkeys(idea.run for idea in listed if seat in idea.seats)),
        )
        for seat in dict.fromkeys(seat for idea in listed for seat in idea.seats)
    ]


def oracle_gaps(plan: StudyPlan, cells: Sequence[Cell]) -> list[OracleGap]:
    """The oracle gap wherever the full panel and single seats (removal: one lens alone) are done."""
    scores = {cell.key: cell.score(plan.endpoint) for cell in cells}
    runs = {cell.key: cell.run for cell in cells}
    gaps = []
    for problem in plan.problems:
        alone = [arm for arm in problem.arms if arm.kind == "only" and arm.game == "removal"]
        full = next((arm for arm in problem.arms if arm.kind == "full"), None)
        for replicate in range(plan.replicates):
            merged = scores.get((problem.id, full.name, replicate)) if full else None
            found = [
                (score, str(arm.lens), arm.name)
                for arm in alone
                if (score := scores.get((problem.id, arm.name, replicate))) is not None
            ]
            if full and merged is not None and found:
                best, seat, arm_name = max(found, key=lambda each: each[0])
                held = (runs.get((problem.id, name, replicate)) for name in (full.name, arm_name))
                from_runs = tuple(run for run in held if run)
                gaps.append(
                    OracleGap(
                        problem=problem.id,
                        replicate=replicate,
                        game="removal",
                        seat=seat,
                        best=best,
                        merged=merged,
                        runs=from_runs,
                    )
                )
    return gaps
