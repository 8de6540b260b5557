"""What a running debate shows: each seat with its state, text as text, lines where no terminal is."""

import contextlib
import os
import pty
import re
import subprocess
import sys
from pathlib import Path

import pytest
from rich.console import Console

from debate import events
from debate.cli.progress import Board, Drawing
from tests.builders import a_letter, a_plan, some_hypotheses
from tests.test_runs import CARD


@pytest.mark.parametrize(
    ("event", "line"),
    [
        (events.SeatStarted(seat="a"), ""),
        (events.SeatSpoke(seat="a", hypotheses=tuple(some_hypotheses())), "a: 4 hypotheses"),
        (events.SeatSpoke(seat="a", hypotheses=tuple(some_hypotheses()[:1])), "a: 1 hypothesis"),
        (events.SeatFailed(seat="a", error="gone"), "a: FAILED: gone"),
        (events.CallStarted(call="critic", role="critic"), "the critic merges what was said"),
        (events.CallStarted(call="lens-agent/a", role="lens-agent", seat="a"), ""),
        (
            events.Repair(call="critic", role="critic", faults=("K1 has no line",)),
            "critic: asked once more, K1 has no line",
        ),
        (events.PlanMade(plan=a_plan()), "plan: 5 steps"),
        (events.LetterWritten(letter=a_letter()), "the judge scores the answer"),
        (events.Note(text="a card shadows another"), "note: a card shadows another"),
        (events.RunFinished(status="done"), ""),
    ],
    ids=lambda value: type(value).__name__,
)
def test_an_event_is_one_line_or_none(event: events.Event, line: str) -> None:
    assert Board(clock=lambda: 0.0).feed(event) == line


def test_the_board_counts_calls_tokens_and_time() -> None:
    seconds = iter([0.0, 2.5])
    board = Board(clock=lambda: next(seconds))
    for tokens in (1_000, None):
        board.feed(
            events.CallFinished(
                call="x", role="critic", messages=(), reply="", model="m", input_tokens=tokens
            )
        )
    assert board.usage == "2 calls, 1,000 tokens, 2.5 s"


def test_a_drawing_shows_each_seat_with_its_state_and_text_as_text() -> None:
    board = Board(clock=lambda: 3.0)
    for seat in ("bottleneck-theory", "pace-layering", "emergence"):
        board.feed(events.SeatStarted(seat=seat))
    board.feed(events.SeatSpoke(seat="bottleneck-theory", hypotheses=tuple(some_hypotheses()[:2])))
    board.feed(events.SeatFailed(seat="emergence", error="[/foo] \x1b[2J[link=http://x]y"))
    console = Console(width=100, color_system=None, force_terminal=True)
    with console.capture() as capture:
        console.print(Drawing(board).draw())
    lines = [line.split(maxsplit=2) for line in capture.get().splitlines()]
    assert lines[0][:2] == ["✓", "bottleneck-theory"]
    assert lines[1][:2] == ["·", "pace-layering"]
    assert lines[2][:2] == ["✗", "emergence"]
    assert "FAILED: [/foo] [2J[link=http://x]y" in lines[2][2]


def read_all(terminal: int) -> str:
    parts = []
    with contextlib.suppress(OSError):  # Linux reports the end of a pseudo-terminal as an input error
        while part := os.read(terminal, 65536):
            parts.append(part)
    return b"".join(parts).decode()


@pytest.mark.parametrize("variables", [{}, {"NO_COLOR": "1"}], ids=["colour", "NO_COLOR"])
def test_on_a_terminal_the_answer_is_rendered_and_colour_can_be_turned_off(
    tmp_path: Path, variables: dict[str, str]
) -> None:
    (tmp_path / "card.md").write_text(CARD, encoding="utf-8")
    ours, theirs = pty.openpty()
    with subprocess.Popen(
        [sys.executable, "-m", "debate", "run", "card.md"],
        stdin=theirs,
        stdout=theirs,
        stderr=theirs,
        env={**os.environ, "TERM": "xterm-256color", "COLUMNS": "100", **variables},
    ) as process:
        os.close(theirs)
        shown = read_all(ours)
    os.close(ours)
    assert process.returncode == 0
    assert "2 of 2 seats spoke" in shown
    assert "this answer" in shown
    assert "## " not in shown
    coloured = re.search(r"\x1b\[[0-9;]*(?:3[0-7]|38;5;\d+)m", shown)
    assert (coloured is None) == ("NO_COLOR" in variables)
