"""Lens cards: what a good one says, and every fault of a bad one."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.bookshelf import MOVE, SECTIONS, lens_text

from debate.cards.lens import (
    SLOTS,
    STAND_INS,
    AttemptReading,
    LensCard,
    Signal,
    adhoc_id,
    adhoc_lens,
    lens_key,
    lens_of_body,
    parse_lens,
)
from debate.cards.markdown import valid_id
from debate.cards.moves import OPTIONAL_SLOTS
from debate.errors import CardError, Fault

PATH = Path("lenses/waiting.md")


def parsed(text: str) -> LensCard:
    return parse_lens(text, PATH, "file")


def faults(text: str) -> list[tuple[int, str]]:
    with pytest.raises(CardError) as caught:
        parsed(text)
    return [(fault.line, fault.message) for fault in caught.value.faults]


def faults_if_any(text: str) -> list[Fault] | None:
    """None for a card, its faults for what is none; any other error is the test's."""
    try:
        parsed(text)
    except CardError as error:
        return list(error.faults)
    return None


def line_of(text: str, words: str) -> int:
    return next(n for n, line in enumerate(text.split("\n"), 1) if words in line)


class TestAGoodCard:
    def test_every_section_arrives_in_its_field(self) -> None:
        card = parsed(lens_text("waiting", "The Waiting", ["Queues", "Theory of Queues"]))
        assert (card.id, card.name, card.family) == ("waiting", "The Waiting", "time")
        assert card.aliases == ("Queues", "Theory of Queues")
        assert card.sees == "What waits for what."
        assert card.applies == ("several parts wait",)
        assert card.misleads == ("nothing waits",)
        assert card.questions == ("Who waits?",)
        assert card.signals == (Signal("waiting", "somebody waits", ("wait", "queue")),)
        assert card.attempts == (AttemptReading((), "made the work faster and left the wait"),)
        assert card.source == "Somebody, Some Work (1999)."
        assert (card.path, card.origin) == (PATH, "file")

    def test_the_body_is_the_text_without_front_matter(self) -> None:
        card = parsed(lens_text())
        assert card.body.strip().startswith("# Waiting")
        assert "family:" not in card.body

    def test_a_move_has_its_slots_without_markup(self) -> None:
        (move,) = parsed(lens_text()).moves
        assert move.name == "Count the trips"
        assert tuple(move.slots) == tuple(
            slot for slot in SLOTS if slot not in ("leaves", "now", "costs", "signals")
        )
        assert move.slots["true if"] == "at least 20 round trips"
        assert move.slots["test"] == "Count the round trips: follow one case"

    def test_a_domain_rewords_some_slots_and_keeps_the_others(self) -> None:
        move = parsed(lens_text(Moves=MOVE + "\n#### In Public  Service\n\n- **Who:** a clerk\n")).moves[0]
        assert dict(move.domains["public service"]) == {"who": "a clerk"}
        assert move.within("Public Service")["who"] == "a clerk"
        assert move.within("public service")["days"] == "0.5"
        assert move.within("code") == move.slots

    @pytest.mark.parametrize(
        ("bullet", "expected"),
        [
            ("words: a, b b; why; and more", AttemptReading(("a", "b b"), "why; and more")),
            ("Words: a; why", AttemptReading(("a",), "why")),
            ("any; why [now]", AttemptReading((), "why [now]")),
            ("any; its [gain] shows it", AttemptReading((), "its [gain] shows it")),
            ("in Code; words: a; why", AttemptReading(("a",), "why", "code")),
            ("in public service; any; why", AttemptReading((), "why", "public service")),
        ],
    )
    def test_attempts_are_read_by_words_domain_or_at_all(self, bullet: str, expected: AttemptReading) -> None:
        assert parsed(lens_text(Reads_attempts=f"- {bullet}")).attempts == (expected,)

    def test_headings_may_be_written_in_any_case(self) -> None:
        assert parsed(lens_text().replace("## Applies when", "## APPLIES WHEN")).applies

    def test_the_hash_is_of_the_whole_text(self) -> None:
        assert parsed(lens_text()).sha256 == parsed(lens_text()).sha256
        assert parsed(lens_text()).sha256 != parsed(lens_text(Sees="Other.")).sha256

    def test_a_lens_can_be_read_back_from_its_body(self) -> None:
        card = parsed(lens_text())
        again = lens_of_body(card.body)
        assert (again.name, again.sees, again.signals) == (card.name, card.sees, card.signals)
        assert [move.slots for move in again.moves] == [move.slots for move in card.moves]
        assert again.attempts == card.attempts

    def test_every_built_in_lens_can_be_read(self, repo: Path) -> None:
        paths = sorted(path for path in (repo / "lenses").glob("*.md") if path.name != "README.md")
        assert paths
        cards = [parse_lens(path.read_text(encoding="utf-8"), path, "built-in") for path in paths]
        assert [card.id for card in cards] == [path.stem for path in paths]


class TestFaults:
    @pytest.mark.parametrize("title", sorted(SECTIONS))
    def test_a_missing_section_is_a_fault(self, title: str) -> None:
        text = lens_text(**{title.replace(" ", "_"): None})
        assert faults(text) == [
            (line_of(text, "# Waiting"), f"section {title!r} is missing; expected a heading '## {title}'")
        ]

    @pytest.mark.parametrize("title", sorted(SECTIONS))
    def test_an_empty_section_is_a_fault_at_its_heading(self, title: str) -> None:
        text = lens_text(**{title.replace(" ", "_"): ""})
        ((line, _),) = faults(text)
        assert line == line_of(text, f"## {title}")

    @pytest.mark.parametrize("slot", [slot for slot in SLOTS if slot not in OPTIONAL_SLOTS])
    def test_a_move_without_a_slot_is_a_fault_at_the_move(self, slot: str) -> None:
        lead = f"- **{slot.capitalize()}:**"
        text = "\n".join(line for line in lens_text().split("\n") if not line.startswith(lead))
        ((line, message),) = faults(text)
        assert line == line_of(text, "### Count the trips")
        assert repr(slot.capitalize()) in message or f"no {slot.capitalize()};" in message

    @pytest.mark.parametrize(
        ("old", "new", "message"),
        [
            ("- **Who:** one engineer", "- **Whom:** one engineer", "unknown slot 'Whom'; nearest: who"),
            ("- **Words:** trip, call", "- just words", "is no slot; expected"),
            ("- **Words:** trip, call", "- **Who:** another", "Who stands here twice"),
            ("- **Words:** trip, call", "- **Words:**", "Words is empty"),
            ("- **Words:** trip, call", "- **Words:** trip\n\n  more", "nested in a bullet"),
            ("**Days:** 0.5", "**Days:** two", "Days is 'two'; expected a number"),
            ("**Days:** 0.5", "**Days:** 0", "Days is '0'; expected a number"),
            ("**Build days:** 3", "**Build days:** 2-3", "Build days is '2-3'; expected a number"),
            ("at least 20 round trips", "many", "True if: 'many' is not an interval"),
            ("at most 5 round trips", "few", "False if: 'few' is not an interval"),
            ("at most 5 round trips", "at most 20 round trips", "overlap"),
            ("at most 5 round trips", "at most 5 calls", "different units"),
            ("most of [now] is waiting", "most of [today] is waiting", "[today] stands for nothing"),
            ("most of [now] is waiting", "[gap shares] is waiting", "nearest: [gap share]"),
            ("most of [now] is waiting", "[Now] is waiting", "nearest: [now]"),
            ("- any; made", "- any: made", "reads no attempt"),
            ("- any; made", "- words: ; made", "reads no attempt"),
            ("- any; made", "- any; [nothing] made", "[nothing] stands for nothing"),
            ("; words: wait, queue", "", "is no signal"),
            ("- **waiting**: somebody", "- somebody", "is no signal"),
            ("- several parts wait", "several parts wait", "text outside a list"),
            ("## Source", "## Sauce", "unknown section 'Sauce'; expected Source"),
            ("id: waiting", "id: Waiting!", "cannot be an id"),
            ("id: waiting\n", "", "the front matter has no 'id'"),
            ("family: time", "familly: time", "unknown key 'familly'; expected family"),
            ("aliases: []", "aliases: Queues", "'aliases' is not a list of names"),
            ("# Waiting", "# Queueing", "the heading says 'Queueing'"),
            ("### Count the trips", "- x\n\n### Count the trips", "text before the first move"),
        ],
    )
    def test_what_is_wrong_is_said_at_its_line(self, old: str, new: str, message: str) -> None:
        text = lens_text()
        assert old in text
        broken = text.replace(old, new, 1)
        found = faults(broken)
        assert any(message in each for _, each in found), found
        assert all(1 <= line <= broken.count("\n") + 1 for line, _ in found)

    def test_every_fault_of_a_file_is_listed_at_once_in_order_of_line(self) -> None:
        text = lens_text(Source=None)
        for old, new in [
            ("family:", "kin:"),
            ("- **Who:** one engineer\n", ""),
            ("**Days:** 0.5", "**Days:** soon"),
            ("at most 5 round trips", "few"),
        ]:
            text = text.replace(old, new, 1)
        found = faults(text)
        assert len(found) == 5
        assert [line for line, _ in found] == sorted(line for line, _ in found)
        assert (line_of(text, "soon"), "Days is 'soon'; expected a number of working days") in found

    def test_a_domain_whose_interval_overlaps_the_general_one_is_a_fault_there(self) -> None:
        text = lens_text(Moves=MOVE + "\n#### In code\n\n- **True if:** at least 4 round trips\n")
        ((line, message),) = faults(text)
        assert line == line_of(text, "at least 4 round trips")
        assert "overlap" in message

    def test_a_domain_with_its_own_claim_needs_its_own_reason(self) -> None:
        claim = "\n#### In code\n\n- **Suspect:** most requests wait for a lock\n"
        text = lens_text(Moves=MOVE + claim)
        ((line, message),) = faults(text)
        assert line == line_of(text, "wait for a lock")
        assert "'In code' in move 'Count the trips' has a Suspect of its own and no Because; add" in message
        reason = "- **Because:** one lock serves all, so each request stands behind the others\n"
        (move,) = parsed(lens_text(Moves=MOVE + claim + reason)).moves
        assert move.within("code")["because"].startswith("one lock")

    def test_a_heading_in_a_move_names_a_domain_once(self) -> None:
        domain = "#### In code\n\n- **Who:** me\n"
        text = lens_text(Moves=f"{MOVE}\n{domain}\n{domain}\n#### For code\n\n- **Who:** me\n")
        assert ["second heading" in m or "expected '#### In <domain>'" in m for _, m in faults(text)] == [
            True,
            True,
        ]

    def test_two_moves_cannot_share_a_name(self) -> None:
        ((_, message),) = faults(lens_text(Moves=f"{MOVE}\n{MOVE}"))
        assert message == "a second move is called 'Count the trips'"

    def test_a_card_without_front_matter_says_what_is_missing(self) -> None:
        ((line, message),) = faults(lens_text().split("---\n", 2)[2].lstrip())
        assert line == 1
        assert "no front matter" in message

    def test_words_in_code_type_are_no_stand_ins(self) -> None:
        (move,) = parsed(lens_text().replace("one engineer", "one `list[int]` engineer")).moves
        assert move.slots["who"] == "one `list[int]` engineer"

    @given(st.text(max_size=400))
    def test_any_text_gives_a_card_or_a_card_error(self, text: str) -> None:
        assert faults_if_any(text) != []

    @given(st.data())
    def test_a_card_with_lines_lost_gives_a_card_or_a_card_error(self, data: st.DataObject) -> None:
        lines = lens_text().split("\n")
        kept = data.draw(st.lists(st.sampled_from(range(len(lines))), unique=True).map(sorted))
        assert faults_if_any("\n".join(lines[n] for n in kept)) != []


class TestNames:
    @pytest.mark.parametrize(
        ("one", "other"),
        [
            ("The Map Is Not the Territory", "map is not the territory"),
            ("map-is-not-the-territory", "The Map Is Not the Territory"),
            ("Explore vs. Exploit", "explore vs exploit"),
            ("Goodhart’s Law", "goodharts law"),
            ("  Pace   Layering ", "pace_layering"),
        ],
    )
    def test_case_punctuation_and_a_leading_the_do_not_count(self, one: str, other: str) -> None:
        assert lens_key(one) == lens_key(other)

    def test_names_that_differ_in_a_word_differ(self) -> None:
        assert lens_key("Pace Layering") != lens_key("Pace Layers")

    @given(st.text(max_size=120))
    def test_any_name_gives_a_valid_id(self, name: str) -> None:
        assert valid_id(adhoc_id(name))

    def test_an_ad_hoc_lens_is_its_gloss(self) -> None:
        card = adhoc_lens("The Long Now", "who pays later?", Path("problems/x.md"))
        assert (card.id, card.name, card.sees, card.origin) == (
            "long-now",
            "The Long Now",
            "who pays later?",
            "ad hoc",
        )
        assert "who pays later?" in card.body
        assert card.moves == ()

    def test_the_stand_ins_are_a_closed_list(self) -> None:
        assert set(STAND_INS) >= {
            "subject",
            "figure",
            "now",
            "target",
            "start",
            "gap",
            "gap share",
            "deadline",
        }
        assert "gain" not in STAND_INS
