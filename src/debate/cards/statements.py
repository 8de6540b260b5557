"""Statements: what the visible parts of a card say, one sentence or list item each, with its line.

A sentence that only introduces a list ("The team has tried:") is no statement; it says what the list is
about and becomes the label of its items. Labels are the kinds of fact a card may keep anywhere: tried
things, constraints, success criteria.
"""

import re
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import accumulate, zip_longest

from debate.cards.cues import cue
from debate.cards.facts import FactKind
from debate.cards.markdown import (
    Block,
    CodeBlock,
    Line,
    ListBlock,
    ListItem,
    Paragraph,
    Quote,
    Table,
    plain,
    sections,
)
from debate.cards.quantities import find


@dataclass(frozen=True, slots=True)
class Statement:
    """One sentence or item in plain text. `label` is the kind its introduction gives it, or None."""

    text: str
    line: int
    label: FactKind | None = None


# Check marks, warning signs and the like; arrows are kept, they carry meaning.
_EMOJI = re.compile("[\u2600-\u2793\u2b00-\u2bff\ufe0f\u200d\U0001f000-\U0001faff]+ ?")
_TASK = re.compile(r"\A\[[ xX]\]\s+")
_HIDDEN = re.compile(r"`[^`]*`")
_END = re.compile(r"[.!?…][\"'”’)\]]*\s+(?=[\"'“‘„(`\[]?[A-ZÄÖÜ0-9€$£])")
_ABBREVIATION = re.compile(
    r"(?:\b(?:e\.g|i\.e|z\.\s?B|u\.a|d\.h|vs|approx|ca|no|nr|dr|mr|mrs|ms|prof|st|inc|avg|cf|etc)"
    r"|(?<![0-9] )\b(?:max|min|(?-i:[A-Z])))\.\s+\Z",
    re.IGNORECASE,
)
_TRIED = cue(
    "tried, attempted, experimented with, versucht, ausprobiert, probiert, previous attempts",
    "past attempts, earlier attempts, previous efforts, past efforts, previous measures",
    "bisherige versuche, bisherige massnahmen, bisherige maßnahmen",
)
_PASSIVE = cue("be tried, been tried, being tried, be attempted, been attempted")
_ATTEMPTS = re.compile(r"\Aattempts\b|\bso far\b.{0,40}:\Z", re.IGNORECASE)
_CONSTRAINT = re.compile(
    r"\A(?:\w+ ){0,3}(?:constraints?|limits|limitations|boundaries|restrictions|randbedingungen)\b"
    r"|\b(?:cannot|can't|must not|must|may not|not allowed|darf nicht|dürfen nicht)\b.{0,30}:\Z",
    re.IGNORECASE,
)
_CRITERION = re.compile(
    r"\A(?:\w+ ){0,3}(?:success|criteria|goals?|targets?|aims?|objectives?|ziele?|erfolgskriterien)\b"
    r"|\Aa good (?:solution|answer|outcome)\b",
    re.IGNORECASE,
)
_NAMED = re.compile(r"\A([A-Za-zäöüÄÖÜß' ]{3,40}?)\s*(?::|\s[–—-])\s+(?=\S)")
_COMMA = re.compile(r"`[^`]*`|[()\[\]]|[,;](?=\s)|\s\|\s")
_SEPARATOR = re.compile(r"`[^`]*`|[()\[\]]|[,;](?=\s)\s*(?:(?:and|und|or|oder)\s)?|\s(?:and|und)\s")
_LISTS = (ListBlock, CodeBlock, Quote, Table)
#: What people write as one statement is shorter, and so must be what agents cite.
LONGEST = 2_000
_LONGEST_NAME = 100
_LONGEST_PIECE = 90


def statements(blocks: Sequence[Block], label: FactKind | None = None) -> tuple[Statement, ...]:
    """Every statement of the blocks, in order. `label` holds where no introduction says otherwise."""
    return tuple(_walk(blocks, label))


def introduces(text: str) -> FactKind | None:
    """The kind of fact that a list after this sentence holds, or None."""
    if _ATTEMPTS.search(text) or (_TRIED.search(text) and (text.endswith(":") or not _PASSIVE.search(text))):
        return FactKind.TRIED
    if _CONSTRAINT.search(text):
        return FactKind.CONSTRAINT
    return FactKind.CRITERION if _CRITERION.search(text) else None


def tidy(text: str) -> str:
    """Text without check marks and task boxes."""
    return " ".join(_TASK.sub("", _EMOJI.sub("", text)).split())


def split_list(text: str, *, words: bool = True) -> list[str]:
    """A list written on one line, cut at commas and semicolons, with `words` at "and" too.

    Nothing is cut inside brackets or code spans.
    """
    pieces, depth, start = [], 0, 0
    for match in (_SEPARATOR if words else _COMMA).finditer(text):
        mark = match[0]
        if mark in "([":
            depth += 1
        elif mark in ")]":
            depth = max(0, depth - 1)
        elif not mark.startswith("`") and depth == 0:
            pieces.append(text[start : match.start()])
            start = match.end()
    pieces.append(text[start:])
    return [piece for each in pieces if (piece := each.strip(" .;,"))]


def _walk(blocks: Sequence[Block], label: FactKind | None, quoted: bool = False) -> Iterator[Statement]:
    carried = label
    for block, following in zip_longest(blocks, blocks[1:]):
        if not isinstance(block, Paragraph):
            yield from _inside(block, carried, quoted)
            carried = label
            continue
        own, carried = list(_sentences(block.lines, label)), label
        last = own[-1].text if own else ""
        if isinstance(following, _LISTS) and (last.endswith(":") or introduces(last)):
            carried = introduces(last) or label
            # An introduction with a figure of its own is a fact as well.
            own = own if find(last) and introduces(last) is None else own[:-1]
        yield from own


def _inside(block: Block, label: FactKind | None, quoted: bool) -> Iterator[Statement]:
    match block:
        case ListBlock():
            for item in block.items:
                yield from _item(item, label, quoted)
        case Quote():
            yield from _walk(block.blocks, label, quoted)
        case CodeBlock() if not quoted:
            yield from _walk(sections(block.text, block.line).everything(), label, quoted=True)
        case Table():
            for row in block.rows:
                cells = zip(block.header, row.cells, strict=False)
                yield from _statement(
                    "; ".join(f"{head}: {cell}" for head, cell in cells if cell), row.line, label
                )
        case _:
            yield from _statement(" ".join(block.text.split()), block.line, label)


def _item(item: ListItem, label: FactKind | None, quoted: bool) -> Iterator[Statement]:
    if label is FactKind.TRIED:
        yield from _statement(
            ": ".join(t for t in (item.text, " ".join(plain(item.blocks).split())) if t), item.line, label
        )
        return
    opens = item.text.endswith(":") and bool(item.blocks) and len(item.text) <= _LONGEST_NAME
    named = introduces(item.text) if opens else None
    if not opens:
        yield from _named(item.text, item.line, label)
    for inner in _walk(item.blocks, named or label, quoted):
        # "Team:" with items below it: each keeps the word it needs to be understood alone.
        text = f"{tidy(item.text)} {inner.text}" if opens and named is None else inner.text
        yield Statement(text, inner.line, inner.label)


def _sentences(lines: Sequence[Line], label: FactKind | None) -> Iterator[Statement]:
    """The sentences of a paragraph. A line that starts in bold begins a new one, and ends one."""
    starts = [
        n for n, line in enumerate(lines) if n == 0 or line.lead or lines[n - 1].lead == lines[n - 1].text
    ]
    for start, end in zip(starts, [*starts[1:], len(lines)], strict=True):
        text = " ".join(line.text for line in lines[start:end])
        offsets = list(accumulate((len(line.text) + 1 for line in lines[start:end]), initial=0))
        for at, sentence in cut(text):
            line = lines[start + bisect_right(offsets, at) - 1].line
            yield from _named(sentence, line, label)


def cut(text: str) -> Iterator[tuple[int, str]]:
    """The sentences of a text in one piece, each with where it starts."""
    hidden, start = _HIDDEN.sub(lambda match: "x" * len(match[0]), text), 0
    for match in _END.finditer(hidden):
        if match[0][0] == "." and _ABBREVIATION.search(hidden[max(0, match.start() - 8) : match.end()]):
            continue
        yield start, text[start : match.end()].strip()
        start = match.end()
    if text[start:].strip():
        yield start, text[start:].strip()


def _named(text: str, line: int, label: FactKind | None) -> Iterator[Statement]:
    """A statement. A name it starts with ("Constraints: …") labels it; a list of constraints is cut."""
    found = _NAMED.match(tidy(text))
    kind = introduces(found[1]) if found else None
    if found is None or kind is None:
        yield from _statement(text, line, label)
    elif kind is FactKind.CONSTRAINT:
        rest = tidy(text)[found.end() :]
        pieces = [each.strip(" .") for each in rest.split(";")] if ";" in rest else split_list(rest)
        short = all(len(each) <= _LONGEST_PIECE for each in pieces)
        for piece in pieces if short else [rest]:
            yield from _statement(piece, line, kind)
    else:
        yield from _statement(text, line, kind)


def _statement(text: str, line: int, label: FactKind | None) -> Iterator[Statement]:
    tidied = tidy(text)
    if any(char.isalnum() for char in tidied):
        yield Statement(tidied, line, label)
