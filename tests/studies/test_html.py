"""The page of a study: one file, no network, every run a link, and nothing in it but what we wrote."""

import re
from html.parser import HTMLParser
from xml.etree import ElementTree

import pytest

from debate.studies.html import MOST_RUNS, render_report
from debate.studies.plots.forest import forest
from debate.studies.plots.svg import Scale, el
from debate.studies.report import StudyReport, study_report
from debate.studies.summary import findings
from tests.studies.handmade import LENSES, a_cell, a_study

NASTY = '<script>alert("1")</script>" onload="x'


class Page(HTMLParser):
    """Addresses, ids, tags and words of a page; everything that is opened must be closed."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.links: list[str] = []
        self.ids: list[str] = []
        self.tags: list[str] = []
        self.handlers: list[str] = []
        self.words = ""
        self._open: list[str] = []
        self.feed(page)
        self.close()
        assert self._open == []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        given = dict(attrs)
        self.links += [str(given[name]) for name in ("href", "src") if name in given]
        self.ids += [str(given["id"])] if "id" in given else []
        self.handlers += [name for name in given if name.startswith("on")]
        if tag != "meta":
            self._open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self._open.pop() == tag

    def handle_data(self, data: str) -> None:
        self.words += data


def reported(cards: int = 2, **changes: object) -> StudyReport:
    record, cells = a_study(cards, **changes)  # type: ignore[arg-type]
    return study_report(record, cells, {})


@pytest.mark.parametrize("cards", [1, 9])
def test_the_page_is_whole_and_reaches_for_nothing(cards: int) -> None:
    text = render_report(reported(cards))
    page = Page(text)
    assert not {"script", "link", "img", "iframe", "object"} & {*page.tags}
    assert not page.handlers
    assert all(link.startswith(("../../", "#")) for link in page.links)
    assert "default-src 'none'" in text
    assert not re.search(r"url\(|@import", text)


def test_every_link_inside_the_page_has_an_end_and_every_run_a_link() -> None:
    report = reported(cards=9)
    page = Page(render_report(report))
    assert {link[1:] for link in page.links if link.startswith("#")} <= {*page.ids}
    assert len({*page.ids}) == len(page.ids)
    for cell in report.cells:
        assert cell.run is not None
        address = (
            f"../../{cell.run.replace(' ', '%20').replace('+', '%2B').replace(':', '%3A')}/transcript.md"
        )
        assert address in page.links or address.replace("a/a", "a%2Fa") in page.links
    assert any(len(lens.measured.runs) > MOST_RUNS for lens in report.games[0].lenses)


def test_what_cards_models_and_errors_say_is_shown_as_words() -> None:
    record, cells = a_study(1, design="leave-one-out", card=NASTY)
    failed = a_cell(f"{NASTY}-0", "full", 0, None, state="failed", error=f"{NASTY}\x1b[31m\u202e", scores={})
    text = render_report(study_report(record, [failed, *cells[1:]], {}))
    page = Page(text)
    assert "script" not in page.tags
    assert not page.handlers
    assert NASTY in page.words
    assert "\x1b" not in text
    assert "\u202e" not in text


def test_the_finding_is_the_title_and_each_lens_stands_in_words_under_its_plot() -> None:
    report = reported(cards=9)
    page = Page(render_report(report))
    assert findings(report)[0] in page.words
    for lens in report.games[0].lenses:
        assert lens.name in page.words
        assert lens.standing.value in page.words


def test_an_unsound_study_says_so_before_anything_else() -> None:
    report = reported(cards=8, design="leave-one-out", jitter=0.05, placebo=2.0)
    words = Page(render_report(report)).words
    assert words.index("VOID") < words.index("Were the study sound")
    assert "earned (void)" in words
    assert findings(report)[0].startswith("VOID")


def test_one_card_has_no_interval_and_says_that_it_tests_nothing() -> None:
    words = Page(render_report(reported(cards=1))).words
    assert "One card describes itself and tests nothing." in words
    assert "95 % interval" not in words


def test_a_study_of_which_nothing_is_done_still_has_a_page() -> None:
    record, _ = a_study(2, design="leave-one-out")
    words = Page(render_report(study_report(record, [], {}))).words
    assert "nothing can be said" in words
    assert f"Not counted: {record.plan.size} of {record.plan.size} cells" in words


@pytest.mark.parametrize("width", [350, 900])
def test_marks_of_the_forest_stand_in_the_order_of_their_effects_and_inside_the_plot(width: int) -> None:
    (game,) = reported(cards=9).games
    drawn = ElementTree.fromstring(forest(game, 0.5, width))
    xmlns = "{http://www.w3.org/2000/svg}"
    marks = [float(m.get("cx", "")) for m in drawn.iter(f"{xmlns}circle") if "mean" in m.get("class", "")]
    lenses, placebo = marks[: len(LENSES)], marks[len(LENSES)]
    assert lenses == sorted(lenses, reverse=True)
    assert all(0 < x < width for x in [*lenses, placebo])
    means = [lens.measured.mean or 0.0 for lens in game.lenses]
    # Pixels and points are one scale: equal steps of one are equal steps of the other.
    per_point = (lenses[0] - lenses[-1]) / (means[0] - means[-1])
    assert placebo == pytest.approx(lenses[0] - per_point * means[0], abs=0.2)


def test_words_and_attributes_of_a_drawing_are_escaped() -> None:
    drawn = el("text", NASTY, class_=NASTY, x=1.25)
    read = ElementTree.fromstring(drawn)
    assert (read.text, read.get("class"), read.get("x")) == (NASTY, NASTY, "1.2")
    assert not list(read)


def test_ticks_are_round_and_inside_the_scale() -> None:
    assert Scale(-0.62, 1.4, 0, 100).ticks(4) == [-0.5, 0.0, 0.5, 1.0]
    assert Scale(0, 10, 0, 100).ticks(5) == [0, 2, 4, 6, 8, 10]
