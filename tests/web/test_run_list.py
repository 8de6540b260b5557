"""The list of runs: newest first, filtered as asked, in pages; nothing a reader types breaks it."""

import re
from datetime import timedelta
from pathlib import Path

import pytest
from starlette.testclient import TestClient

from debate.manifest import Result
from debate.web.run_list import SIZE, filters
from tests.runs import a_run

OWN = '/runs/2026112[0-9]-120005-[^"]*'


def ids(page: str) -> list[str]:
    """The runs of a page in its order, but for the examples."""
    return re.findall(r'<a href="/runs/([^"]*-120005-[^"]*|[^"]*-shop-[^"]*)"', page)


def test_the_newest_run_stands_first_and_examples_after_the_own(reader: TestClient, runs: Path) -> None:
    made = [a_run(runs, [], ago=timedelta(days=days)).name for days in (2, 0, 1)]
    page = reader.get("/").text
    assert ids(page) == [made[1], made[2], made[0]]
    assert page.index("chip-example") > page.index(made[0])


def test_a_page_is_full_and_leads_to_the_next(reader: TestClient, runs: Path) -> None:
    made = [a_run(runs, [], ago=timedelta(days=days)).name for days in range(SIZE + 3)]
    first, second = reader.get("/?problem=care"), reader.get("/?problem=care&page=2")
    assert ids(first.text) + ids(second.text) == made
    assert 'href="/?problem=care&amp;page=2" rel="next"' in first.text
    assert 'href="/?problem=care" rel="prev"' in second.text


@pytest.mark.parametrize("number", ["0", "-1", "x", "1e9", "٣", "9" * 400])
def test_a_page_number_that_is_none_is_the_first(number: str) -> None:
    assert filters({"page": number}).number == 1


def test_a_page_behind_the_last_leads_to_the_last(reader: TestClient, runs: Path) -> None:
    a_run(runs, [])
    answer = reader.get("/?problem=care&page=7")
    assert (answer.status_code, answer.headers["location"]) == (303, "/?problem=care")


@pytest.mark.parametrize(
    ("query", "fits"),
    [
        ("problem=care_waiting-stuck", True), ("problem=shop", False),
        ("lens=pace-layering", True), ("lens=magic", False),
        ("model=offline", True), ("model=other", False),
        ("status=done", True), ("status=failed", False),
        ("at_least=7.2", True), ("at_least=7.3", False),
        ("since=2026-11-22", True), ("since=2026-11-25", False),
        ("until=2026-11-24", True), ("until=2026-11-21", False),
        ("problem=care&lens=pace-layering&status=done&at_least=5", True),
    ],
)  # fmt: skip
def test_a_filter_keeps_what_fits(reader: TestClient, runs: Path, query: str, fits: bool) -> None:
    made = a_run(runs, []).name
    assert ids(reader.get(f"/?{query}").text) == ([made] if fits else [])


@pytest.mark.parametrize(
    "query",
    [
        "at_least=many",
        "at_least=nan",
        "at_least=11",
        "since=yesterday",
        "until=2026-13-01",
        "until=9999-12-31",
    ],
)
def test_a_filter_that_cannot_be_read_is_left_out_and_the_page_says_so(
    reader: TestClient, runs: Path, query: str
) -> None:
    made = a_run(runs, []).name
    page = reader.get(f"/?{query}").text
    assert made in page
    assert "this filter was left out" in page


def test_what_was_asked_for_stays_in_the_form(reader: TestClient) -> None:
    page = reader.get("/", params={"problem": '"><b>care', "lens": "pace-layering", "status": "failed"}).text
    assert 'value="&#34;&gt;&lt;b&gt;care"' in page
    assert "<option selected>failed" in page
    assert '<details class="more" open>' in page


def test_a_run_that_failed_or_was_killed_is_listed_as_that(reader: TestClient, runs: Path) -> None:
    a_run(runs, [], result=Result(status="failed", error="no seat spoke"))
    a_run(runs, [], result=None)
    (runs / "20261101-000000-torn-0000").mkdir()
    (runs / "20261101-000000-torn-0000" / "run.json").write_text("{", encoding="utf-8")
    page = reader.get("/").text
    for status in ("failed", "unfinished", "broken"):
        assert f'<span class="chip chip-{status}">' in page


def test_without_runs_the_page_says_how_to_make_one(
    reader: TestClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    page = reader.get("/?problem=nothing-of-the-kind").text
    assert "No run fits" in page
