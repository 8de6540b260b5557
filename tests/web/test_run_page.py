"""The page of a run in a real browser: served, and as one file with the network off."""

from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from debate.library import Library
from debate.manifest import Result
from debate.pages import standalone
from debate.run_names import named_runs
from debate.transcripts import Run
from tests.runs import a_run, events, failures
from tests.web.browser import Chromium
from tests.web.hostile import SHOWN, hostile_run
from tests.web.served import Served
from tests.web.test_browser import SMALL, untroubled
from tests.web.test_hostile import HIDDEN, nothing_happened

if TYPE_CHECKING:
    from playwright.sync_api import Page


@pytest.fixture
def example() -> Run:
    """The example that comes with the program."""
    folders = [root.path / "transcripts" / "examples" for root in Library.open().roots]
    return Run.load(named_runs(folders)[0].path)


@pytest.fixture(params=["served", "alone"])
def address(request: pytest.FixtureRequest, example: Run, tmp_path: Path) -> str:
    """The example's page from the server, and as a file of its own."""
    if request.param == "served":
        served: Served = request.getfixturevalue("served")
        return served.url(f"/runs/{example.path.name}")
    file = tmp_path / "run.html"
    file.write_text(standalone(example), encoding="utf-8")
    return file.as_uri()


def test_a_newcomer_finds_the_five_things_near_the_top(browser: Chromium, address: str, example: Run) -> None:
    def look(page: "Page") -> tuple[str, str, int]:
        page.goto(address)
        short, dropped = page.locator("#short"), page.locator("#dropped + *")
        return short.inner_text(), dropped.inner_text(), short.locator(".sentences li").count()

    (short, dropped, facts), seen = browser.look(look, offline=address.startswith("file:"))
    plan = next(event.plan for event in example.events if hasattr(event, "plan"))
    top = plan.steps[0]
    assert top.title in short
    assert top.decision.if_false in short
    seats = {seat.id: seat.name for seat in example.manifest.seats}
    assert any(
        name in short for seat, name in seats.items() if any(h.startswith(seat) for h in top.hypotheses)
    )
    assert facts > 0
    assert all(each.because in dropped for each in plan.set_aside)
    untroubled(seen)


def test_a_fact_id_shows_its_sentence_to_mouse_keyboard_and_finger(browser: Chromium, address: str) -> None:
    def look(page: "Page") -> dict[str, Any]:
        page.goto(address)
        cite = page.locator("#short .cite").first
        link, pop = cite.locator("a"), cite.locator(".pop")
        found: dict[str, Any] = {"id": link.inner_text(), "at first": pop.is_visible()}
        link.hover()
        pop.wait_for()
        found["sentence"] = pop.inner_text()
        page.mouse.move(0, 0)
        pop.wait_for(state="hidden")
        link.focus()
        pop.wait_for()
        page.keyboard.press("Escape")
        pop.wait_for(state="hidden")
        page.evaluate("document.activeElement.blur()")
        link.click()
        page.mouse.move(0, 0)
        pop.wait_for()
        page.mouse.click(5, 5)
        pop.wait_for(state="hidden")
        found["in the case"] = page.locator(f"[id='text-{found['id']}']").inner_text()
        return found

    found, seen = browser.look(look, offline=address.startswith("file:"))
    assert found["at first"] is False
    assert found["sentence"] == f"{found['id']} {found['in the case']}"
    untroubled(seen)


def test_escape_closes_a_sentence_and_leaves_the_keyboard_where_it_was(
    browser: Chromium, address: str
) -> None:
    def look(page: "Page") -> dict[str, Any]:
        page.goto(address)
        cite = page.locator("#short .cite").first
        link, pop = cite.locator("a"), cite.locator(".pop")
        here = "each => each === document.activeElement"
        page.locator("#top-title a").focus()
        page.keyboard.press("Tab")
        pop.wait_for()
        found = {
            "reached": link.evaluate(here),
            "ring": link.evaluate("a => getComputedStyle(a).outlineStyle"),
        }
        page.keyboard.press("Escape")
        pop.wait_for(state="hidden")
        page.keyboard.press("Enter")  # pins it
        pop.wait_for()
        page.keyboard.press("Escape")
        pop.wait_for(state="hidden")
        found["still there"] = link.evaluate(here)
        page.keyboard.press("Tab")
        page.keyboard.press("Shift+Tab")
        pop.wait_for()
        page.keyboard.press("Enter")
        page.keyboard.press("Enter")  # the second follows the link
        page.wait_for_url("**#fact-*")
        found["left for"] = page.url.partition("#")[2] == f"fact-{link.inner_text()}"
        return found

    found, seen = browser.look(look, viewport=SMALL, offline=address.startswith("file:"))
    ring = found.pop("ring")
    assert ring != "none"
    assert found == {"reached": True, "still there": True, "left for": True}
    untroubled(seen)


@pytest.mark.parametrize("width", [390, 800, 1280])
def test_no_sentence_opens_over_the_side_of_the_screen(
    browser: Chromium, served: Served, example: Run, width: int
) -> None:
    def look(page: "Page") -> list[list[float]]:
        page.goto(served.url(f"/runs/{example.path.name}"))
        page.evaluate("document.querySelectorAll('details').forEach(each => each.open = true)")
        sides: list[list[float]] = page.locator(".cite > a").evaluate_all(
            """found => found.map(link => {
                link.focus();
                const pop = link.parentElement.querySelector(".pop");
                const { left, right, width } = pop.getBoundingClientRect();
                return [left, right, width];
            })"""
        )
        return sides

    sides, _ = browser.look(look, viewport={"width": width, "height": 844})
    assert len(sides) > 50
    assert [side for side in sides if side[0] < 0 or side[1] > width or side[2] < 150] == []


def test_the_merge_picture_leads_from_every_idea_to_its_place(
    browser: Chromium, address: str, example: Run
) -> None:
    def look(page: "Page") -> tuple[list[str], list[str], list[str], bool]:
        page.goto(address)
        picture = page.locator("svg.merge")
        boxes = picture.locator("a").evaluate_all("found => found.map(each => each.getAttribute('href'))")
        ids = page.locator("[id]").evaluate_all("found => found.map(each => each.id)")
        kinds = picture.locator(".link").evaluate_all(
            "found => found.map(each => each.getAttribute('class'))"
        )
        return boxes, ids, kinds, picture.is_visible()

    (boxes, ids, kinds, visible), seen = browser.look(look, offline=address.startswith("file:"))
    hypotheses = [h for event in example.events for h in getattr(event, "hypotheses", ())]
    plan = next(event.plan for event in example.events if hasattr(event, "plan"))
    assert visible
    assert [href for href in boxes if href.removeprefix("#") not in ids] == []
    assert len(boxes) >= len(hypotheses) + len(plan.steps)
    assert sum("link-aside" in kind for kind in kinds) == len(plan.set_aside)
    untroubled(seen)


def test_failures_are_loud(browser: Chromium, served: Served, runs: Path) -> None:
    run = a_run(runs, failures(), result=Result(status="failed", error="too few seats spoke"))

    def look(page: "Page") -> tuple[str, float, float]:
        page.goto(served.url(f"/runs/{run.name}"))
        troubles = page.locator(".troubles")
        top = troubles.bounding_box()
        return troubles.inner_text(), top["y"] if top else 1e9, page.viewport_size["height"]  # type: ignore[index]

    (text, top, height), seen = browser.look(look)
    for why in ("the server did not answer", "no ballot came back", "too few seats spoke"):
        assert why in text
    assert top < height
    untroubled(seen)


def test_a_run_that_was_killed_shows_what_it_left(browser: Chromium, served: Served, runs: Path) -> None:
    run = a_run(runs, events()[:11], result=None)
    text, seen = browser.look(
        lambda page: (page.goto(served.url(f"/runs/{run.name}")), page.inner_text("main"))[1]
    )
    assert "unfinished" in text
    assert "Bottleneck Theory" in text
    untroubled(seen)


def test_one_file_of_hostile_texts_runs_nothing_and_asks_for_nothing(
    browser: Chromium, tmp_path: Path
) -> None:
    file = tmp_path / "hostile.html"
    file.write_text(standalone(Run.load(hostile_run(tmp_path / "runs"))), encoding="utf-8")

    def look(page: "Page") -> tuple[Any, list[str], str, str, int]:
        page.goto(file.as_uri())
        page.evaluate("document.querySelectorAll('details').forEach(each => each.open = true)")
        page.evaluate("document.querySelectorAll('a, button, [tabindex]').forEach(each => each.focus())")
        page.wait_for_timeout(300)
        alien = page.locator(
            "img, iframe, base, object, embed, form, link, meta[http-equiv=refresh], [style], [onerror], "
            "[onload], [onfocus], a[href]:not([href^='#'])"
        ).evaluate_all("found => found.map(each => each.outerHTML.slice(0, 200))")
        scripts = page.locator("script, style").count()
        return page.evaluate("window.pwned ?? null"), alien, page.inner_text("body"), page.content(), scripts

    (ran, alien, text, source, scripts), seen = browser.look(look, offline=True)
    assert (ran, alien) == (None, [])
    assert SHOWN in text
    assert not HIDDEN.search(source)
    assert scripts == 2  # ours
    assert seen.requests == [file.as_uri()]
    nothing_happened(seen, browser)


def test_on_paper_there_is_the_debate_and_no_controls(browser: Chromium, address: str) -> None:
    def look(page: "Page") -> dict[str, bool]:
        page.goto(address)
        page.emulate_media(media="print")
        shown = {
            name: page.locator(name).first for name in ("h1", "#short", "#seats", ".toc", ".skip", ".pop")
        }
        return {name: place.is_visible() for name, place in shown.items()}

    found, _ = browser.look(look, offline=address.startswith("file:"))
    assert found == {"h1": True, "#short": True, "#seats": True, ".toc": False, ".skip": False, ".pop": False}
