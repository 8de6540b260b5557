"""Placeholder, replaced by the index."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from debate.transcripts import Listed, list_runs


@dataclass(frozen=True)
class Wanted:
    problem: str | None = None
    lens: str | None = None
    model: str | None = None
    status: str | None = None
    study: str | None = None
    at_least: float | None = None
    since: datetime | None = None
    until: datetime | None = None
    text: str | None = None


@dataclass(frozen=True)
class Indexed:
    id: str
    path: Path
    problem: str
    terms: str
    lenses: tuple[str, ...]
    models: tuple[str, ...]
    status: str
    headline: float | None
    baseline: float | None
    study: str | None
    began: datetime
    example: bool


@dataclass(frozen=True)
class Page:
    rows: tuple[Indexed, ...]
    total: int


def select(bases: Sequence[Path], wanted: Wanted, *, limit: int | None = None, offset: int = 0) -> Page:
    rows = [_row(run) for base in bases for run in list_runs(base, example=base.name == "examples")]
    rows = [r for r in rows if _fits(r, wanted)]
    end = None if limit is None else offset + limit
    return Page(tuple(rows[offset:end]), len(rows))


def _fits(r: Indexed, w: Wanted) -> bool:
    return (
        (w.problem is None or w.problem in r.problem)
        and (w.lens is None or w.lens in r.lenses)
        and (w.model is None or w.model in r.models)
        and (w.status is None or w.status == r.status)
        and (w.at_least is None or (r.headline is not None and r.headline >= w.at_least))
        and (w.since is None or r.began >= w.since)
        and (w.until is None or r.began < w.until)
    )


def _row(run: Listed) -> Indexed:
    m = run.manifest
    if m is None:
        return Indexed(
            run.id,
            run.path,
            "",
            "",
            (),
            (),
            run.status,
            None,
            None,
            None,
            datetime.now().astimezone(),
            run.example,
        )
    return Indexed(
        run.id,
        run.path,
        m.problem.id,
        m.terms,
        tuple(s.id for s in m.seats),
        tuple(dict.fromkeys(m.models.values())),
        run.status,
        m.result.headline if m.result else None,
        m.result.baseline if m.result else None,
        None,
        m.created,
        run.example,
    )
