"""What the tests of the house's rules share."""

import subprocess
from pathlib import Path

import pytest


@pytest.fixture(scope="session")
def repo_files(repo: Path) -> list[Path]:
    """What git tracks and what it would with the next `git add`, relative to the root."""
    listing = subprocess.run(
        ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
        cwd=repo,
        capture_output=True,
        text=True,
        check=True,
    )
    return [Path(name) for name in listing.stdout.split("\0") if name and (repo / name).is_file()]
