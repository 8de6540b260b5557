"""The folders a person may swap are plain folders: no packages, no types, nothing private."""

import ast
import re
import subprocess
from pathlib import Path

import pytest

BENCH = ("agents", "graph", "lenses", "problems", "transcripts")
WIRING_IMPORTS = {"__future__", "debate", "langgraph", "typing"}

# What belongs to one machine or one network. The patterns are written so that they do not find themselves.
PRIVATE = {
    "a path of somebody's machine": re.compile(r"(?<![\w.}])/(work|root|home|Users|tmp)/[\w.-]"),
    "an address of a package registry": re.compile(r"\b(py[p]i\.|pythonhoste[d]\.|registry\.np[m]js)\w"),
    "a credential": re.compile(
        r"\bsk-[A-Za-z0-9]{20,}|\bgh[pousr]_[A-Za-z0-9]{20,}|-----BEGIN [A-Z ]*PRIVATE KEY"
    ),
}

REPO = Path(__file__).resolve().parents[2]
PROTOCOLS = sorted((REPO / "graph").glob("*.py"))


@pytest.mark.parametrize("folder", [*BENCH, "src/debate", "tests", "docs"])
def test_every_folder_of_the_house_is_there(folder: str, repo: Path) -> None:
    assert (repo / folder).is_dir()


@pytest.mark.parametrize("folder", BENCH)
def test_no_bench_folder_is_a_package(folder: str, repo: Path) -> None:
    assert not list((repo / folder).rglob("__init__.py"))


def test_no_protocol_shadows_the_package() -> None:
    assert PROTOCOLS, "graph/ holds no protocol"
    assert "debate" not in [path.stem for path in PROTOCOLS]


@pytest.mark.parametrize("path", PROTOCOLS, ids=lambda path: path.stem)
def test_a_protocol_is_wiring_only(path: Path) -> None:
    tree = ast.parse(path.read_text(encoding="utf-8"))
    nodes = list(ast.walk(tree))
    # A type defined in a file loaded by path comes back from a checkpoint as a plain dict.
    assert not [node.name for node in nodes if isinstance(node, ast.ClassDef)]
    assert not [node for node in nodes if isinstance(node, ast.ImportFrom) and node.level], "relative import"
    imported = {a.name for node in nodes if isinstance(node, ast.Import) for a in node.names}
    imported |= {str(node.module) for node in nodes if isinstance(node, ast.ImportFrom)}
    assert {name.split(".")[0] for name in imported} <= WIRING_IMPORTS
    targets = [target for node in tree.body if isinstance(node, ast.Assign) for target in node.targets]
    assert "graph" in [ast.unparse(target) for target in targets]


@pytest.mark.parametrize(
    ("path", "ignored"),
    [
        ("transcripts/2026-01-01-a-run/run.json", True),
        ("transcripts/notes.md", True),
        ("transcripts/examples/a-run/run.json", False),
        (".venv-ci/pyvenv.cfg", True),
        ("uv.lock", True),
        ("lenses/a-new-lens.md", False),
    ],
)
def test_git_ignores_what_is_private_and_nothing_else(path: str, ignored: bool, repo: Path) -> None:
    check = subprocess.run(["git", "check-ignore", "--quiet", "--no-index", path], cwd=repo, check=False)
    assert check.returncode == (0 if ignored else 1)


@pytest.mark.parametrize("what", PRIVATE)
def test_no_file_holds_what_is_private(what: str, repo: Path, repo_files: list[Path]) -> None:
    found = [
        f"{path}:{number}: {line.strip()[:120]}"
        for path in repo_files
        for number, line in enumerate((repo / path).read_text("utf-8", errors="replace").splitlines(), 1)
        if PRIVATE[what].search(line)
    ]
    assert not found, f"{what}:\n" + "\n".join(found)


def test_constraints_are_plain_pins(repo: Path) -> None:
    lines = (repo / "constraints.txt").read_text(encoding="utf-8").splitlines()
    assert [line for line in lines if not re.fullmatch(r"[a-z0-9][a-z0-9.-]*==[a-z0-9.]+", line)] == []
    names = [line.partition("==")[0] for line in lines]
    assert names == sorted(set(names))
