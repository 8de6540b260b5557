"""`debate transcripts export` and `rm`: one file that says it all, and nothing removed unasked."""

import io
import json
import shutil
import stat
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from debate.run_index import FOLDER
from debate.run_names import EVENTS, MANIFEST
from debate.transcripts import TRANSCRIPT, RunFolder
from tests.cli.conftest import Debate, Done
from tests.conftest import REPO
from tests.runs import a_run
from tests.web.hostile import hostile_run

Call = Callable[..., Done]
EXAMPLE = next(path for path in (REPO / "transcripts" / "examples").iterdir() if path.is_dir())


@pytest.fixture
def export(debate: Debate) -> Call:
    return lambda *flags: debate("transcripts", "export", *flags, "--transcripts", "runs")


@pytest.fixture
def rm(debate: Debate, monkeypatch: pytest.MonkeyPatch) -> Call:
    """`rm("last", answer="y\\n")` answers the question, if there is one."""

    def call(*flags: str, answer: str = "") -> Done:
        stdin = io.TextIOWrapper(io.BytesIO(answer.encode()), encoding="utf-8")
        monkeypatch.setattr(sys, "stdin", stdin)
        return debate("transcripts", "rm", *flags, "--transcripts", "runs")

    return call


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    """A whole recorded debate among the own runs."""
    return Path(shutil.copytree(EXAMPLE, tmp_path / "runs" / EXAMPLE.name))


class TestExport:
    def test_markdown_is_the_page_of_the_run(self, export: Call, copy: Path) -> None:
        page = (copy / TRANSCRIPT).read_text(encoding="utf-8")
        assert export().out == page
        done = export("-o", "run.md")
        assert (done.code, done.out) == (0, "")
        assert "run.md" in done.err
        assert Path("run.md").read_text(encoding="utf-8") == page

    def test_json_holds_manifest_and_every_event(self, export: Call, copy: Path) -> None:
        done = export("-o", "run.json")
        assert done.code == 0
        document = json.loads(Path("run.json").read_text(encoding="utf-8"))
        manifest = json.loads((copy / MANIFEST).read_bytes())
        assert {name: document["manifest"][name] for name in manifest} == manifest
        journal = (copy / EVENTS).read_text(encoding="utf-8").splitlines()
        assert document["events"] == [json.loads(line) for line in journal]
        assert json.loads(export("--format", "json").out) == document

    def test_html_is_one_page_with_everything_in_it(self, export: Call, copy: Path) -> None:
        done = export("-o", "run.html")
        assert done.code == 0
        page = Path("run.html").read_text(encoding="utf-8")
        assert page.lower().startswith("<!doctype html>")
        for outside in ("<link", "<script src", "<img", "@import"):
            assert outside not in page

    def test_the_form_that_was_asked_for_wins_over_the_ending(self, export: Call, copy: Path) -> None:
        assert export("--format", "json", "-o", "run.txt").code == 0
        assert json.loads(Path("run.txt").read_text(encoding="utf-8"))["path"] == str(copy)

    def test_an_inspect_log_is_for_inspect(self, export: Call, copy: Path) -> None:
        log = pytest.importorskip("inspect_ai.log", reason="inspect-ai is not installed")
        done = export("-o", "run.eval")
        assert done.code == 0, done.err
        assert log.read_eval_log("run.eval").status == "success"
        assert stat.S_IMODE(Path("run.eval").stat().st_mode) == 0o600
        refused = export("--format", "inspect", "-o", "run.log")
        assert refused.code == 2
        assert ".eval" in refused.err

    def test_an_inspect_log_is_not_printed(self, export: Call, copy: Path) -> None:
        done = export("--format", "inspect")
        assert (done.code, done.out) == (2, "")
        assert "-o run.eval" in done.err

    def test_without_its_extra_an_inspect_log_says_how_to_get_it(self, copy: Path) -> None:
        script = (
            "import sys\n"
            "sys.modules['inspect_ai'] = None\n"
            "sys.argv = 'debate transcripts export -o run.eval --transcripts runs'.split()\n"
            "from debate.cli import main\n"
            "main()\n"
        )
        done = subprocess.run(
            [sys.executable, "-c", script], capture_output=True, text=True, check=False, timeout=120
        )
        assert done.returncode == 2
        assert "pip install 'lens-debate[inspect]'" in " ".join(done.stderr.split())
        assert "Traceback" not in done.stderr
        assert not Path("run.eval").exists()

    def test_no_file_is_written_over_unless_forced(self, export: Call, copy: Path) -> None:
        Path("run.md").write_text("mine", encoding="utf-8")
        done = export("-o", "run.md")
        assert done.code == 2
        assert "--force" in done.err
        assert Path("run.md").read_text(encoding="utf-8") == "mine"
        assert export("-o", "run.md", "--force").code == 0
        assert Path("run.md").read_text(encoding="utf-8") != "mine"

    @pytest.mark.parametrize("place", ["nowhere/run.md", "runs"])
    def test_a_place_that_cannot_be_written_is_named(self, export: Call, copy: Path, place: str) -> None:
        done = export("-o", place, "--force")
        assert done.code == 1
        assert place in done.err

    def test_an_ending_that_tells_no_form_is_refused(self, export: Call, copy: Path) -> None:
        done = export("-o", "run.pdf")
        assert done.code == 2
        assert "--format" in done.err
        assert not Path("run.pdf").exists()

    def test_an_unknown_form_is_answered_with_those_there_are(self, export: Call, copy: Path) -> None:
        done = export("--format", "pdf")
        assert done.code == 2
        assert "inspect" in done.err

    @pytest.mark.parametrize("form", ["md", "json"])
    def test_what_models_wrote_cannot_steer_the_terminal(
        self, export: Call, tmp_path: Path, form: str
    ) -> None:
        hostile_run(tmp_path / "runs")
        done = export("--format", form)
        assert done.code == 0
        assert not set(done.out + done.err) & {"\x1b", "\x07", "\x9b", "\u202e", "\u200b", "\ufeff"}


class TestRemoving:
    def test_nothing_goes_before_the_answer_is_yes(self, rm: Call, tmp_path: Path) -> None:
        path = a_run(tmp_path / "runs")
        for answer in ("n\n", "\n", "what\nno\n"):
            done = rm(path.name, answer=answer)
            assert done.code == 1, answer
            assert f"{path.name}: done" in done.err
            assert "--yes" in done.err
            assert path.exists()
        done = rm(path.name, answer="y\n")
        assert (done.code, done.out) == (0, "")
        assert f"Removed: {path.name}" in done.err
        assert {each.name for each in (tmp_path / "runs").iterdir()} <= {FOLDER}

    def test_where_nobody_answers_nothing_goes(self, rm: Call, tmp_path: Path) -> None:
        path = a_run(tmp_path / "runs")
        assert rm(path.name).code == 1
        assert path.exists()

    def test_yes_asks_nothing_and_a_name_given_twice_counts_once(self, rm: Call, tmp_path: Path) -> None:
        path = a_run(tmp_path / "runs")
        done = rm(path.name, "last", "--yes")
        assert done.code == 0
        assert done.err == f"Removed: {path.name}\n"
        assert not path.exists()

    def test_last_means_the_same_run_all_the_way(self, rm: Call, tmp_path: Path) -> None:
        paths = [tmp_path / "runs" / f"202611{day}-120005-care-0000" for day in (20, 21, 22)]
        for path in paths:
            a_run(tmp_path / "runs").rename(path)
        assert rm("last", "last~1", "--yes").code == 0
        assert [path.exists() for path in paths] == [True, False, False]

    def test_one_name_that_is_wrong_keeps_them_all(self, rm: Call, tmp_path: Path) -> None:
        path = a_run(tmp_path / "runs")
        assert rm(path.name, "nope", "--yes").code == 2
        assert path.exists()

    def test_a_cell_of_a_study_is_called_one(self, rm: Call, tmp_path: Path) -> None:
        study = {"study": "20261119-090000-worth", "arm": "full", "replicate": 0}
        path = a_run(tmp_path / "runs", [], study=study)
        assert "a cell of the study 20261119-090000-worth" in rm(path.name, answer="n\n").err

    def test_a_run_that_is_being_written_stays(self, rm: Call, tmp_path: Path) -> None:
        folder = RunFolder.create(tmp_path / "runs", "care")
        try:
            done = rm(folder.id, "--yes")
            assert done.code == 2
            assert "is being written by process" in done.err
            assert folder.path.exists()
        finally:
            folder.close()
        assert rm(folder.id, "--yes").code == 0

    def test_an_example_stays(self, rm: Call) -> None:
        done = rm(EXAMPLE.name, "--yes")
        assert done.code == 2
        assert "example" in done.err
        assert EXAMPLE.exists()

    def test_of_an_example_that_was_copied_the_copy_goes(self, rm: Call, copy: Path) -> None:
        assert rm(EXAMPLE.name, "--yes").code == 0
        assert not copy.exists()
        assert EXAMPLE.exists()

    def test_a_link_is_not_followed(self, rm: Call, tmp_path: Path) -> None:
        path = a_run(tmp_path / "elsewhere")
        (tmp_path / "runs").mkdir()
        (tmp_path / "runs" / path.name).symlink_to(path)
        done = rm(path.name, "--yes")
        assert done.code == 2
        assert "is a link" in done.err
        assert (path / MANIFEST).exists()

    @pytest.mark.parametrize("name", ["..", ".", "../elsewhere", "/", "", "*", ".index", "runs/../elsewhere"])
    def test_no_name_leads_out_of_the_folder(self, rm: Call, tmp_path: Path, name: str) -> None:
        own, other = a_run(tmp_path / "runs"), a_run(tmp_path / "elsewhere")
        for each in (name, f"{tmp_path}/{name}", f"{name}/{other.name}"):
            assert rm(each, "--yes").code == 2
        assert own.exists()
        assert other.exists()

    def test_without_a_name_nothing_is_meant(self, rm: Call, tmp_path: Path) -> None:
        path = a_run(tmp_path / "runs")
        assert rm("--yes").code == 2
        assert path.exists()
