"""The case as the agents saw it: title, question and numbered sentences, from the run's own prompts.

A card may change after the run or be missing where the run is read; what an agent read does not and is not.
"""

import re
from dataclasses import dataclass
from typing import Final

from debate.cards.facts import FactKind
from debate.events import CallFinished
from debate.trail import Sentence, case_sentences
from debate.transcript_page import KINDS
from debate.transcripts import Run

_CASE: Final = re.compile(
    r"<problem-(?P<tag>[0-9a-f]+)>\n# (?P<title>.*)\n\nDomain: (?P<domain>.*)\n(?P<rest>(?:.*\n)*?)"
    r"</problem-(?P=tag)>"
)
_QUESTION: Final = "\n## The owner asks\n"
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
    sentences = case_sentences(run)
    groups = tuple(
        FactGroup(heading, facts)
        for letter, heading in _HEADINGS.items()
        if (facts := tuple(Sentence(id_, text) for id_, text in sentences.items() if id_[0] == letter))
    )
    for call in run.of(CallFinished):
        for message in call.messages:
            if found := _CASE.search(message.content):
                question = found["rest"].partition(_QUESTION)[2].strip()
                return Case(found["title"], found["domain"], question, groups, True)
    return Case(run.manifest.problem.id, "", "", groups, bool(groups))
