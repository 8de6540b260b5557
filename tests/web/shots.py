"""Pictures of every page, to be looked at: small and large, light and dark.

python -m tests.web.shots FOLDER    every page, whole
python -m tests.web.shots --docs    the two of the README
"""

import sys
from collections.abc import Sequence
from datetime import timedelta
from itertools import product
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

from debate.library import Library
from debate.manifest import Result, SeatRef, StudyRef
from debate.run_lock import RunLock
from debate.run_names import named_runs
from tests.runs import SEATS, a_run, events, failures
from tests.web.browser import Chromium, chromium, missing
from tests.web.served import Served, serving
from tests.web.studies import a_study
from tests.web_pages import kinds

if TYPE_CHECKING:
    from playwright.sync_api import Page

WIDTHS = {"wide": {"width": 1280, "height": 900}, "small": {"width": 390, "height": 844}}
SCHEMES = ("light", "dark")
DOCS = Path(__file__).resolve().parents[2] / "docs" / "pictures"


LONG = (
    "Donaudampfschifffahrtselektrizitätenhauptbetriebswerkbauunterbeamtengesellschaft",
    "What a newcomer who has never seen the place would find odd, and stops finding odd within a week",
)
"""Names of lenses: a word without a place to break, and one as long as a sentence."""


def gallery(runs: Path) -> dict[str, str]:
    """Fill a folder with runs and a study; gives the pages there are then, by name."""
    own = [
        a_run(runs, ago=timedelta(hours=7 * n), result=_result(7.9 - 0.6 * n), seed=n).name for n in range(6)
    ]
    failed = a_run(runs, failures(), ago=timedelta(hours=3), result=Result(status="failed", error="quorum"))
    a_run(runs, ago=timedelta(days=2), problem="shop_queue", result=None)
    a_run(runs, ago=timedelta(days=2, hours=1), result=_result(6.0, "degraded"))
    long = [
        a_run(runs, ago=timedelta(days=4 + n), seats=seats, terms=",".join(LONG))
        for n, seats in enumerate((_seats(LONG), (*_seats(LONG[1:]), *SEATS)))
    ]
    judged = kinds.judged_twice(runs).path
    study = a_study(runs, own)
    ref = StudyRef(study=study.name, arm="full", replicate=0)
    a_run(runs, ago=timedelta(days=3), result=_result(6.6), study=ref)
    example = next(run.id for run in named_runs(Library.open().run_folders(runs)) if run.example)
    return {
        "list": "/",
        "list-filtered": "/?status=done&lens=pace-layering&at_least=high",
        "list-empty": "/?text=nothing",
        "run": f"/runs/{example}",
        "run-failed": f"/runs/{failed.name}",
        "run-judged": f"/runs/{judged.name}",
        "run-long": f"/runs/{long[0].name}",
        "compare": f"/compare?run={own[0]}&run={failed.name}",
        "compare-alike": f"/compare?run={own[0]}&run={own[1]}",
        "compare-long": f"/compare?run={long[0].name}&run={long[1].name}",
        "studies": "/studies",
        "study": f"/studies/{study.name}",
        "report": f"/studies/{study.name}/report",
        "error": "/runs/nowhere",
    }


def _seats(names: Sequence[str]) -> tuple[SeatRef, ...]:
    return tuple(SeatRef(id=f"long-{n}", lens=f"long-{n}", name=name) for n, name in enumerate(names))


def _result(headline: float, status: str = "done") -> Result:
    return Result(status=status, headline=headline, baseline=2.5, hypotheses=4, steps=5)


def take(browser: Chromium, address: str, out: Path, *, width: str, scheme: str) -> None:
    """One picture of a whole page."""

    def shoot(page: "Page") -> None:
        page.goto(address)
        page.wait_for_load_state("load")
        page.screenshot(path=out, full_page=True)

    browser.look(shoot, viewport=WIDTHS[width], color_scheme=scheme)


def take_for_docs(browser: Chromium, served: Served) -> None:
    """The top of the example's page, and what became of its ideas."""
    example = gallery(served.runs)["run"]
    DOCS.mkdir(exist_ok=True)

    def shoot(page: "Page") -> None:
        page.goto(served.url(example))
        page.wait_for_load_state("load")
        page.screenshot(path=DOCS / "run.png")
        page.locator("svg.merge").screenshot(path=DOCS / "merge.png")

    browser.look(shoot, viewport={"width": 1280, "height": 860}, color_scheme="light")


def take_all(browser: Chromium, served: Served, out: Path) -> None:
    """Every page, and a run that goes on."""
    out.mkdir(parents=True, exist_ok=True)
    pages = gallery(served.runs)
    running = a_run(served.runs, events()[:13], result=None, ago=timedelta(minutes=-5))
    lock = RunLock(running)
    for name, path in {**pages, "live": f"/runs/{running.name}"}.items():
        for width, scheme in product(WIDTHS, SCHEMES):
            file = out / f"{name}-{width}-{scheme}.png"
            take(browser, served.url(path), file, width=width, scheme=scheme)
            print(file)
    lock.release()


def main(where: str) -> None:
    """Take pictures for the docs, or all of them."""
    if why := missing():
        raise SystemExit(why)
    with TemporaryDirectory() as folder, chromium() as browser, serving(Path(folder)) as served:
        if where == "--docs":
            take_for_docs(browser, served)
        else:
            take_all(browser, served, Path(where))


if __name__ == "__main__":
    main(sys.argv[1])
