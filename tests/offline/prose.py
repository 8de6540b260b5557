"""What a careful reader would mark in the texts of a debate, as sentences with the words around it."""

import re
from collections.abc import Iterator

from pydantic import BaseModel

from debate.contributions import Interval
from debate.words import sentences
from tests.offline.held import Held

#: Never in any text: stand-ins that were not filled, values that were not there, slips of the rules.
_SLIPS = (
    r"\[[a-z][a-z ]*\]",
    r"\bNone\b|\bnan\b|\binf\b|\bnull\b",
    r"unknown; the test",
    r"\ba number of\b",
    r"[.!?][.!?,;:]",
    r"[,;:][.,;:]",
    r"  ",
    r"\s[.,;:!?]",
    r"\(\s|\s\)|\(\)|“”",
    r"\b(the|a|an|it|is|of|to|at|that) \1\b",
    r"\b(?:the|an?|our) (?:the|an?|our)\b",
    r"\bthe (?:on|in|at|it|we|they|target|goal) where\b",
    r"(?<!at least )(?<!at most )(?<![\d.,])1 (?:days|weeks|gains|attempts|tickets)\b",
    r"\b(?:no|one) (?:gains|attempts|constraints)\b",
)
_RATE = re.compile(r"\d ?[A-Za-z]+/[a-z]+")
_OPENS = re.compile(r"[A-ZÄÖÜ0-9“\"`€$£~<>(]")
_CLOSES = re.compile(r"[.!?]['\"”’)]?\Z")
#: Fields that hold sentences; the others are clauses, names and ids.
_SENTENCES = """
    claim mechanism against test intervention effect rival diagnosis because alternative action stop_rule
    why rule what path safeguards fails_if attempts monday
""".split()  # noqa: SIM905 - a word list reads better as words
_CLAUSES_IN = frozenset(("merged", "set_aside", "constraints", "tried", "explains", "path"))


def texts(value: object, name: str = "", inside: str = "") -> Iterator[tuple[str, str, str]]:
    """Every text of a contribution with its field and the field it is part of."""
    if isinstance(value, str):
        yield inside, name, value
    elif isinstance(value, BaseModel) and not isinstance(value, Interval):
        for field in type(value).model_fields:
            yield from texts(getattr(value, field), field, inside or "")
    elif isinstance(value, list):
        for each in value:
            yield from texts(each, name, name)


def slips(text: str) -> list[str]:
    """The slips in one text, each with what stands around it."""
    return [
        text[max(0, m.start() - 25) : m.end() + 15]
        for slip in _SLIPS
        for m in re.finditer(slip, text, re.IGNORECASE if slip.islower() else re.NOFLAG)
    ]


def unfinished(text: str) -> list[str]:
    """The sentences of a text that do not open with a capital or do not close."""
    return [s for s in sentences(text) if not _OPENS.match(s) or not _CLOSES.search(s)]


def marks(held: Held) -> list[str]:
    """All that a reader would mark in hypotheses, plan, letter and answer."""
    found = []
    for contribution in (*held.hypotheses, held.plan, held.letter):
        for inside, name, text in texts(contribution):
            found += [f"{name}: {slip!r}" for slip in slips(text)]
            if name in _SENTENCES and inside not in _CLAUSES_IN:
                found += [f"{name}: {said!r} is no whole sentence" for said in unfinished(text)]
    for line in held.answer.splitlines()[1:]:  # the title is the card's
        found += [f"answer: {slip!r}" for slip in slips(line.removeprefix("- "))]
        found += [f"answer: {rate!r} is no way to say a rate" for rate in _RATE.findall(line)]
    return found


def repeated(held: Held, words: int) -> list[str]:
    """Sentences of `words` words or more that stand in more than one step of the letter."""
    said: dict[str, int] = {}
    for number, step in enumerate(held.letter.steps):
        for text in (step.title, step.what, step.measure, step.if_true, step.if_false, step.effect):
            for sentence in set(sentences(text)):
                if len(sentence.split()) >= words:
                    said.setdefault(sentence, number)
                    if said[sentence] != number:
                        said[sentence] = -1
    return [sentence for sentence, number in said.items() if number == -1]
