"""How long the list page takes with many runs, against reading their folders.

    python -m benchmarks.view [--runs 100000] [--rounds 5]

Makes so many run folders (`benchmarks.recorded`) and asks the application in this process, so that neither
the network nor a browser is measured. The first page of all makes the index; it is timed apart.
"""

import argparse
import time
from collections.abc import Callable

from starlette.testclient import TestClient

from benchmarks.figures import Spread, machine, ratios
from benchmarks.recorded import recorded
from debate.library import Library
from debate.transcripts import list_runs
from debate.web.app import app

PAGES = {
    "the first page": "/",
    "page 900 of a filter": "/?problem=care&page=900",
    "a score and a lens": "/?lens=pace-layering&at_least=7",
    "words that nothing has": "/?text=nothing+of+the+kind",
}
ORIGIN = "http://127.0.0.1:8000"


def timed(ask: Callable[[], object]) -> float:
    """Milliseconds."""
    begun = time.perf_counter()
    ask()
    return (time.perf_counter() - begun) * 1000


def main() -> None:
    """Print the figures."""
    options = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    options.add_argument("--runs", type=int, default=100_000)
    options.add_argument("--rounds", type=int, default=5)
    given = options.parse_args()
    print(f"{given.runs:,} runs; {machine()}")
    with recorded(given.runs) as base:
        client = TestClient(app(Library.open().run_folders(base), "token"), ORIGIN)
        print(f"making the index: {timed(lambda: client.get('/?token=token')):,.0f} ms")
        folders = [timed(lambda: list_runs(base)) for _ in range(given.rounds)]
        print(f"reading the folders: {Spread.of(folders):,.0f} ms")
        for name, address in PAGES.items():
            taken = [timed(lambda address=address: client.get(address)) for _ in range(given.rounds)]  # type: ignore[misc]
            print(f"{name}: {Spread.of(taken):,.0f} ms, {ratios(taken, folders):.4f} of reading the folders")


if __name__ == "__main__":
    main()
