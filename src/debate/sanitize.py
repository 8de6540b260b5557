"""Text from outside, made safe to show: what a card or a model wrote is data, wherever it stands.

Two steps; any text goes in, nothing raises, and what is harmless stays as it was. `plain` is for every place
a text is shown or stored: controls that steer a terminal are dropped, characters that hide or turn text round
are made visible. `markdown_text` is for text that goes into Markdown we write: it can neither start HTML,
images, links or blocks (headings, lists, fences) nor reach out of the place it was put in. Code spans and
plain emphasis stay as they are. Bare addresses stay too: they are readable as what they are.
"""

import re

# Zero-width and direction characters, variation selectors beyond emoji's, and tags: invisible, so text can
# hide in them.
_INVISIBLE = (
    (0x00AD, 0x00AD),
    (0x061C, 0x061C),
    (0x115F, 0x1160),
    (0x180E, 0x180E),
    (0x200B, 0x200F),
    (0x202A, 0x202E),
    (0x2060, 0x206F),
    (0x3164, 0x3164),
    (0xFEFF, 0xFEFF),
    (0xFFF9, 0xFFFB),
    (0xE0000, 0xE01EF),
)
_TABLE: dict[int, str | None] = {
    **dict.fromkeys([*range(0x20), *range(0x7F, 0xA0)]),
    **dict.fromkeys(range(0xD800, 0xE000), "\ufffd"),
    **{code: f"⟨U+{code:04X}⟩" for low, high in _INVISIBLE for code in range(low, high + 1)},
    0x2028: "\n",
    0x2029: "\n",
}
del _TABLE[0x09], _TABLE[0x0A]

_PARAGRAPHS = re.compile(r"\n[^\S\n]*\n\s*")
_PUNCTUATION = frozenset("!\"#$%&'()*+,-./:;<=>?@[\\]^_`{|}~")
# The only characters `_next` may write otherwise than they are.
_MEANT = re.compile(r"[\\`<!\]]")
# What would open a block when it stands first: heading, list, quote, table, setext or thematic line, fence,
# definition.
_OPENS_BLOCK = re.compile(
    r"#{1,6}(?:\s|$)|[-+*](?:\s|$)|[>|]|=+$|-+$|(?:[-*_]\s*){3,}$|`{3,}|~{3,}|\[[^\]]*\]:|(?P<number>\d{1,9})[.)](?:\s|$)"
)


def plain(text: str) -> str:
    """`text` without terminal controls (C0 but tab and newline, DEL, C1) and with nothing invisible in it.

    Line ends of all kinds become "\\n"; bidirectional, zero-width and tag characters are shown as "⟨U+202E⟩";
    a lone surrogate, which no file could hold, becomes U+FFFD.
    """
    if text.isascii() and text.isprintable():
        return text
    return text.replace("\r\n", "\n").replace("\r", "\n").translate(_TABLE)


def markdown_text(text: str) -> str:
    """`text` as Markdown that shows it as text: paragraphs of one line each, separated by a blank line."""
    paragraphs = (" ".join(p.split()) for p in _PARAGRAPHS.split(plain(text)))
    return "\n\n".join(_inline(_unblocked(p)) for p in paragraphs if p)


def markdown_line(text: str) -> str:
    """`text` as `markdown_text` has it, in one line: for titles, list items and table cells."""
    line = " ".join(plain(text).split())
    return _inline(_unblocked(line)) if line else ""


def _unblocked(line: str) -> str:
    """`line` with the character escaped that would make it a block instead of a paragraph."""
    opening = _OPENS_BLOCK.match(line)
    if opening is None:
        return line
    if number := opening["number"]:
        return f"{number}\\{line[len(number) :]}"
    run = len(line) - len(line.lstrip("`~")) or 1
    return "".join(f"\\{char}" for char in line[:run]) + line[run:]


def _inline(line: str) -> str:
    """`line` with every character escaped that would open HTML, an image, a link or an endless code span.

    It walks the line as a Markdown parser does, because an escape is only right where the parser sees one:
    inside a code span a backslash is a backslash, and after a backslash a `<` is already text.
    """
    out: list[str] = []
    at = 0
    while (found := _MEANT.search(line, at)) is not None:
        taken, written = _next(line, found.start())
        out += (line[at : found.start()], written)
        at = found.start() + taken
    return "".join((*out, line[at:]))


def _next(line: str, at: int) -> tuple[int, str]:
    """How many characters of `line` to take at `at`, and what to write for them."""
    char, after = line[at], line[at + 1 : at + 2]
    if char == "\\":
        # A backslash before nothing would escape what our own Markdown puts behind the text.
        return (2, char + after) if after and after in _PUNCTUATION else (1, char if after else "\\\\")
    if char == "`":
        run = len(line[at:]) - len(line[at:].lstrip("`"))
        end = re.compile(rf"(?<!`)`{{{run}}}(?!`)").search(line, at + run)
        # An opening without an end could pair with a backtick of the next field and turn the two inside out.
        return (end.end() - at, line[at : end.end()]) if end else (run, "\\`" * run)
    if (char == "<" and (after.isalpha() or after in {"/", "!", "?"})) or (char == "!" and after == "["):
        return 1, f"\\{char}"
    if char == "]" and after in {"(", "["}:
        return 1, "] "
    return 1, char
