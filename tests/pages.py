"""Pages of the documentation as tests read them: what stands below a marker, a comment in the Markdown.

A marker is `<!-- kind: what -->` or `<!-- kind -->`; it belongs to the next block. An *excerpt* is a literal
part of something printed: whole lines, a line `…` for what is left out.
"""

import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby, pairwise
from operator import itemgetter
from pathlib import Path

from markdown_it import MarkdownIt
from markdown_it.token import Token

SHELL = {"sh", "bash", "shell", "console"}
OMISSION = "…"

_MARKER = re.compile(r"<!--\s*(?P<kind>[a-z]+)(?::\s*(?P<what>.*?))?\s*-->\s*")
_QUOTE_MARK = re.compile(r"^> ?", re.MULTILINE)


@dataclass(frozen=True)
class Block:
    """A block of a page: its marker ("" without one), the language of a fence, its text.

    Quotation marks at the start of lines are gone. `rows` are the cells of a table without its header,
    with their markup.
    """

    kind: str
    what: str
    language: str
    text: str
    rows: tuple[tuple[str, ...], ...] = ()


def blocks(page: Path) -> list[Block]:
    """Every block of the page that has a marker, and every fenced one."""
    text = page.read_text(encoding="utf-8")
    lines = text.splitlines(keepends=True)
    tokens = MarkdownIt().enable("table").parse(text)
    top = [token for token in tokens if token.level == 0 and token.map]
    found = []
    for before, token in pairwise([Token("", "", 0), *top]):
        marker = _MARKER.fullmatch(before.content) if before.type == "html_block" else None
        if not marker and token.type != "fence":
            continue
        kind, what = (marker["kind"], marker["what"] or "") if marker else ("", "")
        start, end = token.map or (0, 0)
        own = token.content if token.type == "fence" else _QUOTE_MARK.sub("", "".join(lines[start:end]))
        rows = tuple(_rows(tokens, start, end)) if token.type == "table_open" else ()
        found.append(Block(kind, what, token.info.strip(), own, rows))
    return found


def marked(page: Path, kind: str, what: str = "") -> Block:
    """The one block below the marker."""
    found = [block for block in blocks(page) if (block.kind, block.what) == (kind, what)]
    assert len(found) == 1, f"{page.name} has {len(found)} blocks below a marker {kind} {what}"
    return found[0]


def _rows(tokens: Sequence[Token], start: int, end: int) -> Iterator[tuple[str, ...]]:
    """The cells below the header, line by line."""
    cells = [(token.map[0], token.content) for token in tokens if token.level == 4 and token.map]
    inside = [(line, text) for line, text in cells if start < line < end]
    for _, row in groupby(inside, key=itemgetter(0)):
        yield tuple(text for _, text in row)


def code(cell: str) -> list[str]:
    """The texts in code type of a cell or paragraph, in order."""
    (inline,) = MarkdownIt().parseInline(cell)
    return [token.content for token in inline.children or [] if token.type == "code_inline"]


def commands(page: Path) -> list[str]:
    """Every command of the page's shell blocks, continued lines joined, comments left out."""
    text = "".join(block.text for block in blocks(page) if block.language in SHELL).replace("\\\n", " ")
    return [line.strip() for line in text.splitlines() if line.strip() and not line.strip().startswith("#")]


def bench(repo: Path, repo_files: Sequence[Path], target: Path) -> None:
    """A clone as the reader has it, where commands may write."""
    for path in repo_files:
        (target / path.parent).mkdir(parents=True, exist_ok=True)
        shutil.copy(repo / path, target / path)


def shell(script: str, folder: Path) -> subprocess.CompletedProcess[str]:
    """Run a script as a reader would who has the program installed."""
    env = {**os.environ, "PATH": f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"}
    return subprocess.run(
        ["bash", "-e", "-o", "pipefail", "-c", script],
        cwd=folder, env=env, capture_output=True, text=True, check=False, timeout=300,
    )  # fmt: skip


def strays(excerpt: str, whole: str) -> list[str]:
    """The pieces of an excerpt that do not stand in `whole`, line by line, one after the other."""
    rest = [line.rstrip() for line in whole.splitlines()]
    missing = []
    for piece in re.split(rf"^\s*{OMISSION}\s*$", excerpt, flags=re.MULTILINE):
        wanted = [line.rstrip() for line in piece.strip("\n").splitlines()]
        starts = range(len(rest) - len(wanted) + 1)
        at = next((n for n in starts if rest[n : n + len(wanted)] == wanted), None)
        if at is None:
            missing.append(piece.strip("\n"))
        else:
            rest = rest[at + len(wanted) :]
    return missing
