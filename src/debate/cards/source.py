"""A card's file before it is Markdown: its bytes, its text, its front matter, its id.

Bytes become one kind of text first (UTF-8, LF, NFC), so two files that look alike are alike.
"""

import hashlib
import os
import re
import stat
import unicodedata
from pathlib import Path
from typing import Any

import yaml

from debate.errors import CardError, Fault

MAX_CARD = 1 << 20
# Far more than a card needs, and what keeps the worst text within a second.
MAX_LINES = 10_000
MAX_FRONT_MATTER = 1 << 16
MAX_YAML_DEPTH = 8

_ID = re.compile(r"\A[a-z0-9](?:[a-z0-9_-]{0,62}[a-z0-9])?\Z")
_DEVICES = frozenset(["con", "prn", "aux", "nul", *(f"{p}{n}" for p in ("com", "lpt") for n in range(10))])


def read_text(path: Path) -> str:
    """The file's text, normalised. CardError when it cannot be read, is too large, or is not UTF-8 text."""
    try:
        # Non-blocking, so that a pipe given by mistake is refused instead of waited for.
        handle = os.open(path, os.O_RDONLY | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0))
        with os.fdopen(handle, "rb") as file:
            status = os.fstat(file.fileno())
            if not stat.S_ISREG(status.st_mode):
                raise _fault(path, 1, "this is not an ordinary file; expected a Markdown file")
            if status.st_size > MAX_CARD:
                raise _fault(
                    path, 1, f"the file has {status.st_size:,} bytes; a card has at most {MAX_CARD:,}"
                )
            data = file.read(MAX_CARD + 1)
    except (OSError, ValueError) as error:  # ValueError: a NUL in the path
        reason = (error.strerror if isinstance(error, OSError) else None) or str(error)
        raise _fault(path, 1, f"cannot read the file: {reason}") from error
    return decode(data, path)


def decode(data: bytes, path: Path | str) -> str:
    """Bytes of a card as NFC text with LF line ends. CardError with the line of what cannot be read."""
    if len(data) > MAX_CARD:
        raise _fault(path, 1, f"the file has more than {MAX_CARD:,} bytes, the most a card may have")
    if data.startswith((b"\xff\xfe", b"\xfe\xff", b"\x00\x00\xfe\xff")):
        raise _fault(path, 1, "the file is UTF-16 or UTF-32; save it as UTF-8")
    data = data.removeprefix(b"\xef\xbb\xbf")
    if (at := data.find(b"\0")) >= 0:
        raise _fault(path, _line_of(data, at), "found a NUL byte; a card is UTF-8 text")
    try:
        text = data.decode("utf-8")
    except UnicodeDecodeError as error:
        found = data[error.start : error.start + 1].hex()
        where = _line_of(data, error.start)
        raise _fault(
            path, where, f"found byte 0x{found}, which is not UTF-8; save the file as UTF-8"
        ) from error
    text = unicodedata.normalize("NFC", text.replace("\r\n", "\n").replace("\r", "\n"))
    if text.count("\n") >= MAX_LINES:
        raise _fault(path, MAX_LINES, f"the file goes on after line {MAX_LINES:,}, the most a card may have")
    return text


def digest(text: str) -> str:
    """sha256 of a card's normalised text: byte order marks and line ends do not make another card."""
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()


def valid_id(text: str) -> bool:
    """True for an id that is a safe file name everywhere: 1 to 64 of a-z, 0-9, `-` and `_`."""
    return _ID.match(text) is not None and text not in _DEVICES


def front_matter(text: str, path: Path | str) -> tuple[dict[str, Any], str, int]:
    """Split a card into its YAML front matter, the body, and the body's first line (1-based).

    Values are strings, lists and mappings of strings: nothing is guessed to be a number or a date. A text
    that does not start with a line `---` has no front matter. CardError for YAML that is broken, too deep or
    too long, for aliases, anchors and repeated keys.
    """
    if not text.startswith("---\n"):
        return {}, text, 1
    end = re.compile(r"^(?:---|\.\.\.)[ \t]*$", re.MULTILINE).search(text, 4)
    if end is None:
        raise _fault(path, 1, "the front matter opened by '---' is never closed; expected a line '---'")
    source = text[4 : end.start()]
    if len(source.encode("utf-8", "surrogatepass")) > MAX_FRONT_MATTER:
        raise _fault(path, 1, f"the front matter has more than {MAX_FRONT_MATTER:,} bytes")
    body = text[end.end() + 1 :]
    return _mapping(source, path), body, source.count("\n") + 3


class _Strings(yaml.BaseLoader):
    """Loads every scalar as a string and refuses a key that stands twice in one mapping."""

    def construct_mapping(self, node: yaml.MappingNode, deep: bool = False) -> dict[Any, Any]:
        seen: set[str] = set()
        for key, _ in node.value:
            if not isinstance(key, yaml.ScalarNode):
                raise yaml.MarkedYAMLError(problem="a key must be a word", problem_mark=key.start_mark)
            if key.value in seen:
                raise yaml.MarkedYAMLError(
                    problem=f"{key.value!r} stands here twice", problem_mark=key.start_mark
                )
            seen.add(key.value)
        return super().construct_mapping(node, deep)


def _mapping(source: str, path: Path | str) -> dict[str, Any]:
    try:
        depth = 0
        for event in yaml.parse(source, Loader=yaml.BaseLoader):
            depth += isinstance(event, yaml.CollectionStartEvent) - isinstance(event, yaml.CollectionEndEvent)
            anchored = isinstance(event, yaml.NodeEvent) and event.anchor is not None
            line = _yaml_line(event.start_mark)
            if anchored:
                raise _fault(
                    path, line, "anchors (&) and aliases (*) are not allowed; quote the text if it is meant"
                )
            if depth > MAX_YAML_DEPTH:
                raise _fault(path, line, f"the front matter is nested more than {MAX_YAML_DEPTH} deep")
        # A subclass of BaseLoader: it knows strings, lists and mappings and makes no other object.
        loaded = yaml.load(source, Loader=_Strings)  # noqa: S506
    except yaml.YAMLError as error:
        problem = getattr(error, "problem", None) or getattr(error, "reason", None) or "cannot be parsed"
        line = _yaml_line(getattr(error, "problem_mark", None))
        raise _fault(path, line, f"the front matter is not valid YAML: {problem}") from error
    if loaded in (None, ""):
        return {}
    if not isinstance(loaded, dict):
        raise _fault(path, 2, "the front matter is not a mapping; expected lines such as 'id: some-name'")
    return loaded


def _yaml_line(mark: Any) -> int:
    """Line in the card of a place in its front matter, which starts below the opening `---`."""
    return mark.line + 2 if mark is not None else 1


def _fault(path: Path | str, line: int, message: str) -> CardError:
    return CardError(path, [Fault(line, message)])


def _line_of(data: bytes, offset: int) -> int:
    head = data[:offset]
    return head.replace(b"\r\n", b"\n").replace(b"\r", b"\n").count(b"\n") + 1
