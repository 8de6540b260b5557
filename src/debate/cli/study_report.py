"""How the report of a study is shown on a terminal, and written to files."""

from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Final

from debate.cli import screen
from debate.errors import InputError
from debate.sanitize import plain
from debate.studies import exports
from debate.studies.report import StudyReport
from debate.studies.sheet import Sheet
from debate.studies.sheets import about, sheets
from debate.studies.summary import findings, next_steps
from debate.transcripts import write_whole

if TYPE_CHECKING:
    from rich.console import RenderableType

PAGE: Final = "report.html"
WIDEST: Final = 120
#: A terminal is no place for all sets of six lenses.
MOST_ARMS: Final = 24


def write_page(report: StudyReport, folder: Path) -> Path:
    """Write the page of a report into the folder of its study; where it is."""
    from debate.studies.html import render_report  # noqa: PLC0415 - loads Jinja2

    write_whole(folder / PAGE, render_report(report))
    return folder / PAGE


def show_report(report: StudyReport) -> None:
    """The report on the terminal, at most 120 columns wide; elsewhere at 100."""
    _print(_page(report))


def show_sheets(shown: Iterable[Sheet]) -> None:
    """Some tables, as wide as a report is."""
    from rich.console import Group  # noqa: PLC0415 - see debate.cli

    _print(Group(*(part for sheet in shown if sheet.rows for part in _section(sheet))))


def _print(what: "RenderableType") -> None:
    console = screen.stdout()
    console.width = min(console.width, WIDEST) if console.is_terminal else 100
    console.print(what)


def report_text(report: StudyReport, form: str, target: Path | None, base: Path) -> str:
    """The report in one of `FORMS`, for a file at `target` (None: for the screen)."""
    way = exports.way_to_runs(target, base) if target else f"{base.as_posix()}/"
    return FORMS[form](report, way)


def write_report(report: StudyReport, form: str, target: Path, base: Path) -> None:
    """Write the report to `target`; links lead from there to the runs in `base`. Raises `InputError`."""
    text = report_text(report, form, target, base)
    try:
        # A spreadsheet takes CSV without a mark at its beginning for the machine's old character set.
        target.write_text(text, encoding="utf-8-sig" if form == "csv" else "utf-8", newline="")
    except OSError as error:
        raise InputError(f"cannot write {target}: {error.strerror}") from error


def _plain_text(report: StudyReport, _: str) -> str:
    from io import StringIO  # noqa: PLC0415 - with rich

    from rich.console import Console  # noqa: PLC0415 - see debate.cli

    stream = StringIO()
    Console(file=stream, width=100, markup=False, highlight=False, emoji=False).print(_page(report))
    return "".join(f"{line.rstrip()}\n" for line in stream.getvalue().splitlines())


def _html(report: StudyReport, way: str) -> str:
    from debate.studies.html import render_report  # noqa: PLC0415 - loads Jinja2

    return render_report(report, runs=way)


FORMS: Final[Mapping[str, Callable[[StudyReport, str], str]]] = {
    "text": _plain_text,
    "md": exports.markdown_text,
    "csv": lambda report, _: exports.csv_text(report),
    "jsonl": lambda report, _: exports.jsonl_text(report),
    "json": lambda report, _: exports.json_text(report),
    "html": _html,
}


def form_of(given: str | None, target: Path | None) -> str:
    """The form asked for, or the one a file's name ends in. Raises `InputError` for one that is not there."""
    form = (given or (target.suffix[1:] if target else "")).casefold() or "text"
    form = {"txt": "text", "markdown": "md", "htm": "html"}.get(form, form)
    if form not in FORMS:
        flag = f"--format {given}" if given else f"-o {target}"
        raise InputError(f"{flag}: the forms of a report are {', '.join(FORMS)}")
    return form


def _page(report: StudyReport) -> "RenderableType":
    from rich.console import Group  # noqa: PLC0415 - see debate.cli
    from rich.text import Text  # noqa: PLC0415 - see debate.cli

    first, *others = findings(report)
    unsound = report.soundness.state == "unsound"
    parts: list[RenderableType] = [Text(plain(first), style="bold red" if unsound else "bold")]
    parts += [Text(plain(each)) for each in others]
    parts.append(Text(plain(about(report)), style="dim"))
    for sheet in sheets(report, MOST_ARMS):
        parts += _section(sheet)
    if steps := next_steps(report):
        parts += [Text("\nWhat to do next", style="bold"), *_items(steps, "→")]
    return Group(*parts)


def _section(sheet: Sheet) -> "list[RenderableType]":
    from rich.table import Table  # noqa: PLC0415 - see debate.cli
    from rich.text import Text  # noqa: PLC0415 - see debate.cli

    made = Table(box=None, pad_edge=False, padding=(0, 2, 0, 0), header_style="bold")
    for place, header in enumerate(sheet.headers):
        words = place < sheet.words
        made.add_column(
            header,
            overflow="fold",
            justify="left" if words else "right",
            style="cyan" if place == 0 else "",
            ratio=None,
            no_wrap=not words,
        )
    for row in sheet.rows:
        made.add_row(*(Text(" ".join(plain(cell).split())) for cell in row.cells))
    return [Text(f"\n{plain(sheet.title)}", style="bold"), made, *_items(sheet.notes, "·", "dim")]


def _items(lines: "tuple[str, ...] | list[str]", mark: str, style: str = "") -> "list[RenderableType]":
    """Lines with a mark before them and what does not fit indented below."""
    from rich.table import Table  # noqa: PLC0415 - see debate.cli
    from rich.text import Text  # noqa: PLC0415 - see debate.cli

    if not lines:
        return []
    made = Table.grid(padding=(0, 1, 0, 0))
    for line in lines:
        made.add_row(Text(mark, style=style), Text(plain(line), style=style))
    return [made]
