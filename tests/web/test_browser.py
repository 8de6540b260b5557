"""The pages in a real browser, as the reader meets them."""

import asyncio
import re
import threading
import time
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from debate.library import Library
from debate.manifest import Result
from debate.models.roles import ROLES
from debate.runs import RunSpec, run
from debate.runs.spec import CallSettings
from tests.bookshelf import problem_text
from tests.debates.house_server import PANEL, HouseServer
from tests.faults.server import Exchange
from tests.runs import a_run, failures
from tests.web.browser import PATIENCE, Chromium, Seen
from tests.web.served import TOKEN, Served

if TYPE_CHECKING:
    from playwright.sync_api import Page

LONGEST = 300.0  # seconds a busy machine may take for a debate
SMALL = {"width": 390, "height": 844}


def untroubled(seen: Seen) -> None:
    """No script failed, the console is empty, nothing was asked of anybody else, no window popped up."""
    assert (seen.errors, seen.console, seen.outside(), seen.dialogs) == ([], [], [], [])


class TestList:
    def test_the_printed_address_opens_the_list_and_the_token_is_gone(
        self, browser: Chromium, served: Served
    ) -> None:
        def look(page: "Page") -> tuple[str, str]:
            page.goto(served.url())
            return page.url, page.inner_text("h1")

        (address, title), seen = browser.look(look)
        assert (address, title) == (f"{served.origin}/", "Runs")
        untroubled(seen)

    def test_a_reader_filters_pages_and_opens_a_run(
        self, browser: Chromium, served: Served, runs: Path
    ) -> None:
        for days in range(60):
            a_run(runs, [], ago=timedelta(days=days))
        odd = a_run(runs, failures(), problem="care", result=Result(status="failed", error="no seat spoke"))

        def look(page: "Page") -> tuple[str, int, str]:
            page.goto(served.url())
            page.get_by_role("link", name="Older").click()
            page.wait_for_url("**page=2**")
            page.get_by_label("Status").select_option("failed")
            page.get_by_role("button", name="Filter").click()
            page.wait_for_url("**status=failed**")
            rows = page.locator(".row")
            first = rows.first.locator(".id").inner_text()
            count = rows.count()
            rows.first.get_by_role("link").first.click()
            page.wait_for_url("**/runs/**")
            return first, count, page.url

        (first, count, address), seen = browser.look(look)
        assert odd.name in first
        assert count == 1
        assert address == f"{served.origin}/runs/{odd.name}"
        untroubled(seen)

    def test_the_keyboard_is_enough(self, browser: Chromium, served: Served, runs: Path) -> None:
        made = a_run(runs)

        def look(page: "Page") -> tuple[str, str, str, str]:
            page.goto(served.url())
            page.keyboard.press("Tab")
            skip = page.evaluate("document.activeElement.textContent")
            ring = page.evaluate("getComputedStyle(document.activeElement).outlineStyle")
            page.keyboard.press("Enter")
            place = page.evaluate("location.hash")
            for _ in range(60):
                page.keyboard.press("Tab")
                if "/runs/" in (page.evaluate("document.activeElement.getAttribute('href')") or ""):
                    break
            page.keyboard.press("Enter")
            page.wait_for_url("**/runs/**")
            return skip, ring, place, page.url

        (skip, ring, place, address), _ = browser.look(look)
        assert "Skip" in skip
        assert ring != "none"
        assert place == "#main"
        assert address.endswith(made.name)

    @pytest.mark.parametrize("path", ["/", "/studies", "/runs/nowhere"])
    def test_nothing_is_wider_than_a_small_screen(
        self, browser: Chromium, served: Served, runs: Path, path: str
    ) -> None:
        a_run(runs, problem="a" * 64)

        def look(page: "Page") -> int:
            page.goto(served.url(path))
            width: int = page.evaluate("document.documentElement.scrollWidth")
            return width

        width, _ = browser.look(look, viewport=SMALL)
        assert width <= SMALL["width"]


class SlowHouse(HouseServer):
    """A house server whose critic does not answer before the test says so."""

    def __init__(self) -> None:
        super().__init__()
        self.go_on = threading.Event()

    def __enter__(self) -> "SlowHouse":
        super().__enter__()
        return self

    async def reply(self, exchange: Exchange) -> None:
        """The house's reply; the critic's and the writer's wait."""
        if not self.words_of_a_seat(exchange):
            await asyncio.to_thread(self.go_on.wait, LONGEST)
        await super().reply(exchange)

    def words_of_a_seat(self, exchange: Exchange) -> bool:
        """Whether a seat asks."""
        return bool(exchange.asked["response_format"]["json_schema"]["name"] == "SeatReport")


class TestLive:
    def test_a_debate_appears_as_it_is_held_and_survives_a_reload(
        self, browser: Chromium, served: Served, runs: Path, tmp_path: Path
    ) -> None:
        card = tmp_path / "shop_queue.md"
        card.write_text(problem_text(), encoding="utf-8")
        ended: list[Any] = []

        with SlowHouse() as house:
            calls = CallSettings(base_url=house.url)
            spec = RunSpec(
                str(card),
                dict.fromkeys(ROLES, "llamacpp:"),
                lenses=",".join(PANEL),
                transcripts=runs,
                calls=calls,
            )

            def hold() -> None:
                ended.append(asyncio.run(run(spec, Library.open(), lambda _event: None)))

            debate = threading.Thread(target=hold)
            debate.start()
            try:
                told, seen = browser.look(lambda page: self._watch(page, served, house))
            finally:
                house.go_on.set()
                debate.join(LONGEST)
        assert ended[0].status in {"done", "degraded"}
        first, again, at_the_end = told
        assert first["states"] == again["states"]
        assert first["states"]["pace-layering"] == "done"
        assert first["states"]["critic"] == "thinking"
        assert first["lines"] == again["lines"]
        assert len(set(first["lines"])) == len(first["lines"])
        assert "Running now" not in at_the_end
        untroubled(seen)

    def _watch(
        self, page: "Page", served: Served, house: SlowHouse
    ) -> tuple[dict[str, Any], dict[str, Any], str]:
        page.goto(served.url())
        row = page.locator(".row", has=page.locator(".chip-running")).first
        until = time.monotonic() + LONGEST
        while not row.count() and time.monotonic() < until:  # until the debate has its folder
            page.wait_for_timeout(200)
            page.reload()
        row.get_by_role("link").first.click()
        page.locator("[data-place=critic][data-state=thinking]").wait_for()
        first = self._shown(page)
        page.reload()
        page.locator("[data-place=critic][data-state=thinking]").wait_for()
        again = self._shown(page)
        house.go_on.set()
        page.get_by_text("Running now").wait_for(state="detached", timeout=2 * PATIENCE)
        return first, again, page.inner_text("body")

    def _shown(self, page: "Page") -> dict[str, Any]:
        places = page.locator("[data-place]").evaluate_all(
            "found => found.map(each => [each.dataset.place, each.dataset.state])"
        )
        lines = page.locator("#log > li p").all_inner_texts()
        return {"states": dict(places), "lines": [re.sub(r"\s+", " ", line) for line in lines]}


def test_a_browser_keeps_the_cookie_from_scripts_and_other_sites(browser: Chromium, served: Served) -> None:
    def look(page: "Page") -> tuple[Any, str]:
        page.goto(served.url())
        return page.context.cookies(), page.evaluate("document.cookie")

    ((cookie,), readable), _ = browser.look(look)
    assert cookie["value"] == TOKEN
    assert (cookie["httpOnly"], cookie["sameSite"]) == (True, "Strict")
    assert readable == ""
