"""What the commands print, where they print it, and how they end."""

import json
import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from debate.cli import READER_LEFT
from debate.run_names import EVENTS, MANIFEST
from debate.transcripts import RunFolder
from tests.cli.conftest import Debate
from tests.test_runs import ANSWER_LINES, CARD, FAIL_ONE, PROTOCOL, SPEAK
from tests.test_transcripts import a_manifest, a_run

HOSTILE = "[/foo] [bold]x[/bold] \x1b]52;c;aGk=\x07 \x1b[2J \u202eevil \x9b31m"


@pytest.fixture
def card(tmp_path: Path) -> str:
    path = tmp_path / "care_waiting-stuck.md"
    path.write_text(CARD, encoding="utf-8")
    return str(path)


def a_protocol(folder: Path, *lines: str) -> str:
    path = folder / "mine.py"
    path.write_text(PROTOCOL.replace("{body}", "\n    ".join(lines)), encoding="utf-8")
    return str(path)


@pytest.fixture
def good(tmp_path: Path) -> str:
    return a_protocol(tmp_path, SPEAK, *ANSWER_LINES)


@pytest.fixture
def degraded(tmp_path: Path) -> str:
    return a_protocol(tmp_path, SPEAK, FAIL_ONE, *ANSWER_LINES)


@pytest.fixture
def failing(tmp_path: Path) -> str:
    return a_protocol(tmp_path, SPEAK, FAIL_ONE, "raise QuorumError('only 1 of 2 seats spoke')")


class TestTheProgram:
    def test_help_and_version_are_data(self, debate: Debate) -> None:
        assert debate("--help").code == 0
        version = debate("--version")
        assert (version.code, version.err) == (0, "")
        assert version.out.startswith("debate 0")

    def test_without_a_command_it_says_what_there_is(self, debate: Debate) -> None:
        done = debate()
        for command in ("run", "problems", "lenses", "agents", "transcripts"):
            assert command in done.out

    @pytest.mark.parametrize(
        "arguments",
        [
            ["bogus"],
            ["run"],
            ["run", "x", "--seed", "y"],
            ["run", "no-such-problem"],
            ["problems", "show", "no-such-problem"],
            ["problems", "show", "no/such/card.md"],
            ["lenses", "show", "no-such-lens"],
            ["agents", "show", "no-such-role"],
            ["transcripts", "show", "no-such-run"],
            ["lenses", "list", "--library", "no/such/folder"],
        ],
        ids=" ".join,
    )
    def test_your_mistake_is_exit_2_on_stderr_and_no_traceback(
        self, debate: Debate, arguments: list[str]
    ) -> None:
        done = debate(*arguments)
        assert (done.code, done.out) == (2, "")
        assert "rror" in done.err
        assert "Traceback" not in done.err

    def test_python_m_debate_is_debate(self) -> None:
        done = subprocess.run(
            [sys.executable, "-m", "debate", "--version"], capture_output=True, text=True, check=True
        )
        assert done.stdout.startswith("debate ")

    def test_a_reader_who_has_seen_enough_gets_no_traceback(self) -> None:
        script = f"{sys.executable} -m debate lenses show pace-layering | head -n 1"
        done = subprocess.run(["sh", "-c", script], capture_output=True, text=True, check=True)
        assert done.stdout.count("\n") == 1
        assert done.stderr == ""

    @pytest.mark.parametrize("talk", ["2>talk", "2>&1"])
    def test_a_run_whose_reader_left_is_kept_and_exits_141(
        self, card: str, talk: str, tmp_path: Path
    ) -> None:
        (tmp_path / "pipe.py").write_text(
            "import os, subprocess, sys\n"
            "read, write = os.pipe()\n"
            "os.close(read)\n"
            "sys.exit(subprocess.run(['sh', '-c', sys.argv[1]], stdout=write).returncode)\n"
        )
        command = f"{sys.executable} -m debate run {card} --transcripts runs {talk}"
        done = subprocess.run(
            [sys.executable, "pipe.py", command], cwd=tmp_path, capture_output=True, text=True, check=False
        )
        assert (done.returncode, done.stderr) == (READER_LEFT, "")
        (path,) = (tmp_path / "runs").glob("*/" + MANIFEST)
        assert json.loads(path.read_text())["result"]["status"] == "done"
        if talk == "2>talk":
            assert "debate transcripts show" in (tmp_path / "talk").read_text()

    @pytest.mark.skipif(not Path("/dev/full").exists(), reason="no device that is always full")
    @pytest.mark.parametrize("command", ["--help", "lenses list", "agents show writer"])
    def test_output_that_cannot_be_written_is_exit_1_with_a_reason(self, command: str) -> None:
        script = f"{sys.executable} -m debate {command} >/dev/full"
        done = subprocess.run(["sh", "-c", script], capture_output=True, text=True, check=False)
        assert done.returncode == 1
        assert done.stderr.startswith("debate: error: standard output cannot be written: ")
        assert done.stderr.count("\n") == 1

    @pytest.mark.parametrize("closed", [">&-", "2>&-", ">&- 2>&-"])
    def test_a_closed_stream_is_nobody_reading(self, closed: str) -> None:
        script = f"{sys.executable} -m debate lenses list {closed}"
        done = subprocess.run(["sh", "-c", script], capture_output=True, text=True, check=False)
        assert (done.returncode, done.stderr) == (0, "")

    def test_a_terminal_without_utf8_gets_every_word(self) -> None:
        done = subprocess.run(
            [sys.executable, "-m", "debate", "agents", "show", "writer"],
            capture_output=True,
            env={**os.environ, "PYTHONIOENCODING": "ascii"},
            check=False,
        )
        assert (done.returncode, done.stderr) == (0, b"")


class TestCards:
    @pytest.mark.parametrize(("group", "id_"), [("lenses", "pace-layering"), ("agents", "critic")])
    def test_list_has_a_line_for_each_and_json_the_same(self, debate: Debate, group: str, id_: str) -> None:
        lines = debate(group, "list").out.splitlines()
        rows = json.loads(debate(group, "list", "--json").out)
        assert [line.split()[0] for line in lines[1:]] == [row["id"] for row in rows]
        assert id_ in {row["id"] for row in rows}

    @pytest.mark.parametrize(("group", "id_"), [("lenses", "pace-layering"), ("agents", "critic")])
    def test_show_gives_the_card_as_text_and_as_json(self, debate: Debate, group: str, id_: str) -> None:
        assert debate(group, "show", id_).out.strip()
        assert json.loads(debate(group, "show", id_, "--json").out)["id"] == id_

    def test_show_of_a_problem_numbers_the_facts_and_keeps_the_key_apart(
        self, debate: Debate, card: str
    ) -> None:
        page = debate("problems", "show", card).out
        seen, _, key = page.partition("For the judge alone")
        assert "`T1` Text message reminders" in seen
        assert "Hiring more nurses" in key
        assert "Hiring more nurses" not in seen

    def test_show_of_a_problem_as_json_has_its_facts(self, debate: Debate, card: str) -> None:
        data = json.loads(debate("problems", "show", card, "--json").out)
        assert "T2" in {fact["id"] for fact in data["facts"]}

    @pytest.mark.parametrize("group", ["problems", "lenses", "agents"])
    def test_check_of_the_whole_library_finds_nothing(self, debate: Debate, group: str) -> None:
        done = debate(group, "check")
        assert (done.code, done.out) == (0, "")
        assert "no faults" in done.err

    def test_check_lists_every_fault_with_its_line_and_exits_2(self, debate: Debate, tmp_path: Path) -> None:
        path = tmp_path / "bad.md"
        text = CARD.replace("Originality: 2/10", "Originality: 27/10").replace(
            "Novelty: 8/10", "Novelty: x/10"
        )
        path.write_text(text, encoding="utf-8")
        done = debate("problems", "check", str(path))
        faults = done.out.splitlines()
        assert all(fault.startswith(f"{path}:") for fault in faults)
        assert (done.code, len(faults)) == (2, 2)
        assert f"{path}:" not in "".join(line for line in done.err.splitlines() if " note: " not in line)
        assert "1 problem card checked, 2 faults" in done.err
        data = json.loads(debate("problems", "check", str(path), "--json").out)
        assert (data["checked"], len(data["faults"])) == (1, len(faults))

    def test_check_goes_on_after_a_broken_card(self, debate: Debate, tmp_path: Path, card: str) -> None:
        for name in ("one.md", "two.md"):
            (tmp_path / name).write_text("# Bad\n")
        done = debate("problems", "check", str(tmp_path / "one.md"), card, str(tmp_path / "two.md"))
        assert "3 problem cards checked" in done.err
        assert "one.md:" in done.out
        assert "two.md:" in done.out

    def test_a_broken_card_is_listed_and_hides_no_other(self, debate: Debate, tmp_path: Path) -> None:
        (tmp_path / "lenses").mkdir()
        (tmp_path / "lenses" / "broken.md").write_text("nothing")
        done = debate("lenses", "list", "--library", str(tmp_path))
        assert "cannot be read" in done.out
        assert "pace-layering" in done.out
        assert done.code == 0


class TestRun:
    def test_stdout_is_the_answer_and_stderr_the_talk(self, debate: Debate, card: str, good: str) -> None:
        done = debate("run", card, "--protocol", good)
        assert done.code == 0
        assert done.out.startswith("# Waiting Time Stuck")
        assert "bottleneck-theory: 2 hypotheses" in done.err
        assert "debate transcripts show" in done.err

    def test_the_offline_debate_ends_with_a_table_of_scores(self, debate: Debate, card: str) -> None:
        done = debate("run", card, "--quiet")
        assert (done.code, done.err) == (0, "")
        assert "no language model" in debate("run", card).err
        assert "| criterion | baseline | this answer | target |" in done.out

    def test_json_is_one_document_and_nothing_else(self, debate: Debate, card: str, good: str) -> None:
        done = debate("run", card, "--protocol", good, "--json", "--quiet")
        data = json.loads(done.out)
        assert (data["schema"], data["status"], done.err) == (1, "done", "")
        assert Path(data["path"]).is_dir()

    @pytest.mark.parametrize(("flags", "code"), [([], 3), (["--fail-under", "1"], 3)])
    def test_a_degraded_run_is_exit_3(
        self, debate: Debate, card: str, degraded: str, flags: list[str], code: int
    ) -> None:
        done = debate("run", card, "--protocol", degraded, *flags)
        assert done.code == code
        assert "pace-layering: FAILED: the server is gone" in done.err

    def test_a_failed_run_is_exit_1_and_still_a_document(
        self, debate: Debate, card: str, failing: str
    ) -> None:
        done = debate("run", card, "--protocol", failing, "--json")
        data = json.loads(done.out)
        assert (done.code, data["status"], data["answer"]) == (1, "failed", None)
        assert "debate: error: only 1 of 2 seats spoke" in done.err

    def test_a_missing_score_is_below_every_mark(self, debate: Debate, card: str, good: str) -> None:
        done = debate("run", card, "--protocol", good, "--fail-under", "0")
        assert done.code == 3
        assert "there is no score, so --fail-under 0 is not met" in done.err

    @pytest.mark.parametrize("mark", ["nan", "inf", "-1", "10.5", "high"])
    @pytest.mark.parametrize("command", [["run", "x"], ["resume"]], ids=" ".join)
    def test_a_mark_outside_the_scale_is_your_mistake(
        self, debate: Debate, command: list[str], mark: str
    ) -> None:
        done = debate(*command, "--fail-under", mark)
        assert (done.code, done.out) == (2, "")
        assert "--fail-under" in done.err

    @pytest.mark.parametrize("place", ["file", "file/below"])
    @pytest.mark.parametrize(
        "command",
        [
            ["run", "code_performance-stuck"],
            ["transcripts", "list"],
            ["resume"],
            ["replay"],
        ],
        ids=" ".join,
    )
    def test_transcripts_that_cannot_be_a_folder_are_your_mistake(
        self, debate: Debate, tmp_path: Path, command: list[str], place: str
    ) -> None:
        (tmp_path / "file").write_text("")
        done = debate(*command, "--transcripts", str(tmp_path / place))
        assert (done.code, done.out) == (2, "")
        assert "--transcripts" in done.err

    def test_what_a_model_wrote_cannot_steer_the_terminal(
        self, debate: Debate, card: str, tmp_path: Path
    ) -> None:
        letter = f"emit(events.LetterWritten(letter=builders.a_letter(why={HOSTILE!r})))"
        note = f"emit(events.Note(text={HOSTILE!r}))"
        done = debate("run", card, "--protocol", a_protocol(tmp_path, SPEAK, note, letter))
        assert done.code == 0
        for text in (done.out, done.err):
            assert not set(text) & {"\x1b", "\x07", "\x9b", "\u202e"}
            assert "[/foo]" in text

    def test_an_interrupt_is_exit_130_and_keeps_the_run(self, card: str, tmp_path: Path) -> None:
        protocol = a_protocol(tmp_path, SPEAK, "import asyncio", "await asyncio.sleep(3600)")
        root = Path(__file__).resolve().parents[2]
        with subprocess.Popen(
            [sys.executable, "-m", "debate", "run", card, "--protocol", protocol, "--transcripts", "runs"],
            stderr=subprocess.PIPE,
            text=True,
            env={**os.environ, "PYTHONPATH": str(root)},
        ) as process:
            assert process.stderr is not None
            assert any("hypotheses" in line for line in process.stderr)
            process.send_signal(signal.SIGINT)
            rest = process.stderr.read()
        assert process.returncode == 130
        assert "interrupted" in rest
        assert "Traceback" not in rest
        (run,) = (path for path in (tmp_path / "runs").iterdir() if path.is_dir())
        assert json.loads((run / MANIFEST).read_text())["result"]["status"] == "interrupted"


class TestTranscripts:
    def test_a_fresh_folder_has_no_own_runs_and_says_how_to_make_one(self, debate: Debate) -> None:
        done = debate("transcripts", "list", "--transcripts", "nowhere")
        assert done.code == 0
        assert all("example" in line for line in done.out.splitlines()[1:])

    def test_the_last_run_is_shown_by_default(self, debate: Debate, card: str, good: str) -> None:
        debate("run", card, "--protocol", good, "--transcripts", "runs")
        page = debate("transcripts", "show", "--transcripts", "runs").out
        for words in (
            "# Debate: Waiting Time Stuck",
            "`T1`",
            "bottleneck-theory-1",
            "## The plan",
            "## The answer",
        ):
            assert words in page

    def test_seat_limits_it_to_what_one_seat_said(self, debate: Debate, card: str, good: str) -> None:
        debate("run", card, "--protocol", good, "--transcripts", "runs")
        page = debate("transcripts", "show", "--seat", "bottleneck-theory", "--transcripts", "runs").out
        assert page.startswith("### Bottleneck Theory")
        assert "## The plan" not in page

    def test_prompts_are_shown_whole(self, debate: Debate, card: str) -> None:
        debate("run", card, "--transcripts", "runs", "--quiet")
        page = debate(
            "transcripts", "show", "--prompts", "--seat", "pace-layering", "--transcripts", "runs"
        ).out
        assert "Call `lens-agent/pace-layering`" in page
        assert "registration desk" in page
        assert "bottleneck-theory`" not in page

    def test_json_holds_manifest_and_events(self, debate: Debate, card: str, good: str) -> None:
        debate("run", card, "--protocol", good, "--transcripts", "runs")
        data = json.loads(debate("transcripts", "show", "--json", "--transcripts", "runs").out)
        assert data["manifest"]["result"]["status"] == "done"
        assert data["events"][0]["type"] == "run_started"
        listed = json.loads(debate("transcripts", "list", "--json", "--transcripts", "runs").out)
        row = listed["runs"][0]
        assert (row["run"], row["example"]) == (data["manifest"]["id"], False)

    def test_an_unknown_seat_is_answered_with_the_seats(self, debate: Debate, card: str, good: str) -> None:
        debate("run", card, "--protocol", good, "--transcripts", "runs")
        done = debate("transcripts", "show", "--seat", "pace", "--transcripts", "runs")
        assert done.code == 2
        assert "pace-layering" in done.err

    def test_a_killed_run_is_listed_and_shown_with_what_it_left(self, debate: Debate, tmp_path: Path) -> None:
        path = a_run(tmp_path / "runs").path
        with (path / EVENTS).open("ab") as file:
            file.write(b'{"torn')
        assert "unfinished" in debate("transcripts", "list", "--transcripts", "runs").out
        done = debate("transcripts", "show", "--transcripts", "runs")
        assert done.code == 0
        assert "**UNFINISHED.**" in done.out
        assert "torn" in done.err

    def test_a_broken_run_is_listed_and_showing_it_is_an_error(self, debate: Debate, tmp_path: Path) -> None:
        folder = RunFolder.create(tmp_path / "runs", "x")
        folder.write(MANIFEST, "{}")
        folder.close()
        assert "broken" in debate("transcripts", "list", "--transcripts", "runs").out
        done = debate("transcripts", "show", "--transcripts", "runs")
        assert done.code == 1
        assert MANIFEST in done.err

    def test_a_run_that_never_began_is_listed_and_last_is_another(
        self, debate: Debate, tmp_path: Path
    ) -> None:
        folder = RunFolder.create(tmp_path / "runs", "x")
        folder.close()
        assert "not begun" in debate("transcripts", "list", "--transcripts", "runs").out
        assert debate("transcripts", "show", "--transcripts", "runs").code == 0  # an example
        done = debate("transcripts", "show", folder.id, "--transcripts", "runs")
        assert done.code == 1
        assert "nothing was asked" in done.err

    def test_a_list_is_one_line_a_run(self, debate: Debate, tmp_path: Path) -> None:
        for day in ("01", "02"):
            folder = tmp_path / "runs" / f"202611{day}-000000-x-0000"
            folder.mkdir(parents=True)
            (folder / MANIFEST).write_text(a_manifest(folder.name).text())
        lines = debate("transcripts", "list", "--transcripts", "runs").out.splitlines()
        assert [line.split()[0][:8] for line in lines[1:3]] == ["20261102", "20261101"]
