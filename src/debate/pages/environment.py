"""The template environment: one for all pages, escaping always, and no name that nobody gave.

Jinja2 is loaded when the first page is made.
"""

import json
import re
from collections.abc import Callable
from functools import cache, partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from debate.sanitize import plain

if TYPE_CHECKING:
    from jinja2 import Environment

_HERE = Path(__file__).parent
_PARAGRAPHS = re.compile(r"\n[^\S\n]*\n\s*")
_SPACES = re.compile(r"\s+")
_CODE = re.compile(r"`([^`\n]+)`")


def render(name: str, **context: Any) -> str:
    """The page of the template `name`."""
    return _environment().get_template(name).render(**context)


@cache
def static_files() -> dict[str, Path]:
    """Style, scripts and icon by name, as the server has them under /static/."""
    return {
        path.name: path for path in (_HERE / "static").iterdir() if path.suffix in {".css", ".js", ".svg"}
    }


def paragraphs(text: str) -> list[str]:
    """The paragraphs of a text, each on one line."""
    return [" ".join(part.split()) for part in _PARAGRAPHS.split(plain(text)) if part.strip()]


def slug(text: str) -> str:
    """A text as part of an anchor: letters and digits of it, joined by hyphens."""
    return re.sub(r"[^a-z0-9]+", "-", text.casefold()).strip("-")


@cache
def _environment() -> "Environment":
    from jinja2 import Environment, FileSystemLoader, StrictUndefined  # noqa: PLC0415 - see above

    environment = Environment(
        loader=FileSystemLoader(_HERE / "templates"),
        autoescape=True,
        undefined=StrictUndefined,
        finalize=_shown,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters |= {
        "count": _count,
        "money": _money,
        "paragraphs": paragraphs,
        "prose": _prose(strip=True),
        "prose_inline": _prose(strip=False),
        "slug": slug,
        "tojson_text": partial(json.dumps, ensure_ascii=False, default=str),
    }
    return environment


def _shown(value: object) -> object:
    """What a template prints: plain text, unless it is markup of our own."""
    return plain(value) if isinstance(value, str) and not hasattr(value, "__html__") else value


def _prose(*, strip: bool) -> Callable[[str], str]:
    """A filter: text on one line, what stands in backticks set as code; `strip` drops space at the ends."""
    from markupsafe import Markup, escape  # noqa: PLC0415 - comes with Jinja2

    def prose(text: str) -> Markup:
        line = _SPACES.sub(" ", plain(text))
        safe = str(escape(line.strip() if strip else line))
        return Markup(_CODE.sub(r"<code>\1</code>", safe))  # noqa: S704 - escaped above

    return prose


def _count(number: int | None) -> str:
    return "unknown" if number is None else f"{number:,}"


def _money(cost: float | None) -> str:
    return "unknown" if cost is None else f"{cost:,.4f} USD"
