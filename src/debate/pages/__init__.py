"""Pages, provisional."""

from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from debate.sanitize import plain
from debate.transcripts import Run

_HERE = Path(__file__).parent
_ENV = Environment(
    loader=FileSystemLoader(_HERE / "templates"),
    autoescape=True,
    undefined=StrictUndefined,
    finalize=lambda value: plain(value) if type(value) is str else value,
    trim_blocks=True,
    lstrip_blocks=True,
)


def render(name: str, **context: Any) -> str:
    return _ENV.get_template(name).render(**context)


def run_view(run: Run) -> Any:
    return {"id": run.manifest.id}


def static_files() -> dict[str, Path]:
    return {p.name: p for p in (_HERE / "static").iterdir()}
