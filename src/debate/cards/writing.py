"""Writing a problem card: the long dialect, from what is known of a case.

What is given is written so that the parser reads it back as it was said: a line that Markdown or the part
names would take for something else is escaped, or put in quotes. What is not known yet stands in its place
as a line that begins with `UNWRITTEN`; the parser refuses a card with such lines and names each.
"""

import re
import unicodedata
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from debate.cards.markdown import ListBlock, plain, sections, valid_id
from debate.cards.parts import read_parts, recognise
from debate.sanitize import plain as harmless

UNWRITTEN = "(to write)"

# Where it stands for a missing line: at the start of one, or behind the name of what it is about.
_TO_WRITE = re.compile(rf"(?:\A\s*(?:#+|[-*>]|[0-9]+[.)])?\s*|:\s){re.escape(UNWRITTEN)}\s*(?P<what>.*)\Z")
_MARKUP = re.compile(r"([\\`*_<>\[\]&~|#!+-])")
_HEADINGS = {
    "context": "Context",
    "challenge": "Challenge",
    "tried": "What was tried",
    "constraints": "Constraints",
    "criteria": "Success Criteria",
    "prompt": "Prompt for Agent",
    "relevance": "Expected Lens Relevance",
    "baseline": "Baseline Solution Pattern",
    "target": "Target Solution Pattern",
}
_LISTED = ("context", "challenge", "tried", "constraints", "criteria")
_LONGEST_ID = 48


@dataclass(frozen=True, slots=True)
class Answer:
    """A known answer as its author writes it: the text, and ratings such as "Originality: 2-3/10"."""

    text: str = ""
    ratings: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Sheet:
    """What a card is to say.

    `missing` maps a part (a key of `parts.NAMES`) to what is still to be written there; `lenses` maps
    "high", "medium" and "low" to names of lenses.
    """

    id: str
    title: str = ""
    domain: str = ""
    context: tuple[str, ...] = ()
    challenge: tuple[str, ...] = ()
    tried: tuple[str, ...] = ()
    constraints: tuple[str, ...] = ()
    criteria: tuple[str, ...] = ()
    question: str = ""
    lenses: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    baseline: Answer = Answer()
    target: Answer = Answer()
    missing: Mapping[str, tuple[str, ...]] = field(default_factory=dict)


def problem_text(sheet: Sheet) -> str:
    """The card. Parts of which nothing is known and nothing is asked are left out."""
    title = _line(sheet.title) if sheet.title else " ".join((UNWRITTEN, *sheet.missing.get("title", ())))
    # A title such as "Goals" would be taken for a part where titles mostly stand.
    blocks = [f"## Title\n{title}" if recognise(sheet.title) else f"# {title}"]
    blocks.append(f"## Problem ID\n`{sheet.id}`")
    domain = [_line(sheet.domain)] if sheet.domain else _unwritten(sheet, "domain")
    blocks += ["\n".join(["## Domain", *domain])] if domain else []
    for part in _LISTED:
        items: tuple[str, ...] = getattr(sheet, part)
        lines = [*(f"- {_line(item)}" for item in items), *(f"- {w}" for w in _unwritten(sheet, part))]
        if lines:
            blocks.append("\n".join([f"## {_HEADINGS[part]}", *lines]))
    asked = [_fenced(sheet.question)] if sheet.question else _unwritten(sheet, "prompt")
    blocks += ["\n\n".join([f"## {_HEADINGS['prompt']}", *asked])] if asked else []
    if any(sheet.lenses.values()):
        levels = [
            "\n".join([f"**{level.capitalize()} relevance:**", *(f"- {_line(name)}" for name in names)])
            for level, names in sheet.lenses.items()
            if names
        ]
        blocks.append("\n\n".join([f"## {_HEADINGS['relevance']}", *levels]))
    for part, answer in (("baseline", sheet.baseline), ("target", sheet.target)):
        if answer.text:
            rated = ["\n".join(f"- {rating}" for rating in answer.ratings)] if answer.ratings else []
            blocks.append("\n\n".join([f"## {_HEADINGS[part]}", _fenced(answer.text), *rated]))
    return "\n\n".join(blocks) + "\n"


def unwritten(text: str) -> Iterator[tuple[int, str]]:
    """Lines, from 1, on which something is still to be written, and what."""
    for number, line in enumerate(text.split("\n"), 1):
        if UNWRITTEN in line and (found := _TO_WRITE.search(line)) is not None:
            yield number, found["what"].strip(" .")


def slug(title: str, domain: str = "") -> str:
    """An id made of a title, after its domain as the shipped cards have it; "" when no letter is left."""
    name, before = (_ascii(text) for text in (title, domain))
    room = _LONGEST_ID - len(before)
    cut = name if len(name) <= room else name[: room + 1].rpartition("-")[0] or name[:room]
    made = f"{before}_{cut}" if before and cut else cut
    return made if valid_id(made) else ""


def _ascii(text: str) -> str:
    spelt = text.casefold().translate({0xE4: "ae", 0xF6: "oe", 0xFC: "ue", 0xDF: "ss"})
    letters = unicodedata.normalize("NFKD", spelt).encode("ascii", "ignore").decode()
    return "-".join(re.findall(r"[a-z0-9]+", re.sub(r"['`]", "", letters)))


def _unwritten(sheet: Sheet, part: str) -> list[str]:
    return [f"{UNWRITTEN} {what}" for what in sheet.missing.get(part, ())]


def _line(text: str) -> str:
    """One line of Markdown that is read back as this text."""
    said = " ".join(harmless(text).split())
    if _read_back(said) == said:
        return said
    escaped = _MARKUP.sub(r"\\\1", said)
    escaped = re.sub(r"\A([0-9]+)([.)])", r"\1\\\2", escaped)
    return escaped if _read_back(escaped) == said else f"“{said}”"


def _read_back(line: str) -> str | None:
    """The text of a list item written as `line`; None where it would be read as anything but one item."""
    parts = read_parts(sections(f"## Context\n\n- {line}\n"))
    blocks = parts.blocks("context")
    if len(parts.found) != 1 or len(blocks) != 1 or parts.preamble:
        return None
    (block,) = blocks
    alone = isinstance(block, ListBlock) and len(block.items) == 1 and not block.items[0].blocks
    return plain(blocks).removeprefix("- ") if alone else None


def _fenced(text: str) -> str:
    said = harmless(text).strip()
    longest = max((len(run) for run in re.findall(r"`{3,}", said)), default=2)
    fence = "`" * (longest + 1)
    return f"{fence}\n{said}\n{fence}"
