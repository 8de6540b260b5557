"""A run as it happens: every line once and in order, whatever happens to the connection."""

import asyncio
import json
import os
import socket
import subprocess
import sys
import threading
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest
from starlette.testclient import TestClient

from debate.events import CallStarted, Note, Recorder, RunFinished, RunStarted
from debate.run_lock import LOCK, RunLock, being_written
from debate.run_names import EVENTS
from debate.transcripts import RunFolder
from debate.web import live
from debate.web.live import Streams, Tail, live_view, position
from debate.web.telling import told
from tests.runs import a_manifest, a_run, events
from tests.web.hostile import hostile_events

MANIFEST = a_manifest("x")


def sent(text: str) -> list[tuple[int, dict[str, Any]]]:
    """The messages of a stream: id and data. Comments and the end are left out."""
    found = []
    for block in text.split("\n\n"):
        fields = dict(line.split(": ", 1) for line in block.splitlines() if not line.startswith(":"))
        if "id" in fields:
            found.append((int(fields["id"]), json.loads(fields["data"])))
    return found


def an_ended_process() -> int:
    """The number of a process that was."""
    done = subprocess.run(
        [sys.executable, "-c", "import os; print(os.getpid())"], capture_output=True, check=True
    )
    return int(done.stdout)


async def collected(stream: AsyncIterator[bytes]) -> str:
    return b"".join([part async for part in stream]).decode()


class TestTail:
    def test_each_whole_line_comes_once(self, tmp_path: Path) -> None:
        whole = (a_run(tmp_path / "runs") / EVENTS).read_bytes()
        journal, tail, seqs = tmp_path / EVENTS, Tail(tmp_path / EVENTS), []
        for end in range(0, len(whole) + 97, 97):
            journal.write_bytes(whole[:end])
            seqs += [event.seq for _, event in tail.events()]
        assert seqs == list(range(1, len(events()) + 1))

    def test_reading_goes_on_behind_any_line(self, tmp_path: Path) -> None:
        journal = a_run(tmp_path) / EVENTS
        ends = [end for end, _ in Tail(journal).events()]
        for number, end in enumerate(ends, 1):
            assert [event.seq for _, event in Tail(journal, end).events()][:1] in ([number + 1], [])
        assert Tail(journal, ends[-1]).events() == []

    def test_a_place_that_is_none_loses_nothing(self, tmp_path: Path) -> None:
        journal = a_run(tmp_path) / EVENTS
        assert len(Tail(journal, 10**15).events()) == len(events())
        assert len(Tail(journal, 3).events()) == len(events()) - 1  # the first line from its middle is none

    def test_a_run_that_has_said_nothing_yet_has_no_lines(self, tmp_path: Path) -> None:
        assert Tail(tmp_path / EVENTS).events() == []

    @pytest.mark.parametrize("text", [None, "", "-1", "1.5", "x", "٣", "9" * 5000, "0x1"])
    def test_a_position_is_a_plain_number_or_the_beginning(self, text: str | None) -> None:
        assert position(text) == 0
        assert position("120") == 120


class TestTelling:
    def test_every_kind_of_event_is_told_or_silent_on_purpose(self) -> None:
        silent = [type(event) for event in events() if told(event, MANIFEST) is None]
        assert silent == [CallStarted, CallStarted]  # of the seats, which have begun to think already

    def test_the_seats_go_by_their_names(self) -> None:
        who = {line.place: line.who for event in events() if (line := told(event, MANIFEST))}
        assert who["pace-layering"] == "Pace Layering"
        assert who["critic"] == "Critic"

    def test_what_hides_or_steers_is_shown_or_gone(self) -> None:
        for event in hostile_events():
            if line := told(event, MANIFEST):
                texts = (line.what, line.who, *line.items)
                assert not [c for text in texts for c in text if c in "\x1b\x07\u202e\u200b\ufeff"]


class TestStreams:
    async def test_a_run_that_nobody_writes_is_told_and_ended(self, tmp_path: Path) -> None:
        text = await collected(Streams().stream(a_run(tmp_path), MANIFEST, 0))
        texts = [data["what"] for _, data in sent(text)]
        assert (texts[0], texts[-1]) == ("The debate begins.", "The debate is done.")
        assert text.endswith("event: end\ndata: {}\n\n")

    async def test_who_comes_back_gets_what_came_since(self, tmp_path: Path) -> None:
        run = a_run(tmp_path)
        lines = sent(await collected(Streams().stream(run, MANIFEST, 0)))
        for number in (1, 7, len(lines) - 1):
            again = sent(await collected(Streams().stream(run, MANIFEST, lines[number][0])))
            assert again == lines[number + 1 :]

    async def test_what_is_written_while_it_is_watched_arrives(self, tmp_path: Path) -> None:
        folder = RunFolder.create(tmp_path, "x")
        recorder = Recorder(folder.append)
        recorder.emit(RunStarted(manifest="0"))
        stream = Streams().stream(folder.path, MANIFEST, 0)
        texts: list[str] = []
        next_steps = iter(
            (
                lambda: recorder.emit(Note(text="one")),
                lambda: recorder.emit(RunFinished(status="done")),
                folder.close,
            )
        )
        async with asyncio.timeout(60):
            async for part in stream:
                if lines := sent(part.decode()):
                    texts += [data["what"] for _, data in lines]
                    next(next_steps)()
        assert texts == ["The debate begins.", "one", "The debate is done."]

    async def test_a_run_whose_process_died_does_not_keep_its_watcher(self, tmp_path: Path) -> None:
        run = a_run(tmp_path, [RunStarted(manifest="0")])
        (run / LOCK).write_text(f"process {an_ended_process()} on {socket.gethostname()}\n", encoding="utf-8")
        async with asyncio.timeout(60):
            assert "event: end" in await collected(Streams().stream(run, MANIFEST, 0))

    async def test_silence_is_broken_by_a_sign_of_life(
        self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(live, "HEARTBEAT", 0.0)
        folder = RunFolder.create(tmp_path, "x")
        stream = Streams().stream(folder.path, MANIFEST, 0)
        async with asyncio.timeout(60):
            parts = [await anext(stream) for _ in range(3)]
        await stream.aclose()
        folder.close()
        assert parts[1:] == [b": still here\n\n"] * 2

    async def test_a_server_that_stops_ends_all_streams(self, tmp_path: Path) -> None:
        folder = RunFolder.create(tmp_path, "x")
        streams = Streams()
        watching = asyncio.create_task(collected(streams.stream(folder.path, MANIFEST, 0)))
        await asyncio.sleep(0)
        streams.close()
        async with asyncio.timeout(60):
            await watching
        folder.close()
        assert streams.open == 0

    async def test_no_more_than_so_many_watch_and_who_leaves_makes_room(
        self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(live, "LIMIT", 2)
        folder = RunFolder.create(tmp_path, "x")
        streams = Streams()
        watching = [streams.stream(folder.path, MANIFEST, 0) for _ in range(2)]
        for stream in watching:
            await anext(stream)
        assert streams.full
        assert await collected(streams.stream(folder.path, MANIFEST, 0)) == ""
        await watching[0].aclose()
        assert not streams.full
        await watching[1].aclose()
        folder.close()


class TestPages:
    def test_a_run_under_way_is_shown_as_far_as_it_has_come(self, reader: TestClient, runs: Path) -> None:
        run = a_run(runs, events()[:12], result=None)
        lock = RunLock(run)
        page = reader.get(f"/runs/{run.name}").text
        lock.release()
        assert "Running now" in page
        assert '<li data-place="pace-layering" data-state="done">' in page
        assert '<li data-place="critic" data-state="waiting">' in page
        assert f"/events?from={(run / EVENTS).stat().st_size}" in page
        assert "Running now" not in reader.get(f"/runs/{run.name}").text

    def test_of_a_run_that_was_resumed_the_last_sitting_is_shown(self, tmp_path: Path) -> None:
        said = [*events()[:12], RunStarted(manifest="0"), Note(text="again")]
        view = live_view(a_run(tmp_path, said), MANIFEST)
        assert [line.what for line in view.lines] == ["The debate begins.", "again"]
        assert {place.state for place in view.places} == {"waiting"}
        assert view.calls == 0

    def test_the_stream_has_its_media_type_and_ends(self, reader: TestClient, runs: Path) -> None:
        run = a_run(runs)
        answer = reader.get(f"/runs/{run.name}/events", headers={"last-event-id": "0"})
        assert answer.headers["content-type"].startswith("text/event-stream")
        last = sent(answer.text)[-1][0]
        assert sent(reader.get(f"/runs/{run.name}/events", headers={"last-event-id": str(last)}).text) == []
        assert sent(reader.get(f"/runs/{run.name}/events?from={last}").text) == []

    def test_asking_for_the_head_alone_opens_no_stream(self, reader: TestClient, runs: Path) -> None:
        run = a_run(runs, result=None)
        lock = RunLock(run)  # a stream would go on
        answer = reader.head(f"/runs/{run.name}/events")
        lock.release()
        assert (answer.status_code, answer.text) == (200, "")

    def test_too_many_watchers_are_told(
        self, reader: TestClient, runs: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        run = a_run(runs)
        monkeypatch.setattr(live, "LIMIT", 0)
        answer = reader.get(f"/runs/{run.name}/events")
        assert answer.status_code == 503
        assert "close one" in answer.text


class TestLock:
    def test_a_run_is_being_written_while_somebody_living_holds_it(self, tmp_path: Path) -> None:
        assert not being_written(tmp_path)
        lock = RunLock(tmp_path)
        assert being_written(tmp_path)
        lock.release()
        assert not being_written(tmp_path)

    @pytest.mark.parametrize(
        ("text", "writes"),
        [
            (f"process {os.getpid()} on {socket.gethostname()}\n", True),
            ("process 5 on another-machine\n", True),
            (f"process 9999999999 on {socket.gethostname()}\n", False),
            (f"process 0 on {socket.gethostname()}\n", False),
            ("", False),
            ("anybody", False),
        ],
        ids=["living", "elsewhere", "too large", "none", "empty", "other words"],
    )
    def test_who_holds_it_is_read_from_its_file(self, tmp_path: Path, text: str, writes: bool) -> None:
        (tmp_path / LOCK).write_text(text, encoding="utf-8")
        assert being_written(tmp_path) is writes

    def test_looking_turns_nobody_away(self, tmp_path: Path) -> None:
        stop = threading.Event()

        def look() -> None:
            while not stop.is_set():
                being_written(tmp_path)

        watcher = threading.Thread(target=look)
        watcher.start()
        for _ in range(200):
            RunLock(tmp_path).release()
        stop.set()
        watcher.join(30)
