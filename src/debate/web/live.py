"""A run as it happens: each line of its journal as a line to read, sent on as server-sent events.

The id of a sent event is the place in the journal behind its line. A browser that lost the connection names
the last id it has and misses nothing; a page that is loaded again is made from the journal and goes on where
its text ends. A stream ends when nobody writes the run any more: then the page is loaded again and shows the
run as it came out.
"""

import asyncio
import json
from collections.abc import AsyncGenerator
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Final

from pydantic import ValidationError

from debate.events import Event, RunStarted, parse_event
from debate.manifest import Manifest
from debate.run_lock import being_written
from debate.run_names import EVENTS
from debate.web.telling import Told, told

PAUSE: Final = 0.25
"""Seconds between two looks at a journal."""
HEARTBEAT: Final = 15.0
"""Seconds of silence after which a comment says that the line still stands."""
LIMIT: Final = 24
"""Streams at the same time."""

_AROUND: Final = (("critic", "Critic"), ("writer", "Writer"), ("judge", "Judge"))


@dataclass
class Tail:
    """The whole lines of a journal from the byte `offset` on, each read once."""

    path: Path
    offset: int = 0

    def events(self) -> list[tuple[int, Event]]:
        """What has come since: where each line ends, and its event. A line that is none is passed over."""
        try:
            with self.path.open("rb") as journal:
                if self.offset > journal.seek(0, 2):
                    self.offset = 0  # it was not this journal's
                journal.seek(self.offset)
                *whole, _ = journal.read().split(b"\n")
        except FileNotFoundError:
            return []
        found = []
        for line in whole:
            self.offset += len(line) + 1
            try:
                found.append((self.offset, parse_event(line)))
            except ValidationError:
                continue
        return found


@dataclass
class Streams:
    """The streams that are open; `close` ends them all, for a server that stops."""

    open: int = 0
    closed: bool = False

    @property
    def full(self) -> bool:
        """Whether no more are taken."""
        return self.open >= LIMIT

    def close(self) -> None:
        """End all streams at their next look."""
        self.closed = True

    async def stream(self, folder: Path, manifest: Manifest, offset: int) -> AsyncGenerator[bytes, None]:
        """Server-sent events for what the run's journal holds behind `offset`, until nobody writes it."""
        if self.full:
            return
        self.open += 1
        try:
            yield b"retry: 1000\n\n"
            tail, silent = Tail(folder / EVENTS, offset), 0.0
            while not self.closed:
                goes_on = await asyncio.to_thread(
                    being_written, folder
                )  # asked first: it ends after its last line
                found = await asyncio.to_thread(tail.events)
                for end, event in found:
                    if line := told(event, manifest):
                        yield f"id: {end}\ndata: {json.dumps(asdict(line))}\n\n".encode()
                if not (found or goes_on):
                    yield b"event: end\ndata: {}\n\n"
                    return
                silent = 0.0 if found else silent + PAUSE
                if silent >= HEARTBEAT:
                    silent = 0.0
                    yield b": still here\n\n"
                await asyncio.sleep(PAUSE)
        finally:
            self.open -= 1


@dataclass
class Place:
    """A seat or role on the board of the live page."""

    id: str
    name: str
    state: str = "waiting"


@dataclass
class LiveView:
    """What live.html shows: who is where, what was said, and the place in the journal the text ends at."""

    manifest: Manifest
    places: list[Place]
    lines: list[Told] = field(default_factory=list)
    calls: int = 0
    tokens: int = 0
    offset: int = 0


def live_view(folder: Path, manifest: Manifest) -> LiveView:
    """The live page of the run in `folder`, as far as it has come: its last sitting."""
    seats = [(seat.id, seat.name) for seat in manifest.seats]
    view = LiveView(manifest, [Place(*each) for each in (*seats, *_AROUND)])
    tail = Tail(folder / EVENTS)
    for _, event in tail.events():
        if isinstance(event, RunStarted):
            view.lines.clear()
            view.calls = view.tokens = 0
            for place in view.places:
                place.state = "waiting"
        if line := told(event, manifest):
            view.lines.append(line)
            view.calls += line.calls
            view.tokens += line.tokens
            for place in view.places:
                if place.id == line.place and line.state:
                    place.state = line.state
    view.offset = tail.offset
    return view


def position(text: str | None) -> int:
    """A place in a journal from a header or address; the beginning when it is none."""
    return int(text) if text and text.isascii() and text.isdigit() and len(text) < 19 else 0
