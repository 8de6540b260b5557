"""Figures with their spread: what several rounds of one measurement came to."""

import os
import platform
import time
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from statistics import median
from typing import Self


@dataclass(frozen=True, slots=True)
class Spread:
    """Median, smallest and largest of several measurements."""

    middle: float
    low: float
    high: float

    @classmethod
    def of(cls, values: Iterable[float]) -> Self:
        """Raises ValueError for no values."""
        found = sorted(values)
        if not found:
            raise ValueError("nothing was measured")
        return cls(median(found), found[0], found[-1])

    def __format__(self, spec: str) -> str:
        """Each of the three as `spec` says: `0.52 (0.50-0.57)`."""
        return f"{self.middle:{spec}} ({self.low:{spec}}-{self.high:{spec}})"


def ratios(above: Sequence[float], below: Sequence[float]) -> Spread:
    """Round by round, so that what slowed a whole round down cancels out."""
    return Spread.of(a / b for a, b in zip(above, below, strict=True))


def flush_ms(folder: Path) -> float:
    """Milliseconds the disk under `folder` takes to flush 4 KB, the middle of twenty times."""
    took = []
    with (folder / "flush").open("wb", buffering=0) as file:
        for _ in range(20):
            file.write(bytes(4096))
            began = time.perf_counter()
            os.fsync(file.fileno())
            took.append(time.perf_counter() - began)
    return 1000 * median(took)


def machine() -> str:
    """One line on where the figures come from."""
    load = "/".join(f"{value:.2f}" for value in os.getloadavg())
    cores = len(os.sched_getaffinity(0))
    return f"{cores} cores, Python {platform.python_version()}, load before the run {load}"


def table(title: str, rows: Sequence[tuple[str, str, str]]) -> None:
    """Print rows of figure, value and goal ("" where there is none)."""
    print(f"\n{title}")
    width = max(len(name) for name, _, _ in rows)
    for name, value, goal in rows:
        print(f"  {name:<{width}}  {value:<30}  {f'goal {goal}' if goal else ''}".rstrip(), flush=True)
