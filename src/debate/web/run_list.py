"""The list of runs: filters read from an address, and a page of runs made ready to show."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Any, Final
from urllib.parse import urlencode

from debate.run_glance import STATUSES, Indexed
from debate.run_index import Page, Wanted
from debate.run_lock import being_written

SIZE: Final = 50
"""Runs on a page."""
EXAMPLES: Final = "Examples that come with the program"
FOLDED: Final = ("lens", "model", "study", "at_least", "since", "until")
"""Filters that stand folded away until one of them is used."""
FIELDS: Final = ("text", "problem", "status", *FOLDED)


@dataclass(frozen=True)
class Filters:
    """What a reader asked for. `given` are the fields as written; `faults` say which others were ignored."""

    wanted: Wanted
    number: int
    given: Mapping[str, str]
    faults: tuple[str, ...]

    @property
    def offset(self) -> int:
        """How many runs come before this page."""
        return (self.number - 1) * SIZE

    def address(self, number: int) -> str:
        """The address of page `number` with the same filters."""
        pairs = [*self.given.items(), *((("page", str(number)),) if number > 1 else ())]
        return "/" + (f"?{urlencode(pairs)}" if pairs else "")


def filters(query: Mapping[str, str]) -> Filters:
    """Filters from the query of an address. Nothing raises: what cannot be read is passed over, and said."""
    given = {name: text for name in FIELDS if (text := query.get(name, "").strip())}
    faults: list[str] = []
    wanted = Wanted(
        **{name: given.get(name) for name in ("text", "problem", "lens", "model", "status", "study")},
        at_least=_score(given.get("at_least"), faults),
        since=_day(given.get("since"), "from", faults),
        until=_day(given.get("until"), "to", faults, days=1),
    )
    read = {name: text for name, text in given.items() if getattr(wanted, name) is not None}
    return Filters(wanted, _page(query.get("page", "")), read, tuple(faults))


def list_view(asked: Filters, page: Page) -> dict[str, Any]:
    """What list.html shows."""
    pages = max(1, math.ceil(page.total / SIZE))
    return {
        "given": asked.given,
        "faults": asked.faults,
        "statuses": STATUSES,
        "more": any(name in asked.given for name in FOLDED),
        "total": page.total,
        "first": asked.offset + 1 if page.rows else 0,
        "last": asked.offset + len(page.rows),
        "groups": _groups(page.rows),
        "problems": sorted({row.problem for row in page.rows if row.problem}),
        "lenses": sorted({lens for row in page.rows for lens in row.lenses}),
        "models": sorted({model for row in page.rows for model in row.models}),
        "number": asked.number,
        "pages": pages,
        "newer": asked.address(asked.number - 1) if asked.number > 1 else None,
        "older": asked.address(asked.number + 1) if asked.number < pages else None,
    }


def _groups(rows: Sequence[Indexed]) -> list[tuple[str, list[tuple[Indexed, datetime, str]]]]:
    """Rows under headings, with begin and status: own runs by the day they began in this machine's time, then
    the examples. A run that is being written is "running".
    """
    groups: dict[str, list[tuple[Indexed, datetime, str]]] = {}
    for row in rows:
        began = row.began.astimezone()
        heading = EXAMPLES if row.example else f"{began:%A, %-d %B %Y}"
        status = "running" if row.status == "unfinished" and being_written(row.path) else row.status
        groups.setdefault(heading, []).append((row, began, status))
    return list(groups.items())


def _page(text: str) -> int:
    """The number of a page; the first for what is none."""
    return max(1, int(text)) if text.isascii() and text.isdigit() and len(text) < 10 else 1


def _score(text: str | None, faults: list[str]) -> float | None:
    if text is None:
        return None
    try:
        score = float(text)
    except ValueError:
        score = math.nan
    if 0 <= score <= 10:
        return score
    faults.append(f"{text} is no score from 0 to 10")
    return None


def _day(text: str | None, which: str, faults: list[str], days: int = 0) -> datetime | None:
    """The beginning of a day in this machine's time; with `days` the last moment of the day."""
    if text is None:
        return None
    try:
        midnight = datetime.combine(date.fromisoformat(text) + timedelta(days=days), time()).astimezone(UTC)
        return midnight - timedelta(microseconds=days)
    except (ValueError, OverflowError):
        faults.append(f"{which}: {text} is no date such as 2026-11-24")
        return None
