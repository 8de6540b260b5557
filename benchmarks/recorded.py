"""Many recorded runs to list, without debates: folders of runs that are done, but for their journals."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

from tests.runs import a_manifest

from debate.run_names import MANIFEST


@contextmanager
def recorded(count: int) -> Iterator[Path]:
    """A temporary folder with so many runs."""
    text = a_manifest("ID").text()
    with TemporaryDirectory(prefix="debate-bench-") as folder:
        base = Path(folder)
        for number in range(count):
            name = f"2026{number % 12 + 1:02}{number % 28 + 1:02}-{number % 24:02}0000-care-{number:06x}"
            (base / name).mkdir()
            (base / name / MANIFEST).write_text(text.replace('"ID"', f'"{name}"'), encoding="utf-8")
        yield base
