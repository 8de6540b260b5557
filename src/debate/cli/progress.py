"""Progress: what a running debate shows on stderr.

A `Board` is the state of the debate as far as its events tell it. On a terminal it is drawn again and again
in place; elsewhere each event that matters is one plain line.
"""

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

from rich.console import Group, RenderableType
from rich.live import Live
from rich.spinner import Spinner
from rich.table import Table
from rich.text import Text

from debate.cli import screen
from debate.events import (
    CallFailed,
    CallFinished,
    CallStarted,
    Event,
    JudgeFailed,
    LetterWritten,
    Listener,
    Note,
    PlanMade,
    Repair,
    SeatFailed,
    SeatSpoke,
    SeatStarted,
    VerdictGiven,
)
from debate.models.roles import JUDGE
from debate.sanitize import plain

_WORK = {"critic": "the critic merges what was said", "writer": "the writer writes the answer"}


@dataclass(slots=True)
class SeatState:
    """One seat on the board. `seconds` is None while it thinks."""

    began: float
    said: str = "thinking"
    failed: bool = False
    seconds: float | None = None


@dataclass(slots=True)
class Board:
    """The debate so far; `clock` gives seconds."""

    clock: Callable[[], float] = time.monotonic
    seats: dict[str, SeatState] = field(default_factory=dict)
    phase: str = "the seats think, each alone"
    calls: int = 0
    tokens: int = 0
    ballots: tuple[int, int] = (0, 0)  # asked of the jury, and in
    began: float = 0.0

    def __post_init__(self) -> None:
        self.began = self.clock()

    def feed(self, event: Event) -> str:
        """Take in one event; returns what there is to say about it, "" for nothing."""
        match event:
            case SeatStarted(seat=seat):
                self.seats[seat] = SeatState(self.clock())
                return ""
            case SeatSpoke(seat=seat, hypotheses=said):
                return self._seat(seat, f"{len(said)} {'hypothesis' if len(said) == 1 else 'hypotheses'}")
            case SeatFailed(seat=seat, error=error):
                return self._seat(seat, f"FAILED: {error}", failed=True)
            case CallStarted() | CallFinished() | CallFailed():
                return self._call(event)
            case Repair(call=call, faults=faults):
                return f"{call}: asked once more, {'; '.join(faults)}"
            case PlanMade(plan=plan):
                return f"plan: {len(plan.steps)} steps"
            case LetterWritten():
                self.phase = "the judge scores the answer"
                return self.phase
            case VerdictGiven():
                self.phase = "done"
                return ""
            case JudgeFailed(error=error):
                return f"a judge FAILED: {error}"
            case Note(text=text):
                return f"note: {text}"
            case _:
                return ""

    @property
    def usage(self) -> str:
        """Calls, tokens and time so far."""
        calls = f"{self.calls} call{'s' * (self.calls != 1)}"
        tokens = f", {self.tokens:,} tokens" if self.tokens else ""
        return f"{calls}{tokens}, {self.clock() - self.began:.1f} s"

    def _call(self, event: CallStarted | CallFinished | CallFailed) -> str:
        match event:
            case CallStarted(role=role) if role in _WORK:
                self.phase = _WORK[role]
                return self.phase
            case CallStarted(role=role) if role == JUDGE:
                return self._jury(asked=1)
            case CallFinished(input_tokens=before, output_tokens=after, role=role):
                self.calls += 1
                self.tokens += (before or 0) + (after or 0)
                return self._jury(came=1) if role == JUDGE else ""
            case CallFailed(call=call, error=error):
                return f"{call}: nothing came of it, {error}"
            case _:
                return ""

    def _jury(self, asked: int = 0, came: int = 0) -> str:
        """Something worth a line of its own only when the jury sits down."""
        first = self.ballots == (0, 0)
        self.ballots = (self.ballots[0] + asked, self.ballots[1] + came)
        self.phase = "the jury sits: {1} of {0} questions answered".format(*self.ballots)
        return "the jury sits" if first else ""

    def _seat(self, seat: str, said: str, *, failed: bool = False) -> str:
        state = self.seats.setdefault(seat, SeatState(self.clock()))
        state.said, state.failed, state.seconds = said, failed, self.clock() - state.began
        return f"{seat}: {said}"


@contextmanager
def watching(*, quiet: bool) -> Iterator[Listener]:
    """A listener for a run's events; what it draws is gone or complete when the block ends."""
    board = Board()
    console = screen.stderr()
    if quiet:
        yield lambda event: None
    elif not console.is_terminal:
        yield lambda event: _tell(board.feed(event))
    else:
        drawing = Drawing(board)
        with Live(console=console, get_renderable=drawing.draw, refresh_per_second=8, transient=True) as live:
            yield lambda event: _tell_above(live, event, board.feed(event))
        console.print(Text(f"{_seats(board)}; {board.usage}", style="dim"))


def _tell(line: str) -> None:
    if line:
        screen.say(line)


def _tell_above(live: Live, event: Event, line: str) -> None:
    """What should outlive the drawing is printed above it."""
    if isinstance(event, CallFailed | JudgeFailed | Note | Repair | SeatFailed):
        live.console.print(Text(plain(line), style="yellow"))


def _seats(board: Board) -> str:
    failed = sum(state.failed for state in board.seats.values())
    spoke = sum(state.seconds is not None for state in board.seats.values()) - failed
    return f"{spoke} of {len(board.seats)} seats spoke"


class Drawing:
    """Draws a board; the spinner is one object, or it would start over with each frame."""

    def __init__(self, board: Board) -> None:
        self._board = board
        self._spinner = Spinner("dots")

    def draw(self) -> RenderableType:
        """One frame."""
        board = self._board
        rows = Table.grid(padding=(0, 2))
        for name, state in board.seats.items():
            thinking = state.seconds is None
            mark = Text("·", "dim") if thinking else Text("✗", "red") if state.failed else Text("✓", "green")
            seconds = board.clock() - state.began if state.seconds is None else state.seconds
            said = Text(plain(state.said), "red" if state.failed else "")
            rows.add_row(mark, Text(plain(name)), said, f"{seconds:.1f} s")
        self._spinner.update(text=Text(f"{board.phase} ({board.usage})"))
        return Group(rows, self._spinner)
