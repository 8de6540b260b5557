"""Resuming: the run's own question again, at the price of what is missing."""

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from debate.events import Note, RunFinished, RunStarted
from debate.run_lock import RunLock
from debate.run_names import EVENTS, MANIFEST
from debate.transcripts import ANSWER, TRANSCRIPT, Run
from tests.cli.conftest import Debate
from tests.durability.conftest import the_folder
from tests.durability.server import DebateServer, untimed
from tests.faults.server import Exchange, Step, replies

REPO = Path(__file__).resolve().parents[2]


class Refuses:
    """A step of the server that refuses who asks for `schema`, until it is told not to."""

    def __init__(self, server: DebateServer, schema: str, status: int, marker: str = "") -> None:
        self._server, self._usual = server, server.step
        self._schema, self._status, self._marker = schema, status, marker
        server.step = self.step  # type: ignore[method-assign]  # this one server behaves otherwise

    def step(self, exchange: Exchange) -> Step:
        asked = exchange.asked
        name = asked["response_format"]["json_schema"]["name"]
        if name == self._schema and self._marker in str(asked["messages"]):
            return replies(self._status, '{"error": {"message": "no"}}')
        return self._usual(exchange)

    def relent(self) -> None:
        self._server.step = self._usual  # type: ignore[method-assign]  # as it was


@pytest.fixture
def whole(debate: Debate, words: list[str], tmp_path: Path, server: DebateServer) -> tuple[str, bytes]:
    """Page and answer of a run nothing happened to, held elsewhere; the server has forgotten it."""
    assert debate(*words, "--transcripts", "whole").code == 0
    folder = the_folder(tmp_path / "whole")
    server.requests.clear()
    return page(folder), (folder / ANSWER).read_bytes()


def page(folder: Path) -> str:
    return untimed((folder / TRANSCRIPT).read_text(encoding="utf-8"), folder.name)


class TestWhatIsLeftToDo:
    def test_a_failed_run_goes_on_where_it_failed(
        self,
        debate: Debate,
        words: list[str],
        server: DebateServer,
        whole: tuple[str, bytes],
        tmp_path: Path,
    ) -> None:
        refuses = Refuses(server, "Letter", 401)
        failed = debate(*words)
        folder = the_folder(tmp_path / "runs")
        assert failed.code == 1
        assert f"debate resume {folder.name}" in failed.err
        refuses.relent()
        before = len(server.requests)
        assert debate("resume", "--transcripts", "runs").code == 0
        assert len(server.requests) == before + 1
        assert (page(folder), (folder / ANSWER).read_bytes()) == whole
        run = Run.load(folder)
        starts = [event for event in run.events if isinstance(event, RunStarted | RunFinished)]
        assert [event.type for event in starts] == ["run_started", "run_finished"] * 2
        assert [event.seq for event in run.events] == list(range(1, len(run.events) + 1))

    def test_a_degraded_run_is_resumed_for_the_seat_that_failed(
        self,
        debate: Debate,
        words: list[str],
        server: DebateServer,
        tmp_path: Path,
    ) -> None:
        three = ["--lenses", "bottleneck-theory,pace-layering,emergence"]
        assert debate(*words, *three, "--transcripts", "whole").code == 0
        refuses = Refuses(server, "SeatReport", 400, "Emergence")
        assert debate(*words, *three).code == 3
        refuses.relent()
        before = len(server.requests)
        assert debate("resume", "--transcripts", "runs").code == 0
        assert len(server.requests) == before + 3  # the seat, and with it a new plan and letter
        assert page(the_folder(tmp_path / "runs")) == page(the_folder(tmp_path / "whole"))

    def test_of_a_done_run_nothing_is_left(
        self, debate: Debate, words: list[str], server: DebateServer, tmp_path: Path
    ) -> None:
        debate(*words)
        folder = the_folder(tmp_path / "runs")
        before = {path.name: path.read_bytes() for path in folder.iterdir()}
        done = debate("resume", "last", "--transcripts", "runs", "--json")
        assert (done.code, len(server.requests)) == (0, 4)
        assert "nothing to resume" in done.err
        assert json.loads(done.out)["status"] == "done"
        assert {path.name: path.read_bytes() for path in folder.iterdir()} == before

    def test_an_unknown_run_is_your_mistake(self, debate: Debate) -> None:
        assert debate("resume", "no-such-run", "--transcripts", "runs").code == 2

    @pytest.mark.parametrize("cut", [1, 100, 5_000])
    def test_a_torn_journal_is_told_and_mended(
        self,
        *,
        debate: Debate,
        words: list[str],
        server: DebateServer,
        whole: tuple[str, bytes],
        tmp_path: Path,
        cut: int,
    ) -> None:
        debate(*words)
        folder = the_folder(tmp_path / "runs")
        manifest = json.loads((folder / MANIFEST).read_text(encoding="utf-8"))
        (folder / MANIFEST).write_text(json.dumps({**manifest, "result": None}), encoding="utf-8")
        journal = (folder / EVENTS).read_bytes()
        (folder / EVENTS).write_bytes(journal[:-cut])
        done = debate("resume", "--transcripts", "runs")
        assert (done.code, len(server.requests)) == (0, 4)
        assert ("torn" in done.err) == (cut > 1)
        assert page(folder) == whole[0]
        assert Run.load(folder).notes == ()


class TestWhatHasChanged:
    @pytest.fixture
    def unfinished(self, debate: Debate, words: list[str], server: DebateServer, tmp_path: Path) -> Path:
        refuses = Refuses(server, "Letter", 401)
        debate(*words)
        refuses.relent()
        return the_folder(tmp_path / "runs")

    def test_an_edited_card_is_told_and_asked_anew(
        self, debate: Debate, unfinished: Path, card: Path, server: DebateServer
    ) -> None:
        card.write_text(card.read_text(encoding="utf-8").replace("90 patients", "91 patients"))
        before = len(server.requests)
        done = debate("resume", "--transcripts", "runs")
        assert (done.code, len(server.requests)) == (0, before + 4)
        words = "the problem card care_waiting-stuck has changed since the run began"
        assert words in done.err
        assert words in [note.text for note in Run.load(unfinished).of(Note)]
        assert words in (unfinished / TRANSCRIPT).read_text(encoding="utf-8")

    def test_an_edited_role_is_told_and_only_its_prompts_are_asked_anew(
        self, debate: Debate, unfinished: Path, server: DebateServer, tmp_path: Path
    ) -> None:
        (tmp_path / "mine" / "agents").mkdir(parents=True)
        critic = shutil.copy(REPO / "agents" / "critic.md", tmp_path / "mine" / "agents")
        with Path(critic).open("a", encoding="utf-8") as file:
            file.write("\nBe brief.\n")
        before = len(server.requests)
        done = debate("resume", "--transcripts", "runs", "--library", "mine")
        assert "the role card critic has changed" in done.err
        assert len(server.requests) == before + 2  # the critic, and the writer who was refused
        assert done.code == 0

    def test_another_version_is_told(self, debate: Debate, unfinished: Path) -> None:
        manifest = json.loads((unfinished / MANIFEST).read_text(encoding="utf-8"))
        (unfinished / MANIFEST).write_text(json.dumps({**manifest, "debate": "0.0.1"}), encoding="utf-8")
        assert "begun by debate 0.0.1" in debate("resume", "--transcripts", "runs").err


class TestLimits:
    def test_a_spent_budget_stays_spent_until_a_higher_one_is_given(
        self,
        debate: Debate,
        words: list[str],
        server: DebateServer,
        whole: tuple[str, bytes],
        tmp_path: Path,
    ) -> None:
        stopped = debate(*words, "--max-calls", "3")
        assert (stopped.code, len(server.requests)) == (1, 3)
        assert "--max-calls 3 is reached" in stopped.err
        again = debate("resume", "--transcripts", "runs")
        assert (again.code, len(server.requests)) == (1, 3)
        assert debate("resume", "--transcripts", "runs", "--max-calls", "4").code == 0
        assert len(server.requests) == 4
        folder = the_folder(tmp_path / "runs")
        assert (page(folder), (folder / ANSWER).read_bytes()) == whole

    def test_a_base_url_loses_its_keys_on_disk_and_gets_them_back(
        self,
        debate: Debate,
        words: list[str],
        server: DebateServer,
        tmp_path: Path,
        monkeypatch: pytest.MonkeyPatch,
    ) -> None:
        secret = server.url.replace("://", "://me:canary-4f1d77@")
        refuses = Refuses(server, "Letter", 401)
        debate(*words, "--base-url", secret)
        refuses.relent()
        monkeypatch.setenv("DEBATE_BASE_URL", secret)
        assert debate("resume", "--transcripts", "runs").code == 0
        assert len({exchange.headers["authorization"] for exchange in server.requests}) == 1
        written = b"".join(path.read_bytes() for path in (tmp_path / "runs").rglob("*") if path.is_file())
        assert b"canary-4f1d77" not in written


class TestElsewhere:
    @pytest.fixture
    def overlaid(self, words: list[str], tmp_path: Path) -> list[str]:
        """The run again, with a relative path, and a library of its own, beside which it is held."""
        (tmp_path / "mine" / "lenses").mkdir(parents=True)
        lens = (REPO / "lenses" / "pace-layering.md").read_text(encoding="utf-8")
        (tmp_path / "mine" / "lenses" / "pace-layering.md").write_text(lens + "\n", encoding="utf-8")
        return [words[0], Path(words[1]).name, *words[2:], "--library", "mine"]

    def test_cards_and_library_are_found_from_any_folder(
        self,
        debate: Debate,
        overlaid: list[str],
        server: DebateServer,
        tmp_path: Path,
        monkeypatch: pytest.MonkeyPatch,
    ) -> None:
        refuses = Refuses(server, "Letter", 401)
        debate(*overlaid)
        refuses.relent()
        (tmp_path / "elsewhere").mkdir()
        monkeypatch.chdir(tmp_path / "elsewhere")
        before = len(server.requests)
        done = debate("resume", "--transcripts", str(tmp_path / "runs"))
        assert (done.code, len(server.requests)) == (0, before + 1)
        assert "has changed" not in done.err
        assert debate("replay", "--transcripts", str(tmp_path / "runs")).code == 0

    def test_another_address_is_asked_only_when_it_is_named(
        self,
        debate: Debate,
        words: list[str],
        server: DebateServer,
        monkeypatch: pytest.MonkeyPatch,
    ) -> None:
        monkeypatch.setenv("OPENAI_API_KEY", "none-needed-here")
        monkeypatch.setenv("OPENAI_BASE_URL", server.url)
        refuses = Refuses(server, "Letter", 401)
        begun = words[: words.index("--model")]
        debate(*begun, "--model", "openai:m")
        refuses.relent()
        monkeypatch.setenv("OPENAI_BASE_URL", "http://127.0.0.1:9/v1")
        before = len(server.requests)
        done = debate("resume", "--transcripts", "runs")
        assert (done.code, len(server.requests)) == (2, before)
        assert f"was asked at {server.url}, it is http://127.0.0.1:9/v1 now" in done.err
        assert debate("resume", "--transcripts", "runs", "--base-url", server.url).code == 0
        assert len(server.requests) == before + 1


class TestTwoProcesses:
    def test_the_second_is_told_who_holds_the_run(
        self, debate: Debate, words: list[str], server: DebateServer, tmp_path: Path
    ) -> None:
        Refuses(server, "Letter", 401)
        debate(*words)
        folder = the_folder(tmp_path / "runs")
        script = (
            "import sys; from pathlib import Path; from debate.run_lock import RunLock\n"
            "lock = RunLock(Path(sys.argv[1])); print('held', flush=True); sys.stdin.read()"
        )
        before = (folder / EVENTS).read_bytes()
        with subprocess.Popen(
            [sys.executable, "-c", script, str(folder)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            env={**os.environ, "PYTHONPATH": str(REPO / "src")},
        ) as holder:
            assert holder.stdout is not None
            assert holder.stdout.readline() == b"held\n"
            second = debate("resume", "--transcripts", "runs")
            holder.kill()
        assert second.code == 2
        assert f"process {holder.pid} on " in second.err
        assert (folder / EVENTS).read_bytes() == before
        RunLock(folder).release()  # it went with its holder
