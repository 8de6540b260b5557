"""Pictures of every page, to be looked at: small and large, light and dark.

python -m tests.web.shots FOLDER
"""

import sys
from datetime import timedelta
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

from debate.library import Library
from debate.manifest import Result, StudyRef
from debate.run_lock import RunLock
from debate.run_names import named_runs
from debate.web.archive import run_folders
from tests.web.browser import Chromium, chromium, missing
from tests.web.runs import a_run, events, failures
from tests.web.served import serving
from tests.web.studies import a_study

if TYPE_CHECKING:
    from playwright.sync_api import Page

WIDTHS = {"wide": {"width": 1280, "height": 900}, "small": {"width": 390, "height": 844}}
SCHEMES = ("light", "dark")


def gallery(runs: Path) -> dict[str, str]:
    """Fill a folder with runs and a study; gives the pages there are then, by name."""
    own = [
        a_run(runs, ago=timedelta(hours=7 * n), result=_result(7.9 - 0.6 * n), seed=n).name for n in range(6)
    ]
    failed = a_run(runs, failures(), ago=timedelta(hours=3), result=Result(status="failed", error="quorum"))
    a_run(runs, ago=timedelta(days=2), problem="shop_queue", result=None)
    a_run(runs, ago=timedelta(days=2, hours=1), result=_result(6.0, "degraded"))
    study = a_study(runs, own)
    ref = StudyRef(study=study.name, arm="full", replicate=0)
    a_run(runs, ago=timedelta(days=3), result=_result(6.6), study=ref)
    example = next(run.id for run in named_runs(run_folders(Library.open(), runs)) if run.example)
    return {
        "list": "/",
        "list-filtered": "/?status=done&lens=pace-layering&at_least=high",
        "list-empty": "/?text=nothing",
        "run": f"/runs/{example}",
        "run-failed": f"/runs/{failed.name}",
        "compare": f"/compare?run={own[0]}&run={failed.name}",
        "compare-alike": f"/compare?run={own[0]}&run={own[1]}",
        "studies": "/studies",
        "study": f"/studies/{study.name}",
        "error": "/runs/nowhere",
    }


def _result(headline: float, status: str = "done") -> Result:
    return Result(status=status, headline=headline, baseline=2.5, hypotheses=4, steps=5)


def take(browser: Chromium, address: str, out: Path, *, width: str, scheme: str) -> None:
    """One picture of a whole page."""

    def shoot(page: "Page") -> None:
        page.goto(address)
        page.wait_for_load_state("load")
        page.screenshot(path=out, full_page=True)

    browser.look(shoot, viewport=WIDTHS[width], color_scheme=scheme)


def main(out: Path) -> None:
    """Take all pictures."""
    if why := missing():
        raise SystemExit(why)
    out.mkdir(parents=True, exist_ok=True)
    with TemporaryDirectory() as folder, chromium() as browser, serving(Path(folder)) as served:
        pages = gallery(Path(folder))
        running = a_run(Path(folder), events()[:13], result=None, ago=timedelta(minutes=-5))
        lock = RunLock(running)
        for name, path in {**pages, "live": f"/runs/{running.name}"}.items():
            for width in WIDTHS:
                for scheme in SCHEMES:
                    file = out / f"{name}-{width}-{scheme}.png"
                    take(browser, served.url(path), file, width=width, scheme=scheme)
                    print(file)
        lock.release()


if __name__ == "__main__":
    main(Path(sys.argv[1]))
