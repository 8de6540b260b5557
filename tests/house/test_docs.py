"""The README's commands, card and excerpts are what they say, and no page leads nowhere.

Its set-up commands are run word for word by `.ci/run`, each in a virtual environment of its own.
`docs/cards.md` has tests of its own beside these.
"""

import ast
import re
from pathlib import Path

import pytest
from markdown_it import MarkdownIt
from tests.pages import SHELL, bench, blocks, commands, marked, shell, strays

SET_UP = [
    "pip install . && debate run code_performance-stuck",
    "pip install -e '.[test]' && pytest",
]
# Beginnings of commands that are not run here → who runs them, or why nobody can.
NOT_RUN_HERE = {
    "pip install": "set-up: .ci/run runs it in a fresh virtual environment",
    "uv ": "set-up: .ci/run runs it in a fresh clone",
    "uvx ": "set-up: .ci/run runs it in a fresh clone",
    "git clone": "the reader has the clone already, and tests have no network",
    "cd ": "the commands run in the clone",
    "debate view": "it serves until it is stopped: tests/web does both",
}
MAIN_JOB = "debate run code_performance-stuck"
STUDY = "debate ablate code_performance-stuck"
SCORE = "## Score against the answer everybody gives"

REPO = Path(__file__).resolve().parents[2]
README = REPO / "README.md"
ARCHITECTURE = REPO / "docs" / "architecture.md"
PACKAGE = REPO / "src" / "debate"


class TestReadme:
    def test_every_block_that_shows_a_command_is_marked_as_shell(self) -> None:
        unmarked = [
            block.text
            for block in blocks(README)
            if block.language not in SHELL and block.text.startswith(("debate ", "$ ", *NOT_RUN_HERE))
        ]
        assert not unmarked

    def test_two_commands_set_up_everything(self) -> None:
        assert [command for command in commands(README) if command.startswith("pip install")] == SET_UP

    def test_the_same_two_are_there_with_uv(self) -> None:
        with_uv = [command for command in commands(README) if command.startswith(("uv ", "uvx "))]
        assert len(with_uv) == 2
        assert MAIN_JOB in with_uv[0]
        assert with_uv[1].endswith("pytest")

    def test_every_command_is_run_or_named_with_a_reason(self) -> None:
        assert [c for c in commands(README) if not c.startswith(("debate ", *NOT_RUN_HERE))] == []

    def test_every_debate_command_runs_in_the_readers_clone(
        self, repo: Path, repo_files: list[Path], tmp_path: Path
    ) -> None:
        shown = [
            c for c in commands(README) if c.startswith("debate ") and not c.startswith(tuple(NOT_RUN_HERE))
        ]
        assert shown, "the README shows no command"
        bench(repo, repo_files, tmp_path)
        (tmp_path / "my-problem.md").write_text(marked(README, "card").text, encoding="utf-8")
        # In the reader's order, the main job first: some show what an earlier one left behind.
        for command in [MAIN_JOB, *shown]:
            done = shell(command, tmp_path)
            assert done.returncode == 0, f"{command}\n{done.stderr}"

    def test_what_it_quotes_is_what_the_main_job_gives(self, tmp_path: Path) -> None:
        done = shell(f"{MAIN_JOB} --transcripts runs", tmp_path)
        assert done.returncode == 0, done.stderr
        (answer,) = tmp_path.glob("runs/*/answer.md")
        score = done.stdout.partition(SCORE)[2]
        assert score, f"no {SCORE!r} in what the main job prints"
        assert strays(marked(README, "excerpt", "answer").text, answer.read_text(encoding="utf-8")) == []
        assert strays(marked(README, "excerpt", "score").text, score) == []

    def test_its_study_is_what_the_study_gives(self, tmp_path: Path) -> None:
        done = shell(f"{STUDY} --transcripts runs -q", tmp_path)
        assert done.returncode == 0, done.stderr
        assert STUDY in commands(README)
        assert strays(marked(README, "excerpt", "study").text, done.stdout) == []


class TestArchitecture:
    def test_every_room_is_named_and_no_other(self) -> None:
        named = set(re.findall(r"`debate\.([a-z_.]+)`", ARCHITECTURE.read_text(encoding="utf-8")))
        modules = {path.relative_to(PACKAGE) for path in PACKAGE.rglob("*.py")}
        rooms = {path.parts[0].removesuffix(".py") for path in modules if not path.name.startswith("__")}
        packages = {".".join(path.parent.parts) for path in modules if path.parent.parts}
        every = {".".join(path.with_suffix("").parts) for path in modules} | packages
        assert sorted((rooms | packages) - named) == []
        assert sorted(named - every) == []

    def test_the_dependency_line_is_the_way_imports_go(self) -> None:
        line = marked(ARCHITECTURE, "dependencies").text
        steps = [re.findall(r"[a-z_]+", step) for step in line.split("→")]
        assert len(steps) > 1
        above = {room: {each for step in steps[: n + 1] for each in step} - {room}
                 for n, rooms in enumerate(steps) for room in rooms}  # fmt: skip
        upward = [
            f"{path.relative_to(PACKAGE)} imports debate.{imported}"
            for path in PACKAGE.rglob("*.py")
            for imported in _rooms_imported(path)
            if imported in above.get(path.relative_to(PACKAGE).parts[0].removesuffix(".py"), ())
        ]
        assert upward == []


def _rooms_imported(path: Path) -> set[str]:
    """Rooms of the package that a module reaches for, late imports too."""
    found = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.ImportFrom) and (node.module or "").split(".")[0] == "debate":
            inside = (node.module or "").split(".")[1:]
            found |= {inside[0]} if inside else {alias.name for alias in node.names}
    return found


@pytest.mark.parametrize("document", ["README.md", "CHANGELOG.md", "docs"])
def test_every_link_to_a_file_of_the_repository_leads_somewhere(document: str, repo: Path) -> None:
    where = repo / document
    pages = sorted(where.rglob("*.md")) if where.is_dir() else [where]
    broken = []
    for page in pages:
        for block in MarkdownIt().parse(page.read_text(encoding="utf-8")):
            for token in block.children or []:
                link = str(token.attrs.get("href", token.attrs.get("src", "")))
                path = link.partition("#")[0]
                if path and "://" not in path and not (page.parent / path).exists():
                    broken.append(f"{page.relative_to(repo)}: {link}")
    assert pages
    assert not broken
