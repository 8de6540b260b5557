"""The time line: a lane for each seat and each other role, a bar for each call, from when it was asked.

Plain geometry for an SVG, as in `debate.pages.merge_picture`. Calls of a lane that overlap lie below each
other. A call that nobody answered yet runs to the last thing known; one that came to nothing is said to.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Final

from debate.events import CallFailed, CallFinished, CallStarted
from debate.sanitize import plain
from debate.trail import seat_name
from debate.transcripts import Run

WIDTH: Final = 1000
_LEFT, _RIGHT = 190, 16
_BAR, _STEP, _PAD, _TOP = 14, 18, 8, 30
_LEAST: Final = 3.0
_TICKS: Final = 8
_LABEL: Final = 24


@dataclass(frozen=True, slots=True)
class Bar:
    """A call. `kind` is paid, ledger, open or lost; `says` is its text equivalent."""

    kind: str
    x: float
    y: float
    width: float
    says: str


@dataclass(frozen=True, slots=True)
class Lane:
    """A seat or role with its bars."""

    label: str
    y: float
    height: float
    bars: tuple[Bar, ...]


@dataclass(frozen=True, slots=True)
class TimeLine:
    """The picture; `ticks` are (x, label), `seconds` the time it spans."""

    width: int
    height: float
    bar: int
    lanes: tuple[Lane, ...]
    ticks: tuple[tuple[float, str], ...]
    seconds: float


@dataclass(frozen=True, slots=True)
class _Spell:
    call: str
    kind: str
    start: float
    end: float
    says: str


def time_line(run: Run) -> TimeLine | None:
    """When each call of the run's last sitting was made; None when there was none."""
    lanes = _spells(run)
    spells = [spell for each in lanes.values() for spell in each]
    if not spells:
        return None
    first, last = min(spell.start for spell in spells), max(spell.end for spell in spells)
    span = max(last - first, 0.001)
    scale = (WIDTH - _LEFT - _RIGHT) / span
    y, drawn = float(_TOP), []
    for label, each in lanes.items():
        bars, rows = _bars(each, first, scale, y + _PAD)
        height = rows * _STEP + 2 * _PAD - (_STEP - _BAR)
        drawn.append(Lane(label, y, height, bars))
        y += height
    ticks = tuple((round(_LEFT + at * scale, 1), _seconds(at, span)) for at in _ticks(span))
    return TimeLine(WIDTH, y + 8, _BAR, tuple(drawn), ticks, span)


def _spells(run: Run) -> dict[str, list[_Spell]]:
    """The calls by lane: seats in the panel's order, then the other roles as they were first asked."""
    lanes: dict[str, list[_Spell]] = {_short(seat_name(run, seat.id)): [] for seat in run.manifest.seats}
    begun: dict[str, CallStarted] = {}
    end = max((_at(event.at) for event in run.sitting), default=0.0)
    for event in run.sitting:
        if isinstance(event, CallStarted):
            begun[event.call] = event
        elif isinstance(event, CallFinished):
            start = begun.pop(event.call, None)
            began = _at(start.at) if start else _at(event.at) - event.seconds
            kind, what = (
                ("ledger", "from the ledger") if event.from_ledger else ("paid", f"{event.seconds:.1f} s")
            )
            lane = _lane(run, event.seat, event.role)
            lanes.setdefault(lane, []).append(
                _Spell(event.call, kind, began, _at(event.at), f"{event.call}: {event.model}, {what}")
            )
        elif isinstance(event, CallFailed):
            start = begun.pop(event.call, None)
            began = _at(start.at) if start else _at(event.at)
            says = f"{event.call}: came to nothing: {event.error}"
            lanes.setdefault(_lane(run, None, event.role), []).append(
                _Spell(event.call, "lost", began, _at(event.at), says)
            )
    for left in begun.values():
        spell = _Spell(left.call, "open", _at(left.at), end, f"{left.call}: no answer in the record")
        lanes.setdefault(_lane(run, left.seat, left.role), []).append(spell)
    return {label: spells for label, spells in lanes.items() if spells}


def _bars(spells: list[_Spell], first: float, scale: float, top: float) -> tuple[tuple[Bar, ...], int]:
    """The bars of a lane and how many rows they take: each lies in the first row that is free by then."""
    free: list[float] = []
    bars = []
    for spell in sorted(spells, key=lambda each: each.start):
        x = _LEFT + (spell.start - first) * scale
        width = max((spell.end - spell.start) * scale, _LEAST)
        row = next((number for number, until in enumerate(free) if until <= x), len(free))
        free[row : row + 1] = [x + width + 1]
        bars.append(Bar(spell.kind, round(x, 1), top + row * _STEP, round(width, 1), spell.says))
    return tuple(bars), max(len(free), 1)


def _lane(run: Run, seat: str | None, role: str) -> str:
    return _short(seat_name(run, seat) if seat else role)


def _short(label: str) -> str:
    line = " ".join(plain(label).split())
    return line if len(line) <= _LABEL else f"{line[: _LABEL - 1]}…"


def _at(moment: datetime) -> float:
    return moment.timestamp()


def _ticks(span: float) -> list[float]:
    """Round moments, at most `_TICKS` and one, from 0 on."""
    unit = 10.0**-3
    while True:
        for size in (unit, 2 * unit, 5 * unit):
            if span / size <= _TICKS:
                return [size * number for number in range(int(span / size) + 1)]
        unit *= 10


def _seconds(at: float, span: float) -> str:
    digits = 0 if span >= _TICKS else 1 if span >= 1 else 2 if span >= 0.1 else 3
    return f"{at:.{digits}f} s"
