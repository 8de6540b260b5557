"""Searching runs: where a phrase stands in what was asked, said, planned and answered.

The phrase is looked for as it is, in capitals or not, blanks of any kind and number counting as one. A
journal is first looked through as bytes for the phrase's words, and only read when they are all in it.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from pydantic import BaseModel

from debate.errors import DebateError
from debate.events import LetterWritten, PlanMade
from debate.run_names import EVENTS
from debate.trail import case_sentences, hypotheses_of, seat_name
from debate.transcripts import Run
from debate.words import sentences

# JSON writes these as they are, in whatever place they stand.
_PLAIN_WORD: Final = re.compile(r"[a-z0-9]{2,}")


@dataclass(frozen=True, slots=True)
class Hit:
    """A sentence of a run that has the phrase. `part` is "problem", "hypothesis", "plan", "step" or "answer".

    `where` says in words where it stands: the fact's id, the hypothesis and its seat, the step.
    """

    run: str
    part: str
    where: str
    sentence: str


def search(paths: Iterable[Path], phrase: str) -> Iterator[Hit]:
    """Hits in the run folders `paths`, in their order; folders that cannot be read have none."""
    wanted = " ".join(phrase.lower().split())
    words = [word.encode() for word in _PLAIN_WORD.findall(wanted)]
    for path in paths:
        try:
            journal = (path / EVENTS).read_bytes().lower()
            if not wanted or not all(word in journal for word in words):
                continue
            run = Run.load(path)
        except (OSError, DebateError):
            continue
        yield from (Hit(path.name, *found) for found in _texts(run) if wanted in found[2].lower())


def _texts(run: Run) -> Iterator[tuple[str, str, str]]:
    """Every sentence of a run: part, where, the sentence."""
    for id_, text in case_sentences(run).items():
        yield "problem", id_, text
    for said in hypotheses_of(run).values():
        where = f"{said.id}, {seat_name(run, said.seat)}"
        skipped = {"id", "seat", "cites"}
        yield from (("hypothesis", where, sentence) for sentence in _sentences(said, skipped))
    for made in run.of(PlanMade)[-1:]:
        yield from (
            ("plan", "the critic's record", each) for each in _sentences(made.plan, {"steps", "cites"})
        )
        for step in made.plan.steps:
            where = f"step {step.rank}, {step.title}"
            yield from (("step", where, each) for each in _sentences(step, {"hypotheses", "rank"}))
    for written in run.of(LetterWritten)[-1:]:
        yield from (("answer", "the letter", each) for each in _sentences(written.letter, set()))


def _sentences(said: BaseModel, skipped: set[str]) -> Iterator[str]:
    yield from _in(said.model_dump(mode="json", exclude=skipped))


def _in(value: object) -> Iterator[str]:
    if isinstance(value, str):
        yield from sentences(value)
    elif isinstance(value, dict):
        for name, each in value.items():
            if name != "unit":  # a word, no sentence
                yield from _in(each)
    elif isinstance(value, list):
        for each in value:
            yield from _in(each)
