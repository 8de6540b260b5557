"""The pictures and the marks: plain geometry and plain text, held to what they stand for."""

from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st

from debate.pages.ballots import ballot_passages
from debate.pages.marks import Marker, Quote, quoted, quotes_of
from debate.pages.merge_picture import merge_picture
from debate.pages.time_line import time_line
from tests.builders import a_plan, some_hypotheses
from tests.web_pages import kinds

WORDS = st.lists(st.sampled_from(["desk", "wait", "nurse", "crowd"]), max_size=12).map(" ".join)


class TestMerge:
    def test_every_hypothesis_has_a_box_and_a_line_to_what_became_of_it(self, tmp_path: Path) -> None:
        picture = merge_picture(kinds.done(tmp_path), a_plan())
        says = [link.says for link in picture.links]
        assert [box.href for box in picture.boxes if box.kind == "hypothesis"] == [
            f"#hypothesis-{n}" for n in (1, 2, 3)
        ]
        assert [box.href for box in picture.boxes if box.kind == "dropped"] == ["#hypothesis-4"]
        for rank, owner in ((1, "bottleneck-theory-1"), (2, "bottleneck-theory-2"), (3, "pace-layering-1")):
            assert f"{owner} went into step {rank}" in says
        assert "pace-layering-2 was set aside: needs a rule nobody here may change" in says
        assert sum(link.kind == "dissent" for link in picture.links) == 1
        assert "3 went into 5 steps, 0 were merged into others, 1 was set aside" in picture.summary

    def test_boxes_stay_inside_and_off_each_other(self, tmp_path: Path) -> None:
        picture = merge_picture(kinds.done(tmp_path), a_plan())
        for place, box in enumerate(picture.boxes):
            assert box.x >= 0
            assert box.x + box.width <= picture.width
            assert box.y + box.height <= picture.height
            for other in picture.boxes[place + 1 :]:
                apart = box.x + box.width <= other.x or other.x + other.width <= box.x
                assert apart or box.y + box.height <= other.y or other.y + other.height <= box.y

    def test_a_merged_hypothesis_points_at_the_other_one(self, tmp_path: Path) -> None:
        run = kinds.merged_away(tmp_path)
        merged = {"hypothesis": "pace-layering-2", "into": "pace-layering-1", "because": "same"}
        picture = merge_picture(run, a_plan(set_aside=[], merged=[merged]))
        assert [link.kind for link in picture.links].count("merged") == 1
        assert not [box for box in picture.boxes if box.kind in {"aside", "dropped"}]


class TestTimeLine:
    def test_every_call_is_a_bar_in_the_lane_of_who_was_asked(self, tmp_path: Path) -> None:
        line = time_line(kinds.done(tmp_path))
        assert line is not None
        assert [lane.label for lane in line.lanes] == [
            "Bottleneck Theory",
            "Pace Layering",
            "critic",
            "writer",
        ]
        assert [len(lane.bars) for lane in line.lanes] == [1, 1, 1, 1]

    def test_bars_stay_inside_and_off_each_other(self, tmp_path: Path) -> None:
        together = [event for n in range(4) for event in kinds.asked(f"judge/{n}", "judge")]
        events = sorted(together, key=lambda event: event.__class__.__name__, reverse=True)  # all start first
        line = time_line(kinds.write(tmp_path, events))
        assert line is not None
        (lane,) = line.lanes
        for place, bar in enumerate(lane.bars):
            assert bar.x + bar.width <= line.width
            assert lane.y <= bar.y <= bar.y + line.bar <= lane.y + lane.height
            for other in lane.bars[place + 1 :]:
                assert bar.y != other.y or bar.x + bar.width <= other.x or other.x + other.width <= bar.x

    def test_a_call_nobody_answered_yet_and_a_lost_one_are_told_apart(self, tmp_path: Path) -> None:
        pictures = {make: time_line(make(tmp_path)) for make in (kinds.running, kinds.degraded)}
        drawn = {
            make: {bar.kind for lane in line.lanes for bar in lane.bars}
            for make, line in pictures.items()
            if line
        }
        assert drawn == {kinds.running: {"paid", "open"}, kinds.degraded: {"paid", "lost"}}

    def test_a_run_that_asked_nobody_has_none(self, tmp_path: Path) -> None:
        assert time_line(kinds.empty(tmp_path)) is None


class TestMarks:
    @given(WORDS, st.lists(WORDS, max_size=5))
    def test_the_pieces_are_the_text_and_what_is_marked_is_the_quote(
        self, text: str, texts: list[str]
    ) -> None:
        quotes = [Quote(n, "Novelty", "checks", each) for n, each in enumerate(filter(None, texts), 1)]
        marker = Marker(quotes)
        pieces = marker.pieces(text)
        assert "".join(piece.text for piece in pieces) == text
        for quote in quotes:
            marked = "".join(piece.text for piece in pieces if quote in piece.quotes)
            assert marked == (quote.text if quote.text in text else "")
            assert (quote.number in marker.marked) == (quote.text in text)
            ends = [[quote in piece.first, quote in piece.last] for piece in pieces]
            assert [sum(side) for side in zip(*ends, strict=True)] in ([], [0, 0], [1, 1])

    def test_a_quote_is_marked_once(self) -> None:
        marker = Marker([Quote(1, "Novelty", "checks", "the desk waits")])
        texts = [marker.pieces("Here the desk waits."), marker.pieces("There the desk waits.")]
        assert [any(piece.quotes for piece in pieces) for pieces in texts] == [True, False]

    def test_of_a_quote_that_was_shortened_the_sentence_it_began_is_marked(self) -> None:
        marker = Marker([Quote(1, "Novelty", "checks", "the desk", cut=True)])
        pieces = marker.pieces("Here the desk, of all, waits. There it does not.")
        assert [piece.text for piece in pieces if piece.quotes] == ["the desk, of all, waits."]

    def test_a_juror_may_straighten_an_apostrophe(self) -> None:
        marker = Marker([Quote(1, "Novelty", "model", "the desk's crowd")])
        assert [piece.text for piece in marker.pieces("So the desk’s crowd waits.") if piece.quotes] == [
            "the desk’s crowd"
        ]

    def test_what_stands_in_a_longer_passage_of_the_same_ballot_is_marked_once(self) -> None:
        short, whole = "the desk waits for us", "and then the desk waits for us, as every day"
        (quote,) = quotes_of([kinds.jury()], {"Novelty": [short, whole]})[-1:]
        assert (quote.text, quote.judge) == (whole, "model")
        assert short not in {each.text for each in quotes_of([kinds.jury()], {"Novelty": [short, whole]})}

    def test_a_quote_within_a_quote_belongs_to_the_outer_one_and_shortening_is_no_part_of_it(self) -> None:
        reason = "Near: “build “Fetch in batches” (2 days) …” (0.3), close to “a rewrite”; left “open"
        assert list(quoted(reason)) == ["build “Fetch in batches” (2 days)", "a rewrite"]


class TestBallots:
    def test_passages_come_from_the_ballots_on_the_answer_that_counted(self, tmp_path: Path) -> None:
        assert ballot_passages(kinds.judged_twice(tmp_path)) == {
            "Originality": [
                "only the way people arrive is large enough to hold that much",
                "a passage that nobody ever wrote in any letter",
            ]
        }

    def test_where_no_jury_sat_there_are_none(self, tmp_path: Path) -> None:
        assert ballot_passages(kinds.done(tmp_path)) == {}


def test_the_debate_in_these_tests_is_the_one_of_the_builders(tmp_path: Path) -> None:
    from debate.pages import run_view

    view = run_view(kinds.done(tmp_path))
    assert [each.said.id for each in view.hypotheses] == [each.id for each in some_hypotheses()]
