"""Resuming: the command that goes on with a study from where and with what limits it can."""

import math
import shlex
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Final

from debate.ledger.entries import Spend
from debate.studies.cells import Cell
from debate.studies.plan import StudyRecord

_LIMITS: Final = ("max_calls", "max_tokens", "max_cost")


def resume_command(
    record: StudyRecord, cells: Sequence[Cell], sent: Spend | None, places: Mapping[str, Path | None]
) -> str:
    """`resuming`, with a higher limit for each of the study's that is used up: room for what the cells that
    are left take at most, if each asks all it needs anew.
    """
    words: list[str] = []
    for limit, used, most in zip(_LIMITS, _used(sent), _largest(cells), strict=True):
        allowed = record.calls.get(limit)
        if isinstance(allowed, int | float) and used >= allowed:
            left = sum(cell.state in ("missing", "failed") for cell in cells)
            enough = _rounded(used + max(1, left) * most)
            words += [f"--{limit.replace('_', '-')}", f"{enough:g}" if enough < 100 else f"{enough:.0f}"]
    return " ".join([resuming(record.id, places), *words])


def resuming(study: str, places: Mapping[str, Path | None]) -> str:
    """`debate ablate --resume …` with the folders the user named."""
    return f"debate ablate --resume {study}{where(places)}"


def where(places: Mapping[str, Path | None]) -> str:
    """The folders the user named, as flags after a command: " --transcripts runs"."""
    named = ((flag, path) for flag, path in places.items() if path is not None)
    return "".join(f" --{flag} {shlex.quote(str(path))}" for flag, path in named)


def _used(sent: Spend | None) -> tuple[float, float, float]:
    return (sent.calls, sent.tokens, sent.cost) if sent else (0, 0, 0.0)


def _largest(cells: Sequence[Cell]) -> tuple[float, float, float]:
    """What the dearest cell used, in calls, tokens and cost; a little where none came so far."""
    used = [cell.used for cell in cells]
    return (
        max((10, *(each.calls for each in used))),
        max((50_000, *(each.tokens for each in used))),
        max((0.01, *(each.cost or 0.0 for each in used))),
    )


def _rounded(value: float) -> float:
    """Up to two figures that count."""
    step = 10.0 ** (math.floor(math.log10(value)) - 1)
    return math.ceil(value / step) * step
