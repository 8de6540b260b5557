"""Exports of a study: every figure is there once, can be traced, and starts no formula."""

import csv
import io
import json
from pathlib import Path

import pytest
from markdown_it import MarkdownIt

from debate.studies.exports import (
    FIELDS,
    csv_text,
    figures,
    json_text,
    jsonl_text,
    markdown_text,
    way_to_runs,
)
from debate.studies.idea_sheets import idea_sheet
from debate.studies.report import StudyReport, study_report
from debate.studies.survival import Idea, Survival, by_seat
from tests.studies.handmade import a_cell, a_study


def reported(cards: int = 2, **changes: object) -> StudyReport:
    record, cells = a_study(cards, **changes)  # type: ignore[arg-type]
    return study_report(record, cells, {})


def rows(report: StudyReport) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(csv_text(report))))


def test_every_row_of_csv_has_all_fields_and_every_figure_is_a_number_or_empty() -> None:
    found = rows(reported())
    assert list(found[0]) == list(FIELDS)
    for row in found:
        for name in ("value", "low", "high", "n", "p"):
            assert row[name] == "" or isinstance(float(row[name]), float)
    assert any(float(row["value"] or 0) < 0 for row in found)  # a minus is no formula where a figure stands


@pytest.mark.parametrize("start", ["=", "+", "-", "@", "\t", "\r"])
def test_words_that_a_spreadsheet_would_reckon_are_made_words(start: str) -> None:
    record, cells = a_study(1, card=f"{start}cmd()", design="leave-one-out")
    failed = cells[0].model_copy(update={"state": "failed", "error": f"{start}HYPERLINK(1)"})
    found = rows(study_report(record, [failed, *cells[1:]], {}))
    words = {row[name] for row in found for name in ("kind", "name", "figure", "card", "note", "runs")}
    assert not [word for word in words if word.startswith(("=", "+", "-", "@", "\t", "\r"))]
    assert any(word.startswith("'") and word.endswith("HYPERLINK(1)") for word in words)


def test_csv_and_json_lines_say_the_same() -> None:
    report = reported()
    lines = [json.loads(line) for line in jsonl_text(report).splitlines()]
    assert all(list(line) == list(FIELDS) for line in lines)
    assert [line["value"] for line in lines] == [
        float(r["value"]) if r["value"] else None for r in rows(report)
    ]


def test_every_figure_of_a_lens_names_its_runs() -> None:
    report = reported()
    known = {cell.run for cell in report.cells}
    found = [row for row in figures(report) if row["kind"] in ("lens", "pair", "contrast", "arm", "placebo")]
    assert {row["kind"] for row in found} == {"lens", "pair", "contrast", "arm", "placebo"}
    for row in found:
        assert row["runs"]
        assert any(str(run) in str(row["runs"]) for run in known)


def test_every_idea_is_told_with_who_raised_it_where_it_went_and_its_run() -> None:
    ideas = (
        Idea(card="c", run="run-1", hypotheses=("a-1", "b-2"), claim="Slow.", first="a", others=("b",),
             steps=(1, 3), set_aside="", quoted=("Novelty",)),
        Idea(card="c", run="run-1", hypotheses=("b-1",), claim="Thin.", first="b", others=(), steps=(),
             set_aside="too dear"),
    )  # fmt: skip
    report = reported().model_copy(
        update={"survival": Survival(panels=("run-1",), ideas=ideas, seats=tuple(by_seat(ideas)))}
    )
    lines = [json.loads(line) for line in jsonl_text(report).splitlines()]
    found = {(row["name"], row["figure"]): row for row in lines if row["kind"] == "idea"}
    assert found["a-1 b-2", "steps"]["value"] == 2
    assert found["a-1 b-2", "seats"]["note"] == "a, b"
    assert found["a-1 b-2", "quoted"]["note"] == "Novelty"
    assert found["b-1", "steps"]["note"] == "no step: too dear"
    assert found["b-1", "claim"]["note"] == "Thin."
    assert all(row["runs"] == ["run-1"] and row["card"] == "c" for row in found.values())
    assert {row["name"] for row in lines if row["kind"] == "ideas" and row["runs"] == ["run-1"]} == {"a", "b"}
    told = idea_sheet(report)
    assert [row.cells[:4] for row in told.rows] == [
        ("Slow.", "a, then b", "step 1, 3", "Novelty"), ("Thin.", "b", "no step: too dear", "–"),
    ]  # fmt: skip
    assert json.loads(json_text(report))["survival"]["ideas"][0]["hypotheses"] == ["a-1", "b-2"]


def test_the_smallest_effect_that_can_be_found_stands_beside_each_that_is_tested() -> None:
    report = reported(cards=12, jitter=0.1, design="leave-one-out")
    overall = [row for row in rows(report) if not row["card"]]
    shown = {row["name"]: row["detectable"] for row in overall if row["kind"] == "contrast"}
    assert {name: float(value) if value else None for name, value in shown.items()} == {
        each.arm: each.detectable for each in report.contrasts
    }
    lenses = [row["detectable"] for row in overall if row["kind"] == "lens" and row["note"]]
    assert lenses == ["" if x.detectable is None else str(x.detectable) for x in report.games[0].lenses]
    assert any(shown.values())


def test_what_was_spent_is_exported() -> None:
    found = {row["figure"]: row["value"] for row in rows(reported()) if row["kind"] == "spent"}
    assert found["calls"] == str(reported().spent.calls)
    assert found["requests"] == ""  # there is no ledger beside a study made by hand


def test_every_cell_is_exported_also_when_it_is_missing() -> None:
    record, cells = a_study(2, design="leave-one-out")
    found = rows(study_report(record, cells[:-3], {}))
    scores = [row for row in found if row["kind"] == "cell" and row["figure"] == "score"]
    assert len(scores) == record.plan.size
    assert [row["state"] for row in scores if not row["value"]] == ["missing"] * 3


def test_the_page_says_the_finding_first_and_links_every_run() -> None:
    report = reported(cards=1, design="leave-one-out")
    page = markdown_text(report, "../../")
    assert page.splitlines()[2].startswith("**Key and Lock add most on this card: +1.20 when left out")
    for cell in report.cells:
        assert f"(<../../{cell.run}/transcript.md>)" in page


def test_what_an_error_says_stays_in_its_cell_of_the_page() -> None:
    record, cells = a_study(1, design="leave-one-out")
    bad = a_cell(
        "card-0", "full", 0, None, state="failed", error="a | b\n# <script>alert(1)</script>", scores={}
    )
    page = markdown_text(study_report(record, [bad, *cells[1:]], {}))
    (row,) = [line for line in page.splitlines() if "alert" in line]
    assert "\\|" in row
    assert not [
        token
        for token in MarkdownIt().enable("table").parse(page)
        if token.type in ("html_block", "html_inline")
    ]


def test_the_way_to_the_runs_is_relative(tmp_path: Path) -> None:
    assert way_to_runs(tmp_path / "runs" / "studies" / "one" / "report.html", tmp_path / "runs") == "../../"
    assert way_to_runs(tmp_path / "report.html", tmp_path / "runs") == "runs/"
