"""The one file to send: a run's page with style and script inside, which asks the network for nothing.

Its own content security policy allows exactly the two inlined texts, by hash, and no request at all.
"""

import base64
import hashlib
from typing import Final

from debate.pages.environment import render, static_files
from debate.pages.view import run_view
from debate.transcripts import Run

STYLE: Final = "style.css"
SCRIPT: Final = "page.js"


def standalone(run: Run) -> str:
    """The whole page as one HTML text. Raises `InputError` where Jinja2 is missing."""
    from markupsafe import Markup  # noqa: PLC0415 - comes with Jinja2

    style, script = (static_files()[name].read_text(encoding="utf-8") for name in (STYLE, SCRIPT))
    policy = "; ".join(
        (
            "default-src 'none'",
            f"style-src '{_hash(style)}'",
            f"script-src '{_hash(script)}'",
            "base-uri 'none'",
            "form-action 'none'",
        )
    )
    return render(
        "standalone.html",
        run=run_view(run),
        policy=policy,
        style=Markup(style),  # noqa: S704 - our own file
        script=Markup(script),  # noqa: S704 - our own file
    )


def _hash(text: str) -> str:
    """The text as a policy names it."""
    return f"sha256-{base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()}"
