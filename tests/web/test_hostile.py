"""What cards and models wrote is shown as text: it runs nothing, loads nothing and hides nothing."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

from debate.run_lock import RunLock
from tests.runs import a_run
from tests.web.browser import Chromium, Seen
from tests.web.hostile import ALL, CORPUS, SHOWN, hostile_run
from tests.web.served import Served
from tests.web.studies import a_study

if TYPE_CHECKING:
    from playwright.sync_api import Page

# What none of our pages has, and what only ours may have.
ALIEN = """
found => [...document.querySelectorAll(`
    img, iframe, frame, base, object, embed, style, meta[http-equiv], [style], [onload], [onerror], [onfocus],
    script:not([src^="/static/"]), link:not([href^="/static/"]), form:not([action^="/"]),
    a[href]:not([href^="/"]):not([href^="#"])
`)].map(each => each.outerHTML.slice(0, 200))
"""
HIDDEN = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u200b-\u200f\u202a-\u202e\u2060-\u206f\ufeff]")


@contextmanager
def pages(runs: Path) -> Iterator[dict[str, str]]:
    """Every page that shows text of a run or study, and those that show what was asked for."""
    run, other = hostile_run(runs), hostile_run(runs)
    running = hostile_run(runs)
    study = a_study(runs, [run.name], ALL)
    lock = RunLock(running)
    yield {
        "list": "/",
        "filtered": f"/?text={quote(ALL)}&problem={quote(ALL)}&status={quote(ALL)}&at_least={quote(ALL)}",
        "run": f"/runs/{run.name}",
        "live": f"/runs/{running.name}",
        "compare": f"/compare?run={run.name}&run={other.name}",
        "compared with another": f"/compare?run={run.name}&run={a_run(runs).name}",
        "studies": "/studies",
        "study": f"/studies/{study.name}",
        "report": f"/studies/{study.name}/report",
        "error": f"/runs/{quote(CORPUS[-2] + CORPUS[0].partition('/')[0])}",
    }
    lock.release()


def what_is_there(page: "Page", address: str) -> dict[str, Any]:
    """Open a page, open all that is folded, touch all that can be focused, and look what has become of it."""
    page.goto(address)
    page.wait_for_load_state("load")
    page.evaluate("document.querySelectorAll('details').forEach(each => each.open = true)")
    page.evaluate("document.querySelectorAll('a, button, input, [tabindex]').forEach(each => each.focus())")
    page.wait_for_timeout(300)
    return {
        "address": page.url,
        "title": page.title(),
        "ran": page.evaluate("window.pwned ?? null"),
        "alien": page.evaluate(ALIEN),
        "text": page.locator("html").evaluate("root => root.innerText"),
        "source": page.content(),
    }


def test_the_corpus_reaches_every_field_of_every_event(tmp_path: Path) -> None:
    run = hostile_run(tmp_path)
    journal = (run / "events.jsonl").read_text(encoding="utf-8")
    assert journal.count("window.pwned=1<") > 200
    assert (run / "run.json").read_text(encoding="utf-8").count("window.pwned=1<") > 30


def test_no_text_of_a_run_is_ever_markup(browser: Chromium, served: Served, runs: Path) -> None:
    with pages(runs) as addresses:

        def look(page: "Page") -> dict[str, dict[str, Any]]:
            page.goto(served.url())
            return {name: what_is_there(page, served.origin + path) for name, path in addresses.items()}

        found, seen = browser.look(look)
    assert [n for n, page in found.items() if not page["address"].startswith(f"{served.origin}/")] == []
    assert {name: page["ran"] for name, page in found.items() if page["ran"] is not None} == {}
    assert {name: page["alien"] for name, page in found.items() if page["alien"]} == {}
    assert [name for name, page in found.items() if HIDDEN.search(page["source"])] == []
    assert [name for name, page in found.items() if "1337" in page["text"]] == []
    showing = found.keys() - {"filtered", "error"}  # the one shows it in a field, the other a part of it
    assert [name for name in showing if SHOWN not in found[name]["text"]] == []
    nothing_happened(seen, browser)


def nothing_happened(seen: Seen, browser: Chromium) -> None:
    """No request left this machine, by the page or by any other part of the browser."""
    assert (seen.outside(), seen.errors, seen.dialogs) == ([], [], [])
    assert browser.left == []


def test_each_text_alone_stays_text_in_a_form(browser: Chromium, served: Served) -> None:
    def look(page: "Page") -> dict[str, tuple[str, Any]]:
        page.goto(served.url())
        found = {}
        for text in CORPUS:
            page.goto(f"{served.origin}/?problem={quote(text)}")
            found[text] = (page.get_by_label("Problem").input_value(), page.evaluate("window.pwned ?? null"))
        return found

    found, seen = browser.look(look)
    assert found.keys() == set(CORPUS)
    assert {text: ran for text, (_, ran) in found.items() if ran is not None} == {}
    assert {text: value for text, (value, _) in found.items() if HIDDEN.search(value) or not value} == {}
    nothing_happened(seen, browser)
