"""Disks that are full or take no writes: it is said clearly, and nothing that was received is lost."""

import errno
import os
import resource
import subprocess
import sys
from pathlib import Path

import pytest

from debate.errors import TranscriptError
from debate.events import Note, Recorder, parse_event
from debate.run_names import EVENTS
from debate.transcripts import RunFolder
from tests.cli.conftest import Debate
from tests.durability.conftest import prompts, the_folder
from tests.durability.server import DebateServer

REPO = Path(__file__).resolve().parents[2]


class TestAtTheStart:
    def test_a_folder_that_takes_no_files_stops_it_before_the_first_call(
        self, debate: Debate, words: list[str], server: DebateServer, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        real = os.mkdir

        def read_only(path: os.PathLike[str] | str, mode: int = 0o777, **more: int) -> None:
            if "runs" in str(path):
                raise OSError(errno.EROFS, os.strerror(errno.EROFS), str(path))
            real(path, mode, **more)

        monkeypatch.setattr(os, "mkdir", read_only)
        done = debate(*words)
        assert (done.code, server.requests) == (1, [])
        assert "Read-only file system" in done.err
        assert "--transcripts" in done.err

    @pytest.mark.parametrize("ledger", ["card.md/ledger.sqlite3", "a-text.md"])
    def test_a_ledger_that_cannot_be_opened_leaves_no_run_behind(
        self, debate: Debate, words: list[str], server: DebateServer, tmp_path: Path, ledger: str
    ) -> None:
        (tmp_path / "card.md").write_text("x")
        (tmp_path / "a-text.md").write_text("a text of more than sixteen bytes, which is no database")
        done = debate(*words, "--ledger", ledger)
        assert (done.code, server.requests) == (2, [])
        assert "--ledger" in done.err
        assert not list((tmp_path / "runs").glob("*"))


class TestInTheMiddle:
    @pytest.mark.parametrize("lines", [0, 3, 5, 7, 12])
    def test_a_journal_that_takes_no_more_loses_no_reply(
        self,
        *,
        debate: Debate,
        words: list[str],
        server: DebateServer,
        tmp_path: Path,
        monkeypatch: pytest.MonkeyPatch,
        lines: int,
    ) -> None:
        real, left = RunFolder.append, iter(range(lines))

        def full(folder: RunFolder, event: Note) -> None:
            if next(left, None) is None:
                raise TranscriptError(f"cannot write {folder.path / EVENTS}: No space left on device")
            real(folder, event)

        with monkeypatch.context() as patched:
            patched.setattr(RunFolder, "append", full)
            done = debate(*words)
        assert done.code == 1
        assert "No space left on device; every reply received is in the ledger" in done.err
        assert f"debate resume {the_folder(tmp_path / 'runs').name}" in done.err
        assert "Traceback" not in done.err
        assert debate("resume", "--transcripts", "runs").code == 0
        assert len(server.requests) == len(set(prompts(server))) == 4

    @pytest.mark.parametrize("name", ["transcript.md", "answer.md", "run.json"])
    def test_a_page_that_cannot_be_written_leaves_a_run_to_resume(
        self, debate: Debate, words: list[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str
    ) -> None:
        real, seen = RunFolder.write, []

        def full(folder: RunFolder, file: str, text: str) -> None:
            seen.append(file)
            if file == name and len(seen) > 1:
                raise TranscriptError(f"cannot write {folder.path / file}: No space left on device")
            real(folder, file, text)

        with monkeypatch.context() as patched:
            patched.setattr(RunFolder, "write", full)
            done = debate(*words)
        assert done.code == 1
        assert "Your patients wait for each other" in done.out  # the answer is shown all the same
        assert debate("resume", "--transcripts", "runs").code == 0
        assert {path.name for path in the_folder(tmp_path / "runs").iterdir()} == {
            *("run.json", "events.jsonl", "transcript.md", "answer.md")
        }

    @pytest.mark.parametrize("room", [60_000, 100_000])
    def test_files_that_cannot_grow_lose_no_reply(
        self, debate: Debate, words: list[str], server: DebateServer, tmp_path: Path, room: int
    ) -> None:
        """The kernel's own refusal, of ledger and journal alike: whatever comes first."""
        done = subprocess.run(
            [sys.executable, "-m", "debate", *words],
            capture_output=True,
            text=True,
            check=False,
            timeout=120,
            env={**os.environ, "PYTHONPATH": str(REPO / "src"), "TMPDIR": str(tmp_path)},
            preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (room, room)),
        )
        assert done.returncode in (1, 2)
        assert "Traceback" not in done.stderr
        assert "debate: error: " in done.stderr
        received = len(server.requests)
        for rescued in tmp_path.rglob("*rescue*"):
            assert debate("ledger", "adopt", str(rescued), "--transcripts", "runs").code == 0
        again = ["resume", "--transcripts", "runs"] if list((tmp_path / "runs").glob("*/run.json")) else words
        assert debate(*again).code == 0
        assert len(server.requests) == len(set(prompts(server))) == 4, received


def test_half_a_line_is_taken_back(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = RunFolder.create(tmp_path, "x")
    recorder = Recorder(folder.append)
    recorder.emit(Note(text="whole"))
    real = os.write
    with monkeypatch.context() as patched:
        patched.setattr(os, "write", lambda file, data: real(file, data[:10]))
        with pytest.raises(TranscriptError, match="part of a line"):
            recorder.emit(Note(text="half"))
    recorder.emit(Note(text="next"))
    folder.close()
    notes = [parse_event(line) for line in (folder.path / EVENTS).read_bytes().splitlines()]
    assert [note.text for note in notes if isinstance(note, Note)] == ["whole", "next"]
