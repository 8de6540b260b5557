"""The merge as a picture: seats, their hypotheses, and the step each went into or the place it was laid.

Plain geometry for an SVG, in units of its view box; the template draws it. Three columns: seats on the left,
hypotheses in the panel's order in the middle, one row each; on the right the steps by rank, then one box for
what was set aside. A merged hypothesis points at the one that says the same, dissent joins hypotheses that
cannot all be right; both run along the left of the middle column.
"""

from dataclasses import dataclass
from itertools import pairwise
from textwrap import wrap
from typing import Final

from debate.contributions import Hypothesis, Plan
from debate.events import SeatFailed, SeatSpoke
from debate.sanitize import plain
from debate.trail import Fate, fate_of, hypotheses_of, seat_name
from debate.transcripts import Run

WIDTH: Final = 1000
_ROW, _GAP, _TOP = 52, 14, 34
_BOX: Final = 44
_SEAT_X, _SEAT_W = 8, 168
_HYPOTHESIS_X, _HYPOTHESIS_W = 236, 400
_STEP_X, _STEP_W = 700, 292
_LINES, _LINE = 2, 16  # of a label, and their height
_PAD: Final = 12
_LETTER, _BOLD = 7.3, 7.9  # width of an average letter at the size the style sheet gives labels
_ASIDE: Final = "aside"


@dataclass(frozen=True, slots=True)
class Box:
    """A labelled box. `kind` is seat, hypothesis, dropped, step or aside; `href` an anchor; `lines` are the
    label's, each with the place it is written at; `full` is what they shorten.
    """

    kind: str
    x: float
    y: float
    width: float
    height: float
    lines: tuple[tuple[float, float, str], ...]
    full: str
    href: str


@dataclass(frozen=True, slots=True)
class Link:
    """A line from box to box. `kind` is seat, step, aside, merged or dissent; `path` is SVG path data."""

    kind: str
    path: str
    says: str


@dataclass(frozen=True, slots=True)
class MergePicture:
    """The picture, and `summary`, what it shows in one sentence."""

    width: int
    height: float
    boxes: tuple[Box, ...]
    links: tuple[Link, ...]
    summary: str


def merge_picture(run: Run, plan: Plan) -> MergePicture:
    """Where each hypothesis of `run` went, under its plan."""
    said = list(hypotheses_of(run).values())
    fates = {each.id: fate_of(run, each.id) for each in said}
    middle = _rows(said, fates)
    right = _targets(plan, fates, max((box.y + box.height for box in middle.values()), default=0.0))
    seats = _seats(run, said, middle)
    boxes = (*seats.values(), *middle.values(), *right.values())
    aside = sum(not fate.steps and fate.into is None for fate in fates.values())
    merged = sum(fate.into is not None for fate in fates.values())
    return MergePicture(
        width=WIDTH,
        height=max(box.y + box.height for box in boxes) + 10,
        boxes=boxes,
        links=(
            *_from_seats(said, seats, middle),
            *_to_fates(fates, middle, right),
            *_beside(plan, fates, middle),
        ),
        summary=(
            f"{len(seats)} seats raised {len(said)} hypotheses: {len(said) - aside - merged} went into "
            f"{len(plan.steps)} steps, {_are(merged)} merged into others, {_are(aside)} set aside."
        ),
    )


def _are(count: int) -> str:
    return f"{count} was" if count == 1 else f"{count} were"


def seat_order(run: Run) -> list[str]:
    """The seats as the page has them: the panel in its order, then those only the journal knows."""
    spoke, failed = {event.seat for event in run.of(SeatSpoke)}, {event.seat for event in run.of(SeatFailed)}
    return list(dict.fromkeys([*(seat.id for seat in run.manifest.seats), *sorted(spoke | failed)]))


def _rows(said: list[Hypothesis], fates: dict[str, Fate]) -> dict[str, Box]:
    """A row for each hypothesis, with a gap between seats."""
    rows: dict[str, Box] = {}
    y, seat = float(_TOP), None
    for number, each in enumerate(said, 1):
        y += _GAP if seat not in (None, each.seat) else 0
        seat = each.seat
        fate = fates[each.id]
        kind = "hypothesis" if fate.steps or fate.into else "dropped"
        place = (_HYPOTHESIS_X, y, _HYPOTHESIS_W, _BOX)
        rows[each.id] = _box(kind, place, each.claim, f"#hypothesis-{number}")
        y += _ROW
    return rows


def _seats(run: Run, said: list[Hypothesis], rows: dict[str, Box]) -> dict[str, Box]:
    """A box beside the rows of each seat."""
    boxes = {}
    for place, seat in enumerate(seat_order(run), 1):
        own = [rows[each.id] for each in said if each.seat == seat]
        if not own:
            continue
        name, y = seat_name(run, seat), own[0].y
        height = own[-1].y + own[-1].height - y
        boxes[seat] = _box("seat", (_SEAT_X, y, _SEAT_W, height), name, f"#seat-{place}")
    return boxes


def _targets(plan: Plan, fates: dict[str, Fate], bottom: float) -> dict[str, Box]:
    """Steps by rank, spread over the height of the rows, then the box of what was set aside."""
    labels = [
        (f"step-{step.rank}", "step", f"{step.rank}. {step.title}", f"#step-{step.rank}")
        for step in plan.steps
    ]
    if count := sum(not fate.steps and fate.into is None for fate in fates.values()):
        labels.append((_ASIDE, _ASIDE, f"Set aside: {count}", "#dropped"))
    if not labels:
        return {}
    stride = max(_ROW + 6.0, (bottom - _TOP) / len(labels))
    boxes = {}
    for place, (key, kind, label, href) in enumerate(labels):
        y = _TOP + stride * place + (stride - _BOX) / 2
        boxes[key] = _box(kind, (_STEP_X, round(y, 1), _STEP_W, _BOX), label, href)
    return boxes


def _from_seats(said: list[Hypothesis], seats: dict[str, Box], rows: dict[str, Box]) -> list[Link]:
    return [
        Link("seat", f"M{_SEAT_X + _SEAT_W} {_middle(rows[each.id])}H{_HYPOTHESIS_X}", "")
        for each in said
        if each.seat in seats
    ]


def _to_fates(fates: dict[str, Fate], rows: dict[str, Box], right: dict[str, Box]) -> list[Link]:
    links = []
    for id_, fate in fates.items():
        ends = [(f"step-{rank}", "step", f"{id_} went into step {rank}") for rank in fate.steps]
        if not fate.steps and fate.into is None:
            ends = [(_ASIDE, _ASIDE, f"{id_} was {fate.text}")]
        for key, kind, says in ends:
            if key in right:
                links.append(Link(kind, _across(rows[id_], right[key]), says))
    return links


def _beside(plan: Plan, fates: dict[str, Fate], rows: dict[str, Box]) -> list[Link]:
    """Merged and dissenting hypotheses, along the left side of their column."""
    links = [
        Link("merged", _round(rows[id_], rows[fate.into], 30), f"{id_} was {fate.text}")
        for id_, fate in fates.items()
        if fate.into is not None and fate.into in rows
    ]
    for dissent in plan.dissent:
        known = [rows[id_] for id_ in dissent.hypotheses if id_ in rows]
        links += [
            Link("dissent", _round(one, other, 46), f"Dissent about {dissent.about}")
            for one, other in pairwise(known)
        ]
    return links


def _across(start: Box, end: Box) -> str:
    x, bend = start.x + start.width, (end.x - start.x - start.width) / 2
    return (
        f"M{x} {_middle(start)}C{x + bend} {_middle(start)} {x + bend} {_middle(end)} {end.x} {_middle(end)}"
    )


def _round(start: Box, end: Box, reach: int) -> str:
    x, top, bottom = start.x - 2, _middle(start) - 6, _middle(end) + 6
    return f"M{x} {top}C{x - reach} {top} {x - reach} {bottom} {x} {bottom}"


def _middle(box: Box) -> float:
    return round(box.y + box.height / 2, 1)


def _box(kind: str, place: tuple[float, float, float, float], text: str, href: str) -> Box:
    """A box with its label in the middle of its height."""
    x, y, width, height = place
    letter = _BOLD if kind in {"seat", "step"} else _LETTER
    lines = _fitted(text, int((width - 2 * _PAD) / letter))
    first = y + (height - _LINE * (len(lines) - 1)) / 2 + 4.5
    placed = tuple((x + _PAD, round(first + _LINE * n, 1), line) for n, line in enumerate(lines))
    return Box(kind, x, y, width, height, placed, text, href)


def _fitted(text: str, most: int) -> list[str]:
    """The text in lines of at most so many letters, as far as it fits."""
    whole = " ".join(plain(text).replace("`", "").split())
    return wrap(whole, most, max_lines=_LINES, placeholder=" …", break_on_hyphens=False)
