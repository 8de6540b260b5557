"""The answer letter as the page shows it: its own words, with the judges' quotes marked in them."""

from dataclasses import dataclass

from debate.contributions import Letter
from debate.letters import closed, days_text, outcome
from debate.pages.marks import Marker, Piece

Pieces = tuple[Piece, ...]


@dataclass(frozen=True, slots=True)
class AnswerStep:
    """A step as its owner reads it."""

    title: Pieces
    what: Pieces
    effort: str
    measure: Pieces
    outcomes: tuple[Pieces, ...]
    effect: Pieces


@dataclass(frozen=True, slots=True)
class Section:
    """A heading of the letter with paragraphs, or with points."""

    heading: str
    paragraphs: tuple[Pieces, ...] = ()
    points: tuple[Pieces, ...] = ()
    steps: tuple[AnswerStep, ...] = ()


@dataclass(frozen=True, slots=True)
class Answer:
    """The letter. Sections nobody filled are left out."""

    diagnosis: Pieces
    why: tuple[Pieces, ...]
    rule: Pieces
    sections: tuple[Section, ...]


def answer_of(letter: Letter, marker: Marker) -> Answer:
    """The letter with marks, in the order it is read."""
    diagnosis = marker.pieces(letter.diagnosis)
    why = marker.paragraphs(letter.why)
    attempts = tuple(marker.pieces(text) for text in letter.attempts)
    rule = marker.pieces(letter.rule)
    steps = tuple(
        AnswerStep(
            marker.pieces(step.title),
            marker.pieces(closed(step.what)),
            f"{step.who}, {days_text(step.days)}",
            marker.pieces(closed(step.measure)),
            tuple(marker.pieces(closed(outcome(side))) for side in (step.if_true, step.if_false)),
            marker.pieces(closed(step.effect)),
        )
        for step in letter.steps
    )
    sections = (
        Section("Why what you tried fell short", points=attempts),
        Section("Steps", steps=steps),
        Section("How this reaches the target", marker.paragraphs(letter.path)),
        Section("What stays protected", marker.paragraphs(letter.safeguards)),
        Section("What would make this fail", marker.paragraphs(letter.fails_if)),
        Section("On Monday", points=tuple(marker.pieces(text) for text in letter.monday)),
    )
    filled = tuple(each for each in sections if each.paragraphs or each.points or each.steps)
    return Answer(diagnosis, why, rule, filled)
