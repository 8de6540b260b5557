"""What a card's text is made of: sections of blocks in plain text, every one with its 1-based line.

Markup is gone, except that code spans keep their backticks (`/api/x` stays recognisable as a name). The bold
words a block starts with are its `lead`; the rest follows without the colon or dash between them.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

_AFTER_LEAD = " \t:-–—"


@dataclass(frozen=True, slots=True)
class Line:
    """One source line of a paragraph: its plain text, the bold words it starts with, its 1-based line."""

    text: str
    lead: str
    line: int

    @property
    def rest(self) -> str:
        """The text after the lead, without the colon or dash between them."""
        return self.text[len(self.lead) :].lstrip(_AFTER_LEAD) if self.lead else self.text


@dataclass(frozen=True, slots=True)
class Paragraph:
    """Text in one piece. `text` joins the source lines by blanks; `lines` keeps them apart."""

    text: str
    lead: str
    line: int
    lines: tuple[Line, ...]

    @property
    def rest(self) -> str:
        """The text after the lead, without the colon or dash between them."""
        return self.text[len(self.lead) :].lstrip(_AFTER_LEAD) if self.lead else self.text


@dataclass(frozen=True, slots=True)
class ListItem:
    """One item: the text of its first paragraph, its number in an ordered list, and what else is in it."""

    text: str
    lead: str
    number: int | None
    line: int
    blocks: "tuple[Block, ...]"

    @property
    def rest(self) -> str:
        """The text after the lead, without the colon or dash between them."""
        return self.text[len(self.lead) :].lstrip(_AFTER_LEAD) if self.lead else self.text


@dataclass(frozen=True, slots=True)
class ListBlock:
    """A bullet list or a numbered one."""

    items: tuple[ListItem, ...]
    ordered: bool
    line: int


@dataclass(frozen=True, slots=True)
class CodeBlock:
    """Fenced or indented text, as it stands. `line` is where the text starts, not the fence."""

    text: str
    line: int


@dataclass(frozen=True, slots=True)
class TableRow:
    """The cells of one row in plain text."""

    cells: tuple[str, ...]
    line: int


@dataclass(frozen=True, slots=True)
class Table:
    """A table. Rows have as many cells as the header."""

    header: tuple[str, ...]
    rows: tuple[TableRow, ...]
    line: int


@dataclass(frozen=True, slots=True)
class Quote:
    """A block quote: what is inside, and the same as plain text."""

    text: str
    line: int
    blocks: "tuple[Block, ...]"


Block = Paragraph | ListBlock | CodeBlock | Table | Quote


@dataclass(frozen=True, slots=True)
class Section:
    """A heading with what stands under it. The root has level 0, title "" and the text before any heading."""

    title: str
    level: int
    line: int
    blocks: tuple[Block, ...]
    sections: "tuple[Section, ...]"

    def walk(self) -> "Iterator[Section]":
        """This section and all below it, in the order of the text."""
        yield self
        for child in self.sections:
            yield from child.walk()

    def everything(self) -> tuple[Block, ...]:
        """The blocks of this section and of all below it."""
        return tuple(block for section in self.walk() for block in section.blocks)


def plain(blocks: Sequence[Block]) -> str:
    """Blocks as plain text again: a line per source line, items with their marker, bars between cells."""
    return "\n\n".join(text for block in blocks if (text := _plain(block)))


def _plain(block: Block) -> str:
    match block:
        case Paragraph():
            return "\n".join(line.text for line in block.lines)
        case CodeBlock() | Quote():
            return block.text
        case Table():
            return "\n".join(
                " | ".join(cells) for cells in (block.header, *(row.cells for row in block.rows))
            )
        case ListBlock():
            return "\n".join(_plain_item(item) for item in block.items)


def _plain_item(item: ListItem) -> str:
    marker = "-" if item.number is None else f"{item.number}."
    inner = plain(item.blocks)
    own = f"{marker} {item.text}"
    return f"{own}\n{inner}" if inner else own
