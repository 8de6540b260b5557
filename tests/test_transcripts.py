"""Run folders: claimed once, never half written, read back or refused with a reason."""

import json
import os
import stat
from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from debate.errors import InputError, TranscriptError
from debate.events import CallFinished, Note, Recorder, Repair, RunFinished, RunStarted, SeatFailed
from debate.manifest import CardRef, Manifest, Result, SeatRef
from debate.run_lock import LOCK, RunLock
from debate.run_names import EVENTS, MANIFEST, Named
from debate.transcript_page import transcript_markdown
from debate.transcripts import Run, RunFolder, list_runs, remove_run

NOON = datetime(2026, 11, 23, 12, 0, 5, tzinfo=UTC)


def a_manifest(id_: str = "run", *, seed: int = 0, result: Result | None = None) -> Manifest:
    def ref(name: str) -> CardRef:
        return CardRef(id=name, path=f"x/{name}.md", origin="built-in", sha256="0" * 64)

    return Manifest(
        schema=1,
        id=id_,
        created=NOON,
        debate="0.1.0",
        python="3.11.7",
        problem=ref("care_waiting-stuck"),
        terms="high",
        seats=(SeatRef(id="pace-layering", lens="pace-layering", name="Pace Layering"),),
        lenses=(ref("pace-layering"),),
        roles=(ref("critic"),),
        protocol=ref("panel"),
        models={"critic": "offline"},
        seed=seed,
        settings={},
        versions={"langgraph": "1.2"},
        result=result,
    )


def a_run(base: Path, *, notes: int = 3) -> RunFolder:
    folder = RunFolder.create(base, "care_waiting-stuck", lambda: NOON)
    folder.write(MANIFEST, a_manifest(folder.id).text())
    recorder = Recorder(folder.append)
    for n in range(notes):
        recorder.emit(Note(text=f"note {n}"))
    folder.close()
    return folder


class TestWriting:
    def test_the_id_says_when_and_what_and_is_claimed_once(self, tmp_path: Path) -> None:
        folders = [RunFolder.create(tmp_path, "care_waiting-stuck", lambda: NOON) for _ in range(20)]
        assert len({folder.id for folder in folders}) == 20
        assert all(folder.id.startswith("20261123-120005-care_waiting-stuck-") for folder in folders)

    @pytest.mark.parametrize("problem", ["../../etc/passwd", "", "A B\x00C", "ü" * 300, "."])
    def test_a_problem_id_cannot_lead_out_of_the_folder(self, tmp_path: Path, problem: str) -> None:
        assert RunFolder.create(tmp_path, problem).path.parent == tmp_path

    def test_folder_and_files_are_for_their_owner(self, tmp_path: Path) -> None:
        path = a_run(tmp_path / "new" / "base").path
        modes = {p.name: stat.S_IMODE(p.stat().st_mode) for p in (path.parent, path, *path.iterdir())}
        assert modes == {"base": 0o700, path.name: 0o700, MANIFEST: 0o600, EVENTS: 0o600}

    def test_a_file_is_replaced_whole_and_leaves_no_rest(self, tmp_path: Path) -> None:
        folder = a_run(tmp_path)
        folder.write(MANIFEST, "new")
        assert (folder.path / MANIFEST).read_text() == "new"
        assert {path.name for path in folder.path.iterdir()} == {EVENTS, MANIFEST}

    def test_a_place_that_cannot_be_written_is_an_error_naming_the_flag(self, tmp_path: Path) -> None:
        (tmp_path / "file").write_text("")
        with pytest.raises(InputError, match="--transcripts"):
            RunFolder.create(tmp_path / "file", "x")

    def test_one_at_a_time_writes_a_folder(self, tmp_path: Path) -> None:
        folder = RunFolder.create(tmp_path, "x")
        with pytest.raises(InputError, match=rf"process {os.getpid()} on "):
            RunFolder(folder.path)
        folder.close()
        RunFolder(folder.path).close()

    def test_who_is_refused_changes_nothing(self, tmp_path: Path) -> None:
        folder = RunFolder.create(tmp_path, "x")
        (folder.path / EVENTS).write_bytes(b'{"torn')
        with pytest.raises(InputError):
            RunFolder(folder.path)
        assert (folder.path / EVENTS).read_bytes() == b'{"torn'
        folder.close()

    def test_a_lock_somebody_died_with_is_free(self, tmp_path: Path) -> None:
        (tmp_path / LOCK).write_text("process 1 on elsewhere\n")
        lock = RunLock(tmp_path)
        assert f"process {os.getpid()}" in (tmp_path / LOCK).read_text()
        lock.release()
        lock.release()
        assert not (tmp_path / LOCK).exists()

    def test_a_discarded_folder_is_gone(self, tmp_path: Path) -> None:
        folder = RunFolder.create(tmp_path / "runs", "x")
        folder.write(MANIFEST, "{}")
        folder.discard()
        folder.close()
        assert list((tmp_path / "runs").iterdir()) == []


class TestReading:
    def test_of_a_run_that_was_resumed_the_last_sitting_counts(self, tmp_path: Path) -> None:
        folder = a_run(tmp_path)
        folder = RunFolder(folder.path)
        recorder = Recorder(folder.append, after=3)
        recorder.emit(RunStarted(manifest="0"))
        recorder.emit(Note(text="again"))
        folder.close()
        run = Run.load(folder.path)
        assert [note.text for note in run.of(Note)] == ["again"]
        assert [event.seq for event in run.events] == [1, 2, 3, 4, 5]
        assert len(run.sitting) == 2

    def test_what_was_written_is_read_back(self, tmp_path: Path) -> None:
        run = Run.load(a_run(tmp_path).path)
        assert [note.text for note in run.of(Note)] == ["note 0", "note 1", "note 2"]
        assert run.manifest.problem.id == "care_waiting-stuck"
        assert run.notes == ()

    @settings(deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=60)
    @given(cut=st.integers(min_value=0, max_value=10_000))
    def test_a_journal_cut_anywhere_gives_its_whole_lines(self, tmp_path: Path, cut: int) -> None:
        path = a_run(tmp_path).path
        data = (path / EVENTS).read_bytes()[: cut % 400]
        (path / EVENTS).write_bytes(data)
        run = Run.load(path)
        whole = data.count(b"\n")
        assert len(run.events) in (whole, whole + 1)
        assert len(run.events) + len(run.notes) == len(data.split(b"\n")) - (data.endswith(b"\n") or not data)

    def test_appending_after_a_torn_line_loses_no_whole_one(self, tmp_path: Path) -> None:
        path = a_run(tmp_path).path
        with (path / EVENTS).open("ab") as file:
            file.write(b'{"type": "note", "te')
        folder = RunFolder(path)
        folder.append(RunFinished(status="done"))
        folder.close()
        run = Run.load(path)
        assert [event.type for event in run.of(RunFinished)] == ["run_finished"]
        assert (len(run.events), run.notes) == (4, ())

    def test_appending_after_a_lost_line_end_keeps_the_line(self, tmp_path: Path) -> None:
        path = a_run(tmp_path).path
        (path / EVENTS).write_bytes((path / EVENTS).read_bytes().rstrip(b"\n"))
        folder = RunFolder(path)
        folder.append(RunFinished(status="done"))
        folder.close()
        assert len(Run.load(path).events) == 4

    def test_a_bad_line_in_the_middle_is_refused_with_its_number(self, tmp_path: Path) -> None:
        path = a_run(tmp_path).path
        lines = (path / EVENTS).read_bytes().splitlines(keepends=True)
        (path / EVENTS).write_bytes(lines[0] + b"{}\n" + lines[2])
        with pytest.raises(TranscriptError, match=r"events\.jsonl:2: "):
            Run.load(path)

    def test_a_refusal_does_not_quote_what_the_line_held(self, tmp_path: Path) -> None:
        path = a_run(tmp_path).path
        (path / EVENTS).write_bytes(b'{"type": "note", "text": 5, "SECRET": "SECRET"}\n{"x": 1}\n')
        with pytest.raises(TranscriptError) as caught:
            Run.load(path)
        assert "'SECRET'" not in str(caught.value)

    @pytest.mark.parametrize("text", ["", "{}", "nonsense", '{"schema": 2}', "[" * 5000])
    def test_a_broken_manifest_is_an_error_naming_the_file(self, tmp_path: Path, text: str) -> None:
        path = a_run(tmp_path).path
        (path / MANIFEST).write_text(text)
        with pytest.raises(TranscriptError, match=MANIFEST):
            Run.load(path)


class TestThePage:
    def test_who_finished_first_makes_no_difference(self) -> None:
        seats = tuple(SeatRef(id=id_, lens=id_, name=id_.title()) for id_ in ("b", "a", "c"))
        manifest = a_manifest().model_copy(update={"seats": seats})

        def call(seat: str | None, role: str, part: str = "") -> CallFinished:
            name = f"{role}/{seat}{part}" if seat else role
            return CallFinished(call=name, role=role, seat=seat, messages=(), reply="", model="m")

        said = [
            call("a", "lens-agent"),
            call("a", "lens-agent", "/repair"),
            call("b", "lens-agent"),
            Repair(call="lens-agent/a", role="lens-agent", faults=("x",)),
            Repair(call="lens-agent/b", role="lens-agent", faults=("y",)),
            SeatFailed(seat="c", error="gone"),
            SeatFailed(seat="b", error="gone"),
        ]
        end = [call(None, "critic"), call(None, "writer")]
        pages = {
            transcript_markdown(Run(Path("x"), manifest, (*order, *end)))
            for order in (said, [said[2], said[6], said[5], said[4], said[0], said[1], said[3]])
        }
        assert len(pages) == 1
        (page,) = pages
        places = [
            page.index(f"| `{name}` |")
            for name in ("lens-agent/b", "lens-agent/a", "lens-agent/a/repair", "critic", "writer")
        ]
        assert places == sorted(places)


class TestManifest:
    def test_it_comes_back_from_its_text(self) -> None:
        manifest = a_manifest(result=Result(status="done", headline=7.5))
        assert Manifest.model_validate_json(manifest.text()) == manifest
        assert json.loads(manifest.text())["schema"] == 1

    def test_the_digest_is_of_what_was_asked(self) -> None:
        assert a_manifest("one").digest == a_manifest("two", result=Result(status="failed")).digest
        assert a_manifest(seed=1).digest != a_manifest(seed=2).digest

    def test_limits_are_no_part_of_the_question(self) -> None:
        limited = a_manifest().model_copy(update={"calls": {"max_calls": 3}})
        assert limited.digest == a_manifest().digest


class TestListing:
    def test_no_folder_is_no_runs(self, tmp_path: Path) -> None:
        assert list_runs(tmp_path / "missing") == []

    def test_newest_come_first_and_unreadable_ones_have_no_manifest(self, tmp_path: Path) -> None:
        for name in ("20261101-000000-a-0000", "20261103-000000-c-0000", "20261102-000000-b-0000"):
            (tmp_path / name).mkdir()
            (tmp_path / name / MANIFEST).write_text(a_manifest(name).text())
        (tmp_path / "20261102-000000-b-0000" / MANIFEST).write_text("{}")
        runs = list_runs(tmp_path)
        assert [run.path.name[:8] for run in runs] == ["20261103", "20261102", "20261101"]
        assert [run.manifest is None for run in runs] == [False, True, False]
        assert [run.path.name[:8] for run in list_runs(tmp_path, since="20261102")] == [
            "20261103",
            "20261102",
        ]

    @pytest.mark.parametrize("files", [(), (EVENTS,), (EVENTS, ".lock", f".{MANIFEST}.part")], ids=len)
    def test_a_run_that_was_killed_before_it_began_is_told_from_a_broken_one(
        self, tmp_path: Path, files: tuple[str, ...]
    ) -> None:
        folder = tmp_path / "20261101-000000-a-0000"
        folder.mkdir()
        for name in files:
            (folder / name).write_text("")
        with pytest.raises(TranscriptError, match="nothing was asked"):
            Run.load(folder)


class TestRemoving:
    def test_a_removed_run_leaves_nothing(self, tmp_path: Path) -> None:
        folder = a_run(tmp_path)
        remove_run(Named(folder.id, folder.path))
        assert list(tmp_path.iterdir()) == []

    def test_a_run_that_is_being_written_stays(self, tmp_path: Path) -> None:
        folder = RunFolder.create(tmp_path, "care")
        with pytest.raises(InputError, match=f"process {os.getpid()}"):
            remove_run(Named(folder.id, folder.path))
        folder.close()
        assert folder.path.is_dir()

    def test_an_example_and_what_is_elsewhere_stay(self, tmp_path: Path) -> None:
        folder = a_run(tmp_path / "elsewhere")
        link = tmp_path / folder.id
        link.symlink_to(folder.path)
        with pytest.raises(InputError, match="is a link"):
            remove_run(Named(folder.id, link))
        with pytest.raises(InputError, match="stays"):
            remove_run(Named(folder.id, folder.path, example=True))
        assert Run.load(folder.path).events

    def test_what_a_link_in_it_leads_to_stays(self, tmp_path: Path) -> None:
        folder = a_run(tmp_path)
        (tmp_path / "mine").mkdir()
        (tmp_path / "mine" / "notes.txt").write_text("keep")
        (folder.path / "notes").symlink_to(tmp_path / "mine")
        remove_run(Named(folder.id, folder.path))
        assert (tmp_path / "mine" / "notes.txt").read_text() == "keep"

    def test_a_removal_that_was_cut_short_is_no_run(
        self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        folder = a_run(tmp_path)
        monkeypatch.setattr("shutil.rmtree", _no_disk)
        with pytest.raises(TranscriptError, match="cannot remove"):
            remove_run(Named(folder.id, folder.path))
        assert list_runs(tmp_path) == []


def _no_disk(path: Path) -> None:
    raise OSError(5, "Input/output error", path)
