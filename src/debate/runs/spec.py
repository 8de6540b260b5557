"""What the user asked a run to be."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True)
class RunSpec:
    """What the user asked for. `problem` and `protocol` are an id or a path; `models` binds every role."""

    problem: str
    models: Mapping[str, str]
    lenses: str = "high"
    protocol: str = "panel"
    seed: int = 0
    allow_adhoc: bool = False
    transcripts: Path | None = None
