"""An answer as the judge reads it: claims and entries in plain text, whatever the Markdown around them.

A *claim* is a sentence or a list item that says something. An *entry* is what a reader sees as one proposal
or one point: a list item with all below it, a numbered section or paragraph, a table row. Both know the words
that introduce them (the line ending in a colon, else the heading), which tell a step from a reason. Sentences
addressed to the judge are cut out before anything is read, so an order moves nothing. What is left out on
purpose: program code, emphasis, and the order of sections.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache

from debate.cards.blocks import Block, CodeBlock, ListBlock, ListItem, Paragraph, Quote, Section, Table
from debate.cards.markdown import sections
from debate.judging.orders import is_order, without_orders
from debate.judging.sentences import sentences
from debate.judging.words import GENERIC, content, figures, fold

MAX_ANSWER = 1 << 16  # characters; what comes after them is not read
_MAX_DEPTH = 8

_BULLET = re.compile(r"^([ \t]*)(?:[•‣◦▪·–—]|✅|✔️?|→)[ \t]+", re.MULTILINE)
_NUMBERED = re.compile(
    r"\A\W{0,3}(?:(?:(?:step|phase|week|action)\s*)?#?\d{1,2}\s*[.):–—-]|\(?[a-h]\))\s+\S", re.IGNORECASE
)
_ORDINAL = re.compile(
    r"\A\W{0,3}(?:first|second|third|fourth|fifth|sixth|then|next|finally|lastly)(?:ly)?\b\s*[,:]",
    re.IGNORECASE,
)
_CODE = re.compile(
    r"[;{}]\s*$|==|=>|^\s*(?:def|class|import|from|SELECT|INSERT|CREATE|const|let|var|#include|\$)\b"
)


@dataclass(frozen=True, slots=True)
class Claim:
    """One sentence or item. `stems` are its distinct content stems, `figures` its numbers as digits; `lead`
    is what introduces it; `top` for a list item that is not inside another; `within` the text of the entry it
    is a part of, "" for one that stands alone.
    """

    text: str
    stems: tuple[str, ...]
    lead: str
    top: bool = False
    within: str = ""
    figures: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Entry:
    """One proposal or point with everything below it. `title` is its first sentence or bold lead; `numbered`
    for one that a number or an ordinal opens.
    """

    title: str
    text: str
    lead: str
    kind: str  # "item", "section", "paragraph" or "row"
    numbered: bool = False


@dataclass(frozen=True, slots=True)
class Part:
    """A piece of the text as it stands: an entry, or what stands between entries. `heads` for a heading or a
    line that introduces what follows.
    """

    text: str
    entry: Entry | None = None
    heads: bool = False


@dataclass(frozen=True, slots=True, eq=False)
class Answer:
    """What the judge sees of an answer. `parts` are all of it in the order of the text, program code too.
    `orders` were taken out of it; `cut` when it was too long. Compared by identity.
    """

    claims: tuple[Claim, ...]
    entries: tuple[Entry, ...]
    paragraphs: tuple[Entry, ...]
    parts: tuple[Part, ...]
    orders: tuple[str, ...]
    cut: bool


# The known answers of a card are read for every set of lenses it is judged beside.
@lru_cache(maxsize=64)
def read(markdown: str) -> Answer:
    """Any text as claims and entries. Never fails; an empty text has neither."""
    text = markdown[:MAX_ANSWER].replace("\r\n", "\n").replace("\r", "\n")
    cleaned, orders = without_orders(unquoted(text))
    reader = _Reader()
    reader.section(sections(_BULLET.sub(r"\1- ", cleaned)), "", 0)
    # Said twice is said once: repeating a sentence or a step is no more of an answer.
    claims = {fold(c.text): c for c in reversed(reader.claims) if c.stems}
    entries = {fold(e.text): e for e in reversed(reader.entries)}
    return Answer(
        claims=tuple(reversed(claims.values())),
        entries=tuple(reversed(entries.values())),
        paragraphs=tuple(reader.paragraphs),
        parts=tuple(part for part in reader.parts if part.text.strip()),
        orders=orders,
        cut=len(markdown) > MAX_ANSWER,
    )


def unquoted(text: str) -> str:
    """Without one pair of quotation marks around the whole."""
    bare = text.strip()
    pairs = {'"': '"', "“": "”", "«": "»"}
    if len(bare) > 1 and pairs.get(bare[0]) == bare[-1] and bare.count(bare[0]) <= 2:
        return bare[1:-1]
    return text


class _Reader:
    """Walks sections and collects claims and entries."""

    def __init__(self) -> None:
        self.claims: list[Claim] = []
        self.entries: list[Entry] = []
        self.paragraphs: list[Entry] = []
        self.parts: list[Part] = []
        self._within = ""

    def section(self, section: Section, parent: str, depth: int) -> None:
        path = f"{parent} / {section.title}".strip(" /") if section.title else parent
        if section.title and _NUMBERED.match(section.title):
            blocks = section.everything()
            entry = Entry(section.title, _text(section.title, blocks), parent, "section", True)
            self._enter(entry, "\n".join(_titled(section)))
            self._inside(self.entries[-1].text, blocks, path, depth)
            return
        self.parts.append(Part(section.title, heads=True))
        self.blocks(section.blocks, path, depth, enter=True)
        for child in section.sections:
            self.section(child, path, depth)

    def blocks(self, blocks: Sequence[Block], lead: str, depth: int, *, enter: bool) -> None:
        """Claims of all blocks; entries too when `enter` (inside an entry nothing is an entry of its own)."""
        if depth > _MAX_DEPTH:
            self._pass(_text("", blocks), enter=enter)
            return
        intro, at = lead, 0
        while at < len(blocks):
            block, at = blocks[at], at + 1
            if isinstance(block, Paragraph):
                length = _details(block, blocks[at:]) if enter else None
                if length is not None:
                    self._step(block, blocks[at : at + length], lead, depth)
                    at += length
                else:
                    self._paragraph(block, lead, enter=enter)
                intro = f"{lead} / {block.text}" if block.text.endswith(":") else lead
            else:
                self._block(block, intro, depth, enter=enter)

    def _block(self, block: Block, lead: str, depth: int, *, enter: bool) -> None:
        match block:
            case ListBlock():
                for item in block.items:
                    self._item(item, lead, depth, enter=enter)
            case Table():
                self._table(block, lead, enter=enter)
            case Quote():
                self.blocks(block.blocks, lead, depth + 1, enter=enter)
            case CodeBlock() if _is_prose(block.text):
                inner = sections(unquoted(block.text).replace("\n    ", "\n"))
                for part in inner.walk():
                    self._pass(part.title, enter=enter, heads=True)
                    self.blocks(part.blocks, part.title or lead, depth + 1, enter=enter)
            case CodeBlock():
                self._pass(block.text, enter=enter)

    def _enter(self, entry: Entry, text: str = "") -> None:
        self.entries.append(entry)
        self.parts.append(Part(text or entry.text, entry))

    def _pass(self, text: str, *, enter: bool, heads: bool = False) -> None:
        """Note what is no entry; inside one it is a part of it already."""
        if enter:
            self.parts.append(Part(text, heads=heads))

    def _inside(self, whole: str, blocks: Sequence[Block], lead: str, depth: int) -> None:
        """Claims of what is inside an entry."""
        before, self._within = self._within, self._within or whole
        self.blocks(blocks, lead, depth, enter=False)
        self._within = before

    def _step(self, head: Paragraph, details: Sequence[Block], lead: str, depth: int) -> None:
        whole = _text(head.text, details)
        self._enter(Entry(head.lead or _first(head.text), whole, lead, "paragraph", True))
        self._say(head.text, lead, within=whole if details else "")
        self._inside(whole, details, lead, depth)

    def _paragraph(self, block: Paragraph, lead: str, *, enter: bool) -> None:
        lines = [line.text for line in block.lines]
        if len(lines) > 1 and _are_items(lines):
            for line in lines:
                self._say(line, lead, top=True)
                if enter:
                    self._enter(Entry(line, line, lead, "item"))
            return
        self._say(block.text, lead)
        self._pass(block.text, enter=enter, heads=block.text.endswith(":"))
        if enter and block.text:
            self.paragraphs.append(Entry(_first(block.text), block.text, lead, "paragraph"))

    def _item(self, item: ListItem, lead: str, depth: int, *, enter: bool) -> None:
        whole = _text(item.text, item.blocks)
        self._say(item.text, lead, top=enter, within=whole if item.blocks else "")
        if enter and item.text:
            title = item.lead or _first(item.text)
            self._enter(Entry(title, whole, lead, "item", item.number is not None))
        else:
            self._pass(whole, enter=enter)
        self._inside(whole, item.blocks, f"{lead} / {item.text}" if enter else lead, depth + 1)

    def _table(self, table: Table, lead: str, *, enter: bool) -> None:
        if not table.rows:
            self._pass(". ".join(cell for cell in table.header if cell), enter=enter)
        for row in table.rows:
            named = [f"{h}: {c}" if h else c for h, c in zip(table.header, row.cells, strict=False) if c]
            text = ". ".join(named)
            self._say(text, lead, top=enter)
            if enter and text:
                self._enter(Entry(next((c for c in row.cells if c), ""), text, lead, "row"))

    def _say(self, text: str, lead: str, *, top: bool = False, within: str = "") -> None:
        """Claims of one piece. Fragments ("Days: 1") and sentences that would fit any case are none."""
        for n, sentence in enumerate(sentences(text)):
            if is_order(sentence):
                continue
            found, numbers = content(sentence), figures(sentence)
            first = top and n == 0
            least = 3 if self._within or within else 2
            says = numbers or not GENERIC.issuperset(found)
            if first or (says and len(found) + len(numbers) >= least):
                self.claims.append(Claim(sentence, found, lead, first, self._within or within, numbers))


def _text(head: str, blocks: Sequence[Block]) -> str:
    """Everything in an entry, one line per piece."""
    return "\n".join(piece for piece in (head, *_pieces(blocks)) if piece)


def _pieces(blocks: Sequence[Block]) -> Iterator[str]:
    for block in blocks:
        match block:
            case Paragraph() | CodeBlock():
                yield block.text
            case ListBlock():
                for item in block.items:
                    yield item.text
                    yield from _pieces(item.blocks)
            case Table():
                for row in block.rows:
                    yield ". ".join(f"{h}: {c}" for h, c in zip(block.header, row.cells, strict=False))
            case Quote():
                yield from _pieces(block.blocks)


def _titled(section: Section) -> Iterator[str]:
    """A section with the headings in it, one line per piece."""
    yield from (section.title, *_pieces(section.blocks))
    for child in section.sections:
        yield from _titled(child)


def _first(text: str) -> str:
    return next(iter(sentences(text)), "")


def _details(head: Paragraph, after: Sequence[Block]) -> int | None:
    """How many blocks belong to the step a paragraph opens; None when it opens none.

    A number opens a step that lasts to the next number; "First, …" one that takes in lists only.
    """
    if _NUMBERED.match(head.text):
        ends = (n for n, b in enumerate(after) if isinstance(b, Paragraph) and _NUMBERED.match(b.text))
    elif _ORDINAL.match(head.text):
        ends = (n for n, b in enumerate(after) if not isinstance(b, ListBlock))
    else:
        return None
    return next(ends, len(after))


def _is_prose(text: str) -> bool:
    lines = [line for line in text.split("\n") if line.strip()]
    return bool(lines) and sum(bool(_CODE.search(line)) for line in lines) <= len(lines) / 5


def _are_items(lines: Sequence[str]) -> bool:
    """True for lines that are a list without markers: short, no full stops or commas at their ends."""
    return all(len(line) <= 60 and line[-1] not in ".,;:-" for line in lines) and all(
        line.lstrip("\"“'`*").lstrip()[:1].isupper() or line[:1].isdigit() for line in lines
    )
