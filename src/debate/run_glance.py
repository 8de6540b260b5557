"""A run at a glance: what its manifest says of it, taken from the JSON as it stands.

For lists of many runs. Only what a list shows and filters by is looked at, so a manifest that a reader of
whole runs would refuse may be listed here; one that is no JSON, of another version, or without what a list
needs is "broken". The rest of the program reads manifests with `debate.manifest`.
"""

import json
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final

from debate.run_names import MANIFEST, Named, began

STATUSES: Final = ("done", "degraded", "failed", "interrupted", "unfinished", "broken", "not begun")

_SCHEMA: Final = 1
_EPOCH: Final = datetime.fromtimestamp(0, UTC)


@dataclass(frozen=True, slots=True)
class Indexed:
    """A run as a list shows it. `lenses` are ids in the order of seating, `models` without the judge by rule.

    `status` is one of `STATUSES`; `study` is the id of the study the run is a cell of. Scores are 0 to 10,
    None where there is none. What cannot be read is "" or ().
    """

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
    example: bool = False


def glance(path: Path) -> Indexed:
    """What the run folder `path` says of itself; nothing is raised."""
    try:
        return _read(path, json.loads((path / MANIFEST).read_bytes()))
    except (OSError, ValueError, TypeError, KeyError, AttributeError, RecursionError):
        status = "broken" if Named(path.name, path).begun else "not begun"
        return Indexed(path.name, path, "", "", (), (), status, None, None, None, began(path.name) or _EPOCH)


def _read(path: Path, manifest: Any) -> Indexed:
    if manifest["schema"] != _SCHEMA:
        raise ValueError("a manifest of another version")
    result = manifest.get("result") or {"status": "unfinished"}
    study = manifest.get("study")
    said = (str(model) for role, model in manifest["models"].items() if (role, model) != ("judge", "checks"))
    return Indexed(
        id=path.name,
        path=path,
        problem=str(manifest["problem"]["id"]),
        terms=str(manifest["terms"]),
        lenses=tuple(str(seat["lens"]) for seat in manifest["seats"] if seat["lens"]),
        models=tuple(dict.fromkeys(name for model in said for name in model.split(","))),
        status=result["status"] if result["status"] in STATUSES else "broken",
        headline=_number(result.get("headline")),
        baseline=_number(result.get("baseline")),
        study=str(study["study"]) if study else None,
        began=datetime.fromisoformat(manifest["created"]).astimezone(UTC),
    )


def _number(value: Any) -> float | None:
    return None if value is None else float(value)
