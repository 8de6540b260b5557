"""Findings: what a check found, and what to do about it."""

from dataclasses import dataclass
from typing import Literal

Level = Literal["ok", "warn", "fail"]


@dataclass(frozen=True, slots=True)
class Finding:
    """What one check found; `then` is the next step, "" when there is none to take."""

    check: str
    level: Level
    said: str
    then: str = ""
