"""`debate problems new | from-text`: a card from answers, a draft from a text, and nothing written over."""

import io
import os
import subprocess
import sys
from pathlib import Path

import pytest

from debate.cards.problem import parse_problem
from debate.library import Library
from tests.cli.conftest import Debate, Done

REPORTS = Path(__file__).parents[1] / "cards" / "reports"
CASE = """\
Orders leave a day late
operations
One warehouse sends 4,000 orders a day with 38 people

An order waits 26 hours on average, up from 14 hours two years ago

12 hours
within 6 weeks
A second packing line (improved 7%)
New scanners: no effect

Nobody can be hired before summer

Says why the second line brought so little

What are we not seeing?

"""
KEY = """\
y
bottleneck-theory, emergence
Emergence, feedback-loops

Hire temporary staff.

Originality: 2-3/10
Lens Relevance: 1/10

Look where orders wait.

Originality: 8/10

"""
ID = "operations_orders-leave-a-day-late"


class Answers:
    """`answers(text, …)` runs a command with the text on its standard input."""

    def __init__(self, debate: Debate, monkeypatch: pytest.MonkeyPatch) -> None:
        self._debate, self._monkeypatch = debate, monkeypatch

    def __call__(self, text: str | bytes, *arguments: str) -> Done:
        data = text if isinstance(text, bytes) else text.encode()
        self._monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(data), encoding="utf-8"))
        return self._debate("problems", *arguments)


@pytest.fixture
def answers(debate: Debate, monkeypatch: pytest.MonkeyPatch) -> Answers:
    return Answers(debate, monkeypatch)


@pytest.fixture
def shelf(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A library of one's own, which is the working folder."""
    (tmp_path / "debate.toml").touch()
    monkeypatch.chdir(tmp_path)
    return tmp_path


class TestNew:
    @pytest.mark.parametrize("key", ["", "n\n", KEY])
    def test_the_card_passes_check_and_is_found_by_its_id(
        self, key: str, answers: Answers, debate: Debate, shelf: Path
    ) -> None:
        done = answers(CASE + key, "new")
        assert (done.code, done.out) == (0, f"{shelf / 'problems' / ID}.md\n")
        assert debate("problems", "check", ID).code == 0
        card = Library.open().problem(ID)
        assert (card.title, card.domain, card.question) == (
            "Orders leave a day late", "operations", "What are we not seeing?",
        )  # fmt: skip
        assert [each.lens for each in card.relevance] == (
            ["bottleneck-theory", "emergence", "feedback-loops"] if key == KEY else []
        )

    def test_it_says_what_the_program_reads_and_what_to_run(self, answers: Answers, shelf: Path) -> None:
        said = answers(CASE, "new", "late").err
        assert "now 26 h, target 12 h, it began at 14 h, 30 working days to go" in said
        assert "tried: second packing line: better, 7%" in said
        assert "tried: New scanners: no effect" in said
        assert f"Debate it: debate run {Path('problems') / 'late.md'}" in said

    def test_every_question_says_why_it_is_asked_with_an_example(self, answers: Answers, shelf: Path) -> None:
        said = answers(CASE + KEY, "new").err
        assert said.count("\n  Why: ") == said.count("\n  Such as: ") == 17

    @pytest.mark.parametrize(
        ("wrong", "mended", "remark"),
        [
            ("up from 14 hours two years ago", "up from 14\n-\nAn order waits 26 h", "no unit behind 14"),
            ("12 hours\n", "12\n12 hours\n", "no unit behind 12"),
            ("New scanners: no effect", "Scanners\n-\nNew scanners: no effect", "what it brought is not"),
            ("New scanners: no effect", "Ads: dropped 5%\n-\nNew scanners: no effect", "Say 'better'"),
            ("within 6 weeks", "soon\nwithin 6 weeks", "I read no span in that"),
            ("Originality: 8/10", "Originality: 80/10\nOriginality: 8/10", "so it is not taken"),
            ("Originality: 8/10", "very good\nOriginality: 8/10", "that is no rating"),
            ("Lens Relevance: 1/10", "Originality: 1/10\nLens Relevance: 1/10", "found a second rating"),
            ("bottleneck-theory, emergence", "bottelneck\nbottleneck-theory", "no lens called 'bottelneck'"),
            ("Orders leave a day late", "\nOrders leave a day late", "This one is needed"),
            ("Orders leave a day late", f"{'x' * 300}\nOrders leave a day late", "a title is a line"),
        ],
    )  # fmt: skip
    def test_a_wrong_answer_is_told_at_once_and_can_be_mended(
        self, wrong: str, mended: str, remark: str, answers: Answers, shelf: Path
    ) -> None:
        done = answers((CASE + KEY).replace(wrong, mended, 1), "new", "late")
        assert done.code == 0, done.err
        assert remark in done.err
        assert "now 26 h, target 12 h" in done.err
        assert {"tried: New scanners: no effect", "tried: second packing line: better, 7%"} <= {
            line.strip() for line in done.err.splitlines()
        }
        assert "bottelneck" not in (shelf / "problems" / "late.md").read_text(encoding="utf-8")

    def test_a_figure_that_cannot_be_set_against_the_target_is_asked_for(
        self, answers: Answers, shelf: Path
    ) -> None:
        case = CASE.replace(
            "An order waits 26 hours on average, up from 14 hours two years ago", "Orders are late"
        )
        done = answers(case.replace("12 hours\n", "12 hours\n26 %\nThe wait is 26 hours on average\n"), "new")
        assert "I cannot set that against '12 hours'" in done.err
        assert "read: today 26 h, wanted 12 h" in done.err

    @pytest.mark.parametrize("lines", range(1, 16))
    def test_who_stops_half_way_keeps_what_was_answered(
        self, lines: int, answers: Answers, debate: Debate, shelf: Path
    ) -> None:
        given = CASE.splitlines()[:lines]
        done = answers("\n".join(given) + "\n", "new")
        assert done.code == 2
        path = Path(done.out.strip())
        assert path.name.endswith(".draft.md")
        assert f"what was answered is kept in {path}" in done.err
        text = path.read_text(encoding="utf-8")
        assert [line for line in given if line not in text] == []
        checked = debate("problems", "check", str(path))
        assert checked.code == 2
        assert {line.split(": ")[1] for line in checked.out.splitlines()} == {"still to be written"}

    def test_ctrl_c_keeps_a_draft_and_exits_130(
        self, debate: Debate, monkeypatch: pytest.MonkeyPatch, shelf: Path
    ) -> None:
        class Pressed(io.BytesIO):
            def readline(self, size: int | None = -1, /) -> bytes:
                return super().readline(size) or self.press()

            def press(self) -> bytes:
                raise KeyboardInterrupt

        monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(Pressed(b"My queue\nteam\n"), encoding="utf-8"))
        done = debate("problems", "new")
        assert done.code == 130
        assert "debate: interrupted; what was answered is kept in" in done.err
        assert "## Domain\nteam" in (shelf / "problems" / "team_my-queue.draft.md").read_text(
            encoding="utf-8"
        )

    def test_nothing_answered_is_nothing_kept(self, answers: Answers, shelf: Path) -> None:
        done = answers("", "new")
        assert (done.code, done.out) == (2, "")
        assert "nothing is kept" in done.err
        assert not (shelf / "problems").exists()

    def test_no_file_is_written_over(self, answers: Answers, shelf: Path) -> None:
        for name in (ID, f"{ID}-2", f"{ID}-3"):
            assert answers(CASE, "new").out == f"{shelf / 'problems' / name}.md\n"
        for name in ("x.draft", "x.draft-2"):
            assert answers("X\n", "new", "x").out == f"{shelf / 'problems' / name}.md\n"
        taken = answers(CASE, "new", ID)
        assert (taken.code, taken.out) == (2, "")
        assert "is there already" in taken.err

    def test_the_card_may_go_to_a_file_of_your_choice(self, answers: Answers, tmp_path: Path) -> None:
        path = tmp_path / "late.md"
        assert answers(CASE, "new", "--out", str(path)).code == 0
        assert parse_problem(path.read_text(encoding="utf-8"), path, "file").id == "late"
        assert answers(CASE, "new", "--out", str(path)).code == 2

    def test_the_card_may_go_to_a_library(self, answers: Answers, tmp_path: Path) -> None:
        (tmp_path / "lenses").mkdir()
        assert answers(CASE, "new", "late", "--library", str(tmp_path)).code == 0
        assert (tmp_path / "problems" / "late.md").is_file()

    @pytest.mark.parametrize(
        ("arguments", "message"),
        [
            (["Orders, late"], "is no id"),
            (["code_performance-stuck"], "is there already"),
            (["--out", "late.txt"], "ends in .md"),
            (["--out", "no/such/late.md"], "there is no folder"),
            (["--library", "no/such"], "no such folder"),
        ],
        ids=str,
    )
    def test_a_place_that_cannot_be_is_said_before_anything_is_asked(
        self, arguments: list[str], message: str, answers: Answers, shelf: Path
    ) -> None:
        done = answers(CASE, "new", *arguments)
        assert (done.code, done.out) == (2, "")
        assert message in " ".join(done.err.split())
        assert "What is" not in done.err

    @pytest.mark.parametrize("arguments", [["new"], ["from-text", "-"]], ids=" ".join)
    def test_without_a_library_of_ones_own_it_says_how_to_make_one(
        self, arguments: list[str], answers: Answers, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.chdir(tmp_path)
        done = answers(CASE, *arguments)
        assert (done.code, done.out) == (2, "")
        assert "touch debate.toml" in done.err

    @pytest.mark.parametrize("arguments", ["new", "from-text -"])
    def test_a_closed_stdin_is_refused(self, arguments: str, shelf: Path) -> None:
        done = subprocess.run(
            ["sh", "-c", f"{sys.executable} -m debate problems {arguments} <&-"],
            env=os.environ, capture_output=True, text=True, check=False,
        )  # fmt: skip
        assert (done.returncode, done.stdout) == (2, "")
        assert "closed" in done.stderr
        assert "Traceback" not in done.stderr

    def test_a_line_that_is_not_utf8_is_asked_for_again(self, answers: Answers, shelf: Path) -> None:
        done = answers(b"caf\xe9\n" + CASE.encode(), "new", "late")
        assert done.code == 0
        assert "not UTF-8" in done.err

    def test_what_would_steer_a_terminal_does_not_get_into_the_card(
        self, answers: Answers, shelf: Path
    ) -> None:
        assert answers(CASE.replace("Orders leave", "Orders \x1b[2Jleave"), "new", "late").code == 0
        assert "\x1b" not in (shelf / "problems" / "late.md").read_text(encoding="utf-8")

    def test_answers_no_card_can_hold_are_kept_as_a_draft_with_the_fault(
        self, answers: Answers, shelf: Path
    ) -> None:
        fact = "a fact of the case " * 100
        done = answers(CASE.replace("One warehouse", f"{fact}\n" * 16 + "One warehouse"), "new", "late")
        assert done.code == 2
        assert "a card has at most 30,000" in done.err
        assert (shelf / "problems" / "late.draft.md").is_file()


class TestFromText:
    def test_a_draft_says_what_was_found_and_what_is_missing(self, debate: Debate, shelf: Path) -> None:
        done = debate("problems", "from-text", str(REPORTS / "ward-note.txt"))
        path = shelf / "problems" / "operations_ward-7-discharge-before-noon.md"
        assert (done.code, done.out) == (0, f"{path}\n")
        for line in (
            "what was tried: 3, from lines 10, 11, 12",
            "constraints: 2, from line 14",
            "question: nothing",
            "domain: operations, for it says ward, discharge, patients, beds, pharmacy",
            "now 6.5 h, target 3 h",
            "to write, line 21 of the card: what it brought, such as (improved 5 %) or: no effect",
        ):
            assert line in done.err.splitlines()

    def test_check_reports_each_gap_until_it_is_written(self, debate: Debate, shelf: Path) -> None:
        path = debate("problems", "from-text", str(REPORTS / "ward-note.txt")).out.strip()
        checked = debate("problems", "check", path)
        assert checked.code == 2
        assert [line.split(":")[1] for line in checked.out.splitlines()] == ["21", "32"]
        assert debate("run", path).code == 2
        text = Path(path).read_text(encoding="utf-8").splitlines()
        text[20], text[31] = "- a second clerk on Mondays: no effect", "What are we not seeing?"
        Path(path).write_text("\n".join(text), encoding="utf-8")
        assert debate("problems", "check", path).code == 0

    def test_a_text_may_come_through_a_pipe(self, answers: Answers, tmp_path: Path) -> None:
        text = (REPORTS / "german-memo.txt").read_bytes().replace(b"\n", b"\r\n")
        path = tmp_path / "antrag.md"
        done = answers(b"\xef\xbb\xbf" + text, "from-text", "-", "--out", str(path))
        assert done.code == 0
        assert "Read it over, then: debate run" in done.err
        card = parse_problem(path.read_text(encoding="utf-8"), path, "file")
        assert (card.id, card.title) == ("antrag", "Bauanträge dauern zu lange")

    @pytest.mark.parametrize(
        ("text", "message"),
        [
            (b"", "found no sentence"),
            (b"Hi all,\n\nBest regards\nAnna\n", "found no sentence"),
            (b"It waits. " * 4_000, "it has 40,000 characters"),
            (b"- It waits.\n" + b"".join(b"- Wait %d\n" % n for n in range(301)), "found 302 sentences"),
            (b"PK\x00\x01", "NUL byte"),
            (b"caf\xe9", "not UTF-8"),
        ],
    )
    def test_a_text_that_can_be_no_card_is_refused_with_the_reason(
        self, text: bytes, message: str, answers: Answers, shelf: Path
    ) -> None:
        done = answers(text, "from-text", "-")
        assert (done.code, done.out) == (2, "")
        assert message in done.err
        assert not (shelf / "problems").exists()

    def test_a_file_that_is_not_there_is_said(self, debate: Debate, shelf: Path) -> None:
        done = debate("problems", "from-text", "no-such-report.txt")
        assert (done.code, done.out) == (2, "")
        assert "no-such-report.txt" in done.err
