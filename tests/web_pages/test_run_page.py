"""The run page: what a reader finds on it, for runs that came to any end, and what no text can do to it."""

import re
from collections.abc import Callable
from itertools import pairwise
from pathlib import Path

import pytest

from debate.pages import render, run_view, standalone
from debate.transcripts import Run
from tests.builders import a_card
from tests.web_pages import kinds
from tests.web_pages.html import Page

Make = Callable[[Path], Run]

EXAMPLES = Path(__file__).parents[2] / "transcripts" / "examples"
CONTROLS = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u200b\u202a-\u202e\u2066-\u2069\U000e0000-\U000e007f]")
every_kind = pytest.mark.parametrize("make", kinds.KINDS, ids=lambda make: make.__name__)


def html_of(run: Run) -> str:
    return render("run.html", run=run_view(run))


def page_of(run: Run) -> Page:
    return Page(html_of(run))


@every_kind
class TestForm:
    def test_headings_go_down_one_level_at_a_time_from_a_single_first_one(
        self, make: Make, tmp_path: Path
    ) -> None:
        levels = [int(each.tag[1]) for each in page_of(make(tmp_path)).all("h1", "h2", "h3", "h4")]
        assert levels[0] == 1
        assert levels.count(1) == 1
        assert all(after <= before + 1 for before, after in pairwise(levels)), levels

    def test_every_anchor_is_there_once_and_every_link_within_the_page_leads_to_one(
        self, make: Make, tmp_path: Path
    ) -> None:
        page = page_of(make(tmp_path))
        ids = page.ids()
        assert len(ids) == len(set(ids))
        links = [each.attributes["href"] for each in page.having("href") if each.tag == "a"]
        wanted = {link[1:] for link in links if link.startswith("#")}
        for name in ("aria-labelledby", "aria-describedby"):
            wanted |= {id_ for each in page.having(name) for id_ in each.attributes[name].split()}
        assert wanted - set(ids) - {"main"} == set()

    def test_style_and_script_stand_in_files_of_their_own(self, make: Make, tmp_path: Path) -> None:
        page = page_of(make(tmp_path))
        loose = [
            (each.tag, name)
            for each in page.elements
            for name in each.attributes
            if name == "style" or name.startswith("on")
        ]
        assert loose == []
        assert not page.all("style")
        assert [each.attributes["src"] for each in page.all("script")] == ["/static/page.js"]

    def test_every_picture_has_a_title_and_words_or_is_no_news(self, make: Make, tmp_path: Path) -> None:
        page = page_of(make(tmp_path))
        for svg in page.all("svg"):
            if svg.attributes.get("role") == "img":
                named = [page.by_id(id_) for id_ in svg.attributes["aria-labelledby"].split()]
                assert [each.tag for each in named] == ["title", "desc"]
                assert all(each.text for each in named)
            else:
                hidden = [svg, *svg.parents]
                assert any(each.attributes.get("aria-hidden") == "true" for each in hidden)

    def test_every_table_head_says_what_it_heads(self, make: Make, tmp_path: Path) -> None:
        for head in page_of(make(tmp_path)).all("th"):
            assert head.attributes.get("scope") in {"row", "col"}
            assert head.text

    def test_what_is_wide_scrolls_in_a_box_the_keyboard_reaches(self, make: Make, tmp_path: Path) -> None:
        page = page_of(make(tmp_path))
        for box in [*page.by_class("scroll"), *page.by_class("picture")]:
            assert box.attributes["tabindex"] == "0"
            assert box.attributes["aria-label"]
        assert all(table.inside("div") for table in page.all("table"))

    def test_one_can_skip_to_the_main_part(self, make: Make, tmp_path: Path) -> None:
        page = page_of(make(tmp_path))
        assert page.all("a")[0].attributes["href"] == "#main"
        assert page.by_id("main").tag == "main"
        assert all(nav.attributes["aria-label"] for nav in page.all("nav"))


class TestNewcomer:
    def test_the_first_thing_shown_is_the_answer_then_the_top_step_with_all_that_carries_it(
        self, tmp_path: Path
    ) -> None:
        run = kinds.done(tmp_path)
        view, page = run_view(run), page_of(run)
        (lead, *_) = page.by_class("lead")
        assert view.plan is not None
        assert lead.text == view.plan.diagnosis
        (card,) = page.by_class("top")
        step, card_text = view.plan.steps[0], card.text
        assert step.title in card_text
        assert "Raised by Bottleneck Theory" in card_text
        assert f"Proves it wrong at most 25 % {step.decision.if_false}" in card_text
        for id_ in ("C2", "H1", "R2"):
            fact = a_card().fact(id_)
            assert fact is not None
            assert fact.text in card_text

    def test_every_dropped_idea_stands_there_with_its_reason_and_leads_to_what_was_said(
        self, tmp_path: Path
    ) -> None:
        page = page_of(kinds.done(tmp_path))
        (reason,) = [each.text for each in page.by_class("because") if "rule nobody" in each.text]
        assert reason == "needs a rule nobody here may change"
        assert "1 dropped" in page.by_id("short").text
        assert page.by_id("hypothesis-4").text.endswith("pace-layering-2")

    def test_a_merged_idea_is_no_dropped_one(self, tmp_path: Path) -> None:
        page = page_of(kinds.merged_away(tmp_path))
        assert "0 dropped" in page.by_id("short").text
        assert "into pace-layering-1: the same in other words" in page.by_id("merge").text

    def test_every_fact_is_an_anchor_and_every_citation_shows_its_sentence(self, tmp_path: Path) -> None:
        page, card = page_of(kinds.done(tmp_path)), a_card()
        known = {**{f.id: f.text for f in card.facts}, **{r.id: r.text for r in card.readings}}
        for id_, text in known.items():
            assert page.by_id(f"text-{id_}").text == text
        pops = page.by_class("pop")
        assert pops
        for pop in pops:
            id_, _, text = pop.text.partition(" ")
            assert text == page.by_id(f"text-{id_}").text

    def test_a_step_leads_to_the_hypotheses_it_tests(self, tmp_path: Path) -> None:
        page = page_of(kinds.done(tmp_path))
        inside = [each for each in page.all("a") if page.by_id("step-2") in each.parents]
        assert "#hypothesis-2" in [each.attributes["href"] for each in inside]


class TestEndings:
    def test_a_failed_seat_repairs_lost_calls_and_notes_stand_at_the_top(self, tmp_path: Path) -> None:
        page = page_of(kinds.degraded(tmp_path))
        (troubles,) = page.by_class("troubles")
        for text in (
            "This run is degraded",
            "Pace Layering said nothing: the seat failed. the server answered 500 four times",
            "lens-agent/bottleneck-theory was asked once more. C99 is no fact",
            "judge/novelty came to nothing. no ballot came",
            "Not judged: the judge failed. the jury broke down",
            "shadows a built-in one",
        ):
            assert text in troubles.text
        ids = page.ids()
        assert ids.index("troubles-title") < ids.index("short")

    @pytest.mark.parametrize(
        ("make", "says"),
        [
            (kinds.failed, "This run failed"),
            (kinds.interrupted, "This run was interrupted"),
            (kinds.running, "This run has not come to its end"),
            (kinds.empty, "This run has not come to its end"),
        ],
    )
    def test_a_run_without_a_plan_says_so_in_every_place(self, make: Make, says: str, tmp_path: Path) -> None:
        page = page_of(make(tmp_path))
        assert says in page.by_class("troubles")[0].text
        for part in ("short", "plan", "merge", "answer", "verdict"):
            assert [each for each in page.by_class("missing") if page.by_id(part) in each.parents], part

    def test_a_resumed_run_says_how_often_it_began_and_shows_the_last_sitting(self, tmp_path: Path) -> None:
        page = page_of(kinds.resumed(tmp_path))
        assert "begun 2 times" in page.by_id("ran").text
        assert len(page.by_class("hypothesis")) == 4

    def test_a_torn_record_is_told(self, tmp_path: Path) -> None:
        run = kinds.running(tmp_path)
        with (run.path / "events.jsonl").open("ab") as journal:
            journal.write(b'{"seq": 99, "ty')
        assert "the last line is torn" in page_of(Run.load(run.path)).by_class("troubles")[0].text

    def test_both_judges_stand_apart_with_certificates_dispute_and_what_is_unscored(
        self, tmp_path: Path
    ) -> None:
        page = page_of(kinds.judged_twice(tmp_path))
        rule, jury = page.by_id("verdict-checks").text, page.by_id("verdict-model").text
        assert "admissible passed all 8 gates" in rule
        assert "unvalidated never calibrated on this card" in jury
        assert "self-judged: one-model" in jury
        assert "disputed" in jury
        assert "preferred to the baseline in both orders" in jury
        assert "disputed" not in rule
        assert "Unscored by the jury: Novelty" in page.by_class("troubles")[0].text

    def test_what_is_unknown_is_called_so(self, tmp_path: Path) -> None:
        assert "Cost unknown" in page_of(kinds.done(tmp_path)).by_id("calls").text
        assert "Tokens in 2,400" in page_of(kinds.running(tmp_path)).by_id("calls").text


class TestMarks:
    def test_each_judges_passages_are_marked_as_its_own_and_the_legend_says_whose(
        self, tmp_path: Path
    ) -> None:
        page = page_of(kinds.judged_twice(tmp_path))
        letter = page.by_class("letter")[0]
        marks = [each for each in page.all("mark") if letter in each.parents]
        said = {each.attributes["class"]: each.text for each in marks}
        assert said["by-checks by-model"].startswith("Both attempts made the desk quicker")
        assert said["by-model"] == "only the way people arrive is large enough to hold that much"
        assert "nobody ever wrote" not in page.by_id("answer").text
        (legend,) = [each for each in page.by_class("legend") if page.by_id("answer") in each.parents]
        assert "the judge by rule" in legend.text
        assert "the jury of models" in legend.text

    def test_a_passage_and_its_criterion_lead_to_each_other(self, tmp_path: Path) -> None:
        page = page_of(kinds.judged_twice(tmp_path))
        refs, letter = page.by_class("ref"), page.by_class("letter")[0]
        for criterion in ("checks-originality", "model-originality"):
            there = {each.text for each in refs if each.attributes["href"] == f"#{criterion}"}
            back = {each.attributes["href"] for each in refs if page.by_id(criterion) in each.parents}
            assert back == {f"#quote-{number}" for number in there}
            assert there
            assert all(letter in page.by_id(f"quote-{number}").parents for number in there)

    def test_without_a_marked_quote_there_is_no_legend(self, tmp_path: Path) -> None:
        page = page_of(kinds.degraded(tmp_path))
        assert not page.all("mark")


class TestHostileText:
    def test_what_a_text_says_is_shown_as_text_and_makes_no_element(self, tmp_path: Path) -> None:
        harmless, page = page_of(kinds.judged_twice(tmp_path)), page_of(kinds.hostile(tmp_path))
        assert {each.tag for each in page.elements} <= {each.tag for each in harmless.elements} | {"strong"}
        names = {name for each in page.elements for name in each.attributes}
        assert names <= {name for each in harmless.elements for name in each.attributes} | {"tabindex"}
        main = page.by_id("main").text
        for text in ("<script>alert(1)</script>", "<img src=x onerror=alert(1)>", "{{ 7*7 }}", "&lt;b&gt;"):
            assert main.count(text) > 50

    def test_no_control_and_no_hidden_character_reaches_the_page(self, tmp_path: Path) -> None:
        html = standalone(kinds.hostile(tmp_path))
        assert not CONTROLS.findall(html)
        assert "⟨U+202E⟩" in html

    def test_no_link_leaves_the_page(self, tmp_path: Path) -> None:
        page = Page(standalone(kinds.hostile(tmp_path)))
        assert all(each.attributes["href"].startswith("#") for each in page.having("href"))
        assert not page.having("src")


def test_the_example_run_marks_what_the_judge_quoted() -> None:
    (path,) = EXAMPLES.iterdir()
    page = page_of(Run.load(path))
    marks = [each.text for each in page.all("mark") if page.by_class("letter")[0] in each.parents]
    assert any(text.startswith("Keep the slowest cases apart") for text in marks)
    assert "No language model took part" in page.by_id("main").text
