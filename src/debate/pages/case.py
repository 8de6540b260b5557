"""The case as the agents saw it: title, question and numbered sentences, from the run's own prompts.

A card may change after the run or be missing where the run is read; what an agent read does not and is not.
"""

from dataclasses import dataclass
from typing import Final

from debate.trail import Sentence, presented
from debate.transcript_page import KINDS
from debate.transcripts import Run

_HEADINGS: Final = {
    **{kind.value: heading for kind, heading in KINDS.items()},
    "R": "Computed from the facts",
}


@dataclass(frozen=True, slots=True)
class FactGroup:
    """Sentences of one kind under their heading."""

    heading: str
    facts: tuple[Sentence, ...]


@dataclass(frozen=True, slots=True)
class Case:
    """What was put before the agents. `known` is False when no prompt of the run has it."""

    title: str
    domain: str
    question: str
    groups: tuple[FactGroup, ...]
    known: bool


def case_of(run: Run) -> Case:
    """The case of a run; with the problem's id for a title when nobody was asked yet."""
    case = presented(run)
    if case is None:
        return Case(run.manifest.problem.id, "", "", (), known=False)
    groups = tuple(
        FactGroup(heading, facts)
        for letter, heading in _HEADINGS.items()
        if (facts := tuple(Sentence(id_, text) for id_, text in case.sentences.items() if id_[0] == letter))
    )
    return Case(case.title or run.manifest.problem.id, case.domain, case.question, groups, known=True)
