"""The parts of a problem card, whatever its headings look like.

A part is what stands under a heading (or, in cards without headings, after a bold name) that we know. Parts
before the answer-key wall may be shown to agents; those behind it may not. What stands inside a part behind
the wall stays there, whatever its sub-headings are called. Text under an unknown heading is used nowhere,
and reported.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from debate.cards.markdown import Block, Line, ListBlock, ListItem, Paragraph, Section
from debate.errors import Fault

#: Names of the parts, as headings and bold leads write them.
NAMES: dict[str, tuple[str, ...]] = {
    "id": ("problem id", "id", "card id"),
    "domain": ("domain", "area"),
    "title": ("title",),
    "context": ("context", "background", "situation"),
    "challenge": ("challenge", "problem", "problem statement"),
    "tried": ("what was tried", "what we tried", "what has been tried", "tried", "tried so far",
              "already tried", "attempts", "previous attempts", "past attempts"),
    "constraints": ("constraints", "constraint", "limits"),
    "criteria": ("success criteria", "success criterion", "success", "criteria", "goal", "goals"),
    "prompt": ("prompt for agent", "prompt", "agent prompt", "question"),
    "relevance": ("expected lens relevance", "expected lenses", "lens relevance", "relevant lenses",
                  "lenses"),
    "baseline": ("baseline solution pattern", "baseline solution", "baseline pattern", "baseline answer",
                 "baseline"),
    "target": ("target solution pattern", "target solution", "target pattern", "target answer",
               "target"),
    "notes": ("evaluation notes", "evaluation", "notes"),
    "rubric": ("scoring rubric", "rubric", "scoring"),
}  # fmt: skip
#: Parts that no agent may see.
KEY = ("relevance", "baseline", "target", "notes", "rubric")
# A second one of these would silently win over the first or be lost.
_ONCE = ("id", "domain", "title", "prompt", "relevance", "baseline", "target")

_PARTS = {alias: name for name, aliases in NAMES.items() for alias in aliases}
_OPENING = ("context", "challenge", "constraints")
# These hold one line; what follows it in another block is not theirs.
_SHORT = ("id", "domain", "title")
_NUMBERING = re.compile(r"\A(?:[0-9]+[.)]|[ivx]+[.)])\s+")
_LEVEL = re.compile(r"\A(?:high|medium|low)(?: relevance)?\s*:?\s*\Z", re.IGNORECASE)
_PLAIN_NAME = re.compile(r"([A-Za-z][A-Za-z ]{1,30}?)\s*[:–—]\s*(?=\S|\Z)")
_LEVELS_FOLLOW = re.compile(r"\A\W*(?:high|medium|low)(?: relevance)?\s*[:=–—]", re.IGNORECASE)


@dataclass(slots=True)
class Part:
    """One part: its name (a key of NAMES), its heading's line, and its blocks."""

    name: str
    line: int
    blocks: list[Block] = field(default_factory=list)


@dataclass(slots=True)
class Parts:
    """All parts of one card. `heading` is its first heading that names no part: the title's fallback."""

    heading: str = ""
    found: list[Part] = field(default_factory=list)
    preamble: list[Block] = field(default_factory=list)
    faults: list[Fault] = field(default_factory=list)
    warnings: list[Fault] = field(default_factory=list)

    def of(self, *names: str) -> list[Part]:
        """The parts called by any of `names`, in the card's order."""
        return [part for part in self.found if part.name in names]

    def blocks(self, *names: str) -> tuple[Block, ...]:
        """Their blocks in one row."""
        return tuple(block for part in self.of(*names) for block in part.blocks)

    def line(self, name: str) -> int:
        """Line of the first part called `name`, 1 when there is none."""
        return next((part.line for part in self.of(name)), 1)


def recognise(title: str) -> str:
    """The part a heading names, or ""."""
    folded = re.sub(r"[^\w ]+", " ", _NUMBERING.sub("", title.casefold()))
    words = " ".join(folded.split()).removeprefix("the ")
    if words in _PARTS:
        return _PARTS[words]
    # "Challenge: stuck at the gate", "Target Solution (Pace Layering)"; other single words start too much
    # else.
    longer = [a for a in _PARTS if words.startswith(a + " ") and (" " in a or a in _OPENING)]
    return _PARTS[max(longer, key=len)] if longer else ""


def read_parts(root: Section) -> Parts:
    """Sort a card's sections into parts. Faults: a part that may stand only once stands twice."""
    parts = Parts()
    _visit(root, "", parts)
    seen: dict[str, int] = {}
    for part in parts.found:
        if part.name in _ONCE and part.name in seen:
            first = f"the first is in line {seen[part.name]}"
            message = f"found a second part '{NAMES[part.name][0]}' ({first}); expected one"
            parts.faults.append(Fault(part.line, message))
        seen.setdefault(part.name, part.line)
    return parts


def _visit(section: Section, inside: str, parts: Parts) -> None:
    name = recognise(section.title)
    if inside in KEY and name not in KEY:
        if section.title:
            heading = Line(section.title, section.title, section.line)
            parts.found[-1].blocks.append(Paragraph(section.title, section.title, section.line, (heading,)))
        parts.found[-1].blocks.extend(section.blocks)
        name = inside
    elif name:
        parts.found.append(Part(name, section.line))
        _sort(section.blocks, parts, parts.found[-1])
        name = parts.found[-1].name if parts.found[-1].name in KEY else name
    elif inside:
        _sort(section.blocks, parts, parts.found[-1])
        name = inside
    elif section.level == 0 or not parts.heading:
        parts.heading = section.title
        _sort(section.blocks, parts, None)
    else:
        known = ", ".join(aliases[0] for aliases in NAMES.values())
        message = (
            f"found heading {section.title!r}, which names no part, so its text is not used; known: {known}"
        )
        parts.warnings.append(Fault(section.line, message))
    for child in section.sections:
        _visit(child, name, parts)


def _sort(blocks: tuple[Block, ...], parts: Parts, part: Part | None) -> None:
    """Blocks go to `part`, or to the preamble, until a bold name opens a part of its own."""
    for block in blocks:
        if part and part.name in _SHORT and part.blocks:
            part = None
        for name, line, kept in _split(block, part.name if part else ""):
            if name and not (part and part.name == name == "relevance"):
                part = Part(name, line)
                parts.found.append(part)
            (part.blocks if part else parts.preamble).extend(kept)


def _split(block: Block, inside: str) -> Iterator[tuple[str, int, list[Block]]]:
    """A block cut where names of parts stand: name ("" before the first), line, what belongs to it."""
    if isinstance(block, Paragraph):
        lines = block.lines
        starts = [n for n, line in enumerate(lines) if n == 0 or _name_of(line, inside)]
        for start, end in zip(starts, [*starts[1:], len(lines)], strict=True):
            name, own = _name_of(lines[start], inside), list(lines[start:end])
            if name and not _is_level(lines[start]):
                own[0] = Line(_rest(lines[start]), "", lines[start].line)
            own = [line for line in own if line.text]
            yield name, lines[start].line, [_paragraph(own)] if own else []
    elif isinstance(block, ListBlock) and any(_name_of(item, inside) for item in block.items):
        for item in block.items:
            if (name := _name_of(item, inside)) and not _is_level(item):
                own = [Line(rest, "", item.line)] if (rest := _rest(item)) else []
                yield name, item.line, [*([_paragraph(own)] if own else []), *item.blocks]
            else:
                yield name, item.line, [ListBlock((item,), block.ordered, item.line)]
    else:
        yield "", block.line, [block]


def _paragraph(lines: list[Line]) -> Paragraph:
    return Paragraph(" ".join(line.text for line in lines), lines[0].lead, lines[0].line, tuple(lines))


def _name_of(line: Line | ListItem, inside: str) -> str:
    """The part a line opens. Inside a part only longer names of the wall do: `**Target:** 5 ms` is a fact.

    A bold level (`**High:** A, B`) opens the relevance list wherever it stands: left where it is, it would
    tell agents which lenses are meant to help. Behind the wall `Lens Relevance` is also a criterion that
    answers are rated by: there the list begins only where nothing or a level follows.
    """
    if inside not in KEY and _is_level(line):
        return "relevance"
    found = _PLAIN_NAME.match(line.text)
    said = line.lead or (found[1] if found else "")
    name = recognise(said)
    if name == "relevance" and inside in KEY:
        rest = _rest(line) or said.partition(":")[2].strip()
        if rest and not _LEVELS_FOLLOW.match(rest):
            return ""
    return name if not inside or (name in KEY and " " in said.strip()) else ""


def _is_level(line: Line | ListItem) -> bool:
    return _LEVEL.match(line.lead) is not None


def _rest(line: Line | ListItem) -> str:
    found = _PLAIN_NAME.match(line.text)
    return line.rest if line.lead or not found else line.text[found.end() :]
