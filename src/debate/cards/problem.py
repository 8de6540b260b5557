"""Problem cards: a stuck problem as Markdown, in the long dialect, the short one, and anything between.

What agents may see (title, domain, facts, the owner's question) and what only the judge may see (expected
lens relevance, baseline, target, evaluation notes, rubric) are two parts of one card.
`ProblemCard.answer_key` is all of the second part as text: the leak test holds every rendered prompt
against it.

A card needs an id (or a file name that is one), a title and at least one fact. A card without known answers
can be debated; the judge abstains, and `warnings` says so.
"""

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from functools import lru_cache
from pathlib import Path
from typing import Any

from debate.cards.evidence import gather
from debate.cards.facts import Fact, FactKind, Reading
from debate.cards.markdown import Block, CodeBlock, Table, digest, front_matter, plain, sections, valid_id
from debate.cards.parts import KEY, Parts, read_parts
from debate.cards.patterns import CRITERIA, Pattern, Rating, RubricRow, read_pattern, read_rubric, unquoted
from debate.cards.readings import readings
from debate.cards.relevance import Relevance, read_relevance
from debate.cards.statements import LONGEST
from debate.cards.writing import unwritten
from debate.errors import CardError, Fault

__all__ = ["Pattern", "ProblemCard", "Rating", "Relevance", "RubricRow", "parse_problem"]

# More than this is no case but an archive, and no prompt carries it.
MAX_VISIBLE = 30_000
MAX_FACTS = 300
_CARD = re.compile(r"\A(?:problem|problem card|case)\s*[:–—]\s*", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class ProblemCard:
    """A parsed problem card.

    `origin` is "built-in", "overlay" or "file"; `sha256` is of the normalised text
    (`debate.cards.markdown.digest`). `rubric` is empty when the card has none: then the default one
    applies. `warnings` are worth telling and no faults.
    """

    id: str
    domain: str
    title: str
    facts: tuple[Fact, ...]
    readings: tuple[Reading, ...]
    question: str
    relevance: tuple[Relevance, ...]
    baseline: Pattern
    target: Pattern
    notes: str
    rubric: tuple[RubricRow, ...]
    path: Path
    origin: str
    sha256: str
    answer_key: str = field(repr=False, default="")
    warnings: tuple[Fault, ...] = ()

    def __hash__(self) -> int:
        return hash(self.sha256)

    def of(self, kind: FactKind) -> tuple[Fact, ...]:
        """Facts of one kind, in the card's order."""
        return tuple(fact for fact in self.facts if fact.kind is kind)

    def fact(self, id_: str) -> Fact | Reading | None:
        """The fact or reading called `id_`, or None."""
        known: tuple[Fact | Reading, ...] = (*self.facts, *self.readings)
        return next((fact for fact in known if fact.id == id_), None)


# A server or a study reads its cards for every debate.
@lru_cache(maxsize=64)
def parse_problem(text: str, path: Path, origin: str) -> ProblemCard:
    """A problem card from its normalised text (see `read_text`). CardError holds every fault of the file."""
    data, body, first_line = front_matter(text, path)
    parts = read_parts(sections(body, first_line))
    faults = [*parts.faults, *_unwritten(text)]
    identity = _Identity(parts, data, path, faults)
    facts = _facts(parts, faults)
    relevance, wrong = read_relevance(parts.blocks("relevance"))
    faults += wrong
    rubric, wrong = read_rubric(parts.blocks("notes", "rubric"))
    faults += wrong
    criteria = tuple(dict.fromkeys((*CRITERIA, *(row.criterion for row in rubric))))
    baseline, wrong = read_pattern(parts.blocks("baseline"), parts.line("baseline"), criteria)
    faults += wrong
    target, wrong = read_pattern(parts.blocks("target"), parts.line("target"), criteria)
    faults += wrong
    if faults:
        raise CardError(path, faults)  # before the readings: they take time with thousands of facts
    card = ProblemCard(
        id=identity.id,
        domain=identity.domain,
        title=identity.title,
        facts=facts,
        readings=readings(facts),
        question=_question(parts),
        relevance=relevance,
        baseline=baseline,
        target=target,
        notes=plain([block for block in parts.blocks("notes") if not isinstance(block, Table)]),
        rubric=rubric,
        path=path,
        origin=origin,
        sha256=digest(text),
        answer_key=plain(parts.blocks(*KEY)),
    )
    return replace(card, warnings=tuple(_warnings(card, parts)))


def _unwritten(text: str) -> Iterator[Fault]:
    """What a draft leaves open: sentences nobody has written must not reach anybody as facts."""
    for line, what in unwritten(text):
        yield Fault(line, f"still to be written: {what}; write it, or take it out")


class _Identity:
    """Id, domain and title, from their sections, the front matter, the first heading or the file's name."""

    def __init__(self, parts: Parts, data: dict[str, Any], path: Path, faults: list[Fault]) -> None:
        self._parts, self._data = parts, data
        self.id = self._word("id")
        self.domain = self._word("domain")
        self.title = self._word("title") or _CARD.sub("", " ".join(parts.heading.split()))
        allowed = (
            "lower-case letters, digits, '-' and '_', at most 64, starting and ending with a letter or digit"
        )
        if not self.id and valid_id(path.stem):
            self.id = path.stem
        elif not self.id:
            message = f"found no problem id, and {path.stem!r} cannot be one; expected a section 'Problem ID'"
            faults.append(Fault(1, message))
        elif not valid_id(self.id):
            line = next((block.line for block in parts.blocks("id")), 1)
            dash = next((char for char in self.id if unicodedata.category(char) == "Pd" and char != "-"), "")
            named = f"; its {dash!r} is {_a_name(dash)}: write '-'" if dash else ""
            faults.append(Fault(line, f"found problem id {self.id[:80]!r}; expected {allowed}{named}"))
        if not self.title:
            faults.append(Fault(1, "found no title; expected a section 'Title' or a heading at the top"))

    def _word(self, name: str) -> str:
        """First line of a part, without backticks; else the front matter's value."""
        lines = plain(self._parts.blocks(name)).strip().split("\n")
        text = lines[0].removeprefix("- ").strip("` \t")
        value = self._data.get(name) or self._data.get("problem id" if name == "id" else name) or ""
        return text or (" ".join(value.split()) if isinstance(value, str) else "")


def _a_name(char: str) -> str:
    name = unicodedata.name(char, "another character").lower()
    return f"{'an' if name[0] in 'aeiou' else 'a'} {name}"


def _facts(parts: Parts, faults: list[Fault]) -> tuple[Fact, ...]:
    visible = ("context", "challenge", "tried", "constraints", "criteria", "prompt")
    size = len(plain((*parts.preamble, *parts.blocks(*visible))))
    if size > MAX_VISIBLE:
        message = f"found {size:,} characters outside the answer key; a card has at most {MAX_VISIBLE:,}"
        faults.append(Fault(min((part.line for part in parts.of(*visible)), default=1), message))
        return ()
    facts = gather(parts)
    if not facts:
        message = "found no fact; expected sentences or lists under 'Context' and 'Challenge'"
        faults.append(Fault(parts.line("challenge"), message))
    if len(facts) > MAX_FACTS:
        message = f"found {len(facts)} facts; a card has at most {MAX_FACTS}"
        faults.append(Fault(facts[MAX_FACTS].line, message))
    for fact in facts:
        if len(fact.text) > LONGEST:
            found = f"found a statement of {len(fact.text):,} characters"
            faults.append(Fault(fact.line, f"{found}; a fact has at most {LONGEST:,}: cut it in two"))
    return facts


def _question(parts: Parts) -> str:
    """What the owner asks: the prompt (fenced, if it is), else the challenge."""
    blocks: tuple[Block, ...] = parts.blocks("prompt") or parts.blocks("challenge")
    fenced = [block for block in blocks if isinstance(block, CodeBlock)]
    return unquoted(plain(fenced or blocks))


def _warnings(card: ProblemCard, parts: Parts) -> Iterator[Fault]:
    yield from parts.warnings
    if parts.preamble and parts.of("context"):
        line = parts.preamble[0].line
        yield Fault(line, "text before the first part is not used; put it under 'Context'")
    for kind, section in (
        (FactKind.CHALLENGE, "Challenge"),
        (FactKind.TRIED, "tried things in 'Challenge'"),
        (FactKind.CONSTRAINT, "Constraints"),
        (FactKind.CRITERION, "Success Criteria"),
    ):
        if not card.of(kind):
            yield Fault(1, f"the card states nothing of this kind: {section}")
    if not card.relevance:
        message = "no lens is named under 'Expected Lens Relevance'; choose the panel with --lenses"
        yield Fault(parts.line("relevance"), message)
    for name, pattern in (("Baseline", card.baseline), ("Target", card.target)):
        if not pattern.text:
            yield Fault(pattern.line, f"no '{name} Solution': the judge cannot compare and will abstain")
    if card.baseline.text and card.target.text:
        names = [row.criterion for row in card.rubric] or list(CRITERIA)
        unrated = [n for n in names if not (card.baseline.rating(n) and card.target.rating(n))]
        if unrated:
            message = f"not rated on both known answers: {', '.join(unrated)}; the ends of the scale stand in"
            yield Fault(card.target.line, message)
