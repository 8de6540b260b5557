"""What `list`, `show` and `check` of the three kinds of cards have in common."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Generic, TypeVar

import typer

from debate.cli import screen
from debate.errors import CardError, Fault

if TYPE_CHECKING:
    from debate.cards.lens import LensCard
    from debate.cards.problem import ProblemCard
    from debate.cards.role import RoleCard
    from debate.library import Entry, Library

C = TypeVar("C", bound="ProblemCard | LensCard | RoleCard")


@dataclass(frozen=True, slots=True)
class Findings:
    """What a look at readable cards brings up: faults, and notes that keep nobody from using them."""

    errors: tuple[CardError, ...] = ()
    notes: tuple[tuple[Path, Fault], ...] = ()


@dataclass(frozen=True, slots=True)
class Kind(Generic[C]):
    """One kind of card. `command` is the group to look at it with; `row` gives its cells under `headers`;
    `look` says what is to be said of cards beside the rest of the library.
    """

    noun: str
    command: str
    entries: "Callable[[Library], Sequence[Entry[C]]]"
    named: "Callable[[Library, str], C]"
    parse: Callable[[str, Path, str], C]
    headers: tuple[str, ...]
    row: Callable[[C], tuple[str, ...]]
    look: Callable[["Library", Sequence[C]], Findings] = lambda _, __: Findings()

    def load(self, library: "Library", name: str) -> C:
        """The card called `name`, or the one in the file `name`."""
        from debate.cards.markdown import read_text  # noqa: PLC0415 - see debate.cli

        path = Path(name)
        if path.suffix == ".md" or len(path.parts) > 1:
            return self.parse(read_text(path), path, "file")
        return self.named(library, name)


def list_cards(kind: Kind[C], folder: Path | None, *, as_json: bool) -> None:
    """A row for each card; one that cannot be read has its row too."""
    from debate.library import Library  # noqa: PLC0415 - see debate.cli

    headers = ("id", *kind.headers, "from")
    rows = [_row(kind, entry) for entry in kind.entries(Library.open(folder))]
    if as_json:
        screen.document([dict(zip(headers, row, strict=True)) for row in rows])
    else:
        screen.table(headers, rows)


def check_cards(kind: Kind[C], folder: Path | None, names: Sequence[str] | None, *, as_json: bool) -> None:
    """List every fault of the named cards, or of all; exit 2 when there is one."""
    from debate.library import Library  # noqa: PLC0415 - see debate.cli

    library = Library.open(folder)
    if names:
        errors = [error for name in names if (error := _trouble(kind, library, name))]
        cards = [kind.load(library, name) for name in names if not _trouble(kind, library, name)]
        checked = len(names)
    else:
        entries = kind.entries(library)
        errors = [entry.fault for entry in entries if entry.fault]
        cards = [entry.card for entry in entries if entry.card]
        checked = len(entries)
    findings = kind.look(library, cards)
    errors += findings.errors
    for card_path, note in findings.notes:
        screen.say(f"{card_path}:{note.line}: note: {note.message}", "dim")
    faults = [(error.path, fault) for error in errors for fault in error.faults]
    if as_json:
        found = [{"file": path, "line": fault.line, "message": fault.message} for path, fault in faults]
        screen.document({"checked": checked, "faults": found})
    else:
        for path, fault in faults:
            screen.line(f"{path}:{fault.line}: {fault.message}")
    _report(faults, f"{checked} {kind.noun}{'s' * (checked != 1)} checked")


def _report(faults: Sequence[tuple[str, Fault]], checked: str) -> None:
    if faults:
        screen.say(f"{checked}, {len(faults)} fault{'s' * (len(faults) != 1)}", "red")
        raise typer.Exit(2)
    screen.say(f"{checked}, no faults", "green")


def _row(kind: Kind[C], entry: "Entry[C]") -> tuple[str, ...]:
    if entry.card is None:
        said = f"cannot be read; see: debate {kind.command} check"
        cells = (said, *[""] * (len(kind.headers) - 1))
    else:
        cells = kind.row(entry.card)
    return (entry.id, *cells, f"{entry.origin}, shadows {entry.shadows}" if entry.shadows else entry.origin)


def _trouble(kind: Kind[Any], library: "Library", name: str) -> CardError | None:
    try:
        kind.load(library, name)
    except CardError as error:
        return error
    return None
