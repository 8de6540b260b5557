"""How long `debate transcripts list` takes with many runs, the whole process, against reading their folders.

    python -m benchmarks.run_list [--runs 100000] [--rounds 5]

The first list makes the index; it is timed apart. Every round then reads all manifests as a list without an
index would, and starts the command once for each question, and once to list no runs at all.
"""

import argparse
import sys
import time
from pathlib import Path

from benchmarks.figures import Spread, machine, ratios, table
from benchmarks.recorded import recorded
from benchmarks.startup import timed
from debate.run_glance import glance
from debate.run_names import run_names

_LIST = (sys.executable, "-m", "debate", "transcripts", "list", "--transcripts")
_QUESTIONS = {
    "the newest 50": (),
    "one lens, a score": ("--lens", "pace-layering", "--min-score", "7"),
    "a filter nothing passes": ("--problem", "nothing-of-the-kind"),
    "a month, as JSON": ("--since", "2026-06-01", "--until", "2026-06-30", "--json"),
}


def read_folders(base: Path) -> float:
    """Seconds."""
    began = time.perf_counter()
    for name in run_names(base):
        glance(base / name)
    return time.perf_counter() - began


def main() -> None:
    """Run all rounds, then print."""
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    options.add_argument("--runs", type=int, default=100_000)
    options.add_argument("--rounds", type=int, default=5)
    given = options.parse_args()
    print(f"{machine()}; {given.runs:,} runs, {given.rounds} rounds")
    folders: list[float] = []
    taken: dict[str, list[float]] = {name: [] for name in ("no runs", *_QUESTIONS)}
    with recorded(given.runs) as base:
        first = timed((*_LIST, str(base)), talk=False)
        for _ in range(given.rounds):
            folders.append(1000 * read_folders(base))
            taken["no runs"].append(1000 * timed((*_LIST, str(base / "none")), talk=False))
            for name, flags in _QUESTIONS.items():
                taken[name].append(1000 * timed((*_LIST, str(base), *flags), talk=False))
    rows = [
        ("the first list, which makes the index, ms", f"{1000 * first:,.0f}", ""),
        ("reading the folders, ms", f"{Spread.of(folders):,.0f}", ""),
    ]
    for name, series in taken.items():
        goal = "" if name == "no runs" else "<= 300"
        rows.append((f"{name}, ms", f"{Spread.of(series):,.0f}", goal))
        rows.append((f"{name}, against reading the folders", f"{ratios(series, folders):.3f} x", ""))
    table("debate transcripts list", rows)


if __name__ == "__main__":
    main()
