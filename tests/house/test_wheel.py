"""The wheel holds the package and the bench folders, and nothing that a person keeps to themselves.

It is built once, through an sdist, from a copy of the repository that has private files put in on purpose.
"""

import shutil
import subprocess
import sys
import tarfile
import zipfile
from dataclasses import dataclass
from pathlib import Path

import pytest

PRIVATE = (
    "transcripts/private-run/run.json",
    "transcripts/notes.md",
    "problems/.env",
    "lenses/__pycache__/a.pyc",
)
EXAMPLE = "transcripts/examples/planted/answer.md"


@dataclass(frozen=True)
class Built:
    """The file names in the sdist (below its own folder) and in the wheel."""

    sdist: set[str]
    wheel: set[str]


@pytest.fixture(scope="module")
def built(repo: Path, repo_files: list[Path], tmp_path_factory: pytest.TempPathFactory) -> Built:
    tree, dist = tmp_path_factory.mktemp("tree"), tmp_path_factory.mktemp("dist")
    for path in repo_files:
        (tree / path.parent).mkdir(parents=True, exist_ok=True)
        shutil.copy(repo / path, tree / path)
    for planted in (*PRIVATE, EXAMPLE):
        (tree / planted).parent.mkdir(parents=True, exist_ok=True)
        (tree / planted).write_text("planted", encoding="utf-8")
    build = [sys.executable, "-m", "build", "--no-isolation", "--outdir", str(dist), str(tree)]
    done = subprocess.run(build, capture_output=True, text=True, check=False, timeout=300)
    assert done.returncode == 0, done.stdout + done.stderr
    (sdist,), (wheel,) = dist.glob("*.tar.gz"), dist.glob("*.whl")
    with tarfile.open(sdist) as tar, zipfile.ZipFile(wheel) as archive:
        return Built({name.split("/", 1)[-1] for name in tar.getnames()}, set(archive.namelist()))


def test_the_wheel_installs_one_package_and_nothing_beside_it(built: Built) -> None:
    assert {name.split("/")[0].split(".dist-info")[0].split("-")[0] for name in built.wheel} == {
        "debate",
        "lens_debate",
    }


def test_every_module_of_the_package_is_in_the_wheel(built: Built, repo_files: list[Path]) -> None:
    package = {path.relative_to("src").as_posix() for path in repo_files if path.is_relative_to("src/debate")}
    assert package
    assert package <= built.wheel


@pytest.mark.parametrize("folder", ["agents", "graph", "lenses", "problems", "transcripts/examples"])
def test_every_file_of_a_bench_folder_is_in_the_wheel(
    folder: str, built: Built, repo_files: list[Path]
) -> None:
    shipped = {name for name in built.wheel if name.startswith(f"debate/_library/{folder}/")}
    bench = {f"debate/_library/{path.as_posix()}" for path in repo_files if path.is_relative_to(folder)}
    assert shipped
    assert shipped - {f"debate/_library/{EXAMPLE}"} == bench


def test_an_example_transcript_is_shipped(built: Built) -> None:
    assert f"debate/_library/{EXAMPLE}" in built.wheel


@pytest.mark.parametrize("private", PRIVATE)
def test_private_files_are_not_shipped(private: str, built: Built) -> None:
    assert f"debate/_library/{private}" not in built.wheel
    assert private not in built.sdist


def test_tests_stay_out_of_the_wheel(built: Built) -> None:
    assert not [name for name in built.wheel if "test" in Path(name).name]


def test_the_licence_travels_with_the_code(built: Built) -> None:
    assert [name for name in built.wheel if name.endswith(".dist-info/licenses/LICENSE")]
    assert "LICENSE" in built.sdist


def test_the_types_travel_with_the_code(built: Built) -> None:
    assert "debate/py.typed" in built.wheel
