"""The trail: from a step back to its hypotheses, and from these to the very sentences they rest on.

The sentences are those that were put before the agents, read from the recorded prompts: a card may change
after the run, what an agent read does not. A hypothesis also has a fate: the steps it went into, the
hypothesis it was merged into, or the reason it was set aside.
"""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Final

from debate.contributions import Dissent, Hypothesis, Step
from debate.errors import InputError, UnknownName
from debate.events import CallFinished, PlanMade, SeatSpoke
from debate.transcripts import Run

_CASE: Final = re.compile(r"<problem-(?P<tag>[0-9a-f]+)>\n(?P<text>.*?)\n</problem-(?P=tag)>", re.DOTALL)
_FACT: Final = re.compile(r"([CHTKSR]\d+)\. (.+)")
_TITLE: Final = "# "
_DOMAIN: Final = "Domain: "
_QUESTION: Final = "\n## The owner asks\n"


@dataclass(frozen=True, slots=True)
class Sentence:
    """A numbered fact or reading as the agents saw it; `text` is None when no prompt of the run has it."""

    id: str
    text: str | None


@dataclass(frozen=True, slots=True)
class Presented:
    """The case as it was put before the agents; `sentences` are facts and readings by id, in order."""

    title: str
    domain: str
    sentences: dict[str, str]
    question: str


@dataclass(frozen=True, slots=True)
class Fate:
    """What became of a hypothesis: ranks of the `steps` it is in, or `into` which it was merged, or neither.

    `because` is the critic's reason for merging it or setting it aside, "" for one that is in a step, or that
    no plan speaks of. `dissent` is where it stood against others.
    """

    steps: tuple[int, ...] = ()
    into: str | None = None
    because: str = ""
    dissent: tuple[Dissent, ...] = ()

    @property
    def text(self) -> str:
        """In words."""
        if self.steps:
            return f"in step {' and '.join(map(str, self.steps))}"
        if self.into:
            return f"merged into {self.into}: {self.because}"
        return f"set aside: {self.because}" if self.because else "no plan speaks of it"


@dataclass(frozen=True, slots=True)
class HypothesisTrail:
    """A hypothesis, the name of the seat that raised it, what it rests on and what became of it.

    `cites` are its facts and readings, `tried` the attempts it explains; `merged` are hypotheses that were
    merged into it.
    """

    hypothesis: Hypothesis
    seat: str
    cites: tuple[Sentence, ...]
    tried: tuple[Sentence, ...]
    fate: Fate
    merged: tuple[Hypothesis, ...]


@dataclass(frozen=True, slots=True)
class StepTrail:
    """A step, the trails of its hypotheses, and the constraints it was held against, in its own order."""

    step: Step
    hypotheses: tuple[HypothesisTrail, ...]
    constraints: tuple[Sentence, ...]


def presented(run: Run) -> Presented | None:
    """The case as the first prompt of the run that has one puts it; None when no agent was asked it."""
    for call in run.of(CallFinished):
        for message in call.messages:
            if found := _CASE.search(message.content):
                text, _, question = found["text"].partition(_QUESTION)
                lines = text.splitlines()
                return Presented(
                    title=_after(_TITLE, lines),
                    domain=_after(_DOMAIN, lines),
                    sentences={fact[1]: fact[2] for line in lines if (fact := _FACT.fullmatch(line))},
                    question=question.strip(),
                )
    return None


def case_sentences(run: Run) -> dict[str, str]:
    """Facts and readings by id, as the prompts of the run have them; empty when no agent was asked."""
    case = presented(run)
    return case.sentences if case else {}


def hypotheses_of(run: Run) -> dict[str, Hypothesis]:
    """The hypotheses of a run by id, in the order of the panel; of one said twice the last."""
    order = {seat.id: place for place, seat in enumerate(run.manifest.seats)}
    spoken = sorted(run.of(SeatSpoke), key=lambda event: order.get(event.seat, len(order)))
    return {said.id: said for event in spoken for said in event.hypotheses}


def seat_name(run: Run, seat: str) -> str:
    """What people call a seat."""
    return next((each.name for each in run.manifest.seats if each.id == seat), seat)


def fate_of(run: Run, hypothesis: str) -> Fate:
    """What became of the hypothesis with this id."""
    made = run.of(PlanMade)
    if not made:
        return Fate()
    plan = made[-1].plan
    dissent = tuple(each for each in plan.dissent if hypothesis in each.hypotheses)
    if steps := tuple(step.rank for step in plan.steps if hypothesis in step.hypotheses):
        return Fate(steps=steps, dissent=dissent)
    for merged in plan.merged:
        if merged.hypothesis == hypothesis:
            return Fate(into=merged.into, because=merged.because, dissent=dissent)
    because = next((each.because for each in plan.set_aside if each.hypothesis == hypothesis), "")
    return Fate(because=because, dissent=dissent)


def hypothesis_trail(run: Run, hypothesis: str) -> HypothesisTrail:
    """The trail of the hypothesis with this id. Raises `UnknownName`, an `InputError`."""
    known = hypotheses_of(run)
    if hypothesis not in known:
        raise UnknownName(
            "hypothesis", hypothesis, list(known), f"Hypotheses of this run: {', '.join(known) or 'none'}"
        )
    said, sentences = known[hypothesis], case_sentences(run)
    made = run.of(PlanMade)
    into = [each.hypothesis for each in made[-1].plan.merged if each.into == hypothesis] if made else []
    return HypothesisTrail(
        hypothesis=said,
        seat=seat_name(run, said.seat),
        cites=_cited(said.cites, sentences),
        tried=_cited((each.tried for each in said.explains), sentences),
        fate=fate_of(run, hypothesis),
        merged=tuple(known[each] for each in into if each in known),
    )


def step_trail(run: Run, rank: int) -> StepTrail:
    """The trail of the step of this rank. Raises `InputError` when there is none."""
    made = run.of(PlanMade)
    if not made:
        raise InputError(f"the run {run.manifest.id} has no plan, so it has no steps")
    step = next((each for each in made[-1].plan.steps if each.rank == rank), None)
    if step is None:
        ranks = ", ".join(str(each.rank) for each in made[-1].plan.steps)
        raise InputError(f"--step {rank}: there is no such step; steps of this run: {ranks or 'none'}")
    known = hypotheses_of(run)
    return StepTrail(
        step=step,
        hypotheses=tuple(hypothesis_trail(run, each) for each in step.hypotheses if each in known),
        constraints=_cited((line.constraint for line in step.constraints), case_sentences(run)),
    )


def _cited(ids: Iterable[str], sentences: Mapping[str, str]) -> tuple[Sentence, ...]:
    return tuple(Sentence(each, sentences.get(each)) for each in ids)


def _after(prefix: str, lines: Iterable[str]) -> str:
    return next((line.removeprefix(prefix) for line in lines if line.startswith(prefix)), "")
