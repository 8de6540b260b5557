"""Two runs side by side, and a study whose cells lead to their runs."""

import re
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from starlette.testclient import TestClient

from debate.studies.plan import PLAN
from tests.builders import a_plan, a_step
from tests.runs import a_run, events, failures
from tests.web.browser import Chromium
from tests.web.served import Served
from tests.web.studies import a_study
from tests.web.test_browser import untroubled

if TYPE_CHECKING:
    from playwright.sync_api import Page


class TestCompare:
    def test_what_differs_is_shown_and_what_is_missing_named(self, reader: TestClient, runs: Path) -> None:
        one = a_run(runs, seed=1)
        other = a_run(runs, failures(), ago=timedelta(days=1), seed=2)
        page = reader.get(f"/compare?run={one.name}&run={other.name}").text
        assert re.search(r"<th scope=\"row\">seed</th><td>1</td><td>2</td>", page)
        assert page.count("only A</span>") == 5 + 2  # steps, and hypotheses of the seat that failed
        assert "no plan speaks of it" in page
        assert f'href="/compare?run={other.name}&amp;run={one.name}"' in page

    def test_a_step_that_moved_says_from_where_to_where(self, reader: TestClient, runs: Path) -> None:
        titles = ("Stamp arrivals", "Count the slips", "Spread the starts")
        plans = [
            a_plan(steps=[a_step(rank, title=title, action=title) for rank, title in enumerate(order, 1)])
            for order in (titles, titles[::-1])
        ]
        said = [
            [
                event.model_copy(update={"plan": plan}) if hasattr(event, "plan") else event
                for event in events()
            ]
            for plan in plans
        ]
        one, other = a_run(runs, said[0]), a_run(runs, said[1])
        page = reader.get(f"/compare?run={one.name}&run={other.name}").text
        assert "rank 3 → 1" in page
        assert "rank 1 → 3" in page
        assert "rank 2</span>" in page

    @pytest.mark.parametrize("query", ["", "?run=a", "?run=a&run=b&run=c"])
    def test_any_other_number_of_runs_is_an_error_that_says_what_to_do(
        self, reader: TestClient, query: str
    ) -> None:
        answer = reader.get(f"/compare{query}")
        assert answer.status_code == 400
        assert "Tick two runs" in answer.text

    def test_a_run_that_cannot_be_read_is_said_to_be_so(self, reader: TestClient, runs: Path) -> None:
        one = a_run(runs)
        (runs / "20261101-000000-torn-0000").mkdir()
        (runs / "20261101-000000-torn-0000" / "run.json").write_text("{", encoding="utf-8")
        for path in (
            "/runs/20261101-000000-torn-0000",
            f"/compare?run={one.name}&run=20261101-000000-torn-0000",
        ):
            answer = reader.get(path)
            assert answer.status_code == 500
            assert "run.json" in answer.text

    def test_a_reader_ticks_two_and_no_more(self, browser: Chromium, served: Served, runs: Path) -> None:
        made = [a_run(runs, ago=timedelta(days=days)).name for days in range(3)]

        def look(page: "Page") -> tuple[list[str], str]:
            page.goto(served.url())
            ticks = page.locator(".pick input")
            for number in range(3):
                ticks.nth(number).check()
            left = page.locator(".pick input:checked").evaluate_all("found => found.map(each => each.value)")
            page.get_by_role("button", name="Compare").click()
            page.wait_for_url("**/compare?**")
            return left, page.inner_text("main")

        (left, text), seen = browser.look(look)
        assert left == made[1:]
        assert "Two runs" in text
        assert all(name in text for name in left)
        untroubled(seen)


class TestStudies:
    def test_the_list_says_what_each_study_is_and_how_far_it_has_come(
        self, reader: TestClient, runs: Path
    ) -> None:
        study = a_study(runs, [])
        page = reader.get("/studies").text
        assert f'href="/studies/{study.name}">leave-one-out<' in page
        assert "4 arms × 2 problems × 3" in page
        assert "20 of 24" in page

    def test_every_cell_stands_in_its_arm_and_leads_to_its_run(self, reader: TestClient, runs: Path) -> None:
        run = a_run(runs)
        page = reader.get(f"/studies/{a_study(runs, [run.name, 'gone']).name}").text
        cells = re.findall(r'<td class="cell cell-(\w+)', page)
        assert (len(cells), cells.count("failed"), cells.count("missing")) == (24, 2, 2)
        assert f'<a href="/runs/{run.name}">7.4</a>' in page
        assert "/runs/gone" not in page
        assert "too few seats spoke" in page

    def test_failed_and_missing_cells_are_counted_beside_no_mean(
        self, reader: TestClient, runs: Path
    ) -> None:
        page = reader.get(f"/studies/{a_study(runs, []).name}").text
        assert "2 failed, 2 missing: these cells count nowhere" in page
        assert re.search(r"without bottleneck-theory</th><td><b>5\.80</b>.*?4 <small>of 6", page)

    def test_a_study_whose_plan_was_changed_is_refused_and_listed_with_the_reason(
        self, reader: TestClient, runs: Path
    ) -> None:
        study = a_study(runs, [])
        file = study / PLAN
        file.write_text(
            file.read_text(encoding="utf-8").replace('"margin": 0.5', '"margin": 0.4'), encoding="utf-8"
        )
        assert "cannot change its plan" in reader.get(f"/studies/{study.name}").text
        assert "cannot change its plan" in reader.get("/studies").text

    def test_a_reader_goes_from_a_cell_to_its_run(
        self, browser: Chromium, served: Served, runs: Path
    ) -> None:
        run = a_run(runs)
        study = a_study(runs, [run.name])

        def look(page: "Page") -> str:
            page.goto(served.url("/studies"))
            page.get_by_role("link", name="leave-one-out").click()
            page.wait_for_url(f"**/studies/{study.name}")
            page.locator("table.grid").get_by_role("link", name="7.4").click()
            page.wait_for_url("**/runs/**")
            return page.url

        address, seen = browser.look(look)
        assert address == f"{served.origin}/runs/{run.name}"
        untroubled(seen)

    def test_the_study_itself_shows_its_plots_and_every_mark_leads_to_its_run(
        self, browser: Chromium, served: Served, runs: Path
    ) -> None:
        run = a_run(runs)
        study = a_study(runs, [run.name, "gone"])

        def look(page: "Page") -> tuple[int, str, list[str], list[str], str]:
            page.goto(served.url(f"/studies/{study.name}"))
            plots = page.locator("figure.plot")
            seen = plots.locator("svg:visible").count()
            finding = page.locator(".lead").inner_text()
            links = plots.locator("a").evaluate_all("found => found.map(each => each.getAttribute('href'))")
            ids = page.locator("[id]").evaluate_all("found => found.map(each => each.id)")
            plots.locator(f'svg:visible a[href="/runs/{run.name}"]').first.click()
            page.wait_for_url("**/runs/**")
            return seen, finding, links, ids, page.url

        (plots, finding, links, ids, address), seen = browser.look(look)
        assert plots >= 3  # the wide or the narrow one of each
        assert finding.startswith("Undecided: Bottleneck theory")
        assert {link for link in links if link.startswith("/")} == {f"/runs/{run.name}"}
        assert {link[1:] for link in links if link.startswith("#")} <= set(ids)
        assert len(ids) == len(set(ids))
        assert address == f"{served.origin}/runs/{run.name}"
        untroubled(seen)

    def test_the_report_shows_its_plots_and_every_mark_leads_to_its_run(
        self, browser: Chromium, served: Served, runs: Path
    ) -> None:
        run = a_run(runs)
        study = a_study(runs, [run.name])

        def look(page: "Page") -> tuple[int, str, str]:
            page.goto(served.url(f"/studies/{study.name}"))
            page.get_by_role("link", name="The report").click()
            page.wait_for_url("**/report")
            plots = page.locator("figure svg").count()
            width = page.evaluate("getComputedStyle(document.querySelector('main')).maxWidth")
            page.locator(f'svg a[href="/runs/{run.name}"]').first.click()
            page.wait_for_url("**/runs/**")
            return plots, width, page.url

        (plots, width, address), seen = browser.look(look)
        assert plots >= 3
        assert width != "none"  # the style of the report arrived under the strict policy
        assert address == f"{served.origin}/runs/{run.name}"
        untroubled(seen)
