"""A run as an Inspect log: read back by Inspect itself, and served by its viewer."""

import subprocess
import sys
from dataclasses import replace
from pathlib import Path
from urllib.parse import quote

import pytest

from debate.events import CallFinished, LetterWritten, RunFinished, SeatFailed, SeatSpoke
from debate.transcripts import Run
from tests.home.servers import REPO, document, own_environment, serving

WHY = "inspect-ai is not installed (pip install 'lens-debate[inspect]')"


def _example() -> Run:
    (path,) = (path for path in (REPO / "transcripts" / "examples").iterdir() if path.is_dir())
    return Run.load(path)


def test_without_the_extra_the_way_to_get_it_is_said() -> None:
    script = (
        "import sys\n"
        "sys.modules['inspect_ai'] = None\n"
        "from debate.errors import SettingsError\n"
        "try:\n    import debate.inspect_log\n"
        "except SettingsError as error:\n    print(error)\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, text=True, check=True, env=own_environment()
    )
    assert "pip install 'lens-debate[inspect]'" in done.stdout


class TestLog:
    @pytest.fixture(autouse=True)
    def _installed(self) -> None:
        pytest.importorskip("inspect_ai", reason=WHY)

    def test_inspect_reads_back_what_was_said_by_whom_and_what_it_scored(self, tmp_path: Path) -> None:
        from inspect_ai.log import read_eval_log

        from debate.inspect_log import write_log

        run, path = _example(), tmp_path / "one.eval"
        write_log(run, path)
        log = read_eval_log(str(path), resolve_attachments=True)
        (sample,) = log.samples or []
        assert log.status == "success"
        begins = [event for event in sample.events if event.event == "span_begin"]
        assert {event.name for event in begins} == {
            *(seat.name for seat in run.manifest.seats), "critic", "writer", "judge"
        }  # fmt: skip
        assert {event.type for event in begins} == {"agent"}
        said = {e.output.completion for e in sample.events if e.event == "model"}
        assert said == {call.reply for call in run.of(CallFinished)}
        asked = {e.input[-1].text for e in sample.events if e.event == "model"}
        assert asked == {call.messages[-1].content for call in run.of(CallFinished)}
        assert run.manifest.result is not None
        headline = (sample.scores or {})["headline"]
        assert headline.value == run.manifest.result.headline
        assert (sample.scores or {})["Originality"].explanation
        assert sample.output.completion == (run.path / "answer.md").read_text(encoding="utf-8")
        metadata = log.eval.metadata or {}
        assert metadata["manifest_sha256"] == run.manifest.digest
        assert metadata["seed"] == run.manifest.seed
        assert [lens["id"] for lens in metadata["lenses"]] == [lens.id for lens in run.manifest.lenses]
        assert set(metadata["certificates"]) == {"checks"}

    def test_a_failure_is_an_error_in_its_seats_span_and_terminal_codes_are_gone(
        self, tmp_path: Path
    ) -> None:
        from inspect_ai.log import read_eval_log

        from debate.inspect_log import write_log

        run = _example()
        lost = run.manifest.seats[0].id
        events = [
            event.model_copy(update={"from_ledger": True}) if isinstance(event, CallFinished) else event
            for event in run.events
            if not (isinstance(event, SeatSpoke) and event.seat == lost)
            and not isinstance(event, LetterWritten | RunFinished)
        ]
        last = events[-1]
        events.append(SeatFailed(seq=last.seq + 1, at=last.at, seat=lost, error="no \x1b[31mreply"))
        events.append(RunFinished(seq=last.seq + 2, at=last.at, status="failed", error="too few"))
        assert run.manifest.result is not None
        result = run.manifest.result.model_copy(update={"status": "failed", "error": "too few"})
        manifest = run.manifest.model_copy(update={"result": result})
        write_log(replace(run, events=tuple(events), manifest=manifest), tmp_path / "one.eval")
        log = read_eval_log(str(tmp_path / "one.eval"))
        (sample,) = log.samples or []
        assert (log.status, sample.error.message if sample.error else "") == ("error", "too few")
        (error,) = [event for event in sample.events if event.event == "error"]
        assert (error.span_id, error.error.message) == (f"seat/{lost}", "no [31mreply")
        assert {event.cache for event in sample.events if event.event == "model"} == {"read"}
        assert sample.output.completion == ""

    def test_a_name_the_viewer_would_pass_over_is_refused(self, tmp_path: Path) -> None:
        from debate.errors import SettingsError
        from debate.inspect_log import write_log

        with pytest.raises(SettingsError, match=r"\.eval"):
            write_log(_example(), tmp_path / "one.json")

    def test_inspect_view_opens_it(self, tmp_path: Path) -> None:
        from debate.inspect_log import write_log

        (tmp_path / "logs").mkdir()
        path = tmp_path / "logs" / "one.eval"
        write_log(_example(), path)
        command = [sys.executable, "-m", "inspect_ai", "view", "start", "--host", "127.0.0.1"]
        command += ["--port", "{port}", "--log-dir", str(path.parent)]
        with serving(command, "/api/log-files", tmp_path, own_environment()) as address:
            (listed,) = document(f"{address}/api/log-files")["files"]
            log = document(f"{address}/api/logs/{quote(listed['name'], safe='')}")
        assert log["status"] == "success"
        assert [sample["id"] for sample in log["samples"]] == ["code_performance-stuck"]
