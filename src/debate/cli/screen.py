"""The screen: the one place where output is made.

Data goes to stdout, talk to stderr. What a card or a model wrote is data: it is shown as text, never as rich
markup, and without the controls that would steer a terminal. On a terminal pages are rendered and tables fit
its width; elsewhere pages are Markdown and a table row is one line.
"""

import json
from collections.abc import Sequence
from types import MappingProxyType
from typing import Any

from rich.cells import cell_len
from rich.console import Console, RenderableType
from rich.table import Table
from rich.text import Text

from debate.sanitize import plain


def stdout() -> Console:
    """The console data goes to."""
    return Console(markup=False, highlight=False, emoji=False)


def stderr() -> Console:
    """The console talk goes to."""
    return Console(stderr=True, markup=False, highlight=False, emoji=False)


def say(text: str, style: str = "") -> None:
    """A line of talk."""
    stderr().print(Text(plain(text), style=style), soft_wrap=True)


def prompt(mark: str) -> None:
    """What stands before an answer on its line."""
    stderr().print(Text(mark), end="")


def document(value: Any) -> None:
    """One JSON document. Escaped to ASCII: lossless, and nothing in it can steer a terminal."""
    from pydantic_core import to_jsonable_python  # noqa: PLC0415 - see debate.cli

    data = to_jsonable_python(value, fallback=_plain_mapping)
    stdout().print(Text(json.dumps(data, indent=2)), soft_wrap=True)


def page(markdown: str) -> None:
    """A Markdown page: rendered on a terminal, as it is elsewhere."""
    console = stdout()
    if console.is_terminal:
        from rich.markdown import Markdown  # noqa: PLC0415 - see debate.cli

        console.print(Markdown(plain(markdown), hyperlinks=False), width=min(console.width, 100))
    else:
        console.print(Text(plain(markdown).rstrip("\n")), soft_wrap=True)


def text(content: str) -> None:
    """Text as it is."""
    stdout().print(Text(plain(content).rstrip("\n")), soft_wrap=True)


def line(content: str, style: str = "") -> None:
    """A line of data, in colour where there is colour."""
    stdout().print(Text(" ".join(plain(content).split("\n")), style=style), soft_wrap=True)


def wrapped(content: str, indent: int = 0) -> None:
    """A paragraph of data: broken at the width of a terminal, one line elsewhere."""
    console = stdout()
    words = Text(" ".join(plain(content).split()))
    if console.is_terminal:
        from rich.padding import Padding  # noqa: PLC0415 - see debate.cli

        console.print(Padding(words, (0, 0, 0, indent)), width=min(console.width, 100))
    else:
        console.print(Text(" " * indent).append_text(words), soft_wrap=True)


def table(headers: Sequence[str], rows: Sequence[Sequence[str]], right: Sequence[str] = ()) -> None:
    """Columns under headers, those named in `right` flush right."""
    console = stdout()
    cells = [[" ".join(plain(cell).split()) for cell in row] for row in rows]
    if console.is_terminal:
        console.print(_rich_table(headers, cells, right))
        return
    heads = [header.upper() for header in headers]
    widths = [max(map(cell_len, column)) for column in zip(heads, *cells, strict=True)]
    for row in [heads, *cells]:
        line = "  ".join(
            _filled(cell, width, flush_right=header in right)
            for cell, width, header in zip(row, widths, headers, strict=True)
        )
        console.print(Text(line.rstrip()), soft_wrap=True)


def width() -> int:
    """Columns of the terminal data goes to; without one a line may be as long as it likes."""
    console = stdout()
    return console.width if console.is_terminal else 1 << 16


def show(renderable: RenderableType) -> None:
    """Something rich can render."""
    stdout().print(renderable)


def _filled(cell: str, width: int, *, flush_right: bool) -> str:
    blanks = " " * (width - cell_len(cell))
    return blanks + cell if flush_right else cell + blanks


def _rich_table(headers: Sequence[str], rows: Sequence[Sequence[str]], right: Sequence[str]) -> Table:
    made = Table(box=None, pad_edge=False, padding=(0, 2, 0, 0), header_style="bold")
    for number, header in enumerate(headers):
        made.add_column(
            header,
            overflow="fold",
            style="cyan" if number == 0 else "",
            no_wrap=number == 0,
            justify="right" if header in right else "left",
        )
    for row in rows:
        made.add_row(*map(Text, row))
    return made


def _plain_mapping(value: object) -> object:
    if isinstance(value, MappingProxyType):
        return dict(value)
    raise TypeError(f"{type(value).__name__} has no JSON form")
