"""Markdown as the card parsers see it: a tree of sections (see `debate.cards.blocks`).

Nothing is ever rendered: tags, addresses and link definitions are ordinary text; comments are left out. Any
text is read in about a second per MiB: what would cost more than linear time is taken as it stands.
"""

import re
from collections.abc import Sequence
from dataclasses import replace
from itertools import pairwise

from markdown_it import MarkdownIt
from markdown_it.rules_core import StateCore
from markdown_it.token import Token

from debate.cards.blocks import (
    Block,
    CodeBlock,
    Line,
    ListBlock,
    ListItem,
    Paragraph,
    Quote,
    Section,
    Table,
    TableRow,
    plain,
)
from debate.cards.source import MAX_CARD, MAX_LINES, decode, digest, front_matter, read_text, valid_id

__all__ = [
    "MAX_CARD",
    "MAX_LINES",
    "Block",
    "CodeBlock",
    "Line",
    "ListBlock",
    "ListItem",
    "Paragraph",
    "Quote",
    "Section",
    "Table",
    "TableRow",
    "decode",
    "digest",
    "front_matter",
    "plain",
    "read_text",
    "sections",
    "valid_id",
]

# A text with more marks, or a paragraph longer than this, keeps its stars and bars as they stand.
MAX_MARKS = 20_000
MAX_INLINE = 1 << 13
# An item longer than this may well be wrapped.
SHORT_ITEM = 60
_ENDS = frozenset(".!?:)%\"'”’")

_COMMENT = re.compile(r"<!--.*?(?:-->|\Z)", re.DOTALL)
_LINK = re.compile(r"!?\[([^\[\]\n]*)\]\([^()\s]*\)")


def sections(text: str, first_line: int = 1) -> Section:
    """The text as a tree of sections. `first_line` is the number of its first line in the file."""
    tokens = _parser(plain_text=sum(map(text.count, "*_`\\&|")) > MAX_MARKS).parse(text)
    reader = _Reader(tokens, text.split("\n"), first_line)
    stack: list[tuple[str, int, int, list[Block], list[Section]]] = [("", 0, first_line, [], [])]

    def close(level: int) -> None:
        while len(stack) > 1 and stack[-1][1] >= level:
            title, own, line, blocks, children = stack.pop()
            stack[-1][4].append(Section(title, own, line, tuple(blocks), tuple(children)))

    while not reader.done():
        if reader.at_heading():
            level = int(reader.token.tag[1:])
            close(level)
            heading = reader.heading()
            stack.append((heading.text, level, heading.line, [], []))
        elif (block := reader.block()) is not None:
            stack[-1][3].append(block)
    close(1)
    title, level, line, blocks, children = stack[0]
    return Section(title, level, line, tuple(blocks), tuple(children))


class _Reader:
    """Walks markdown-it's flat token list and builds blocks from it."""

    def __init__(self, tokens: Sequence[Token], source: Sequence[str], first_line: int) -> None:
        self._tokens, self._at, self._first = tokens, 0, first_line
        self._source = source
        self._depth = 0
        self._behind: Paragraph | None = None  # text right after the list that was read last

    @property
    def token(self) -> Token:
        return self._tokens[self._at]

    def done(self) -> bool:
        return self._at >= len(self._tokens) and self._behind is None

    def at_heading(self) -> bool:
        """True when the next block is a heading."""
        return self._behind is None and self.token.type == "heading_open"

    def heading(self) -> Paragraph:
        """The heading at the cursor as a paragraph."""
        opening, content = self._tokens[self._at], self._tokens[self._at + 1]
        self._at += 3
        return _paragraph(content, self._line(opening))

    def block(self) -> Block | None:
        """The block at the cursor, or None where there is none to keep (a rule, a comment)."""
        if self._behind is not None and self._depth == 0:
            behind, self._behind = self._behind, None
            return behind
        token, line = self.token, self._line(self.token)
        match token.type:
            case "paragraph_open" | "heading_open":
                paragraph = self.heading()
                return paragraph if paragraph.lines else None
            case "fence" | "code_block":
                self._at += 1
                # A fence that holds nothing may be the last line there is.
                fenced = token.type == "fence" and bool(token.content)
                return CodeBlock(token.content.rstrip("\n"), line + fenced)
            case "bullet_list_open" | "ordered_list_open":
                return self._list(line, ordered=token.type == "ordered_list_open")
            case "blockquote_open":
                self._at += 1
                inside = self._until("blockquote_close")
                return Quote(plain(inside), line, inside)
            case "table_open":
                return self._table(line)
            case "html_block":
                self._at += 1
                text = _COMMENT.sub("", token.content).strip()
                return _raw_paragraph(text, line) if text else None
            case _:
                self._at += 1
                return None

    def _line(self, token: Token) -> int:
        return self._first + (token.map[0] if token.map else 0)

    def _until(self, closing: str) -> tuple[Block, ...]:
        blocks = []
        while not self.done() and self.token.type != closing:
            if (block := self.block()) is not None:
                blocks.append(block)
        self._at += 1
        return tuple(blocks)

    def _list(self, line: int, *, ordered: bool) -> ListBlock:
        number = int(self.token.attrGet("start") or 1) if ordered else None
        self._at += 1
        self._depth += 1
        items: list[ListItem] = []
        heads: list[Paragraph] = []
        while self._at < len(self._tokens) and self.token.type == "list_item_open":
            start = self._line(self.token)
            self._at += 1
            inside = self._until("list_item_close")
            head = inside[0] if inside and isinstance(inside[0], Paragraph) else None
            heads += [head] if head else []
            text, lead = (head.text, head.lead) if head else ("", "")
            items.append(ListItem(text, lead, number, start, inside[1:] if head else inside))
            number = None if number is None else number + 1
        self._at += 1
        self._depth -= 1
        if self._depth == 0 and heads and items[-1].text and not items[-1].blocks:
            items[-1], self._behind = self._apart(items[-1], heads)
        return ListBlock(tuple(items), ordered, line)

    def _apart(self, item: ListItem, heads: Sequence[Paragraph]) -> tuple[ListItem, Paragraph | None]:
        """The last item without the text right below it, and that text.

        Markdown takes any line below an item for its continuation. One that begins at the margin with a
        capital, below an item that is short or has come to an end, is a sentence of its own; not where
        other items are wrapped that way.
        """
        *before, last = heads
        if any(self._at_margin(line) for head in before for line in head.lines[1:]):
            return item, None
        for number, (above, line) in enumerate(pairwise(last.lines), 1):
            short = bool(before) and len(above.text) <= SHORT_ITEM
            if self._at_margin(line) and line.text[0].isupper() and (short or above.text[-1] in _ENDS):
                return replace(item, text=_joined(last.lines[:number])), _of_lines(last.lines[number:])
        return item, None

    def _at_margin(self, line: Line) -> bool:
        return self._source[line.line - self._first][:1] not in ("", " ", "\t", ">")

    def _table(self, line: int) -> Table:
        rows: list[TableRow] = []
        cells: list[str] = []
        start = line
        self._at += 1
        while not self.done() and self.token.type != "table_close":
            if self.token.type == "tr_open":
                cells, start = [], self._line(self.token)
            elif self.token.type == "inline":
                cells.append(_paragraph(self.token, start).text)
            elif self.token.type == "tr_close":
                rows.append(TableRow(tuple(cells), start))
            self._at += 1
        self._at += 1
        return Table(rows[0].cells if rows else (), tuple(rows[1:]), line)


def _parser(*, plain_text: bool) -> MarkdownIt:
    parser = MarkdownIt("commonmark")
    # `reference` swallows lines such as `[a]: b`; tags and addresses are text here; links cost quadratic time
    # and are undone by a pattern instead.
    parser.disable(["reference", "html_inline", "autolink", "link", "image"])
    if plain_text:
        parser.disable("inline")
    else:
        parser.enable("table")
        parser.core.ruler.at("inline", _inline)
    return parser


def _inline(state: StateCore) -> None:
    """markdown-it's inline rule, except that very long paragraphs stay as they are."""
    for token in state.tokens:
        if token.type == "inline" and len(token.content) <= MAX_INLINE:
            token.children = []
            state.md.inline.parse(token.content, state.md, state.env, token.children)


def _paragraph(token: Token, line: int) -> Paragraph:
    if token.content and not token.children:
        return _raw_paragraph(token.content, line)
    pieces: list[str] = []
    lines: list[Line] = []
    bold: list[str] | None = None
    lead = ""

    def end_line() -> None:
        nonlocal lead, bold
        text = _one_line("".join(pieces))
        # Bold words that run on over the line's end are the lead up to there.
        found = _one_line("".join(bold)) if bold is not None else lead
        lines.append(Line(text, found if text.startswith(found) else "", line + len(lines)))
        pieces.clear()
        bold, lead = ([] if bold is not None else None), ""

    for child in token.children or ():
        match child.type:
            case "softbreak" | "hardbreak":
                end_line()
                continue
            case "strong_open" if not "".join(pieces).strip():
                bold = []
                continue
            case "strong_close" if bold is not None:
                lead, bold = _one_line("".join(bold)), None
                continue
            case "code_inline":
                text = "`" + child.content.replace("`", "'") + "`"
            case _:
                text = _LINK.sub(r"\1", child.content)
        pieces.append(text)
        if bold is not None:
            bold.append(text)
    end_line()
    kept = tuple(each for each in lines if each.text)
    if not kept:
        return Paragraph("", "", line, ())
    return replace(_of_lines(kept), line=line)


def _of_lines(lines: Sequence[Line]) -> Paragraph:
    return Paragraph(_joined(lines), lines[0].lead, lines[0].line, tuple(lines))


def _joined(lines: Sequence[Line]) -> str:
    return " ".join(line.text for line in lines)


def _raw_paragraph(text: str, line: int) -> Paragraph:
    found = ((_one_line(row), line + n) for n, row in enumerate(text.split("\n")))
    lines = tuple(Line(row, "", at) for row, at in found if row)
    return Paragraph(" ".join(each.text for each in lines), "", line, lines)


def _one_line(text: str) -> str:
    return " ".join(text.split())
